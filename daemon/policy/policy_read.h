/* Reads a policy pack: text files in, a policy out, or the file and line of what is wrong (rules, section 9).

   A pack is a directory of exactly these files, in the language that docs/policy-packs.md describes: ages.txt,
   categories.txt, flows.txt, notices.txt, origins.txt, pack.txt, parties.txt, purposes.txt, representatives.txt,
   retention.txt, statutes.txt, urgent-reasons.txt; cases.txt is optional. Any other file that ends in .txt is
   refused, because somebody may think that it counts. Files with other names are not looked at. A pack is accepted
   whole or not at all, and only if each of its cases is decided as it expects. */
#pragma once
#include "outcome.h"
#include "rules/policy.h"

enum { POLICY_FILES = 13, POLICY_FILE_LIMIT = 1 << 20 /* bytes in one file */ };

/* Something that is wrong. */
struct policy_error {
    char file[128];    /* its name in the pack ("flows.txt"), or the directory, if the fault is there */
    unsigned line;     /* from 1; 0: the file as a whole */
    char stanza[104];  /* "flow D2": under which heading that line stands; "": under none */
    char field[52];    /* "categories": in which of its fields; "": in none */
    char message[256]; /* what is wrong, and what was probably meant; UTF-8, one line, no full stop */
};

/* All that is wrong, in the order in which the files are read. Caller owns `list`, which has room for `limit`;
   what is beyond is counted only. What may be wrong only because of something else that is wrong is left out. */
struct policy_faults {
    struct policy_error *list;
    size_t limit, count;
};

#define POLICY_FIRST(error) \
    {                       \
        (error), 1, 0       \
    }

enum { POLICY_ERROR_TEXT = 640 };
/* What follows the name of the directory: "/flows.txt:52: flow D2, categories: unknown category ..." */
void policy_error_text (const struct policy_error *error, const char *directory, char text[POLICY_ERROR_TEXT]);

/* A file of a pack in memory. */
struct policy_text {
    const char *name;
    const char *data; /* any bytes; not NUL-terminated */
    size_t size;
};

/* A hash like vault_hash: 32 bytes over `a` and then `b`. The reader knows no cryptography of its own. */
typedef void policy_hash_function (const void *a, size_t a_size, const void *b, size_t b_size, uint8_t hash[32]);

/* Reads the pack in `directory`. `hash` makes policy->hash of the names and contents of its files; if NULL,
   policy->hash stays zero. 0; POLICY_INVALID; or negative (-errno) where a file or the directory cannot be read.
   `error` is filled in the last two cases. Caller owns *policy_p, which is NULL unless 0 is returned. */
int policy_read (struct policy **policy_p, const char *directory, policy_hash_function *hash,
                 struct policy_error *error);
/* The same, with all that is wrong. If not `try`, the pack's cases are only read, not judged: for a caller that
   shows how they are decided. */
int policy_read_all (struct policy **policy_p, const char *directory, policy_hash_function *hash, bool try,
                     struct policy_faults *faults);
/* The same from memory. The texts are copied. 0 or POLICY_INVALID. */
int policy_read_texts (struct policy **policy_p, const struct policy_text *files, size_t count,
                       policy_hash_function *hash, struct policy_error *error);
int policy_read_texts_all (struct policy **policy_p, const struct policy_text *files, size_t count,
                           policy_hash_function *hash, struct policy_faults *faults);
/* The same from policy->whole of such a pack: what a registry keeps of a pack that decided. Its cases are only
   read. If the bytes are those of no pack, POLICY_INVALID. */
int policy_read_whole (struct policy **policy_p, const uint8_t *whole, size_t size, policy_hash_function *hash,
                       struct policy_error *error);
/* The files in these bytes, which they lead to. 0, or POLICY_INVALID. */
int policy_whole_files (const uint8_t *whole, size_t size, struct policy_text files[POLICY_FILES], size_t *count);
void policy_destroy (struct policy **self_p);

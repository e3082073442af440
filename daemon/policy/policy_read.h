/* Reads a policy pack: text files in, a policy out, or the file and line of what is wrong (rules, section 9).

   A pack is a directory of exactly these files, whose language docs/policy-packs.md describes: ages.txt,
   categories.txt, flows.txt, notices.txt, origins.txt, pack.txt, parties.txt, purposes.txt, representatives.txt,
   retention.txt, statutes.txt, urgent-reasons.txt; and, if it likes, cases.txt. Another file that ends in .txt is
   refused, since somebody thought that it counts; files with other names are not looked at. A pack is taken whole
   or not at all, and only if each of its cases comes out as it says. */
#pragma once
#include "outcome.h"
#include "rules/policy.h"

enum { POLICY_FILES = 13, POLICY_FILE_LIMIT = 1 << 20 /* bytes in one file */ };

/* The first thing that is wrong. */
struct policy_error {
    char file[128];    /* name within the pack ("flows.txt"), or the directory where it is about that */
    unsigned line;     /* from 1; 0: the file as a whole */
    char message[256]; /* what is wrong, and what was probably meant; UTF-8, one line, no full stop */
};

/* A file of a pack in memory. */
struct policy_text {
    const char *name;
    const char *data; /* any bytes; not NUL-terminated */
    size_t size;
};

/* As vault_hash: 32 bytes over a and then b. The rules know no cryptography of their own. */
typedef void policy_hash_function (const void *a, size_t a_size, const void *b, size_t b_size, uint8_t hash[32]);

/* Reads the pack in `directory`. `hash` makes policy->hash over the names and contents of its files; NULL leaves
   it zero. 0; POLICY_INVALID: `error` says where and how; or negative (-errno) where a file or the directory
   cannot be read, with `error` filled in as well. Caller owns *policy_p, which is NULL unless 0 is returned. */
int policy_read (struct policy **policy_p, const char *directory, policy_hash_function *hash,
                 struct policy_error *error);
/* The same, but the pack's cases are only read, and may come out otherwise: for whoever shows what they do. */
int policy_read_untried (struct policy **policy_p, const char *directory, policy_hash_function *hash,
                         struct policy_error *error);
/* The same from memory; the texts are copied. 0 or POLICY_INVALID. */
int policy_read_texts (struct policy **policy_p, const struct policy_text *files, size_t count,
                       policy_hash_function *hash, struct policy_error *error);
void policy_destroy (struct policy **self_p);

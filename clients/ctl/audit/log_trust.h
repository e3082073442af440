/* Whom a checkpoint of the log is believed by: the keys that were given with --log-key, and, where witnesses were
   given with --witness, so many of these besides. */
#pragma once
#include <jansson.h>
#include "ctl.h"
#include "merkle/checkpoint.h"
#include "merkle/note.h"

enum { LOG_TRUST_KEYS = 8, LOG_TRUST_WITNESSES = 12 };

struct log_trust {
    struct note_key key[LOG_TRUST_KEYS];
    size_t count;
    struct note_key witness[LOG_TRUST_WITNESSES];
    size_t witness_count;
    size_t needed; /* of the witnesses */
};

#define LOG_KEY_OPTION                                                                    \
    {                                                                                     \
        "log-key", "KEY",                                                                 \
            "a key that signs the log, name+hash+base64, which you have from elsewhere\n" \
            "(`consentctl audit checkpoint` shows it)",                                   \
            OPTION_REPEATED                                                               \
    }
#define WITNESS_OPTIONS                                                                   \
    {"witness", "KEY",                                                                    \
     "the key of a witness, name+hash+base64: only what it has signed too counts\n"       \
     "(`consentctl audit witnesses` shows those that sign)",                              \
     OPTION_REPEATED},                                                                    \
    {                                                                                     \
        "witnesses", "N", "so many of the witnesses suffice; all of them unless given", 0 \
    }

/* Reads the options. 0, or EX_USAGE with its line printed. */
int log_trust_read (struct ctl *ctl, const struct options *options, struct log_trust *self);
/* The same, for a command that takes no witnesses. */
int log_trust_read_keys (struct ctl *ctl, const struct options *options, struct log_trust *self);
/* The same trust, whatever witnesses have signed: in what was had before. */
struct log_trust log_trust_in_keys (const struct log_trust *self);

/* The keys of the witnesses as text, to ask the registry for what they have signed. */
char **log_trust_witness_texts (struct ctl *ctl, const struct log_trust *self);

/* Signed by a key that is trusted, and by none of them wrongly: NOTE_OK. */
enum note_outcome log_trust_signed (const struct log_trust *self, const struct note *note);
/* It is of the log whose name one of the keys has. */
bool log_trust_is_of (const struct log_trust *self, const struct checkpoint *checkpoint);
/* Judges a signed note, and reads the checkpoint in it. `what` names it in the line that is printed. 0, or CTL_NO
   with its line printed. */
int log_trust_judge (const struct log_trust *self, struct bytes raw, const char *what,
                     struct checkpoint *checkpoint);
/* As many witnesses as are needed have signed it. The same. */
int log_trust_judge_witnesses (const struct log_trust *self, struct bytes raw, const char *what);
/* The same, without a line. */
bool log_trust_has_witnesses (const struct log_trust *self, struct bytes raw);

/* When this witness signed it: in milliseconds since 1970; 0: it did not. */
int64_t log_trust_signed_at (const struct note_key *witness, const struct note *note);
/* The given witnesses that have signed this note, and when: a line each on stdout, and for programs [Signed] of
   docs/json.md, of which the caller is the owner. */
void log_trust_print_signed (const struct log_trust *self, struct bytes raw);
json_t *log_trust_signed_document (const struct log_trust *self, struct bytes raw);

/* Whom a checkpoint of the log is believed by: the keys that were given with --log-key. */
#pragma once
#include "ctl.h"
#include "merkle/checkpoint.h"
#include "merkle/note.h"

enum { LOG_TRUST_KEYS = 8 };

struct log_trust {
    struct note_key key[LOG_TRUST_KEYS];
    size_t count;
};

#define LOG_KEY_OPTION                                                                    \
    {                                                                                     \
        "log-key", "KEY",                                                                 \
            "a key that signs the log, name+hash+base64, which you have from elsewhere\n" \
            "(`consentctl audit checkpoint` shows it)",                                   \
            OPTION_REPEATED                                                               \
    }

/* Reads the options. 0, or EX_USAGE with its line printed. */
int log_trust_read (struct ctl *ctl, const struct options *options, struct log_trust *self);
/* Judges a signed note, and reads the checkpoint in it. `what` names it in the line that is printed. 0, or CTL_NO
   with its line printed. */
int log_trust_judge (const struct log_trust *self, struct bytes raw, const char *what,
                     struct checkpoint *checkpoint);

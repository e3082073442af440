/* consentctl: what its commands share.

   Exit codes: 0 is yes (permitted, done, whole), 1 is no (denied, the chain is broken), 2 is partly. Codes from 64
   on are errors, as in sysexits.h. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sysexits.h>
#include "arena.h"
#include "consent.h"
#include "options.h"

enum { CTL_NO = 1, CTL_PARTLY = 2 };

/* One run of the program. All memory of a command is the arena's, because the program ends after the command. */
struct ctl {
    const char *key_file;
    const char
        *key_named_by; /* "--key" or "CONSENT_KEY"; NULL: neither, so this is where an operator's would be */
    const char *user; /* who acts: an opaque reference */
    bool json;
    int timeout;     /* ms of one attempt; 0: the library's default */
    int wait;        /* ms for which a registry that is not there is waited for */
    uint8_t key[16]; /* the idempotency key of what is recorded */
    bool key_given;  /* the user gave the key, to repeat a command */
    bool key_used;
    int64_t now; /* what "now" means in this command: when its key was made */
    struct arena *arena;
    consent_t *registry; /* opened when the first question is asked */
};

/* What this program is called: "consentctl", unless another one with commands of this kind sets it at its start. */
extern const char *ctl_program;

/* Prints "consentctl: " and one line to stderr. What is not visible is escaped. Returns `code`. */
int ctl_fail (int code, const char *format, ...) __attribute__ ((format (printf, 2, 3)));

/* The commands, one list for each family. Each list ends with an entry without a name. */
extern const struct command status_commands[];
extern const struct command whoami_commands[];
extern const struct command health_commands[];
extern const struct command party_commands[];
extern const struct command party_text_commands[];
extern const struct command party_key_commands[];
extern const struct command subject_commands[];
extern const struct command restriction_commands[];
extern const struct command hold_commands[];
extern const struct command overview_commands[];
extern const struct command statement_commands[];
extern const struct command consent_commands[];
extern const struct command request_commands[];
extern const struct command check_commands[];
extern const struct command permits_commands[];
extern const struct command due_commands[];
extern const struct command obligation_commands[];
extern const struct command rights_commands[];
extern const struct command letter_commands[];
extern const struct command receipt_commands[];
extern const struct command explain_commands[];
extern const struct command policy_commands[];
extern const struct command vocabulary_commands[];
extern const struct command audit_commands[];
extern const struct command audit_checkpoint_commands[];
extern const struct command audit_copy_commands[];
extern const struct command audit_export_commands[];
extern const struct command audit_archive_commands[];
extern const struct command audit_fsck_commands[];
extern const struct command audit_prove_commands[];
extern const struct command audit_witnesses_commands[];
extern const struct command report_commands[];
extern const struct command export_commands[];
extern const struct command retention_commands[];
extern const struct command events_commands[];
extern const struct command clock_commands[];
extern const struct command backup_commands[];
extern const struct command config_commands[];
extern const struct command keys_commands[];
extern const struct command setup_commands[];

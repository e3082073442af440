/* What the parts of the command line of an adapter share: options (program_options.c), the set-up (program.c) and
   the way of one message (program_drive.c). */
#pragma once
#include "passage.h"
#include "program.h"
#include "spool/spool.h"

#ifndef ADAPTER_CONFIG_DIR
#define ADAPTER_CONFIG_DIR "/etc/consentd/adapters"
#endif

enum { PROGRAM_MAPPINGS_MAX = 32 };

struct run {
    const struct program *program;
    const char *key, *input, *output, *report, *limit, *ledger_directory;
    bool quiet, verbose, json;
    const char *mapping_files[PROGRAM_MAPPINGS_MAX];
    size_t mapping_file_count;
    struct mapping *mappings[PROGRAM_MAPPINGS_MAX + 1]; /* ends with NULL */
    struct passage_order order;
    uint8_t secret[PASSAGE_SECRET];
    const char *former_key; /* key file before `key`; NULL: there was none */
    uint8_t former_secret[PASSAGE_SECRET];
    consent_t *connection;
    struct ledger *ledger;    /* NULL: what went before is not known */
    struct spool_order spool; /* its directory is NULL: one message */
    const char *hold_days, *from_event, *ledger_days;
    unsigned days; /* how long the ledger knows what went */
};

/* Prints a line about what went wrong: "PROGRAM: WHAT: REASON". Returns `code`. */
int program_complain (const struct run *self, int code, const char *what, const char *reason);

/* program_files.c: what would be written is neither a file that is read, nor one and the same. 0, or the exit
   code. */
int program_judge_files (const struct run *self);

/* Reads the command line. 0: go on; otherwise *code is the exit code. */
int program_read_options (struct run *self, int argc, char **argv, int *code);
void program_print_help (const struct program *program);

/* Takes a message to its end: asks the registry, writes what goes, and says what does not. Returns the exit code.
 */
int program_drive (struct run *self, const char *text, size_t size);

/* program_spool.c: has messages go through a directory. Returns the exit code. */
int program_spool (struct run *self);

/* program_ledger.c: has what may have been begun under the former key found again, if there was one. 0, or an exit
   code with its line printed. */
int program_former_key (struct run *self);
/* program_ledger.c: opens the ledger, if there is to be one. 0, or an exit code with its line printed. */
int program_ledger_open (struct run *self);
/* Tells the passage what of RETURNED, SUBJECT and PRODUCTS the ledger knows: without one, nothing. */
void program_ledger_tell (const struct run *self, struct passage *passage, const struct passage_need *need);
/* Keeps that the message goes, and what it takes back; if it is held, only what it takes back of what is held in a
   spool whose ledger this is. 0 or -errno. */
int program_ledger_keep (const struct run *self, struct passage *passage, bool goes);

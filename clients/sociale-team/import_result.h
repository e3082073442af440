/* The result file of an import: JSON Lines, one for each record in the order of the file, behind a line that says
   of which file; of a record that was passed over, a second one when it was tried again. It is what people read,
   and it is the memory: an import that was cut off goes on behind its last line.

   It holds no BSN and no name: the number of the record, the file's own reference of it, and what came of it. A
   line counts when it is durable. What a crash left of a last line is taken away. */
#pragma once
#include <jansson.h>
#include <stdint.h>
#include "consent.h"
#include "import_secret.h"
#include "rules/calendar.h"

enum import_outcome {
    IMPORT_ACCEPTED,    /* recorded: consent_id */
    IMPORT_REFUSED,     /* the rules do not admit it: codes with their rules */
    IMPORT_BAD,         /* a field is wrong */
    IMPORT_DUPLICATE,   /* another record says the same: not recorded a second time */
    IMPORT_UNKNOWN,     /* nobody knows whether it was recorded: look it up */
    IMPORT_UNAVAILABLE, /* not recorded: what the registry has of this person cannot be read now. The next run
                           tries again, and what comes of that is a later line of the same record */
    IMPORT_OUTCOMES
};

enum {
    IMPORT_RESULT_ERROR = 256,
    IMPORT_REFERENCE = 65, /* characters of `kenmerk`, with the NUL */
    IMPORT_WINDOW = 512,   /* records behind the last durable line that may have been sent, at most */
};

/* What came of one record. */
struct import_line {
    uint64_t number, line; /* see struct import_record */
    char reference[IMPORT_REFERENCE];
    enum import_outcome outcome;
    char consent_id[CONSENT_ID_SIZE];
    bool is_refusal;   /* the subject said no */
    bool was_known;    /* found at the registry, or answered from its memory: an earlier run had recorded it */
    uint64_t same_as;  /* IMPORT_DUPLICATE: number of the other record */
    json_t *reasons;   /* list of {code, rule, details}; of what was accepted they are warnings; NULL: none */
    char field[64];    /* IMPORT_BAD: path of the field; "": the whole record */
    char message[256]; /* a sentence without anything of the content; "" */
};

struct import_result;

/* Opens the result file for this file with so many records, or makes it; nobody else may have it open. What it
   knows of an earlier run is read, and checked. 0; or an exit code (sysexits.h) with one sentence in `error`.
   Caller owns *self_p if that is 0. */
struct import_result_of {
    const uint8_t *file;  /* its mark, IMPORT_MARK bytes */
    const uint8_t *other; /* its mark under another key, under which it may have been begun; NULL: there is none */
    const char *party;
    uint64_t records;
};
int import_result_open (struct import_result **self_p, const char *path, const struct import_result_of *of,
                        char error[IMPORT_RESULT_ERROR]);
/* What was put since the last sync is lost. */
void import_result_close (struct import_result **self_p);

/* True: it was begun under that other key. */
bool import_result_is_other (const struct import_result *self);

/* True: this record's line says that it was passed over. */
bool import_result_is_unavailable (const struct import_result *self, uint64_t number);
/* How many records have their line. */
uint64_t import_result_known (const struct import_result *self);
/* How many of them by outcome. */
const uint64_t *import_result_counts (const struct import_result *self);
/* Since when, at the earliest, an earlier run may have sent the records behind those; by the clock of this
   machine. 0: there was no earlier run. */
moment import_result_sent_since (const struct import_result *self);

/* Puts the line of the next record, or a second one of a record that was passed over. 0 or -errno. */
int import_result_put (struct import_result *self, const struct import_line *line);
/* Makes durable what was put. 0 or -errno. */
int import_result_sync (struct import_result *self);
/* The number of the last record whose line is durable. */
uint64_t import_result_durable (const struct import_result *self);

/* "accepted". Static. */
const char *import_outcome_word (enum import_outcome outcome);

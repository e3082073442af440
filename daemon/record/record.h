/* Records to bytes and back, sealed and bound to their place. How each struct lies in its record say the tables of
   fields/, joined with records.proto by name. */
#pragma once
#include "bytes.h"
#include "kept.h"
#include "outcome.h"
#include "parties/party_text.h"
#include "rules/codes.h"
#include "rules/subject.h"
#include "vault.h"

struct arena;

/* Where a record lies, and under which key it is sealed. */
struct record_place {
    const char *table;
    const void *key;
    size_t key_size;
    const struct vault_key *seal;
};

/* Joins each table with its record; where they do not agree the process ends. Call it at the start, so that it
   does not end later. */
void record_begin (void);

/* Sealing returns bytes of the arena; `prefix` is room left before the sealed record, for the caller to fill.
   Opening fills a struct that borrows from the arena. 0; or RECORD_DAMAGED: it does not open or is
   not understood, and nothing is permitted on it (C12). */

struct bytes record_seal_statement (struct arena *arena, const struct record_place *place,
                                    const struct statement *statement, size_t prefix);
/* All but the id. What is recorded after `now`, before which the time was reset (C14), was done by now. */
int record_open_statement (struct arena *arena, const struct record_place *place, struct bytes sealed, moment now,
                           struct statement *statement);

/* Bytes of its record, not sealed, and of what one withdrawal takes in it: measured, whatever fields they have. */
size_t record_statement_size (const struct statement *statement);
size_t record_withdrawal_size (const struct withdrawal *withdrawal);

struct bytes record_seal_request (struct arena *arena, const struct record_place *place,
                                  const struct consent_request *request, size_t prefix);
/* All but the id of what is asked. The moments stay as they were recorded: the indexes have the same. */
int record_open_request (struct arena *arena, const struct record_place *place, struct bytes sealed,
                         struct consent_request *request);

/* A subject, and how many statements there are of it: one that the index has lost is missed. */
struct subject_record {
    struct subject subject;
    uint32_t statements;
};
struct bytes record_seal_subject (struct arena *arena, const struct record_place *place,
                                  const struct subject_record *subject, size_t prefix);
int record_open_subject (struct arena *arena, const struct record_place *place, struct bytes sealed, moment now,
                         struct subject_record *subject);

/* A party whole, but for its id. */
struct bytes record_seal_party (struct arena *arena, const struct record_place *place,
                                const struct party_text *party);
int record_open_party (struct arena *arena, const struct record_place *place, struct bytes sealed,
                       struct party_text *party);

/* All but the number. */
struct bytes record_seal_event (struct arena *arena, const struct record_place *place, const struct event *event);
int record_open_event (struct arena *arena, const struct record_place *place, struct bytes sealed,
                       struct event *event);

/* What a party received of the subject (V4, AVG 19). */
struct received {
    const char *party;
    struct text_set categories;
    struct text_set informed; /* purposes for which the subject is, or is to be, informed that it receives data on
                                 a statute: once each (C10) */
    struct text_set
        sources; /* "PROVIDER PURPOSE": the subject is told, or is to be, that it has data from there */
};
/* All but the party. */
struct bytes record_seal_received (struct arena *arena, const struct record_place *place,
                                   const struct received *received);
int record_open_received (struct arena *arena, const struct record_place *place, struct bytes sealed,
                          struct received *received);

/* All but decision and kind. */
struct bytes record_seal_obligation (struct arena *arena, const struct record_place *place,
                                     const struct kept_duty *duty);
int record_open_obligation (struct arena *arena, const struct record_place *place, struct bytes sealed,
                            struct kept_duty *duty);

/* What a line of the log holds besides its head. Absent: size 0, NULL. */
struct evidence {
    const char *user, *note;
    struct bytes request, reply;
    const uint8_t *policy_hash;
    const struct rule_codes *all_reasons; /* an array, or NULL */
    size_t reason_count;
    const struct id *rested_on;
    size_t rested_count;
};
struct bytes record_seal_evidence (struct arena *arena, const struct record_place *place,
                                   const struct evidence *evidence, size_t prefix);
int record_open_evidence (struct arena *arena, const struct record_place *place, struct bytes sealed,
                          struct evidence *evidence);

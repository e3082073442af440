/* Turns records into bytes and back. They are sealed, and bound to their place. The tables of fields/ say what is
   in each record; they are joined with records.proto by name. */
#pragma once
#include "bytes.h"
#include "kept.h"
#include "outcome.h"
#include "parties/party_text.h"
#include "rules/codes.h"
#include "rules/subject.h"
#include "vault.h"

struct arena;

/* Where a record is, and the key under which it is sealed. */
struct record_place {
    const char *table;
    const void *key;
    size_t key_size;
    const struct vault_key *seal;
};

/* Joins each table with its record. If they do not agree, the process ends. To be called at the start, so that the
   process does not end later. */
void record_begin (void);

/* To seal returns bytes of the arena; `prefix` bytes before the sealed record are left for the caller to fill. To
   open fills a struct that borrows from the arena. 0, or RECORD_DAMAGED: the record does not open or cannot be
   understood, and permits nothing (C12). */

struct bytes record_seal_statement (struct arena *arena, const struct record_place *place,
                                    const struct statement *statement, size_t prefix);
/* All except the id. What was recorded later than `now`, before a reset of the time (C14), counts as recorded
   now. */
int record_open_statement (struct arena *arena, const struct record_place *place, struct bytes sealed, moment now,
                           struct statement *statement);

/* The bytes of its record, not sealed, and of one withdrawal in it. They are measured, so they follow the
   fields. */
size_t record_statement_size (const struct statement *statement);
size_t record_withdrawal_size (const struct withdrawal *withdrawal);

struct bytes record_seal_request (struct arena *arena, const struct record_place *place,
                                  const struct consent_request *request, size_t prefix);
/* All except the id. Moments stay as they were recorded, because the indexes have the same ones. */
int record_open_request (struct arena *arena, const struct record_place *place, struct bytes sealed,
                         struct consent_request *request);

/* A subject, and the number of its statements: if the index has lost one, that is noticed. */
struct subject_record {
    struct subject subject;
    uint32_t statements;
};
struct bytes record_seal_subject (struct arena *arena, const struct record_place *place,
                                  const struct subject_record *subject, size_t prefix);
int record_open_subject (struct arena *arena, const struct record_place *place, struct bytes sealed, moment now,
                         struct subject_record *subject);

/* The facts of a subject as bytes: the same facts give the same bytes. All fields of the record take part, except
   the restrictions and the moments of recording. */
struct bytes record_subject_facts (struct arena *arena, const struct subject *subject);

/* All of a party except its id. */
struct bytes record_seal_party (struct arena *arena, const struct record_place *place,
                                const struct party_text *party);
int record_open_party (struct arena *arena, const struct record_place *place, struct bytes sealed,
                       struct party_text *party);

/* All except the number. */
struct bytes record_seal_event (struct arena *arena, const struct record_place *place, const struct event *event);
int record_open_event (struct arena *arena, const struct record_place *place, struct bytes sealed,
                       struct event *event);

/* What a party has received about the subject (V4, AVG 19). */
struct received {
    const char *party;
    struct text_set categories;
    /* C10: the subject was or will be informed, once for each: of disclosures to the party on a statute
       (purposes), and of what the party has from a provider ("PROVIDER PURPOSE"). */
    struct text_set informed;
    struct text_set sources;
};
/* All except the party. */
struct bytes record_seal_received (struct arena *arena, const struct record_place *place,
                                   const struct received *received);
int record_open_received (struct arena *arena, const struct record_place *place, struct bytes sealed,
                          struct received *received);

/* All except decision and kind. */
struct bytes record_seal_obligation (struct arena *arena, const struct record_place *place,
                                     const struct kept_duty *duty);
int record_open_obligation (struct arena *arena, const struct record_place *place, struct bytes sealed,
                            struct kept_duty *duty);

/* What a line of the log holds besides its head. Absent: size 0, or NULL. */
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

/* Records to bytes and back, sealed and bound to their place. */
#pragma once
#include "kept.h"
#include "parties/party_text.h"
#include "turn.h"

enum { RECORD_DAMAGED = 16 }; /* does not open or is not understood: nothing is permitted on it (C12) */

/* Where a record lies, and under which key it is sealed. */
struct record_place {
    const char *table;
    const void *key;
    size_t key_size;
    const struct vault_key *seal;
};

/* Each returns bytes of the turn's arena. `prefix` is room left before the sealed record, for the caller to fill.
 */
struct bytes record_seal_statement (struct turn *turn, const struct record_place *place,
                                    const struct statement *statement, size_t prefix);
struct bytes record_seal_request (struct turn *turn, const struct record_place *place,
                                  const struct consent_request *request, size_t prefix);
/* `statements`: how many the subject has. */
struct bytes record_seal_subject (struct turn *turn, const struct record_place *place,
                                  const struct subject *subject, size_t statements, size_t prefix);
/* A party whole, but for its id. */
struct bytes record_seal_party (struct turn *turn, const struct record_place *place,
                                const struct party_text *party);
struct bytes record_seal_event (struct turn *turn, const struct record_place *place, const struct event *event);

/* Each fills a struct that borrows from the turn's arena. 0 or RECORD_DAMAGED. */
int record_open_statement (struct turn *turn, const struct record_place *place, struct bytes sealed,
                           struct statement *statement);
int record_open_request (struct turn *turn, const struct record_place *place, struct bytes sealed,
                         struct consent_request *request);
int record_open_subject (struct turn *turn, const struct record_place *place, struct bytes sealed,
                         struct subject *subject, size_t *statements);
int record_open_party (struct turn *turn, const struct record_place *place, struct bytes sealed,
                       struct party_text *party);
int record_open_event (struct turn *turn, const struct record_place *place, struct bytes sealed,
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

struct bytes record_seal_received (struct turn *turn, const struct record_place *place,
                                   const struct received *received);
/* All but the party. */
int record_open_received (struct turn *turn, const struct record_place *place, struct bytes sealed,
                          struct received *received);

struct bytes record_seal_obligation (struct turn *turn, const struct record_place *place,
                                     const struct kept_duty *duty);
/* All but decision and kind. */
int record_open_obligation (struct turn *turn, const struct record_place *place, struct bytes sealed,
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

struct bytes record_seal_evidence (struct turn *turn, const struct record_place *place,
                                   const struct evidence *evidence, size_t prefix);
int record_open_evidence (struct turn *turn, const struct record_place *place, struct bytes sealed,
                          struct evidence *evidence);

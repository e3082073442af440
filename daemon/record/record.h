/* Turns records into bytes and back. They are sealed, and bound to their place. The tables of fields/ say what is
   in each record; they are joined with records.proto by name. */
#pragma once
#include "bytes.h"
#include "kept.h"
#include "outcome.h"
#include "parties/party_text.h"
#include "rules/codes.h"
#include "rules/subject.h"
#include "turn.h"
#include "vault.h"

struct arena;

/* Where a record is, and the key under which it is sealed. */
struct record_place {
    const char *table;
    const void *key;
    size_t key_size;
    const struct vault_key *seal;
    bool is_own; /* to open: `seal` is the key of this one record (vault_record_key) */
};

/* Joins each table with its record. If they do not agree, the process ends. To be called at the start, so that the
   process does not end later. */
void record_begin (void);

/* To seal returns bytes of the arena; `prefix` bytes before the sealed record are left for the caller to fill. To
   open fills a struct that borrows from the arena. 0, or RECORD_DAMAGED: the record does not open or cannot be
   understood, and permits nothing (C12). */

/* The bytes of its record, not sealed, and of one withdrawal in it. They are measured, so they follow the
   fields. */
size_t record_statement_size (const struct statement *statement);
size_t record_withdrawal_size (const struct withdrawal *withdrawal);

struct bytes record_seal_request (struct arena *arena, const struct record_place *place,
                                  const struct consent_request *request, size_t prefix);
/* All except the id. Moments stay as they were recorded, because the indexes have the same ones. */
int record_open_request (struct arena *arena, const struct record_place *place, struct bytes sealed,
                         struct consent_request *request);

/* What a party has received about the subject (V4, AVG 19). */
struct received {
    const char *party;
    struct text_set categories;
    /* C10: the subject was or will be informed, once for each: of disclosures to the party on a statute
       (purposes), and of what the party has from a provider ("PROVIDER PURPOSE"). */
    struct text_set informed;
    struct text_set sources;
};

/* All that is kept of a subject, in one record. */
struct subject_record {
    uint64_t generation;   /* rises by one each time that the record is written; from 1 */
    struct text_set words; /* that it was read with: its texts, each once */
    struct subject subject;
    struct statement *statements; /* in the order of recording */
    size_t statement_count;
    struct received *received; /* ordered by party id */
    size_t received_count;
    uint64_t changes; /* how many entries the subject has in STORE_SUBJECT_BEFORE */
};
struct bytes record_seal_subject (struct arena *arena, const struct record_place *place,
                                  const struct subject_record *record, size_t prefix);
/* What was recorded later than `now`, before a reset of the time (C14), counts as recorded now. */
int record_open_subject (struct arena *arena, const struct record_place *place, struct bytes sealed, moment now,
                         struct subject_record *record);

/* The facts of a subject in parts: what the subject is, without statements. */
enum record_facts {
    FACTS_BIRTH = 1,
    FACTS_DEATH = 2,
    FACTS_REPRESENTATIVES = 4,
    FACTS_CAPABILITIES = 8,
    FACTS_RESTRICTIONS = 16,
    FACTS_ALL = 31,
};
/* The parts in which the two differ. */
unsigned record_changed_facts (struct arena *arena, const struct subject *one, const struct subject *other);
/* Puts those parts of `from` into `to`. Lists are borrowed. */
void record_take_facts (struct subject *to, const struct subject *from, unsigned parts);
struct bytes record_seal_facts (struct arena *arena, const struct record_place *place,
                                const struct subject *subject, unsigned parts);
struct kept_facts {
    struct subject subject;
    unsigned parts; /* those of it that are kept here */
};
int record_open_facts (struct arena *arena, const struct record_place *place, struct bytes sealed, moment now,
                       struct kept_facts *kept);

/* The facts of a subject as bytes: the same facts give the same bytes. All fields of the record take part, except
   the restrictions, the holds and the moments of recording. */
struct bytes record_subject_facts (struct arena *arena, const struct subject *subject);

/* All of a party except its id. */
struct bytes record_seal_party (struct arena *arena, const struct record_place *place,
                                const struct party_text *party);
int record_open_party (struct arena *arena, const struct record_place *place, struct bytes sealed,
                       struct party_text *party);

/* All except the number. */
struct bytes record_seal_event (struct arena *arena, const struct record_place *place, const struct event *event,
                                size_t prefix);
int record_open_event (struct arena *arena, const struct record_place *place, struct bytes sealed,
                       struct event *event);

struct bytes record_seal_cursor (struct arena *arena, const struct record_place *place,
                                 const struct cursor *cursor);
int record_open_cursor (struct arena *arena, const struct record_place *place, struct bytes sealed,
                        struct cursor *cursor);

/* All except the name, and what is not stored. */
struct bytes record_seal_consumer (struct arena *arena, const struct record_place *place,
                                   const struct consumer *consumer);
int record_open_consumer (struct arena *arena, const struct record_place *place, struct bytes sealed,
                          struct consumer *consumer);

/* All except decision and kind. */
struct bytes record_seal_obligation (struct arena *arena, const struct record_place *place,
                                     const struct kept_duty *duty);
int record_open_obligation (struct arena *arena, const struct record_place *place, struct bytes sealed,
                            struct kept_duty *duty);

/* All except the number. */
struct bytes record_seal_rights (struct arena *arena, const struct record_place *place,
                                 const struct rights_request *request);
int record_open_rights (struct arena *arena, const struct record_place *place, struct bytes sealed,
                        struct rights_request *request);

/* What a line of the log holds besides its head. Absent: size 0, or NULL. */
struct evidence {
    const char *user, *note;
    struct bytes request, reply;
    const uint8_t *policy_hash;
    const struct rule_codes *all_reasons; /* an array, or NULL */
    size_t reason_count;
    const struct id *rested_on;
    size_t rested_count;
    uint64_t generation; /* of the subject's record, if the request wrote it */
    /* Of a check that was answered: what is kept in place of request, reply and policy_hash, which
       audit/recorded.h makes of it again. */
    struct bytes asked;
    bool has_answer;
    struct check_answer answer;     /* without rested_on */
    const struct telling *tellings; /* the events that came of it; audit_append sets them */
    size_t telling_count;
};
struct bytes record_seal_evidence (struct arena *arena, const struct record_place *place,
                                   const struct evidence *evidence, size_t prefix);
int record_open_evidence (struct arena *arena, const struct record_place *place, struct bytes sealed,
                          struct evidence *evidence);
/* The key of one sealed record, by the key that sealed it. 0, or RECORD_DAMAGED: it is no record. It is not said
   that it opens. */
int record_own_key (const struct vault_key *seal, struct bytes sealed, struct vault_key *own);

/* As it was before schema 4 of the store: one record for the subject's facts, and one for each statement and for
   each party that received something. Their moments stay as they were recorded. For registry/upgrade.c. */

/* A subject's record is one of these. */
bool record_is_earlier (struct bytes sealed);
/* *statements is the number of the subject's statements. */
int record_open_earlier_subject (struct arena *arena, const struct record_place *place, struct bytes sealed,
                                 struct subject *subject, size_t *statements);
/* All except the id. */
int record_open_earlier_statement (struct arena *arena, const struct record_place *place, struct bytes sealed,
                                   struct statement *statement);
/* All except the party. */
int record_open_earlier_received (struct arena *arena, const struct record_place *place, struct bytes sealed,
                                  struct received *received);

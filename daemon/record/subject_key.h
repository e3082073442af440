/* The key of a subject, under which everything about the subject is sealed. It is stored wrapped. To destroy it is
   to erase the subject (R7). */
#pragma once
#include "outcome.h"
#include "turn.h"

/* A subject's value in the store: the wrapped key, then the sealed record. */
enum { SUBJECT_WRAPPED_SIZE = VAULT_WRAPPED_KEY_SIZE };

/* Reads the key of the subject with this pseudonym. Wipe it with vault_key_wipe. 0, SUBJECT_FILE_NOT_FOUND,
   RECORD_DAMAGED or a failure. */
int subject_key_read (struct turn *turn, const uint8_t id[VAULT_ID_SIZE], struct vault_key *key);
/* The same of somebody who may have no record: then the key of unknown_key.h. SUBJECT_FILE_NOT_FOUND: the log has
   no line about this person, or the person was erased. */
int subject_key_read_any (struct turn *turn, const uint8_t id[VAULT_ID_SIZE], struct vault_key *key);
/* Reads as subject_key_read. *value is all that is stored of the subject, lent by the store until something is
   written. */
int subject_key_open (struct turn *turn, const uint8_t id[VAULT_ID_SIZE], struct vault_key *key,
                      struct bytes *value);

/* The tables of which each key begins with a subject's pseudonym, and each value with a key that is wrapped under
   the keyring's for this subject. When the keyring's keys are replaced, those of all of them are wrapped anew
   (registry/erasure.h). */
extern const enum store_table wrapped_key_tables[];
enum { WRAPPED_KEY_TABLES = 3, WRAPPED_KEY_PLACE = 32 /* bytes of their keys, at most */ };

/* Which key of the keyring wraps the subject's. */
enum wrapped_under { WRAPPED_UNREADABLE, WRAPPED_UNDER_NEWEST, WRAPPED_UNDER_FORMER };
/* Opens the key with which `value` of such a table begins. Wipe it with vault_key_wipe. */
enum wrapped_under subject_key_unwrap (const struct turn *turn, const uint8_t id[VAULT_ID_SIZE],
                                       struct bytes value, struct vault_key *key);

/* What line `line` of the log, or an event of that time, holds about the subject does not open under the subject's
   key. SUBJECT_FILE_NOT_FOUND: the subject was erased since; RECORD_DAMAGED: it should; or a failure. */
int subject_key_judge (struct turn *turn, const uint8_t id[VAULT_ID_SIZE], uint64_t line);

/* Whom something is about, and the key that seals it. Both borrowed. */
struct about {
    const uint8_t *id;
    const struct vault_key *key;
};

/* Which record a subject must have. */
struct generation {
    uint64_t number; /* of the record, which rises by one each time that it is written; 0: there must be none */
    uint64_t since;  /* the line of the log that erased the subject: lines before it have another key; 0: none */
    uint64_t round;  /* the generation of the keyring with which that was done; 0 with `since` */
};
/* What stands in the store about it. 0, or RECORD_DAMAGED. */
int subject_parse_generation (struct bytes value, struct generation *generation);
/* An older record than that, or none where there must be one, is damaged. 0, RECORD_DAMAGED or a failure. */
int subject_read_generation (struct turn *turn, const uint8_t id[VAULT_ID_SIZE], struct generation *generation);
int subject_put_generation (struct turn *turn, const uint8_t id[VAULT_ID_SIZE],
                            const struct generation *generation);

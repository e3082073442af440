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
/* The same. *value is all that is stored of the subject, lent by the store until something is written. */
int subject_key_open (struct turn *turn, const uint8_t id[VAULT_ID_SIZE], struct vault_key *key,
                      struct bytes *value);

/* The generation that the subject's record must have, which rises by one each time that it is written. An older
   record, or none where there was one, is damaged. 0: there never was a record. 0 as return, RECORD_DAMAGED or a
   failure. */
int subject_read_generation (struct turn *turn, const uint8_t id[VAULT_ID_SIZE], uint64_t *generation);
int subject_put_generation (struct turn *turn, const uint8_t id[VAULT_ID_SIZE], uint64_t generation);

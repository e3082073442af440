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
/* The same. *sealed is the subject's record, lent by the store until something is written. */
int subject_key_open (struct turn *turn, const uint8_t id[VAULT_ID_SIZE], struct vault_key *key,
                      struct bytes *sealed);

/* The key of a subject, under which all that is about it is sealed. It is stored wrapped: who destroys it erases the
   subject (R7). */
#pragma once
#include "outcome.h"
#include "turn.h"

/* A subject's value in the store: the wrapped key, then the sealed record. */
enum { SUBJECT_WRAPPED_SIZE = VAULT_WRAPPED_KEY_SIZE };

/* The key by the registry's pseudonym. Wipe it with vault_key_wipe. 0, SUBJECT_FILE_NOT_FOUND, RECORD_DAMAGED or a
   failure. */
int subject_key_read (struct turn *turn, const uint8_t id[VAULT_ID_SIZE], struct vault_key *key);
/* The same, and *sealed is the subject's record: the store's, until something is written. */
int subject_key_open (struct turn *turn, const uint8_t id[VAULT_ID_SIZE], struct vault_key *key,
                      struct bytes *sealed);

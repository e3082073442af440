/* The keys of people who have no record, and about whom the log has lines: somebody asked about them, or asked for
   what was refused. Every line about a person is sealed under that person's key, so that an erasure reaches all of
   them (R7).

   Such a key stands alone in STORE_UNKNOWN, wrapped as a subject's is. When the person gets a record it goes
   there. No rule looks here: who has a key and no record is not known to the registry. So an entry that is missing
   or does not open changes no answer. The lines that were sealed under it cannot be read any more, and are
   damaged; the next line is sealed under a new key. */
#pragma once
#include "outcome.h"
#include "turn.h"

/* Reads the key; wipe it with vault_key_wipe. 0; SUBJECT_FILE_NOT_FOUND: there is none; RECORD_DAMAGED; or a failure.
 */
int unknown_key_read (struct turn *turn, const uint8_t id[VAULT_ID_SIZE], struct vault_key *key);
/* Makes one, in place of one that does not open. 0 or a failure. */
int unknown_key_make (struct turn *turn, const uint8_t id[VAULT_ID_SIZE], struct vault_key *key);
/* Deletes it, if there is one. 0 or a failure. */
int unknown_key_delete (struct turn *turn, const uint8_t id[VAULT_ID_SIZE]);

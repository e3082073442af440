/* Takes a subject out of the store (R7), in one turn: it is whole or has not happened. What stays behind in the
   log, in events that wait, in old pages, in the journal and in backups is sealed under the subject's key;
   erasure.h destroys that key. */
#pragma once
#include "turn.h"

/* What becomes of a table's entries about the subject. */
enum erased_by {
    ERASED_NONE,      /* it has none: it is about parties, the log or the registry */
    ERASED_BY_TURN,   /* they are deleted in the turn */
    ERASED_BUT_TOLD,  /* so, but for those that say what recipients must erase (recipients.h), by pseudonyms */
    ERASED_BY_SWEEP,  /* so, but for those that no list has: consent_request_sweep deletes these */
    ERASED_BY_KEY,    /* they stay, in no use: sealed under the subject's key, with the pseudonym in clear */
    ERASED_LATER,     /* what a statute requires to be kept stays, until its period is past (audit/extract.h) */
    ERASED_TO_A_MARK, /* the pseudonym stays, with the line of the log since which there is another key, or none */
};
enum erased_by erasing_of (enum store_table table);
/* The pseudonym of whom an entry is about, of a table that has such entries: 16 bytes within key or value. NULL:
   an erasure leaves the entry. */
const uint8_t *erasing_whose (enum store_table table, struct bytes key, struct bytes value);

/* Takes out the subject with this pseudonym, also who is not known and of whom only the log has lines, and writes
   the line of the log that it happened, which is about nothing else. At most SUBJECT_FILE_STATEMENTS statements,
   and what the subject has of obligations, requests and former facts. `kept` is the number of a request of the
   subject that stays, in a new record under a new key, with no more of the subject than who exercises the rights;
   0: none does. 0; SUBJECT_FILE_NOT_FOUND; RECORD_DAMAGED:
   what leads to the rest cannot be read; or a failure: then the turn must not commit. */
int erasing_take_out (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], uint64_t kept);
/* T2: writes the line that it happened, not what it was. `note` may be NULL. 0 or a failure. */
int erasing_log (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], const char *note);

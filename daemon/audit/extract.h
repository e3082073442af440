/* What a statute requires to be kept of a subject who is erased (R7): for each line of the log that must be kept,
   the key of that one line (vault_record_key). The log itself is not touched.

   Lines that must be kept until the same moment are one extract. Each extract has a key of its own, which is
   stored wrapped under the keyring's, as a subject's key is; under it the keys of its lines are sealed. When the
   moment has come, the extract is destroyed as a subject is (registry/erasure.h). */
#pragma once
#include "turn.h"

/* Names an extract. */
struct extract {
    uint8_t subject[VAULT_ID_SIZE];
    moment until; /* the first moment at which it need not be kept; MOMENT_NEVER: it has no end */
};

/* Keeps the key of a line. The line was kept in another extract of the subject: in this one now. 0,
   RECORD_DAMAGED: the extract's key cannot be read; or a failure. */
int extract_put (struct turn *turn, const struct extract *extract, uint64_t line, const struct vault_key *own);
/* Keeps the key of this line no more; it may not have been kept. 0 or a failure. */
int extract_drop (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], uint64_t line);

struct extract_line {
    moment until; /* of the extract */
    struct vault_key own;
};
/* Finds the key of a line. Wipe it. 0; STORE_NOT_FOUND: it is not kept; RECORD_DAMAGED or a failure. */
int extract_find (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], uint64_t line,
                  struct extract_line *found);

/* The next extract, in the order of pseudonyms and then of `until`. A zeroed one comes before the first. 0;
   STORE_NOT_FOUND: there is none; or a failure. */
int extract_next (struct turn *turn, const struct extract *after, struct extract *next);
/* The same of this subject alone; RECORD_DAMAGED: one may be missing. */
int extract_next_of (struct turn *turn, const struct extract *after, struct extract *next);

/* The subject has an extract that need not be kept any more. 0, RECORD_DAMAGED or a failure. */
int extract_find_past (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], bool *past);

/* Deletes a bounded part of an extract, from behind line *line on (0: from the first). *done: all of it is
   deleted. 0 or a failure. */
int extract_delete (struct turn *turn, const struct extract *extract, uint64_t *line, bool *done);

/* Reads the name of an extract from its key in STORE_EXTRACT. False: it is none. */
bool extract_read_name (struct bytes key, struct extract *name);

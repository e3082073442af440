/* Tables in which it is noticed that an entry is missing, or is an older one.

   A page of the store may fall back to an older content of itself, and a file can be put in the place of another.
   What is read then is sealed and bound to its place as it should be, only it is no longer true. So there are
   keyed sums over the guarded entries, one for each bucket of keys. They are sealed in STORE_GUARD. One record,
   the seal of the store, holds their total, and number and hash of the newest line of the log; each turn that
   changes anything writes it. At the start, sums, total and log must agree. The entries of a bucket must agree
   with its sum when the bucket is first used in this process.

   The entries are small, and they vouch for the rest: a subject's record must have the generation that is guarded.
 */
#pragma once
#include "outcome.h"
#include "turn.h"

enum guarded {
    GUARDED_GENERATION, /* STORE_GENERATION */
    GUARDED_CONSENT,    /* STORE_CONSENT */
    GUARDED_CURSOR,     /* STORE_CURSOR */
    GUARDED_TABLES
};

enum { GUARD_EARLIER_CURSOR = 16 }; /* bytes of a cursor before schema 4 of the store */

struct guard;
/* Caller owns it. */
struct guard *guard_new (void);
void guard_destroy (struct guard **self_p);

/* Reads the sums and the seal, when the log's state was read. 0; GUARD_DISAGREES: they or the end of the log are
   damaged, missing or older than the others; or a failure. */
int guard_load (struct turn *turn);
/* Reads an entry. The value is lent as by store_get. 0; STORE_NOT_FOUND: there never was one; RECORD_DAMAGED: an
   entry of this bucket is missing or not the newest; or a failure. */
int guard_get (struct turn *turn, enum guarded which, struct bytes key, struct bytes *value);
/* Writes an entry. 0, RECORD_DAMAGED as above, or a failure. */
int guard_put (struct turn *turn, enum guarded which, struct bytes key, struct bytes value);
/* Takes the entries of this key's bucket as they are, where it is known what they should be. 0 or a failure. */
int guard_mend (struct turn *turn, enum guarded which, struct bytes key);

/* Writes sums and seal. To be called at the end of a turn, after its last line of the log. 0 or a failure. */
int guard_write (struct turn *turn);
/* The turn is over. If it was not durable, the sums are again as they were. */
void guard_settle (struct guard *self, bool durable);

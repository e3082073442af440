/* Tables in which it is noticed that an entry is missing, or is an older one.

   A page of the store may fall back to an older content of itself, and a file can be put in the place of another.
   What is read then is sealed and bound to its place as it should be, only it is no longer true. So somebody has
   to vouch for each table, and guard_by says who: it has no answer for a table that is new, and the build fails.

   SUBJECT: by GENERATION. The record must have the generation that is guarded.

   SUBJECT_BEFORE: by the subject's record, which counts them.

   EVENT: by CURSOR. Numbers have no gaps up to the newest, and none is given twice.

   AUDIT: by the seal of the store. Lines have no gaps up to the newest, and are chained to it. Of lines that are
   in the archive the mark keeps the chain whole (audit/archive.h).

   ANSWERED: each says where the one before it ended; what they lack is read in AUDIT.

   LINES_ABOUT: by AUDIT. Each has a fixed place, and names the hash of its last line.

   HEARD: nobody. Of one that is missing the next one tells a later moment, and nothing rests on it.

   UNKNOWN: by AUDIT. A key that is missing, or is another, does not open the lines that were sealed under it, and
   nothing else rests on it.

   GUARD: by the seal of the store.

   Earlier ones: nobody. Only registry/upgrade.h reads them.

   All others: by keyed sums over their entries.

   The sums are kept for each bucket of keys, sealed, in STORE_GUARD. One record, the seal of the store, holds
   their total, and number and hash of the newest line of the log; each turn that changes anything writes it. At
   the start, sums, total and log must agree, and small tables are compared with their sums. In large ones the
   entries of a bucket are compared with its sum when the bucket is first used, in this process or, where a wrong
   permit could come of it, in this minute.

   To write needs no look at the rest of the bucket: what differs before differs after.

   What is noticed is RECORD_DAMAGED: the entry is not believed, and permits nothing (C12). */
#pragma once
#include "outcome.h"
#include "turn.h"

/* How the keys of a table are divided into buckets. */
enum guarded_by {
    GUARDED_ELSEWHERE, /* it has no sums: see above */
    GUARDED_BY_START,  /* the first two bytes of the key, which are of an id: ids are as good as random */
    GUARDED_BY_PARTY,  /* the party with which the key begins; few, and all compared at the start */
    GUARDED_BY_DAY,    /* kind and day of the agenda's key: in the order of the keys */
    GUARDED_WHOLE,     /* the whole table is one bucket; small, and compared at the start */
};
enum guarded_by guard_by (enum store_table table);

enum { GUARD_EARLIER_CURSOR = 16 }; /* bytes of a cursor before schema 4 of the store */

struct guard;
/* Caller owns it. */
struct guard *guard_new (void);
void guard_destroy (struct guard **self_p);

/* Reads the sums. To be called before anything is written. 0; GUARD_DISAGREES: they are damaged; or a failure. */
int guard_load (struct turn *turn);
/* Compares sums, seal and log, and the small tables with their sums. To be called when the log's state was read.
   0; GUARD_DISAGREES: they, the end of the log or STORE_META are damaged, missing or older than the others; or a
   failure. */
int guard_start (struct turn *turn);

/* Reads an entry. The value is lent as by store_get. 0; STORE_NOT_FOUND: there never was one; RECORD_DAMAGED: an
   entry of this bucket is missing or not the newest; or a failure. */
int guard_get (struct turn *turn, enum store_table table, struct bytes key, struct bytes *value);
/* Writes an entry; of a table that has no sums as store_put does. 0 or a failure. */
int guard_put (struct turn *turn, enum store_table table, struct bytes key, struct bytes value);
/* Deletes an entry, of any table. 0, STORE_NOT_FOUND or a failure. */
int guard_delete (struct turn *turn, enum store_table table, struct bytes key);
/* For a scan: the entries whose keys begin with `prefix` (with the whole id or party) are all there, and the
   newest. 0, RECORD_DAMAGED or a failure. */
int guard_check (struct turn *turn, enum store_table table, struct bytes prefix);
/* For a scan of a table that is guarded by start or day: nothing is missing from `from` up to `to`, both included
   (NULL: up to the end), where the caller has found every entry that is there. 0, RECORD_DAMAGED or a failure. */
int guard_check_between (struct turn *turn, enum store_table table, struct bytes from, const struct bytes *to);

/* Takes the entries of this key's bucket, or of the whole table, as they are. 0 or a failure. */
int guard_mend (struct turn *turn, enum store_table table, struct bytes key);
int guard_mend_table (struct turn *turn, enum store_table table);

/* What was found by other means than sums: an entry of the table is missing, or not what it must be. */
void guard_note_damage (struct guard *self, enum store_table table);
/* That was so of an entry of this table, and the table was not mended since. */
bool guard_is_damaged (const struct guard *self, enum store_table table);
/* The first moment of the day of the agenda that is damaged. */
moment guard_damaged_day (const struct guard *self);
/* The first table whose damage operators were not told of yet. STORE_TABLES: there is none. */
enum store_table guard_untold (const struct guard *self);
/* They were told of this one. They are told once in a process, or again if it was mended since. */
void guard_tell (struct guard *self, enum store_table table);

/* Writes sums and seal. To be called at the end of a turn, after its last line of the log. 0 or a failure. */
int guard_write (struct turn *turn);
/* The turn is over. If it was not durable, the sums are again as they were. */
void guard_settle (struct guard *self, bool durable);

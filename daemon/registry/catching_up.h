/* Brings a store that was put back from a copy up to the keyring beside it (R7).

   A copy from before a round of erasure has people whom that round erased, and keys as they were wrapped before
   it, which nobody can open any more. The list beside the keyring (keyring_list.h) has what is needed. Who was
   erased is taken out of the store, whatever of it could still be read; the keys of all others are put in as they
   are wrapped now, and so is what a statute requires to be kept of the erased. This is done at a start, before
   anything is answered, whether or not somebody said that the store was put back: the store notes itself up to
   which round it is.

   It is done in steps, each a transaction of its own. Cut off at any moment, the next start begins it again. A
   store that is behind does not start without the list, unless somebody says that it shall: then nobody can read
   the records that the list would have opened, and they permit nothing. */
#pragma once
#include "keyring_list.h"
#include "turn.h"

struct gone;

struct catching_up {
    bool is_behind;    /* there is something to do */
    bool list_is_lost; /* missing, damaged or too old: it must be made anew (erasure_list.h) */
    bool is_done;
    uint64_t erased, mended; /* people taken out, and keys put in, so far */

    enum { CATCHING_UP_FINDS, CATCHING_UP_TAKES_OUT, CATCHING_UP_MARKS, CATCHING_UP_PUTS_IN } phase;
    struct keyring_list *list; /* NULL: it is read no more, or there is none */
    bool is_at_end;
    struct gone *gone; /* whom the phase is about, in the order of their pseudonyms */
    size_t gone_count, marked;
    int table; /* the entries that are looked at: an enum store_table */
    uint8_t last[KEYRING_LIST_KEY_LIMIT];
    size_t last_size; /* the last key that was looked at */
};

/* Compares store, list and keyring, and reads the list to its end. To be called in the first turn, with a zeroed
   struct. `without_list`: go on where the list is missing, damaged or too old. 0, with one sentence in the
   keyring's `error` if the list is lost; an outcome of the list, or RECORD_DAMAGED, or negative: the registry must
   not open; with one such sentence. Close it also after a failure. */
int catching_up_begin (struct turn *turn, struct catching_up *self, bool without_list);
/* Does a bounded part. 0 or a failure. */
int catching_up_step (struct turn *turn, struct catching_up *self);
void catching_up_close (struct catching_up *self);

/* The list beside the keyring: what a copy of the store from before an erasure must be told (R7).

   When keys of the keyring are replaced, a copy of the store from before has the keys of some people as they were
   wrapped then, and can open them no more: of those who were erased, as it must be, and of all others with whom
   they shared a bucket. So the list has who was erased, and in which round; and of the others each key as it is
   wrapped under
   the newest key of its bucket; and the extracts of what must be kept of the erased (audit/extract.h), with their
   lines. With it, and the newest keyring, an old copy can be put back and
   nobody but the erased is lost (registry/catching_up.h). It undoes no erasure: of the erased it has no key.

   It is the file subjects/subjects.list, mode 0600, in pieces that are sealed under the vault, each bound to its
   place, to the keyring and to its generation; the last one says that it is the last. It is written anew in each
   round, under another name, and takes its own when it is whole and durable. So it is read and written with the
   memory of one piece, however many people it has. */
#pragma once
#include "keyring.h"

#define KEYRING_LIST_NAME "subjects/subjects.list" /* in the directory of the vault's key */

enum { KEYRING_LIST_VALUE_LIMIT = 64 << 10, KEYRING_LIST_KEY_LIMIT = UINT8_MAX };

/* One entry. Of somebody who was erased: `key` is the pseudonym, and `round` the generation of the keyring with
   which that was done. Else an entry of a table of the store, whose key begins with a pseudonym; `round` is 0. */
struct keyring_listed {
    uint64_t round;
    uint8_t table; /* an enum store_table */
    struct bytes key, value;
};

/* --- Reading ------------------------------------------------------------------------------------------ */

struct keyring_list;
/* Opens the list of this keyring, which must live as long. 0; KEYRING_LIST_MISSING: there is no such file;
   KEYRING_LIST_DAMAGED: it is not as it must be, or of another vault; KEYRING_LIST_OTHER: it is another keyring's;
   or negative; each with one sentence in the keyring's `error`. Caller owns *self_p. */
int keyring_list_open (struct keyring_list **self_p, const struct keyring *keyring);
void keyring_list_close (struct keyring_list **self_p);
/* The generation of the keyring when it was written. All up to that one it knows. */
uint64_t keyring_list_generation (const struct keyring_list *self);
/* The next entry, lent until the next call. 0; KEYRING_LIST_END: that was the last one, and all of it was whole;
   KEYRING_LIST_DAMAGED or negative, with one sentence in the keyring's `error`. */
int keyring_list_next (struct keyring_list *self, struct keyring_listed *entry);

/* --- Writing ------------------------------------------------------------------------------------------ */

struct keyring_list_draft;
/* Begins a list of the keyring's present generation. Beside it, the file that there is stays what it is. 0 or
   negative, with one sentence in the keyring's `error`. Caller owns *self_p. */
int keyring_list_begin (struct keyring_list_draft **self_p, const struct keyring *keyring);
/* The same. A value is at most KEYRING_LIST_VALUE_LIMIT bytes. */
int keyring_list_put (struct keyring_list_draft *self, const struct keyring_listed *entry);
/* Puts it in the place of the file that there is. 0: it is durable. Else as above, and there is the old one, or
   the new one, whole. */
int keyring_list_finish (struct keyring_list_draft *self);
/* Leaves nothing behind of one that was not finished. */
void keyring_list_drop (struct keyring_list_draft **self_p);

/* Makes the list beside the keyring (keyring_list.h) of what the store holds, in parts. Of the buckets whose keys
   are replaced all is taken from the store: who was erased, and the keys that are wrapped under the newest. The
   rest is copied from the list that there is. Where that is missing or not as it must be, all of it is taken from
   the store, which has the same. */
#pragma once
#include "turn.h"
#include "bucket_walk.h"

/* How far it is. In memory: a start begins it again. Begins zeroed. */
struct erasure_list {
    bool is_lost;                     /* the file is not as it must be: all is taken from the store */
    struct keyring_list_draft *draft; /* NULL: it is not begun */
    struct keyring_list *former;      /* that is copied; NULL: no more */
    struct bucket_walk walk;
};

/* Does a part of it; the turn reads only. *done: the file is there, whole and durable. 0 or a failure, with one
   sentence in the keyring's `error` if a file failed; then it begins again. */
int erasure_list_go_on (struct turn *turn, struct erasure_list *self, bool *done);
/* Leaves nothing behind of one that is not done. */
void erasure_list_drop (struct erasure_list *self);

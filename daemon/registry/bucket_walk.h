/* Goes through the entries about the subjects of some buckets of the keyring (keyring.h), in tables whose keys
   begin with a pseudonym, a bounded part in each turn. */
#pragma once
#include "record/subject_key.h"
#include "turn.h"

enum { BUCKET_WALK_LIMIT = 64 /* entries of one part */ };

/* What is gone through: each bucket by itself, and in it one table after another. Borrowed. */
struct walked {
    const uint16_t *buckets; /* NULL: everybody, as one bucket */
    size_t bucket_count;     /* then 1 */
    const enum store_table *tables;
    size_t table_count;
};

struct entry_name {
    enum store_table table;
    uint8_t key[WRAPPED_KEY_PLACE];
    size_t size;
};

/* How far it is. Begins zeroed. */
struct bucket_walk {
    size_t bucket, table; /* which of them */
    uint8_t last[WRAPPED_KEY_PLACE];
    size_t last_size; /* the last key that was gone through; 0: none yet */
};

bool bucket_walk_is_over (const struct bucket_walk *self, const struct walked *through);
/* Lists what comes next: up to BUCKET_WALK_LIMIT entries, all of one table and bucket. 0 or a failure. */
int bucket_walk_list (struct turn *turn, const struct bucket_walk *self, const struct walked *through,
                      struct entry_name *names, size_t *count);
/* The first `done` of the `count` that were listed were gone through. */
void bucket_walk_move (struct bucket_walk *self, const struct walked *through, const struct entry_name *names,
                       size_t done, size_t count);

#include "bucket_walk.h"
#include <string.h>
#include "keyring.h"

bool bucket_walk_is_over (const struct bucket_walk *self, const struct walked *through)
{
    return self->bucket >= through->bucket_count;
}

/* From the last key on, or from the first of the bucket. Returns the size. */
static size_t begin_at (const struct bucket_walk *self, const uint16_t *bucket, uint8_t key[WRAPPED_KEY_PLACE])
{
    if (self->last_size > 0 || bucket == NULL) {
        memcpy (key, self->last, self->last_size);
        return self->last_size;
    }
    key[0] = (uint8_t)(*bucket >> 8);
    key[1] = (uint8_t)*bucket;
    return 2;
}

static bool is_last (const struct bucket_walk *self, struct bytes key)
{
    return key.size == self->last_size && memcmp (key.data, self->last, key.size) == 0;
}

int bucket_walk_list (struct turn *turn, const struct bucket_walk *self, const struct walked *through,
                      struct entry_name *names, size_t *count)
{
    const uint16_t *bucket = through->buckets != NULL ? &through->buckets[self->bucket] : NULL;
    const enum store_table table = through->tables[self->table];
    uint8_t from[WRAPPED_KEY_PLACE];
    struct store_scan *scan = NULL;
    struct bytes key, value;
    *count = 0;
    int rc = store_scan_open (turn->txn, table, (struct bytes){from, begin_at (self, bucket, from)}, &scan);
    while (rc == 0 && *count < BUCKET_WALK_LIMIT && (rc = store_scan_next (scan, &key, &value)) == 0) {
        if (bucket != NULL && (key.size < VAULT_ID_SIZE || keyring_bucket (key.data) != *bucket))
            break;
        if (key.size < VAULT_ID_SIZE || key.size > WRAPPED_KEY_PLACE || is_last (self, key))
            continue;
        names[*count] = (struct entry_name){.table = table, .size = key.size};
        memcpy (names[(*count)++].key, key.data, key.size);
    }
    store_scan_close (&scan);
    return rc == STORE_NOT_FOUND ? 0 : rc;
}

void bucket_walk_move (struct bucket_walk *self, const struct walked *through, const struct entry_name *names,
                       size_t done, size_t count)
{
    if (done < count || count == BUCKET_WALK_LIMIT) {
        self->last_size = names[done - 1].size;
        memcpy (self->last, names[done - 1].key, self->last_size);
        return;
    }
    self->last_size = 0;
    if (++self->table == through->table_count) {
        self->table = 0;
        self->bucket++;
    }
}

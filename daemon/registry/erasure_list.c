#include "erasure_list.h"
#include <string.h>
#include "keyring_list.h"

enum { COPIED = 512 }; /* entries of the former list, in one turn */

/* The marks of the erased, the tables with wrapped keys, and the lines whose own keys are kept in extracts. */
static struct walked all_listed (const struct turn *turn, bool is_lost)
{
    static enum store_table tables[2 + WRAPPED_KEY_TABLES] = {STORE_GENERATION, STORE_EXTRACT_LINE};
    struct walked through = {.tables = tables, .table_count = sizeof tables / sizeof *tables};
    memcpy (tables + 2, wrapped_key_tables, WRAPPED_KEY_TABLES * sizeof *tables);
    if (is_lost)
        through.bucket_count = 1; /* everybody */
    else
        through.bucket_count = keyring_formers (turn->keyring, &through.buckets);
    return through;
}

/* The list that there is, if it has all rounds before this one. */
static int open_former (struct turn *turn, struct erasure_list *self)
{
    uint64_t generation = keyring_generation (turn->keyring);
    int rc = keyring_list_open (&self->former, turn->keyring);
    if (rc == KEYRING_LIST_MISSING && generation == KEYRING_FIRST + 1)
        return 0; /* this is the first round */
    if (rc == 0 && keyring_list_generation (self->former) + 1 < generation)
        rc = KEYRING_LIST_OLDER;
    if (rc <= 0)
        return rc;
    keyring_list_close (&self->former);
    self->is_lost = true;
    return 0;
}

static int begin (struct turn *turn, struct erasure_list *self)
{
    self->walk = (struct bucket_walk){0};
    int rc = self->is_lost ? 0 : open_former (turn, self);
    return rc == 0 ? keyring_list_begin (&self->draft, turn->keyring) : rc;
}

/* What is listed of a bucket that was replaced is of no use any more. */
static int copy (struct turn *turn, struct erasure_list *self)
{
    struct keyring_listed entry;
    int rc = 0;
    for (int i = 0; i < COPIED && rc == 0; i++) {
        rc = keyring_list_next (self->former, &entry);
        if (rc == 0 && keyring_former_key (turn->keyring, entry.key.data) == NULL)
            rc = keyring_list_put (self->draft, &entry);
    }
    if (rc == KEYRING_LIST_END) {
        keyring_list_close (&self->former);
        rc = 0;
    } else if (rc == KEYRING_LIST_DAMAGED) {
        erasure_list_drop (self);
        self->is_lost = true;
        rc = 0;
    }
    return rc;
}

/* What cannot be read in the store is not listed. */
static int list_one (struct turn *turn, struct erasure_list *self, const struct entry_name *name)
{
    struct keyring_listed entry = {.table = (uint8_t)name->table, .key = {name->key, name->size}};
    struct bytes value;
    struct generation generation;
    struct vault_key unused;
    int rc = store_get (turn->txn, name->table, entry.key, &value);
    if (rc != 0)
        return rc;
    if (name->table == STORE_GENERATION) {
        if (subject_parse_generation (value, &generation) != 0 || generation.round == 0)
            return 0;
        entry.round = generation.round;
    } else if (name->table == STORE_EXTRACT_LINE)
        entry.value = value;
    else {
        if (subject_key_unwrap (turn, name->key, value, &unused) != WRAPPED_UNDER_NEWEST)
            return 0;
        vault_key_wipe (&unused);
        entry.value = (struct bytes){value.data, SUBJECT_WRAPPED_SIZE};
    }
    return keyring_list_put (self->draft, &entry);
}

static int take_from_store (struct turn *turn, struct erasure_list *self, const struct walked *through)
{
    struct entry_name names[BUCKET_WALK_LIMIT];
    size_t count;
    int rc = bucket_walk_list (turn, &self->walk, through, names, &count);
    for (size_t i = 0; i < count && rc == 0; i++)
        rc = list_one (turn, self, &names[i]);
    if (rc == 0)
        bucket_walk_move (&self->walk, through, names, count, count);
    return rc;
}

static int finish (struct erasure_list *self, bool *done)
{
    int rc = keyring_list_finish (self->draft);
    *done = rc == 0;
    if (rc == 0) {
        erasure_list_drop (self);
        self->is_lost = false;
    }
    return rc;
}

int erasure_list_go_on (struct turn *turn, struct erasure_list *self, bool *done)
{
    const struct walked through = all_listed (turn, self->is_lost);
    int rc;
    *done = false;
    if (self->draft == NULL)
        rc = begin (turn, self);
    else if (self->former != NULL)
        rc = copy (turn, self);
    else if (!bucket_walk_is_over (&self->walk, &through))
        rc = take_from_store (turn, self, &through);
    else
        rc = finish (self, done);
    if (rc != 0)
        erasure_list_drop (self);
    return rc;
}

void erasure_list_drop (struct erasure_list *self)
{
    keyring_list_drop (&self->draft);
    keyring_list_close (&self->former);
    self->walk = (struct bucket_walk){0};
}

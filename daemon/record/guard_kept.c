/* The sums as they are kept in the store: rows of them, and the seal. */
#include <stdlib.h>
#include <string.h>
#include "big_endian.h"
#include "guard_parts.h"

enum {
    ROW_SIZE = GUARD_ROW * VAULT_ID_SIZE,
    SEAL_SIZE = 8 + VAULT_HASH_SIZE + VAULT_ID_SIZE, /* number and hash of the newest line, total */
};
_Static_assert(ROW_SIZE + VAULT_SEAL_OVERHEAD == GUARD_ROW_SEALED, "a row is its sums");

static const struct bytes seal_name = {GUARD_SEAL, sizeof GUARD_SEAL - 1};

void guard_row_key (enum store_table table, unsigned row, uint8_t key[GUARD_ROW_KEY])
{
    key[0] = (uint8_t)table;
    key[1] = (uint8_t)(row >> 8);
    key[2] = (uint8_t)row;
}

static struct vault_binding row_binding (const uint8_t key[GUARD_ROW_KEY])
{
    return (struct vault_binding){"guard", 1, key, GUARD_ROW_KEY};
}

static struct vault_binding seal_binding (void)
{
    return (struct vault_binding){"seal", 1, seal_name.data, seal_name.size};
}

/* --- At the start ------------------------------------------------------------------------------------- */

static int read_row (struct turn *turn, struct bytes key, struct bytes value)
{
    struct guard *self = turn->guard;
    const uint8_t *at = key.data;
    if (key.size != GUARD_ROW_KEY || at[0] >= STORE_TABLES || self->tables[at[0]] == NULL ||
        value.size != GUARD_ROW_SEALED)
        return GUARD_DISAGREES;
    unsigned row = (unsigned)(at[1] << 8 | at[2]);
    struct vault_binding binding = row_binding (at);
    if (row >= GUARD_ROWS)
        return GUARD_DISAGREES;
    struct guarded_table *guarded = self->tables[at[0]];
    struct sum *sums = &guarded->sums[row * GUARD_ROW];
    if (vault_unseal (vault_system_key (turn->vault), &binding, value.data, value.size, (uint8_t *)sums) != 0)
        return GUARD_DISAGREES;
    set_bit (guarded->used, row);
    for (unsigned i = 0; i < GUARD_ROW; i++)
        sum_add (&self->total, &sums[i]);
    return 0;
}

int guard_load (struct turn *turn)
{
    struct store_scan *scan = NULL;
    struct bytes key, value;
    int rc = store_scan_open (turn->txn, STORE_GUARD, (struct bytes){"", 0}, &scan);
    while (rc == 0 && (rc = store_scan_next (scan, &key, &value)) == 0)
        rc = read_row (turn, key, value);
    store_scan_close (&scan);
    turn->guard->loaded = turn->guard->total;
    return rc == STORE_NOT_FOUND ? 0 : rc;
}

static void make_seal (const struct turn *turn, const struct sum *total, uint8_t plain[SEAL_SIZE])
{
    put_be64 (plain, turn->state.audit_number);
    memcpy (plain + 8, turn->state.audit_hash, VAULT_HASH_SIZE);
    memcpy (plain + 8 + VAULT_HASH_SIZE, total, VAULT_ID_SIZE);
}

/* 0 or GUARD_DISAGREES: sums, log and seal are not of one moment. */
static int check_seal (struct turn *turn)
{
    static const struct sum nothing = {{0, 0}};
    const struct sum *total = &turn->guard->loaded;
    struct bytes value;
    uint8_t expected[SEAL_SIZE], found[SEAL_SIZE];
    struct vault_binding binding = seal_binding ();
    int rc = store_get (turn->txn, STORE_META, seal_name, &value);
    if (rc == STORE_NOT_FOUND) { /* of a new store, or of one that is being taken up */
        bool has_none = turn->state.audit_number == 0 || store_is_earlier (turn->store);
        return has_none && sum_is_equal (total, &nothing) ? 0 : GUARD_DISAGREES;
    }
    if (rc != 0)
        return rc;
    make_seal (turn, total, expected);
    if (value.size != SEAL_SIZE + VAULT_SEAL_OVERHEAD ||
        vault_unseal (vault_system_key (turn->vault), &binding, value.data, value.size, found) != 0)
        return GUARD_DISAGREES;
    return memcmp (found, expected, sizeof found) == 0 ? 0 : GUARD_DISAGREES;
}

static void compare_row (struct guard *self, enum store_table table, unsigned row, const struct sum *found)
{
    struct guarded_table *guarded = self->tables[table];
    for (unsigned i = 0; i < GUARD_ROW; i++) {
        unsigned bucket = row * GUARD_ROW + i;
        if (sum_is_equal (&found[i], &guarded->sums[bucket]))
            continue;
        clear_bit (guarded->agrees, bucket);
        guard_note_bucket (self, table, bucket);
    }
}

/* All entries of a small table are looked at once. Most rows have neither a sum nor an entry, and so agree. *found
   is zero, and is so again. */
static int compare (struct turn *turn, enum store_table table, struct found_sums *found)
{
    struct guarded_table *guarded = turn->guard->tables[table];
    int rc = guard_sum_up_all (turn, table, found);
    if (rc != 0)
        return rc;
    memset (guarded->agrees, UINT8_MAX, sizeof guarded->agrees);
    for (unsigned row = 0; row < GUARD_ROWS; row++) {
        struct sum *sums = &found->sums[row * GUARD_ROW];
        if (!has_bit (guarded->used, row) && !has_bit (found->rows, row))
            continue;
        compare_row (turn->guard, table, row, sums);
        memset (sums, 0, ROW_SIZE);
    }
    memset (found->rows, 0, sizeof found->rows);
    return 0;
}

int guard_start (struct turn *turn)
{
    struct found_sums *found = calloc (1, sizeof *found);
    if (found == NULL)
        abort ();
    turn->guard->sealed_line = turn->guard->written_line = turn->state.audit_number;
    int rc = check_seal (turn);
    for (int table = 0; table < STORE_TABLES && rc == 0; table++) {
        enum guarded_by by = guard_by ((enum store_table)table);
        if ((by == GUARDED_BY_PARTY || by == GUARDED_WHOLE) && !store_is_earlier (turn->store))
            rc = compare (turn, (enum store_table)table, found);
    }
    free (found);
    return rc == 0 && guard_is_damaged (turn->guard, STORE_META) ? GUARD_DISAGREES : rc;
}

/* --- At the end of a turn ----------------------------------------------------------------------------- */

static int write_row (struct turn *turn, enum store_table table, unsigned row)
{
    struct guarded_table *guarded = turn->guard->tables[table];
    uint8_t key[GUARD_ROW_KEY], sealed[GUARD_ROW_SEALED];
    guard_row_key (table, row, key);
    struct vault_binding binding = row_binding (key);
    vault_seal (vault_system_key (turn->vault), &binding, &guarded->sums[row * GUARD_ROW], ROW_SIZE, sealed);
    clear_bit (guarded->changed, row);
    return store_put (turn->txn, STORE_GUARD, (struct bytes){key, sizeof key},
                      (struct bytes){sealed, sizeof sealed});
}

int guard_write (struct turn *turn)
{
    struct guard *self = turn->guard;
    int rc = 0;
    if (self->former_count == 0 && self->sealed_line == turn->state.audit_number)
        return 0;
    uint8_t plain[SEAL_SIZE], sealed[SEAL_SIZE + VAULT_SEAL_OVERHEAD];
    struct vault_binding binding = seal_binding ();
    store_use_share (turn->txn, STORE_OWN); /* all has its room already, but for the first seal */
    for (size_t i = 0; i < self->former_count && rc == 0; i++) {
        unsigned row = self->formers[i].bucket / GUARD_ROW;
        if (has_bit (self->tables[self->formers[i].table]->changed, row))
            rc = write_row (turn, self->formers[i].table, row);
    }
    if (rc != 0)
        return rc;
    make_seal (turn, &self->total, plain);
    self->written_line = turn->state.audit_number;
    vault_seal (vault_system_key (turn->vault), &binding, plain, sizeof plain, sealed);
    return store_put (turn->txn, STORE_META, seal_name, (struct bytes){sealed, sizeof sealed});
}

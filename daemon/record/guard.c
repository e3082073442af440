#include "guard.h"
#include <stdlib.h>
#include <string.h>
#include "big_endian.h"

enum {
    BUCKET_BITS = 16,
    BUCKETS = 1 << BUCKET_BITS,
    ROW = 16, /* sums in one record */
    ROWS = BUCKETS / ROW,
    ROW_SIZE = ROW * VAULT_ID_SIZE,
    ROW_KEY = 3,                                     /* table (1), row (be16) */
    ENTRY = 256,                                     /* no guarded key and value take more bytes together */
    SEAL_SIZE = 8 + VAULT_HASH_SIZE + VAULT_ID_SIZE, /* number and hash of the newest line, total */
};

static const struct bytes seal_name = {"seal", 4};

static const enum store_table table_of[GUARDED_TABLES] = {
    [GUARDED_GENERATION] = STORE_GENERATION,
    [GUARDED_CONSENT] = STORE_CONSENT,
    [GUARDED_CURSOR] = STORE_CURSOR,
};

struct sum {
    uint64_t word[2];
};

struct table {
    struct sum sums[BUCKETS];
    uint8_t agrees[BUCKETS / 8]; /* a bit for each bucket whose entries agreed with its sum */
    uint8_t changed[ROWS / 8];   /* a bit for each row that the turn must write */
};

/* A sum as it was before the turn changed it. */
struct former {
    enum guarded which;
    unsigned bucket;
    struct sum was;
};

struct guard {
    struct table tables[GUARDED_TABLES];
    struct former *formers;
    size_t former_count, former_room;
    uint64_t sealed_line;  /* the line that the seal in the store names, */
    uint64_t written_line; /* and that it names if the turn is durable */
};

struct guard *guard_new (void)
{
    struct guard *self = calloc (1, sizeof *self);
    if (self == NULL)
        abort ();
    return self;
}

void guard_destroy (struct guard **self_p)
{
    if (*self_p != NULL)
        free ((*self_p)->formers);
    free (*self_p);
    *self_p = NULL;
}

static bool has_bit (const uint8_t *bits, unsigned bit)
{
    return (bits[bit / 8] >> bit % 8 & 1) != 0;
}

static void set_bit (uint8_t *bits, unsigned bit)
{
    bits[bit / 8] |= (uint8_t)(1 << bit % 8);
}

static void clear_bit (uint8_t *bits, unsigned bit)
{
    bits[bit / 8] &= (uint8_t) ~(1 << bit % 8);
}

static void add (struct sum *sum, const struct sum *more)
{
    sum->word[0] ^= more->word[0];
    sum->word[1] ^= more->word[1];
}

static bool is_equal (const struct sum *one, const struct sum *other)
{
    return one->word[0] == other->word[0] && one->word[1] == other->word[1];
}

/* Ids are as good as random, so the entries of a bucket lie together. Parties are few, so all of them can be
   looked through. */
static unsigned bucket_of (const struct turn *turn, enum guarded which, struct bytes key)
{
    const uint8_t *id = key.data;
    if (which != GUARDED_CURSOR && key.size >= 2)
        return (unsigned)(id[0] << 8 | id[1]);
    return (unsigned)(vault_tag (turn->vault, key.data, key.size) % BUCKETS);
}

/* An entry that an earlier program wrote counts for nothing, and nobody takes it for an entry (see
   registry/upgrade.h). */
static bool is_earlier (enum guarded which, struct bytes value)
{
    return which == GUARDED_CURSOR ? value.size == GUARD_EARLIER_CURSOR : value.size > VAULT_ID_SIZE;
}

static struct sum sum_of (const struct turn *turn, enum guarded which, struct bytes key, struct bytes value)
{
    uint8_t entry[ENTRY] = {(uint8_t)which, (uint8_t)key.size};
    struct sum sum = {{0, 0}};
    if (is_earlier (which, value))
        return sum;
    if (key.size + value.size > sizeof entry - 2) /* a damaged entry: no sum has it */
        return (struct sum){{1, 1}};
    memcpy (entry + 2, key.data, key.size);
    memcpy (entry + 2 + key.size, value.data, value.size);
    vault_sum (turn->vault, entry, 2 + key.size + value.size, (uint8_t *)&sum);
    return sum;
}

/* The sum over the entries of the bucket as they lie in the store. */
static int sum_up (struct turn *turn, enum guarded which, unsigned bucket, struct sum *sum)
{
    uint8_t prefix[2] = {(uint8_t)(bucket >> 8), (uint8_t)bucket};
    struct bytes from = {prefix, which == GUARDED_CURSOR ? 0 : sizeof prefix}, key, value;
    struct store_scan *scan = NULL;
    *sum = (struct sum){{0, 0}};
    int rc = store_scan_open (turn->txn, table_of[which], from, &scan);
    while (rc == 0 && (rc = store_scan_next (scan, &key, &value)) == 0) {
        bool is_of = bucket_of (turn, which, key) == bucket;
        if (!is_of && which != GUARDED_CURSOR)
            break;
        struct sum one = sum_of (turn, which, key, value);
        if (is_of)
            add (sum, &one);
    }
    store_scan_close (&scan);
    return rc == STORE_NOT_FOUND ? 0 : rc;
}

/* 0, or RECORD_DAMAGED: the bucket does not agree with its sum. */
static int check (struct turn *turn, enum guarded which, unsigned bucket)
{
    struct table *table = &turn->guard->tables[which];
    struct sum found;
    if (has_bit (table->agrees, bucket))
        return 0;
    int rc = sum_up (turn, which, bucket, &found);
    if (rc != 0)
        return rc;
    if (!is_equal (&found, &table->sums[bucket]))
        return RECORD_DAMAGED;
    set_bit (table->agrees, bucket);
    return 0;
}

int guard_get (struct turn *turn, enum guarded which, struct bytes key, struct bytes *value)
{
    int rc = check (turn, which, bucket_of (turn, which, key));
    return rc == 0 ? store_get (turn->txn, table_of[which], key, value) : rc;
}

static struct sum total_of (const struct turn *turn)
{
    struct sum total;
    memcpy (&total, turn->state.guarded, sizeof total);
    return total;
}

static void row_key (enum guarded which, unsigned row, uint8_t key[ROW_KEY])
{
    key[0] = (uint8_t)which;
    key[1] = (uint8_t)(row >> 8);
    key[2] = (uint8_t)row;
}

/* The row will be written at the end of the turn. If it is a new one, its room is taken now, from the share of the
   request that needs it. */
static int take_room (struct turn *turn, enum guarded which, unsigned row)
{
    static const uint8_t empty[ROW_SIZE + VAULT_SEAL_OVERHEAD];
    struct table *table = &turn->guard->tables[which];
    uint8_t name[ROW_KEY];
    struct bytes key = {name, sizeof name}, value;
    if (has_bit (table->changed, row))
        return 0;
    row_key (which, row, name);
    int rc = store_get (turn->txn, STORE_GUARD, key, &value);
    if (rc == STORE_NOT_FOUND)
        rc = store_put (turn->txn, STORE_GUARD, key, (struct bytes){empty, sizeof empty});
    if (rc == 0)
        set_bit (table->changed, row);
    return rc;
}

/* Changes the sum of a bucket, and the total, by `change`. 0 or a failure. */
static int change_sum (struct turn *turn, enum guarded which, unsigned bucket, const struct sum *change)
{
    struct guard *self = turn->guard;
    struct table *table = &self->tables[which];
    struct sum total = total_of (turn);
    int rc = take_room (turn, which, bucket / ROW);
    if (rc != 0)
        return rc;
    if (self->former_count == self->former_room) {
        self->former_room = 2 * self->former_room + 64;
        self->formers = realloc (self->formers, self->former_room * sizeof *self->formers);
        if (self->formers == NULL)
            abort ();
    }
    self->formers[self->former_count++] = (struct former){which, bucket, table->sums[bucket]};
    add (&table->sums[bucket], change);
    add (&total, change);
    memcpy (turn->state.guarded, &total, sizeof total);
    return 0;
}

int guard_put (struct turn *turn, enum guarded which, struct bytes key, struct bytes value)
{
    unsigned bucket = bucket_of (turn, which, key);
    struct bytes before;
    int rc = check (turn, which, bucket);
    if (rc != 0)
        return rc;
    struct sum change = sum_of (turn, which, key, value);
    rc = store_get (turn->txn, table_of[which], key, &before);
    if (rc == 0) {
        struct sum former = sum_of (turn, which, key, before);
        add (&change, &former);
    }
    if (rc != 0 && rc != STORE_NOT_FOUND)
        return rc;
    rc = change_sum (turn, which, bucket, &change);
    return rc == 0 ? store_put (turn->txn, table_of[which], key, value) : rc;
}

int guard_mend (struct turn *turn, enum guarded which, struct bytes key)
{
    unsigned bucket = bucket_of (turn, which, key);
    struct sum change;
    int rc = sum_up (turn, which, bucket, &change);
    if (rc != 0)
        return rc;
    add (&change, &turn->guard->tables[which].sums[bucket]);
    return change_sum (turn, which, bucket, &change);
}

/* --- In the store ------------------------------------------------------------------------------------- */

static struct vault_binding row_binding (const uint8_t key[ROW_KEY])
{
    return (struct vault_binding){"guard", 1, key, ROW_KEY};
}

static int read_row (struct turn *turn, struct bytes key, struct bytes value, struct sum *total)
{
    const uint8_t *at = key.data;
    if (key.size != ROW_KEY || at[0] >= GUARDED_TABLES || value.size != ROW_SIZE + VAULT_SEAL_OVERHEAD)
        return GUARD_DISAGREES;
    unsigned row = (unsigned)(at[1] << 8 | at[2]);
    struct vault_binding binding = row_binding (at);
    if (row >= ROWS)
        return GUARD_DISAGREES;
    struct sum *sums = &turn->guard->tables[at[0]].sums[row * ROW];
    if (vault_unseal (vault_system_key (turn->vault), &binding, value.data, value.size, (uint8_t *)sums) != 0)
        return GUARD_DISAGREES;
    for (unsigned i = 0; i < ROW; i++)
        add (total, &sums[i]);
    return 0;
}

static int read_rows (struct turn *turn, struct sum *total)
{
    struct store_scan *scan = NULL;
    struct bytes key, value;
    int rc = store_scan_open (turn->txn, STORE_GUARD, (struct bytes){"", 0}, &scan);
    while (rc == 0 && (rc = store_scan_next (scan, &key, &value)) == 0)
        rc = read_row (turn, key, value, total);
    store_scan_close (&scan);
    return rc == STORE_NOT_FOUND ? 0 : rc;
}

static void make_seal (const struct turn *turn, uint8_t plain[SEAL_SIZE])
{
    put_be64 (plain, turn->state.audit_number);
    memcpy (plain + 8, turn->state.audit_hash, VAULT_HASH_SIZE);
    memcpy (plain + 8 + VAULT_HASH_SIZE, turn->state.guarded, VAULT_ID_SIZE);
}

static struct vault_binding seal_binding (void)
{
    return (struct vault_binding){"seal", 1, seal_name.data, seal_name.size};
}

/* The entries of a bucket of cursors do not lie together: all of them are looked at once. */
static int check_cursors (struct turn *turn)
{
    struct table *table = &turn->guard->tables[GUARDED_CURSOR];
    struct sum *found = calloc (BUCKETS, sizeof *found);
    struct store_scan *scan = NULL;
    struct bytes key, value;
    if (found == NULL)
        abort ();
    int rc = store_scan_open (turn->txn, STORE_CURSOR, (struct bytes){"", 0}, &scan);
    while (rc == 0 && (rc = store_scan_next (scan, &key, &value)) == 0) {
        struct sum one = sum_of (turn, GUARDED_CURSOR, key, value);
        add (&found[bucket_of (turn, GUARDED_CURSOR, key)], &one);
    }
    store_scan_close (&scan);
    for (unsigned bucket = 0; bucket < BUCKETS && rc == STORE_NOT_FOUND; bucket++)
        if (is_equal (&found[bucket], &table->sums[bucket]))
            set_bit (table->agrees, bucket);
    free (found);
    return rc == STORE_NOT_FOUND ? 0 : rc;
}

/* 0 or GUARD_DISAGREES: sums, log and seal are not of one moment. */
static int check_seal (struct turn *turn, const struct sum *total)
{
    static const struct sum nothing = {{0, 0}};
    struct bytes value;
    uint8_t expected[SEAL_SIZE], found[SEAL_SIZE];
    struct vault_binding binding = seal_binding ();
    int rc = store_get (turn->txn, STORE_META, seal_name, &value);
    if (rc == STORE_NOT_FOUND) { /* of a new store, or of one that is being taken up */
        bool has_none = turn->state.audit_number == 0 || store_is_earlier (turn->store);
        return has_none && is_equal (total, &nothing) ? 0 : GUARD_DISAGREES;
    }
    if (rc != 0)
        return rc;
    make_seal (turn, expected);
    if (value.size != SEAL_SIZE + VAULT_SEAL_OVERHEAD ||
        vault_unseal (vault_system_key (turn->vault), &binding, value.data, value.size, found) != 0)
        return GUARD_DISAGREES;
    return memcmp (found, expected, sizeof found) == 0 ? 0 : GUARD_DISAGREES;
}

int guard_load (struct turn *turn)
{
    struct sum total = {{0, 0}};
    int rc = read_rows (turn, &total);
    if (rc != 0)
        return rc;
    memcpy (turn->state.guarded, &total, sizeof total);
    turn->guard->sealed_line = turn->guard->written_line = turn->state.audit_number;
    rc = check_seal (turn, &total);
    return rc == 0 ? check_cursors (turn) : rc;
}

static int write_rows (struct turn *turn, enum guarded which)
{
    struct table *table = &turn->guard->tables[which];
    int rc = 0;
    for (unsigned row = 0; row < ROWS && rc == 0; row++) {
        if (row % 8 == 0 && table->changed[row / 8] == 0)
            row += 7;
        else if (has_bit (table->changed, row)) {
            uint8_t key[ROW_KEY], sealed[ROW_SIZE + VAULT_SEAL_OVERHEAD];
            row_key (which, row, key);
            struct vault_binding binding = row_binding (key);
            vault_seal (vault_system_key (turn->vault), &binding, &table->sums[row * ROW], ROW_SIZE, sealed);
            rc = store_put (turn->txn, STORE_GUARD, (struct bytes){key, sizeof key},
                            (struct bytes){sealed, sizeof sealed});
        }
    }
    memset (table->changed, 0, sizeof table->changed);
    return rc;
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
    for (enum guarded which = 0; which < GUARDED_TABLES && rc == 0 && self->former_count > 0; which++)
        rc = write_rows (turn, which);
    if (rc != 0)
        return rc;
    make_seal (turn, plain);
    self->written_line = turn->state.audit_number;
    vault_seal (vault_system_key (turn->vault), &binding, plain, sizeof plain, sealed);
    return store_put (turn->txn, STORE_META, seal_name, (struct bytes){sealed, sizeof sealed});
}

/* A bucket that the turn mended is what it was before: it must not pass for one that agreed. */
static void undo (struct guard *self)
{
    while (self->former_count > 0) {
        const struct former *former = &self->formers[--self->former_count];
        struct table *table = &self->tables[former->which];
        table->sums[former->bucket] = former->was;
        clear_bit (table->agrees, former->bucket);
        clear_bit (table->changed, former->bucket / ROW);
    }
    self->written_line = self->sealed_line;
}

void guard_settle (struct guard *self, bool durable)
{
    if (!durable)
        undo (self);
    self->former_count = 0;
    self->sealed_line = self->written_line;
}

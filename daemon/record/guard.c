#include <stdlib.h>
#include <string.h>
#include "guard_parts.h"

enum { AGREES_FOR_MS = 60 * 1000 };

struct guard *guard_new (void)
{
    struct guard *self = calloc (1, sizeof *self);
    if (self == NULL)
        abort ();
    for (int table = 0; table < STORE_TABLES; table++) {
        if (guard_by ((enum store_table)table) == GUARDED_ELSEWHERE)
            continue;
        self->tables[table] = calloc (1, sizeof *self->tables[table]); /* what is not used takes no memory */
        if (self->tables[table] == NULL)
            abort ();
    }
    return self;
}

void guard_destroy (struct guard **self_p)
{
    struct guard *self = *self_p;
    if (self == NULL)
        return;
    for (int table = 0; table < STORE_TABLES; table++)
        free (self->tables[table]);
    free (self->formers);
    free (self);
    *self_p = NULL;
}

/* --- Damage ------------------------------------------------------------------------------------------- */

void guard_note_bucket (struct guard *self, enum store_table table, unsigned bucket)
{
    struct damage *damage = &self->damage[table];
    if (!damage->is_found || bucket < damage->bucket)
        damage->bucket = bucket;
    damage->is_untold = damage->is_untold || !damage->is_found;
    damage->is_found = true;
}

void guard_note_damage (struct guard *self, enum store_table table)
{
    guard_note_bucket (self, table, 0);
}

bool guard_is_damaged (const struct guard *self, enum store_table table)
{
    return self->damage[table].is_found;
}

moment guard_damaged_day (const struct guard *self)
{
    return guard_day_of (self->damage[STORE_AGENDA].bucket);
}

enum store_table guard_untold (const struct guard *self)
{
    int table = 0;
    while (table < STORE_TABLES && !self->damage[table].is_untold)
        table++;
    return (enum store_table)table;
}

void guard_tell (struct guard *self, enum store_table table)
{
    self->damage[table].is_untold = false;
}

/* --- Comparing ---------------------------------------------------------------------------------------- */

/* Where an older entry could permit what it must not, a bucket is compared again from time to time: two pages that
   fall back together may do so while the process runs. */
static void doubt_again (struct turn *turn)
{
    static const enum store_table tables[] = {STORE_GENERATION, STORE_CONSENT};
    struct guard *self = turn->guard;
    if (turn->steady - self->agreed_since < AGREES_FOR_MS)
        return;
    self->agreed_since = turn->steady;
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        memset (self->tables[tables[i]]->agrees, 0, sizeof self->tables[tables[i]]->agrees);
}

/* 0, RECORD_DAMAGED: the bucket does not agree with its sum; or a failure. */
static int check (struct turn *turn, enum store_table table, unsigned bucket)
{
    struct guarded_table *guarded = turn->guard->tables[table];
    struct sum found;
    doubt_again (turn);
    if (has_bit (guarded->agrees, bucket))
        return 0;
    int rc = guard_sum_up (turn, table, bucket, &found);
    if (rc != 0)
        return rc;
    if (!sum_is_equal (&found, &guarded->sums[bucket])) {
        guard_note_bucket (turn->guard, table, bucket);
        return RECORD_DAMAGED;
    }
    set_bit (guarded->agrees, bucket);
    return 0;
}

int guard_check (struct turn *turn, enum store_table table, struct bytes prefix)
{
    return check (turn, table, guard_bucket (turn, table, prefix));
}

/* A sum of these buckets may not be zero. */
static bool row_is_used (const struct guarded_table *guarded, unsigned bucket)
{
    return has_bit (guarded->used, bucket / GUARD_ROW);
}

int guard_check_between (struct turn *turn, enum store_table table, struct bytes from, const struct bytes *to)
{
    static const struct sum nothing = {{0, 0}};
    const struct guarded_table *guarded = turn->guard->tables[table];
    unsigned first = guard_bucket (turn, table, from);
    unsigned last = to != NULL ? guard_bucket (turn, table, *to) : GUARD_BUCKETS - 1;
    int rc = check (turn, table, first);
    for (unsigned bucket = first + 1; rc == 0 && bucket < last; bucket++) {
        if (!row_is_used (guarded, bucket))
            bucket |= GUARD_ROW - 1; /* its last one */
        else if (!sum_is_equal (&guarded->sums[bucket], &nothing))
            rc = check (turn, table, bucket);
    }
    return rc == 0 && last > first ? check (turn, table, last) : rc;
}

int guard_get (struct turn *turn, enum store_table table, struct bytes key, struct bytes *value)
{
    int rc = check (turn, table, guard_bucket (turn, table, key));
    return rc == 0 ? store_get (turn->txn, table, key, value) : rc;
}

/* --- Changing ----------------------------------------------------------------------------------------- */

/* The row will be written at the end of the turn. If it is a new one, its room is taken now, from the share of the
   request that needs it. */
static int take_room (struct turn *turn, enum store_table table, unsigned row)
{
    static const uint8_t empty[GUARD_ROW_SEALED];
    struct guarded_table *guarded = turn->guard->tables[table];
    uint8_t name[GUARD_ROW_KEY];
    struct bytes key = {name, sizeof name}, value;
    if (has_bit (guarded->changed, row))
        return 0;
    guard_row_key (table, row, name);
    int rc = store_get (turn->txn, STORE_GUARD, key, &value);
    if (rc == STORE_NOT_FOUND)
        rc = store_put (turn->txn, STORE_GUARD, key, (struct bytes){empty, sizeof empty});
    if (rc == 0)
        set_bit (guarded->changed, row);
    return rc;
}

/* Changes the sum of a bucket, and the total, by `change`. 0 or a failure. */
static int change_sum (struct turn *turn, enum store_table table, unsigned bucket, const struct sum *change)
{
    struct guard *self = turn->guard;
    struct guarded_table *guarded = self->tables[table];
    int rc = take_room (turn, table, bucket / GUARD_ROW);
    if (rc != 0)
        return rc;
    if (self->former_count == self->former_room) {
        self->former_room = 2 * self->former_room + 64;
        self->formers = realloc (self->formers, self->former_room * sizeof *self->formers);
        if (self->formers == NULL)
            abort ();
    }
    self->formers[self->former_count++] = (struct former_sum){table, bucket, guarded->sums[bucket]};
    sum_add (&guarded->sums[bucket], change);
    sum_add (&self->total, change);
    set_bit (guarded->used, bucket / GUARD_ROW);
    return 0;
}

int guard_put (struct turn *turn, enum store_table table, struct bytes key, struct bytes value)
{
    struct bytes before;
    if (guard_by (table) == GUARDED_ELSEWHERE)
        return store_put (turn->txn, table, key, value);
    struct sum change = guard_sum_of (turn, table, key, value);
    int rc = store_get (turn->txn, table, key, &before);
    if (rc == 0) {
        struct sum former = guard_sum_of (turn, table, key, before);
        sum_add (&change, &former);
    }
    if (rc == 0 || rc == STORE_NOT_FOUND)
        rc = change_sum (turn, table, guard_bucket (turn, table, key), &change);
    return rc == 0 ? store_put (turn->txn, table, key, value) : rc;
}

int guard_delete (struct turn *turn, enum store_table table, struct bytes key)
{
    struct bytes before;
    if (guard_by (table) == GUARDED_ELSEWHERE)
        return store_delete (turn->txn, table, key);
    int rc = store_get (turn->txn, table, key, &before);
    if (rc != 0)
        return rc;
    struct sum change = guard_sum_of (turn, table, key, before);
    rc = change_sum (turn, table, guard_bucket (turn, table, key), &change);
    return rc == 0 ? store_delete (turn->txn, table, key) : rc;
}

static int mend_bucket (struct turn *turn, enum store_table table, unsigned bucket, const struct sum *found)
{
    struct sum change = *found;
    sum_add (&change, &turn->guard->tables[table]->sums[bucket]);
    return change_sum (turn, table, bucket, &change);
}

int guard_mend (struct turn *turn, enum store_table table, struct bytes key)
{
    unsigned bucket = guard_bucket (turn, table, key);
    struct sum found;
    int rc = guard_sum_up (turn, table, bucket, &found);
    return rc == 0 ? mend_bucket (turn, table, bucket, &found) : rc;
}

int guard_mend_table (struct turn *turn, enum store_table table)
{
    struct guarded_table *guarded = turn->guard->tables[table];
    struct found_sums *found = calloc (1, sizeof *found);
    if (found == NULL)
        abort ();
    int rc = guard_sum_up_all (turn, table, found);
    for (unsigned bucket = 0; bucket < GUARD_BUCKETS && rc == 0; bucket++)
        if (!sum_is_equal (&found->sums[bucket], &guarded->sums[bucket]))
            rc = mend_bucket (turn, table, bucket, &found->sums[bucket]);
    if (rc == 0)
        turn->guard->damage[table].is_found = false;
    free (found);
    return rc;
}

/* --- The end of a turn -------------------------------------------------------------------------------- */

/* A bucket that the turn mended is what it was before: it must not pass for one that agreed. */
static void undo (struct guard *self)
{
    while (self->former_count > 0) {
        const struct former_sum *former = &self->formers[--self->former_count];
        struct guarded_table *guarded = self->tables[former->table];
        sum_add (&self->total, &former->was);
        sum_add (&self->total, &guarded->sums[former->bucket]);
        guarded->sums[former->bucket] = former->was;
        clear_bit (guarded->agrees, former->bucket);
        clear_bit (guarded->changed, former->bucket / GUARD_ROW);
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

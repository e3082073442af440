/* The inside of the guard: shared by guard*.c, and included by nothing else. */
#pragma once
#include "guard.h"

enum {
    GUARD_BUCKETS = 1 << 16,
    GUARD_ROW = 16, /* sums in one record */
    GUARD_ROWS = GUARD_BUCKETS / GUARD_ROW,
    GUARD_ROW_KEY = 3, /* table (1), row (be16) */
    GUARD_ROW_SEALED = GUARD_ROW * VAULT_ID_SIZE + VAULT_SEAL_OVERHEAD,
};

#define GUARD_SEAL "seal" /* its key in STORE_META */

struct sum {
    uint64_t word[2];
};

struct guarded_table {
    struct sum sums[GUARD_BUCKETS];
    uint8_t agrees[GUARD_BUCKETS / 8]; /* a bit for each bucket whose entries agreed with its sum */
    uint8_t used[GUARD_ROWS / 8];      /* a bit for each row that has, or had, a sum that is not zero */
    uint8_t changed[GUARD_ROWS / 8];   /* a bit for each row that the turn must write */
};

/* The sums of a table's entries as they lie in the store. Of rows without an entry they are zero. */
struct found_sums {
    struct sum sums[GUARD_BUCKETS];
    uint8_t rows[GUARD_ROWS / 8]; /* a bit for each row that has an entry */
};

/* What was found of a table that has sums, or has none. */
struct damage {
    bool is_found;   /* and not mended since */
    bool is_untold;  /* to operators */
    unsigned bucket; /* the lowest that did not agree */
};

/* A sum as it was before the turn changed it. */
struct former_sum {
    enum store_table table;
    unsigned bucket;
    struct sum was;
};

struct guard {
    struct guarded_table *tables[STORE_TABLES]; /* NULL: it has no sums */
    struct sum total, loaded;                   /* of all sums, and as it was when they were read */
    struct damage damage[STORE_TABLES];
    struct former_sum *formers;
    size_t former_count, former_room;
    uint64_t sealed_line;  /* the line that the seal in the store names, */
    uint64_t written_line; /* and that it names if the turn is durable */
    moment agreed_since;   /* steady: buckets that agreed before are compared again */
};

static inline bool has_bit (const uint8_t *bits, unsigned bit)
{
    return (bits[bit / 8] >> bit % 8 & 1) != 0;
}

static inline void set_bit (uint8_t *bits, unsigned bit)
{
    bits[bit / 8] |= (uint8_t)(1 << bit % 8);
}

static inline void clear_bit (uint8_t *bits, unsigned bit)
{
    bits[bit / 8] &= (uint8_t) ~(1 << bit % 8);
}

static inline void sum_add (struct sum *sum, const struct sum *more)
{
    sum->word[0] ^= more->word[0];
    sum->word[1] ^= more->word[1];
}

static inline bool sum_is_equal (const struct sum *one, const struct sum *other)
{
    return one->word[0] == other->word[0] && one->word[1] == other->word[1];
}

/* guard_sums.c. The bucket of a key. */
unsigned guard_bucket (const struct turn *turn, enum store_table table, struct bytes key);
/* What one entry adds to its sum. Zero if it does not count. */
struct sum guard_sum_of (const struct turn *turn, enum store_table table, struct bytes key, struct bytes value);
/* The sum over the entries of the bucket as they lie in the store. 0 or a failure. */
int guard_sum_up (struct turn *turn, enum store_table table, unsigned bucket, struct sum *sum);
/* The same for all buckets of the table. *found is zero. */
int guard_sum_up_all (struct turn *turn, enum store_table table, struct found_sums *found);
/* The first moment of a bucket of the agenda. */
moment guard_day_of (unsigned bucket);

/* guard.c. The bucket does not agree. */
void guard_note_bucket (struct guard *self, enum store_table table, unsigned bucket);

/* guard_kept.c. The key of a row in STORE_GUARD. */
void guard_row_key (enum store_table table, unsigned row, uint8_t key[GUARD_ROW_KEY]);

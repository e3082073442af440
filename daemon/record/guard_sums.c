/* Which tables have sums, what a bucket of each is, and the sum of one. */
#include <string.h>
#include "big_endian.h"
#include "guard_parts.h"

/* Without a default, so that the compiler asks for an answer for a table that is new. */
enum guarded_by guard_by (enum store_table table)
{
    switch (table) {
    case STORE_SUBJECT:
    case STORE_SUBJECT_BEFORE:
    case STORE_EVENT:
    case STORE_AUDIT:
    case STORE_ANSWERED:
    case STORE_LINES_ABOUT:
    case STORE_HEARD:
    case STORE_UNKNOWN:
    case STORE_TREE: /* made again of the lines, and checked by what was signed of it */
    case STORE_PACK: /* by its hash, which is in the log */
    case STORE_GUARD:
    case STORE_EARLIER_STATEMENTS:
    case STORE_EARLIER_RECEIVED:
    case STORE_TABLES:
        return GUARDED_ELSEWHERE;
    case STORE_GENERATION:
    case STORE_CONSENT:
    case STORE_OBLIGATION:
    case STORE_REQUEST:
    case STORE_REQUEST_BY_SUBJECT:
    case STORE_RIGHTS:
    case STORE_EXTRACT:
    case STORE_EXTRACT_LINE:
        return GUARDED_BY_START;
    case STORE_CURSOR:
    case STORE_CONSUMER:
    case STORE_PARTY_SINCE:
    case STORE_REQUEST_BY_PARTY:
        return GUARDED_BY_PARTY;
    case STORE_AGENDA:
        return GUARDED_BY_DAY;
    case STORE_META:
    case STORE_REQUEST_WAITING:
    case STORE_COUNTED:
    case STORE_SINCE:
    case STORE_COSIGNATURES:
        return GUARDED_WHOLE;
    }
    return GUARDED_ELSEWHERE;
}

/* --- Buckets ------------------------------------------------------------------------------------------ */

/* The agenda: kind (1), moment (be64), id. A bucket is a day of one kind; days before the first and behind the
   last are one with it. */
enum {
    DAY_BITS = 13,
    LAST_DAY = (1 << DAY_BITS) - 1,
    FIRST_KIND = 1,
    KINDS = GUARD_BUCKETS >> DAY_BITS,
    DAY_KEY = 1 + 8,
};
static const uint64_t day_size = 24 * 60 * 60 * 1000, first_day = 18262; /* 2020-01-01 */

static unsigned bucket_of_day (const uint8_t *key, size_t size)
{
    if (size < DAY_KEY)
        return size > 0 ? (unsigned)(key[0] - FIRST_KIND) % KINDS << DAY_BITS : 0;
    uint64_t day = get_be64 (key + 1) / day_size;
    unsigned in_kind = day < first_day              ? 0
                       : day - first_day > LAST_DAY ? (unsigned)LAST_DAY
                                                    : (unsigned)(day - first_day);
    return (unsigned)(key[0] - FIRST_KIND) % KINDS << DAY_BITS | in_kind;
}

moment guard_day_of (unsigned bucket)
{
    uint64_t day = bucket & LAST_DAY;
    return day == 0 ? 0 : (moment)((first_day + day) * day_size);
}

unsigned guard_bucket (const struct turn *turn, enum store_table table, struct bytes key)
{
    const uint8_t *at = key.data;
    switch (guard_by (table)) {
    case GUARDED_BY_START:
        return key.size >= 2 ? (unsigned)(at[0] << 8 | at[1]) : 0;
    case GUARDED_BY_PARTY:
        return (unsigned)(vault_tag (turn->vault, at, strnlen (key.data, key.size)) % GUARD_BUCKETS);
    case GUARDED_BY_DAY:
        return bucket_of_day (at, key.size);
    case GUARDED_WHOLE:
    case GUARDED_ELSEWHERE:
        break;
    }
    return 0;
}

/* The lowest key that a bucket may have. The keys of a party's bucket do not lie together. Returns the size. */
static size_t first_key (enum store_table table, unsigned bucket, uint8_t key[DAY_KEY])
{
    enum guarded_by by = guard_by (table);
    if (by == GUARDED_BY_START) {
        key[0] = (uint8_t)(bucket >> 8);
        key[1] = (uint8_t)bucket;
        return 2;
    }
    if (by != GUARDED_BY_DAY)
        return 0;
    key[0] = (uint8_t)((bucket >> DAY_BITS) + FIRST_KIND);
    put_be64 (key + 1, (uint64_t)guard_day_of (bucket));
    return DAY_KEY;
}

/* --- Sums --------------------------------------------------------------------------------------------- */

static bool is_own_key (struct bytes key)
{
    return store_is_its_own (key) ||
           (key.size == sizeof GUARD_SEAL - 1 && memcmp (key.data, GUARD_SEAL, key.size) == 0);
}

/* What the store keeps for itself in STORE_META counts for nothing. Neither does an entry that an earlier program
   wrote: nobody takes it for an entry (see registry/upgrade.h). */
static bool is_counted (enum store_table table, struct bytes key, struct bytes value)
{
    if (table == STORE_META)
        return !is_own_key (key);
    if (table == STORE_CURSOR)
        return value.size != GUARD_EARLIER_CURSOR;
    return table != STORE_CONSENT || value.size <= VAULT_ID_SIZE;
}

struct sum guard_sum_of (const struct turn *turn, enum store_table table, struct bytes key, struct bytes value)
{
    enum { SMALL = 512, KEY_LIMIT = UINT8_MAX };
    uint8_t entry[SMALL], *at = entry;
    struct sum sum = {{0, 0}};
    if (!is_counted (table, key, value))
        return sum;
    if (key.size > KEY_LIMIT) /* a damaged entry: no sum has it */
        return (struct sum){{1, 1}};
    *at++ = (uint8_t)table;
    *at++ = (uint8_t)key.size;
    memcpy (at, key.data, key.size);
    at += key.size;
    if (value.size <= (size_t)(entry + sizeof entry - at)) {
        if (value.size > 0)
            memcpy (at, value.data, value.size);
        at += value.size;
    } else {
        vault_hash (value.data, value.size, NULL, 0, at);
        at += VAULT_HASH_SIZE;
    }
    vault_sum (turn->vault, entry, (size_t)(at - entry), (uint8_t *)&sum);
    return sum;
}

int guard_sum_up (struct turn *turn, enum store_table table, unsigned bucket, struct sum *sum)
{
    uint8_t first[DAY_KEY];
    struct bytes from = {first, first_key (table, bucket, first)}, key, value;
    struct store_scan *scan = NULL;
    *sum = (struct sum){{0, 0}};
    int rc = store_scan_open (turn->txn, table, from, &scan);
    while (rc == 0 && (rc = store_scan_next (scan, &key, &value)) == 0) {
        bool is_of = guard_bucket (turn, table, key) == bucket;
        if (!is_of && from.size > 0)
            break;
        struct sum one = guard_sum_of (turn, table, key, value);
        if (is_of)
            sum_add (sum, &one);
    }
    store_scan_close (&scan);
    return rc == STORE_NOT_FOUND ? 0 : rc;
}

int guard_sum_up_all (struct turn *turn, enum store_table table, struct found_sums *found)
{
    struct store_scan *scan = NULL;
    struct bytes key, value;
    int rc = store_scan_open (turn->txn, table, (struct bytes){"", 0}, &scan);
    while (rc == 0 && (rc = store_scan_next (scan, &key, &value)) == 0) {
        struct sum one = guard_sum_of (turn, table, key, value);
        unsigned bucket = guard_bucket (turn, table, key);
        sum_add (&found->sums[bucket], &one);
        set_bit (found->rows, bucket / GUARD_ROW);
    }
    store_scan_close (&scan);
    return rc == STORE_NOT_FOUND ? 0 : rc;
}

#include "id_begins.h"
#include <string.h>
#include "record/guard.h"

static unsigned value_of (char digit)
{
    return (unsigned)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

static unsigned digit_of (const uint8_t *id, size_t place)
{
    return place % 2 == 0 ? id[place / 2] >> 4 : id[place / 2] & 15u;
}

static bool begins_so (const uint8_t *id, const char *digits)
{
    for (size_t i = 0; digits[i] != '\0'; i++)
        if (digit_of (id, i) != value_of (digits[i]))
            return false;
    return true;
}

static bool is_found (const struct id_search *search, const uint8_t *id)
{
    for (size_t i = 0; i < search->count; i++)
        if (memcmp (search->found[i].bytes, id, sizeof search->found->bytes) == 0)
            return true;
    return false;
}

/* Adds those of one table. Its keys are ids. */
static int find_in (struct turn *turn, enum store_table table, struct id_search *search)
{
    struct id first = {{0}};
    for (size_t i = 0; search->digits[i] != '\0'; i++)
        first.bytes[i / 2] |= (uint8_t)(value_of (search->digits[i]) << (i % 2 == 0 ? 4 : 0));
    struct bytes start = {first.bytes, sizeof first.bytes}, key, value;
    struct store_scan *scan = NULL;
    int rc = guard_check (turn, table, (struct bytes){first.bytes, ID_BEGINS_LEAST / 2});
    if (rc == 0)
        rc = store_scan_open (turn->txn, table, start, &scan);
    while (rc == 0 && search->count < search->limit && (rc = store_scan_next (scan, &key, &value)) == 0) {
        if (key.size != sizeof first.bytes || !begins_so (key.data, search->digits))
            break;
        if (!is_found (search, key.data))
            memcpy (search->found[search->count++].bytes, key.data, sizeof first.bytes);
    }
    store_scan_close (&scan);
    return rc == STORE_NOT_FOUND ? 0 : rc;
}

int id_begins_find (struct turn *turn, struct id_search *search)
{
    search->count = 0;
    int rc = find_in (turn, STORE_CONSENT, search);
    return rc == 0 ? find_in (turn, STORE_REQUEST, search) : rc;
}

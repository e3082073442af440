#include "counted.h"
#include <string.h>
#include <time.h>
#include "big_endian.h"
#include "record/guard.h"

enum {
    KEY_LIMIT = 32 + 1 + 1 + 64 + 1 + 64,
    VALUE_SIZE = 24,       /* count, moment of the first, moment of the last */
    AT_ORIGIN = 1,         /* after the party's NUL */
    ROOM_FOR_LINE = 16384, /* bytes: no line that may be counted is larger */
    AT_ONCE = 256,         /* rows in one turn */
};

/* The key: party, NUL, origin, action, NUL, result. */
static struct bytes key_of (const struct audit_head *head, uint8_t key[KEY_LIMIT])
{
    size_t size = strnlen (head->party, 32);
    memcpy (key, head->party, size);
    key[size++] = 0;
    key[size++] = (uint8_t)head->origin;
    size_t action = strnlen (head->action, 64), result = strnlen (head->result, 64);
    memcpy (key + size, head->action, action);
    size += action;
    key[size++] = 0;
    memcpy (key + size, head->result, result);
    return (struct bytes){key, size + result};
}

struct row {
    struct audit_head head; /* time: that of the last */
    uint64_t count;
    moment since;
    struct bytes key;
};

static int read_row (struct turn *turn, struct bytes key, struct bytes value, struct row *row)
{
    const char *text = arena_strndup (turn->arena, key.data, key.size); /* ends at its first NUL, as texts do */
    const char *whole = arena_memdup (turn->arena, key.data, key.size);
    const char *rest = memchr (whole, 0, key.size), *end = whole + key.size;
    if (rest == NULL || end - rest < 3 || value.size != VALUE_SIZE || (uint8_t)rest[AT_ORIGIN] > AUDIT_OPERATORS)
        return RECORD_DAMAGED;
    const char *action = rest + AT_ORIGIN + 1, *middle = memchr (action, 0, (size_t)(end - action));
    if (middle == NULL)
        return RECORD_DAMAGED;
    const uint8_t *numbers = value.data;
    row->head = (struct audit_head){
        .time = (moment)get_be64 (numbers + 16),
        .party = text,
        .action = action,
        .result = arena_strndup (turn->arena, middle + 1, (size_t)(end - middle - 1)),
        .origin = (enum audit_origin)rest[AT_ORIGIN],
    };
    row->count = get_be64 (numbers);
    row->since = (moment)get_be64 (numbers + 8);
    row->key = (struct bytes){whole, key.size};
    return 0;
}

int counted_add (struct turn *turn, const struct audit_head *head)
{
    uint8_t key[KEY_LIMIT], numbers[VALUE_SIZE];
    struct bytes place = key_of (head, key), before;
    uint64_t count = 1;
    moment since = head->time;
    int rc = store_get (turn->txn, STORE_COUNTED, place, &before);
    if (rc == 0 && before.size == VALUE_SIZE) { /* a damaged row begins again: it must not stop the counting */
        count += get_be64 (before.data);
        since = (moment)get_be64 ((const uint8_t *)before.data + 8);
    }
    if (rc != 0 && rc != STORE_NOT_FOUND)
        return rc;
    put_be64 (numbers, count);
    put_be64 (numbers + 8, (uint64_t)since);
    put_be64 (numbers + 16, (uint64_t)head->time);
    enum store_share share = store_share_of (turn->txn);
    store_use_share (turn->txn, STORE_OWN);
    rc = guard_put (turn, STORE_COUNTED, place, (struct bytes){numbers, sizeof numbers});
    store_use_share (turn->txn, share);
    if (turn->state.counted_since == 0)
        turn->state.counted_since = turn->now;
    return rc;
}

bool counted_has_room (const struct turn *turn)
{
    return turn->promised_line != 0 || store_has_room (turn->txn, store_share_of (turn->txn), ROOM_FOR_LINE);
}

int counted_log (struct turn *turn, const struct audit_head *head, const struct vault_key *key,
                 const struct evidence *evidence)
{
    if (counted_has_room (turn))
        return audit_append (turn, head, key, evidence);
    return counted_add (turn, head);
}

bool counted_is_due (const struct turn *turn)
{
    return turn->state.counted_since != 0 && turn->now - turn->state.counted_since >= COUNTED_FOR_MS &&
           store_has_room (turn->txn, STORE_GENERAL, ROOM_FOR_LINE);
}

static const char *when (struct turn *turn, moment at)
{
    time_t seconds = (time_t)(at / 1000);
    struct tm utc;
    char text[32];
    gmtime_r (&seconds, &utc);
    strftime (text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return arena_strdup (turn->arena, text);
}

static int write_row (struct turn *turn, const struct row *row)
{
    struct evidence evidence = {.note = arena_printf (turn->arena, "%llu, since %s",
                                                      (unsigned long long)row->count, when (turn, row->since))};
    int rc = audit_append (turn, &row->head, NULL, &evidence);
    return rc == 0 ? guard_delete (turn, STORE_COUNTED, row->key) : rc;
}

/* Reads the rows before any is written, since a scan allows no writing. Damaged rows are passed over. */
static int read_rows (struct turn *turn, struct row *rows, size_t *count)
{
    struct store_scan *scan = NULL;
    struct bytes key, value;
    *count = 0;
    int rc = guard_check (turn, STORE_COUNTED, (struct bytes){"", 0});
    if (rc == RECORD_DAMAGED) /* operators are told, and what is there is still counted */
        rc = guard_mend (turn, STORE_COUNTED, (struct bytes){"", 0});
    if (rc == 0)
        rc = store_scan_open (turn->txn, STORE_COUNTED, (struct bytes){"", 0}, &scan);
    while (rc == 0 && *count < AT_ONCE && (rc = store_scan_next (scan, &key, &value)) == 0)
        if (read_row (turn, key, value, &rows[*count]) == 0)
            (*count)++;
    store_scan_close (&scan);
    return rc == STORE_NOT_FOUND ? 0 : rc;
}

int counted_write (struct turn *turn, uint64_t *refused)
{
    struct row *rows = arena_array (turn->arena, AT_ONCE, sizeof *rows);
    size_t count, written = 0;
    int rc = read_rows (turn, rows, &count);
    *refused = 0;
    while (rc == 0 && written < count && store_has_room (turn->txn, STORE_GENERAL, ROOM_FOR_LINE)) {
        rc = write_row (turn, &rows[written]);
        if (strcmp (rows[written++].head.result, "unavailable") == 0)
            *refused += rows[written - 1].count;
    }
    if (rc == 0 && written == count && count < AT_ONCE)
        turn->state.counted_since = 0;
    return rc;
}

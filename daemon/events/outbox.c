#include "outbox.h"
#include <string.h>
#include "big_endian.h"
#include "consumers.h"
#include "record/guard.h"
#include "parties/parties.h"
#include "unconst.h"

enum { KEY_LIMIT = 32 + 1 + 8 };

/* The key: party, NUL, number. */
static struct bytes event_key (const char *party, uint64_t number, uint8_t key[KEY_LIMIT])
{
    size_t size = strnlen (party, 32);
    memcpy (key, party, size);
    key[size] = 0;
    put_be64 (key + size + 1, number);
    return (struct bytes){key, size + 9};
}

/* Finds what a damaged cursor was, by the events that wait: those that are no longer kept are gone, and the others
   have no gaps. RECORD_DAMAGED if none waits. */
static int rebuild_cursor (struct turn *turn, const char *party, struct cursor *cursor)
{
    uint8_t low[KEY_LIMIT], high[KEY_LIMIT];
    struct bytes first = event_key (party, 0, low), end = event_key (party, UINT64_MAX, high), key, value;
    struct store_scan *scan = NULL;
    int rc = store_last (turn->txn, STORE_EVENT, end, &key, &value);
    if (rc != 0 || key.size != first.size || memcmp (key.data, first.data, first.size - 8) != 0)
        return rc == 0 || rc == STORE_NOT_FOUND ? RECORD_DAMAGED : rc;
    cursor->newest = get_be64 ((const uint8_t *)key.data + key.size - 8);
    rc = store_scan_open (turn->txn, STORE_EVENT, first, &scan);
    if (rc == 0)
        rc = store_scan_next (scan, &key, &value);
    if (rc == 0)
        cursor->acknowledged = get_be64 ((const uint8_t *)key.data + key.size - 8) - 1;
    store_scan_close (&scan);
    return rc == STORE_NOT_FOUND ? RECORD_DAMAGED : rc;
}

static struct record_place cursor_place (const struct turn *turn, const char *party)
{
    return (struct record_place){"cursor", party, strlen (party), vault_system_key (turn->vault)};
}

int outbox_cursor (struct turn *turn, const char *party, struct cursor *cursor)
{
    struct record_place place = cursor_place (turn, party);
    struct bytes value;
    memset (cursor, 0, sizeof *cursor);
    int rc = guard_get (turn, STORE_CURSOR, (struct bytes){party, strlen (party)}, &value);
    if (rc == STORE_NOT_FOUND)
        return 0;
    if (rc == 0)
        rc = record_open_cursor (turn->arena, &place, value, cursor);
    if (rc != RECORD_DAMAGED)
        return rc;
    rc = consumers_recount (turn, party, cursor);
    return rc == 0 ? rebuild_cursor (turn, party, cursor) : rc;
}

int outbox_put_cursor (struct turn *turn, const char *party, const struct cursor *cursor)
{
    struct record_place place = cursor_place (turn, party);
    struct bytes key = {party, strlen (party)}, value = record_seal_cursor (turn->arena, &place, cursor);
    int rc = guard_check (turn, STORE_CURSOR, key);
    if (rc == RECORD_DAMAGED)
        rc = guard_mend (turn, STORE_CURSOR, key);
    if (rc == 0)
        rc = guard_put (turn, STORE_CURSOR, key, value);
    if (rc == 0)
        outbox_know (turn->outbox, party, cursor);
    return rc;
}

/* An event about a subject begins with this, in clear: what is still told once the subject is erased. A record
   begins with 0. */
enum {
    ABOUT_SUBJECT = 1,
    AT_SUBJECT = 1,
    AT_LINE = AT_SUBJECT + VAULT_ID_SIZE, /* be64: the newest line of the log when it was made */
    AT_TIME = AT_LINE + 8,                /* be64 */
    PREFIX = AT_TIME + 8,
};

static struct bytes seal_event (struct turn *turn, struct bytes key, const struct about *about,
                                const struct event *event)
{
    if (about == NULL) {
        struct record_place place = {"event", key.data, key.size, vault_system_key (turn->vault)};
        return record_seal_event (turn->arena, &place, event, 0);
    }
    struct record_place place = {"event", key.data, key.size, about->key};
    struct bytes value = record_seal_event (turn->arena, &place, event, PREFIX);
    uint8_t *made = unconst (value.data);
    made[0] = ABOUT_SUBJECT;
    memcpy (made + AT_SUBJECT, about->id, VAULT_ID_SIZE);
    put_be64 (made + AT_LINE, turn->state.audit_number);
    put_be64 (made + AT_TIME, (uint64_t)event->time);
    return value;
}

/* R7: all that can be told of it, and must be. */
static void tell_erased (struct turn *turn, const char *party, const uint8_t *prefix, struct event *event)
{
    *event = (struct event){
        .kind = EVENT_SUBJECT_ERASED, .time = (moment)get_be64 (prefix + AT_TIME), .purpose = "", .whole = true};
    vault_subject_ref (turn->vault, prefix + AT_SUBJECT, party, event->subject_ref.bytes);
}

static int open_event (struct turn *turn, struct bytes key, struct bytes value, const char *party,
                       struct event *event)
{
    struct record_place place = {"event", key.data, key.size, vault_system_key (turn->vault)};
    const uint8_t *prefix = value.data;
    struct vault_key own;
    if (value.size <= PREFIX || prefix[0] != ABOUT_SUBJECT)
        return record_open_event (turn->arena, &place, value, event);
    prefix = arena_memdup (turn->arena, value.data, value.size); /* the value is lent until the next reading */
    int rc = subject_key_read (turn, prefix + AT_SUBJECT, &own);
    place.seal = &own;
    if (rc == 0)
        rc = record_open_event (turn->arena, &place, (struct bytes){prefix + PREFIX, value.size - PREFIX}, event);
    if (rc == RECORD_DAMAGED)
        rc = subject_key_judge (turn, prefix + AT_SUBJECT, get_be64 (prefix + AT_LINE));
    vault_key_wipe (&own);
    event->is_about = rc == 0;
    memcpy (event->about.bytes, prefix + AT_SUBJECT, sizeof event->about.bytes);
    event->after_line = get_be64 (prefix + AT_LINE);
    if (rc == SUBJECT_FILE_NOT_FOUND) {
        tell_erased (turn, party, prefix, event);
        rc = 0;
    }
    return rc;
}

/* V7: an event is kept until every consumer has acknowledged it, so there must be one, or one that may still come.
 */
static bool keeps (const struct turn *turn, const char *party, const struct cursor *cursor)
{
    const struct party_entry *entry = parties_find (turn->parties, party);
    if (cursor->closed)
        return false;
    return cursor->live > 0 || consumers_is_of_before (cursor) || entry == NULL || entry->party.active;
}

/* V7: numbers have no gaps, because a number is given in the transaction that makes its event. */
int outbox_add (struct turn *turn, const char *party, const struct about *about, struct event *event)
{
    struct cursor cursor;
    int rc = outbox_cursor (turn, party, &cursor);
    /* Goes on at a number that was never given: there are more lines than events. The subscriber sees the gap. */
    if (rc == RECORD_DAMAGED)
        cursor.newest = cursor.acknowledged = turn->state.audit_number;
    else if (rc != 0)
        return rc;
    event->number = ++cursor.newest;
    uint8_t buffer[KEY_LIMIT];
    struct bytes key = event_key (party, event->number, buffer);
    if (cursor.acknowledged == event->number - 1 && !keeps (turn, party, &cursor)) {
        cursor.acknowledged = event->number;
        cursor.named = true;
    } else
        rc = store_put (turn->txn, STORE_EVENT, key, seal_event (turn, key, about, event));
    return rc == 0 ? outbox_put_cursor (turn, party, &cursor) : rc;
}

int outbox_pass_over (struct turn *turn, const char *party, uint64_t number)
{
    uint8_t buffer[KEY_LIMIT];
    struct event event = {
        .kind = EVENT_PASSED_OVER, .time = turn->now, .revision = turn->state.revision, .purpose = ""};
    struct bytes key = event_key (party, number, buffer);
    return store_put (turn->txn, STORE_EVENT, key, seal_event (turn, key, NULL, &event));
}

int outbox_read (struct turn *turn, const char *party, uint64_t number, struct event *event)
{
    uint8_t buffer[KEY_LIMIT];
    struct bytes key = event_key (party, number, buffer), value;
    int rc = store_get (turn->txn, STORE_EVENT, key, &value);
    if (rc != 0)
        return rc;
    rc = open_event (turn, key, value, party, event);
    event->number = number;
    return rc;
}

int outbox_clear (struct turn *turn, const char *party, uint64_t number, struct cursor *cursor)
{
    uint64_t last = number;
    int rc = 0;
    if (number <= cursor->acknowledged)
        return 0;
    if (number - cursor->acknowledged > OUTBOX_CLEAR)
        last = cursor->acknowledged + OUTBOX_CLEAR;
    for (uint64_t one = cursor->acknowledged + 1; one <= last && rc == 0; one++) {
        uint8_t buffer[KEY_LIMIT];
        rc = store_delete (turn->txn, STORE_EVENT, event_key (party, one, buffer));
        if (rc == STORE_NOT_FOUND)
            rc = 0; /* that it is missing was told when it should have been pushed */
    }
    cursor->acknowledged = last;
    return rc == 0 ? outbox_put_cursor (turn, party, cursor) : rc;
}

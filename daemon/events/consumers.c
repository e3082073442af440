#include "consumers.h"
#include <stdio.h>
#include <string.h>
#include "heard.h"
#include "record/guard.h"

enum { KEY_LIMIT = VAULT_PARTY_LIMIT + 1 + CONSUMER_NAME_LIMIT };

/* The key: party, NUL, name. */
static struct bytes make_key (const char *party, const char *name, char key[KEY_LIMIT])
{
    size_t size = strnlen (party, VAULT_PARTY_LIMIT), length = strnlen (name, CONSUMER_NAME_LIMIT);
    memcpy (key, party, size);
    key[size++] = '\0';
    memcpy (key + size, name, length);
    return (struct bytes){key, size + length};
}

static struct record_place place_of (const struct turn *turn, struct bytes key)
{
    return (struct record_place){"consumer", key.data, key.size, vault_system_key (turn->vault)};
}

/* --- Reading ------------------------------------------------------------------------------------------ */

bool consumers_is_of_before (const struct cursor *cursor)
{
    return !cursor->named && cursor->acknowledged > 0;
}

/* What was dropped is what was kept no longer before the consumer acknowledged it. */
static void judge (struct consumer *one, const struct cursor *cursor)
{
    one->first_dropped = one->last_dropped = 0;
    if (one->damaged && one->acknowledged < cursor->acknowledged)
        one->acknowledged = cursor->acknowledged;
    if (one->forgotten_at == 0 && one->acknowledged < cursor->acknowledged) {
        one->first_dropped = one->acknowledged + 1;
        one->last_dropped = cursor->acknowledged;
    }
}

struct reading {
    const struct cursor *cursor;
    bool is_whole; /* the table is believed */
};

/* Reads an entry of the table. What it says is only believed if the table can be. */
static void read_one (struct turn *turn, struct bytes key, struct bytes value, const struct reading *reading,
                      struct consumer *one)
{
    struct record_place place = place_of (turn, key);
    const char *name = (const char *)key.data + strnlen (key.data, key.size) + 1;
    size_t length = key.size - (size_t)(name - (const char *)key.data);
    *one = (struct consumer){.damaged = true};
    if (record_open_consumer (turn->arena, &place, value, one) == 0)
        one->damaged = !reading->is_whole;
    else
        *one = (struct consumer){.first = 1, .damaged = true};
    if (one->damaged)
        one->acknowledged = reading->cursor->acknowledged;
    memcpy (one->name, name, length);
    one->name[length] = '\0';
    judge (one, reading->cursor);
}

static bool is_of (struct bytes key, struct bytes prefix)
{
    return key.size > prefix.size && key.size <= prefix.size + CONSUMER_NAME_LIMIT &&
           memcmp (key.data, prefix.data, prefix.size) == 0;
}

static int read_all (struct turn *turn, const char *party, const struct reading *reading, struct consumers *all)
{
    char buffer[KEY_LIMIT];
    struct bytes prefix = make_key (party, "", buffer), key, value;
    struct store_scan *scan = NULL;
    int rc = store_scan_open (turn->txn, STORE_CONSUMER, prefix, &scan);
    while (rc == 0 && all->count < CONSUMERS_LISTED && (rc = store_scan_next (scan, &key, &value)) == 0) {
        if (!is_of (key, prefix))
            break;
        read_one (turn, key, value, reading, &all->item[all->count]);
        all->live += all->item[all->count++].forgotten_at == 0;
    }
    store_scan_close (&scan);
    return rc == STORE_NOT_FOUND ? 0 : rc;
}

int consumers_list (struct turn *turn, const char *party, const struct cursor *cursor, struct consumers *all)
{
    int rc = guard_check (turn, STORE_CONSUMER, (struct bytes){party, strlen (party)});
    struct reading reading = {cursor, rc == 0};
    all->count = all->live = all->missing = 0;
    if (rc == 0 || rc == RECORD_DAMAGED)
        rc = read_all (turn, party, &reading, all);
    if (rc != 0)
        return rc;
    if (consumers_is_of_before (cursor) && all->count == 0) {
        all->item[all->count++] =
            (struct consumer){.name = CONSUMER_DEFAULT, .first = 1, .acknowledged = cursor->acknowledged};
        all->live = 1;
    }
    all->missing = cursor->live > all->live ? cursor->live - (uint32_t)all->live : 0;
    return 0;
}

struct consumer *consumers_of_name (struct consumers *all, const char *name)
{
    for (size_t i = 0; i < all->count; i++)
        if (strcmp (all->item[i].name, name) == 0)
            return &all->item[i];
    return NULL;
}

int consumers_find (struct turn *turn, const char *party, const char *name, const struct cursor *cursor,
                    struct consumer *found)
{
    struct consumers all;
    int rc = consumers_list (turn, party, cursor, &all);
    const struct consumer *one = rc == 0 ? consumers_of_name (&all, name) : NULL;
    if (one != NULL)
        *found = *one;
    return rc != 0 ? rc : one == NULL ? CONSUMERS_NONE : 0;
}

struct consumer consumers_nobody (const struct cursor *cursor)
{
    return (struct consumer){.acknowledged = cursor->acknowledged,
                             .unheard_told = cursor->unheard_told,
                             .waiting_told = cursor->waiting_told,
                             .dropped_told = cursor->dropped_told};
}

uint64_t consumers_least (const struct consumers *all, const struct cursor *cursor)
{
    uint64_t least = cursor->newest;
    if (all->missing > 0 || (all->live == 0 && !cursor->closed))
        return cursor->acknowledged;
    for (size_t i = 0; i < all->count; i++)
        if (all->item[i].forgotten_at == 0 && all->item[i].acknowledged < least)
            least = all->item[i].acknowledged;
    return least > cursor->acknowledged ? least : cursor->acknowledged;
}

int consumers_recount (struct turn *turn, const char *party, struct cursor *cursor)
{
    struct consumers all = {.count = 0};
    *cursor = (struct cursor){.newest = 0};
    int rc = read_all (turn, party, &(struct reading){cursor, true}, &all);
    cursor->named = all.count > 0;
    cursor->live = (uint32_t)all.live;
    cursor->closed = cursor->named && all.live == 0;
    return rc;
}

/* --- Writing ------------------------------------------------------------------------------------------ */

static int put_one (struct turn *turn, const char *party, const struct consumer *consumer)
{
    char buffer[KEY_LIMIT];
    struct bytes key = make_key (party, consumer->name, buffer);
    struct record_place place = place_of (turn, key);
    return guard_put (turn, STORE_CONSUMER, key, record_seal_consumer (turn->arena, &place, consumer));
}

/* What the table says is believed from here on. So what was not believed of it is written as it was counted. */
static int mend (struct turn *turn, const char *party, const struct cursor *cursor)
{
    struct bytes prefix = {party, strlen (party)};
    struct consumers all;
    int rc = guard_check (turn, STORE_CONSUMER, prefix);
    if (rc != RECORD_DAMAGED)
        return rc;
    rc = consumers_list (turn, party, cursor, &all);
    if (rc == 0)
        rc = guard_mend (turn, STORE_CONSUMER, prefix);
    for (size_t i = 0; rc == 0 && i < all.count; i++)
        rc = put_one (turn, party, &all.item[i]);
    return rc;
}

/* Makes the table say who there is. */
static int take_up (struct turn *turn, const char *party, struct cursor *cursor)
{
    int rc = mend (turn, party, cursor);
    if (rc != 0 || cursor->named)
        return rc;
    if (consumers_is_of_before (cursor)) {
        struct consumer one = {.name = CONSUMER_DEFAULT, .first = 1, .acknowledged = cursor->acknowledged};
        rc = put_one (turn, party, &one);
        cursor->live = 1;
    }
    cursor->named = true;
    return rc == 0 ? outbox_put_cursor (turn, party, cursor) : rc;
}

static int put_nobody (struct turn *turn, const char *party, const struct consumer *nobody, struct cursor *cursor)
{
    cursor->unheard_told = nobody->unheard_told;
    cursor->waiting_told = nobody->waiting_told;
    cursor->dropped_told = nobody->dropped_told;
    return outbox_put_cursor (turn, party, cursor);
}

int consumers_put (struct turn *turn, const char *party, const struct consumer *consumer)
{
    struct cursor cursor;
    int rc = outbox_cursor (turn, party, &cursor);
    if (rc != 0)
        return rc;
    if (consumer->name[0] == '\0')
        return put_nobody (turn, party, consumer, &cursor);
    rc = take_up (turn, party, &cursor);
    return rc == 0 ? put_one (turn, party, consumer) : rc;
}

/* A party that had no consumer had marks of nobody's. What was dropped meanwhile, its first consumer is told. */
static void begin_first (struct consumer *made, struct cursor *cursor, bool from_oldest)
{
    made->unheard_told = cursor->unheard_told;
    made->waiting_told = cursor->waiting_told;
    made->dropped_told = cursor->dropped_told;
    if (from_oldest && cursor->dropped_told > 0) {
        made->first = 1;
        made->acknowledged = 0;
    }
    cursor->unheard_told = cursor->waiting_told = cursor->dropped_told = 0;
}

static int make (struct turn *turn, const struct consumer_start *start, struct cursor *cursor,
                 struct consumer *made)
{
    uint64_t from = start->from > 0 ? start->from : cursor->acknowledged + 1;
    *made = (struct consumer){.first = from, .acknowledged = from - 1, .since = turn->now, .seen_at = turn->now};
    snprintf (made->name, sizeof made->name, "%s", start->name);
    if (cursor->live == 0)
        begin_first (made, cursor, start->from == 0);
    cursor->live++;
    cursor->closed = false;
    int rc = put_one (turn, start->party, made);
    judge (made, cursor);
    return rc == 0 ? outbox_put_cursor (turn, start->party, cursor) : rc;
}

int consumers_begin (struct turn *turn, const struct consumer_start *start, struct cursor *cursor,
                     struct consumer *found)
{
    struct consumers all;
    int rc = consumers_list (turn, start->party, cursor, &all);
    const struct consumer *one = rc == 0 ? consumers_of_name (&all, start->name) : NULL;
    if (one != NULL && one->forgotten_at == 0) {
        *found = *one;
        return 0;
    }
    if (rc == 0 && all.live + all.missing >= CONSUMERS_OF_PARTY)
        return CONSUMERS_TOO_MANY;
    if (rc == 0)
        rc = take_up (turn, start->party, cursor);
    return rc == 0 ? make (turn, start, cursor, found) : rc;
}

int consumers_seen (struct turn *turn, const char *party, struct consumer *consumer)
{
    if (consumer->seen_at == turn->now ||
        !store_has_room (turn->txn, STORE_GENERAL, 2 * VAULT_SEAL_OVERHEAD + 512))
        return 0;
    consumer->seen_at = turn->now;
    return consumers_put (turn, party, consumer);
}

/* Deletes what nobody needs any more. */
static int clear (struct turn *turn, const char *party, struct cursor *cursor)
{
    struct consumers all;
    int rc = consumers_list (turn, party, cursor, &all);
    return rc == 0 ? outbox_clear (turn, party, consumers_least (&all, cursor), cursor) : rc;
}

/* V7: events are kept until they are acknowledged. V8: when that was, is noted. */
int consumers_acknowledge (struct turn *turn, const char *party, struct consumer *consumer, uint64_t number)
{
    struct cursor cursor;
    int rc = outbox_cursor (turn, party, &cursor);
    if (rc != 0 || number <= consumer->acknowledged)
        return rc;
    uint64_t dropped = number < consumer->last_dropped ? number : consumer->last_dropped;
    if (dropped > 0) /* who goes on behind a gap acknowledges what it never had */
        rc = heard_note_dropped (turn, party, consumer->name, dropped);
    consumer->acknowledged = number;
    consumer->seen_at = turn->now;
    consumer->damaged = false;
    judge (consumer, &cursor);
    if (rc == 0)
        rc = consumers_put (turn, party, consumer);
    if (rc == 0 && number > dropped)
        rc = heard_note (turn, party, consumer->name, number);
    if (rc == 0)
        rc = outbox_cursor (turn, party, &cursor);
    return rc == 0 ? clear (turn, party, &cursor) : rc;
}

/* Those that were forgotten long ago make room for those that were forgotten now. */
static int drop_oldest (struct turn *turn, const char *party, const struct consumers *all)
{
    const struct consumer *oldest = NULL;
    char buffer[KEY_LIMIT];
    if (all->count - all->live < CONSUMERS_FORGOTTEN)
        return 0;
    for (size_t i = 0; i < all->count; i++)
        if (all->item[i].forgotten_at != 0 && (oldest == NULL || all->item[i].forgotten_at < oldest->forgotten_at))
            oldest = &all->item[i];
    return oldest == NULL ? 0 : guard_delete (turn, STORE_CONSUMER, make_key (party, oldest->name, buffer));
}

int consumers_forget (struct turn *turn, const char *party, const char *name, struct consumer *forgotten)
{
    struct cursor cursor;
    struct consumers all;
    int rc = outbox_cursor (turn, party, &cursor);
    if (rc == 0)
        rc = take_up (turn, party, &cursor);
    if (rc == 0)
        rc = consumers_list (turn, party, &cursor, &all);
    if (rc != 0)
        return rc;
    const struct consumer *one = consumers_of_name (&all, name);
    if (one == NULL && all.missing == 0)
        return CONSUMERS_NONE;
    *forgotten = one != NULL ? *one : (struct consumer){.first = cursor.newest + 1};
    snprintf (forgotten->name, sizeof forgotten->name, "%s", name);
    if (forgotten->forgotten_at != 0)
        return 0;
    forgotten->forgotten_at = turn->now;
    judge (forgotten, &cursor);
    rc = drop_oldest (turn, party, &all);
    if (rc == 0)
        rc = put_one (turn, party, forgotten);
    cursor.live -= cursor.live > 0;
    cursor.closed = cursor.live == 0;
    if (rc == 0)
        rc = outbox_put_cursor (turn, party, &cursor);
    return rc == 0 ? clear (turn, party, &cursor) : rc;
}

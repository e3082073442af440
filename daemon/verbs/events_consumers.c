/* The consumers, as operators see them and forget them (V7, V8). */
#include <string.h>
#include "events/consumers.h"
#include "events/unheard.h"
#include "verbs.h"

enum {
    NAMED = 33, /* bytes of a name with its NUL */
    CURSOR_LIMIT = 2 * NAMED,
    UNHEARD = 256,     /* that are looked through */
    OPERATIONS = 2000, /* reads of the store, for one page */
};

struct consumers_page {
    struct turn *turn;
    struct shown_consumer *shown;
    size_t count, limit;
    bool waiting_only;
    const char *party, *consumer; /* of the last row that was looked at; NULL: none */
    const char *after_party, *after_consumer;
    const struct consumer_warning *unheard;
    size_t unheard_count;
};

/* The cursor: party, NUL, consumer, NUL, of the last row. False: it is none. */
static bool read_cursor (struct consumers_page *page, struct bytes cursor)
{
    const char *bytes = cursor.data;
    page->after_party = page->after_consumer = NULL;
    if (cursor.size == 0)
        return true;
    size_t size = strnlen (bytes, cursor.size);
    if (cursor.size > CURSOR_LIMIT || size + 1 >= cursor.size || bytes[cursor.size - 1] != '\0')
        return false;
    page->after_party = bytes;
    page->after_consumer = bytes + size + 1;
    return true;
}

static struct bytes make_cursor (const struct consumers_page *page)
{
    size_t first = strlen (page->party) + 1, second = strlen (page->consumer) + 1;
    char *made = arena_alloc (page->turn->arena, first + second);
    memcpy (made, page->party, first);
    memcpy (made + first, page->consumer, second);
    return (struct bytes){made, first + second};
}

static moment unheard_since (const struct consumers_page *page, const char *party, const char *consumer)
{
    for (size_t i = 0; i < page->unheard_count; i++)
        if (strcmp (page->unheard[i].party, party) == 0 && strcmp (page->unheard[i].consumer, consumer) == 0)
            return page->unheard[i].since;
    return 0;
}

static struct shown_consumer show (const struct consumers_page *page, const char *party,
                                   const struct cursor *cursor, const struct consumer *one)
{
    struct turn *turn = page->turn;
    uint64_t kept = one->acknowledged > cursor->acknowledged ? one->acknowledged : cursor->acknowledged;
    struct event event;
    struct shown_consumer shown = {
        .party = party,
        .consumer = arena_strdup (turn->arena, one->name),
        .first = one->first,
        .newest = cursor->newest,
        .acknowledged = one->acknowledged,
        .since = one->since,
        .seen_at = one->seen_at,
        .forgotten_at = one->forgotten_at,
        .first_dropped = one->first_dropped,
        .last_dropped = one->last_dropped,
        .damaged = one->damaged,
        .listening = outbox_find (turn->outbox, party, one->name) != NULL,
        .unheard_since = unheard_since (page, party, one->name),
    };
    if (one->forgotten_at != 0 || kept >= cursor->newest)
        return shown;
    if (outbox_read (turn, party, kept + 1, &event) == 0)
        shown.oldest_waiting = event.time;
    else
        shown.damaged = true;
    return shown;
}

/* Adds a row, unless it is before the page, or not asked for. False: the page is full. */
static bool add (struct consumers_page *page, const char *party, const struct cursor *cursor,
                 const struct consumer *one)
{
    if (page->after_party != NULL && strcmp (party, page->after_party) == 0 &&
        strcmp (one->name, page->after_consumer) <= 0)
        return true;
    if (page->count == page->limit)
        return false;
    struct shown_consumer shown = show (page, party, cursor, one);
    page->party = party;
    page->consumer = shown.consumer;
    bool waits = shown.forgotten_at == 0 && shown.acknowledged < shown.newest;
    if (!page->waiting_only || waits || shown.damaged)
        page->shown[page->count++] = shown;
    return true;
}

/* A party that has none has one row; and so has one of which a record is missing. *full: not all were added. */
static int add_party (struct consumers_page *page, const char *party, bool *full)
{
    struct consumers all = {.count = 0};
    struct cursor cursor;
    int rc = outbox_cursor (page->turn, party, &cursor);
    bool is_damaged = rc == RECORD_DAMAGED;
    if (rc == 0)
        rc = consumers_list (page->turn, party, &cursor, &all);
    if (rc != 0 && !is_damaged)
        return rc;
    struct consumer nobody = consumers_nobody (&cursor);
    nobody.damaged = is_damaged || all.missing > 0;
    *full = (all.live == 0 || nobody.damaged) && !add (page, party, &cursor, &nobody);
    for (size_t i = 0; !*full && i < all.count; i++)
        *full = !add (page, party, &cursor, &all.item[i]);
    return 0;
}

static int add_all (struct consumers_page *page, const char *only, bool *more)
{
    const struct party_entry *entry;
    uint64_t begun = store_operations (page->turn->txn);
    int rc = 0;
    for (size_t i = 0; rc == 0 && !*more && (entry = parties_at (page->turn->parties, i)) != NULL; i++) {
        const char *party = entry->text.id;
        if ((*only != '\0' && strcmp (party, only) != 0) ||
            (page->after_party != NULL && strcmp (party, page->after_party) < 0))
            continue;
        *more = page->party != NULL && store_operations (page->turn->txn) - begun > OPERATIONS;
        if (!*more)
            rc = add_party (page, party, more);
    }
    return rc;
}

static void find_unheard (struct consumers_page *page)
{
    struct consumer_warning *unheard = arena_array (page->turn->arena, UNHEARD, sizeof *unheard);
    page->unheard = unheard;
    page->unheard_count = unheard_list (page->turn->unheard, unheard, UNHEARD);
}

int verb_events_consumers (struct turn *turn, const struct caller *caller, const struct request *request,
                           struct handling *handling)
{
    (void)caller;
    const char *only = request->as.events_consumers.party;
    struct consumers_page page = {
        .turn = turn,
        .limit = request->page.limit,
        .waiting_only = request->as.events_consumers.waiting_only,
        .shown = arena_array (turn->arena, request->page.limit, sizeof *page.shown),
    };
    bool more = false;
    if (*only != '\0' && parties_find (turn->parties, only) == NULL)
        return handling_status (handling, STATUS_NOT_FOUND, "no such party");
    if (!read_cursor (&page, request->page.after.bytes))
        return handling_invalid (handling, "events_consumers.after", "not a cursor of this listing");
    find_unheard (&page);
    int rc = add_all (&page, only, &more);
    if (rc != 0)
        return rc;
    handling->reply.body = REPLY_EVENTS_CONSUMERS;
    handling->reply.as.events_consumers.consumers = page.shown;
    handling->reply.as.events_consumers.count = page.count;
    handling->reply.more = more;
    if (more)
        handling->reply.next.bytes = make_cursor (&page);
    return 0;
}

int verb_events_forget (struct turn *turn, const struct caller *caller, const struct request *request,
                        struct handling *handling)
{
    (void)caller;
    const char *party = request->as.events_forget.party, *name = request->as.events_forget.consumer;
    struct consumers_page page = {.turn = turn};
    struct consumer forgotten;
    struct cursor cursor;
    if (*name == '\0')
        name = CONSUMER_DEFAULT;
    if (parties_find (turn->parties, party) == NULL)
        return handling_status (handling, STATUS_NOT_FOUND, "no such party");
    int rc = consumers_forget (turn, party, name, &forgotten);
    if (rc == CONSUMERS_NONE)
        return handling_status (handling, STATUS_NOT_FOUND, "the party has no consumer of this name");
    if (rc == 0)
        rc = outbox_cursor (turn, party, &cursor);
    if (rc != 0)
        return rc;
    struct subscription *subscription = outbox_find (turn->outbox, party, name);
    if (subscription != NULL)
        outbox_end (turn->outbox, subscription, "an operator forgot this consumer");
    turn->state.revision++;
    struct shown_consumer *shown = arena_alloc (turn->arena, sizeof *shown);
    *shown = show (&page, party, &cursor, &forgotten);
    handling->note = arena_printf (turn->arena, "%s %s", party, name);
    handling->reply.body = REPLY_EVENTS_CONSUMERS;
    handling->reply.as.events_consumers.consumers = shown;
    handling->reply.as.events_consumers.count = 1;
    return 0;
}

/* The events, as subscribers and operators use them (V6 to V8). */
#include <stdio.h>
#include <string.h>
#include "events/outbox.h"
#include "verbs.h"

int verb_subscribe (struct turn *turn, const struct caller *caller, const struct request *request,
                    struct handling *handling)
{
    const char *party = caller->party->text.id;
    struct cursor cursor;
    int rc = outbox_cursor (turn, party, &cursor);
    if (rc != 0)
        return rc;
    uint64_t from = request->as.subscribe.from;
    if (from == 0)
        from = cursor.acknowledged + 1;
    if (from <= cursor.acknowledged)
        return handling_invalid (handling, "subscribe.from", "older than what is kept: it was acknowledged");
    if (from > cursor.newest + 1)
        return handling_invalid (handling, "subscribe.from", "newer than what exists: was the registry restored?");
    struct subscription *subscription = outbox_subscribe (turn->outbox, party, caller->route, caller->route_size);
    snprintf (subscription->key, sizeof subscription->key, "%s", caller->key);
    subscription->connection = caller->connection;
    subscription->next = from;
    subscription->credit = request->as.subscribe.credit;
    handling->reply.body = REPLY_SUBSCRIBE;
    handling->reply.as.subscribe.next = from;
    handling->reply.as.subscribe.newest = cursor.newest;
    handling->reply.as.subscribe.acknowledged = cursor.acknowledged;
    return 0;
}

int verb_acknowledge (struct turn *turn, const struct caller *caller, const struct request *request,
                      struct handling *handling)
{
    enum { CREDIT_LIMIT = 4096 };
    const char *party = caller->party->text.id;
    struct cursor cursor;
    int rc = outbox_cursor (turn, party, &cursor);
    if (rc == 0 && request->as.acknowledge.number > cursor.acknowledged &&
        request->as.acknowledge.number <= cursor.newest)
        store_use_share (turn->txn, STORE_WITHDRAWALS); /* this frees at least as much as its line takes */
    if (rc == 0)
        rc = outbox_acknowledge (turn, party, request->as.acknowledge.number, &cursor);
    if (rc == OUTBOX_INVALID)
        return handling_invalid (handling, "acknowledge.number", "newer than the newest event");
    if (rc != 0)
        return rc;
    struct subscription *subscription = outbox_find (turn->outbox, party);
    if (subscription != NULL && subscription->route_size == caller->route_size &&
        memcmp (subscription->route, caller->route, caller->route_size) == 0) {
        outbox_change (turn->outbox, subscription);
        unsigned credit = subscription->credit + request->as.acknowledge.credit;
        subscription->credit = credit < CREDIT_LIMIT ? credit : CREDIT_LIMIT;
    }
    handling->reply.body = REPLY_ACKNOWLEDGE;
    handling->reply.as.acknowledge.acknowledged = cursor.acknowledged;
    return 0;
}

/* How far one party is. 0, also where its events are damaged, or a failure. */
static int look_at (struct turn *turn, const char *party, struct party_lag *lag)
{
    struct cursor cursor;
    struct event event;
    int rc = outbox_cursor (turn, party, &cursor);
    *lag = (struct party_lag){.party = party};
    if (rc == 0 && cursor.acknowledged < cursor.newest) {
        rc = outbox_read (turn, party, cursor.acknowledged + 1, &event);
        lag->oldest_waiting = rc == 0 ? event.time : turn->now; /* of a damaged event no time is known */
    }
    lag->damaged = rc == RECORD_DAMAGED || rc == STORE_NOT_FOUND;
    lag->newest = cursor.newest;
    lag->acknowledged = cursor.acknowledged;
    lag->subscribed = outbox_find (turn->outbox, party) != NULL;
    return lag->damaged ? 0 : rc;
}

/* V8: which parties have not acknowledged, and since when. */
int verb_events_lag (struct turn *turn, const struct caller *caller, const struct request *request,
                     struct handling *handling)
{
    (void)caller;
    (void)request;
    enum { LISTED = 512 };
    size_t count = parties_count (turn->parties);
    if (count > LISTED)
        count = LISTED;
    struct party_lag *lags = arena_array (turn->arena, count, sizeof *lags);
    for (size_t i = 0; i < count; i++) {
        int rc = look_at (turn, parties_at (turn->parties, i)->text.id, &lags[i]);
        if (rc != 0)
            return rc;
    }
    handling->reply.body = REPLY_EVENTS_LAG;
    handling->reply.as.events_lag.parties = lags;
    handling->reply.as.events_lag.count = count;
    return 0;
}

/* V7: an operator passes over an event that cannot be read, and the party is told. An event that can be read is
   never passed over. */
int verb_events_skip (struct turn *turn, const struct caller *caller, const struct request *request,
                      struct handling *handling)
{
    (void)caller;
    const char *party = request->as.events_skip.party;
    uint64_t number = request->as.events_skip.number;
    struct cursor cursor;
    struct event event;
    if (parties_find (turn->parties, party) == NULL)
        return handling_status (handling, STATUS_NOT_FOUND, "no such party");
    int rc = outbox_cursor (turn, party, &cursor);
    if (rc != 0)
        return rc;
    if (number <= cursor.acknowledged || number > cursor.newest)
        return handling_invalid (handling, "events_skip.number", "no event with this number waits for the party");
    rc = outbox_read (turn, party, number, &event);
    if (rc == 0)
        return handling_invalid (handling, "events_skip.number", "this event can be read, and is not passed over");
    if (rc != RECORD_DAMAGED && rc != STORE_NOT_FOUND)
        return rc;
    turn->state.revision++;
    struct party_lag *lag = arena_alloc (turn->arena, sizeof *lag);
    rc = outbox_pass_over (turn, party, number);
    if (rc == 0)
        rc = look_at (turn, party, lag);
    handling->note = arena_printf (turn->arena, "%s %llu", party, (unsigned long long)number);
    handling->reply.body = REPLY_EVENTS_LAG;
    handling->reply.as.events_lag.parties = lag;
    handling->reply.as.events_lag.count = 1;
    return rc;
}

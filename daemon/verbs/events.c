/* The bus as its subscribers and operators use it (V6 to V8). */
#include <stdio.h>
#include <string.h>
#include "../outbox.h"
#include "verbs.h"

int verb_subscribe (struct turn *turn, const struct caller *caller, const struct request *request,
                    struct outcome *outcome)
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
        return outcome_invalid (outcome, "subscribe.from", "older than what is kept: it was acknowledged");
    if (from > cursor.newest + 1)
        return outcome_invalid (outcome, "subscribe.from", "newer than what exists: was the registry restored?");
    struct subscription *subscription = outbox_subscribe (turn->outbox, party, caller->route, caller->route_size);
    snprintf (subscription->key, sizeof subscription->key, "%s", caller->key);
    subscription->connection = caller->connection;
    subscription->next = from;
    subscription->credit = request->as.subscribe.credit;
    outcome->reply.body = REPLY_SUBSCRIBE;
    outcome->reply.as.subscribe.next = from;
    outcome->reply.as.subscribe.newest = cursor.newest;
    outcome->reply.as.subscribe.acknowledged = cursor.acknowledged;
    return 0;
}

int verb_acknowledge (struct turn *turn, const struct caller *caller, const struct request *request,
                      struct outcome *outcome)
{
    enum { CREDIT_LIMIT = 4096 };
    const char *party = caller->party->text.id;
    struct cursor cursor;
    int rc = outbox_cursor (turn, party, &cursor);
    if (rc == 0 && request->as.acknowledge.number > cursor.acknowledged &&
        request->as.acknowledge.number <= cursor.newest)
        store_use_share (turn->txn, STORE_WITHDRAWALS); /* it frees at least as much as its line takes */
    if (rc == 0)
        rc = outbox_acknowledge (turn, party, request->as.acknowledge.number, &cursor);
    if (rc == OUTBOX_INVALID)
        return outcome_invalid (outcome, "acknowledge.number", "newer than the newest event");
    if (rc != 0)
        return rc;
    struct subscription *subscription = outbox_find (turn->outbox, party);
    if (subscription != NULL && subscription->route_size == caller->route_size &&
        memcmp (subscription->route, caller->route, caller->route_size) == 0) {
        outbox_change (turn->outbox, subscription);
        unsigned credit = subscription->credit + request->as.acknowledge.credit;
        subscription->credit = credit < CREDIT_LIMIT ? credit : CREDIT_LIMIT;
    }
    outcome->reply.body = REPLY_ACKNOWLEDGE;
    outcome->reply.as.acknowledge.acknowledged = cursor.acknowledged;
    return 0;
}

/* V8: who has not acknowledged, and since when. */
int verb_events_lag (struct turn *turn, const struct caller *caller, const struct request *request,
                     struct outcome *outcome)
{
    (void)caller;
    (void)request;
    enum { LISTED = 512 };
    size_t count = parties_count (turn->parties);
    if (count > LISTED)
        count = LISTED;
    struct party_lag *lags = arena_array (turn->arena, count, sizeof *lags);
    for (size_t i = 0; i < count; i++) {
        struct cursor cursor;
        struct event event;
        lags[i].party = parties_at (turn->parties, i)->text.id;
        int rc = outbox_cursor (turn, lags[i].party, &cursor);
        if (rc == 0 && cursor.acknowledged < cursor.newest) {
            rc = outbox_read (turn, lags[i].party, cursor.acknowledged + 1, &event);
            lags[i].oldest_waiting =
                rc == 0 ? event.time : turn->now; /* of one that is damaged nothing is known */
        }
        lags[i].damaged = rc == RECORD_DAMAGED || rc == STORE_NOT_FOUND;
        if (rc != 0 && !lags[i].damaged)
            return rc;
        lags[i].newest = cursor.newest;
        lags[i].acknowledged = cursor.acknowledged;
        lags[i].subscribed = outbox_find (turn->outbox, lags[i].party) != NULL;
    }
    outcome->reply.body = REPLY_EVENTS_LAG;
    outcome->reply.as.events_lag.parties = lags;
    outcome->reply.as.events_lag.count = count;
    return 0;
}

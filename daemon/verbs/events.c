/* The events, as subscribers and operators use them (V6 to V8). */
#include <stdio.h>
#include <string.h>
#include "events/consumers.h"
#include "events/outbox.h"
#include "permission.h"
#include "verbs.h"

static void answer_subscribe (struct handling *handling, const struct cursor *cursor,
                              const struct consumer *consumer, uint64_t next)
{
    handling->reply.body = REPLY_SUBSCRIBE;
    handling->reply.as.subscribe.next = next;
    handling->reply.as.subscribe.newest = cursor->newest;
    handling->reply.as.subscribe.acknowledged = consumer->acknowledged;
    handling->reply.as.subscribe.first_dropped = consumer->first_dropped;
    handling->reply.as.subscribe.last_dropped = consumer->last_dropped;
}

/* It is not kept any more. If that was not because this consumer acknowledged it, it is dropped, also for one that
   is not known here: that has a number from somewhere. */
static void refuse_old (struct handling *handling, const struct cursor *cursor, const struct consumer *consumer,
                        uint64_t from)
{
    bool was_acknowledged = from <= consumer->acknowledged;
    handling_invalid (handling, "subscribe.from",
                      was_acknowledged ? "older than what is kept: it was acknowledged"
                                       : "older than what is kept: it was dropped");
    answer_subscribe (handling, cursor, consumer, cursor->acknowledged + 1);
    handling->reply.as.subscribe.first_dropped = was_acknowledged ? 0 : consumer->acknowledged + 1;
    handling->reply.as.subscribe.last_dropped = was_acknowledged ? 0 : cursor->acknowledged;
}

/* Where a subscription begins. One that was forgotten begins as any that is new: it may be another system by now,
   which has heard nothing. False: it was refused, and the answer says why. */
static bool find_next (struct handling *handling, uint64_t from, const struct cursor *cursor,
                       const struct consumer *consumer, uint64_t *next)
{
    uint64_t heard = consumer->forgotten_at == 0 ? consumer->acknowledged : 0;
    uint64_t own = heard > cursor->acknowledged ? heard : cursor->acknowledged;
    *next = from > 0 ? from : own + 1;
    if (*next <= cursor->acknowledged)
        refuse_old (handling, cursor, consumer, *next);
    else if (*next > cursor->newest + 1)
        handling_invalid (handling, "subscribe.from", "newer than what exists: was the registry restored?");
    else
        return true;
    return false;
}

static int find_consumer (struct turn *turn, const struct caller *caller, const struct consumer_start *start,
                          struct cursor *cursor, struct consumer *consumer)
{
    int rc = consumers_find (turn, start->party, start->name, cursor, consumer);
    if (rc == 0 && consumer->forgotten_at == 0)
        return outbox_find_own (turn->outbox, caller) == NULL ? consumers_seen (turn, start->party, consumer) : 0;
    if (rc != 0 && rc != CONSUMERS_NONE)
        return rc;
    store_use_share (turn->txn, STORE_WITHDRAWALS); /* it must hear of them, and there are few for each party */
    return consumers_begin (turn, start, cursor, consumer);
}

int verb_subscribe (struct turn *turn, const struct caller *caller, const struct request *request,
                    struct handling *handling)
{
    const char *party = caller->party->text.id, *name = request->as.subscribe.consumer;
    struct consumer_start start = {party, *name != '\0' ? name : CONSUMER_DEFAULT, request->as.subscribe.from};
    const struct subscription *own = outbox_find_own (turn->outbox, caller);
    struct consumer consumer = {.name = ""};
    struct cursor cursor;
    uint64_t next;
    if (own != NULL && strcmp (own->consumer, start.name) != 0)
        return handling_invalid (handling, "subscribe.consumer", "this connection subscribed as another consumer");
    if (request->as.subscribe.effects && (caller->party->permissions & PERMISSION_CHECK) == 0)
        return handling_invalid (handling, "subscribe.effects", "this party's role may not check");
    int rc = outbox_cursor (turn, party, &cursor);
    if (rc != 0)
        return rc;
    rc = consumers_find (turn, party, start.name, &cursor, &consumer);
    if (rc != 0 && rc != CONSUMERS_NONE)
        return rc;
    if (!find_next (handling, start.from, &cursor, &consumer, &next))
        return 0;
    rc = find_consumer (turn, caller, &start, &cursor, &consumer);
    if (rc == CONSUMERS_TOO_MANY)
        return handling_invalid (handling, "subscribe.consumer",
                                 "this party has 16 consumers, and may have no more: an operator can forget one");
    if (rc != 0)
        return rc;
    struct subscription *subscription = outbox_subscribe (turn->outbox, caller, start.name, &cursor);
    subscription->next = next;
    subscription->credit = request->as.subscribe.credit;
    subscription->effects = request->as.subscribe.effects;
    subscription->basis = 0; /* it is told at once */
    answer_subscribe (handling, &cursor, &consumer, next);
    return 0;
}

static void give_credit (struct outbox *outbox, struct subscription *subscription, unsigned more)
{
    enum { CREDIT_LIMIT = 4096 };
    unsigned credit = subscription->credit + more;
    outbox_change (outbox, subscription);
    subscription->credit = credit < CREDIT_LIMIT ? credit : CREDIT_LIMIT;
}

int verb_acknowledge (struct turn *turn, const struct caller *caller, const struct request *request,
                      struct handling *handling)
{
    const char *party = caller->party->text.id;
    uint64_t number = request->as.acknowledge.number;
    struct subscription *subscription = outbox_find_own (turn->outbox, caller);
    struct consumer consumer;
    struct cursor cursor;
    if (subscription == NULL)
        return handling_invalid (handling, "acknowledge", "subscribe first, on this connection");
    int rc = outbox_cursor (turn, party, &cursor);
    if (rc != 0)
        return rc;
    if (number > cursor.newest)
        return handling_invalid (handling, "acknowledge.number", "newer than the newest event");
    if (number >= subscription->next)
        return handling_invalid (handling, "acknowledge.number", "was not sent to this consumer yet");
    rc = consumers_find (turn, party, subscription->consumer, &cursor, &consumer);
    if (rc == CONSUMERS_NONE)
        return handling_invalid (handling, "acknowledge", "subscribe first, on this connection");
    if (rc == 0 && number > consumer.acknowledged)
        store_use_share (turn->txn, STORE_WITHDRAWALS); /* in the end this frees more than its line takes */
    if (rc == 0)
        rc = consumers_acknowledge (turn, party, &consumer, number);
    if (rc != 0)
        return rc;
    give_credit (turn->outbox, subscription, request->as.acknowledge.credit);
    handling->reply.body = REPLY_ACKNOWLEDGE;
    handling->reply.as.acknowledge.acknowledged = consumer.acknowledged;
    return 0;
}

/* How far one party is. 0, also where its events are damaged, or a failure. */
static int look_at (struct turn *turn, const char *party, struct party_lag *lag)
{
    struct cursor cursor;
    struct consumers all;
    struct event event;
    int rc = outbox_cursor (turn, party, &cursor);
    *lag = (struct party_lag){.party = party};
    if (rc == 0)
        rc = consumers_list (turn, party, &cursor, &all);
    uint64_t least = rc == 0 ? consumers_least (&all, &cursor) : cursor.acknowledged;
    if (rc == 0 && least < cursor.newest) {
        rc = outbox_read (turn, party, least + 1, &event);
        lag->oldest_waiting = rc == 0 ? event.time : turn->now; /* of a damaged event no time is known */
    }
    lag->damaged = rc == RECORD_DAMAGED || rc == STORE_NOT_FOUND;
    lag->newest = cursor.newest;
    lag->acknowledged = least;
    lag->subscribed = outbox_listening (turn->outbox, party) > 0;
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

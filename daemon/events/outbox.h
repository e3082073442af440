/* What parties must hear: events, numbered for each party without gaps, and kept until acknowledged (V4-V7). Also
   the subscriptions to which events are pushed, with their credit. Who must acknowledge is in consumers.h. */
#pragma once
#include "caller.h"
#include "record/record.h"
#include "record/subject_key.h"
#include "turn.h"

/* Adds an event for a party, and gives it its number. What is about a subject is sealed under the subject's key,
   and nobody can read it when that is destroyed (R7); `about` NULL: it is about nobody. Where nobody will ever
   acknowledge it (V7), only the number is given. If the cursor of this party is damaged, nothing else may fail for
   it, neither other parties' events nor a withdrawal: the events go on at a number that was never given. 0 or a
   failure. */
int outbox_add (struct turn *turn, const char *party, const struct about *about, struct event *event);
/* Reads which events of a party are kept. A cursor that is damaged, missing or older is made anew from the events
   that wait. 0, RECORD_DAMAGED if none waits, or a failure. */
int outbox_cursor (struct turn *turn, const char *party, struct cursor *cursor);
/* Writes that, whatever stood there. 0 or a failure. */
int outbox_put_cursor (struct turn *turn, const char *party, const struct cursor *cursor);
/* Reads event `number` of a party. One about a subject who was erased since is EVENT_SUBJECT_ERASED. 0,
 * STORE_NOT_FOUND, RECORD_DAMAGED or a failure. */
int outbox_read (struct turn *turn, const char *party, uint64_t number, struct event *event);
/* Puts EVENT_PASSED_OVER in the place of an event that cannot be read. 0 or a failure. */
int outbox_pass_over (struct turn *turn, const char *party, uint64_t number);
/* Deletes the events up to `number`, which need not be kept any more, at most OUTBOX_CLEAR of them in one call.
   `*cursor` is the party's, and is written. 0 or a failure. */
enum { OUTBOX_CLEAR = 1024 };
int outbox_clear (struct turn *turn, const char *party, uint64_t number, struct cursor *cursor);

/* The subscription of a consumer. It has one at most, and so has a connection. */
struct subscription {
    char party[33], consumer[CONSUMER_NAME_LIMIT + 1];
    char key[41];       /* public key of its connection; the party may have another key by now */
    uint8_t route[256]; /* the routing id of its connection; never shown to anyone */
    size_t route_size;
    struct connection_id connection; /* the subscription ends with it */
    uint64_t next;                   /* number of the next event to push */
    unsigned credit;
    bool effects;   /* it is told what each event changes in its permits (registry/effects.h), */
    uint64_t basis; /* with what these rest on besides, as it was told last: parties_facts, */
    bool stopped;   /* and whether the clock stopped decisions */
    bool live;
    bool heartbeat_due;
    bool ended;      /* it is not live any more, and no push that says so was collected yet */
    const char *why; /* it ended */
    bool changed;    /* in this turn */
};

/* The table of subscriptions. In memory only: after a restart subscribers come back by themselves. What a turn
   changes in it stands once the turn is durable. */
struct outbox;
struct outbox *outbox_new (void);
void outbox_destroy (struct outbox **self_p);
/* The live subscription of a consumer. NULL: there is none. */
struct subscription *outbox_find (struct outbox *self, const char *party, const char *consumer);
/* The live subscription of the caller's connection. NULL: there is none. */
struct subscription *outbox_find_own (struct outbox *self, const struct caller *caller);
/* How many consumers of a party have a live one. */
size_t outbox_listening (struct outbox *self, const char *party);
/* Begins a subscription of the caller's connection, which has none as another consumer. It replaces one of the
   same consumer on another connection, which is then `ended`. `cursor` is the party's, as the turn leaves it. */
struct subscription *outbox_subscribe (struct outbox *self, const struct caller *caller, const char *consumer,
                                       const struct cursor *cursor);
/* To be called before a subscription is changed, so that a turn that fails can take the change back. It is due. */
void outbox_change (struct outbox *self, struct subscription *subscription);
/* Ends a subscription. `why` must live for ever. */
void outbox_end (struct outbox *self, struct subscription *subscription, const char *why);
/* Ends the turn. Its changes stand, or, if it is not durable, are taken back. */
void outbox_settle (struct outbox *self, bool durable);

/* Which events of its party are kept, in memory: those after `acknowledged`, up to `newest`. It is what the
   party's cursor says as turns left it, and so nothing need be read to know that there is nothing to hear. */
struct outbox_extent {
    uint64_t acknowledged, newest;
};
struct outbox_extent outbox_extent (const struct subscription *subscription);
/* The turn has written the party's cursor. Whoever of its subscriptions may have something to hear by that is due.
 */
void outbox_know (struct outbox *self, const char *party, const struct cursor *cursor);

/* The subscriptions that may have something to hear are due, and stand in a line. One that is not due has nothing.
   The first of them; NULL: there is none. */
struct subscription *outbox_due (struct outbox *self);
size_t outbox_due_count (const struct outbox *self);
/* Takes the first from its place in the line, and puts it at the end, if there is more of it. A turn that changed
   it and fails has it looked at again. */
void outbox_looked_at (struct outbox *self, bool again);
/* All are due: who may hear something may have changed. */
void outbox_look_again (struct outbox *self);
/* A heartbeat is due to all. To be called between turns. */
void outbox_beat (struct outbox *self);

/* A push to it is on its way: it is not freed before it is released, though it may leave the table meanwhile. */
void outbox_hold (struct subscription *subscription);
void outbox_release (struct subscription *subscription);
/* Of one that is held: it has not left the table. */
bool outbox_is_there (const struct subscription *subscription);

/* All subscriptions, live or ended: index from 0, NULL past the last. */
struct subscription *outbox_at (struct outbox *self, size_t index);
/* A connection is gone: drops its subscriptions. To be called between turns. */
void outbox_connection_gone (struct outbox *self, const struct connection_id *gone);
/* Removes a subscription from the table. */
void outbox_drop (struct outbox *self, struct subscription *subscription);

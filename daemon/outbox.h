/* What parties must hear: events numbered per party without gaps, kept until acknowledged (V4-V7), and the
   subscriptions to which they are pushed, with their credit. */
#pragma once
#include "channel.h"
#include "record/record.h"
#include "turn.h"

/* Where a party stands. */
struct cursor {
    uint64_t newest;       /* number of its newest event; 0: none yet */
    uint64_t acknowledged; /* all up to this one are stored at the subscriber */
};

/* Adds an event for a party; gives it its number. A damaged cursor of one party keeps no other, nor a withdrawal,
   from anything: it goes on at a number that was never given. 0 or a failure. */
int outbox_add (struct turn *turn, const char *party, struct event *event);
/* One that is damaged is made anew from the events that wait. 0, RECORD_DAMAGED where none does, or a failure. */
int outbox_cursor (struct turn *turn, const char *party, struct cursor *cursor);
/* Reads event `number` of a party. 0, STORE_NOT_FOUND, RECORD_DAMAGED or a failure. */
int outbox_read (struct turn *turn, const char *party, uint64_t number, struct event *event);
/* Puts EVENT_PASSED_OVER in the place of one that cannot be read. 0 or a failure. */
int outbox_pass_over (struct turn *turn, const char *party, uint64_t number);
/* Forgets what is acknowledged, at most OUTBOX_CLEAR events in one go. *cursor holds the outcome.
   0; OUTBOX_INVALID: beyond the newest; or a failure. */
enum { OUTBOX_CLEAR = 1024 };
int outbox_acknowledge (struct turn *turn, const char *party, uint64_t number, struct cursor *cursor);

/* One subscription a party. */
struct subscription {
    char party[33];
    char key[41];       /* public key of its connection: the party may have another by now */
    uint8_t route[256]; /* the routing id of its connection: never shown to anyone */
    size_t route_size;
    struct connection_id connection; /* it ends with it */
    uint64_t next;                   /* number of the next event to push */
    unsigned credit;
    bool live;
    bool heartbeat_due;
    bool ended;      /* its connection must be told */
    const char *why; /* it ended */
    bool changed;    /* by this turn */
};

/* A table of subscriptions; memory only: after a restart subscribers come back by themselves. What a turn changes
   of it stands once the turn is durable. */
struct outbox;
struct outbox *outbox_new (void);
void outbox_destroy (struct outbox **self_p);
/* The live subscription of a party, or NULL. */
struct subscription *outbox_find (struct outbox *self, const char *party);
/* Begins a subscription, in place of an earlier one of the same party on another connection: that one is `ended`.
 */
struct subscription *outbox_subscribe (struct outbox *self, const char *party, const void *route,
                                       size_t route_size);
/* To be said before a subscription is changed: a turn that fails takes the change back. */
void outbox_change (struct outbox *self, struct subscription *subscription);
/* Ends one; `why` lives for ever. */
void outbox_end (struct outbox *self, struct subscription *subscription, const char *why);
/* The turn is over: its changes stand, or it failed and they are taken back. */
void outbox_settle (struct outbox *self, bool durable);
/* All, live or ended: index from 0, NULL past the last. */
struct subscription *outbox_at (struct outbox *self, size_t index);
/* A connection is gone, and so are its subscriptions. Between turns. */
void outbox_connection_gone (struct outbox *self, const struct connection_id *gone);
/* Forgets one. */
void outbox_drop (struct outbox *self, struct subscription *subscription);

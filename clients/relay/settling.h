/* When an event that a stream has taken may be acknowledged to the registry: not before it survives there.

   nats-server says that it has a message before it has synced it; it syncs every two minutes, and nobody can tell
   it otherwise. So an event settles: it may be acknowledged when the server was at work for longer than that since
   it took the event, or when the stream is kept by so many servers that one of them may fail. What the server lost
   before that, the registry still has.

   A server that is stopped syncs nothing. So this counts the time in which the server is known to work: between
   two answers of it that are no further apart than SETTLING_SILENCE. Times are milliseconds of one clock that
   never goes back; what that clock is, the caller knows. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum { SETTLING_SILENCE = 5000 };

/* An event in the stream. */
struct settled {
    uint64_t number;   /* of the registry; 0: none */
    uint64_t sequence; /* of the stream */
};

/* The events that were published and not acknowledged, in the order of their numbers. */
struct settling;
struct settling *settling_new (void);
void settling_destroy (struct settling **self_p);

/* A connection to the server begins: nothing is held, and nothing is known of the time before. */
void settling_begin (struct settling *self, int64_t now);
/* The server has just answered what was asked at this moment or later. */
void settling_heard (struct settling *self, int64_t asked);
/* The stream has this event, and all before it that are not acknowledged: the server has just said so, it is
   `now`. A number that is not above the last one is none. */
void settling_add (struct settling *self, struct settled event, int64_t now);
/* The last event that was added. */
struct settled settling_last (const struct settling *self);
/* Takes what has settled since the last call, and says how far that goes. `settle`: ms; 0 or less: at once. */
struct settled settling_take (struct settling *self, int64_t settle);

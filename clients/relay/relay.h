/* Moves the events of a party from the registry into a stream of JetStream: each exactly once, in order, and
   acknowledged only when the stream will not lose it any more (settling.h).

   What is not acknowledged, the registry keeps; the relay keeps no event. So whenever it has a new connection to
   NATS, it looks what the stream has, and has the registry send the rest (standing.h). Two things keep a message
   from being there twice: its id, as long as the stream remembers ids; and each message says which one of ours
   must be the last before it, so that one that was on its way, or comes from another relay, is not taken. */
#pragma once
#include <stdint.h>
#include "jetstream.h"

struct relay_order {
    const char *key, *position;
    uint64_t from;  /* 0: not given */
    int64_t settle; /* ms */
    const char *source;
    const char *consumer;
    struct jetstream_to to; /* its subject NULL: consent.PARTY.events */
};

/* How many events may be in the stream and not settled: so much the registry keeps for the relay. */
enum { RELAY_WINDOW = 50000 };

/* Goes on until somebody asks to stop (delivery/stopping.h). An exit code; a sentence was printed on stderr unless
   it is 0. */
int relay_run (const struct relay_order *order);

/* Live consumers of events in this process: subscribed over CURVE, each on a connection of its own. Each
   acknowledges every event as soon as what has come was read. */
#pragma once
#include "concerned.h"

enum { CONSUMERS = CONCERNED_PARTIES * 16 /* so many has a party at most */ };

struct consumers;

/* So many of them, at these parties in turns. Each hears what happens from now on. */
struct consumers *consumers_open (struct setting *setting, const struct concerned *parties, size_t count);
void consumers_close (struct consumers **self_p);

/* Waits until something has come for them, or on `other`, which may be NULL, or the time is over. True: something
   waits to be read on `other`. */
bool consumers_wait (struct consumers *self, void *other, int64_t ms);
/* Reads what has come. For each withdrawal that one of them was told of the moment is put in `told_at`, from the
   place `told` on. Returns the place after them. Ends the program if one of them missed an event, or was cut off.
 */
size_t consumers_take (struct consumers *self, int64_t told_at[CONSUMERS], size_t told);

/* A request to subscribe, or to acknowledge. Its size in `message`. */
size_t consumers_make_subscribe (const char *consumer, uint64_t from, unsigned credit, uint8_t *message);
size_t consumers_make_acknowledge (uint64_t number, unsigned credit, uint8_t *message);

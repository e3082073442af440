/* When each consumer acknowledged which of its events. The events themselves are gone then, and this is what the
   subject can still be told: who has heard of a withdrawal, and when (V8, AVG 19).

   One entry for each acknowledgement. Nothing is decided by them. If one is lost, or was left out because only the
   reserve was left, the next one answers, and a later moment is told. */
#pragma once
#include "turn.h"

enum { HEARD_DROPPED = -1 }; /* in the place of a moment: the event was dropped before the consumer had it */

/* The consumer has acknowledged its events up to this one, now. 0 or a failure. */
int heard_note (struct turn *turn, const char *party, const char *consumer, uint64_t number);
/* Those between what it acknowledged before and this one were dropped, and it goes on behind them. Without this
   they would count as heard, so it is kept in the reserve too. 0 or a failure. */
int heard_note_dropped (struct turn *turn, const char *party, const char *consumer, uint64_t number);
/* By when the consumer had acknowledged this event; *when is 0 if that was not kept, and HEARD_DROPPED if it never
   had it. It has acknowledged it, or one behind it, by its record. 0 or a failure. */
int heard_find (struct turn *turn, const char *party, const char *consumer, uint64_t number, moment *when);

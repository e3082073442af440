/* When each party acknowledged which of its events. The events themselves are gone then, and this is what the
   subject can still be told: who has heard of a withdrawal, and when (V8, AVG 19).

   One entry for each acknowledgement. Nothing is decided by them. If one is lost, or was left out because only the
   reserve was left, the next one answers, and a later moment is told. */
#pragma once
#include "turn.h"

/* The party has acknowledged its events up to this one, now. 0 or a failure. */
int heard_note (struct turn *turn, const char *party, uint64_t number);
/* By when the party had acknowledged this event; *when is 0 if that was not kept. It has acknowledged it, by its
   cursor. 0 or a failure. */
int heard_find (struct turn *turn, const char *party, uint64_t number, moment *when);

/* What an event changes in what may flow to and from the party that hears it (registry/permitted.h), found when it
   is pushed: from the subject as the registry knew it before the event's line of the log, and after it. Parties
   and pack are those of now; that they changed is told otherwise (parties_facts).

   An effect may tell again what was told before. It never leaves out what was lost: of a consent that a correction
   or its time ended, the state before that counts too, though the event came later. */
#pragma once
#include "kept.h"
#include "turn.h"

enum { EFFECTS_LIMIT = 128 }; /* of one event: more are left out, all of them, and that is said */

/* Fills in the effects of an event that was read by outbox_read, for this party. What cannot be found is left out,
   which the event then says. 0 or a failure. */
int effects_find (struct turn *turn, const char *party, struct event *event);

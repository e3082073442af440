/* Who has heard of events: which systems of the parties that were told have acknowledged them, and when (V8). */
#pragma once
#include "bodies.h"
#include "turn.h"

/* What was read of the systems of parties, so that it is read once for a whole answer. The arena's. */
struct hearings;
struct hearings *hearings_new (struct turn *turn);

/* What a line of the log says of who was told. An event 0: which it was is not known. */
struct tellings {
    const struct telling *telling;
    size_t count;
    moment at;
};

/* Of these the systems that the events are for: first those that have not heard, or of which that is not known. A
   party without such a system has one entry, without a name. */
struct heard_by {
    const struct hearing *item; /* the arena's */
    size_t count;
    uint32_t unheard_left_out, heard_left_out;
};
/* Lists at most `room` of them. A party whose systems cannot be read breaks nothing: it is not known whether it
   has heard. 0 or a failure. */
int hearings_list (struct hearings *self, const struct tellings *told, size_t room, struct heard_by *by);

/* All systems of the party together: heard, if each has; by the latest moment of theirs, if all were kept. 0 or a
   failure. */
int hearings_sum (struct hearings *self, const struct telling *telling, struct overview_telling *sum);

/* About how many bytes the entry takes in an answer, rather too many than too few; and the most that one takes. */
enum { HEARING_SIZE = 112 };

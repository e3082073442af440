/* Who was told of a line of the log by an event, and has heard (V8). */
#pragma once
#include "audit/log.h"
#include "codec/codec_recorded.h"
#include "hearings.h"

/* Whom a line told, at this moment. `informed` is what its answer says of it, for a line of before the events were
   noted: then it is not known which event it was. The list borrows from both, or is the arena's. */
struct tellings tellings_of (struct turn *turn, moment at, const struct evidence *evidence,
                             const struct text_set *informed);

/* What is shown of a line: of each party whether it has heard, and of all together at most `room` systems. */
struct shown_tellings {
    const struct overview_telling *telling; /* the arena's */
    size_t count;
    size_t systems; /* that are listed */
};
/* 0 or a failure. */
int tellings_show (struct hearings *hearings, const struct tellings *told, size_t room, struct turn *turn,
                   struct shown_tellings *shown);

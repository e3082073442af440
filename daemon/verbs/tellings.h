/* Who was told of a line of the log by an event, and has heard (V8). */
#pragma once
#include "audit/log.h"
#include "bodies.h"
#include "codec/codec_recorded.h"

/* Finds them. `informed` is what the answer says of it, for a line of before the events were noted: then it is not
   known whether a party has heard. The list is the arena's. 0 or a failure. */
int tellings_find (struct turn *turn, const struct evidence *evidence, const struct text_set *informed,
                   const struct overview_telling **tellings_p, size_t *count);

/* Who has heard of the withdrawals of a consent (V8). */
#pragma once
#include "bodies.h"
#include "turn.h"

/* Adds to what is shown who has heard of each withdrawal: by the line of the log that recorded it, wherever that
   is kept. Where it cannot be read, or does not say it, those whom the withdrawal names are listed, and that it is
   not known. As many are listed as fit in a message. 0 or a failure. */
int consent_heard_show (struct turn *turn, struct shown_consent *shown);

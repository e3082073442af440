/* Moments and days as people write and read them. Days are those of Europe/Amsterdam; a last day counts itself,
   while the protocol's ends are exclusive. */
#pragma once
#include <stdbool.h>
#include "rules/calendar.h"

enum { MOMENT_TEXT = 32 };

/* Reads "2026-11-21" (its 00:00), "2026-11-21 20:04" or "2026-11-21T20:04:30" (in Amsterdam), or RFC 3339 with "Z"
   or an offset. False if it is none of these. */
bool moment_parse (const char *text, moment *when);
/* The same as an exclusive end: a day counts up to its midnight. */
bool moment_parse_end (const char *text, moment *when);
/* Cuts "text:MOMENT" at the colon before the moment, in place. False, and nothing cut, if it ends with none. */
bool moment_cut (char *text, moment *when);

/* "2026-11-21 20:04" in Amsterdam; "-" for 0 and MOMENT_NEVER. Returns `text`. */
const char *moment_print (moment when, char text[MOMENT_TEXT]);
/* The last day before an exclusive end, or its moment where it is not a midnight; "-" for 0 and MOMENT_NEVER. */
const char *moment_print_end (moment when, char text[MOMENT_TEXT]);
/* Now, by this machine's clock. */
moment moment_now (void);

/* "YYYY-MM-DD" of the last day, given the first day without it ("" stays ""), and the other way round.
   False if `text` is no day. */
bool day_before (const char *text, char before[11]);
bool day_after (const char *text, char after[11]);

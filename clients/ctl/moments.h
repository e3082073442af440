/* Moments and days as people write and read them. Days are those of Europe/Amsterdam. People write the last day
   that is included, while ends in the protocol are exclusive. */
#pragma once
#include <stdbool.h>
#include "rules/calendar.h"

enum { MOMENT_TEXT = 32 };

/* Reads "2026-11-21" (00:00 of that day), "2026-11-21 20:04" or "2026-11-21T20:04:30" (in Amsterdam), or RFC 3339
   with "Z" or an offset, "+01:00" or "+01". False if it is none of these. */
bool moment_parse (const char *text, moment *when);
/* Reads an exclusive end: a day ends at its midnight. Otherwise as above. */
bool moment_parse_end (const char *text, moment *when);
/* What is wrong with a text in which no day, or moment, was found where one should be: that the day does not
   exist, or else what it should have been, `otherwise`. Quotes nothing. */
const char *day_fault_or (const char *text, const char *otherwise);
/* The same of a text that moment_parse or moment_parse_end did not take, or day_before or day_after. Static. */
const char *moment_fault (const char *text);
const char *day_fault (const char *text);
/* Cuts "text:MOMENT" at the colon before the moment, in place. False, with nothing cut, if it does not end with a
   moment. */
bool moment_cut (char *text, moment *when);

/* "2026-11-21 20:04+01": the clock in Amsterdam, and how far it is ahead of UTC, so that the hour that comes
   twice is told apart; moment_parse reads it. "-" for 0 and MOMENT_NEVER. Returns `text`. */
const char *moment_print (moment when, char text[MOMENT_TEXT]);
/* The last day before an exclusive end, or the moment itself if it is not a midnight. "-" for 0 and
   MOMENT_NEVER. */
const char *moment_print_end (moment when, char text[MOMENT_TEXT]);
/* Now, by this machine's clock. */
moment moment_now (void);

/* From the first day that is not included to the last day that is, and back. Days are "YYYY-MM-DD"; "" stays "".
   False if `text` is no day. */
bool day_before (const char *text, char before[11]);
bool day_after (const char *text, char after[11]);

/* Calendar days in Europe/Amsterdam, and moments. Pure: the time zone of the process plays no part.

   A moment is milliseconds since 1970-01-01T00:00:00Z. Summer time is the European Union's: from the last Sunday
   of March to the last Sunday of October, at 01:00 UTC, and until 1995 as it was kept then. Before 1977 standard
   time (UTC+1) is taken all year, because no rule looks at an hour that long ago. Results stay within the years
   1600-9999. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef int64_t moment;

#define MOMENT_NEVER INT64_MAX  /* later than every moment */
#define MOMENT_ALWAYS INT64_MIN /* earlier than every moment */

/* A day of the proleptic Gregorian calendar, year 1600-9999. */
struct day {
    int16_t year;
    uint8_t month;  /* 1-12; 0: no day */
    uint8_t number; /* of the month, 1-31 */
};

/* Reads "YYYY-MM-DD" with nothing before or after it. False if the text is not a day. */
bool calendar_parse (const char *text, struct day *day);
/* A day is written in it, alone or among other words, and no calendar has that day: 2026-02-30. Whoever did not
   find a day where one should be says so by this. */
bool calendar_is_no_day (const char *text);
/* Writes "YYYY-MM-DD". */
void calendar_format (struct day day, char text[11]);
/* Negative if `a` is before `b`, 0 if they are the same day, positive if `a` is after `b`. */
int calendar_compare (struct day a, struct day b);

/* 00:00 of that day in Europe/Amsterdam. */
moment calendar_start (struct day day);
/* The day in Europe/Amsterdam on which `when` lies. */
struct day calendar_day (moment when);
struct day calendar_next (struct day day);
/* The same day of the month, `months` later. The end of the month is clipped: 31 August + 6 = 28 or 29
   February. */
struct day calendar_add_months (struct day day, unsigned months);
/* The day on which somebody who was born on `birth` turns `years`. For 29 February it is 1 March in other
   years. */
struct day calendar_birthday (struct day birth, unsigned years);
/* The end (exclusive) of "up to and including the same calendar day `months` after `from`" (G6). */
moment calendar_end_after_months (moment from, unsigned months);
/* The end (exclusive) of "up to and including the calendar day `days` after `from`" (C8, C10). */
moment calendar_end_after_days (moment from, unsigned days);
/* The first moment whose calendar_end_after_days is not before `end`. */
moment calendar_first_within_days (moment end, unsigned days);

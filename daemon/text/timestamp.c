#include "timestamp.h"
#include <stdio.h>
#include <time.h>

enum { SECOND = 1000, YEAR_FIRST = 1000 - 1900, YEAR_LAST = 9999 - 1900 /* as struct tm counts them */ };

bool timestamp_print (int64_t when, char text[TIMESTAMP_SIZE])
{
    int64_t milliseconds = when % SECOND;
    if (milliseconds < 0)
        milliseconds += SECOND;
    time_t seconds = (time_t)(when / SECOND - (when % SECOND < 0)); /* rounded down, also of the least there is */
    struct tm utc;
    if (!gmtime_r (&seconds, &utc) || utc.tm_year < YEAR_FIRST || utc.tm_year > YEAR_LAST)
        return false;
    size_t length = strftime (text, TIMESTAMP_SIZE, "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf (text + length, TIMESTAMP_SIZE - length, ".%03uZ", (unsigned)milliseconds);
    return true;
}

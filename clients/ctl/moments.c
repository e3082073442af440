#include "moments.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY_TEXT = 10 };

/* The hours by which the clock goes forward (1) or back (-1) on this day. */
static int clock_change (struct day day)
{
    return (int)(24 - (calendar_start (calendar_next (day)) - calendar_start (day)) / HOUR);
}

/* What a clock on the wall shows when `elapsed` has passed since the start of the day. The clock goes forward from
   2:00 to 3:00, and back from 3:00 to 2:00. */
static int64_t wall_time (struct day day, int64_t elapsed)
{
    int change = clock_change (day);
    if (change > 0 && elapsed >= 2 * HOUR)
        return elapsed + HOUR;
    if (change < 0 && elapsed >= 3 * HOUR)
        return elapsed - HOUR;
    return elapsed;
}

/* The other way round. Of an hour that comes twice the first one is taken. In an hour that does not come, time
   goes on from 2:00. */
static int64_t elapsed_time (struct day day, int64_t wall)
{
    return wall >= 3 * HOUR ? wall - clock_change (day) * (int64_t)HOUR : wall;
}

/* Reads two digits, a number of at most `most`. */
static bool two_digits (const char *text, int most, int *number)
{
    if (!isdigit ((unsigned char)text[0]) || !isdigit ((unsigned char)text[1]))
        return false;
    *number = (text[0] - '0') * 10 + text[1] - '0';
    return *number <= most;
}

/* Reads "HH:MM" or "HH:MM:SS", with at most three digits of a fraction, and moves *text behind it. */
static bool parse_clock (const char **text, int64_t *clock)
{
    int hours, minutes, seconds = 0;
    const char *c = *text;
    if (!two_digits (c, 23, &hours) || c[2] != ':' || !two_digits (c + 3, 59, &minutes))
        return false;
    c += 5;
    if (*c == ':') {
        if (!two_digits (c + 1, 59, &seconds))
            return false;
        c += 3;
    }
    int64_t fraction = 0;
    if (*c == '.') {
        int64_t unit = 100;
        for (c++; isdigit ((unsigned char)*c); c++, unit /= 10)
            fraction += (*c - '0') * unit;
    }
    *clock = hours * (int64_t)HOUR + minutes * (int64_t)MINUTE + seconds * (int64_t)SECOND + fraction;
    *text = c;
    return true;
}

/* "+01:00" or "+01". */
static bool parse_offset (const char *text, int64_t *offset)
{
    int hours, minutes = 0;
    if ((text[0] != '+' && text[0] != '-') || !two_digits (text + 1, 23, &hours))
        return false;
    if (text[3] && (text[3] != ':' || !two_digits (text + 4, 59, &minutes) || text[6]))
        return false;
    *offset = (hours * (int64_t)HOUR + minutes * (int64_t)MINUTE) * (text[0] == '-' ? -1 : 1);
    return true;
}

/* 00:00 UTC of the day. Noon in Amsterdam is 11:00 or 10:00 UTC. */
static moment start_in_utc (struct day day)
{
    moment middle = calendar_start (day) + 12 * (int64_t)HOUR;
    int64_t day_length = 24 * (int64_t)HOUR;
    moment since = middle % day_length;
    return middle - (since < 0 ? since + day_length : since);
}

static bool parse_day (const char *text, struct day *day)
{
    char copy[DAY_TEXT + 1] = {0};
    memcpy (copy, text, strnlen (text, DAY_TEXT));
    return calendar_parse (copy, day);
}

bool moment_parse (const char *text, moment *when)
{
    struct day day;
    if (!parse_day (text, &day))
        return false;
    const char *rest = text + DAY_TEXT;
    if (!*rest) {
        *when = calendar_start (day);
        return true;
    }
    int64_t clock, offset = 0;
    if ((*rest != 'T' && *rest != ' ') || (rest++, !parse_clock (&rest, &clock)))
        return false;
    if (!*rest) {
        *when = calendar_start (day) + elapsed_time (day, clock);
        return true;
    }
    if (strcmp (rest, "Z") != 0 && !parse_offset (rest, &offset))
        return false;
    *when = start_in_utc (day) + clock - offset;
    return true;
}

bool moment_parse_end (const char *text, moment *when)
{
    struct day day;
    if (strlen (text) == DAY_TEXT && calendar_parse (text, &day)) {
        *when = calendar_start (calendar_next (day));
        return true;
    }
    return moment_parse (text, when);
}

const char *day_fault_or (const char *text, const char *otherwise)
{
    return calendar_is_no_day (text) ? "this day does not exist" : otherwise;
}

const char *moment_fault (const char *text)
{
    return day_fault_or (text, "not a day, YYYY-MM-DD, nor a moment");
}

const char *day_fault (const char *text)
{
    return day_fault_or (text, "not a day, YYYY-MM-DD");
}

bool moment_cut (char *text, moment *when)
{
    /* A moment has colons itself. So this takes the first colon, from the left, that is followed by a moment and
       nothing else. */
    for (char *colon = strchr (text, ':'); colon; colon = strchr (colon + 1, ':')) {
        if (moment_parse (colon + 1, when)) {
            *colon = '\0';
            return true;
        }
    }
    return false;
}

static bool is_a_time (moment when)
{
    return when != 0 && when != MOMENT_NEVER;
}

const char *moment_print (moment when, char text[MOMENT_TEXT])
{
    if (!is_a_time (when))
        return strcpy (text, "-");
    struct day day = calendar_day (when);
    int64_t wall = wall_time (day, when - calendar_start (day)), ahead = start_in_utc (day) + wall - when;
    calendar_format (day, text);
    snprintf (text + DAY_TEXT, MOMENT_TEXT - DAY_TEXT, " %02u:%02u+%02u", (unsigned)(wall / HOUR),
              (unsigned)(wall % HOUR / MINUTE), (unsigned)(ahead / HOUR));
    return text;
}

const char *moment_print_end (moment when, char text[MOMENT_TEXT])
{
    if (!is_a_time (when) || calendar_start (calendar_day (when)) != when)
        return moment_print (when, text);
    calendar_format (calendar_day (when - 1), text);
    return text;
}

moment moment_now (void)
{
    struct timespec now;
    clock_gettime (CLOCK_REALTIME, &now);
    return now.tv_sec * (moment)SECOND + now.tv_nsec / 1000000;
}

bool day_before (const char *text, char before[11])
{
    struct day day;
    before[0] = '\0';
    if (!*text)
        return true;
    if (!calendar_parse (text, &day))
        return false;
    calendar_format (calendar_day (calendar_start (day) - 1), before);
    return true;
}

bool day_after (const char *text, char after[11])
{
    struct day day;
    after[0] = '\0';
    if (!*text)
        return true;
    if (!calendar_parse (text, &day))
        return false;
    calendar_format (calendar_next (day), after);
    return true;
}

#include "calendar.h"
#include <string.h>

enum { HOUR = 60 * 60 * 1000, DAY = 24 * HOUR };
enum { FIRST_YEAR = 1600, LAST_YEAR = 9999, DAY_LENGTH = 10 };

/* Days are counted from 1970-01-01, a Thursday. The two conversions below are Howard Hinnant's: they let a year
   begin in March, so that the leap day is its last day. */
static int64_t days_from (struct day day)
{
    int64_t year = day.month <= 2 ? day.year - 1 : day.year;
    int64_t era = year / 400;
    int64_t of_era = year - era * 400;
    int64_t of_year = (153 * (day.month + (day.month > 2 ? -3 : 9)) + 2) / 5 + day.number - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static struct day day_from (int64_t days)
{
    uint32_t shifted = (uint32_t)(days + 719468); /* no day of the calendar is before year 0 */
    uint32_t era = shifted / 146097;
    uint32_t of_era = shifted - era * 146097;
    uint32_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    uint32_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    uint32_t month = (5 * of_year + 2) / 153; /* 0: March */
    uint32_t year = year_of_era + era * 400 + (month >= 10 ? 1 : 0);
    return (struct day){.year = (int16_t)year,
                        .month = (uint8_t)(month < 10 ? month + 3 : month - 9),
                        .number = (uint8_t)(of_year - (153 * month + 2) / 5 + 1)};
}

static bool is_leap (int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static uint8_t month_length (int year, int month)
{
    static const uint8_t length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap (year) ? 29 : length[month - 1];
}

/* The last Sunday on or before this day. */
static int64_t sunday_until (int year, int month, int number)
{
    int64_t days = days_from ((struct day){(int16_t)year, (uint8_t)month, (uint8_t)number});
    return days - (days + 4 + 7 * INT64_C (100000)) % 7;
}

/* The days on which summer time begins and ends, at 01:00 UTC. `from` > `until`: the year has no summer time. */
struct summer {
    int64_t from, until;
};

static struct summer summer_of (int year)
{
    if (year < 1977)
        return (struct summer){1, 0};
    struct summer summer = {.from = year < 1981 ? sunday_until (year, 4, 7) : sunday_until (year, 3, 31)};
    if (year == 1978)
        summer.until = sunday_until (year, 10, 1);
    else
        summer.until = year < 1996 ? sunday_until (year, 9, 30) : sunday_until (year, 10, 31);
    return summer;
}

/* The day of this moment, in the time that the moment is in. */
static int64_t days_at (moment when)
{
    return when >= 0 ? when / DAY : (when + 1) / DAY - 1;
}

static moment offset_at (int year, moment when)
{
    struct summer summer = summer_of (year);
    return when >= summer.from * DAY + HOUR && when < summer.until * DAY + HOUR ? 2 * HOUR : HOUR;
}

/* Reads a number that consists of digits only. -1 if there is anything else. */
static int number_of (const char *text, int length)
{
    int number = 0;
    for (int i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        number = number * 10 + text[i] - '0';
    }
    return number;
}

bool calendar_parse (const char *text, struct day *day)
{
    for (int i = 0; i < 10; i++)
        if (text[i] == '\0')
            return false;
    if (text[4] != '-' || text[7] != '-' || text[10] != '\0')
        return false;
    int year = number_of (text, 4), month = number_of (text + 5, 2), number = number_of (text + 8, 2);
    if (year < FIRST_YEAR || month < 1 || month > 12 || number < 1 || number > month_length (year, month))
        return false;
    *day = (struct day){(int16_t)year, (uint8_t)month, (uint8_t)number};
    return true;
}

/* Ten characters, as a day is written, and not a part of a longer number. */
static bool begins_with_day (const char *text)
{
    return strnlen (text, DAY_LENGTH) == DAY_LENGTH && text[4] == '-' && text[7] == '-' &&
           number_of (text, 4) >= FIRST_YEAR && number_of (text + 5, 2) >= 0 && number_of (text + 8, 2) >= 0 &&
           (text[DAY_LENGTH] < '0' || text[DAY_LENGTH] > '9');
}

bool calendar_is_no_day (const char *text)
{
    bool after_digit = false;
    for (; *text != '\0'; after_digit = *text >= '0' && *text <= '9', text++) {
        struct day unused;
        char copy[DAY_LENGTH + 1] = "";
        if (after_digit || !begins_with_day (text))
            continue;
        memcpy (copy, text, DAY_LENGTH);
        if (!calendar_parse (copy, &unused))
            return true;
    }
    return false;
}

void calendar_format (struct day day, char text[11])
{
    const int part[] = {day.year / 100, day.year % 100, day.month, day.number};
    static const int at[] = {0, 2, 5, 8};
    for (int i = 0; i < 4; i++) {
        text[at[i]] = (char)('0' + part[i] / 10 % 10);
        text[at[i] + 1] = (char)('0' + part[i] % 10);
    }
    text[4] = text[7] = '-';
    text[10] = '\0';
}

int calendar_compare (struct day a, struct day b)
{
    if (a.year != b.year)
        return a.year < b.year ? -1 : 1;
    if (a.month != b.month)
        return a.month < b.month ? -1 : 1;
    return a.number == b.number ? 0 : a.number < b.number ? -1 : 1;
}

moment calendar_start (struct day day)
{
    /* The clock changes at night, after midnight. So the day of a change begins with the old time. */
    int64_t days = days_from (day);
    struct summer summer = summer_of (day.year);
    bool in_summer = days > summer.from && days <= summer.until;
    return days * DAY - (in_summer ? 2 * HOUR : HOUR);
}

struct day calendar_day (moment when)
{
    /* A peer may name any moment. A moment outside the calendar becomes its first or last day. */
    static const struct day first = {FIRST_YEAR, 1, 1}, last = {LAST_YEAR, 12, 31};
    if (when < days_from (first) * DAY)
        return first;
    if (when >= days_from (last) * DAY)
        return last;
    int64_t days = days_at (when);
    struct day day = day_from (days);
    if (when - days * DAY < DAY - 2 * HOUR) /* the same day in either time */
        return day;
    int64_t local = days_at (when + offset_at (day.year, when));
    return local == days ? day : day_from (local);
}

static struct day within_calendar (int64_t year, int month, int number)
{
    if (year > LAST_YEAR)
        return (struct day){LAST_YEAR, 12, 31};
    return (struct day){(int16_t)year, (uint8_t)month, (uint8_t)number};
}

struct day calendar_next (struct day day)
{
    if (day.number < month_length (day.year, day.month))
        return within_calendar (day.year, day.month, day.number + 1);
    if (day.month < 12)
        return within_calendar (day.year, day.month + 1, 1);
    return within_calendar (day.year + 1, 1, 1);
}

struct day calendar_add_months (struct day day, unsigned months)
{
    int64_t total = INT64_C (12) * day.year + day.month - 1 + months;
    int64_t year = total / 12;
    int month = (int)(total % 12) + 1;
    uint8_t length = month_length ((int)(year % 400), month);
    return within_calendar (year, month, day.number < length ? day.number : length);
}

struct day calendar_birthday (struct day birth, unsigned years)
{
    int64_t year = (int64_t)birth.year + years;
    if (birth.month == 2 && birth.number == 29 && !is_leap ((int)(year % 400)))
        return within_calendar (year, 3, 1);
    return within_calendar (year, birth.month, birth.number);
}

moment calendar_end_after_months (moment from, unsigned months)
{
    return calendar_start (calendar_next (calendar_add_months (calendar_day (from), months)));
}

/* The day, clipped to the first and last day of the calendar. */
static struct day day_within (int64_t days)
{
    static const struct day first = {FIRST_YEAR, 1, 1}, last = {LAST_YEAR, 12, 31};
    if (days < days_from (first))
        return first;
    return days > days_from (last) ? last : day_from (days);
}

moment calendar_end_after_days (moment from, unsigned days)
{
    return calendar_start (day_within (days_from (calendar_day (from)) + days + INT64_C (1)));
}

moment calendar_first_within_days (moment end, unsigned days)
{
    /* `end` is exclusive: if it is at midnight, the last day that counts is the day before. */
    int64_t last = days_from (calendar_day (end - 1));
    return calendar_start (day_within (last - days));
}

#include "letter_words.h"

#include <string.h>
#include "arena.h"

static const char *const months[] = {"januari", "februari", "maart",     "april",   "mei",      "juni",
                                     "juli",    "augustus", "september", "oktober", "november", "december"};

const char *letter_day_of_text (struct arena *arena, const char *text)
{
    struct day day;
    return calendar_parse (text, &day)
               ? arena_printf (arena, "%d %s %d", day.number, months[day.month - 1], day.year)
               : "";
}

/* Of "2026-11-28" or "2026-11-28 14:30". */
static const char *in_words (struct arena *arena, const char *text)
{
    const char *day = letter_day_of_text (arena, arena_strndup (arena, text, strcspn (text, " ")));
    const char *clock = strchr (text, ' ');
    return clock ? arena_printf (arena, "%s om %.2s.%.2s uur", day, clock + 1, clock + 4) : day;
}

const char *letter_moment (struct arena *arena, moment when)
{
    char text[MOMENT_TEXT];
    return in_words (arena, moment_print (when, text));
}

const char *letter_day (struct arena *arena, moment when)
{
    char text[MOMENT_TEXT];
    moment_print (when, text);
    text[strcspn (text, " ")] = '\0';
    return in_words (arena, text);
}

const char *letter_last_day (struct arena *arena, moment end)
{
    char text[MOMENT_TEXT];
    return in_words (arena, moment_print_end (end, text));
}

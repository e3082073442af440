#include "texts.h"

#include <string.h>
#include "arena.h"
#include "text/burgerservicenummer.h"

enum {
    LONGEST = SYNTAX_FREE_TEXT_LIMIT + 1,
    KEY_SIZE = 40, /* characters of Z85 */
    FIRST_BSN = 999900006,
    LAST_BSN = 999999990,
};

static const char *run_of (struct maker *maker, const char *characters, size_t length)
{
    char *made = arena_alloc (maker->arena, length + 1);
    for (size_t i = 0; i < length; i++)
        made[i] = characters[maker_below (maker, strlen (characters))];
    return made;
}

/* Few, so that names of different fields are sometimes the same. */
static const char *some_name (struct maker *maker)
{
    static const char *const names[] = {"kernteam",   "wijkteam", "horizon",    "cak", "naw",     "bsn",
                                        "rapportage", "wmo",      "toekenning", "pgb", "subject", "ouder-1",
                                        "nl",         "zaak.1",   "A_b:c-9",    "x"};
    return names[maker_below (maker, sizeof names / sizeof *names)];
}

const char *text_day (struct maker *maker)
{
    return arena_printf (maker->arena, "%04zu-%02zu-%02zu", 1990 + maker_below (maker, 50),
                         1 + maker_below (maker, 12), 1 + maker_below (maker, 28));
}

static const char *some_bsn (struct maker *maker)
{
    for (;;) {
        const char *bsn =
            arena_printf (maker->arena, "%zu", FIRST_BSN + maker_below (maker, LAST_BSN - FIRST_BSN + 1));
        if (bsn_is_valid (bsn))
            return bsn;
    }
}

/* What it must be is not said in the table: a name, a text of another sort, or a number of many digits (zeroes:
   nobody has such a BSN). */
static const char *text_of_no_sort (struct maker *maker)
{
    if (maker_one_in (maker, 4))
        return some_name (maker);
    return maker_one_in (maker, 4)
               ? run_of (maker, "0", 1 + maker_below (maker, 20))
               : text_right (maker, (enum syntax_sort) (1 + maker_below (maker, SYNTAX_SORTS - 1)));
}

const char *text_right (struct maker *maker, enum syntax_sort sort)
{
    switch (sort) {
    case SYNTAX_PARTY:
    case SYNTAX_CODE:
    case SYNTAX_REFERENCE:
    case SYNTAX_RAW:
        return some_name (maker);
    case SYNTAX_KEY:
        return run_of (maker, "0123456789abcdefghijABCDEFGHIJ.-:+=^!/*?&<>()[]{}@%$#", KEY_SIZE);
    case SYNTAX_BSN:
        return some_bsn (maker);
    case SYNTAX_DAY:
        return text_day (maker);
    case SYNTAX_ANY:
        return text_of_no_sort (maker);
    default:
        return maker_one_in (maker, 2) ? some_name (maker) : "Hulp bij het huishouden, geïndiceerd: “ja”\n";
    }
}

static const char *no_path (const void *place, struct arena *arena)
{
    (void)place;
    (void)arena;
    return "";
}

static bool is_taken (struct maker *maker, enum syntax_sort sort, const char *text)
{
    struct syntax syntax = {.arena = maker->arena, .place = "", .path = no_path};
    struct arena_mark mark = arena_mark (maker->arena);
    syntax_text (&syntax, sort, true, text);
    arena_release (maker->arena, mark);
    return syntax.field == NULL;
}

/* The longest text of this sort, as the daemon judges it. That of a text of no sort is that of all texts. */
static size_t limit_of (struct maker *maker, enum syntax_sort sort)
{
    static size_t limits[SYNTAX_SORTS];
    if (limits[sort] > 0)
        return limits[sort];
    const char *text = run_of (maker, "a", LONGEST);
    size_t length = LONGEST;
    while (length > 1 && !is_taken (maker, sort, text + LONGEST - length))
        length--;
    limits[sort] = length > 1 ? length : SYNTAX_FREE_TEXT_LIMIT;
    return limits[sort];
}

struct bytes text_odd (struct maker *maker)
{
#define ODD(text)             \
    {                         \
        text, sizeof text - 1 \
    }
    static const struct bytes odd[] = {
        ODD (""),
        ODD (" "),
        ODD ("\0"),
        ODD ("naw\0naw"),
        ODD ("\x80"),
        ODD ("naw\xc3"),
        ODD ("\xc0\x80"),
        ODD ("\xed\xa0\x80"),
        ODD ("\xff"),
        ODD ("\xf4\x90\x80\x80"),
        ODD ("\x1b[2J"),
        ODD ("\x7f"),
        ODD ("\n"),
        ODD ("\xe2\x80\x8b\xe2\x80\xae"),
        ODD ("\xc2\x85"),
        ODD ("\xe2\x80\xa8"),
        ODD ("*"),
        ODD ("alle"),
        ODD ("999900006"),
        ODD ("zaak-999900006"),
        ODD ("000000000"),
        ODD ("99990006"),
        ODD ("-naw"),
        ODD ("\""),
        ODD ("2023-02-29"),
        ODD ("2024-02-29"),
        ODD ("0000-00-00"),
        ODD ("10000-01-01"),
        ODD ("9999-12-31"),
        ODD ("2024-2-9"),
        ODD ("\xf0\x9f\x98\x80"),
        ODD ("naw "),
    };
#undef ODD
    return odd[maker_below (maker, sizeof odd / sizeof *odd)];
}

struct bytes text_at_limit (struct maker *maker, enum syntax_sort sort)
{
    if (maker_one_in (maker, 2))
        return text_odd (maker);
    size_t limit = limit_of (maker, maker_one_in (maker, 4) ? SYNTAX_ANY : sort),
           size = limit - 1 + maker_below (maker, 3);
    return (struct bytes){run_of (maker, "a", size), size};
}

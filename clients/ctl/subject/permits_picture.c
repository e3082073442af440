#include "permits_picture.h"

#include <string.h>
#include "arena.h"
#include "letter/letter_html.h"
#include "moments.h"

/* In pixels: three columns, in which arrows lead from who tells to who is told. */
enum {
    EDGE = 16,
    HEAD = 92,
    PARTY = 264,
    ARROW = 150,
    DATA = 430,
    WIDTH = 2 * EDGE + 2 * PARTY + ARROW + DATA + 16,
    LINE = 18,
    ROW_EDGE = 18,
    LINE_LENGTH = 46, /* characters of a line of data */
    TO = EDGE + PARTY + ARROW,
    DATA_AT = TO + PARTY + 16,
};

enum word { WORD_TITLE, WORD_AS_OF, WORD_CONSENT, WORD_STATUTE, WORD_NOTHING, WORD_CASE, WORDS };

static const char *const words[LANGUAGES][WORDS] = {
    [ENGLISH] = {"What may be told now", "as of", "by consent", "by a statute", "Nothing may be told.", "case"},
    [DUTCH] = {"Wat nu verteld mag worden", "op", "met toestemming", "op grond van een wet",
               "Er mag niets verteld worden.", "zaak"},
};

static void put_text (FILE *out, const char *sort, int x, int y, const char *text)
{
    fprintf (out, "  <text class=\"%s\" x=\"%d\" y=\"%d\">", sort, x, y);
    letter_html_put (out, text);
    fputs ("</text>\n", out);
}

static void put_box (FILE *out, int x, int y, const char *party)
{
    fprintf (out, "  <rect class=\"party\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"28\" rx=\"5\"/>\n", x, y,
             PARTY - 8);
    put_text (out, "name", x + 10, y + 19, party);
}

static bool is_by_consent (const Consentd__PermittedCategory *one)
{
    return one->ground == CONSENTD__GROUND__CONSENT;
}

/* The categories of one ground in lines, "naw, budget,". Draws them if `out` is given. Returns how many lines. */
static int put_categories (FILE *out, const Consentd__Permits *permits, bool by_consent, int y)
{
    char line[LINE_LENGTH + 160] = "";
    int lines = 0;
    size_t left = 0;
    for (size_t i = 0; i < permits->n_categories; i++)
        left += is_by_consent (permits->categories[i]) == by_consent;
    for (size_t i = 0; i < permits->n_categories; i++) {
        if (is_by_consent (permits->categories[i]) != by_consent)
            continue;
        const char *name = permits->categories[i]->category;
        left--;
        size_t used = strlen (line);
        snprintf (line + used, sizeof line - used, "%s%.128s%s", used ? " " : "", name, left ? "," : "");
        if (strlen (line) < LINE_LENGTH && left > 0)
            continue;
        if (out)
            put_text (out, by_consent ? "consent" : "statute", DATA_AT, y + lines * LINE, line);
        lines++;
        line[0] = '\0';
    }
    return lines;
}

static int height_of (const Consentd__Permits *permits)
{
    int lines = put_categories (NULL, permits, true, 0) + put_categories (NULL, permits, false, 0);
    return (lines < 2 ? 2 : lines) * LINE + ROW_EDGE;
}

static void put_arrow (FILE *out, int from, int to)
{
    fprintf (out, "  <path class=\"arrow\" d=\"M%d %d C%d %d %d %d %d %d\"/>\n", EDGE + PARTY - 8, from,
             EDGE + PARTY + 50, from, TO - 60, to, TO - 7, to);
}

struct picture {
    const Consentd__PermitsReply *permits;
    enum language language;
    struct arena *arena;
    FILE *out;
};

static void put_row (const struct picture *self, const Consentd__Permits *one, int from, int y)
{
    const char *purpose = *one->case_ref ? arena_printf (self->arena, "%s (%s %s)", one->purpose,
                                                         words[self->language][WORD_CASE], one->case_ref)
                                         : one->purpose;
    put_arrow (self->out, from + 14, y + 14);
    put_box (self->out, TO, y, one->recipient);
    put_text (self->out, "purpose", TO + 10, y + 28 + LINE - 4, purpose);
    int lines = put_categories (self->out, one, true, y + LINE);
    put_categories (self->out, one, false, y + (1 + lines) * LINE);
}

static int whole_height (const Consentd__PermitsReply *permits)
{
    int height = HEAD + EDGE;
    for (size_t i = 0; i < permits->n_permits; i++)
        height += height_of (permits->permits[i]);
    return permits->n_permits > 0 ? height : HEAD + 40;
}

static void put_head (const struct picture *self)
{
    char as_of[MOMENT_TEXT];
    const char *const *word = words[self->language];
    int height = whole_height (self->permits);
    fprintf (
        self->out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\" "
        "lang=\"%s\">\n  <title>%s</title>\n",
        WIDTH, height, WIDTH, height, self->language == DUTCH ? "nl" : "en", word[WORD_TITLE]);
    fputs ("  <style>\n"
           "    text { font: 13px \"Liberation Sans\", Arial, \"DejaVu Sans\", sans-serif; fill: #1a1a1a }\n"
           "    .title { font-size: 19px; font-weight: bold } .about, .purpose { fill: #555; font-size: 12px }\n"
           "    .name { font-weight: bold; font-size: 12px } .party { fill: #f2f2f2; stroke: #888 }\n"
           "    .arrow { fill: none; stroke: #888; stroke-width: 1.5; marker-end: url(#tip) }\n"
           "    .consent { fill: #1d4f91 } .statute { fill: #1c6b2e }\n"
           "  </style>\n"
           "  <defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" "
           "markerHeight=\"7\" "
           "orient=\"auto\"><path d=\"M0 0 L8 4 L0 8 z\" fill=\"#888\"/></marker></defs>\n",
           self->out);
    fprintf (self->out, "  <rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n", WIDTH, height);
    put_text (self->out, "title", EDGE, 32, word[WORD_TITLE]);
    put_text (self->out, "about", EDGE, 54,
              arena_printf (self->arena, "%s %s", word[WORD_AS_OF], moment_print (self->permits->as_of, as_of)));
    put_text (self->out, "consent", DATA_AT, 32, word[WORD_CONSENT]);
    put_text (self->out, "statute", DATA_AT, 54, word[WORD_STATUTE]);
}

void permits_picture_write (const Consentd__PermitsReply *permits, enum language language, struct arena *arena,
                            FILE *out)
{
    const struct picture self = {permits, language, arena, out};
    const char *provider = "";
    int y = HEAD, from = HEAD;
    put_head (&self);
    if (permits->n_permits == 0)
        put_text (out, "name", EDGE, HEAD + 8, words[language][WORD_NOTHING]);
    for (size_t i = 0; i < permits->n_permits; i++) {
        const Consentd__Permits *one = permits->permits[i];
        if (strcmp (one->provider, provider) != 0) {
            provider = one->provider;
            from = y;
            put_box (out, EDGE, y, provider);
        }
        put_row (&self, one, from, y);
        y += height_of (one);
    }
    fputs ("</svg>\n", out);
}

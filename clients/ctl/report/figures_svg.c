#include "figures_svg.h"

#include <inttypes.h>
#include <string.h>
#include "letter/letter_html.h"

/* In pixels. A label stands above its bar, and a long one on two lines: at the width of a telephone, where all of
   it becomes four fifths as large, it must still be read. */
enum { WIDTH = 480, EDGE = 16, HEAD = 84, SECTION = 62, ROW = 46, LINE = 19, BAR = 14, NUMBERS = 76 };
enum { LABEL_LINE = 54 }; /* characters of a label on a line */

static bool is_new_section (const struct figures_row *rows, size_t index)
{
    return index == 0 || strcmp (rows[index].section, rows[index - 1].section) != 0;
}

static bool is_bar (const struct figures_row *row)
{
    return !row->text;
}

/* The largest count of the section of this row: its bar is as wide as the picture. */
static int64_t largest (const struct figures_row *rows, size_t count, const struct figures_row *row)
{
    int64_t most = 1;
    for (size_t i = 0; i < count; i++)
        if (is_bar (&rows[i]) && strcmp (rows[i].section, row->section) == 0 && rows[i].number > most)
            most = rows[i].number;
    return most;
}

/* Where the second line of a label begins; its end, if it has one line. */
static const char *second_line (const char *label)
{
    size_t size = strlen (label), at = LABEL_LINE;
    while (size > LABEL_LINE && at > 0 && label[at] != ' ')
        at--;
    return size > LABEL_LINE && at > 0 ? label + at + 1 : label + size;
}

static int height_of_row (const struct figures_row *row)
{
    return *second_line (row->label) ? ROW + LINE : ROW;
}

static int height_of (const struct figures_row *rows, size_t count)
{
    int height = HEAD + EDGE;
    for (size_t i = 0; i < count; i++)
        height += height_of_row (&rows[i]) + (is_new_section (rows, i) ? SECTION : 0);
    return height;
}

static void put_text (FILE *out, const char *sort, int x, int y, const char *text)
{
    fprintf (out, "  <text class=\"%s\" x=\"%d\" y=\"%d\">", sort, x, y);
    letter_html_put (out, text);
    fputs ("</text>\n", out);
}

static void put_label (FILE *out, const char *label, int y)
{
    const char *rest = second_line (label);
    fprintf (out, "  <text class=\"label\" x=\"%d\" y=\"%d\">", EDGE, y + 16);
    for (const char *at = label; at < rest; at++)
        letter_html_put (out, (const char[]){*at, '\0'});
    if (*rest) {
        fprintf (out, "<tspan x=\"%d\" y=\"%d\">", EDGE, y + 16 + LINE);
        letter_html_put (out, rest);
        fputs ("</tspan>", out);
    }
    fputs ("</text>\n", out);
}

static void put_section (FILE *out, const struct figures_row *row, int y)
{
    fprintf (out, "  <line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>\n", EDGE, y + 10, WIDTH - EDGE, y + 10);
    put_text (out, "section", EDGE, y + 34, row->section);
    put_text (out, "unit", EDGE, y + 52, row->unit);
}

static void put_bar (FILE *out, const struct figures_row *row, int64_t most, int y)
{
    const double whole = WIDTH - 2 * EDGE - NUMBERS;
    char number[24];
    int width = (int)(whole * (double)row->number / (double)most + 0.5);
    if (row->number > 0 && width < 2)
        width = 2; /* one is seen beside a million */
    snprintf (number, sizeof number, "%" PRId64, row->number);
    put_label (out, row->label, y);
    y += height_of_row (row) - ROW;
    fprintf (out, "  <rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>\n", EDGE, y + 23, width, BAR);
    put_text (out, "number", EDGE + width + (width > 0 ? 8 : 0), y + 23 + BAR - 1, number);
}

static void put_fact (FILE *out, const struct figures_row *row, int y)
{
    put_label (out, row->label, y);
    put_text (out, "number", EDGE, y + height_of_row (row) - ROW + 23 + BAR, row->text);
}

static void put_head (FILE *out, int height, const char *title, const char *about)
{
    fprintf (out,
             "<svg xmlns=\"http://www.w3.org/2000/svg\" lang=\"nl\" role=\"img\" aria-labelledby=\"title about\" "
             "viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" style=\"max-width: 100%%; height: auto\">\n  "
             "<title id=\"title\">",
             WIDTH, height, WIDTH, height);
    letter_html_put (out, title);
    fputs ("</title>\n  <desc id=\"about\">", out);
    letter_html_put (out, about);
}

static void put_style (FILE *out, const char *title, const char *about)
{
    fputs ("</desc>\n"
           "  <style>\n"
           "    text { font-family: system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif; fill: #1a1a1a }\n"
           "    .title { font-size: 18px; font-weight: 600 } .about, .unit { font-size: 14px; fill: #555 }\n"
           "    .section { font-size: 16px; font-weight: 600 } .label { font-size: 15px }\n"
           "    .number { font-size: 15px; font-weight: 600 } rect { fill: #01689b } line { stroke: #ccc }\n"
           "  </style>\n"
           "  <rect width=\"100%\" height=\"100%\" style=\"fill: #fff\"/>\n",
           out);
    put_text (out, "title", EDGE, 36, title);
    put_text (out, "about", EDGE, 60, about);
}

/* The same in words, for who cannot see it: every number with what it counts. */
static void put_words (FILE *out, const struct figures_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        fputs (is_new_section (rows, i) ? ". " : "; ", out);
        if (is_new_section (rows, i)) {
            letter_html_put (out, rows[i].section);
            fputs (": ", out);
        }
        letter_html_put (out, rows[i].label);
        if (rows[i].text) {
            fputc (' ', out);
            letter_html_put (out, rows[i].text);
        } else {
            fprintf (out, " %" PRId64, rows[i].number);
        }
    }
}

void figures_svg_write (const struct figures_row *rows, size_t count, const char *title, const char *about,
                        FILE *out)
{
    int y = HEAD;
    put_head (out, height_of (rows, count), title, about);
    put_words (out, rows, count);
    put_style (out, title, about);
    for (size_t i = 0; i < count; i++) {
        if (is_new_section (rows, i)) {
            put_section (out, &rows[i], y);
            y += SECTION;
        }
        if (is_bar (&rows[i]))
            put_bar (out, &rows[i], largest (rows, count, &rows[i]), y);
        else
            put_fact (out, &rows[i], y);
        y += height_of_row (&rows[i]);
    }
    fputs ("</svg>\n", out);
}

#include "escape.h"
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "utf8.h"

/* Characters that do not show themselves in their place: general category Cc, Cf, Cs, Co, Zl or Zp, noncharacters,
   and Default_Ignorable_Code_Point. The Arabic and other signs of Cf that can be seen are not in the list. The
   last two points of each plane are noncharacters too. (visible_is_shown asks another question: a space, or an
   accent without its letter, shows nothing, but it belongs in a text.) */
static const struct {
    uint32_t first, last;
} unseen[] = {
    {0x0, 0x1F},        {0x7F, 0x9F},       {0xAD, 0xAD},        {0x34F, 0x34F},     {0x61C, 0x61C},
    {0x115F, 0x1160},   {0x17B4, 0x17B5},   {0x180B, 0x180F},    {0x200B, 0x200F},   {0x2028, 0x202E},
    {0x2060, 0x206F},   {0x3164, 0x3164},   {0xD800, 0xF8FF},    {0xFDD0, 0xFDEF},   {0xFE00, 0xFE0F},
    {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},   {0xFFF0, 0xFFFB},    {0x13430, 0x13438}, {0x1BCA0, 0x1BCA3},
    {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF}, {0xF0000, 0x10FFFF},
};

static bool is_shown (uint32_t point)
{
    for (size_t i = 0; i < sizeof unseen / sizeof *unseen; i++)
        if (point >= unseen[i].first && point <= unseen[i].last)
            return false;
    return (point & 0xFFFE) != 0xFFFE;
}

static void put_escaped (FILE *out, uint32_t point)
{
    static const char names[] = {['\t'] = 't', ['\n'] = 'n', ['\r'] = 'r'};
    if (point < sizeof names && names[point])
        fprintf (out, "\\%c", names[point]);
    else if (point < 0x80)
        fprintf (out, "\\x%02x", (unsigned)point);
    else
        fprintf (out, point > 0xFFFF ? "\\U%08x" : "\\u%04x", (unsigned)point);
}

/* Writes a character as JSON does: beyond the first plane as two halves. */
static void put_json (FILE *out, uint32_t point)
{
    if (point > 0xFFFF)
        fprintf (out, "\\u%04x\\u%04x", 0xD800 + ((unsigned)point - 0x10000) / 0x400,
                 0xDC00 + ((unsigned)point - 0x10000) % 0x400);
    else
        fprintf (out, "\\u%04x", (unsigned)point);
}

/* How many bytes from here on are visible, as most texts are wholly. */
static size_t count_plain (const char *text)
{
    size_t size = 0;
    while (text[size] >= ' ' && text[size] <= '~')
        size++;
    return size;
}

/* Writes the text, and calls `put` for each character that is not visible, except `kept`. */
static void write_escaped (FILE *out, const char *text, void (*put) (FILE *out, uint32_t point), uint32_t kept)
{
    for (size_t left = strlen (text), step; left > 0; text += step, left -= step) {
        uint32_t point = 0;
        step = count_plain (text);
        if (step > 0) {
            fwrite (text, 1, step, out);
            continue;
        }
        size_t size = utf8_decode (text, left, &point);
        if (size == 0)
            fprintf (out, "\\x%02x", (unsigned char)*text);
        else if (is_shown (point) || point == kept)
            fwrite (text, 1, size, out);
        else
            put (out, point);
        step = size > 0 ? size : 1;
    }
}

static char *make (const char *text, void (*put) (FILE *out, uint32_t point), uint32_t kept)
{
    char *made = NULL;
    size_t size = 0;
    FILE *out = open_memstream (&made, &size);
    if (!out)
        abort ();
    write_escaped (out, text, put, kept);
    if (fclose (out) != 0)
        abort ();
    return made;
}

char *escape_text (const char *text)
{
    return make (text, put_escaped, 0);
}

char *escape_json (char *document)
{
    char *made = document ? make (document, put_json, '\n') : NULL;
    free (document);
    return made;
}

void escape_put (FILE *out, const char *text)
{
    write_escaped (out, text, put_escaped, 0);
}

void escape_line (FILE *out, const char *format, ...)
{
    char *line;
    va_list list;
    va_start (list, format);
    int size = vasprintf (&line, format, list);
    va_end (list);
    if (size < 0)
        abort ();
    char *shown = escape_text (line);
    fprintf (out, "%s\n", shown);
    free (shown);
    free (line);
}

#include "policy_paragraph.h"

#include <stdarg.h>
#include <string.h>

enum { WIDTH = 80, LABEL = 12, END = 2 /* columns that policy_paragraph_end may take: ");" */ };

/* Counts characters, not bytes, so that "cliënt" does not break a line early. */
static size_t columns (const char *text, size_t size)
{
    size_t count = 0;
    for (size_t i = 0; i < size; i++)
        count += ((unsigned char)text[i] & 0xC0) != 0x80;
    return count;
}

/* Writes a piece that is not broken. It goes on a new line if it does not fit on this one. */
static void write_piece (struct policy_paragraph *self, const char *text, size_t size)
{
    size_t wide = columns (text, size);
    if (!self->fresh && self->column + 1 + wide > WIDTH - END) {
        fprintf (self->out, "\n%*s", (int)self->indent, "");
        self->column = self->indent;
        self->fresh = true;
    }
    if (!self->fresh)
        fputc (' ', self->out);
    fwrite (text, 1, size, self->out);
    self->column += wide + !self->fresh;
    self->fresh = false;
}

void policy_paragraph_write (struct policy_paragraph *self, const char *text)
{
    while (*text != '\0') {
        size_t size = strcspn (text, " ");
        write_piece (self, text, size);
        text += size;
        text += strspn (text, " ");
    }
}

void policy_paragraph_end (struct policy_paragraph *self, const char *text)
{
    fputs (text, self->out);
    self->column += columns (text, strlen (text));
}

struct policy_paragraph policy_paragraph_begin (FILE *out, const char *label)
{
    fprintf (out, "    %-*s", LABEL, label);
    return (struct policy_paragraph){.out = out, .indent = 4 + LABEL, .column = 4 + LABEL, .fresh = true};
}

void policy_print_text (FILE *out, size_t indent, const char *format, ...)
{
    char text[512];
    va_list list;
    va_start (list, format);
    vsnprintf (text, sizeof text, format, list);
    va_end (list);
    fprintf (out, "%*s", (int)indent, "");
    struct policy_paragraph paragraph = {.out = out, .indent = indent, .column = indent, .fresh = true};
    policy_paragraph_write (&paragraph, text);
    fputc ('\n', out);
}

void policy_print_line (FILE *out, const char *label, const char *text)
{
    struct policy_paragraph line = policy_paragraph_begin (out, label);
    policy_paragraph_write (&line, text);
    fputc ('\n', out);
}

void policy_print_heading (FILE *out, const char *text)
{
    fprintf (out, "\n%s\n", text);
    for (size_t i = strlen (text); i > 0; i--)
        fputc ('-', out);
    fputc ('\n', out);
}

#include "text/help_page.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum {
    GAP = 2,         /* so many blanks part what is explained from its explanation */
    DEEP = 16,       /* a line that begins here or later goes on with the explanation above it */
    LONG = 40,       /* the last column of several is an explanation if it has as much as this */
    LEAST_TEXT = 24, /* where less than this is left of a line, the explanation moves to the left */
    LEAST_ROOM = 40,
};

static const char USAGE[] = "Usage: ";

struct line {
    const char *text;
    size_t size;
    size_t indent; /* blanks before it */
    size_t column; /* where its explanation begins; 0: it has none, or is a row of several */
    size_t gaps;
};

static struct line read_line (const char *text)
{
    struct line line = {.text = text, .size = strcspn (text, "\n"), .indent = strspn (text, " ")};
    for (size_t at = line.indent; at < line.size;) {
        size_t blanks = strspn (text + at, " ");
        if (blanks >= GAP && at + blanks < line.size) {
            line.column = at + blanks;
            line.gaps++;
        }
        at += blanks > 0 ? blanks : 1;
    }
    if (line.gaps > 1 && line.size - line.column < LONG)
        line.column = 0;
    return line;
}

static const char *after (const struct line *line)
{
    return line->text + line->size + (line->text[line->size] == '\n');
}

/* Whether `next` goes on with the text of `first`. */
static bool goes_on (const struct line *first, const struct line *next)
{
    if (next->size == 0 || next->gaps > 0)
        return false;
    if (first->column > 0)
        return next->indent == first->column;
    return first->gaps == 0 && next->indent == first->indent && (first->indent == 0 || first->indent >= DEEP);
}

/* What is wrapped: where it is on its line, and where its next lines begin. */
struct wrapped {
    FILE *out;
    size_t room, used, hang;
    bool begun; /* a word stands on this line */
};

/* Where a word of this size begins on a line of its own: to the left of the others, where it needs that. */
static size_t hang_for (const struct wrapped *self, size_t size)
{
    if (self->hang + size <= self->room)
        return self->hang;
    return size < self->room ? self->room - size : 0;
}

static void put (struct wrapped *self, const char *word, size_t size, size_t blanks)
{
    if (self->begun && self->used + blanks + size > self->room) {
        self->used = hang_for (self, size);
        fprintf (self->out, "\n%*s", (int)self->used, "");
    } else {
        fprintf (self->out, "%*s", (int)blanks, "");
        self->used += blanks;
    }
    fwrite (word, 1, size, self->out);
    self->used += size;
    self->begun = true;
}

/* Words as they are; of a row of several columns each column is as one word. */
static void put_words (struct wrapped *self, const char *text, size_t size, bool is_row)
{
    for (size_t at = 0; at < size;) {
        size_t blanks = strspn (text + at, " "), end = at + blanks;
        while (end < size && (text[end] != ' ' || (is_row && text[end + 1] != ' ')))
            end++;
        if (end > size)
            end = size;
        if (end > at + blanks)
            put (self, text + at + blanks, end - at - blanks, self->begun && !is_row ? 1 : blanks);
        at = end;
    }
}

static size_t hang_of (const struct line *first, size_t room)
{
    if (first->column > 0)
        return first->column + LEAST_TEXT <= room ? first->column : first->indent + 4;
    if (first->gaps > 0)
        return first->indent;
    if (strncmp (first->text, USAGE, sizeof USAGE - 1) == 0)
        return sizeof USAGE - 1 + 4;
    return first->indent == 0 || first->indent >= DEEP ? first->indent : first->indent + 4;
}

/* Writes the lines that belong together, wrapped. Returns where the next begins. */
static const char *put_wrapped (const struct line *first, size_t room, FILE *out)
{
    struct wrapped self = {.out = out, .room = room, .hang = hang_of (first, room)};
    const char *next = after (first);
    if (first->column > 0) { /* what is explained stays whole, and so do the blanks after it */
        fwrite (first->text, 1, first->column, out);
        self.used = first->column;
        put_words (&self, first->text + first->column, first->size - first->column, false);
    } else {
        put_words (&self, first->text, first->size, first->gaps > 0);
    }
    for (struct line line = read_line (next); goes_on (first, &line); line = read_line (next)) {
        put_words (&self, line.text + line.indent, line.size - line.indent, false);
        next = after (&line);
    }
    fputc ('\n', out);
    return next;
}

/* Writes the lines that belong together as they are, where they fit. NULL: they do not. */
static const char *put_as_it_is (const struct line *first, size_t room, FILE *out)
{
    const char *next = after (first);
    size_t widest = first->size;
    for (struct line line = read_line (next); goes_on (first, &line); line = read_line (next)) {
        widest = line.size > widest ? line.size : widest;
        next = after (&line);
    }
    if (widest > room)
        return NULL;
    fwrite (first->text, 1, (size_t)(next - first->text), out);
    return next;
}

void help_page_fit (const char *text, size_t room, FILE *out)
{
    while (*text) {
        struct line line = read_line (text);
        const char *next = put_as_it_is (&line, room, out);
        text = next ? next : put_wrapped (&line, room, out);
    }
}

/* The columns of a terminal. 0: it is none. */
static size_t room_of (FILE *out)
{
    struct winsize size = {0};
    int fd = fileno (out);
    if (fd < 0 || !isatty (fd) || ioctl (fd, TIOCGWINSZ, &size) != 0)
        return 0;
    return size.ws_col == 0 || size.ws_col >= LEAST_ROOM ? size.ws_col : LEAST_ROOM;
}

FILE *help_page_begin (struct help_page *self, FILE *out)
{
    *self = (struct help_page){.out = out, .room = room_of (out)};
    if (self->room > 0)
        self->kept = open_memstream (&self->text, &self->size);
    return self->kept ? self->kept : out;
}

void help_page_end (struct help_page *self)
{
    if (!self->kept)
        return;
    fclose (self->kept);
    help_page_fit (self->text, self->room, self->out);
    free (self->text);
}

void help_page_show (const char *text, FILE *out)
{
    size_t room = room_of (out);
    if (room > 0)
        help_page_fit (text, room, out);
    else
        fputs (text, out);
}

#include "letter_text.h"

#include <string.h>
#include "arena.h"
#include "letter_document.h"
#include "table.h"

enum { WIDTH = 78, ITEM_INDENT = 2, BOX_INDENT = 4 };

/* A paragraph that is being written word by word. */
struct wrapping {
    FILE *out;
    size_t indent, column;
};

static void put_indent (struct wrapping *self)
{
    fprintf (self->out, "%*s", (int)self->indent, "");
    self->column = self->indent;
}

static void put_word (struct wrapping *self, const char *word, size_t size, size_t width)
{
    bool is_first = self->column == self->indent;
    if (!is_first && self->column + 1 + width > WIDTH) {
        fputc ('\n', self->out);
        put_indent (self);
        is_first = true;
    }
    fprintf (self->out, "%s%.*s", is_first ? "" : " ", (int)size, word);
    self->column += width + !is_first;
}

/* Writes the text from `column` on; its further lines begin at `indent`. Ends the last line. */
static void put_wrapped (FILE *out, const char *text, size_t column, size_t indent)
{
    struct wrapping wrapping = {out, indent, column};
    while (*text) {
        size_t size = strcspn (text, " ");
        put_word (&wrapping, text, size, table_width (text, size));
        text += size;
        text += *text == ' ';
    }
    fputc ('\n', out);
}

static void write_heading (const struct letter_block *block, FILE *out)
{
    static const char lines[LETTER_LEVELS] = {'=', '-', '\0'};
    char line = lines[block->level - 1];
    put_wrapped (out, block->text, 0, 0);
    size_t width = table_width (block->text, strlen (block->text));
    for (size_t i = 0; line && i < width && i < WIDTH; i++)
        fputc (line, out);
    if (line)
        fputc ('\n', out);
}

static void write_lines (const struct letter_block *block, FILE *out)
{
    for (const struct letter_row *row = block->first; row; row = row->next)
        put_wrapped (out, row->cells[0], 0, 0);
}

static void write_list (const struct letter_block *block, FILE *out)
{
    for (const struct letter_row *row = block->first; row; row = row->next) {
        fputs ("- ", out);
        put_wrapped (out, row->cells[0], ITEM_INDENT, ITEM_INDENT);
    }
}

/* A name that asks has no colon. */
static const char *colon_of (const char *name)
{
    size_t size = strlen (name);
    return size > 0 && name[size - 1] == '?' ? "" : ":";
}

/* Writes "Name:   value", with the values below each other, `column` columns from the left. */
static void write_pair (FILE *out, const char *name, const char *value, size_t column)
{
    const char *colon = colon_of (name);
    fprintf (out, "%s%s", name, colon);
    size_t used = table_width (name, strlen (name)) + strlen (colon);
    fprintf (out, "%*s", used < column ? (int)(column - used) : 1, "");
    put_wrapped (out, value, column, column);
}

static size_t widest (size_t width, const char *name)
{
    size_t other = table_width (name, strlen (name)) + strlen (colon_of (name));
    return other > width ? other : width;
}

static void write_facts (const struct letter_block *block, FILE *out)
{
    size_t width = 0;
    for (const struct letter_row *row = block->first; row; row = row->next)
        width = widest (width, row->cells[0]);
    for (const struct letter_row *row = block->first; row; row = row->next)
        write_pair (out, row->cells[0], row->cells[1], width + 1);
}

static void write_table (const struct letter_block *block, FILE *out)
{
    const char *const *headings = block->first->cells;
    size_t width = 0;
    for (size_t i = 0; i < block->columns; i++)
        width = widest (width, headings[i]);
    for (const struct letter_row *row = block->first->next; row; row = row->next) {
        for (size_t i = 0; i < block->columns; i++)
            if (*row->cells[i])
                write_pair (out, headings[i], row->cells[i], width + 1);
        if (row->next)
            fputc ('\n', out);
    }
}

/* On paper. */
static void write_choice (const struct letter_block *block, FILE *out)
{
    for (const struct letter_row *row = block->first; row; row = row->next) {
        bool is_chosen = *row->cells[0] && strcmp (row->cells[0], block->value) == 0;
        fputs (is_chosen ? "[x] " : "[ ] ", out);
        put_wrapped (out, row->cells[1], BOX_INDENT, BOX_INDENT);
    }
}

static void write_blank (const struct letter_block *block, FILE *out)
{
    const char *value = *block->value ? block->value : "______________________________";
    write_pair (out, block->text, value, table_width (block->text, strlen (block->text)) + 2);
}

static void write_block (const struct letter_block *block, FILE *out)
{
    switch (block->kind) {
    case LETTER_HEADING:
        write_heading (block, out);
        break;
    case LETTER_PARAGRAPH:
        put_wrapped (out, block->text, 0, 0);
        break;
    case LETTER_LINES:
        write_lines (block, out);
        break;
    case LETTER_LIST:
        write_list (block, out);
        break;
    case LETTER_FACTS:
        write_facts (block, out);
        break;
    case LETTER_QR:
        break;
    case LETTER_CHOICE:
        write_choice (block, out);
        break;
    case LETTER_BLANK:
        write_blank (block, out);
        break;
    case LETTER_TABLE:
        write_table (block, out);
        break;
    }
}

void letter_text_write (const struct letter_document *document, FILE *out)
{
    bool is_first = true;
    for (const struct letter_block *block = document->first; block; block = block->next) {
        if (!letter_block_is_shown (block))
            continue;
        if (!is_first)
            fputc ('\n', out);
        is_first = false;
        write_block (block, out);
    }
}

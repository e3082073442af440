#include "letter_document.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include "arena.h"
#include "text/escape.h"

static bool is_blank (char one)
{
    return one == ' ' || one == '\t' || one == '\n' || one == '\r';
}

/* Makes one line of the text, in place: no blanks at its ends, and one space between its words. */
static void make_one_line (char *text)
{
    char *out = text;
    for (const char *at = text; *at; at++) {
        if (!is_blank (*at))
            *out++ = *at;
        else if (out > text && out[-1] != ' ')
            *out++ = ' ';
    }
    if (out > text && out[-1] == ' ')
        out--;
    *out = '\0';
}

const char *letter_clean (struct arena *arena, const char *text)
{
    char *line = arena_strdup (arena, text ? text : "");
    make_one_line (line);
    char *shown = escape_text (line);
    const char *clean = arena_strdup (arena, shown);
    free (shown);
    return clean;
}

struct letter_document letter_document_start (struct arena *arena)
{
    return (struct letter_document){.arena = arena, .title = ""};
}

static struct letter_block *add_block (struct letter_document *self, enum letter_block_kind kind, size_t columns)
{
    struct letter_block *block = arena_alloc (self->arena, sizeof *block);
    block->kind = kind;
    block->columns = columns;
    *(self->last ? &self->last->next : &self->first) = block;
    self->last = block;
    return block;
}

void letter_add_heading (struct letter_document *self, unsigned level, const char *text)
{
    struct letter_block *block = add_block (self, LETTER_HEADING, 0);
    assert (level >= 1 && level <= LETTER_LEVELS);
    block->level = level;
    block->text = letter_clean (self->arena, text);
    if (level == 1 && !*self->title)
        self->title = block->text;
}

void letter_add_paragraph (struct letter_document *self, const char *text)
{
    add_block (self, LETTER_PARAGRAPH, 0)->text = letter_clean (self->arena, text);
}

void letter_add_qr (struct letter_document *self, const char *text)
{
    assert (strlen (text) <= LETTER_QR_SIZE);
    add_block (self, LETTER_QR, 0)->text = letter_clean (self->arena, text);
}

static void add_place (struct letter_document *self, enum letter_block_kind kind, size_t columns,
                       const struct letter_place *place)
{
    struct letter_block *block = add_block (self, kind, columns);
    block->input = place->input;
    block->name = letter_clean (self->arena, place->name);
    block->text = letter_clean (self->arena, place->label);
    block->value = letter_clean (self->arena, place->value);
    block->needed = place->needed;
}

void letter_add_blank (struct letter_document *self, const struct letter_place *place)
{
    add_place (self, LETTER_BLANK, 0, place);
}

void letter_begin_choice (struct letter_document *self, const struct letter_place *place)
{
    add_place (self, LETTER_CHOICE, 2, place);
}

void letter_begin_lines (struct letter_document *self)
{
    add_block (self, LETTER_LINES, 1);
}

void letter_begin_list (struct letter_document *self)
{
    add_block (self, LETTER_LIST, 1);
}

void letter_begin_facts (struct letter_document *self)
{
    add_block (self, LETTER_FACTS, 2);
}

void letter_begin_table (struct letter_document *self, const char *const *headings, size_t columns)
{
    assert (columns >= 1 && columns <= LETTER_COLUMNS);
    add_block (self, LETTER_TABLE, columns);
    letter_add_row (self, headings);
}

void letter_add_row (struct letter_document *self, const char *const *cells)
{
    struct letter_block *block = self->last;
    assert (block && block->columns > 0);
    struct letter_row *row = arena_alloc (self->arena, sizeof *row);
    row->cells = arena_array (self->arena, block->columns, sizeof *row->cells);
    for (size_t i = 0; i < block->columns; i++)
        row->cells[i] = letter_clean (self->arena, cells[i]);
    *(block->last ? &block->last->next : &block->first) = row;
    block->last = row;
}

void letter_add_line (struct letter_document *self, const char *text)
{
    assert (self->last && self->last->columns == 1);
    letter_add_row (self, &text);
}

void letter_add_fact (struct letter_document *self, const char *name, const char *value)
{
    assert (self->last && self->last->kind == LETTER_FACTS);
    if (value && *value)
        letter_add_row (self, (const char *[]){name, value});
}

void letter_add_part (struct letter_document *self, const struct letter_document *part)
{
    for (const struct letter_block *block = part->first; block; block = block->next) {
        struct letter_block *copy = add_block (self, block->kind, block->columns), *next = copy->next;
        *copy = *block;
        copy->next = next;
    }
}

bool letter_block_is_shown (const struct letter_block *block)
{
    switch (block->kind) {
    case LETTER_HEADING:
    case LETTER_PARAGRAPH:
    case LETTER_QR:
    case LETTER_BLANK:
        return *block->text != '\0';
    case LETTER_TABLE:
        return block->first->next != NULL;
    default:
        return block->first != NULL;
    }
}

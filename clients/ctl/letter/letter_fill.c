/* Fills a template with the values of one letter. */
#include <string.h>
#include "arena.h"
#include "letter_document.h"
#include "letter_template_tree.h"

enum begun { NOTHING, PARAGRAPH, LIST, FACTS };

struct filling {
    struct arena *arena;
    struct letter_document *document;
    const struct letter_values *scopes[LETTER_DEPTH]; /* of the letter, and of each group around */
    unsigned scope;
    enum begun begun;
    const char *paragraph; /* its words so far */
    const char *missing;   /* a field that must have a value, and has none */
};

static void end_block (struct filling *self)
{
    if (self->begun == PARAGRAPH && *self->paragraph)
        letter_add_paragraph (self->document, self->paragraph);
    self->begun = NOTHING;
    self->paragraph = "";
}

/* The field that is all of the line, if it is a list. */
static const struct letter_value *whole_list (const struct filling *self, const struct letter_node *node)
{
    const struct letter_piece *piece = node->pieces;
    bool is_list = piece && !piece->next && piece->field && piece->field->kind == LETTER_TEXTS;
    return is_list ? letter_value_of (self->scopes[piece->scope], piece->field) : NULL;
}

static const char *words_of (struct filling *self, const struct letter_node *node)
{
    const char *words = "";
    for (const struct letter_piece *piece = node->pieces; piece; piece = piece->next) {
        const char *text = piece->text;
        if (piece->field) {
            const struct letter_values *values = self->scopes[piece->scope];
            const struct letter_value *value = letter_value_of (values, piece->field);
            if (!letter_value_is_said (values, piece->field) && !self->missing)
                self->missing = piece->field->name;
            text = piece->field->kind == LETTER_TEXT ? value->text
                                                     : letter_join (self->arena, value->texts, value->count);
        }
        words = arena_printf (self->arena, "%s%s", words, text ? text : "");
    }
    return words;
}

static void fill_part (struct filling *self, const struct letter_piece *piece)
{
    const struct letter_document *part = letter_value_of (self->scopes[piece->scope], piece->field)->part;
    end_block (self);
    if (part)
        letter_add_part (self->document, part);
    else if (piece->field->use < LETTER_EMPTY && !self->missing)
        self->missing = piece->field->name;
}

static void fill_text (struct filling *self, const struct letter_node *node)
{
    if (node->pieces && node->pieces->field && node->pieces->field->kind == LETTER_PART) {
        fill_part (self, node->pieces);
        return;
    }
    const struct letter_value *list = whole_list (self, node);
    if (list) {
        end_block (self);
        letter_begin_lines (self->document);
        for (size_t i = 0; i < list->count; i++)
            letter_add_line (self->document, list->texts[i]);
        return;
    }
    if (self->begun != PARAGRAPH)
        end_block (self);
    self->begun = PARAGRAPH;
    self->paragraph =
        arena_printf (self->arena, "%s%s%s", self->paragraph, *self->paragraph ? " " : "", words_of (self, node));
}

static void fill_item (struct filling *self, const struct letter_node *node)
{
    const struct letter_value *list = whole_list (self, node);
    if (self->begun != LIST) {
        end_block (self);
        letter_begin_list (self->document);
    }
    self->begun = LIST;
    for (size_t i = 0; list && i < list->count; i++)
        letter_add_line (self->document, list->texts[i]);
    if (!list)
        letter_add_line (self->document, words_of (self, node));
}

static void fill_fact (struct filling *self, const struct letter_node *node)
{
    if (self->begun != FACTS) {
        end_block (self);
        letter_begin_facts (self->document);
    }
    self->begun = FACTS;
    letter_add_fact (self->document, node->name, words_of (self, node));
}

static void fill_nodes (struct filling *self, const struct letter_node *node);

static void fill_if (struct filling *self, const struct letter_node *node)
{
    const struct letter_piece *piece = node->pieces;
    bool is_said = letter_value_is_said (self->scopes[piece->scope], piece->field);
    fill_nodes (self, is_said != node->negated ? node->inner : node->otherwise);
}

static void fill_each (struct filling *self, const struct letter_node *node)
{
    const struct letter_piece *piece = node->pieces;
    const struct letter_value *group = letter_value_of (self->scopes[piece->scope], piece->field);
    self->scope++;
    for (size_t i = 0; i < group->count; i++) {
        self->scopes[self->scope] = group->groups[i];
        fill_nodes (self, node->inner);
    }
    self->scope--;
}

static void fill_node (struct filling *self, const struct letter_node *node)
{
    switch (node->kind) {
    case NODE_HEADING:
        end_block (self);
        letter_add_heading (self->document, node->level, words_of (self, node));
        break;
    case NODE_TEXT:
        fill_text (self, node);
        break;
    case NODE_ITEM:
        fill_item (self, node);
        break;
    case NODE_FACT:
        fill_fact (self, node);
        break;
    case NODE_EMPTY:
        end_block (self);
        break;
    case NODE_IF:
        fill_if (self, node);
        break;
    case NODE_EACH:
        fill_each (self, node);
        break;
    }
}

/* As deep as blocks are in each other. */
static void fill_nodes (struct filling *self, const struct letter_node *node)
{
    for (; node; node = node->next)
        fill_node (self, node);
}

const char *letter_template_fill (const struct letter_template *self, const struct letter_values *values,
                                  struct letter_document *document)
{
    struct filling filling = {.arena = document->arena, .document = document, .scopes = {values}, .paragraph = ""};
    fill_nodes (&filling, self->first);
    end_block (&filling);
    return filling.missing;
}

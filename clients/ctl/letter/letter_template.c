#include "letter_template.h"

#include <string.h>
#include "arena.h"
#include "letter_reading.h"
#include "policy/policy_stanza.h"
#include "text/utf8.h"

/* --- Blocks -------------------------------------------------------------------------------------------- */

static int open_block (struct reading *self, enum letter_node_kind kind, struct letter_piece *piece)
{
    if (self->depth == LETTER_DEPTH)
        return FAIL_BLOCK (self, "more than %d blocks in each other", LETTER_DEPTH - 1);
    struct letter_node *node = letter_reading_add (self, kind);
    const struct open_block *around = letter_reading_top (self);
    node->pieces = piece;
    self->blocks[self->depth] = (struct open_block){
        .end = &node->inner, .node = node, .fields = around->fields, .scope = around->scope, .line = self->line};
    self->depth++;
    return 0;
}

/* "als FIELD" or "als niet FIELD" */
static int read_if (struct reading *self, const char *name)
{
    bool negated = strncmp (name, "niet ", 5) == 0;
    struct letter_piece *piece;
    if (negated)
        name = letter_skip_spaces (name + 5);
    int rc = letter_find_field (self, name, strlen (name), &piece);
    self->is_broken = self->is_broken || !piece;
    if (!piece || open_block (self, NODE_IF, piece) != 0)
        return POLICY_INVALID;
    if (piece->field->kind == LETTER_FLAG)
        letter_see_field (self, piece->field);
    letter_reading_top (self)->node->negated = negated;
    letter_reading_top (self)->if_field = negated ? NULL : piece->field;
    return rc;
}

static int read_otherwise (struct reading *self)
{
    struct open_block *block = letter_reading_top (self);
    if (self->depth == 1 + self->part_depth || block->node->kind != NODE_IF || block->is_otherwise)
        return FAIL (self, "[anders] without an [als ...] before it");
    block->end = &block->node->otherwise;
    block->if_field = block->node->negated ? block->node->pieces->field : NULL;
    block->is_otherwise = true;
    return 0;
}

static int read_each (struct reading *self, const char *name)
{
    struct letter_piece *piece;
    int rc = letter_find_field (self, name, strlen (name), &piece);
    self->is_broken = rc != 0 && (!piece || piece->field->kind != LETTER_GROUP);
    if (self->is_broken)
        return rc;
    const struct letter_field *field = piece->field;
    if (field->kind != LETTER_GROUP)
        return FAIL_BLOCK (self, "\"%s\" is no group; only a group can be repeated", field->name);
    if (letter_field_find (letter_reading_top (self)->fields, field->name, strlen (field->name)) != field)
        return FAIL_BLOCK (self, "[elke %s] within another [elke ...] would go round and round", field->name);
    letter_see_field (self, field);
    if (open_block (self, NODE_EACH, piece) != 0)
        return POLICY_INVALID;
    letter_reading_top (self)->fields = field->fields;
    letter_reading_top (self)->scope++;
    return rc;
}

static int read_end (struct reading *self)
{
    if (self->depth == 1 + self->part_depth)
        return FAIL (self, "[einde] without an [als ...] or [elke ...] before it");
    const struct letter_node *node = letter_reading_top (self)->node;
    self->depth--;
    return node->kind == NODE_EACH ? letter_check_all_seen (self, node->pieces->field->fields) : 0;
}

static int read_file (struct reading *self, const char *name);

/* "deel NAME": a part is read as if it stood here. */
static int read_part (struct reading *self, const char *name)
{
    if (self->in_part)
        return FAIL (self, "a part can hold no part: they could hold each other, and go round");
    if (++self->parts > LETTER_PARTS)
        return FAIL (self, "more than %d parts", LETTER_PARTS);
    struct reading outer = *self;
    self->in_part = true;
    self->part_depth = self->depth - 1;
    int rc = read_file (self, arena_printf (self->arena, "deel-%s.txt", name));
    self->in_part = false;
    self->depth = outer.depth; /* also where a block in it was left open, which was told */
    self->part_depth = outer.part_depth;
    self->file = outer.file;
    self->line = outer.line;
    self->last = NULL;
    return rc;
}

/* A line in brackets. `words` has no brackets. */
static int read_order (struct reading *self, char *words)
{
    char *name = words + strcspn (words, " ");
    if (*name)
        *name++ = '\0';
    while (*name == ' ')
        name++;
    self->last = NULL;
    bool has_name = *name != '\0';
    if (strcmp (words, "als") == 0 && has_name)
        return read_if (self, name);
    if (strcmp (words, "elke") == 0 && has_name)
        return read_each (self, name);
    if (strcmp (words, "deel") == 0 && letter_is_name (name, strlen (name)))
        return read_part (self, name);
    if (strcmp (words, "anders") == 0 && !has_name)
        return read_otherwise (self);
    if (strcmp (words, "einde") == 0 && !has_name)
        return read_end (self);
    return FAIL_BLOCK (self,
                       "a line in brackets is [als FIELD], [als niet FIELD], [anders], [elke GROUP], [einde] or "
                       "[deel NAME]");
}

/* --- Files --------------------------------------------------------------------------------------------- */

static int read_line (struct reading *self, char *text)
{
    size_t size = strlen (text);
    if (size > LETTER_LINE_LIMIT)
        return FAIL (self, "a line of more than %d bytes", LETTER_LINE_LIMIT);
    while (size > 0 && (text[size - 1] == ' ' || text[size - 1] == '\r'))
        text[--size] = '\0';
    switch (*text) {
    case '#':
        return 0;
    case '\0':
        letter_reading_add (self, NODE_EMPTY);
        self->last = NULL;
        return 0;
    case '=':
        return letter_read_heading (self, text);
    case '-':
        return letter_read_item (self, text);
    case '|':
        return letter_read_fact (self, text);
    case '[':
        if (text[size - 1] != ']')
            return FAIL_BLOCK (self, "a line that begins with \"[\" ends with \"]\"");
        text[size - 1] = '\0';
        return read_order (self, text + 1);
    default:
        return letter_read_words (self, text);
    }
}

static const struct policy_text *find_source (const struct letter_sources *sources, const char *name)
{
    for (size_t i = 0; i < sources->count; i++)
        if (strcmp (sources->files[i].name, name) == 0)
            return &sources->files[i];
    return NULL;
}

/* Fails where a block is still open at the end of the file. */
static int check_closed (struct reading *self)
{
    if (self->depth == 1 + self->part_depth)
        return 0;
    self->line = letter_reading_top (self)->line;
    return FAIL (self, "this block has no [einde]");
}

static int read_lines (struct reading *self, char *text, char *end)
{
    int rc = 0;
    for (char *line = text; line < end;) {
        char *feed = memchr (line, '\n', (size_t)(end - line));
        if (feed)
            *feed = '\0';
        self->line++;
        if (read_line (self, line) != 0)
            rc = POLICY_INVALID;
        if (self->is_broken)
            return rc;
        line = feed ? feed + 1 : end;
    }
    return check_closed (self) == 0 ? rc : POLICY_INVALID;
}

static int read_file (struct reading *self, const char *name)
{
    const struct policy_text *source = find_source (self->sources, name);
    if (!source && self->in_part)
        return FAIL (self, "there is no file %s", name);
    self->file = arena_printf (self->arena, "%s/%s", self->sources->folder, name);
    self->line = 0;
    self->last = NULL;
    if (!source)
        return FAIL (self, "missing");
    if (!source->data) { /* it was refused before */
        self->is_partial = true;
        self->failures++;
        return POLICY_INVALID;
    }
    if (source->size > LETTER_TEMPLATE_LIMIT)
        return FAIL (self, "larger than %d KiB", LETTER_TEMPLATE_LIMIT >> 10);
    size_t skip = utf8_mark (source->data, source->size), size = source->size - skip;
    struct policy_error error;
    if (policy_text_check (self->file, source->data + skip, size, &error) != 0) {
        self->line = error.line;
        return FAIL (self, "%s", error.message);
    }
    char *text = arena_strndup (self->arena, source->data + skip, size);
    return read_lines (self, text, text + size);
}

int letter_template_read (const struct letter_template **template_p, struct arena *arena,
                          const struct letter_form *form, const struct letter_sources *sources,
                          struct policy_faults *faults)
{
    struct letter_template *template = arena_alloc (arena, sizeof *template);
    struct reading reading = {.arena = arena,
                              .form = form,
                              .sources = sources,
                              .faults = faults,
                              .depth = 1,
                              .seen = arena_array (arena, SEEN_LIMIT, sizeof (struct letter_field *))};
    reading.blocks[0] = (struct open_block){.end = &template->first, .fields = form->fields};
    *template_p = NULL;
    read_file (&reading, arena_printf (arena, "%s.txt", form->name));
    reading.line = 0;
    letter_check_all_seen (&reading, form->fields);
    if (!reading.has_title && !reading.is_partial && !reading.is_broken)
        letter_fail (&reading, "no line \"= ...\": a letter has a subject");
    if (reading.failures > 0)
        return POLICY_INVALID;
    *template_p = template;
    return 0;
}

#include "letter_reading.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "arena.h"

struct open_block *letter_reading_top (struct reading *self)
{
    return &self->blocks[self->depth - 1];
}

static bool is_told (const struct policy_faults *faults, const struct policy_error *error)
{
    for (size_t i = 0; i < faults->count && i < faults->limit; i++) {
        const struct policy_error *one = &faults->list[i];
        if (one->line == error->line && strcmp (one->file, error->file) == 0 &&
            strcmp (one->message, error->message) == 0)
            return true;
    }
    return false;
}

int letter_fail (struct reading *self, const char *format, ...)
{
    struct policy_error error;
    va_list list;
    va_start (list, format);
    policy_error_vset (&error, self->file, self->line, format, list);
    va_end (list);
    self->failures++;
    return is_told (self->faults, &error) ? POLICY_INVALID : policy_faults_add (self->faults, &error);
}

/* --- Fields -------------------------------------------------------------------------------------------- */

static struct letter_piece *find_piece (struct reading *self, const char *name, size_t size)
{
    for (size_t i = self->depth; i-- > 0;) {
        const struct letter_field *field = letter_field_find (self->blocks[i].fields, name, size);
        if (!field)
            continue;
        struct letter_piece *piece = arena_alloc (self->arena, sizeof *piece);
        *piece = (struct letter_piece){.field = field, .scope = self->blocks[i].scope};
        return piece;
    }
    return NULL;
}

/* Tells that there is no such field, and takes it for the one that is probably meant: so it is not missing too. */
static int fail_unknown (struct reading *self, const char *name, size_t size, struct letter_piece **piece_p)
{
    char word[POLICY_CODE_SIZE + 1], hint[POLICY_CODE_SIZE + 32];
    struct policy_nearest nearest;
    snprintf (word, sizeof word, "%.*s", (int)size, name);
    policy_nearest_start (&nearest, word);
    const struct letter_field *before = NULL;
    for (size_t i = 0; i < self->depth; i++) {
        for (const struct letter_field *f = self->blocks[i].fields; f != before && f->name; f++)
            policy_nearest_offer (&nearest, f->name);
        before = self->blocks[i].fields;
    }
    *piece_p = nearest.best ? find_piece (self, nearest.best, strlen (nearest.best)) : NULL;
    return letter_fail (self, "this letter has no field \"%s\" here%s", word,
                        policy_nearest_hint (&nearest, hint, sizeof hint));
}

/* Finds the field by its name: of what is repeated here, or of what is around it. */
int letter_find_field (struct reading *self, const char *name, size_t size, struct letter_piece **piece_p)
{
    *piece_p = find_piece (self, name, size);
    return *piece_p ? 0 : fail_unknown (self, name, size, piece_p);
}

/* The field surely has a value here: it stands between [als FIELD] and [anders] or [einde]. */
static bool is_asked (const struct reading *self, const struct letter_field *field)
{
    for (size_t i = 0; i < self->depth; i++)
        if (self->blocks[i].if_field == field)
            return true;
    return false;
}

static bool must_stand (const struct letter_field *field)
{
    return field->use == LETTER_MUST || field->use == LETTER_HEED;
}

/* The field is one of the group that this block repeats. */
static bool is_of_group (const struct open_block *block, const struct letter_field *field)
{
    return block->node && block->node->kind == NODE_EACH &&
           letter_field_find (block->fields, field->name, strlen (field->name)) == field;
}

static bool is_seen (const struct reading *self, const struct letter_field *field)
{
    for (size_t i = 0; i < self->seen_count; i++)
        if (self->seen[i] == field)
            return true;
    return false;
}

/* The block may have nothing to say, whatever value the field has. */
static bool may_be_left_out (const struct open_block *block, const struct letter_field *field)
{
    const struct letter_node *node = block->node;
    if (!node)
        return false;
    return node->kind == NODE_IF ? node->pieces->field != field : node->pieces->field->use != LETTER_MUST;
}

/* Only the blocks within the letter count, or within the group to which the field belongs. */
void letter_see_field (struct reading *self, const struct letter_field *field)
{
    for (size_t i = self->depth; i-- > 0 && !is_of_group (&self->blocks[i], field);)
        if (may_be_left_out (&self->blocks[i], field))
            return;
    if (must_stand (field) && !is_seen (self, field))
        self->seen[self->seen_count++] = field;
}

int letter_check_all_seen (struct reading *self, const struct letter_field *fields)
{
    int rc = 0;
    if (self->is_partial || self->is_broken)
        return 0;
    for (const struct letter_field *field = fields; field->name; field++)
        if (must_stand (field) && !is_seen (self, field))
            rc = letter_fail (
                self,
                "the field \"%s\" is missing: it must stand here, and not between [als ...] of something else",
                field->name);
    return rc;
}

/* --- Lines --------------------------------------------------------------------------------------------- */

struct letter_node *letter_reading_add (struct reading *self, enum letter_node_kind kind)
{
    struct letter_node *node = arena_alloc (self->arena, sizeof *node);
    node->kind = kind;
    *letter_reading_top (self)->end = node;
    letter_reading_top (self)->end = &node->next;
    self->last = node;
    return node;
}

static void add_piece (struct letter_node *node, struct letter_piece *piece)
{
    struct letter_piece **end = &node->pieces;
    while (*end)
        end = &(*end)->next;
    *end = piece;
}

static void add_text (struct reading *self, struct letter_node *node, const char *text, size_t size)
{
    struct letter_piece *piece = arena_alloc (self->arena, sizeof *piece);
    piece->text = arena_strndup (self->arena, text, size);
    if (size > 0)
        add_piece (node, piece);
}

bool letter_is_name (const char *name, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (!(name[i] >= 'a' && name[i] <= 'z') && !(name[i] >= '0' && name[i] <= '9') && name[i] != '-')
            return false;
    return size > 0 && size <= POLICY_CODE_SIZE;
}

/* Reads "{doel}" at `text`. `size` is that of the name and both braces; 0: it is no name. */
static int add_field (struct reading *self, struct letter_node *node, const char *text, size_t *size)
{
    size_t name_size = strcspn (text + 1, "{}");
    struct letter_piece *piece;
    if (text[1 + name_size] != '}' || !letter_is_name (text + 1, name_size))
        return FAIL (self, "a \"{\" begins the name of a field, such as {datum}; this is none");
    *size = name_size + 2;
    int rc = letter_find_field (self, text + 1, name_size, &piece);
    if (!piece)
        return rc;
    const struct letter_field *field = piece->field;
    letter_see_field (self, field);
    if (rc == 0 && field->kind == LETTER_FLAG)
        return letter_fail (self, "\"%s\" is no text: use it in [als %s]", field->name, field->name);
    if (rc == 0 && field->kind == LETTER_GROUP)
        return letter_fail (self, "\"%s\" is a group: use it in [elke %s]", field->name, field->name);
    add_piece (node, piece);
    return rc;
}

/* The field is all of its line, and may be no text there: a list, or a part. */
static bool is_alone (const struct letter_node *node)
{
    const struct letter_piece *piece = node->pieces;
    if (piece->next)
        return false;
    return node->kind == NODE_TEXT || (node->kind == NODE_ITEM && piece->field->kind == LETTER_TEXTS);
}

/* Fails on each field that may have no value, where that would leave a hole: what is alone on a line leaves none.
   And on a part within a line. */
static int check_holes (struct reading *self, const struct letter_node *node)
{
    int rc = 0;
    for (const struct letter_piece *piece = node->pieces; piece; piece = piece->next) {
        const struct letter_field *field = piece->field;
        if (field && field->kind == LETTER_PART && !is_alone (node))
            rc = letter_fail (self, "\"%s\" is more than a text: put {%s} alone on a line", field->name,
                              field->name);
        else if (field && field->use >= LETTER_EMPTY && !(field->kind != LETTER_TEXT && is_alone (node)) &&
                 !is_asked (self, field))
            rc = letter_fail (self, "\"%s\" may have no value: put it between [als %s] and [einde]", field->name,
                              field->name);
    }
    return rc;
}

/* Takes apart a text of which fields are parts. */
static int add_pieces (struct reading *self, struct letter_node *node, const char *text)
{
    int rc = 0;
    while (*text) {
        size_t size = strcspn (text, "{}");
        add_text (self, node, text, size);
        text += size;
        if (*text == '}')
            return FAIL (self, "a \"}\" without a \"{\" before it");
        size = 0;
        if (*text && add_field (self, node, text, &size) != 0)
            rc = POLICY_INVALID;
        if (rc != 0 && size == 0)
            return rc;
        text += size;
    }
    return rc == 0 ? check_holes (self, node) : rc;
}

const char *letter_skip_spaces (const char *text)
{
    return text + strspn (text, " ");
}

int letter_read_heading (struct reading *self, const char *text)
{
    size_t level = strspn (text, "=");
    const char *words = letter_skip_spaces (text + level);
    if (level > 3 || text[level] != ' ' || !*words)
        return FAIL (self, "a heading is \"= ...\", \"== ...\" or \"=== ...\", with a space and its words");
    struct letter_node *node = letter_reading_add (self, NODE_HEADING);
    node->level = (unsigned)level;
    self->has_title = self->has_title || (level == 1 && self->depth == 1);
    return add_pieces (self, node, words);
}

/* "| Ons kenmerk | {kenmerk}" */
int letter_read_fact (struct reading *self, const char *text)
{
    const char *name = letter_skip_spaces (text + 1), *bar = strchr (name, '|');
    if (!bar || bar == name || !*letter_skip_spaces (bar + 1))
        return FAIL (self, "a name and its value are \"| Name | value\"");
    size_t size = (size_t)(bar - name);
    while (size > 0 && name[size - 1] == ' ')
        size--;
    if (memchr (name, '{', size))
        return FAIL (self, "a field stands in the value, not in the name before it");
    struct letter_node *node = letter_reading_add (self, NODE_FACT);
    node->name = arena_strndup (self->arena, name, size);
    return add_pieces (self, node, letter_skip_spaces (bar + 1));
}

int letter_read_item (struct reading *self, const char *text)
{
    const char *words = letter_skip_spaces (text + 1);
    return *words ? add_pieces (self, letter_reading_add (self, NODE_ITEM), words)
                  : FAIL (self, "an item without words: \"- ...\"");
}

/* A line that begins with a space goes on with the line before, whatever that was. */
int letter_read_words (struct reading *self, const char *text)
{
    if (*text == ' ' && self->last && self->last->kind != NODE_TEXT) {
        add_text (self, self->last, " ", 1);
        return add_pieces (self, self->last, letter_skip_spaces (text));
    }
    return add_pieces (self, letter_reading_add (self, NODE_TEXT), letter_skip_spaces (text));
}

#include "letter_template.h"

#include <stdio.h>
#include <string.h>
#include "arena.h"
#include "letter_template_tree.h"
#include "policy/policy_error.h"
#include "policy/policy_stanza.h"

/* A block that is open: [als], its [anders], [elke], or the whole template. */
struct open_block {
    struct letter_node **end;            /* where its next node goes */
    struct letter_node *node;            /* NULL: the whole */
    const struct letter_field *if_field; /* of [als]; NULL behind [anders], where it is not so */
    const struct letter_field *fields;   /* that belong to it: of the form, or of the group that is repeated */
    unsigned scope;
    unsigned line;
    bool is_otherwise; /* its [anders] was there */
};

struct reading {
    struct arena *arena;
    const struct letter_form *form;
    const struct letter_sources *sources;
    struct policy_error *error;
    const char *file;
    unsigned line;
    struct open_block blocks[LETTER_DEPTH];
    size_t depth;
    struct letter_node *last; /* that a line which begins with a space continues; NULL: none */
    size_t parts;
    size_t part_depth; /* blocks that were open where the part began */
    bool in_part, has_title;
    const struct letter_field **seen; /* fields that must stand in it, and do */
    size_t seen_count;
};

enum { SEEN_LIMIT = 256 };

#define FAIL(self, ...) policy_error_set ((self)->error, (self)->file, (self)->line, __VA_ARGS__)

static struct open_block *top (struct reading *self)
{
    return &self->blocks[self->depth - 1];
}

/* --- Fields -------------------------------------------------------------------------------------------- */

static int fail_unknown (struct reading *self, const char *name, size_t size)
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
    return FAIL (self, "this letter has no field \"%s\" here%s", word,
                 policy_nearest_hint (&nearest, hint, sizeof hint));
}

/* Finds the field by its name: of what is repeated here, or of what is around it. */
static int find_field (struct reading *self, const char *name, size_t size, struct letter_piece **piece_p)
{
    for (size_t i = self->depth; i-- > 0;) {
        const struct letter_field *field = letter_field_find (self->blocks[i].fields, name, size);
        if (!field)
            continue;
        struct letter_piece *piece = arena_alloc (self->arena, sizeof *piece);
        *piece = (struct letter_piece){.field = field, .scope = self->blocks[i].scope};
        *piece_p = piece;
        return 0;
    }
    return fail_unknown (self, name, size);
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

/* Remembers that the field stands in the template, if nothing else than itself decides whether it does: no [als
   ...] within the letter, or within the group to which the field belongs. */
static void see (struct reading *self, const struct letter_field *field)
{
    for (size_t i = self->depth; i-- > 0 && !is_of_group (&self->blocks[i], field);) {
        const struct letter_node *node = self->blocks[i].node;
        if (node && node->kind == NODE_IF && node->pieces->field != field)
            return;
    }
    if (must_stand (field) && self->seen_count < SEEN_LIMIT)
        self->seen[self->seen_count++] = field;
}

static bool is_seen (const struct reading *self, const struct letter_field *field)
{
    for (size_t i = 0; i < self->seen_count; i++)
        if (self->seen[i] == field)
            return true;
    return false;
}

/* Fails if a field that must stand in the template does not; of a group too, whose block ends here. */
static int check_all_seen (struct reading *self, const struct letter_field *fields)
{
    for (const struct letter_field *field = fields; field->name; field++)
        if (must_stand (field) && !is_seen (self, field))
            return FAIL (
                self,
                "the field \"%s\" is missing: it must stand here, and not between [als ...] of something else",
                field->name);
    return 0;
}

/* --- Lines --------------------------------------------------------------------------------------------- */

static struct letter_node *add_node (struct reading *self, enum letter_node_kind kind)
{
    struct letter_node *node = arena_alloc (self->arena, sizeof *node);
    node->kind = kind;
    *top (self)->end = node;
    top (self)->end = &node->next;
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

static bool is_name (const char *name, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (!(name[i] >= 'a' && name[i] <= 'z') && !(name[i] >= '0' && name[i] <= '9') && name[i] != '-')
            return false;
    return size > 0 && size <= POLICY_CODE_SIZE;
}

/* Reads "{doel}" at `text`. `size` is that of the name and both braces. */
static int add_field (struct reading *self, struct letter_node *node, const char *text, size_t *size)
{
    size_t name_size = strcspn (text + 1, "{}");
    struct letter_piece *piece;
    if (text[1 + name_size] != '}' || !is_name (text + 1, name_size))
        return FAIL (self, "a \"{\" begins the name of a field, such as {datum}; this is none");
    if (find_field (self, text + 1, name_size, &piece) != 0)
        return POLICY_INVALID;
    const struct letter_field *field = piece->field;
    if (field->kind == LETTER_FLAG)
        return FAIL (self, "\"%s\" is no text: use it in [als %s]", field->name, field->name);
    if (field->kind == LETTER_GROUP)
        return FAIL (self, "\"%s\" is a group: use it in [elke %s]", field->name, field->name);
    see (self, field);
    add_piece (node, piece);
    *size = name_size + 2;
    return 0;
}

/* Fails on a field that may have no value, where that would leave a hole. A list on a line of its own leaves none.
 */
static int check_holes (struct reading *self, const struct letter_node *node)
{
    const struct letter_piece *first = node->pieces;
    bool is_alone = first && !first->next && (node->kind == NODE_ITEM || node->kind == NODE_TEXT);
    for (const struct letter_piece *piece = first; piece; piece = piece->next) {
        const struct letter_field *field = piece->field;
        if (!field || field->use < LETTER_EMPTY || (is_alone && field->kind == LETTER_TEXTS) ||
            is_asked (self, field))
            continue;
        return FAIL (self, "\"%s\" may have no value: put it between [als %s] and [einde]", field->name,
                     field->name);
    }
    return 0;
}

/* Takes apart a text of which fields are parts. */
static int add_pieces (struct reading *self, struct letter_node *node, const char *text)
{
    while (*text) {
        size_t size = strcspn (text, "{}");
        add_text (self, node, text, size);
        text += size;
        if (*text == '}')
            return FAIL (self, "a \"}\" without a \"{\" before it");
        size = 0;
        if (*text && add_field (self, node, text, &size) != 0)
            return POLICY_INVALID;
        text += size;
    }
    return check_holes (self, node);
}

static const char *skip_spaces (const char *text)
{
    return text + strspn (text, " ");
}

static int read_heading (struct reading *self, const char *text)
{
    size_t level = strspn (text, "=");
    const char *words = skip_spaces (text + level);
    if (level > 3 || text[level] != ' ' || !*words)
        return FAIL (self, "a heading is \"= ...\", \"== ...\" or \"=== ...\", with a space and its words");
    struct letter_node *node = add_node (self, NODE_HEADING);
    node->level = (unsigned)level;
    self->has_title = self->has_title || (level == 1 && self->depth == 1);
    return add_pieces (self, node, words);
}

/* "| Ons kenmerk | {kenmerk}" */
static int read_fact (struct reading *self, const char *text)
{
    const char *name = skip_spaces (text + 1), *bar = strchr (name, '|');
    if (!bar || bar == name || !*skip_spaces (bar + 1))
        return FAIL (self, "a name and its value are \"| Name | value\"");
    size_t size = (size_t)(bar - name);
    while (size > 0 && name[size - 1] == ' ')
        size--;
    if (memchr (name, '{', size))
        return FAIL (self, "a field stands in the value, not in the name before it");
    struct letter_node *node = add_node (self, NODE_FACT);
    node->name = arena_strndup (self->arena, name, size);
    return add_pieces (self, node, skip_spaces (bar + 1));
}

static int read_item (struct reading *self, const char *text)
{
    const char *words = skip_spaces (text + 1);
    return *words ? add_pieces (self, add_node (self, NODE_ITEM), words)
                  : FAIL (self, "an item without words: \"- ...\"");
}

/* A line that begins with a space goes on with the line before, whatever that was. */
static int read_words (struct reading *self, const char *text)
{
    if (*text == ' ' && self->last && self->last->kind != NODE_TEXT) {
        add_text (self, self->last, " ", 1);
        return add_pieces (self, self->last, skip_spaces (text));
    }
    return add_pieces (self, add_node (self, NODE_TEXT), skip_spaces (text));
}

/* --- Blocks -------------------------------------------------------------------------------------------- */

static int open_block (struct reading *self, enum letter_node_kind kind, struct letter_piece *piece)
{
    if (self->depth == LETTER_DEPTH)
        return FAIL (self, "more than %d blocks in each other", LETTER_DEPTH - 1);
    struct letter_node *node = add_node (self, kind);
    const struct open_block *around = top (self);
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
        name = skip_spaces (name + 5);
    if (find_field (self, name, strlen (name), &piece) != 0 || open_block (self, NODE_IF, piece) != 0)
        return POLICY_INVALID;
    if (piece->field->kind == LETTER_FLAG)
        see (self, piece->field);
    top (self)->node->negated = negated;
    top (self)->if_field = negated ? NULL : piece->field;
    return 0;
}

static int read_otherwise (struct reading *self)
{
    struct open_block *block = top (self);
    if (self->depth == 1 + self->part_depth || block->node->kind != NODE_IF || block->is_otherwise)
        return FAIL (self, "[anders] without an [als ...] before it");
    block->end = &block->node->otherwise;
    block->if_field = block->node->negated ? block->node->pieces->field : NULL;
    block->is_otherwise = true;
    return 0;
}

static int read_each (struct reading *self, const char *name)
{
    const struct letter_field *field = letter_field_find (top (self)->fields, name, strlen (name));
    struct letter_piece *piece;
    if (find_field (self, name, strlen (name), &piece) != 0)
        return POLICY_INVALID;
    if (piece->field->kind != LETTER_GROUP)
        return FAIL (self, "\"%s\" is no group; only a group can be repeated", piece->field->name);
    if (field != piece->field)
        return FAIL (self, "[elke %s] within another [elke ...] would go round and round", piece->field->name);
    see (self, field);
    if (open_block (self, NODE_EACH, piece) != 0)
        return POLICY_INVALID;
    top (self)->fields = field->fields;
    top (self)->scope++;
    return 0;
}

static int read_end (struct reading *self)
{
    if (self->depth == 1 + self->part_depth)
        return FAIL (self, "[einde] without an [als ...] or [elke ...] before it");
    const struct letter_node *node = top (self)->node;
    self->depth--;
    return node->kind == NODE_EACH ? check_all_seen (self, node->pieces->field->fields) : 0;
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
    if (strcmp (words, "deel") == 0 && is_name (name, strlen (name)))
        return read_part (self, name);
    if (strcmp (words, "anders") == 0 && !has_name)
        return read_otherwise (self);
    if (strcmp (words, "einde") == 0 && !has_name)
        return read_end (self);
    return FAIL (self, "a line in brackets is [als FIELD], [als niet FIELD], [anders], [elke GROUP], [einde] or "
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
        add_node (self, NODE_EMPTY);
        self->last = NULL;
        return 0;
    case '=':
        return read_heading (self, text);
    case '-':
        return read_item (self, text);
    case '|':
        return read_fact (self, text);
    case '[':
        if (text[size - 1] != ']')
            return FAIL (self, "a line that begins with \"[\" ends with \"]\"");
        text[size - 1] = '\0';
        return read_order (self, text + 1);
    default:
        return read_words (self, text);
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
    self->line = top (self)->line;
    return FAIL (self, "this block has no [einde]");
}

static int read_lines (struct reading *self, char *text, char *end)
{
    for (char *line = text; line < end;) {
        char *feed = memchr (line, '\n', (size_t)(end - line));
        if (feed)
            *feed = '\0';
        self->line++;
        if (read_line (self, line) != 0)
            return POLICY_INVALID;
        line = feed ? feed + 1 : end;
    }
    return check_closed (self);
}

static int read_file (struct reading *self, const char *name)
{
    static const char mark[] = "\xEF\xBB\xBF"; /* which some editors put before UTF-8 */
    const struct policy_text *source = find_source (self->sources, name);
    if (!source && self->in_part)
        return FAIL (self, "there is no file %s", name);
    self->file = arena_printf (self->arena, "%s/%s", self->sources->folder, name);
    self->line = 0;
    self->last = NULL;
    if (!source)
        return FAIL (self, "missing");
    if (source->size > LETTER_TEMPLATE_LIMIT)
        return FAIL (self, "larger than %d KiB", LETTER_TEMPLATE_LIMIT >> 10);
    size_t skip = source->size >= 3 && memcmp (source->data, mark, 3) == 0 ? 3 : 0, size = source->size - skip;
    if (policy_text_check (self->file, source->data + skip, size, self->error) != 0)
        return POLICY_INVALID;
    char *text = arena_strndup (self->arena, source->data + skip, size);
    return read_lines (self, text, text + size);
}

int letter_template_read (const struct letter_template **template_p, struct arena *arena,
                          const struct letter_form *form, const struct letter_sources *sources,
                          struct policy_error *error)
{
    struct letter_template *template = arena_alloc (arena, sizeof *template);
    struct reading reading = {.arena = arena,
                              .form = form,
                              .sources = sources,
                              .error = error,
                              .depth = 1,
                              .seen = arena_array (arena, SEEN_LIMIT, sizeof (struct letter_field *))};
    reading.blocks[0] = (struct open_block){.end = &template->first, .fields = form->fields};
    *template_p = NULL;
    if (read_file (&reading, arena_printf (arena, "%s.txt", form->name)) != 0)
        return POLICY_INVALID;
    reading.line = 0;
    if (check_all_seen (&reading, form->fields) != 0)
        return POLICY_INVALID;
    if (!reading.has_title)
        return policy_error_set (error, reading.file, 0, "no line \"= ...\": a letter has a subject");
    *template_p = template;
    return 0;
}

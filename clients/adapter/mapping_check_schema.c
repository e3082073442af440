#include "mapping_check_schema.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum side {
    THINNED, /* what comes in goes out in the same shape */
    READ,    /* what comes in, where another shape goes out */
    WRITTEN  /* that shape */
};

struct comparison {
    const struct schema_file *schema;
    struct mapping_findings *findings;
    enum side side;
    char *error;
    size_t size;
};

static const char *name_of (const struct comparison *self, const struct mapping_rule *rule)
{
    return self->side == WRITTEN ? rule->output_name : rule->name;
}

static const char *uri_of (const struct comparison *self, const struct mapping_rule *rule)
{
    return self->side == WRITTEN ? rule->output_space->uri : rule->space->uri;
}

/* The line counts on this side: what never goes is not written. */
static bool counts (const struct comparison *self, const struct mapping_rule *rule)
{
    return self->side != WRITTEN || rule->use != MAPPING_NEVER || rule->when_count > 0;
}

static bool fits (const struct comparison *self, const struct mapping_rule *rule,
                  const struct schema_element *element)
{
    return counts (self, rule) && strcmp (name_of (self, rule), element->name) == 0 &&
           strcmp (uri_of (self, rule), element->uri) == 0;
}

/* What is written in the parent besides this one. With nothing beside it, it cannot be lacking: the parent goes
   only with something in it. */
static bool stands_alone (const struct comparison *self, const struct mapping_rule *rule)
{
    size_t others = 0;
    for (const struct mapping_rule *other = rule->parent->first_child; other; other = other->next)
        others += other != rule && counts (self, other);
    return others == 0;
}

static void compare_occurrence (const struct comparison *self, const struct mapping_rule *rule,
                                const struct schema_element *element)
{
    bool required = mapping_is_required (rule), repeated = mapping_is_repeated (rule);
    struct mapping_findings *findings = self->findings;
    if (self->side != WRITTEN && required && !element->required)
        mapping_fault (
            findings, rule->line,
            "%s may be absent by the schema, but is required here: messages without it would be refused",
            rule->path);
    if (self->side == THINNED && !required && element->required)
        mapping_fault (findings, rule->line,
                       "%s is required by the schema, but not here: what goes out without it would not be valid",
                       rule->path);
    if (self->side == WRITTEN && !required && element->required && !stands_alone (self, rule))
        mapping_fault (findings, rule->line, "%s is written as %s, which the schema requires, but may be left out",
                       rule->path, element->name);
    if (self->side != WRITTEN && !repeated && element->repeated)
        mapping_fault (
            findings, rule->line,
            "%s may be repeated by the schema, but stands once here: messages with more would be refused",
            rule->path);
    if (repeated && !element->repeated)
        mapping_fault (findings, rule->line, "%s may be repeated here, but stands once by the schema", rule->path);
}

static int compare (const struct comparison *self, const struct mapping_rule *rule,
                    const struct schema_element *element);

/* Looks for the line of each element of the schema. */
static int compare_elements (const struct comparison *self, const struct mapping_rule *parent,
                             const struct schema_children *children)
{
    int r = 0;
    for (size_t i = 0; i < children->count && r == 0; i++) {
        const struct schema_element *element = &children->elements[i];
        const struct mapping_rule *rule = parent->first_child;
        while (rule && !fits (self, rule, element))
            rule = rule->next;
        if (rule) {
            compare_occurrence (self, rule, element);
            r = compare (self, rule, element);
        } else if (self->side != WRITTEN) {
            mapping_fault (
                self->findings, parent->line,
                "%s%s%s has no line: it would be left out of every message. Add one that says its category",
                parent->parent ? parent->path : "", parent->parent ? "/" : "", element->name);
        } else if (element->required) {
            mapping_fault (self->findings, parent->line,
                           "%s is written as %s, in which the schema requires %s: no line writes that",
                           parent->path, parent->output_name, element->name);
        }
    }
    return r;
}

static size_t find_place (const struct comparison *self, const struct mapping_rule *rule,
                          const struct schema_children *children)
{
    size_t i = 0;
    while (i < children->count && !fits (self, rule, &children->elements[i]))
        i++;
    return i;
}

/* Looks for the element of each line, and that they stand in the schema's order: in the order of the lines they
   are written. */
static void compare_lines (const struct comparison *self, const struct mapping_rule *parent,
                           const struct schema_children *children)
{
    const struct mapping_rule *last = NULL;
    size_t furthest = 0;
    for (const struct mapping_rule *rule = parent->first_child; rule; rule = rule->next) {
        if (!counts (self, rule))
            continue;
        size_t place = find_place (self, rule, children);
        if (place == children->count) {
            mapping_fault (self->findings, rule->line, "the schema has no element %s in %s", name_of (self, rule),
                           name_of (self, parent));
        } else if (self->side != READ && place < furthest && last) {
            mapping_fault (self->findings, rule->line, "%s stands before %s in the schema: lines go in its order",
                           rule->path, last->path);
        } else {
            furthest = place;
            last = rule;
        }
    }
}

static int compare (const struct comparison *self, const struct mapping_rule *rule,
                    const struct schema_element *element)
{
    bool never = rule->use == MAPPING_NEVER && rule->when_count == 0;
    if (never && !rule->first_child)
        return 0; /* whatever it holds */
    struct schema_children *children = calloc (1, sizeof *children);
    if (!children)
        abort ();
    int r = schema_file_children (self->schema, element, children, self->error, self->size);
    if (r == 0 && !rule->first_child && children->count > 0) {
        mapping_fault (self->findings, rule->line, "%s holds elements by the schema; here it holds a value",
                       rule->path);
    } else if (r == 0 && rule->first_child && children->count == 0) {
        mapping_fault (self->findings, rule->line, "%s holds a value by the schema; here it holds elements",
                       rule->path);
    } else if (r == 0) {
        compare_lines (self, rule, children);
        r = compare_elements (self, rule, children);
    }
    free (children);
    return r;
}

static int compare_root (struct comparison *self, const struct mapping_rule *root)
{
    struct schema_element element;
    if (schema_file_root (self->schema, uri_of (self, root), name_of (self, root), &element))
        return compare (self, root, &element);
    mapping_fault (self->findings, root->line, "the schema is of other messages: it has no %s in %s",
                   name_of (self, root), uri_of (self, root));
    return 0;
}

int mapping_check_message (const struct mapping *mapping, const struct schema_file *schema,
                           struct mapping_findings *findings, char *error, size_t size)
{
    struct comparison self = {schema, findings, mapping->reshapes ? READ : THINNED, error, size};
    return compare_root (&self, mapping->root);
}

int mapping_check_shape (const struct mapping *mapping, const struct schema_file *schema,
                         struct mapping_findings *findings, char *error, size_t size)
{
    struct comparison self = {schema, findings, WRITTEN, error, size};
    return compare_root (&self, mapping->root);
}

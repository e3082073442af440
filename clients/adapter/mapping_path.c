/* Names and paths of a mapping, and the rules that they lead to. */
#include "mapping_reader.h"
#include "allocate.h"
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

int reader_refuse (struct reader *self, size_t line, const char *format, ...)
{
    char message[256];
    va_list arguments;
    va_start (arguments, format);
    vsnprintf (message, sizeof message, format, arguments);
    va_end (arguments);
    snprintf (self->error, self->error_size, "%s:%zu: %s", self->mapping->name, line ? line : 1, message);
    return -EINVAL;
}

bool reader_is_name (const char *text)
{
    if (!isalpha ((unsigned char)*text))
        return false;
    for (; *text; text++) {
        if (!isalnum ((unsigned char)*text) && !strchr ("._-", *text))
            return false;
    }
    return true;
}

bool reader_is_code (const char *text)
{
    static const char *const reserved[] = {"envelope", "structure", "same", "never", "returned"};
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++) {
        if (strcmp (text, reserved[i]) == 0)
            return false;
    }
    return reader_is_name (text) && strlen (text) <= 48;
}

static const struct mapping_namespace *find_space (const struct mapping *mapping, const char *prefix)
{
    for (size_t i = 0; i < mapping->space_count; i++) {
        if (strcmp (mapping->spaces[i].prefix, prefix) == 0)
            return &mapping->spaces[i];
    }
    return NULL;
}

int reader_resolve_name (struct reader *self, size_t line, char *step, const struct mapping_namespace *inherited,
                         struct element_name *name)
{
    char *colon = strchr (step, ':');
    *name = (struct element_name){inherited, step};
    if (colon) {
        *colon = 0;
        *name = (struct element_name){find_space (self->mapping, step), colon + 1};
        if (!name->space)
            return reader_refuse (self, line, "no namespace was declared for the prefix '%s'", step);
    }
    if (!name->space || !reader_is_name (name->local))
        return reader_refuse (self, line, "'%s' is not the name of an element", name->local);
    return 0;
}

static size_t depth_of (const struct mapping_rule *rule)
{
    size_t depth = 0;
    for (; rule; rule = rule->parent)
        depth++;
    return depth;
}

int reader_walk_path (struct reader *self, size_t line, char *path, struct mapping_place *place)
{
    struct mapping_rule *parent = NULL;
    struct mapping_rule *rule = self->base ? self->base : self->mapping->root;
    if (!rule)
        return reader_refuse (self, line, "the line 'message' comes before the elements");
    size_t depth = depth_of (rule);
    char *rest = path;
    for (char *step = strsep (&rest, "/"); step; step = strsep (&rest, "/")) {
        if (!rule)
            return reader_refuse (self, line, "the parent of '%s' has no line before this one", step);
        if (++depth > STEP_DEPTH_MAX)
            return reader_refuse (self, line, "more than %d elements in each other", STEP_DEPTH_MAX);
        parent = rule;
        int r = reader_resolve_name (self, line, step, parent->space, &place->name);
        if (r < 0)
            return r;
        rule = parent->first_child;
        while (rule && (rule->space != place->name.space || strcmp (rule->name, place->name.local) != 0))
            rule = rule->next;
    }
    place->parent = parent;
    place->rule = rule;
    return 0;
}

struct mapping_rule *reader_add_rule (struct reader *self, struct mapping_rule *parent,
                                      const struct mapping_namespace *space, const char *name)
{
    struct mapping_rule *rule = allocate (1, sizeof *rule);
    bool below_root = parent && parent->parent;
    if (asprintf (&rule->path, "%s%s%s", below_root ? parent->path : "", below_root ? "/" : "", name) < 0)
        abort ();
    rule->space = space;
    rule->name = name;
    rule->origin = self->origin;
    rule->output_space = self->output_space ? self->output_space : space;
    rule->output_name = name;
    rule->parent = parent;
    rule->line = self->line;
    if (!parent)
        return rule;
    if (parent->last_child)
        parent->last_child->next = rule;
    else
        parent->first_child = rule;
    parent->last_child = rule;
    return rule;
}

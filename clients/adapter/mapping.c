#include "mapping.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const struct mapping_rule *mapping_find (const struct mapping_rule *parent, const char *uri, const char *name)
{
    for (const struct mapping_rule *rule = parent->first_child; rule; rule = rule->next) {
        if (strcmp (rule->name, name) == 0 && strcmp (rule->space->uri, uri) == 0)
            return rule;
    }
    return NULL;
}

bool mapping_is_required (const struct mapping_rule *rule)
{
    return rule->occurrence == MAPPING_REQUIRED || rule->occurrence == MAPPING_ONE_OR_MORE;
}

bool mapping_is_repeated (const struct mapping_rule *rule)
{
    return rule->occurrence == MAPPING_ANY_NUMBER || rule->occurrence == MAPPING_ONE_OR_MORE;
}

bool mapping_is_return (const struct mapping *self)
{
    return self->returns.uris.count > 0;
}

const char *mapping_identifier_text (enum mapping_identifier identifier)
{
    static const char *const texts[] = {"agb", "gemeentecode", "oin"};
    return texts[identifier];
}

/* NULL: no such file is there. */
static char *find_file (const char *directory, const char *below, const char *name)
{
    char *path = NULL;
    if (asprintf (&path, "%s/%s%s", directory, below, name) < 0)
        abort ();
    if (access (path, F_OK) == 0)
        return path;
    free (path);
    return NULL;
}

char *mapping_find_schema (const struct mapping *self, const char *schemas)
{
    static const char *const below[] = {"", "iwmo/", "ijw/"};
    if (!self->schema)
        return NULL;
    char *path = self->directory ? find_file (self->directory, "", self->schema) : NULL;
    for (size_t i = 0; !path && schemas && i < sizeof below / sizeof *below; i++)
        path = find_file (schemas, below[i], self->schema);
    return path;
}

static void destroy_rule (struct mapping_rule *rule)
{
    while (rule) {
        struct mapping_rule *next = rule->next;
        destroy_rule (rule->first_child);
        if (rule->regexp)
            xmlRegFreeRegexp (rule->regexp);
        free (rule->path);
        free (rule);
        rule = next;
    }
}

void mapping_destroy (struct mapping **self_p)
{
    struct mapping *self = *self_p;
    if (!self)
        return;
    destroy_rule (self->root);
    free (self->text);
    free (self->name);
    free (self->directory);
    free (self);
    *self_p = NULL;
}

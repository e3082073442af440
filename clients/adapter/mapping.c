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

char *mapping_find_schema (const struct mapping *self, const char *schemas)
{
    const char *const directories[] = {self->directory, schemas};
    for (size_t i = 0; self->schema && i < sizeof directories / sizeof *directories; i++) {
        char *path = NULL;
        if (directories[i] && asprintf (&path, "%s/%s", directories[i], self->schema) < 0)
            abort ();
        if (path && access (path, F_OK) == 0)
            return path;
        free (path);
    }
    return NULL;
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

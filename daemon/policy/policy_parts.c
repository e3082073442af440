#include "policy_parts.h"

#include <string.h>
#include "policy_error.h"

/* Afterwards it is what was probably meant. Where nothing is like it, the codes below it are missing. */
static void fail_unknown_heading (struct policy_reading *self, struct policy_stanza *stanza,
                                  const char *const *sorts, size_t count)
{
    struct policy_nearest nearest;
    policy_nearest_start (&nearest, stanza->sort);
    for (size_t i = 0; i < count; i++)
        policy_nearest_offer (&nearest, sorts[i]);
    char hint[POLICY_CODE_SIZE + 32];
    policy_fail (self, stanza->line, "unknown heading \"%.48s\"%s", stanza->sort,
                 policy_nearest_hint (&nearest, hint, sizeof hint));
    if (nearest.best != NULL)
        stanza->sort = nearest.best;
    else
        self->unsure = true;
}

void policy_check_headings (struct policy_reading *self, const struct policy_document *document,
                            const char *const *sorts, size_t count, bool may_be_empty)
{
    bool has_first = false;
    for (size_t i = 0; i < document->stanza_count; i++) {
        struct policy_stanza *stanza = &document->stanzas[i];
        bool known = false;
        policy_part (self);
        for (size_t j = 0; j < count; j++)
            known = known || strcmp (sorts[j], stanza->sort) == 0;
        if (!known)
            fail_unknown_heading (self, stanza, sorts, count);
        has_first = has_first || strcmp (sorts[0], stanza->sort) == 0;
    }
    policy_part (self);
    if (!has_first && !may_be_empty && !self->unsure) {
        policy_fail (self, 0, "no \"%s\" in it; a pack needs at least one", sorts[0]);
        self->unsure = true;
    }
}

size_t policy_count_headings (struct policy_reading *self, const struct policy_document *document,
                              const char *sort)
{
    size_t count = 0;
    for (size_t i = 0; i < document->stanza_count; i++) {
        if (strcmp (document->stanzas[i].sort, sort) != 0)
            continue;
        if (count == CODE_LIMIT) {
            policy_part (self);
            policy_fail (self, document->stanzas[i].line, "more than %d of \"%s\"", CODE_LIMIT, sort);
            self->unsure = true;
            return CODE_LIMIT;
        }
        count++;
    }
    return count;
}

/* Gives each entry its code first, so that the entries of one file may name each other in any order. */
static void declare (struct policy_reading *self, const struct policy_document *document,
                     const struct policy_sort *sort, char *list)
{
    const struct policy_stanza *seen[CODE_LIMIT];
    size_t count = 0;
    for (size_t i = 0; i < document->stanza_count && count < CODE_LIMIT; i++) {
        const struct policy_stanza *stanza = &document->stanzas[i];
        if (strcmp (stanza->sort, sort->name) != 0)
            continue;
        policy_part (self);
        policy_check_code (self, stanza->line, sort->name, stanza->name);
        for (size_t j = 0; j < count; j++)
            if (strcmp (seen[j]->name, stanza->name) == 0)
                policy_fail (self, stanza->line, "%s \"%s\" is declared twice; first on line %u", sort->name,
                             stanza->name, seen[j]->line);
        self->unsure = self->unsure || self->failed; /* which code was meant */
        struct policy_entry *entry = (void *)(list + count * sort->size);
        entry->code = stanza->name;
        seen[count++] = stanza;
    }
}

void *policy_read_list (struct policy_reading *self, const struct policy_document *document,
                        const struct policy_sort *sort, struct policy_vocabulary *vocabulary)
{
    size_t count = policy_count_headings (self, document, sort->name);
    char *list = policy_allocate (count, sort->size);
    declare (self, document, sort, list);
    *vocabulary = (struct policy_vocabulary){
        .sort = sort->name, .list = list, .count = count, .stride = sort->size, .incomplete = self->unsure};

    char *entry = list;
    for (size_t i = 0; i < document->stanza_count && entry < list + count * sort->size; i++) {
        const struct policy_stanza *stanza = &document->stanzas[i];
        if (strcmp (stanza->sort, sort->name) != 0)
            continue;
        policy_part (self);
        policy_stanza_check (self, stanza, sort->keys, sort->key_count);
        policy_part (self);
        sort->read (self, stanza, entry);
        entry += sort->size;
    }
    return list;
}

void policy_read_entry (struct policy_reading *self, const struct policy_stanza *stanza,
                        struct policy_entry *entry)
{
    entry->label_nl = policy_field_text (self, policy_stanza_field (stanza, "nl"));
    entry->label_en = policy_field_text (self, policy_stanza_field (stanza, "en"));
    entry->source = policy_field_text (self, policy_stanza_field (stanza, "source"));
}

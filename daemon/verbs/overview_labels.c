/* What the codes of an overview mean, in Dutch, by the pack in force: whoever writes the letter has no pack. */
#include <string.h>
#include "overview.h"
#include "rules/policy.h"

/* The label of a code in one of the pack's lists. NULL: the pack does not have it (any more). */
#define FINDER(name, list, list_count)                                      \
    static const char *name (const struct policy *policy, const char *code) \
    {                                                                       \
        for (size_t i = 0; i < policy->list_count; i++)                     \
            if (strcmp (policy->list[i].entry.code, code) == 0)             \
                return policy->list[i].entry.label_nl;                      \
        return NULL;                                                        \
    }
FINDER (find_kind, kinds, kind_count)
FINDER (find_category, categories, category_count)
FINDER (find_purpose, purposes, purpose_count)
FINDER (find_origin, origins, origin_count)
FINDER (find_statute, statutes, statute_count)
FINDER (find_urgent_reason, urgent_reasons, urgent_reason_count)
FINDER (find_representative, representatives, representative_count)

static const char *find (const struct turn *turn, enum overview_label_kind kind, const char *code)
{
    static const char *(*const finders[]) (const struct policy *, const char *) = {
        [LABEL_CATEGORY] = find_category,
        [LABEL_PURPOSE] = find_purpose,
        [LABEL_ORIGIN] = find_origin,
        [LABEL_STATUTE] = find_statute,
        [LABEL_URGENT_REASON] = find_urgent_reason,
        [LABEL_REPRESENTATIVE] = find_representative,
        [LABEL_PARTY] = find_kind,
    };
    const struct party_entry *party = kind == LABEL_PARTY ? parties_find (turn->parties, code) : NULL;
    if (kind == LABEL_PARTY && party == NULL)
        return NULL;
    return finders[kind](turn->policy, party != NULL ? party->text.kind : code);
}

void overview_label (struct overview_page *self, enum overview_label_kind kind, const char *code)
{
    if (code == NULL || code[0] == 0 || self->label_count == OVERVIEW_LABELS)
        return;
    for (size_t i = 0; i < self->label_count; i++)
        if (self->labels[i].kind == kind && strcmp (self->labels[i].code, code) == 0)
            return;
    const char *label = find (self->turn, kind, code);
    if (label == NULL)
        return;
    self->labels[self->label_count++] = (struct overview_label){kind, code, label};
    self->size += 16 + strlen (code) + strlen (label);
}

static void label_set (struct overview_page *self, enum overview_label_kind kind, const struct text_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        overview_label (self, kind, set->item[i]);
}

void overview_label_scope (struct overview_page *self, const struct scope *scope)
{
    label_set (self, LABEL_PARTY, &scope->providers);
    label_set (self, LABEL_PARTY, &scope->recipients);
    label_set (self, LABEL_CATEGORY, &scope->categories);
    label_set (self, LABEL_ORIGIN, &scope->origins);
    overview_label (self, LABEL_PURPOSE, scope->purpose);
}

void overview_label_check (struct overview_page *self, const struct check_request *check)
{
    overview_label (self, LABEL_PARTY, check->provider);
    overview_label (self, LABEL_PARTY, check->recipient);
    overview_label (self, LABEL_PURPOSE, check->purpose);
    for (size_t i = 0; i < check->item_count; i++) {
        overview_label (self, LABEL_CATEGORY, check->items[i].category);
        overview_label (self, LABEL_ORIGIN, check->items[i].origin);
    }
}

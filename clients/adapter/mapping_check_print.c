#include "mapping_check_print.h"
#include "mapping_check_policy.h"
#include "text/escape.h"
#include <string.h>

struct shown {
    const struct mapping *mapping;
    const struct policy *policy;
    FILE *out;
    const char *heading; /* NULL: it is written */
};

static void print_words (FILE *out, const char *what, const struct mapping_words *words)
{
    fprintf (out, "  %-10s", what);
    for (size_t i = 0; i < words->count; i++)
        fprintf (out, "%s%s", i > 0 ? ", " : "", words->words[i]);
    putc ('\n', out);
}

static void print_flow (const struct mapping *mapping, const struct policy *policy, FILE *out)
{
    const struct policy_flow *flow = policy ? mapping_flow (mapping, policy) : NULL;
    fprintf (out, "  purpose   %s\n  flow      %s", mapping->purpose, mapping->flow);
    if (flow) {
        fputs (" (", out);
        escape_put (out, flow->entry.label_nl);
        putc (')', out);
    }
    putc ('\n', out);
}

static void print_head (const struct mapping *mapping, const struct policy *policy, FILE *out)
{
    fprintf (out, "%s\n  message   %s:%s, release %s%s\n", mapping->name, mapping->root->space->prefix,
             mapping->root->name, mapping->release,
             mapping_is_return (mapping) ? ": a return message, which needs no check" : "");
    if (mapping->reshapes)
        fprintf (out, "  goes as   %s:%s\n", mapping->root->output_space->prefix, mapping->root->output_name);
    print_words (out, "from", &mapping->from);
    print_words (out, "to", &mapping->to);
    if (!mapping_is_return (mapping))
        print_flow (mapping, policy, out);
    if (mapping->client)
        fprintf (out, "  clients   several; %s\n",
                 mapping->clients == MAPPING_CLIENTS_WHOLE ? "it goes with all of them, or not at all"
                                                           : "it goes without those who may not");
    if (policy)
        fprintf (out, "  policy    %s\n", policy->id);
}

/* `category` NULL: those under this heading have none. */
static void print_element (struct shown *self, const char *category, const struct mapping_rule *rule,
                           const struct mapping_when *when)
{
    if (self->heading)
        fprintf (self->out, "\n  %s\n", self->heading);
    self->heading = NULL;
    if (category)
        fprintf (self->out, "    %-23s  %s", category, rule->path);
    else
        fprintf (self->out, "    %s", rule->path);
    if (when)
        fprintf (self->out, " where %s is %s", when->sibling->name, when->value);
    else if (rule->when_count > 0)
        fprintf (self->out, " where %s is anything else", rule->whens[0].sibling->name);
    putc ('\n', self->out);
}

/* Prints the elements of a category; what goes with its parent is not named. The category stands at the first. */
static void print_category (struct shown *self, const char **category, const char *name,
                            const struct mapping_rule *parent)
{
    for (const struct mapping_rule *rule = parent->first_child; rule; rule = rule->next) {
        for (size_t i = 0; i < rule->when_count; i++) {
            if (strcmp (rule->whens[i].category, name) != 0)
                continue;
            print_element (self, *category, rule, &rule->whens[i]);
            *category = "";
        }
        if (rule->use == MAPPING_CATEGORY && strcmp (rule->category, name) == 0) {
            print_element (self, *category, rule, NULL);
            *category = "";
        }
        print_category (self, category, name, rule);
    }
}

/* Prints the elements that have this use, without a category. */
static void print_use (struct shown *self, enum mapping_use use, const struct mapping_rule *parent)
{
    for (const struct mapping_rule *rule = parent->first_child; rule; rule = rule->next) {
        if (rule->use == use)
            print_element (self, NULL, rule, NULL);
        print_use (self, use, rule);
    }
}

struct categories {
    const char *list[MAPPING_ITEMS_MAX];
    size_t count;
};

static void add_category (struct categories *self, const char *category)
{
    for (size_t i = 0; i < self->count; i++) {
        if (strcmp (self->list[i], category) == 0)
            return;
    }
    self->list[self->count++] = category;
}

/* Finds the categories in the order of the mapping. It has no more of them than there is room for. */
static void find_categories (struct categories *self, const struct mapping_rule *parent)
{
    for (const struct mapping_rule *rule = parent->first_child; rule; rule = rule->next) {
        if (rule->use == MAPPING_CATEGORY)
            add_category (self, rule->category);
        for (size_t i = 0; i < rule->when_count; i++)
            add_category (self, rule->whens[i].category);
        find_categories (self, rule);
    }
}

/* Prints the categories that the flow carries, or those that it does not. */
static void print_categories (struct shown *self, const struct categories *categories, bool carried)
{
    for (size_t i = 0; i < categories->count; i++) {
        const char *category = categories->list[i];
        if ((!self->policy || mapping_carries (self->mapping, self->policy, category)) == carried)
            print_category (self, &category, categories->list[i], self->mapping->root);
    }
}

void mapping_check_print (const struct mapping *mapping, const struct policy *policy, FILE *out)
{
    struct shown shown = {.mapping = mapping, .policy = policy, .out = out};
    struct categories categories = {.count = 0};
    print_head (mapping, policy, out);
    find_categories (&categories, mapping->root);
    shown.heading = "Goes where the registry permits it:";
    print_categories (&shown, &categories, true);
    shown.heading = policy && mapping_flow (mapping, policy) ? "Held back, because the flow does not carry it:"
                                                             : "Held back, because the policy has no such flow:";
    print_categories (&shown, &categories, false);
    shown.heading = "Goes without a check, because it says who sends what to whom:";
    print_use (&shown, MAPPING_ENVELOPE, mapping->root);
    shown.heading = "Goes without a check, because its receiver sent it:";
    print_use (&shown, MAPPING_RETURNED, mapping->root);
    shown.heading = "Never goes:";
    print_use (&shown, MAPPING_NEVER, mapping->root);
    putc ('\n', out);
}

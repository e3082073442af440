#include "policy_coverage.h"

#include <string.h>
#include "arena.h"
#include "policy/cases/policy_cases.h"
#include "policy_diff.h"
#include "policy/policy_paragraph.h"

/* Of each provider and recipient the categories that a case asks about. */
struct asked {
    code_set of[CODE_LIMIT][CODE_LIMIT];
};

static void note_case (const struct policy *policy, const struct policy_case *one, struct asked *asked,
                       struct policy_coverage *self)
{
    code from = one->check.provider->kind, to = one->check.recipient->kind;
    if (one->check.purpose != self->flow->purpose)
        return;
    for (size_t i = 0; i < one->check.item_count; i++) {
        code category = one->check.items[i].category;
        if (!policy_flow_carries (policy, self->flow, from, to, category))
            continue;
        code_set_add (&asked->of[from][to], category);
        code_set_add (&self->providers, from);
        code_set_add (&self->recipients, to);
        code_set_add (&self->categories, category);
    }
}

static void count_cells (const struct policy *policy, const struct asked *asked, struct policy_coverage *self)
{
    for (size_t from = 0; from < policy->kind_count; from++)
        for (size_t to = 0; to < policy->kind_count; to++)
            for (size_t category = 0; category < policy->category_count; category++) {
                self->cells += policy_flow_carries (policy, self->flow, (code)from, (code)to, (code)category);
                self->tried += code_set_has (&asked->of[from][to], (code)category);
            }
}

struct policy_coverage *policy_coverage_make (struct arena *arena, const struct policy *policy)
{
    struct policy_coverage *list = arena_array (arena, policy->flow_count, sizeof *list);
    struct asked *asked = arena_alloc (arena, sizeof *asked);
    for (size_t i = 0; i < policy->flow_count; i++) {
        memset (asked, 0, sizeof *asked);
        list[i].flow = &policy->flows[i];
        for (size_t j = 0; j < policy->case_count; j++)
            note_case (policy, &policy->cases[j], asked, &list[i]);
        count_cells (policy, asked, &list[i]);
    }
    return list;
}

/* The names of those of `all` that are not among `named`. */
static const char *not_named (struct arena *arena, const void *list, size_t count, size_t stride,
                              const code_set all[2])
{
    code_set left = {{0}};
    for (size_t i = 0; i < count; i++)
        if (code_set_has (&all[0], (code)i) && !code_set_has (&all[1], (code)i))
            code_set_add (&left, (code)i);
    return policy_diff_names (arena, list, count, stride, &left);
}

/* What no case about the flow names, of each sort. */
struct untried {
    const char *providers, *recipients, *categories; /* "a, b"; "": all are named */
};

static struct untried untried_of (struct arena *arena, const struct policy *policy,
                                  const struct policy_coverage *one)
{
    const struct policy_flow *flow = one->flow;
    return (struct untried){
        not_named (arena, policy->kinds, policy->kind_count, sizeof *policy->kinds,
                   (code_set[]){flow->providers, one->providers}),
        not_named (arena, policy->kinds, policy->kind_count, sizeof *policy->kinds,
                   (code_set[]){flow->recipients, one->recipients}),
        not_named (arena, policy->categories, policy->category_count, sizeof *policy->categories,
                   (code_set[]){flow->categories, one->categories}),
    };
}

static void print_untried (const char *label, const char *names, FILE *out)
{
    if (!*names)
        return;
    struct policy_paragraph line = policy_paragraph_begin (out, label);
    policy_paragraph_write (&line, names);
    fputc ('\n', out);
}

void policy_coverage_print (struct arena *arena, const struct policy *policy, enum language language, FILE *out)
{
    const struct policy_coverage *list = policy_coverage_make (arena, policy);
    size_t cells = 0, tried = 0;
    fputs (in_language (language,
                        "\nWhat the cases ask about, of each flow; and whom and what none of them names\n",
                        "\nWaar de gevallen naar vragen, van elke rij; en wie en wat geen ervan noemt\n"),
           out);
    for (size_t i = 0; i < policy->flow_count; i++) {
        struct untried untried = untried_of (arena, policy, &list[i]);
        fprintf (out, in_language (language, "\n%s  %zu of %zu cells\n", "\n%s  %zu van %zu cellen\n"),
                 list[i].flow->entry.code, list[i].tried, list[i].cells);
        print_untried (in_language (language, "from", "van"), untried.providers, out);
        print_untried (in_language (language, "to", "aan"), untried.recipients, out);
        print_untried (in_language (language, "categories", "gegevens"), untried.categories, out);
        cells += list[i].cells;
        tried += list[i].tried;
    }
    fprintf (
        out,
        in_language (language, "\n%zu of %zu cells are in a case\n", "\n%zu van %zu cellen staan in een geval\n"),
        tried, cells);
}

static json_t *set_json (const void *list, size_t count, size_t stride, const code_set *all, const code_set *named)
{
    json_t *names = json_array ();
    for (size_t i = 0; i < count; i++) {
        const struct policy_entry *entry = (const void *)((const char *)list + i * stride);
        if (code_set_has (all, (code)i) && !code_set_has (named, (code)i))
            json_array_append_new (names, json_string (entry->code));
    }
    return names;
}

json_t *policy_coverage_json (struct arena *arena, const struct policy *policy)
{
    const struct policy_coverage *list = policy_coverage_make (arena, policy);
    json_t *flows = json_array ();
    for (size_t i = 0; i < policy->flow_count; i++) {
        const struct policy_flow *flow = list[i].flow;
        json_t *providers = set_json (policy->kinds, policy->kind_count, sizeof *policy->kinds, &flow->providers,
                                      &list[i].providers);
        json_t *recipients = set_json (policy->kinds, policy->kind_count, sizeof *policy->kinds, &flow->recipients,
                                       &list[i].recipients);
        json_t *categories = set_json (policy->categories, policy->category_count, sizeof *policy->categories,
                                       &flow->categories, &list[i].categories);
        json_array_append_new (
            flows, json_pack ("{s:s, s:I, s:I, s:o, s:o, s:o}", "flow", flow->entry.code, "cells",
                              (json_int_t)list[i].cells, "tried", (json_int_t)list[i].tried, "providers_untried",
                              providers, "recipients_untried", recipients, "categories_untried", categories));
    }
    return flows;
}

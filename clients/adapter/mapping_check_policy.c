#include "mapping_check_policy.h"
#include "policy/policy_error.h"
#include <string.h>

struct check {
    const struct mapping *mapping;
    const struct policy *policy;
    const struct policy_flow *flow; /* NULL: a return message, or not in the pack */
    struct mapping_findings *findings;
};

/* A list of the pack. Each entry begins with its struct policy_entry. */
struct codes {
    const void *list;
    size_t count, stride;
    const char *what;
};

#define CODES(list, count, what) ((struct codes){(list), (count), sizeof *(list), (what)})

const struct policy_flow *mapping_flow (const struct mapping *mapping, const struct policy *policy)
{
    for (size_t i = 0; mapping->flow && i < policy->flow_count; i++) {
        if (strcmp (policy->flows[i].entry.code, mapping->flow) == 0)
            return &policy->flows[i];
    }
    return NULL;
}

bool mapping_carries (const struct mapping *mapping, const struct policy *policy, const char *category)
{
    const struct policy_flow *flow = mapping_flow (mapping, policy);
    for (size_t from = 0; flow && from < mapping->from.count; from++) {
        for (size_t to = 0; to < mapping->to.count; to++) {
            if (policy_flow_carries (policy, flow, policy_kind (policy, mapping->from.words[from]),
                                     policy_kind (policy, mapping->to.words[to]),
                                     policy_category (policy, category)))
                return true;
        }
    }
    return false;
}

/* Holds one code against a list of the pack. */
static void check_code (struct check *self, size_t line, const char *text, const struct codes *codes)
{
    struct policy_nearest nearest;
    policy_nearest_start (&nearest, text);
    const char *at = codes->list;
    for (size_t i = 0; i < codes->count; i++, at += codes->stride) {
        const struct policy_entry *entry = (const void *)at;
        if (strcmp (entry->code, text) == 0)
            return;
        policy_nearest_offer (&nearest, entry->code);
    }
    char hint[128];
    mapping_fault (self->findings, line, "'%s' is not %s of this pack%s", text, codes->what,
                   policy_nearest_hint (&nearest, hint, sizeof hint));
}

static void check_kinds (struct check *self, size_t line, const struct mapping_words *kinds, bool sends)
{
    const struct policy *policy = self->policy;
    const struct codes known = CODES (policy->kinds, policy->kind_count, "a kind of party");
    for (size_t i = 0; i < kinds->count; i++) {
        check_code (self, line, kinds->words[i], &known);
        code kind = policy_kind (policy, kinds->words[i]);
        if (!self->flow || kind == CODE_NONE)
            continue;
        if (!code_set_has (sends ? &self->flow->providers : &self->flow->recipients, kind))
            mapping_note (self->findings, line, "%s %s nothing by flow %s", kinds->words[i],
                          sends ? "gives" : "receives", self->mapping->flow);
    }
}

static void check_flow (struct check *self)
{
    const struct mapping *mapping = self->mapping;
    const struct policy *policy = self->policy;
    if (mapping_is_return (mapping))
        return;
    const struct codes purposes = CODES (policy->purposes, policy->purpose_count, "a purpose");
    check_code (self, mapping->lines.purpose, mapping->purpose, &purposes);
    if (!self->flow) {
        mapping_fault (self->findings, mapping->lines.flow,
                       "'%s' is not a flow of this pack: under it nothing of this message goes", mapping->flow);
        return;
    }
    const char *purpose = policy->purposes[self->flow->purpose].entry.code;
    if (strcmp (purpose, mapping->purpose) != 0)
        mapping_fault (self->findings, mapping->lines.purpose, "flow %s is for %s, and not for %s", mapping->flow,
                       purpose, mapping->purpose);
}

/* Holds the codes of each line against the pack. */
static void check_lines (struct check *self, const struct mapping_rule *parent)
{
    const struct policy *policy = self->policy;
    const struct codes categories = CODES (policy->categories, policy->category_count, "a category");
    const struct codes origins = CODES (policy->origins, policy->origin_count, "an origin");
    for (const struct mapping_rule *rule = parent->first_child; rule; rule = rule->next) {
        if (rule->use == MAPPING_CATEGORY)
            check_code (self, rule->line, rule->category, &categories);
        for (size_t i = 0; i < rule->when_count; i++)
            check_code (self, rule->line, rule->whens[i].category, &categories);
        if (rule->use == MAPPING_CATEGORY || rule->when_count > 0)
            check_code (self, rule->line, rule->origin, &origins);
        check_lines (self, rule);
    }
}

/* The element itself may go, whatever is in it. */
static bool is_carried (const struct check *self, const struct mapping_rule *rule)
{
    bool carried = rule->use != MAPPING_NEVER && (rule->use != MAPPING_CATEGORY ||
                                                  mapping_carries (self->mapping, self->policy, rule->category));
    for (size_t i = 0; i < rule->when_count; i++)
        carried |= mapping_carries (self->mapping, self->policy, rule->whens[i].category);
    return carried;
}

/* The first element, in this one or it, for lack of which this one can never go. NULL: it can. */
static const struct mapping_rule *find_obstacle (const struct check *self, const struct mapping_rule *rule)
{
    if (!is_carried (self, rule))
        return rule;
    for (const struct mapping_rule *child = rule->first_child; child; child = child->next) {
        const struct mapping_rule *obstacle = mapping_is_required (child) ? find_obstacle (self, child) : NULL;
        if (obstacle)
            return obstacle;
    }
    return NULL;
}

void mapping_check_policy (const struct mapping *mapping, const struct policy *policy,
                           struct mapping_findings *findings)
{
    struct check self = {mapping, policy, mapping_flow (mapping, policy), findings};
    size_t faults = findings->faults;
    check_kinds (&self, mapping->lines.from, &mapping->from, true);
    check_kinds (&self, mapping->lines.to, &mapping->to, false);
    check_flow (&self);
    check_lines (&self, mapping->root);
    /* A code that is not known goes nowhere either: that was said. */
    bool known = self.flow && findings->faults == faults;
    const struct mapping_rule *obstacle = known ? find_obstacle (&self, mapping->root) : NULL;
    if (obstacle)
        mapping_fault (findings, obstacle->line,
                       "no such message could ever go: it cannot do without %s, and flow %s does not carry %s",
                       obstacle->path, mapping->flow, obstacle->category);
}

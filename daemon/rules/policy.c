#include "policy.h"

#include <string.h>

const char *const counts_from_words[COUNTS_FROM] = {
    [COUNTS_FROM_RECEIPT] = "receipt",
    [COUNTS_FROM_LAST_CHANGE] = "last-change",
    [COUNTS_FROM_END_OF_CARE] = "end-of-care",
};

/* Each struct in the lists of a pack begins with its entry, so one search serves all lists. */
static code find_name (const void *list, size_t count, size_t stride, const char *name)
{
    const char *at = list;
    for (size_t i = 0; i < count; i++, at += stride) {
        const struct policy_entry *entry = (const void *)at;
        /* A check looks up every item, so this is fast: most codes differ in their first letter. */
        if (entry->code[0] == name[0] && strcmp (entry->code, name) == 0)
            return (code)i;
    }
    return CODE_NONE;
}

code policy_kind (const struct policy *policy, const char *name)
{
    return find_name (policy->kinds, policy->kind_count, sizeof *policy->kinds, name);
}

code policy_category (const struct policy *policy, const char *name)
{
    return find_name (policy->categories, policy->category_count, sizeof *policy->categories, name);
}

code policy_purpose (const struct policy *policy, const char *name)
{
    return find_name (policy->purposes, policy->purpose_count, sizeof *policy->purposes, name);
}

code policy_origin (const struct policy *policy, const char *name)
{
    return find_name (policy->origins, policy->origin_count, sizeof *policy->origins, name);
}

code policy_representative (const struct policy *policy, const char *name)
{
    return find_name (policy->representatives, policy->representative_count, sizeof *policy->representatives,
                      name);
}

code policy_urgent_reason (const struct policy *policy, const char *name)
{
    return find_name (policy->urgent_reasons, policy->urgent_reason_count, sizeof *policy->urgent_reasons, name);
}

bool policy_flow_carries (const struct policy *policy, const struct policy_flow *flow, code provider_kind,
                          code recipient_kind, code category)
{
    if (!code_set_has (&flow->providers, provider_kind) || !code_set_has (&flow->recipients, recipient_kind))
        return false;
    if (!code_set_has (&flow->categories, category))
        return false;
    return policy->categories[category].special == SPECIAL_NO ||
           code_set_has (&policy->special_recipients, recipient_kind);
}

bool policy_purpose_serves (const struct policy *policy, code consented, code asked)
{
    if (consented >= policy->purpose_count)
        return false;
    return consented == asked || code_set_has (&policy->purposes[consented].serves, asked);
}

bool policy_special_not_carried (const struct policy *policy, code category, enum carries carries)
{
    static const enum carries needed[] = {
        [SPECIAL_NO] = CARRIES_NONE, [SPECIAL_HEALTH] = CARRIES_HEALTH, [SPECIAL_OTHER] = CARRIES_ALL};
    if (category >= policy->category_count)
        return true; /* no ground carries a category that this pack does not know */
    return carries < needed[policy->categories[category].special];
}

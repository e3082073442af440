#include "policy_matrix.h"

/* How many recipients the category may go to, and of how many the flow has. */
static size_t count_recipients (const struct policy *policy, const struct policy_flow *flow, code category,
                                size_t *all)
{
    size_t carried = 0;
    *all = 0;
    for (size_t to = 0; to < policy->kind_count; to++) {
        if (!code_set_has (&flow->recipients, (code)to))
            continue;
        bool carries = false;
        ++*all;
        for (size_t from = 0; from < policy->kind_count && !carries; from++)
            carries = policy_flow_carries (policy, flow, (code)from, (code)to, category);
        carried += carries;
    }
    return carried;
}

static enum matrix_statute statute_of (const struct policy *policy, const struct policy_flow *flow, code category)
{
    enum matrix_statute found = MATRIX_NO_STATUTE;
    for (size_t i = 0; i < flow->statute_count; i++) {
        const struct policy_flow_statute *one = &flow->statutes[i];
        if (policy_special_not_carried (policy, category, policy->statutes[one->statute].carries))
            continue;
        if (code_set_is_empty (&one->by) && code_set_is_empty (&one->to))
            return MATRIX_STATUTE;
        found = MATRIX_STATUTE_LIMITED;
    }
    return found;
}

struct matrix_cell policy_matrix_cell (const struct policy *policy, const struct policy_flow *flow, code category)
{
    size_t all, carried = count_recipients (policy, flow, category, &all);
    if (carried == 0)
        return (struct matrix_cell){false, false, false, MATRIX_NO_STATUTE};
    return (struct matrix_cell){true, !flow->no_consent, carried < all, statute_of (policy, flow, category)};
}

bool policy_matrix_has (const struct policy *policy, code category)
{
    for (size_t i = 0; i < policy->flow_count; i++)
        if (policy_matrix_cell (policy, &policy->flows[i], category).carried)
            return true;
    return false;
}

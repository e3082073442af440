/* A statute of the flow carries an item if all of these conditions hold. Some statutes are named only by or to
   certain kinds: elsewhere they are out of scope, as if not named. The right column has the code of a condition
   that fails.
     1. there is an origin to judge, unless the statute covers every one     ORIGIN_UNKNOWN
     2. it covers that origin                                                STATUTE_NOT_FOR_ORIGIN
     3. it carries the category, where that is special                       STATUTE_NOT_FOR_SPECIAL
     4. it breaks secrecy, where the provider is bound by it                 SECRECY
   The first statute that holds is taken, in the flow's order. If none holds, one code is given: that of the
   last condition that any statute came to. */
#include "statute.h"

enum step { STEP_ORIGIN_KNOWN, STEP_ORIGIN_COVERED, STEP_SPECIAL_CARRIED, STEP_SECRECY_BROKEN, STEP_HOLDS };

static const enum rule_code failing[STEP_HOLDS] = {
    [STEP_ORIGIN_KNOWN] = ORIGIN_UNKNOWN,
    [STEP_ORIGIN_COVERED] = STATUTE_NOT_FOR_ORIGIN,
    [STEP_SPECIAL_CARRIED] = STATUTE_NOT_FOR_SPECIAL,
    [STEP_SECRECY_BROKEN] = SECRECY,
};

static bool is_in_scope (const struct policy_flow_statute *named, const struct statute_item *item)
{
    bool by = code_set_is_empty (&named->by) || code_set_has (&named->by, item->provider->kind);
    bool to = code_set_is_empty (&named->to) || code_set_has (&named->to, item->recipient->kind);
    return by && to;
}

static enum step step_reached (const struct statute_item *item, const struct policy_statute *statute)
{
    if (!statute->all_origins && item->origin == CODE_NONE)
        return STEP_ORIGIN_KNOWN;
    if (!statute->all_origins && !code_set_has (&statute->origins, item->origin))
        return STEP_ORIGIN_COVERED;
    if (policy_special_not_carried (item->policy, item->category, statute->carries))
        return STEP_SPECIAL_CARRIED;
    if (item->bound_by_secrecy && !statute->breaks_secrecy)
        return STEP_SECRECY_BROKEN;
    return STEP_HOLDS;
}

struct statute_finding statute_find (const struct statute_item *item)
{
    struct statute_finding found = {.statute = CODE_NONE};
    enum step furthest = STEP_ORIGIN_KNOWN;
    for (size_t i = 0; i < item->flow->statute_count; i++) {
        const struct policy_flow_statute *named = &item->flow->statutes[i];
        const struct policy_statute *statute = &item->policy->statutes[named->statute];
        if (!is_in_scope (named, item)) {
            trace_tell_one (item->trace, TRACE_STATUTE, named->statute, TRACE_OUT_OF_SCOPE, 0);
            continue;
        }
        if (item->under_failed_gate && !statute->passes_restriction) {
            trace_tell_one (item->trace, TRACE_STATUTE, named->statute, TRACE_BEHIND_GATE, 0);
            continue;
        }
        found.tried = true;
        enum step reached = step_reached (item, statute);
        if (reached == STEP_HOLDS) {
            trace_tell_one (item->trace, TRACE_STATUTE, named->statute, TRACE_PASSES, 0);
            found.statute = named->statute;
            return found;
        }
        trace_tell_one (item->trace, TRACE_STATUTE, named->statute, TRACE_FAILS, failing[reached]);
        if (reached > furthest)
            furthest = reached;
    }
    found.failing = failing[furthest];
    return found;
}

/* C6, statute. The flow names statutes, some only by or to certain kinds (out of scope: as if not named). One
   holds if all of these do, each with the code that is given if it leaves none:
     1. there is an origin to judge: in DISCLOSE the item's own, unless the statute covers
        every origin; in ADVISE the flow's default will do             ORIGIN_UNKNOWN
     2. it covers that origin                                          STATUTE_NOT_FOR_ORIGIN
     3. it carries the category, where that is special                 STATUTE_NOT_FOR_SPECIAL
     4. it breaks secrecy, where the provider is bound by it           SECRECY
   The first that holds, in the flow's order, is the ground. If none does: one code, of the condition furthest down
   that some statute still came to. */
#include "ground.h"

enum step { STEP_ORIGIN_KNOWN, STEP_ORIGIN_COVERED, STEP_SPECIAL_CARRIED, STEP_SECRECY_BROKEN, STEP_HOLDS };

static const enum rule_code failing[STEP_HOLDS] = {
    [STEP_ORIGIN_KNOWN] = ORIGIN_UNKNOWN,
    [STEP_ORIGIN_COVERED] = STATUTE_NOT_FOR_ORIGIN,
    [STEP_SPECIAL_CARRIED] = STATUTE_NOT_FOR_SPECIAL,
    [STEP_SECRECY_BROKEN] = SECRECY,
};

static bool is_in_scope (const struct policy_flow_statute *named, const struct check *check)
{
    bool by = code_set_is_empty (&named->by) || code_set_has (&named->by, check->provider->kind);
    bool to = code_set_is_empty (&named->to) || code_set_has (&named->to, check->recipient->kind);
    return by && to;
}

static enum step step_reached (const struct question *question, const struct policy_statute *statute)
{
    const struct inquiry *inquiry = question->inquiry;
    code origin = question->origin;
    if (origin == CODE_NONE && inquiry->check->mode == MODE_ADVISE)
        origin = question->flow->default_origin;
    if (!statute->all_origins && origin == CODE_NONE)
        return STEP_ORIGIN_KNOWN;
    if (!statute->all_origins && !code_set_has (&statute->origins, origin))
        return STEP_ORIGIN_COVERED;
    if (policy_special_not_carried (inquiry->facts->policy, question->category, statute->carries))
        return STEP_SPECIAL_CARRIED;
    if (inquiry->check->provider->secrecy == SECRECY_PROFESSIONAL && !statute->breaks_secrecy)
        return STEP_SECRECY_BROKEN;
    return STEP_HOLDS;
}

/* C3 and C5: a statute that passes a restriction needs no agreement either; no other holds under a failed gate. */
static bool passes_gates (const struct question *question, const struct policy_statute *statute)
{
    return statute->passes_restriction || !(question->agreement_missing || question->restricted);
}

enum ground_outcome statute_ground_judge (const struct question *question, struct item_decision *decision)
{
    const struct inquiry *inquiry = question->inquiry;
    bool tried = false;
    enum step furthest = STEP_ORIGIN_KNOWN;
    for (size_t i = 0; i < question->flow->statute_count; i++) {
        const struct policy_flow_statute *named = &question->flow->statutes[i];
        const struct policy_statute *statute = &inquiry->facts->policy->statutes[named->statute];
        if (!is_in_scope (named, inquiry->check) || !passes_gates (question, statute))
            continue;
        tried = true;
        enum step reached = step_reached (question, statute);
        if (reached == STEP_HOLDS) {
            decision->ground = POLICY_STATUTE;
            decision->statute = named->statute;
            return GROUND_HOLDS;
        }
        if (reached > furthest)
            furthest = reached;
    }
    if (!tried)
        return GROUND_NOT_TRIED;
    rule_codes_add (&decision->reasons, failing[furthest]);
    rule_codes_add (&decision->heard, failing[furthest]);
    return GROUND_FAILS;
}

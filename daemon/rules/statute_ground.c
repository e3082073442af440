/* C6, statute. The conditions are in statute.c. Two things belong to the check and are here:
     - the origin: a DISCLOSE needs the item's own; for an ADVISE the flow's default will do
     - under a failed C3 or C5 only a statute that passes a restriction is tried; it needs no agreement either */
#include "ground.h"
#include "statute.h"

static code origin_to_judge (const struct question *question)
{
    bool assumed = question->origin == CODE_NONE && question->inquiry->check->mode == MODE_ADVISE;
    return assumed ? question->flow->default_origin : question->origin;
}

enum ground_outcome statute_ground_judge (const struct question *question, struct item_decision *decision)
{
    const struct inquiry *inquiry = question->inquiry;
    const struct statute_item item = {
        .policy = inquiry->facts->policy,
        .flow = question->flow,
        .provider = inquiry->check->provider,
        .recipient = inquiry->check->recipient,
        .category = question->category,
        .origin = origin_to_judge (question),
        .bound_by_secrecy = ground_is_bound_by_secrecy (inquiry->check),
        .under_failed_gate = question->agreement_missing || question->restricted,
        .trace = question->trace,
    };
    struct statute_finding found = statute_find (&item);
    if (!found.tried)
        return GROUND_NOT_TRIED;
    if (found.statute == CODE_NONE) {
        rule_codes_add (&decision->reasons, found.failing);
        rule_codes_add (&decision->heard, found.failing);
        return GROUND_FAILS;
    }
    decision->ground = POLICY_STATUTE;
    decision->statute = found.statute;
    return GROUND_HOLDS;
}

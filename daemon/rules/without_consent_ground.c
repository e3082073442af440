/* C8, without consent: the one ground that the request itself claims. It holds if all conditions below hold. The
   right column has the code of a condition that fails.

     a written request (KB 11.1.b)
       1. the flow admits it                                                  GROUND_NOT_ALLOWED
       2. who asked are those who must consent at this moment: all of them
          and nobody else (where any representative does: one or more)        GROUND_NOT_ALLOWED
     urgent reasons (KB 11.1.d)
       1. the flow admits them, the reason is one of the pack's, and it carries
          the category, where that is special                                 GROUND_NOT_ALLOWED
       2. the triage decision is complete (triage.c); the manager whom the
          check names (C15) serves for its own                                TRIAGE_INCOMPLETE

   One code is given: that of the first condition that fails. If the request claims nothing, the ground is not
   tried. Under a failed C3 or C5 it is tried only where it passes these gates:

                              C3, no agreement      C5, restricted
     a written request        no                    no
     an urgent reason         yes                   if the pack marks it so

   C2 has checked before that a written request has its evidence, and the moment at which it was given. */
#include "ground.h"
#include "represent.h"

/* The reason as the pack has it. NULL: the pack does not have it. */
static const struct policy_urgent_reason *find_reason (const struct inquiry *inquiry)
{
    const struct policy *policy = inquiry->facts->policy;
    code reason = inquiry->check->claim.reason;
    return reason < policy->urgent_reason_count ? &policy->urgent_reasons[reason] : NULL;
}

static unsigned inform_days (const struct inquiry *inquiry)
{
    return inquiry->facts->policy->due.inform_days;
}

struct claimed without_consent_ground_claimed (const struct inquiry *inquiry, moment now)
{
    const struct claim *claim = &inquiry->check->claim;
    struct claimed claimed = {.by_signers = false, .missing = 0};
    if (claim->kind == CLAIM_WRITTEN_REQUEST)
        claimed.by_signers =
            represent_are_signers (inquiry->facts->policy, inquiry->facts->subject, &claim->by, now);
    if (claim->kind == CLAIM_URGENT_REASONS)
        claimed.missing = triage_missing (&claim->triage, ground_is_bound_by_secrecy (inquiry->check),
                                          inform_days (inquiry), now);
    if (inquiry->check->manager_consulted)
        claimed.missing &= ~triage_manager_part;
    return claimed;
}

static enum ground_outcome tell (const struct question *question, enum trace_outcome outcome, enum rule_code one,
                                 enum ground_outcome ground)
{
    trace_tell_one (question->trace, TRACE_CLAIM, TRACE_NO_POSITION, outcome, one);
    return ground;
}

static enum ground_outcome fail (const struct question *question, enum rule_code one,
                                 struct item_decision *decision)
{
    rule_codes_add (&decision->reasons, one);
    rule_codes_add (&decision->heard, one);
    return tell (question, TRACE_FAILS, one, GROUND_FAILS);
}

static enum ground_outcome hold (const struct question *question, code urgent_reason,
                                 struct item_decision *decision)
{
    decision->ground = POLICY_WITHOUT_CONSENT;
    decision->urgent_reason = urgent_reason;
    return tell (question, TRACE_PASSES, 0, GROUND_HOLDS);
}

static enum ground_outcome judge_written_request (const struct question *question, struct item_decision *decision)
{
    if (question->agreement_missing || question->restricted)
        return tell (question, TRACE_BEHIND_GATE, 0, GROUND_NOT_TRIED);
    if (!question->flow->written_request || !question->claimed.by_signers)
        return fail (question, GROUND_NOT_ALLOWED, decision);
    return hold (question, CODE_NONE, decision);
}

static enum ground_outcome judge_urgent_reasons (const struct question *question, struct item_decision *decision)
{
    const struct inquiry *inquiry = question->inquiry;
    const struct policy_urgent_reason *reason = find_reason (inquiry);
    if (question->restricted && (reason == NULL || !reason->passes_restriction))
        return tell (question, TRACE_BEHIND_GATE, 0, GROUND_NOT_TRIED);
    if (!question->flow->urgent_reasons || reason == NULL ||
        policy_special_not_carried (inquiry->facts->policy, question->category, reason->carries))
        return fail (question, GROUND_NOT_ALLOWED, decision);
    if (question->claimed.missing != 0)
        return fail (question, TRIAGE_INCOMPLETE, decision);
    return hold (question, inquiry->check->claim.reason, decision);
}

enum ground_outcome without_consent_ground_judge (const struct question *question, struct item_decision *decision)
{
    enum claim_kind kind = question->inquiry->check->claim.kind;
    if (kind == CLAIM_WRITTEN_REQUEST)
        return judge_written_request (question, decision);
    if (kind == CLAIM_URGENT_REASONS)
        return judge_urgent_reasons (question, decision);
    return tell (question, TRACE_NOT_CLAIMED, 0, GROUND_NOT_TRIED);
}

moment without_consent_ground_next (const struct inquiry *inquiry, moment after)
{
    const struct claim *claim = &inquiry->check->claim;
    if (claim->kind == CLAIM_WRITTEN_REQUEST)
        return represent_next_change (inquiry->facts->policy, inquiry->facts->subject, after);
    if (claim->kind == CLAIM_URGENT_REASONS)
        return triage_next_change (&claim->triage, inform_days (inquiry), after);
    return MOMENT_NEVER;
}

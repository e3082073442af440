/* The disclosure check, as section 3 of the rules has it.

   An item is judged in this order:
     C3  an agreement in force with provider and recipient     else AGREEMENT_MISSING
     C4  a flow that joins the parties' kinds                  else NO_FLOW
         ... for the purpose                                   else PURPOSE_NOT_IN_FLOW
         ... and carries the category                          else CATEGORY_NOT_NEEDED
     C5  no restriction                                        else RESTRICTED
     the grounds in the pack's order, the first that holds:
         C6  statute                                           statute_ground.c
         C7  consent                                           consent_ground.c
         C8  without consent, where that is claimed            without_consent_ground.c
     no ground: the reasons of all that were tried, in that order.
   C3 to C5 are gates: the first that fails decides the item. But if C3 or C5 failed, the grounds which those rules
   name are still tried. Such a ground must pass every gate that failed, and C4 must hold. If no ground holds, the
   gate's code is given. TRIAGE_INCOMPLETE is given beside it, where an urgent reason would pass and only its
   triage decision is not complete.

   C15: if a refusal stands against a permitted item, the answer says so. Where the pack wants a manager first,
   every DISCLOSE of an item that would be permitted names him, or says why there was none; a statute that passes a
   restriction needs no manager                            else TRIAGE_INCOMPLETE

   Then the verdict of the whole: PERMIT if every item is permitted, DENY if none is, else PARTIAL, or DENY for
   all_or_nothing, its own or that of its batch. Then `until`, the first known moment at which the caller would
   hear something else. C9 (who hears which reason) is settled where each reason is given. C1 and C2 were settled
   before. */
#include <stdlib.h>
#include "ground.h"

enum { UNTIL_WORK = 1 << 14, WITHDRAWAL_WORK = 16, NAMES_WORK = 4 }; /* in statements weighed for an item */

/* The build sets every local variable to zero. This one is large and made anew for each moment or check, so it is
   left unset. */
#if defined(__has_attribute)
#if __has_attribute(uninitialized)
#define DECIDE_UNSET __attribute__ ((uninitialized))
#endif
#endif
#ifndef DECIDE_UNSET
#define DECIDE_UNSET
#endif

/* C3: an agreement in force. A party that is not active has none, whatever its kind. Neither has a party whose
   kind the pack does not know. */
static bool has_agreement (const struct policy *policy, const struct party *party, moment now)
{
    if (!party->active || party->kind >= policy->kind_count)
        return false;
    return !policy->kinds[party->kind].needs_agreement ||
           (party->agreement_from <= now && now < party->agreement_until);
}

/* C4: where several flows carry the item, the first in the pack serves it. */
static struct need find_need (const struct policy *policy, const struct check *check, code category)
{
    struct need need = {.missing = NO_FLOW};
    for (size_t i = 0; i < policy->flow_count; i++) {
        const struct policy_flow *flow = &policy->flows[i];
        if (!code_set_has (&flow->providers, check->provider->kind) ||
            !code_set_has (&flow->recipients, check->recipient->kind))
            continue;
        if (flow->purpose != check->purpose) {
            if (need.missing == NO_FLOW)
                need.missing = PURPOSE_NOT_IN_FLOW;
            continue;
        }
        need.missing = CATEGORY_NOT_NEEDED;
        if (policy_flow_carries (policy, flow, check->provider->kind, check->recipient->kind, category)) {
            need.flow = flow;
            return need;
        }
    }
    return need;
}

static enum ground_outcome try_ground (enum policy_ground ground, const struct question *question,
                                       struct item_decision *decision)
{
    static enum ground_outcome (*const judges[POLICY_GROUNDS]) (const struct question *,
                                                                struct item_decision *) = {
        [POLICY_STATUTE] = statute_ground_judge,                 /* C6 */
        [POLICY_CONSENT] = consent_ground_judge,                 /* C7 */
        [POLICY_WITHOUT_CONSENT] = without_consent_ground_judge, /* C8 */
    };
    return ground < POLICY_GROUNDS ? judges[ground](question, decision) : GROUND_NOT_TRIED;
}

static bool find_ground (const struct question *question, struct item_decision *decision)
{
    const struct policy *policy = question->inquiry->facts->policy;
    for (unsigned i = 0; i < POLICY_GROUNDS; i++)
        if (try_ground (policy->grounds[i], question, decision) == GROUND_HOLDS)
            return true;
    return false;
}

static struct rule_codes only (enum rule_code one)
{
    struct rule_codes codes = {.count = 0};
    rule_codes_add (&codes, one);
    return codes;
}

static void clear (struct item_decision *decision)
{
    decision->permit = false;
    decision->ground = POLICY_GROUNDS;
    decision->consent = SIZE_MAX;
    decision->statute = decision->urgent_reason = CODE_NONE;
    decision->against_will = decision->against_will_heard = decision->manager_missing = false;
}

static void deny_for (struct item_decision *decision, enum rule_code one)
{
    clear (decision);
    decision->reasons = decision->heard = only (one);
}

/* C3 to C5: tells how each gate was found. */
static void tell_gates (const struct question *question, enum rule_code not_needed)
{
    const struct inquiry *inquiry = question->inquiry;
    const struct policy *policy = inquiry->facts->policy;
    const struct party *parties[] = {inquiry->check->provider, inquiry->check->recipient};
    for (long i = 0; i < 2; i++) {
        bool missing = !has_agreement (policy, parties[i], question->now);
        trace_tell_one (question->trace, TRACE_AGREEMENT, i, missing ? TRACE_FAILS : TRACE_PASSES,
                        missing ? AGREEMENT_MISSING : 0);
    }
    if (question->flow == NULL) {
        trace_tell_one (question->trace, TRACE_FLOW, TRACE_NO_POSITION, TRACE_FAILS, not_needed);
        return;
    }
    trace_tell_one (question->trace, TRACE_FLOW, question->flow - policy->flows, TRACE_PASSES, 0);
    trace_tell_one (question->trace, TRACE_RESTRICTION, TRACE_NO_POSITION,
                    question->restricted ? TRACE_FAILS : TRACE_PASSES, question->restricted ? RESTRICTED : 0);
}

/* The gate's code is given. TRIAGE_INCOMPLETE is given beside it, where a ground would have passed the gate and
   only its triage decision was not complete. */
static void deny_for_gate (struct item_decision *decision, enum rule_code gate)
{
    bool triage_incomplete = rule_codes_has (&decision->reasons, TRIAGE_INCOMPLETE);
    deny_for (decision, gate);
    if (triage_incomplete) {
        rule_codes_add (&decision->reasons, TRIAGE_INCOMPLETE);
        rule_codes_add (&decision->heard, TRIAGE_INCOMPLETE);
    }
}

static void judge_item (const struct question *question, enum rule_code not_needed, struct item_decision *decision)
{
    clear (decision);
    decision->reasons.count = decision->heard.count = 0;
    if (question->trace != NULL)
        tell_gates (question, not_needed);

    /* C4: no flow. If C3 failed too, its code comes first. */
    if (question->flow == NULL) {
        deny_for (decision, question->agreement_missing ? AGREEMENT_MISSING : not_needed);
        return;
    }
    /* C6 to C8: the grounds. If a gate failed, only a ground that passes it holds. */
    if (find_ground (question, decision)) {
        decision->permit = true;
        decision->reasons.count = decision->heard.count = 0;
        return;
    }
    /* C3, then C5: the first gate that failed gives its code. If none failed, the reasons of the grounds stand. */
    if (question->agreement_missing)
        deny_for_gate (decision, AGREEMENT_MISSING);
    else if (question->restricted)
        deny_for_gate (decision, RESTRICTED);
}

/* C15: judges an item that is permitted. */
static void judge_will (const struct question *question, struct item_decision *decision)
{
    const struct bearing *refusal = consent_ground_refusal (question, decision);
    if (refusal == NULL)
        return;
    decision->against_will = true;
    decision->against_will_heard = refusal->heard;
    trace_tell_one (question->trace, TRACE_WILL, (long)refusal->index, TRACE_PASSES, 0);
}

/* A manager is named, or a reason why there was none: by the check itself, or by the triage decision. */
static bool has_manager (const struct check *check)
{
    return check->manager_consulted || check->no_manager ||
           (check->claim.kind == CLAIM_URGENT_REASONS && triage_names_manager (&check->claim.triage));
}

/* C15: judges an item that is permitted. True if the pack wants a manager and none is named. */
static bool lacks_manager (const struct question *question, const struct item_decision *decision)
{
    const struct policy *policy = question->inquiry->facts->policy;
    const struct check *check = question->inquiry->check;
    if (!policy->purposes[check->purpose].manager_first ||
        (decision->ground == POLICY_STATUTE && policy->statutes[decision->statute].passes_restriction))
        return false;
    bool lacking = !has_manager (check);
    trace_tell_one (question->trace, TRACE_MANAGER, TRACE_NO_POSITION, lacking ? TRACE_FAILS : TRACE_PASSES,
                    lacking ? TRIAGE_INCOMPLETE : 0);
    return lacking;
}

/* C15: a DISCLOSE that lacks a manager is denied. True if this is an ADVISE that lacks one: the answer then asks
   for it. */
static bool judge_will_and_manager (const struct question *question, struct item_decision *decision)
{
    judge_will (question, decision);
    if (!lacks_manager (question, decision))
        return false;
    if (question->inquiry->check->mode == MODE_ADVISE)
        return true;
    deny_for (decision, TRIAGE_INCOMPLETE);
    decision->manager_missing = true;
    return false;
}

static enum verdict verdict_of (const struct decision *decision)
{
    size_t permitted = 0;
    for (size_t i = 0; i < decision->item_count; i++)
        permitted += decision->items[i].permit;
    if (permitted == 0)
        return VERDICT_DENY;
    return permitted == decision->item_count ? VERDICT_PERMIT : VERDICT_PARTIAL;
}

/* A DISCLOSE with all_or_nothing that would be PARTIAL discloses nothing. Neither does any of a batch that is all
   or nothing, of which one check would not be permitted whole. */
static bool is_withheld (const struct check *check, const struct decision *decision)
{
    return check->mode == MODE_DISCLOSE && decision->verdict != VERDICT_DENY &&
           (check->withheld || (check->all_or_nothing && decision->verdict == VERDICT_PARTIAL));
}

static void withhold (struct decision *decision, struct trace *trace)
{
    for (size_t i = 0; i < decision->item_count; i++) {
        struct item_decision *item = &decision->items[i];
        if (!item->permit)
            continue;
        if (trace != NULL)
            trace->item = i;
        trace_tell_one (trace, TRACE_WHOLE, TRACE_NO_POSITION, TRACE_FAILS, ALL_OR_NOTHING);
        deny_for (item, ALL_OR_NOTHING);
    }
    decision->verdict = VERDICT_DENY;
}

/* `trace` may be NULL. Its `item` is set on the way. */
static void judge_all (const struct inquiry *inquiry, moment now, struct trace *trace, struct decision *decision)
{
    const struct decide_facts *facts = inquiry->facts;
    const struct check *check = inquiry->check;
    struct question question = {
        .inquiry = inquiry,
        .trace = trace,
        .now = now,
        .agreement_missing = !has_agreement (facts->policy, check->provider, now) || /* C3 */
                             !has_agreement (facts->policy, check->recipient, now),
        .claimed = without_consent_ground_claimed (inquiry, now), /* C8 */
    };
    decision->item_count = check->item_count;
    decision->triage_missing = 0;
    decision->manager_asked = false;
    for (size_t i = 0; i < check->item_count; i++) {
        if (trace != NULL)
            trace->item = i;
        question.category = check->items[i].category;
        question.origin = check->items[i].origin;
        question.flow = inquiry->needs[i].flow;
        question.restricted = /* C5 */
            subject_is_restricted (facts->subject, facts->policy->categories[question.category].entry.code,
                                   &question.passed_from);
        struct item_decision *item = &decision->items[i];
        judge_item (&question, inquiry->needs[i].missing, item);
        if (rule_codes_has (&item->heard, TRIAGE_INCOMPLETE))
            decision->triage_missing = question.claimed.missing;
        if (item->permit && judge_will_and_manager (&question, item))
            decision->manager_asked = true;
    }
    decision->verdict = verdict_of (decision);
    if (is_withheld (check, decision))
        withhold (decision, trace);
}

/* C11: one of the permitted items rests on a one-time consent. All items may rest on the same one. */
static bool rests_on_one_time (const struct inquiry *inquiry, const struct decision *decision)
{
    for (size_t i = 0; i < decision->item_count; i++) {
        const struct item_decision *item = &decision->items[i];
        if (item->permit && item->ground == POLICY_CONSENT && inquiry->facts->statements[item->consent].one_time)
            return true;
    }
    return false;
}

static bool same_codes (const struct rule_codes *a, const struct rule_codes *b)
{
    if (a->count != b->count)
        return false;
    for (unsigned i = 0; i < a->count; i++)
        if (a->code[i] != b->code[i])
            return false;
    return true;
}

/* C9: the two decisions sound the same to the caller. What the caller may not hear makes no difference. */
static bool sounds_the_same (const struct decision *a, const struct decision *b)
{
    if (a->verdict != b->verdict || a->triage_missing != b->triage_missing)
        return false;
    for (size_t i = 0; i < a->item_count; i++) {
        const struct item_decision *one = &a->items[i], *other = &b->items[i];
        if (one->permit != other->permit || one->ground != other->ground || one->consent != other->consent ||
            one->statute != other->statute || one->manager_missing != other->manager_missing ||
            !same_codes (&one->heard, &other->heard))
            return false;
    }
    return true;
}

/* The first known moment after `after` at which any fact of this check begins or ceases to hold. */
static moment next_change (const struct inquiry *inquiry, moment after)
{
    const struct check *check = inquiry->check;
    const moment agreements[] = {check->provider->agreement_from, check->provider->agreement_until,
                                 check->recipient->agreement_from, check->recipient->agreement_until};
    moment next = consent_ground_next (inquiry, after);
    moment claimed = without_consent_ground_next (inquiry, after);
    if (claimed < next)
        next = claimed;
    for (size_t i = 0; i < sizeof agreements / sizeof *agreements; i++)
        if (agreements[i] > after && agreements[i] < next)
            next = agreements[i];
    return next;
}

/* About how much work it takes to judge all items once. A near miss takes more: the names of its parties are
   searched. */
static size_t work_of (const struct inquiry *inquiry)
{
    size_t work = 1;
    for (size_t i = 0; i < inquiry->bearing_count; i++) {
        const struct statement *one = inquiry->bearings[i].statement;
        work += 1 + WITHDRAWAL_WORK * one->withdrawal_count +
                (one->scope.providers.count + one->scope.recipients.count) / NAMES_WORK;
    }
    return work * inquiry->check->item_count;
}

/* Finds `until`: judges again at every known moment of change, until the answer differs. Only time passes: a
   consent that this decision uses up counts as not used. The work is bounded: after UNTIL_WORK the next moment is
   given without a trial. That is early at worst, never late. A function apart from decide, because its local
   variable is large. */
static __attribute__ ((noinline)) moment differs_from (const struct inquiry *inquiry, size_t each,
                                                       struct decision *decision)
{
    struct decision later DECIDE_UNSET; /* judge_all fills those parts that are looked at */
    moment at = next_change (inquiry, inquiry->facts->now);
    for (size_t work = 0; at != MOMENT_NEVER && work < UNTIL_WORK; work += each) {
        decision->work += each;
        judge_all (inquiry, at, NULL, &later);
        if (!sounds_the_same (decision, &later))
            break;
        at = next_change (inquiry, at);
    }
    return at;
}

static void decide_with (const struct decide_facts *facts, const struct check *check, struct bearing *bearings,
                         struct trace *trace, struct decision *decision)
{
    struct inquiry inquiry DECIDE_UNSET; /* of `needs` those are looked at that the check has items for */
    inquiry.facts = facts;
    inquiry.check = check;
    inquiry.bearings = bearings;
    inquiry.bearing_count = consent_ground_collect (facts, check, bearings);
    for (size_t i = 0; i < check->item_count; i++)
        inquiry.needs[i] = find_need (facts->policy, check, check->items[i].category);

    judge_all (&inquiry, facts->now, trace, decision);
    decision->one_time = rests_on_one_time (&inquiry, decision);
    size_t each = work_of (&inquiry);
    decision->work = facts->statement_count + each;
    decision->until = differs_from (&inquiry, each, decision);
}

void decide_told (const struct decide_facts *facts, const struct check *check, struct trace *trace,
                  struct decision *decision)
{
    /* Most subjects have so few statements that the bearings fit on the stack. */
    struct bearing few[16] DECIDE_UNSET;
    if (facts->statement_count <= sizeof few / sizeof *few) {
        decide_with (facts, check, few, trace, decision);
        return;
    }
    struct bearing *many = calloc (facts->statement_count, sizeof *many);
    if (many == NULL) /* no test makes the machine run out: GCOVR_EXCL_BR_LINE */
        abort ();     /* GCOVR_EXCL_LINE */
    decide_with (facts, check, many, trace, decision);
    free (many);
}

void decide (const struct decide_facts *facts, const struct check *check, struct decision *decision)
{
    decide_told (facts, check, NULL, decision);
}

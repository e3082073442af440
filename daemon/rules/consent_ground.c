/* C7, consent. One consent covers the item: it names the provider, recipient, category and purpose (or a purpose
   that the pack declares compatible), fails none of the conditions below, is not superseded, and is not shut out
   by a later refusal that covers the item (G10). Among several: a reusable one before a one-time one, then the
   latest recorded.

   If no consent covers the item, the reasons are:
     1. each consent that names the four gives every condition that it fails: REVOKED, EXPIRED, NOT_YET_VALID,
        USED_UP, OTHER_CASE, ORIGIN_NOT_CONSENTED, FORM_INSUFFICIENT, REPRESENTATION_LAPSED; a superseded consent
        gives none
     2. the latest refusal that covers the item gives REFUSED, if no consent that names the four is later
     3. if no statement covers the item: each consent that would serve if exactly one of the four were different
        gives PROVIDER_, RECIPIENT_, CATEGORY_NOT_CONSENTED or WRONG_PURPOSE (near_miss.c)
     4. if there is still no reason: NO_CONSENT
   Where the flow is never carried by consent (G3), consents cover nothing and give no reasons; refusals still
   count. C9: the caller hears the reasons from statements that name it, and NO_CONSENT if there are none. */
#include <string.h>
#include "consent_ground.h"

static void give_reasons (struct rule_codes *codes, reason_set reasons)
{
    if (reasons == 0)
        reasons = reason_set_of (NO_CONSENT);
    for (; reasons != 0; reasons &= reasons - 1)
        rule_codes_add (codes, (enum rule_code)__builtin_ctzll (reasons)); /* the lowest */
}

/* A statement that is bound to a case serves only that case. A refusal that is bound to a case also covers a check
   that names none (G10). */
static bool serves_case (const struct statement *statement, const char *asked)
{
    const char *bound = statement->scope.case_ref;
    if (bound[0] == '\0' || strcmp (bound, asked) == 0)
        return true;
    return statement->refusal && asked[0] == '\0';
}

/* C9: the caller is named in the statement, or may explain. */
static bool is_heard (const struct statement *statement, const struct listener *listener)
{
    return listener->explain || statement_names_party (statement, listener->party);
}

/* Makes a place in the order of recording, whatever the order of the records is. */
static struct bearing *make_place (struct bearing *bearings, size_t count, uint64_t order)
{
    size_t place = count;
    for (; place > 0 && statement_place (bearings[place - 1].statement) > order; place--)
        bearings[place] = bearings[place - 1];
    return &bearings[place];
}

size_t consent_ground_collect (const struct decide_facts *facts, const struct check *check,
                               struct bearing *bearings)
{
    size_t count = 0;
    for (size_t i = 0; i < facts->statement_count; i++) {
        const struct statement *statement = &facts->statements[i];
        if (statement->is_corrected) /* KB 14: the one that corrects it speaks in its place */
            continue;
        bool provider = text_set_has (&statement->scope.providers, check->provider->id);
        bool recipient = text_set_has (&statement->scope.recipients, check->recipient->id);
        bool purpose = policy_purpose_serves (facts->policy, statement->scope.purpose_code, check->purpose);
        bool same_case = serves_case (statement, check->case_ref);
        if (provider + recipient + purpose < 2)
            continue;
        /* A statement that names only two of the three can only be, or end, a near miss. */
        if (provider + recipient + purpose == 2 && (!same_case || statement->used_at != 0))
            continue;
        struct bearing *one = make_place (bearings, count++, statement_place (statement));
        *one = (struct bearing){.statement = statement,
                                .index = i,
                                .provider = provider,
                                .recipient = recipient,
                                .purpose = purpose,
                                .same_case = same_case,
                                .heard = is_heard (statement, &facts->listener)};
        one->ends = one->lapses_at = one->superseded_from = MOMENT_NEVER;
        if (statement->refusal)
            continue;
        one->ends =
            purpose ? statement_ends_for (facts->policy, statement, check->purpose) : statement->valid_until;
        one->lapses_at = statement->lapses_at;
        one->superseded_from = statement->superseded_from;
    }
    return count;
}

static bool names_all_four (const struct bearing *one, const struct question *question)
{
    return one->provider && one->recipient && one->purpose && consent_ground_names_category (one, question);
}

/* G10: the refusal names the four, the case and the origin, as far as it names these two. */
static bool refusal_covers (const struct bearing *one, const struct question *question)
{
    return one->statement->refusal && one->same_case && names_all_four (one, question) &&
           consent_ground_refuses_origin (one->statement, question);
}

static const struct bearing *latest_refusal (const struct question *question)
{
    const struct inquiry *inquiry = question->inquiry;
    for (size_t i = inquiry->bearing_count; i > 0; i--)
        if (refusal_covers (&inquiry->bearings[i - 1], question))
            return &inquiry->bearings[i - 1];
    return NULL;
}

/* G5 and G7, judged again for this item: the pack may have changed since, and another professional may act now. */
static bool form_suffices (const struct statement *consent, const struct question *question)
{
    const struct policy *policy = question->inquiry->facts->policy;
    const struct check *check = question->inquiry->check;
    bool on_paper = (consent->form == FORM_WRITTEN || consent->form == FORM_DIGITAL) && consent->has_evidence;
    bool needs_paper = policy->categories[question->category].special != SPECIAL_NO ||
                       policy->kinds[check->recipient->kind].third_party;
    bool needs_one_time = ground_is_bound_by_secrecy (check) || consent->under_secrecy || question->flow->one_time;
    return (on_paper || !needs_paper) && (consent->one_time || !needs_one_time);
}

/* The conditions that the consent fails, without withdrawal of the item. */
reason_set consent_ground_conditions_failed (const struct bearing *one, const struct question *question)
{
    const struct statement *consent = one->statement;
    moment now = question->now;
    reason_set failed = 0;
    if (now >= one->ends)
        failed |= reason_set_of (EXPIRED);
    if (now < consent->valid_from)
        failed |= reason_set_of (NOT_YET_VALID);
    if (consent->used_at != 0)
        failed |= reason_set_of (USED_UP);
    if (!one->same_case)
        failed |= reason_set_of (OTHER_CASE);
    if (consent->scope.names_origins && !code_set_has (&consent->scope.origin_set, question->origin))
        failed |= reason_set_of (ORIGIN_NOT_CONSENTED);
    if (!form_suffices (consent, question))
        failed |= reason_set_of (FORM_INSUFFICIENT);
    if (now >= one->lapses_at)
        failed |= reason_set_of (REPRESENTATION_LAPSED);
    return failed;
}

static bool is_withdrawn (const struct statement *consent, const struct question *question)
{
    const struct inquiry *inquiry = question->inquiry;
    return statement_is_withdrawn_for (consent, inquiry->check->provider->id, inquiry->check->recipient->id,
                                       inquiry->facts->policy->categories[question->category].entry.code,
                                       question->now);
}

static bool is_preferred (const struct statement *one, const struct statement *other)
{
    if (one->one_time != other->one_time)
        return !one->one_time;
    return statement_place (one) > statement_place (other);
}

/* C3: no consent makes up for a missing agreement. C5: a consent recorded after the restriction passes it. */
static bool passes_gates (const struct question *question, const struct statement *consent)
{
    if (question->agreement_missing)
        return false;
    return !question->restricted || statement_place (consent) >= question->passed_from;
}

void consent_ground_add (struct finding *finding, const struct bearing *from, reason_set reasons)
{
    finding->reasons |= reasons;
    if (from->heard)
        finding->heard |= reasons;
}

void consent_ground_tell (const struct question *question, const struct bearing *about, enum trace_outcome outcome,
                          reason_set reasons)
{
    struct trace_step step = {.about = about->statement->refusal ? TRACE_REFUSAL : TRACE_CONSENT,
                              .position = (long)about->index,
                              .outcome = outcome};
    if (question->trace == NULL)
        return;
    if (reasons != 0)
        give_reasons (&step.codes, reasons);
    trace_tell (question->trace, step);
}

static void weigh_consent (struct finding *finding, const struct bearing *one, const struct question *question)
{
    const struct statement *consent = one->statement;
    bool shut_out =
        finding->refusal != NULL && statement_place (consent) < statement_place (finding->refusal->statement);
    finding->covered = true;
    finding->consent_is_later = finding->consent_is_later || (!shut_out && !consent->is_void); /* G10 */
    if (question->flow->no_consent)
        return;
    if (question->now >= one->superseded_from) {
        consent_ground_tell (question, one, TRACE_SUPERSEDED, 0);
        return;
    }
    reason_set failed = consent_ground_conditions_failed (one, question);
    if (is_withdrawn (consent, question))
        failed |= reason_set_of (REVOKED);
    consent_ground_add (finding, one, failed);
    bool passes = passes_gates (question, consent);
    consent_ground_tell (question, one,
                         shut_out      ? TRACE_SHUT_OUT
                         : failed != 0 ? TRACE_FAILS
                         : passes      ? TRACE_PASSES
                                       : TRACE_BEHIND_GATE,
                         failed);
    if (failed != 0 || shut_out || !passes)
        return;
    if (finding->best == NULL || is_preferred (consent, finding->best->statement))
        finding->best = one;
}

enum ground_outcome consent_ground_judge (const struct question *question, struct item_decision *decision)
{
    const struct inquiry *inquiry = question->inquiry;
    struct finding finding = {.refusal = latest_refusal (question)};
    finding.covered = finding.refusal != NULL || question->flow->no_consent;
    if (finding.refusal != NULL)
        consent_ground_tell (question, finding.refusal, TRACE_SHUTS_OUT, 0);
    if (question->flow->no_consent)
        trace_tell_one (question->trace, TRACE_CONSENT, TRACE_NO_POSITION, TRACE_NOT_ADMITTED, 0);
    for (size_t i = 0; i < inquiry->bearing_count; i++) {
        const struct bearing *one = &inquiry->bearings[i];
        if (!one->statement->refusal && names_all_four (one, question))
            weigh_consent (&finding, one, question);
    }
    if (finding.best != NULL) {
        decision->ground = POLICY_CONSENT;
        decision->consent = finding.best->index;
        return GROUND_HOLDS;
    }
    if (finding.refusal != NULL && !finding.consent_is_later)
        consent_ground_add (&finding, finding.refusal, reason_set_of (REFUSED));
    if (!finding.covered)
        near_miss_find (question, &finding);
    if (finding.reasons == 0)
        trace_tell_one (question->trace, TRACE_CONSENT, TRACE_NO_POSITION, TRACE_FAILS, NO_CONSENT);
    give_reasons (&decision->reasons, finding.reasons);
    give_reasons (&decision->heard, finding.heard);
    return GROUND_FAILS;
}

/* The subject has consented to the item after the refusal, and has not withdrawn that. */
static bool was_lifted (const struct bearing *refusal, const struct question *question)
{
    const struct inquiry *inquiry = question->inquiry;
    for (size_t i = 0; i < inquiry->bearing_count; i++) {
        const struct bearing *one = &inquiry->bearings[i];
        if (!one->statement->refusal && !one->statement->is_void &&
            statement_place (one->statement) > statement_place (refusal->statement) &&
            names_all_four (one, question) && !is_withdrawn (one->statement, question))
            return true;
    }
    return false;
}

const struct bearing *consent_ground_refusal (const struct question *question,
                                              const struct item_decision *decision)
{
    const struct bearing *refusal = latest_refusal (question);
    if (refusal == NULL || decision->ground == POLICY_CONSENT || was_lifted (refusal, question))
        return NULL;
    const struct claim *claim = &question->inquiry->check->claim;
    bool asked_since = decision->ground == POLICY_WITHOUT_CONSENT && claim->kind == CLAIM_WRITTEN_REQUEST &&
                       claim->given_at > refusal->statement->recorded_at;
    return asked_since ? NULL : refusal;
}

static moment earlier_after (moment after, moment candidate, moment earliest)
{
    return candidate > after && candidate < earliest ? candidate : earliest;
}

moment consent_ground_next (const struct inquiry *inquiry, moment after)
{
    moment next = MOMENT_NEVER;
    for (size_t i = 0; i < inquiry->bearing_count; i++) {
        const struct bearing *one = &inquiry->bearings[i];
        next = earlier_after (after, one->ends, next);
        next = earlier_after (after, one->lapses_at, next);
        next = earlier_after (after, one->superseded_from, next);
        if (!one->statement->refusal)
            next = earlier_after (after, one->statement->valid_from, next);
    }
    return next;
}

#include "policy_cases.h"

#include <stdio.h>
#include <string.h>

/* Decides for a caller that hears every reason. What a caller may hear (C9) is the same under every pack. */
void policy_case_decide (const struct policy *policy, const struct policy_case *one, struct decision *decision)
{
    const struct decide_facts facts = {
        .policy = policy,
        .subject = &one->subject,
        .statements = one->statements,
        .statement_count = one->statement_count,
        .now = one->now,
        .listener = {.party = one->check.provider->id, .explain = true},
    };
    decide (&facts, &one->check, decision);
}

static bool same_reasons (const struct rule_codes *a, const struct rule_codes *b)
{
    return a->count == b->count && memcmp (a->code, b->code, a->count * sizeof *a->code) == 0;
}

bool policy_case_is_met (const struct policy_case *one, const struct decision *decision, size_t item)
{
    const struct policy_expectation *expected = &one->expected[item];
    const struct item_decision *decided = &decision->items[item];
    if (!expected->permit || !decided->permit)
        return expected->permit == decided->permit && same_reasons (&expected->reasons, &decided->reasons);
    return expected->ground == decided->ground && expected->against_will == decided->against_will &&
           (expected->ground != POLICY_STATUTE || expected->statute == decided->statute);
}

static void write_outcome (const struct policy *policy, const struct policy_case *one,
                           const struct policy_expectation *outcome, char text[POLICY_CASE_TEXT])
{
    int used = snprintf (text, POLICY_CASE_TEXT, "%s", outcome->permit ? "PERMIT" : "DENY");
    for (unsigned i = 0; i < outcome->reasons.count && used < POLICY_CASE_TEXT; i++)
        used += snprintf (text + used, POLICY_CASE_TEXT - (size_t)used, "%s%s", i > 0 ? ", " : " ",
                          rule_code_name ((enum rule_code)outcome->reasons.code[i]));
    if (!outcome->permit)
        return;
    const char *will = outcome->against_will ? " against-will" : "";
    if (outcome->ground == POLICY_STATUTE)
        snprintf (text + used, POLICY_CASE_TEXT - (size_t)used, " statute %s%s",
                  policy->statutes[outcome->statute].entry.code, will);
    else if (outcome->ground == POLICY_CONSENT)
        snprintf (text + used, POLICY_CASE_TEXT - (size_t)used, " consent");
    else
        snprintf (text + used, POLICY_CASE_TEXT - (size_t)used, " %s%s",
                  one->check.claim.kind == CLAIM_WRITTEN_REQUEST ? "written-request" : "urgent-reasons", will);
}

void policy_case_expected_text (const struct policy *policy, const struct policy_case *one, size_t item,
                                char text[POLICY_CASE_TEXT])
{
    write_outcome (policy, one, &one->expected[item], text);
}

void policy_case_decided_text (const struct policy *policy, const struct policy_case *one,
                               const struct decision *decision, size_t item, char text[POLICY_CASE_TEXT])
{
    const struct item_decision *decided = &decision->items[item];
    const struct policy_expectation outcome = {.permit = decided->permit,
                                               .ground = decided->ground,
                                               .statute = decided->statute,
                                               .against_will = decided->against_will,
                                               .reasons = decided->reasons};
    write_outcome (policy, one, &outcome, text);
}

void policy_case_item_text (const struct policy *policy, const struct policy_case *one, size_t item,
                            char text[POLICY_CASE_TEXT])
{
    const struct check_item *asked = &one->check.items[item];
    bool known = asked->origin != CODE_NONE;
    snprintf (text, POLICY_CASE_TEXT, "%s%s%s", policy->categories[asked->category].entry.code, known ? ":" : "",
              known ? policy->origins[asked->origin].entry.code : "");
}

#include "policy_trial.h"

#include <stdio.h>
#include <string.h>
#include "policy/cases/policy_cases.h"
#include "policy_error.h"

/* A case, as it was decided. */
struct trial {
    const struct policy *policy;
    const struct policy_case *one;
    struct decision decision;
    bool told[DECIDE_ITEMS]; /* with an earlier item */
};

/* How many of the items after this one that the same line is about were decided as it was. They are marked as
 * told. */
static size_t count_alike (struct trial *self, size_t item)
{
    const struct policy_case *one = self->one;
    char decided[POLICY_CASE_TEXT], other[POLICY_CASE_TEXT];
    size_t alike = 0;
    policy_case_decided_text (self->policy, one, &self->decision, item, decided);
    for (size_t i = item + 1; i < one->check.item_count; i++) {
        policy_case_decided_text (self->policy, one, &self->decision, i, other);
        if (one->expected[i].line != one->expected[item].line || strcmp (decided, other) != 0)
            continue;
        self->told[i] = true;
        alike++;
    }
    return alike;
}

static void tell_item (struct trial *self, size_t item, struct policy_faults *faults)
{
    const struct policy_case *one = self->one;
    char asked[POLICY_CASE_TEXT], expected[POLICY_CASE_TEXT], decided[POLICY_CASE_TEXT], more[32] = "";
    struct policy_error error;
    size_t alike = count_alike (self, item);
    policy_case_item_text (self->policy, one, item, asked);
    policy_case_expected_text (self->policy, one, item, expected);
    policy_case_decided_text (self->policy, one, &self->decision, item, decided);
    if (alike > 0)
        snprintf (more, sizeof more, policy_in_words (" and %zu more"), alike);
    policy_error_set (&error, "cases.txt", one->expected[item].line, "expected %s for %s%s, decided %s", expected,
                      asked, more, decided);
    policy_error_place (&error, "case", one->entry.code, "expect");
    policy_faults_add (faults, &error);
}

int policy_trial (const struct policy *policy, struct policy_faults *faults)
{
    size_t before = faults->count;
    for (size_t i = 0; i < policy->case_count; i++) {
        struct trial trial = {.policy = policy, .one = &policy->cases[i]};
        policy_case_decide (policy, trial.one, &trial.decision);
        for (size_t item = 0; item < trial.one->check.item_count; item++)
            if (!trial.told[item] && !policy_case_is_met (trial.one, &trial.decision, item))
                tell_item (&trial, item, faults);
    }
    return faults->count == before ? 0 : POLICY_INVALID;
}

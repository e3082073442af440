#include "fixture_grant.h"

struct grant_outcome fixture_judge_grant (struct fixture *self, struct statement *statement)
{
    struct grant_facts facts = {.policy = &self->policy,
                                .subject = &self->subject,
                                .parties = {fixture_find_party, self},
                                .now = self->now};
    struct grant_outcome outcome;
    grant_judge (&facts, statement, self->arena, &outcome);
    return outcome;
}

const char *fixture_grant_outcome (struct fixture *self, struct statement *statement)
{
    struct grant_outcome outcome = fixture_judge_grant (self, statement);
    if (outcome.invalid_field != NULL) {
        assert_non_null (outcome.invalid_message);
        assert_int_equal (outcome.refusal_count, 0);
        return arena_printf (self->arena, "INVALID %s", outcome.invalid_field);
    }
    const char *text = "";
    for (size_t i = 0; i < outcome.refusal_count; i++)
        text = arena_printf (self->arena, "%s%s%s %s", text, i == 0 ? "" : ", ", outcome.refusals[i].rule,
                             rule_code_name (outcome.refusals[i].code));
    return text;
}

const char *fixture_grant_details (struct fixture *self, struct statement *statement)
{
    struct grant_outcome outcome = fixture_judge_grant (self, statement);
    const char *text = "";
    assert_int_equal (outcome.refusal_count, 1);
    for (size_t i = 0; i < outcome.refusals[0].details.count; i++)
        text = arena_printf (self->arena, "%s%s%s", text, i == 0 ? "" : ", ", outcome.refusals[0].details.item[i]);
    return text;
}

struct statement *fixture_new_consent (struct fixture *self, const char *provider, const char *recipient,
                                       const char *categories, const char *purpose)
{
    struct statement *one = fixture_consent (self, provider, recipient, categories, purpose);
    one->recorded_at = one->valid_from = one->notice.given_at = one->signatures[0].given_at = self->now;
    one->valid_until = fixture_at ("2026-08-01");
    return one;
}

struct statement *fixture_new_refusal (struct fixture *self)
{
    struct statement *one = fixture_refusal (self, "kernteam", "horizon", "naw", "toekenning");
    one->recorded_at = one->signatures[0].given_at = self->now;
    return one;
}

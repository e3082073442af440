/* `until`: the first moment at which the answer would be another one. */
#include <string.h>
#include "fixture_policy.h"

/* The verdict stays, and its ground does not: that, too, is something else to hear. */
static void test_until_is_when_another_statute_becomes_the_ground (void **state)
{
    struct fixture *f = *state;
    struct policy_statute statutes[3];
    assert_int_equal (f->policy.statute_count, 3);
    memcpy (statutes, f->policy.statutes, sizeof statutes);
    f->policy.statutes = statutes;
    fixture_statute_first (f);
    struct check check = fixture_check (f, "kernteam", "horizon", "toekenning", "naw/wmo");
    assert_string_equal (fixture_outcome (f, &check), "statute");
    code before = f->decision.items[0].statute;
    /* From the end of the agreement on only the other one holds: it passes what failed. */
    statutes[1].passes_restriction = true;
    fixture_party (f, "horizon")->agreement_until = fixture_at ("2026-06-20");
    assert_string_equal (fixture_outcome (f, &check), "statute");
    assert_int_equal (f->decision.items[0].statute, before);
    assert_int_equal (f->decision.until, fixture_at ("2026-06-20"));
    f->now = fixture_at ("2026-06-20");
    assert_string_equal (fixture_outcome (f, &check), "statute");
    assert_int_not_equal (f->decision.items[0].statute, before);
}

/* until. */
static void test_until_is_the_first_known_moment_at_which_the_answer_differs (void **state)
{
    struct fixture *f = *state;
    struct check asked = fixture_usual_check (f);
    fixture_decide (f, &asked);
    assert_int_equal (f->decision.until, MOMENT_NEVER);
    struct statement *one = fixture_usual_consent (f);
    fixture_decide (f, &asked);
    assert_int_equal (f->decision.until, one->valid_until);
    one->valid_from = f->now + HOUR;
    assert_outcome (f, &asked, "NOT_YET_VALID");
    assert_int_equal (f->decision.until, f->now + HOUR);
    /* Its own use is not counted. */
    one->one_time = true;
    one->valid_from = f->now;
    assert_outcome (f, &asked, "consent");
    assert_int_equal (f->decision.until, one->valid_until);
}

static void test_until_passes_over_moments_that_change_nothing (void **state)
{
    struct fixture *f = *state;
    fixture_consent (f, "kernteam", "wijkteam horizon", "naw", "ondersteuning")->valid_until = f->now + HOUR;
    fixture_consent (f, "kernteam", "wijkteam school", "naw", "ondersteuning")->valid_until = f->now + 2 * HOUR;
    struct check asked = fixture_usual_check (f);
    assert_outcome (f, &asked, "consent");
    /* The first ends sooner, and is not the ground. */
    assert_int_equal (f->decision.until, f->now + 2 * HOUR);
    f->statements[1].valid_until = f->now + HOUR;
    f->statements[0].valid_until = f->now + 2 * HOUR;
    assert_outcome (f, &asked, "consent");
    assert_int_equal (f->decision.until, f->now + HOUR);
}

static void test_until_knows_agreements_and_compatible_purposes (void **state)
{
    struct fixture *f = *state;
    struct check asked = fixture_check (f, "kernteam", "cak", "eigen-bijdrage", "naw/wmo");
    struct party *cak = fixture_party (f, "cak");
    assert_outcome (f, &asked, "statute");
    assert_int_equal (f->decision.until, cak->agreement_until);
    cak->agreement_from = f->now + HOUR;
    assert_outcome (f, &asked, "AGREEMENT_MISSING");
    assert_int_equal (f->decision.until, f->now + HOUR);
    cak->agreement_from = MOMENT_NEVER;
    assert_outcome (f, &asked, "AGREEMENT_MISSING");
    assert_int_equal (f->decision.until, MOMENT_NEVER);
    fixture_usual_consent (f);
    asked = fixture_check (f, "kernteam", "wijkteam", "integraal-plan", "naw");
    assert_outcome (f, &asked, "consent");
    assert_int_equal (f->decision.until, fixture_at ("2026-07-02"));
}

static void test_until_is_what_the_caller_hears (void **state)
{
    struct fixture *f = *state;
    fixture_consent (f, "kernteam", "school", "naw", "ondersteuning")->valid_until = f->now + HOUR;
    struct check asked = fixture_usual_check (f);
    assert_outcome (f, &asked, "RECIPIENT_NOT_CONSENTED");
    assert_int_equal (f->decision.until, f->now + HOUR);
    f->listener.explain = false;
    f->listener.party = "wijkteam";
    assert_outcome (f, &asked, "RECIPIENT_NOT_CONSENTED");
    assert_string_equal (fixture_heard (f, 0), "NO_CONSENT");
    assert_int_equal (f->decision.until, MOMENT_NEVER);
    /* Another number of reasons is another answer, too: this one will not be a near miss only, but expired. */
    fixture_usual_consent (f)->used_at = 1;
    f->statements[1].valid_until = f->now + 2 * HOUR;
    assert_outcome (f, &asked, "USED_UP");
    assert_int_equal (f->decision.until, f->now + 2 * HOUR);
}

static void test_until_tells_one_reason_from_another (void **state)
{
    struct fixture *f = *state;
    f->statement_count = 0;
    struct statement *one = fixture_usual_consent (f);
    one->valid_from = f->now + HOUR;
    one->valid_until = f->now + HOUR;
    struct check asked = fixture_usual_check (f);
    assert_outcome (f, &asked, "NOT_YET_VALID");
    assert_int_equal (f->decision.until, f->now + HOUR);
    /* From consent to statute the verdict stays. */
    fixture_consent (f, "kernteam", "horizon", "naw", "toekenning")->valid_until = f->now + HOUR;
    asked = fixture_check (f, "kernteam", "horizon", "toekenning", "naw/wmo");
    assert_outcome (f, &asked, "consent");
    assert_int_equal (f->decision.until, f->now + HOUR);
    /* And of two items one may change while the verdict stays. */
    one = fixture_consent (f, "kernteam", "wijkteam", "rapportage", "ondersteuning");
    one->valid_until = f->now + HOUR;
    f->statements[0].valid_from = f->now;
    f->statements[0].valid_until = f->now + 2 * HOUR;
    asked = fixture_check (f, "kernteam", "wijkteam", "ondersteuning", "naw justitie rapportage");
    assert_int_equal (fixture_decide (f, &asked)->verdict, VERDICT_PARTIAL);
    assert_int_equal (f->decision.until, f->now + HOUR);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST (test_until_is_when_another_statute_becomes_the_ground),
        FIXTURE_TEST (test_until_is_the_first_known_moment_at_which_the_answer_differs),
        FIXTURE_TEST (test_until_passes_over_moments_that_change_nothing),
        FIXTURE_TEST (test_until_knows_agreements_and_compatible_purposes),
        FIXTURE_TEST (test_until_is_what_the_caller_hears),
        FIXTURE_TEST (test_until_tells_one_reason_from_another),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}

/* G10: what a refusal shuts out, and what lifts it. */
#include "fixture_policy.h"

static void test_a_refusal_shuts_out_every_older_consent (void **state)
{
    struct fixture *f = *state;
    fixture_usual_consent (f);
    fixture_consent (f, "kernteam", "wijkteam horizon", "naw rapportage", "ondersteuning");
    struct check asked = fixture_check (f, "kernteam", "wijkteam", "ondersteuning", "naw rapportage");
    assert_int_equal (fixture_decide (f, &asked)->verdict, VERDICT_PERMIT);
    fixture_refusal (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    const struct decision *decision = fixture_decide (f, &asked);
    assert_string_equal (fixture_codes (f, &decision->items[0].reasons), "REFUSED");
    assert_true (decision->items[1].permit);
}

static void test_only_a_later_consent_reinstates (void **state)
{
    struct fixture *f = *state;
    fixture_usual_consent (f);
    struct statement *refusal = fixture_refusal (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    struct check asked = fixture_usual_check (f);
    assert_outcome (f, &asked, "REFUSED");
    fixture_usual_consent (f);
    assert_outcome (f, &asked, "consent");
    assert_int_equal (f->decision.items[0].consent, 2);
    refusal->order = 9;
    assert_outcome (f, &asked, "REFUSED");
    /* One that is later and fails says why; the refusal then says nothing. */
    refusal->order = 2;
    f->statements[2].valid_until = f->now;
    assert_outcome (f, &asked, "EXPIRED");
    /* One that was shut out and fails besides says so too. */
    refusal->order = 9;
    assert_outcome (f, &asked, "EXPIRED REFUSED");
}

static void test_a_refusal_covers_a_compatible_purpose (void **state)
{
    struct fixture *f = *state;
    fixture_consent (f, "kernteam", "wijkteam", "naw", "integraal-plan");
    struct check asked = fixture_check (f, "kernteam", "wijkteam", "integraal-plan", "naw");
    assert_outcome (f, &asked, "consent");
    struct statement *refusal = fixture_refusal (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    assert_outcome (f, &asked, "REFUSED");
    refusal->scope.purpose = "toekenning";
    assert_outcome (f, &asked, "consent");
}

static void test_a_refusal_covers_what_it_names (void **state)
{
    struct fixture *f = *state;
    fixture_usual_consent (f);
    struct check asked = fixture_usual_check (f);
    struct statement *refusal = fixture_refusal (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    refusal->scope.providers = fixture_set (f, "horizon");
    assert_outcome (f, &asked, "consent");
    refusal->scope.providers = fixture_set (f, "horizon kernteam");
    refusal->scope.recipients = fixture_set (f, "horizon");
    assert_outcome (f, &asked, "consent");
    refusal->scope.recipients = fixture_set (f, "horizon wijkteam");
    refusal->scope.categories = fixture_set (f, "rapportage");
    assert_outcome (f, &asked, "consent");
    refusal->scope.categories = fixture_set (f, "rapportage naw");
    assert_outcome (f, &asked, "REFUSED");
}

static void test_a_refusal_bound_to_a_case_also_covers_a_request_that_names_none (void **state)
{
    struct fixture *f = *state;
    fixture_usual_consent (f);
    fixture_refusal (f, "kernteam", "wijkteam", "naw", "ondersteuning")->scope.case_ref = "Z-1";
    struct check asked = fixture_usual_check (f);
    assert_outcome (f, &asked, "REFUSED");
    asked.case_ref = "Z-1";
    assert_outcome (f, &asked, "REFUSED");
    asked.case_ref = "Z-2";
    assert_outcome (f, &asked, "consent");
}

static void test_a_refusal_that_names_origins_covers_those_and_an_unknown_one (void **state)
{
    struct fixture *f = *state;
    fixture_usual_consent (f);
    fixture_refusal (f, "kernteam", "wijkteam", "naw", "ondersteuning")->scope.origins =
        fixture_set (f, "jeugdwet");
    struct check asked = fixture_check (f, "kernteam", "wijkteam", "ondersteuning", "naw/jeugdwet");
    assert_outcome (f, &asked, "REFUSED");
    asked = fixture_check (f, "kernteam", "wijkteam", "ondersteuning", "naw");
    assert_outcome (f, &asked, "REFUSED");
    asked = fixture_check (f, "kernteam", "wijkteam", "ondersteuning", "naw/wmo");
    assert_outcome (f, &asked, "consent");
}

static void test_the_latest_of_several_refusals_speaks (void **state)
{
    struct fixture *f = *state;
    /* A caller that is named in neither refusal's company hears what the latest may tell it: both name it here. */
    fixture_refusal (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    fixture_usual_consent (f);
    struct check asked = fixture_usual_check (f);
    assert_outcome (f, &asked, "consent");
    fixture_refusal (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    assert_outcome (f, &asked, "REFUSED");
    fixture_refusal (f, "kernteam", "wijkteam", "naw", "ondersteuning");
    f->statements[3].order = 1;
    f->statements[0].order = 4;
    assert_outcome (f, &asked, "REFUSED");
}

static void test_a_refusal_does_not_stop_a_statute (void **state)
{
    struct fixture *f = *state;
    fixture_consent (f, "kernteam", "horizon", "naw", "toekenning");
    fixture_refusal (f, "kernteam", "horizon", "naw", "toekenning");
    struct check asked = fixture_check (f, "kernteam", "horizon", "toekenning", "naw/wmo");
    assert_outcome (f, &asked, "statute");
    asked = fixture_check (f, "kernteam", "horizon", "toekenning", "naw/jeugdwet");
    assert_outcome (f, &asked, "REFUSED STATUTE_NOT_FOR_ORIGIN");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST (test_a_refusal_shuts_out_every_older_consent),
        FIXTURE_TEST (test_only_a_later_consent_reinstates),
        FIXTURE_TEST (test_a_refusal_covers_a_compatible_purpose),
        FIXTURE_TEST (test_a_refusal_covers_what_it_names),
        FIXTURE_TEST (test_a_refusal_bound_to_a_case_also_covers_a_request_that_names_none),
        FIXTURE_TEST (test_a_refusal_that_names_origins_covers_those_and_an_unknown_one),
        FIXTURE_TEST (test_the_latest_of_several_refusals_speaks),
        FIXTURE_TEST (test_a_refusal_does_not_stop_a_statute),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}

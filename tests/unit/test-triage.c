/* C8: the triage decision behind a claim of urgent reasons: each part is required, and informing has its time. */
#include <string.h>
#include "fixture_policy.h"

/* The triage decision. */
struct change {
    const char *name;
    bool of_secrecy;
};

/* Takes away part `at`, and says which it is. */
static struct change take_away (struct triage *triage, size_t at)
{
    switch (at) {
    case 0:
        triage->necessity = "";
        return (struct change){"necessity", false};
    case 1:
        triage->subsidiarity = "";
        return (struct change){"subsidiarity", false};
    case 2:
        triage->proportionality = " \t\r\n ";
        return (struct change){"proportionality", false};
    case 3:
        triage->purpose_limitation = "";
        return (struct change){"purpose_limitation", false};
    case 4:
        triage->objections = "\t";
        return (struct change){"objections", false};
    case 5:
        triage->manager_consulted = "";
        return (struct change){"manager_consulted", false};
    case 6:
        triage->serious_situation = false;
        return (struct change){"serious_situation", false};
    case 7:
        triage->urgent_support = false;
        return (struct change){"urgent_support", false};
    case 8:
        triage->inform = INFORM_UNSAID;
        return (struct change){"inform", false};
    case 9:
        triage->inform_by = 0;
        return (struct change){"inform_by", false};
    case 10:
        triage->inform_why = "";
        return (struct change){"inform_why", false};
    case 11:
        triage->consent_sought = "";
        return (struct change){"consent_sought", true};
    case 12:
        triage->no_other_way = "";
        return (struct change){"no_other_way", true};
    case 13:
        triage->serious_harm = "";
        return (struct change){"serious_harm", true};
    default:
        triage->conflict_of_duties = "\n";
        return (struct change){"conflict_of_duties", true};
    }
}

static void test_each_part_of_the_triage_decision_is_required_and_named (void **state)
{
    struct fixture *f = *state;
    const char *all = "";
    for (size_t i = 0; i < TRIAGE_PARTS; i++) {
        struct check bound = fixture_plan_check (f, "rapportage"), free = fixture_support_check (f, "rapportage");
        fixture_claim_and_inform_after (f, &bound);
        fixture_claim_and_inform_after (f, &free);
        assert_outcome (f, &bound, "zorg");
        assert_outcome (f, &free, "zorg");
        struct change change = take_away (&bound.claim.triage, i);
        take_away (&free.claim.triage, i);
        assert_outcome (f, &bound, "NO_CONSENT TRIAGE_INCOMPLETE");
        assert_string_equal (fixture_missing (f), change.name);
        /* The four of secrecy are asked of who is bound by it alone. */
        assert_outcome (f, &free, change.of_secrecy ? "zorg" : "NO_CONSENT TRIAGE_INCOMPLETE");
        assert_string_equal (fixture_missing (f), change.of_secrecy ? "" : change.name);
        if (strcmp (change.name, "inform") != 0)
            all = arena_printf (f->arena, "%s%s%s", all, i == 0 ? "" : " ", change.name);
    }
    /* All of it missing, in this order; but of informing afterwards nothing, where that is not said. */
    struct check bound = fixture_plan_check (f, "rapportage");
    fixture_claim_and_inform_after (f, &bound);
    for (size_t i = 0; i < TRIAGE_PARTS; i++)
        if (i != 8)
            take_away (&bound.claim.triage, i);
    assert_outcome (f, &bound, "NO_CONSENT TRIAGE_INCOMPLETE");
    assert_string_equal (fixture_missing (f), all);
    bound.claim.triage.inform = INFORM_UNSAID;
    assert_outcome (f, &bound, "NO_CONSENT TRIAGE_INCOMPLETE");
    assert_null (strstr (fixture_missing (f), "inform_by"));
    assert_non_null (strstr (fixture_missing (f), "urgent_support inform consent_sought"));
}

static void test_a_party_that_raises_its_secrecy_is_bound_by_it (void **state)
{
    struct fixture *f = *state;
    struct check one = fixture_support_check (f, "naw");
    fixture_claim_urgency (f, &one, "zorg")->no_other_way = "";
    assert_outcome (f, &one, "zorg");
    fixture_party (f, "kernteam")->secrecy = SECRECY_PROFESSIONAL;
    assert_outcome (f, &one, "NO_CONSENT TRIAGE_INCOMPLETE");
    assert_string_equal (fixture_missing (f), "no_other_way");
    /* It is the provider's that counts. */
    fixture_party (f, "kernteam")->secrecy = SECRECY_OFFICIAL;
    fixture_party (f, "wijkteam")->secrecy = SECRECY_PROFESSIONAL;
    assert_outcome (f, &one, "zorg");
}

static void test_who_is_told_before_is_not_told_when_and_why_later (void **state)
{
    struct fixture *f = *state;
    struct check one = fixture_support_check (f, "naw");
    struct triage *triage = fixture_claim_and_inform_after (f, &one);
    triage->inform = INFORM_BEFORE;
    triage->inform_by = 0;
    triage->inform_why = "";
    assert_outcome (f, &one, "zorg");
}

static void test_informing_afterwards_is_later_than_now_and_within_the_packs_days (void **state)
{
    struct fixture *f = *state;
    struct check one = fixture_support_check (f, "naw");
    struct triage *triage = fixture_claim_and_inform_after (f, &one);
    const struct {
        moment by;
        bool in_time;
    } cases[] = {
        {0, false},
        {f->now - 1, false},
        {f->now, false},
        {f->now + 1, true},
        {fixture_at ("2026-05-15"), true},
        {fixture_at ("2026-05-16") - 1, true},
        {fixture_at ("2026-05-16"), true}, /* up to and including the fifteenth */
        {fixture_at ("2026-05-16") + 1, false},
        {MOMENT_NEVER, false},
    };
    for (size_t i = 0; i < COUNT (cases); i++) {
        triage->inform_by = cases[i].by;
        assert_outcome (f, &one, cases[i].in_time ? "zorg" : "NO_CONSENT TRIAGE_INCOMPLETE");
        assert_string_equal (fixture_missing (f), cases[i].in_time ? "" : "inform_by");
    }
    f->policy.due.inform_days = 0;
    triage->inform_by = fixture_at ("2026-05-02");
    assert_outcome (f, &one, "zorg");
    triage->inform_by++;
    assert_outcome (f, &one, "NO_CONSENT TRIAGE_INCOMPLETE");
}

/* C9 is about statements: why the claim failed is the caller's own business, whoever he is. */
static void test_the_reasons_of_a_claim_are_heard (void **state)
{
    struct fixture *f = *state;
    f->listener = (struct listener){.party = "school", .explain = false};
    struct check one = fixture_support_check (f, "naw justitie");
    fixture_claim_urgency (f, &one, "zorg")->necessity = "";
    fixture_decide (f, &one);
    assert_string_equal (fixture_codes (f, &f->decision.items[0].heard), "NO_CONSENT TRIAGE_INCOMPLETE");
    assert_string_equal (fixture_codes (f, &f->decision.items[1].heard), "NO_CONSENT GROUND_NOT_ALLOWED");
    assert_string_equal (fixture_missing (f), "necessity");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST (test_each_part_of_the_triage_decision_is_required_and_named),
        FIXTURE_TEST (test_a_party_that_raises_its_secrecy_is_bound_by_it),
        FIXTURE_TEST (test_who_is_told_before_is_not_told_when_and_why_later),
        FIXTURE_TEST (test_informing_afterwards_is_later_than_now_and_within_the_packs_days),
        FIXTURE_TEST (test_the_reasons_of_a_claim_are_heard),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}

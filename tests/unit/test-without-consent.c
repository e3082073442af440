/* C8: the grounds without consent that a request claims. When each is the ground, and how it is told. */
#include <string.h>
#include "fixture_policy.h"
#include "rules/trace.h"

/* Nothing is claimed. */
static void test_nothing_is_tried_that_is_not_claimed (void **state)
{
    struct fixture *f = *state;
    struct check one = fixture_plan_check (f, "naw");
    assert_outcome (f, &one, "NO_CONSENT");
    fixture_claim_request (f, &one, "subject");
    assert_outcome (f, &one, "written request");
    fixture_claim_urgency (f, &one, "vitaal");
    assert_outcome (f, &one, "vitaal");
}

/* A written request. */
static void test_a_written_request_is_the_ground_where_the_flow_admits_it (void **state)
{
    struct fixture *f = *state;
    struct check one = fixture_plan_check (f, "naw rapportage");
    fixture_claim_request (f, &one, "subject");
    assert_int_equal (fixture_decide (f, &one)->verdict, VERDICT_PERMIT);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal (f->decision.items[i].ground, POLICY_WITHOUT_CONSENT);
        assert_int_equal (f->decision.items[i].urgent_reason, CODE_NONE);
        assert_int_equal (f->decision.items[i].reasons.count, 0);
        assert_int_equal (f->decision.items[i].heard.count, 0);
    }
    assert_false (f->decision.one_time);
    struct check other = fixture_support_check (f, "naw");
    fixture_claim_request (f, &other, "subject");
    assert_outcome (f, &other, "NO_CONSENT GROUND_NOT_ALLOWED");
    assert_string_equal (fixture_codes (f, &f->decision.items[0].heard), "NO_CONSENT GROUND_NOT_ALLOWED");
    assert_string_equal (fixture_missing (f), "");
}

/* All of them, and nobody else: one parent cannot undo the refusal of both. */
static void test_those_who_ask_in_writing_are_those_who_must_consent (void **state)
{
    struct fixture *f = *state;
    struct check one = fixture_plan_check (f, "naw");
    static const char *const asking[] = {"subject",
                                         "moeder",
                                         "vader",
                                         "moeder vader",
                                         "moeder subject",
                                         "moeder subject vader",
                                         "opa",
                                         "moeder opa vader",
                                         "bewind subject",
                                         "niemand subject"};
    const struct {
        const char *birth, *all, *any; /* who may, where all representatives must and where one is enough */
    } cases[] = {
        {"1980-06-15", "s.........", "s........."}, {"2010-05-01", "s.........", "s........."},
        {"2010-05-02", ".....a....", "....aa...."}, {"2014-05-01", ".....a....", "....aa...."},
        {"2014-05-02", "...a......", ".aaa......"}, {"2026-05-02", "..........", ".........."},
    };
    fixture_representative (f, "moeder", "ouder-met-gezag", "2026-05-01");
    fixture_representative (f, "vader", "ouder-met-gezag", "2000-01-01")->until = fixture_day ("2026-05-02");
    fixture_representative (f, "opa", "ouder-met-gezag", "2026-05-02");
    fixture_representative (f, "bewind", "bewindvoerder", "2000-01-01");
    for (size_t i = 0; i < COUNT (cases) * 2; i++) {
        f->policy.any_representative = i % 2 != 0;
        f->subject.birth = fixture_day (cases[i / 2].birth);
        const char *may = i % 2 != 0 ? cases[i / 2].any : cases[i / 2].all;
        for (size_t j = 0; j < COUNT (asking); j++) {
            fixture_claim_request (f, &one, asking[j]);
            assert_outcome (f, &one, may[j] != '.' ? "written request" : "NO_CONSENT GROUND_NOT_ALLOWED");
        }
    }
    fixture_claim_request (f, &one, "");
    assert_outcome (f, &one, "NO_CONSENT GROUND_NOT_ALLOWED");
}

static void test_capability_refusal_and_death_decide_who_asks_in_writing (void **state)
{
    struct fixture *f = *state;
    struct check one = fixture_plan_check (f, "naw");
    struct representative *mentor = fixture_representative (f, "mentor-1", "mentor", "2000-01-01");
    struct capability incapable = {fixture_day ("2026-05-01"), false};
    fixture_claim_request (f, &one, "mentor-1");
    assert_outcome (f, &one, "NO_CONSENT GROUND_NOT_ALLOWED");
    f->subject.capabilities = &incapable;
    f->subject.capability_count = 1;
    assert_outcome (f, &one, "written request");
    mentor->refused_from = fixture_day ("2026-05-01");
    assert_outcome (f, &one, "NO_CONSENT GROUND_NOT_ALLOWED");
    mentor->refused_from = fixture_day ("2026-05-02");
    f->subject.death = fixture_day ("2026-05-01");
    assert_outcome (f, &one, "NO_CONSENT GROUND_NOT_ALLOWED");
    f->subject.death = fixture_day ("2026-05-02");
    assert_outcome (f, &one, "written request");
    /* Nobody can where the birth date is not known. */
    f->subject.birth.month = 0;
    assert_outcome (f, &one, "NO_CONSENT GROUND_NOT_ALLOWED");
    fixture_claim_request (f, &one, "subject");
    assert_outcome (f, &one, "NO_CONSENT GROUND_NOT_ALLOWED");
}

static void test_a_written_request_passes_no_gate (void **state)
{
    struct fixture *f = *state;
    struct check one = fixture_plan_check (f, "naw");
    fixture_claim_request (f, &one, "subject");
    fixture_restrict (f, "naw", "2026-04-15");
    assert_outcome (f, &one, "RESTRICTED");
    f->subject.restriction_count = 0;
    assert_outcome (f, &one, "written request");
    fixture_party (f, "kernteam")->active = false;
    assert_outcome (f, &one, "AGREEMENT_MISSING");
    /* Nor do they say that it would not have been admitted. */
    fixture_party (f, "kernteam")->active = true;
    struct check other = fixture_support_check (f, "naw");
    fixture_claim_request (f, &other, "subject");
    fixture_restrict (f, "", "2026-04-15");
    assert_outcome (f, &other, "RESTRICTED");
}

static void test_a_flow_is_needed_whatever_is_claimed (void **state)
{
    struct fixture *f = *state;
    struct check one = fixture_support_check (f, "bsn");
    fixture_claim_urgency (f, &one, "vitaal");
    assert_outcome (f, &one, "CATEGORY_NOT_NEEDED");
    fixture_claim_request (f, &one, "subject");
    assert_outcome (f, &one, "CATEGORY_NOT_NEEDED");
}

/* Urgent reasons. */
static void test_urgent_reasons_are_the_ground_where_the_flow_admits_them (void **state)
{
    struct fixture *f = *state;
    struct check one = fixture_support_check (f, "naw rapportage justitie");
    fixture_claim_urgency (f, &one, "vitaal");
    assert_int_equal (fixture_decide (f, &one)->verdict, VERDICT_PERMIT);
    assert_int_equal (f->decision.items[2].ground, POLICY_WITHOUT_CONSENT);
    assert_int_equal (f->decision.items[2].urgent_reason, policy_urgent_reason (&f->policy, "vitaal"));
    struct check other = fixture_check (f, "kernteam", "cak", "eigen-bijdrage", "naw");
    fixture_claim_urgency (f, &other, "vitaal");
    assert_outcome (f, &other, "NO_CONSENT ORIGIN_UNKNOWN GROUND_NOT_ALLOWED");
    /* To school extern-overleg admits a written request, and no urgent reasons. */
    other = fixture_check (f, "kernteam", "school", "extern-overleg", "naw");
    fixture_claim_urgency (f, &other, "vitaal");
    assert_outcome (f, &other, "NO_CONSENT GROUND_NOT_ALLOWED");
    fixture_claim_request (f, &other, "subject");
    assert_outcome (f, &other, "written request");
}

static void test_a_reason_is_the_packs (void **state)
{
    struct fixture *f = *state;
    struct check one = fixture_support_check (f, "naw");
    fixture_claim_urgency (f, &one, "haast")->necessity = "";
    assert_int_equal (one.claim.reason, CODE_NONE);
    assert_outcome (f, &one, "NO_CONSENT GROUND_NOT_ALLOWED");
    one.claim.reason = (code)f->policy.urgent_reason_count;
    assert_outcome (f, &one, "NO_CONSENT GROUND_NOT_ALLOWED");
    assert_string_equal (fixture_missing (f), "");
}

/* Every reason with every class of category, restricted or not, the triage decision complete or not. */
static void test_each_reason_carries_what_the_pack_says_and_passes_what_it_says (void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *reason, *category;
        const char *holds, *restricted, *incomplete, *both; /* restricted and incomplete */
    } cases[] = {
#define NOT_ALLOWED "NO_CONSENT GROUND_NOT_ALLOWED"
#define INCOMPLETE "NO_CONSENT TRIAGE_INCOMPLETE"
#define BOTH "RESTRICTED TRIAGE_INCOMPLETE"
        {"vitaal", "naw", "vitaal", "vitaal", INCOMPLETE, BOTH},
        {"vitaal", "rapportage", "vitaal", "vitaal", INCOMPLETE, BOTH},
        {"vitaal", "justitie", "vitaal", "vitaal", INCOMPLETE, BOTH},
        {"zorg", "naw", "zorg", "RESTRICTED", INCOMPLETE, "RESTRICTED"},
        {"zorg", "rapportage", "zorg", "RESTRICTED", INCOMPLETE, "RESTRICTED"},
        {"zorg", "justitie", NOT_ALLOWED, "RESTRICTED", NOT_ALLOWED, "RESTRICTED"},
        {"overlast", "naw", "overlast", "overlast", INCOMPLETE, BOTH},
        {"overlast", "rapportage", NOT_ALLOWED, "RESTRICTED", NOT_ALLOWED, "RESTRICTED"},
        {"overlast", "justitie", NOT_ALLOWED, "RESTRICTED", NOT_ALLOWED, "RESTRICTED"},
        {"haast", "naw", NOT_ALLOWED, "RESTRICTED", NOT_ALLOWED, "RESTRICTED"},
    };
    for (size_t i = 0; i < COUNT (cases); i++) {
        struct check one = fixture_support_check (f, cases[i].category);
        struct triage *triage = fixture_claim_urgency (f, &one, cases[i].reason);
        f->subject.restriction_count = 0;
        assert_outcome (f, &one, cases[i].holds);
        fixture_restrict (f, cases[i].category, "2026-04-15");
        assert_outcome (f, &one, cases[i].restricted);
        triage->proportionality = "";
        assert_outcome (f, &one, cases[i].both);
        assert_string_equal (fixture_missing (f), strcmp (cases[i].both, BOTH) == 0 ? "proportionality" : "");
        f->subject.restriction_count = 0;
        assert_outcome (f, &one, cases[i].incomplete);
        assert_string_equal (fixture_missing (f),
                             strcmp (cases[i].incomplete, INCOMPLETE) == 0 ? "proportionality" : "");
    }
}

static void test_urgent_reasons_wait_for_no_agreement (void **state)
{
    struct fixture *f = *state;
    struct check one = fixture_check (f, "kernteam", "horizon", "toekenning", "naw/wmo justitie/wmo");
    fixture_party (f, "horizon")->agreement_from = MOMENT_NEVER;
    assert_outcome (f, &one, "AGREEMENT_MISSING");
    /* Even one that passes no restriction. */
    struct triage *triage = fixture_claim_urgency (f, &one, "zorg");
    assert_int_equal (fixture_decide (f, &one)->verdict, VERDICT_PARTIAL);
    assert_outcome (f, &one, "zorg");
    assert_string_equal (fixture_codes (f, &f->decision.items[1].reasons), "AGREEMENT_MISSING");
    triage->subsidiarity = "";
    assert_outcome (f, &one, "AGREEMENT_MISSING TRIAGE_INCOMPLETE");
    assert_string_equal (fixture_codes (f, &f->decision.items[0].heard), "AGREEMENT_MISSING TRIAGE_INCOMPLETE");
    assert_string_equal (fixture_codes (f, &f->decision.items[1].reasons), "AGREEMENT_MISSING");
    /* Both gates failed: the first speaks, and the reason must pass both. */
    fixture_restrict (f, "", "2026-04-15");
    assert_outcome (f, &one, "AGREEMENT_MISSING");
    fixture_claim_urgency (f, &one, "vitaal")->subsidiarity = "";
    assert_outcome (f, &one, "AGREEMENT_MISSING TRIAGE_INCOMPLETE");
    fixture_claim_urgency (f, &one, "vitaal");
    assert_outcome (f, &one, "vitaal");
    /* Where no flow carries the item the claim is not looked at. */
    one = fixture_check (f, "kernteam", "cak", "eigen-bijdrage", "justitie");
    fixture_party (f, "cak")->active = false;
    fixture_claim_urgency (f, &one, "vitaal")->subsidiarity = "";
    assert_outcome (f, &one, "AGREEMENT_MISSING");
    /* Nor is it where the flow does not admit it. */
    one = fixture_check (f, "kernteam", "cak", "eigen-bijdrage", "naw");
    fixture_claim_urgency (f, &one, "vitaal")->subsidiarity = "";
    assert_outcome (f, &one, "AGREEMENT_MISSING");
}

/* The order of the grounds, and the whole. */
static void test_the_claim_is_tried_in_the_packs_order (void **state)
{
    struct fixture *f = *state;
    struct check one = fixture_check (f, "kernteam", "horizon", "toekenning", "naw/wmo");
    fixture_claim_urgency (f, &one, "zorg");
    assert_outcome (f, &one, "statute");
    fixture_consent (f, "kernteam", "horizon", "naw", "toekenning");
    assert_outcome (f, &one, "consent");
    f->policy.grounds[0] = POLICY_WITHOUT_CONSENT;
    f->policy.grounds[2] = POLICY_CONSENT;
    assert_outcome (f, &one, "zorg");
    assert_int_equal (f->decision.items[0].consent, SIZE_MAX);
    assert_int_equal (f->decision.items[0].statute, CODE_NONE);
    /* Tried first it speaks first. */
    one.claim.triage.urgent_support = false;
    f->statement_count = 0;
    one.items[0].origin = CODE_NONE;
    assert_outcome (f, &one, "TRIAGE_INCOMPLETE ORIGIN_UNKNOWN NO_CONSENT");
}

static void test_a_claim_uses_up_no_consent (void **state)
{
    struct fixture *f = *state;
    struct check one = fixture_plan_check (f, "naw rapportage");
    fixture_claim_request (f, &one, "subject");
    struct statement *consent = fixture_consent (f, "jansen", "kernteam", "naw", "integraal-plan");
    consent->one_time = true;
    assert_outcome (f, &one, "consent");
    assert_true (f->decision.one_time);
    assert_int_equal (f->decision.items[1].ground, POLICY_WITHOUT_CONSENT);
    f->policy.grounds[0] = POLICY_WITHOUT_CONSENT;
    f->policy.grounds[2] = POLICY_CONSENT;
    assert_outcome (f, &one, "written request");
    assert_false (f->decision.one_time);
}

static void test_all_or_nothing_takes_the_ground_away (void **state)
{
    struct fixture *f = *state;
    struct check one = fixture_support_check (f, "naw justitie");
    fixture_claim_urgency (f, &one, "zorg");
    assert_int_equal (fixture_decide (f, &one)->verdict, VERDICT_PARTIAL);
    one.all_or_nothing = true;
    assert_int_equal (fixture_decide (f, &one)->verdict, VERDICT_DENY);
    assert_outcome (f, &one, "ALL_OR_NOTHING");
    assert_int_equal (f->decision.items[0].ground, POLICY_GROUNDS);
    assert_int_equal (f->decision.items[0].urgent_reason, CODE_NONE);
    assert_string_equal (fixture_codes (f, &f->decision.items[1].reasons), "NO_CONSENT GROUND_NOT_ALLOWED");
}

/* What is told to who explains a decision, of this much: "passes", "fails CODE", "behind gate"; of a statute with
   its name. */
struct told {
    struct fixture *f;
    enum trace_about about;
    const char *text;
};

static void listen (void *reader, const struct trace_step *step)
{
    struct told *self = reader;
    struct fixture *f = self->f;
    static const char *const names[] = {[TRACE_PASSES] = "passes",
                                        [TRACE_FAILS] = "fails ",
                                        [TRACE_OUT_OF_SCOPE] = "out of scope",
                                        [TRACE_BEHIND_GATE] = "behind gate",
                                        [TRACE_NOT_CLAIMED] = "not claimed"};
    if (step->about != self->about)
        return;
    const char *which = "";
    if (step->about == TRACE_STATUTE)
        which = arena_printf (f->arena, "%s ", f->policy.statutes[step->position].entry.code);
    else
        assert_int_equal (step->position, TRACE_NO_POSITION);
    self->text = arena_printf (f->arena, "%s%s%s%s%s", self->text, self->text[0] == '\0' ? "" : ", ", which,
                               names[step->outcome], fixture_codes (f, &step->codes));
}

static const char *told_of (struct fixture *f, enum trace_about about, const struct check *check)
{
    struct decide_facts facts = fixture_facts (f);
    struct told told = {f, about, ""};
    struct trace trace = {.tell = listen, .reader = &told};
    decide_told (&facts, check, &trace, &f->decision);
    return told.text;
}

static const char *told (struct fixture *f, const struct check *check)
{
    return told_of (f, TRACE_CLAIM, check);
}

static void test_what_became_of_each_statute_is_told (void **state)
{
    struct fixture *f = *state;
    struct check one = fixture_check (f, "kernteam", "horizon", "toekenning", "naw/wmo rapportage/wmo");
    assert_string_equal (told_of (f, TRACE_STATUTE, &one),
                         "wmo passes, wmo fails STATUTE_NOT_FOR_SPECIAL, zorgwet passes");
    one = fixture_check (f, "kernteam", "jansen", "toekenning", "naw/brp");
    assert_string_equal (told_of (f, TRACE_STATUTE, &one),
                         "wmo out of scope, zorgwet fails STATUTE_NOT_FOR_ORIGIN");
    fixture_restrict (f, "naw", "2026-04-15");
    assert_string_equal (told_of (f, TRACE_STATUTE, &one), "wmo out of scope, zorgwet behind gate");
    one = fixture_check (f, "kernteam", "meldpunt", "escalatie", "naw");
    assert_string_equal (told_of (f, TRACE_STATUTE, &one), "meldrecht passes");
}

static void test_what_became_of_the_claim_is_told_item_by_item (void **state)
{
    struct fixture *f = *state;
    struct check one = fixture_support_check (f, "naw justitie");
    assert_string_equal (told (f, &one), "not claimed, not claimed");
    struct triage *triage = fixture_claim_urgency (f, &one, "zorg");
    assert_string_equal (told (f, &one), "passes, fails GROUND_NOT_ALLOWED");
    triage->necessity = "";
    assert_string_equal (told (f, &one), "fails TRIAGE_INCOMPLETE, fails GROUND_NOT_ALLOWED");
    fixture_restrict (f, "naw", "2026-04-15");
    assert_string_equal (told (f, &one), "behind gate, fails GROUND_NOT_ALLOWED");
    fixture_claim_request (f, &one, "subject");
    assert_string_equal (told (f, &one), "behind gate, fails GROUND_NOT_ALLOWED");
}

/* C5, category by category. */
static void test_a_restricted_category_leaves_the_others_alone (void **state)
{
    struct fixture *f = *state;
    fixture_consent (f, "kernteam", "wijkteam", "naw rapportage", "ondersteuning");
    struct check one = fixture_support_check (f, "naw rapportage");
    fixture_restrict (f, "rapportage", "2026-04-15");
    assert_int_equal (fixture_decide (f, &one)->verdict, VERDICT_PARTIAL);
    assert_true (f->decision.items[0].permit);
    assert_string_equal (fixture_codes (f, &f->decision.items[1].reasons), "RESTRICTED");
    fixture_restrict (f, "justitie", "2026-04-15");
    assert_int_equal (fixture_decide (f, &one)->verdict, VERDICT_PERMIT);
    fixture_restrict (f, "", "2026-04-15");
    assert_int_equal (fixture_decide (f, &one)->verdict, VERDICT_DENY);
}

static void test_of_several_restrictions_the_latest_that_holds_counts (void **state)
{
    struct fixture *f = *state;
    struct statement *consent = fixture_consent (f, "kernteam", "wijkteam", "naw rapportage", "ondersteuning");
    struct check one = fixture_support_check (f, "naw rapportage");
    struct restriction several[] = {
        {.category = "naw", .next_order = 10}, {.category = "rapportage", .next_order = 20},
        {.category = "", .next_order = 5},     {.category = "justitie", .next_order = 25},
        {.category = "naw", .next_order = 12},
    };
    f->subject.restrictions = several;
    f->subject.restriction_count = COUNT (several);
    const struct {
        uint64_t order;
        bool naw, rapportage;
    } cases[] = {
        {4, false, false}, {5, false, false}, {10, false, false}, {11, false, false},
        {12, true, false}, {19, true, false}, {20, true, true},
    };
    for (size_t i = 0; i < COUNT (cases); i++) {
        consent->order = cases[i].order;
        fixture_decide (f, &one);
        assert_int_equal (f->decision.items[0].permit, cases[i].naw);
        assert_int_equal (f->decision.items[1].permit, cases[i].rapportage);
    }
}

static void test_a_statute_marked_so_passes_a_restricted_category (void **state)
{
    struct fixture *f = *state;
    fixture_restrict (f, "naw", "2026-04-15");
    struct check one = fixture_check (f, "kernteam", "meldpunt", "escalatie", "naw");
    assert_outcome (f, &one, "statute");
    one = fixture_check (f, "kernteam", "horizon", "toekenning", "naw/wmo");
    assert_outcome (f, &one, "RESTRICTED");
    one = fixture_check (f, "kernteam", "horizon", "toekenning", "bsn/wmo");
    assert_outcome (f, &one, "statute");
}

static void test_a_missing_agreement_is_said_before_a_restriction (void **state)
{
    struct fixture *f = *state;
    fixture_restrict (f, "naw", "2026-04-15");
    struct check one = fixture_check (f, "kernteam", "horizon", "toekenning", "naw/wmo bsn/wmo");
    assert_outcome (f, &one, "RESTRICTED");
    fixture_party (f, "horizon")->agreement_until = f->now;
    assert_outcome (f, &one, "AGREEMENT_MISSING");
    assert_string_equal (fixture_codes (f, &f->decision.items[1].reasons), "AGREEMENT_MISSING");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST (test_nothing_is_tried_that_is_not_claimed),
        FIXTURE_TEST (test_a_written_request_is_the_ground_where_the_flow_admits_it),
        FIXTURE_TEST (test_those_who_ask_in_writing_are_those_who_must_consent),
        FIXTURE_TEST (test_capability_refusal_and_death_decide_who_asks_in_writing),
        FIXTURE_TEST (test_a_written_request_passes_no_gate),
        FIXTURE_TEST (test_a_flow_is_needed_whatever_is_claimed),
        FIXTURE_TEST (test_urgent_reasons_are_the_ground_where_the_flow_admits_them),
        FIXTURE_TEST (test_a_reason_is_the_packs),
        FIXTURE_TEST (test_each_reason_carries_what_the_pack_says_and_passes_what_it_says),
        FIXTURE_TEST (test_urgent_reasons_wait_for_no_agreement),
        FIXTURE_TEST (test_the_claim_is_tried_in_the_packs_order),
        FIXTURE_TEST (test_a_claim_uses_up_no_consent),
        FIXTURE_TEST (test_all_or_nothing_takes_the_ground_away),
        FIXTURE_TEST (test_what_became_of_each_statute_is_told),
        FIXTURE_TEST (test_what_became_of_the_claim_is_told_item_by_item),
        FIXTURE_TEST (test_a_restricted_category_leaves_the_others_alone),
        FIXTURE_TEST (test_of_several_restrictions_the_latest_that_holds_counts),
        FIXTURE_TEST (test_a_statute_marked_so_passes_a_restricted_category),
        FIXTURE_TEST (test_a_missing_agreement_is_said_before_a_restriction),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}

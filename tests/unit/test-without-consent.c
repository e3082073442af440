/* C8: the grounds without consent that a request claims, and what gates (C3, C5) they pass. */
#include <string.h>
#include "fixture_policy.h"
#include "rules/trace.h"

#define COUNT(array) (sizeof (array) / sizeof *(array))

/* jansen, bound by secrecy, to kernteam: no statute there. */
static struct check plan (struct fixture *f, const char *items)
{
    return fixture_check (f, "jansen", "kernteam", "integraal-plan", items);
}

static struct check support (struct fixture *f, const char *items)
{
    return fixture_check (f, "kernteam", "wijkteam", "ondersteuning", items);
}

static void restrict_from (struct fixture *f, const char *category, const char *day)
{
    static struct restriction one;
    one = (struct restriction){.category = category, .since = fixture_at (day)};
    f->subject.restrictions = &one;
    f->subject.restriction_count = 1;
}

/* The names of what is missing, with spaces between. */
static const char *missing (struct fixture *f)
{
    const char *text = "";
    for (unsigned i = 0; i < TRIAGE_PARTS; i++)
        if ((f->decision.triage_missing >> i & 1) != 0)
            text = arena_printf (f->arena, "%s%s%s", text, text[0] == '\0' ? "" : " ", triage_names[i]);
    return text;
}

/* Nothing is claimed. */
static void test_nothing_is_tried_that_is_not_claimed (void **state)
{
    struct fixture *f = *state;
    struct check one = plan (f, "naw");
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
    struct check one = plan (f, "naw rapportage");
    fixture_claim_request (f, &one, "subject");
    assert_int_equal (fixture_decide (f, &one)->verdict, VERDICT_PERMIT);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal (f->decision.items[i].ground, POLICY_WITHOUT_CONSENT);
        assert_int_equal (f->decision.items[i].urgent_reason, CODE_NONE);
        assert_int_equal (f->decision.items[i].reasons.count, 0);
        assert_int_equal (f->decision.items[i].heard.count, 0);
    }
    assert_false (f->decision.one_time);
    struct check other = support (f, "naw");
    fixture_claim_request (f, &other, "subject");
    assert_outcome (f, &other, "NO_CONSENT GROUND_NOT_ALLOWED");
    assert_string_equal (fixture_codes (f, &f->decision.items[0].heard), "NO_CONSENT GROUND_NOT_ALLOWED");
    assert_string_equal (missing (f), "");
}

/* All of them, and nobody else: one parent cannot undo the refusal of both. */
static void test_those_who_ask_in_writing_are_those_who_must_consent (void **state)
{
    struct fixture *f = *state;
    struct check one = plan (f, "naw");
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
    struct check one = plan (f, "naw");
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
    struct check one = plan (f, "naw");
    fixture_claim_request (f, &one, "subject");
    restrict_from (f, "naw", "2026-04-15");
    assert_outcome (f, &one, "RESTRICTED");
    f->subject.restriction_count = 0;
    assert_outcome (f, &one, "written request");
    fixture_party (f, "kernteam")->active = false;
    assert_outcome (f, &one, "AGREEMENT_MISSING");
    /* Nor do they say that it would not have been admitted. */
    fixture_party (f, "kernteam")->active = true;
    struct check other = support (f, "naw");
    fixture_claim_request (f, &other, "subject");
    restrict_from (f, "", "2026-04-15");
    assert_outcome (f, &other, "RESTRICTED");
}

static void test_a_flow_is_needed_whatever_is_claimed (void **state)
{
    struct fixture *f = *state;
    struct check one = support (f, "bsn");
    fixture_claim_urgency (f, &one, "vitaal");
    assert_outcome (f, &one, "CATEGORY_NOT_NEEDED");
    fixture_claim_request (f, &one, "subject");
    assert_outcome (f, &one, "CATEGORY_NOT_NEEDED");
}

/* Urgent reasons. */
static void test_urgent_reasons_are_the_ground_where_the_flow_admits_them (void **state)
{
    struct fixture *f = *state;
    struct check one = support (f, "naw rapportage justitie");
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
    struct check one = support (f, "naw");
    fixture_claim_urgency (f, &one, "haast")->necessity = "";
    assert_int_equal (one.claim.reason, CODE_NONE);
    assert_outcome (f, &one, "NO_CONSENT GROUND_NOT_ALLOWED");
    one.claim.reason = (code)f->policy.urgent_reason_count;
    assert_outcome (f, &one, "NO_CONSENT GROUND_NOT_ALLOWED");
    assert_string_equal (missing (f), "");
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
        struct check one = support (f, cases[i].category);
        struct triage *triage = fixture_claim_urgency (f, &one, cases[i].reason);
        f->subject.restriction_count = 0;
        assert_outcome (f, &one, cases[i].holds);
        restrict_from (f, cases[i].category, "2026-04-15");
        assert_outcome (f, &one, cases[i].restricted);
        triage->proportionality = "";
        assert_outcome (f, &one, cases[i].both);
        assert_string_equal (missing (f), strcmp (cases[i].both, BOTH) == 0 ? "proportionality" : "");
        f->subject.restriction_count = 0;
        assert_outcome (f, &one, cases[i].incomplete);
        assert_string_equal (missing (f), strcmp (cases[i].incomplete, INCOMPLETE) == 0 ? "proportionality" : "");
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
    restrict_from (f, "", "2026-04-15");
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

static struct triage *claim_and_inform_after (struct fixture *f, struct check *check)
{
    struct triage *triage = fixture_claim_urgency (f, check, "zorg");
    triage->inform = INFORM_AFTER;
    triage->inform_by = f->now + HOUR;
    triage->inform_why = "nu vertellen brengt het kind in gevaar";
    return triage;
}

static void test_each_part_of_the_triage_decision_is_required_and_named (void **state)
{
    struct fixture *f = *state;
    const char *all = "";
    for (size_t i = 0; i < TRIAGE_PARTS; i++) {
        struct check bound = plan (f, "rapportage"), free = support (f, "rapportage");
        claim_and_inform_after (f, &bound);
        claim_and_inform_after (f, &free);
        assert_outcome (f, &bound, "zorg");
        assert_outcome (f, &free, "zorg");
        struct change change = take_away (&bound.claim.triage, i);
        take_away (&free.claim.triage, i);
        assert_outcome (f, &bound, "NO_CONSENT TRIAGE_INCOMPLETE");
        assert_string_equal (missing (f), change.name);
        /* The four of secrecy are asked of who is bound by it alone. */
        assert_outcome (f, &free, change.of_secrecy ? "zorg" : "NO_CONSENT TRIAGE_INCOMPLETE");
        assert_string_equal (missing (f), change.of_secrecy ? "" : change.name);
        if (strcmp (change.name, "inform") != 0)
            all = arena_printf (f->arena, "%s%s%s", all, i == 0 ? "" : " ", change.name);
    }
    /* All of it missing, in this order; but of informing afterwards nothing, where that is not said. */
    struct check bound = plan (f, "rapportage");
    claim_and_inform_after (f, &bound);
    for (size_t i = 0; i < TRIAGE_PARTS; i++)
        if (i != 8)
            take_away (&bound.claim.triage, i);
    assert_outcome (f, &bound, "NO_CONSENT TRIAGE_INCOMPLETE");
    assert_string_equal (missing (f), all);
    bound.claim.triage.inform = INFORM_UNSAID;
    assert_outcome (f, &bound, "NO_CONSENT TRIAGE_INCOMPLETE");
    assert_null (strstr (missing (f), "inform_by"));
    assert_non_null (strstr (missing (f), "urgent_support inform consent_sought"));
}

static void test_a_party_that_raises_its_secrecy_is_bound_by_it (void **state)
{
    struct fixture *f = *state;
    struct check one = support (f, "naw");
    fixture_claim_urgency (f, &one, "zorg")->no_other_way = "";
    assert_outcome (f, &one, "zorg");
    fixture_party (f, "kernteam")->secrecy = SECRECY_PROFESSIONAL;
    assert_outcome (f, &one, "NO_CONSENT TRIAGE_INCOMPLETE");
    assert_string_equal (missing (f), "no_other_way");
    /* It is the provider's that counts. */
    fixture_party (f, "kernteam")->secrecy = SECRECY_OFFICIAL;
    fixture_party (f, "wijkteam")->secrecy = SECRECY_PROFESSIONAL;
    assert_outcome (f, &one, "zorg");
}

static void test_who_is_told_before_is_not_told_when_and_why_later (void **state)
{
    struct fixture *f = *state;
    struct check one = support (f, "naw");
    struct triage *triage = claim_and_inform_after (f, &one);
    triage->inform = INFORM_BEFORE;
    triage->inform_by = 0;
    triage->inform_why = "";
    assert_outcome (f, &one, "zorg");
}

static void test_informing_afterwards_is_later_than_now_and_within_the_packs_days (void **state)
{
    struct fixture *f = *state;
    struct check one = support (f, "naw");
    struct triage *triage = claim_and_inform_after (f, &one);
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
        assert_string_equal (missing (f), cases[i].in_time ? "" : "inform_by");
    }
    f->policy.due.inform_days = 0;
    triage->inform_by = fixture_at ("2026-05-02");
    assert_outcome (f, &one, "zorg");
    triage->inform_by++;
    assert_outcome (f, &one, "NO_CONSENT TRIAGE_INCOMPLETE");
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
    struct check one = plan (f, "naw rapportage");
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
    struct check one = support (f, "naw justitie");
    fixture_claim_urgency (f, &one, "zorg");
    assert_int_equal (fixture_decide (f, &one)->verdict, VERDICT_PARTIAL);
    one.all_or_nothing = true;
    assert_int_equal (fixture_decide (f, &one)->verdict, VERDICT_DENY);
    assert_outcome (f, &one, "ALL_OR_NOTHING");
    assert_int_equal (f->decision.items[0].ground, POLICY_GROUNDS);
    assert_int_equal (f->decision.items[0].urgent_reason, CODE_NONE);
    assert_string_equal (fixture_codes (f, &f->decision.items[1].reasons), "NO_CONSENT GROUND_NOT_ALLOWED");
}

/* C9 is about statements: why the claim failed is the caller's own business, whoever he is. */
static void test_the_reasons_of_a_claim_are_heard (void **state)
{
    struct fixture *f = *state;
    f->listener = (struct listener){.party = "school", .explain = false};
    struct check one = support (f, "naw justitie");
    fixture_claim_urgency (f, &one, "zorg")->necessity = "";
    fixture_decide (f, &one);
    assert_string_equal (fixture_codes (f, &f->decision.items[0].heard), "NO_CONSENT TRIAGE_INCOMPLETE");
    assert_string_equal (fixture_codes (f, &f->decision.items[1].heard), "NO_CONSENT GROUND_NOT_ALLOWED");
    assert_string_equal (missing (f), "necessity");
}

/* `until`. */
static moment until (struct fixture *f, const struct check *check, const char *expected)
{
    assert_outcome (f, check, expected);
    return f->decision.until;
}

static void test_until_knows_when_informing_comes_too_late (void **state)
{
    struct fixture *f = *state;
    struct check one = support (f, "naw");
    struct triage *triage = claim_and_inform_after (f, &one);
    assert_int_equal (until (f, &one, "zorg"), triage->inform_by);
    f->now = triage->inform_by - 1;
    assert_outcome (f, &one, "zorg");
    f->now++;
    assert_int_equal (until (f, &one, "NO_CONSENT TRIAGE_INCOMPLETE"), MOMENT_NEVER);
    triage->inform = INFORM_BEFORE;
    assert_int_equal (until (f, &one, "zorg"), MOMENT_NEVER);
}

static void test_until_knows_when_informing_comes_within_reach (void **state)
{
    struct fixture *f = *state;
    struct check one = support (f, "naw");
    struct triage *triage = claim_and_inform_after (f, &one);
    const moment ends[] = {fixture_at ("2026-06-01"), fixture_at ("2026-06-01") + 1,
                           fixture_at ("2026-11-01") + HOUR};
    const char *reached[] = {"2026-05-17", "2026-05-18", "2026-10-18"};
    for (size_t i = 0; i < COUNT (ends); i++) {
        f->now = fixture_at ("2026-05-01") + HOUR;
        triage->inform_by = ends[i];
        assert_int_equal (until (f, &one, "NO_CONSENT TRIAGE_INCOMPLETE"), fixture_at (reached[i]));
        f->now = fixture_at (reached[i]) - 1;
        assert_int_equal (until (f, &one, "NO_CONSENT TRIAGE_INCOMPLETE"), fixture_at (reached[i]));
        f->now++;
        assert_int_equal (until (f, &one, "zorg"), ends[i]);
    }
}

static void test_until_knows_that_something_else_is_missing (void **state)
{
    struct fixture *f = *state;
    struct check one = support (f, "naw");
    struct triage *triage = claim_and_inform_after (f, &one);
    triage->necessity = "";
    assert_int_equal (until (f, &one, "NO_CONSENT TRIAGE_INCOMPLETE"), triage->inform_by);
    assert_string_equal (missing (f), "necessity");
    /* Where the triage decision is not what stands in the way, nobody hears of it. */
    one.items[0].category = policy_category (&f->policy, "justitie");
    assert_int_equal (until (f, &one, "NO_CONSENT GROUND_NOT_ALLOWED"), MOMENT_NEVER);
}

static void test_until_knows_the_birthdays_of_who_asks_in_writing (void **state)
{
    struct fixture *f = *state;
    struct check one = plan (f, "naw");
    fixture_representative (f, "moeder", "ouder-met-gezag", "2000-01-01");
    f->subject.birth = fixture_day ("2014-07-01");
    fixture_claim_request (f, &one, "subject");
    assert_int_equal (until (f, &one, "NO_CONSENT GROUND_NOT_ALLOWED"), fixture_at ("2030-07-01"));
    fixture_claim_request (f, &one, "moeder");
    assert_int_equal (until (f, &one, "written request"), fixture_at ("2026-07-01"));
    fixture_claim_request (f, &one, "moeder subject");
    assert_int_equal (until (f, &one, "NO_CONSENT GROUND_NOT_ALLOWED"), fixture_at ("2026-07-01"));
    f->now = fixture_at ("2026-07-01");
    assert_int_equal (until (f, &one, "written request"), fixture_at ("2030-07-01"));
    f->now = fixture_at ("2030-07-01");
    assert_int_equal (until (f, &one, "NO_CONSENT GROUND_NOT_ALLOWED"), MOMENT_NEVER);
    fixture_claim_request (f, &one, "subject");
    assert_int_equal (until (f, &one, "written request"), MOMENT_NEVER);
}

static void test_until_knows_the_days_of_capability_representatives_and_death (void **state)
{
    struct fixture *f = *state;
    struct check one = plan (f, "naw");
    struct capability changes[] = {{fixture_day ("2026-06-01"), false}, {fixture_day ("2026-09-01"), true}};
    f->subject.capabilities = changes;
    f->subject.capability_count = 2;
    fixture_claim_request (f, &one, "subject");
    assert_int_equal (until (f, &one, "written request"), fixture_at ("2026-06-01"));
    fixture_claim_request (f, &one, "mentor-1");
    assert_int_equal (until (f, &one, "NO_CONSENT GROUND_NOT_ALLOWED"), MOMENT_NEVER);
    struct representative *mentor = fixture_representative (f, "mentor-1", "mentor", "2026-07-01");
    assert_int_equal (until (f, &one, "NO_CONSENT GROUND_NOT_ALLOWED"), fixture_at ("2026-07-01"));
    f->now = fixture_at ("2026-07-01");
    assert_int_equal (until (f, &one, "written request"), fixture_at ("2026-09-01"));
    mentor->until = fixture_day ("2026-08-20");
    assert_int_equal (until (f, &one, "written request"), fixture_at ("2026-08-20"));
    mentor->refused_from = fixture_day ("2026-08-10");
    assert_int_equal (until (f, &one, "written request"), fixture_at ("2026-08-10"));
    f->subject.death = fixture_day ("2026-08-01");
    assert_int_equal (until (f, &one, "written request"), fixture_at ("2026-08-01"));
}

/* M7: who takes the place of representatives that are all refused, from the age of withdrawing on. */
static void test_until_knows_when_the_subject_takes_their_place (void **state)
{
    struct fixture *f = *state;
    struct check one = plan (f, "naw");
    f->ages[1].from = 16;
    f->ages[1].representatives = false;
    f->policy.age_count = 2;
    f->subject.birth = fixture_day ("2014-07-01");
    fixture_representative (f, "moeder", "ouder-met-gezag", "2000-01-01")->refused_from =
        fixture_day ("2026-01-01");
    fixture_claim_request (f, &one, "subject");
    assert_int_equal (until (f, &one, "NO_CONSENT GROUND_NOT_ALLOWED"), fixture_at ("2026-07-01"));
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
    restrict_from (f, "naw", "2026-04-15");
    assert_string_equal (told_of (f, TRACE_STATUTE, &one), "wmo out of scope, zorgwet behind gate");
    one = fixture_check (f, "kernteam", "meldpunt", "escalatie", "naw");
    assert_string_equal (told_of (f, TRACE_STATUTE, &one), "meldrecht passes");
}

static void test_what_became_of_the_claim_is_told_item_by_item (void **state)
{
    struct fixture *f = *state;
    struct check one = support (f, "naw justitie");
    assert_string_equal (told (f, &one), "not claimed, not claimed");
    struct triage *triage = fixture_claim_urgency (f, &one, "zorg");
    assert_string_equal (told (f, &one), "passes, fails GROUND_NOT_ALLOWED");
    triage->necessity = "";
    assert_string_equal (told (f, &one), "fails TRIAGE_INCOMPLETE, fails GROUND_NOT_ALLOWED");
    restrict_from (f, "naw", "2026-04-15");
    assert_string_equal (told (f, &one), "behind gate, fails GROUND_NOT_ALLOWED");
    fixture_claim_request (f, &one, "subject");
    assert_string_equal (told (f, &one), "behind gate, fails GROUND_NOT_ALLOWED");
}

/* C5, category by category. */
static void test_a_restricted_category_leaves_the_others_alone (void **state)
{
    struct fixture *f = *state;
    fixture_consent (f, "kernteam", "wijkteam", "naw rapportage", "ondersteuning");
    struct check one = support (f, "naw rapportage");
    restrict_from (f, "rapportage", "2026-04-15");
    assert_int_equal (fixture_decide (f, &one)->verdict, VERDICT_PARTIAL);
    assert_true (f->decision.items[0].permit);
    assert_string_equal (fixture_codes (f, &f->decision.items[1].reasons), "RESTRICTED");
    restrict_from (f, "justitie", "2026-04-15");
    assert_int_equal (fixture_decide (f, &one)->verdict, VERDICT_PERMIT);
    restrict_from (f, "", "2026-04-15");
    assert_int_equal (fixture_decide (f, &one)->verdict, VERDICT_DENY);
}

static void test_of_several_restrictions_the_latest_that_holds_counts (void **state)
{
    struct fixture *f = *state;
    struct statement *consent = fixture_consent (f, "kernteam", "wijkteam", "naw rapportage", "ondersteuning");
    struct check one = support (f, "naw rapportage");
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
    restrict_from (f, "naw", "2026-04-15");
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
    restrict_from (f, "naw", "2026-04-15");
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
        FIXTURE_TEST (test_each_part_of_the_triage_decision_is_required_and_named),
        FIXTURE_TEST (test_a_party_that_raises_its_secrecy_is_bound_by_it),
        FIXTURE_TEST (test_who_is_told_before_is_not_told_when_and_why_later),
        FIXTURE_TEST (test_informing_afterwards_is_later_than_now_and_within_the_packs_days),
        FIXTURE_TEST (test_the_claim_is_tried_in_the_packs_order),
        FIXTURE_TEST (test_a_claim_uses_up_no_consent),
        FIXTURE_TEST (test_all_or_nothing_takes_the_ground_away),
        FIXTURE_TEST (test_the_reasons_of_a_claim_are_heard),
        FIXTURE_TEST (test_until_knows_when_informing_comes_too_late),
        FIXTURE_TEST (test_until_knows_when_informing_comes_within_reach),
        FIXTURE_TEST (test_until_knows_that_something_else_is_missing),
        FIXTURE_TEST (test_until_knows_the_birthdays_of_who_asks_in_writing),
        FIXTURE_TEST (test_until_knows_the_days_of_capability_representatives_and_death),
        FIXTURE_TEST (test_until_knows_when_the_subject_takes_their_place),
        FIXTURE_TEST (test_what_became_of_each_statute_is_told),
        FIXTURE_TEST (test_what_became_of_the_claim_is_told_item_by_item),
        FIXTURE_TEST (test_a_restricted_category_leaves_the_others_alone),
        FIXTURE_TEST (test_of_several_restrictions_the_latest_that_holds_counts),
        FIXTURE_TEST (test_a_statute_marked_so_passes_a_restricted_category),
        FIXTURE_TEST (test_a_missing_agreement_is_said_before_a_restriction),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}

/* R2: requests by which a subject exercises rights. What may be done with one in each state, its dates, and who
   may make one. */
#include <string.h>
#include "fixture_represent.h"
#include "rules/rights.h"

static const char *const state_names[RIGHTS_STATES] = {
    "", "open", "waiting", "unanswered", "granted", "in part", "refused", "withdrawn",
};

/* All pairs of states and actions, as the rules have them: extend, ask a view, note a view, grant, grant in part,
   refuse, withdraw, object, carry out, erase, rectify. */
static const char *const moves[RIGHTS_STATES] = {
    [RIGHTS_OPEN] = "yes yes no  yes yes yes yes no  yes no  yes",
    [RIGHTS_WAITING] = "yes no  yes no  no  yes yes no  yes no  yes",
    [RIGHTS_UNANSWERED] = "yes yes yes yes yes yes yes no  yes no  yes",
    [RIGHTS_GRANTED] = "no  no  no  no  no  no  no  no  yes yes yes",
    [RIGHTS_IN_PART] = "no  no  no  no  no  no  no  yes yes yes yes",
    [RIGHTS_REFUSED] = "no  no  no  no  no  no  no  yes no  no  no ",
    [RIGHTS_WITHDRAWN] = "no  no  no  no  no  no  no  no  no  no  no ",
};

static bool is_told_to_be (enum rights_state state, int action)
{
    return moves[state][4 * action] == 'y';
}

static void test_R2_each_action_in_each_state_of_each_kind (void **state)
{
    (void)state;
    size_t may = 0;
    for (int kind = RIGHTS_ACCESS; kind < RIGHTS_KINDS; kind++)
        for (int from = RIGHTS_OPEN; from < RIGHTS_STATES; from++)
            for (int action = 0; action < RIGHTS_ACTIONS; action++) {
                bool expected = is_told_to_be ((enum rights_state)from, action);
                if (action == RIGHTS_ASK_VIEW) /* KB 13.3 is about access */
                    expected = expected && kind == RIGHTS_ACCESS;
                if (action == RIGHTS_OBJECT) /* not to the decision on an objection */
                    expected = expected && kind != RIGHTS_OBJECTION;
                if (action == RIGHTS_CARRY_OUT)
                    expected = expected && kind != RIGHTS_ACCESS;
                if (action == RIGHTS_RECTIFY)
                    expected =
                        expected && kind != RIGHTS_ACCESS && kind != RIGHTS_ERASURE && kind != RIGHTS_RESTRICTION;
                if (action == RIGHTS_ERASE)
                    expected = expected && kind == RIGHTS_ERASURE;
                if (action == RIGHTS_GRANT_PART && kind == RIGHTS_ERASURE && from == RIGHTS_GRANTED)
                    expected = true; /* it was not carried out, and a statute turned out to keep something */
                const char *why =
                    rights_why_not ((enum rights_kind)kind, (enum rights_state)from, (enum rights_action)action);
                if ((why == NULL) != expected)
                    fail_msg ("kind %d, %s, action %d: %s", kind, state_names[from], action, why);
                may += expected;
            }
    assert_int_equal (may, 172);
}

static void test_R2_what_is_closed_and_what_refuses (void **state)
{
    (void)state;
    for (int one = RIGHTS_OPEN; one < RIGHTS_STATES; one++) {
        bool closed =
            one == RIGHTS_GRANTED || one == RIGHTS_IN_PART || one == RIGHTS_REFUSED || one == RIGHTS_WITHDRAWN;
        assert_int_equal (rights_is_closed ((enum rights_state)one), closed);
        assert_int_equal (rights_refuses ((enum rights_state)one), one == RIGHTS_IN_PART || one == RIGHTS_REFUSED);
        /* what is decided is not decided again */
        for (int action = RIGHTS_GRANT; action <= RIGHTS_WITHDRAW; action++)
            if (closed)
                assert_non_null (
                    rights_why_not (RIGHTS_RECTIFICATION, (enum rights_state)one, (enum rights_action)action));
    }
}

/* Dates */

static void set_terms (struct fixture *self, unsigned extension)
{
    self->policy.due = (struct policy_due){
        .inform_days = 14, .request_days = 28, .extension_months = extension, .objection_days = 42};
}

static void test_R2_a_request_is_due_four_weeks_after_its_receipt (void **state)
{
    struct fixture *self = *state;
    static const struct {
        const char *received, *due; /* exclusive: the day after the last day of the term */
        int hours;                  /* from the start of the one to that of the other */
    } cases[] = {
        {"2026-05-01", "2026-05-30", 29 * 24},     {"2026-03-01", "2026-03-30", 29 * 24 - 1}, /* summer begins */
        {"2026-03-29", "2026-04-27", 29 * 24 - 1}, /* on the day of the change itself */
        {"2026-10-01", "2026-10-30", 29 * 24 + 1}, /* summer ends */
        {"2026-10-25", "2026-11-23", 29 * 24 + 1}, {"2027-02-01", "2027-03-02", 29 * 24},
        {"2028-02-01", "2028-03-01", 29 * 24}, /* up to and including 29 February */
        {"2028-02-29", "2028-03-29", 29 * 24 - 1}, {"2026-12-15", "2027-01-13", 29 * 24},
        {"2027-01-31", "2027-03-01", 29 * 24},
    };
    set_terms (self, 0);
    for (size_t i = 0; i < COUNT (cases); i++) {
        moment due = rights_due (&self->policy, fixture_day (cases[i].received));
        assert_int_equal (due, fixture_at (cases[i].due));
        assert_int_equal ((due - fixture_at (cases[i].received)) / HOUR, cases[i].hours);
    }
}

static void test_R2_an_extension_is_as_long_as_the_pack_says (void **state)
{
    struct fixture *self = *state;
    static const struct {
        const char *due, *latest; /* exclusive */
    } cases[] = {
        {"2026-05-30", "2026-07-30"}, /* 29 May and two months: 29 July */
        {"2027-01-01", "2027-03-01"}, /* 31 December: clipped to 28 February */
        {"2028-01-01", "2028-03-01"}, /* or 29 February */
        {"2026-03-30", "2026-05-30"}, {"2026-10-25", "2026-12-25"}, {"2026-12-01", "2027-01-31"},
    };
    set_terms (self, 2);
    for (size_t i = 0; i < COUNT (cases); i++)
        assert_int_equal (rights_latest_due (&self->policy, fixture_at (cases[i].due)),
                          fixture_at (cases[i].latest));
    set_terms (self, 0);
    for (size_t i = 0; i < COUNT (cases); i++)
        assert_int_equal (rights_latest_due (&self->policy, fixture_at (cases[i].due)), fixture_at (cases[i].due));
}

static void test_R2_a_request_came_today_or_within_a_year (void **state)
{
    (void)state;
    static const struct {
        const char *received, *today;
        bool may;
    } cases[] = {
        {"2026-05-01", "2026-05-01", true},  {"2026-05-02", "2026-05-01", false},
        {"2026-04-30", "2026-05-01", true},  {"2025-05-01", "2026-05-01", true},
        {"2025-04-30", "2026-05-01", false}, {"2028-02-29", "2029-02-28", true},
        {"2028-02-29", "2029-03-01", false}, {"2027-02-28", "2028-02-28", true},
        {"2027-02-28", "2028-02-29", false}, {"2026-03-29", "2026-03-29", true},
        {"2026-10-25", "2026-10-25", true},
    };
    for (size_t i = 0; i < COUNT (cases); i++) {
        moment start = fixture_at (cases[i].today), end = calendar_end_after_days (start, 0) - 1;
        struct day received = fixture_day (cases[i].received);
        assert_int_equal (rights_why_not_received (received, start) == NULL, cases[i].may);
        assert_int_equal (rights_why_not_received (received, end) == NULL, cases[i].may);
    }
    /* Midnight in Amsterdam, not in London. */
    struct day first = fixture_day ("2026-06-01");
    assert_non_null (rights_why_not_received (first, fixture_at ("2026-06-01") - 1));
    assert_null (rights_why_not_received (first, fixture_at ("2026-06-01")));
}

static void test_R2_an_objection_is_late_after_six_weeks (void **state)
{
    struct fixture *self = *state;
    static const struct {
        const char *announced, *last, *late;
    } cases[] = {
        {"2026-05-01", "2026-06-12", "2026-06-13"}, {"2026-02-20", "2026-04-03", "2026-04-04"},
        {"2026-10-01", "2026-11-12", "2026-11-13"}, {"2028-01-18", "2028-02-29", "2028-03-01"},
        {"2027-01-18", "2027-03-01", "2027-03-02"},
    };
    set_terms (self, 0);
    for (size_t i = 0; i < COUNT (cases); i++) {
        moment end = rights_objection_end (&self->policy, fixture_day (cases[i].announced));
        assert_int_equal (end, fixture_at (cases[i].late));
        assert_false (rights_is_late (end, fixture_day (cases[i].announced)));
        assert_false (rights_is_late (end, fixture_day (cases[i].last)));
        assert_true (rights_is_late (end, fixture_day (cases[i].late)));
    }
}

static void test_KB13_the_view_of_another_is_awaited_for_a_term_at_most (void **state)
{
    struct fixture *self = *state;
    set_terms (self, 2);
    assert_int_equal (rights_latest_view (&self->policy, fixture_at ("2026-05-01") + 12 * HOUR),
                      fixture_at ("2026-05-30"));
}

static void test_R2_who_asked_is_judged_as_of_the_day_of_receipt (void **state)
{
    (void)state;
    moment now = fixture_at ("2026-05-03") + 9 * HOUR;
    assert_int_equal (rights_made_at (fixture_day ("2026-05-03"), now), now);
    assert_int_equal (rights_made_at (fixture_day ("2026-05-01"), now), fixture_at ("2026-05-02") - 1);
    assert_int_equal (rights_made_at (fixture_day ("2026-03-29"), now), fixture_at ("2026-03-30") - 1);
}

/* Who may */

static bool may (struct fixture *self, enum rights_kind kind, const char *who, const char *day)
{
    bool any = rights_may_be_made (&self->policy, &self->subject, kind, who, fixture_at (day));
    /* of a kind that is not access the kind does not matter */
    for (int other = RIGHTS_RECTIFICATION; kind != RIGHTS_ACCESS && other < RIGHTS_KINDS; other++)
        assert_int_equal (
            rights_may_be_made (&self->policy, &self->subject, (enum rights_kind)other, who, fixture_at (day)),
            any);
    return any;
}

static void test_M3_an_adult_asks_alone (void **state)
{
    struct fixture *self = *state;
    fixture_representative (self, "moeder", "ouder-met-gezag", "1980-06-15");
    for (int kind = RIGHTS_ACCESS; kind < RIGHTS_KINDS; kind++) {
        assert_true (may (self, (enum rights_kind)kind, "subject", "2026-05-01"));
        assert_false (may (self, (enum rights_kind)kind, "moeder", "2026-05-01"));
        assert_false (may (self, (enum rights_kind)kind, "buurman", "2026-05-01"));
    }
}

static void test_M1_M2_a_child_and_whoever_represents_it (void **state)
{
    struct fixture *self = *state;
    fixture_child (self); /* 12 on 2026-06-15, 16 on 2030-06-15 */
    static const struct {
        const char *day;
        bool subject, mother;
    } cases[] = {
        {"2026-06-14", false, true},
        {"2026-06-15", true, true},
        {"2030-06-14", true, true},
        {"2030-06-15", true, false},
    };
    for (size_t i = 0; i < COUNT (cases); i++) {
        assert_int_equal (may (self, RIGHTS_ERASURE, "subject", cases[i].day), cases[i].subject);
        assert_int_equal (may (self, RIGHTS_ACCESS, "subject", cases[i].day), cases[i].subject);
        assert_int_equal (may (self, RIGHTS_ACCESS, "moeder", cases[i].day), cases[i].mother);
    }
}

static void test_M7_a_refused_representative_asks_for_nothing (void **state)
{
    struct fixture *self = *state;
    struct representative *mother = fixture_child (self);
    fixture_representative (self, "vader", "ouder-met-gezag", "2014-06-15");
    mother = &self->subject.representatives[0];
    mother->refused_from = fixture_day ("2026-04-01");
    for (int kind = RIGHTS_ACCESS; kind < RIGHTS_KINDS; kind++) {
        assert_true (may (self, (enum rights_kind)kind, "moeder", "2026-03-31"));
        assert_false (may (self, (enum rights_kind)kind, "moeder", "2026-04-01"));
        assert_true (may (self, (enum rights_kind)kind, "vader", "2026-04-01"));
    }
}

static void test_M4_who_is_not_capable_is_represented (void **state)
{
    struct fixture *self = *state;
    fixture_incapable_from (self, "2026-04-01");
    assert_true (may (self, RIGHTS_ACCESS, "subject", "2026-03-31"));
    assert_false (may (self, RIGHTS_ACCESS, "subject", "2026-04-01"));
    assert_false (may (self, RIGHTS_ERASURE, "curator", "2026-04-01"));
    fixture_representative (self, "curator", "mentor", "2026-04-01");
    assert_true (may (self, RIGHTS_ERASURE, "curator", "2026-04-01"));
}

static void test_KB13_everybody_may_ask_whether_anything_is_held (void **state)
{
    struct fixture *self = *state;
    self->subject = (struct subject){.known = false};
    assert_true (may (self, RIGHTS_ACCESS, "subject", "2026-05-01"));
    assert_false (may (self, RIGHTS_ACCESS, "moeder", "2026-05-01"));
    assert_false (may (self, RIGHTS_RECTIFICATION, "subject", "2026-05-01"));
    self->subject.known = true;
    assert_true (may (self, RIGHTS_ACCESS, "subject", "2026-05-01"));
    fixture_incapable_from (self, "2026-04-01");
    assert_false (may (self, RIGHTS_ACCESS, "subject", "2026-05-01"));
    assert_true (may (self, RIGHTS_ACCESS, "subject", "2026-03-31"));
    self->subject.death = fixture_day ("2026-03-01");
    assert_false (may (self, RIGHTS_ACCESS, "subject", "2026-03-31"));
}

static void test_M10_nobody_asks_after_death (void **state)
{
    struct fixture *self = *state;
    self->subject.death = fixture_day ("2026-04-01");
    assert_true (may (self, RIGHTS_ACCESS, "subject", "2026-03-31"));
    for (int kind = RIGHTS_ACCESS; kind < RIGHTS_KINDS; kind++)
        assert_false (may (self, (enum rights_kind)kind, "subject", "2026-04-01"));
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_R2_each_action_in_each_state_of_each_kind),
        cmocka_unit_test (test_R2_what_is_closed_and_what_refuses),
        FIXTURE_TEST (test_R2_a_request_is_due_four_weeks_after_its_receipt),
        FIXTURE_TEST (test_R2_an_extension_is_as_long_as_the_pack_says),
        cmocka_unit_test (test_R2_a_request_came_today_or_within_a_year),
        FIXTURE_TEST (test_R2_an_objection_is_late_after_six_weeks),
        FIXTURE_TEST (test_KB13_the_view_of_another_is_awaited_for_a_term_at_most),
        cmocka_unit_test (test_R2_who_asked_is_judged_as_of_the_day_of_receipt),
        FIXTURE_TEST (test_M3_an_adult_asks_alone),
        FIXTURE_TEST (test_M1_M2_a_child_and_whoever_represents_it),
        FIXTURE_TEST (test_M7_a_refused_representative_asks_for_nothing),
        FIXTURE_TEST (test_M4_who_is_not_capable_is_represented),
        FIXTURE_TEST (test_KB13_everybody_may_ask_whether_anything_is_held),
        FIXTURE_TEST (test_M10_nobody_asks_after_death),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}

/* T1, KB 20: which period of the pack is about a record, and when it ends. */
#include <stdio.h>
#include <string.h>
#include "rules/retention.h"
#include "testing.h"

enum { HOUR = 60 * 60 * 1000 };

/* A pack of two kinds, two laws, and at most these entries: by holder, law, and whether it is about consents. */
enum { KINDS = 2, LAWS = 2, ENTRIES = 8 };

struct pack {
    struct policy policy;
    struct policy_kind kinds[KINDS];
    struct policy_origin origins[LAWS];
    struct policy_retention retentions[ENTRIES];
};

static const char *const kinds[KINDS] = {"team", "cak"}, *const laws[LAWS] = {"wmo", "jeugdwet"};

/* Bit 0: of "team", else of "any". Bit 1: under "wmo", else under "any". Bit 2: of consents. */
static struct policy_retention entry_of (unsigned number)
{
    return (struct policy_retention){.code = "entry",
                                     .held_by = number & 1 ? kinds[0] : "any",
                                     .law = number & 2 ? laws[0] : "any",
                                     .source = "S",
                                     .longest_record = (number & 4) != 0,
                                     .years = number & 4 ? 0 : 10 + number};
}

/* The pack with the entries in `chosen`, in the order of their numbers or backwards. */
static void make_pack (struct pack *self, unsigned chosen, bool backwards)
{
    memset (self, 0, sizeof *self);
    for (size_t i = 0; i < KINDS; i++)
        self->kinds[i].entry.code = kinds[i];
    for (size_t i = 0; i < LAWS; i++)
        self->origins[i].entry.code = laws[i];
    self->policy = (struct policy){.kinds = self->kinds,
                                   .kind_count = KINDS,
                                   .origins = self->origins,
                                   .origin_count = LAWS,
                                   .retentions = self->retentions};
    for (unsigned i = 0; i < ENTRIES; i++) {
        unsigned number = backwards ? ENTRIES - 1 - i : i;
        if (chosen >> number & 1)
            self->retentions[self->policy.retention_count++] = entry_of (number);
    }
}

/* The rule said as a list: the entries in the order in which they are preferred. */
static int expected_number (unsigned chosen, code holder, code law, bool consent)
{
    static const unsigned preferred[] = {3, 1, 2, 0}; /* both own, own holder, own law, any */
    for (size_t i = 0; i < COUNT (preferred); i++) {
        unsigned number = preferred[i] + (consent ? 4 : 0);
        bool about = (!(number & 1) || holder == 0) && (!(number & 2) || law == 0);
        if (about && (chosen >> number & 1))
            return (int)number;
    }
    return -1;
}

static void assert_entry (const struct policy_retention *found, int number)
{
    if (number < 0) {
        assert_null (found);
        return;
    }
    struct policy_retention expected = entry_of ((unsigned)number);
    assert_non_null (found);
    assert_string_equal (found->held_by, expected.held_by);
    assert_string_equal (found->law, expected.law);
    assert_int_equal (found->longest_record, expected.longest_record);
}

static void test_T1_the_entry_for_every_holder_and_law_in_every_pack (void **state)
{
    (void)state;
    static const code holders[] = {0, 1, CODE_NONE}, of[] = {0, 1, CODE_NONE};
    struct pack pack;
    size_t none = 0;
    for (unsigned chosen = 0; chosen < 1U << ENTRIES; chosen++)
        for (int backwards = 0; backwards < 2; backwards++) {
            make_pack (&pack, chosen, backwards);
            for (size_t i = 0; i < COUNT (holders) * COUNT (of); i++) {
                code holder = holders[i / COUNT (of)], law = of[i % COUNT (of)];
                int record = expected_number (chosen, holder, law, false);
                assert_entry (retention_of_record (&pack.policy, holder, law), record);
                assert_entry (retention_of_consent (&pack.policy, holder, law),
                              expected_number (chosen, holder, law, true));
                none += record < 0;
            }
        }
    /* of 16 sets of entries about records: 1 has none for the first holder and law, 4 none where one is own,
       8 where neither is; each with 16 sets about consents, in both orders */
    assert_int_equal (none, 32 * (1 + 2 * 4 + 2 * 4 + 4 * 8));
}

/* Until when */

static struct day day (const char *text)
{
    struct day result = {0, 0, 0};
    assert_true (calendar_parse (text, &result));
    return result;
}

static moment at (const char *text)
{
    return calendar_start (day (text));
}

static struct policy_retention years_from (unsigned years, enum counts_from from)
{
    return (struct policy_retention){
        .code = "entry", .held_by = "any", .law = "any", .years = years, .counts_from = from};
}

static void test_T1_years_end_after_the_same_day_of_the_month (void **state)
{
    (void)state;
    static const struct {
        const char *from;
        unsigned years;
        const char *until; /* exclusive */
    } cases[] = {
        {"2026-05-01", 15, "2041-05-02"}, {"2026-05-01", 20, "2046-05-02"}, {"2026-05-01", 7, "2033-05-02"},
        {"2024-02-29", 15, "2039-03-01"}, /* up to and including 28 February */
        {"2024-02-29", 20, "2044-03-01"}, /* up to and including 29 February */
        {"2024-02-28", 20, "2044-02-29"}, {"2026-12-31", 15, "2042-01-01"}, {"2026-03-29", 1, "2027-03-30"},
    };
    for (size_t i = 0; i < COUNT (cases); i++) {
        struct policy_retention entry = years_from (cases[i].years, COUNTS_FROM_RECEIPT);
        /* at whatever hour of the day it came, in whichever time */
        moment first = at (cases[i].from), last = calendar_start (calendar_next (day (cases[i].from))) - 1;
        for (moment receipt = first; receipt <= last; receipt += HOUR)
            assert_int_equal (retention_until (&entry, &(struct retention_facts){.receipt = receipt}),
                              at (cases[i].until));
        assert_int_equal (retention_until (&entry, &(struct retention_facts){.receipt = last}),
                          at (cases[i].until));
        assert_int_not_equal (retention_until (&entry, &(struct retention_facts){.receipt = last + 1}),
                              at (cases[i].until));
    }
}

static void test_T1_receipt_looks_at_no_later_change_and_last_change_at_the_latest (void **state)
{
    (void)state;
    struct policy_retention receipt = years_from (15, COUNTS_FROM_RECEIPT);
    struct policy_retention change = years_from (15, COUNTS_FROM_LAST_CHANGE);
    struct retention_facts facts = {.receipt = at ("2026-05-01"), .last_change = at ("2030-06-01")};
    assert_int_equal (retention_until (&receipt, &facts), at ("2041-05-02"));
    assert_int_equal (retention_until (&change, &facts), at ("2045-06-02"));
    facts.last_change = at ("2020-06-01"); /* not told, or wrong: the record came later */
    assert_int_equal (retention_until (&change, &facts), at ("2041-05-02"));
    facts.last_change = 0;
    assert_int_equal (retention_until (&change, &facts), at ("2041-05-02"));
}

/* Each pair of days of four years, in steps: a period never becomes shorter, and covers the receipt. */
static void test_T1_a_later_change_never_shortens_a_period (void **state)
{
    (void)state;
    const moment first = at ("2023-12-30"), last = at ("2028-03-02"), step = INT64_C (53) * HOUR;
    struct policy_retention change = years_from (1, COUNTS_FROM_LAST_CHANGE);
    for (moment received = first; received < last; received += 7 * step) {
        moment before = MOMENT_ALWAYS;
        for (moment changed = first; changed < last; changed += step) {
            moment until =
                retention_until (&change, &(struct retention_facts){.receipt = received, .last_change = changed});
            assert_true (until >= before && until > received && until > changed);
            before = until;
        }
    }
}

static void test_T1_end_of_care_counts_from_the_recorded_day_and_has_no_end_without_one (void **state)
{
    (void)state;
    static const struct {
        const char *receipt, *ended, *until; /* ended "": not recorded; until "": never */
    } cases[] = {
        {"2026-05-01", "", ""},
        {"2026-05-01", "2030-06-01", "2045-06-02"},
        {"2026-05-01", "2026-05-01", "2041-05-02"},
        {"2026-05-01", "2020-06-01", "2041-05-02"}, /* it came after the care: from its receipt */
        {"2023-05-01", "2024-02-29", "2039-03-01"},
    };
    struct policy_retention care = years_from (15, COUNTS_FROM_END_OF_CARE);
    for (size_t i = 0; i < COUNT (cases); i++) {
        /* what else is known makes no difference */
        for (unsigned more = 0; more < 4; more++) {
            struct retention_facts facts = {.receipt = at (cases[i].receipt),
                                            .last_change = more & 1 ? at ("2050-01-01") : 0};
            if (more & 2)
                facts.birth = day ("1980-06-15");
            if (*cases[i].ended)
                facts.care_ended = day (cases[i].ended);
            assert_int_equal (retention_until (&care, &facts),
                              *cases[i].until ? at (cases[i].until) : MOMENT_NEVER);
        }
    }
    struct retention_facts facts = {.receipt = at ("2026-05-01"),
                                    .last_change = at ("2026-07-01"),
                                    .care_ended = day ("2040-01-01"),
                                    .birth = day ("2010-06-15")};
    struct policy_retention receipt = years_from (15, COUNTS_FROM_RECEIPT),
                            change = years_from (15, COUNTS_FROM_LAST_CHANGE), majority = {.until_majority = true};
    assert_int_equal (retention_until (&receipt, &facts), at ("2041-05-02"));
    assert_int_equal (retention_until (&change, &facts), at ("2041-07-02"));
    assert_int_equal (retention_until (&majority, &facts), at ("2028-06-15"));
}

/* Each pair of days of four years, in steps: a later end of care never makes a period shorter. */
static void test_T1_a_later_end_of_care_never_shortens_a_period (void **state)
{
    (void)state;
    const moment first = at ("2023-12-30"), last = at ("2028-03-02"), step = INT64_C (53) * HOUR;
    struct policy_retention care = years_from (1, COUNTS_FROM_END_OF_CARE);
    for (moment received = first; received < last; received += 7 * step) {
        moment before = MOMENT_ALWAYS;
        for (moment ended = first; ended < last; ended += step) {
            struct retention_facts facts = {.receipt = received, .care_ended = calendar_day (ended)};
            moment until = retention_until (&care, &facts);
            assert_true (until >= before && until > received && until > ended);
            before = until;
        }
    }
}

static void test_T1_until_majority_ends_on_the_18th_birthday (void **state)
{
    (void)state;
    static const struct {
        const char *birth, *receipt, *until;
    } cases[] = {
        {"2010-06-15", "2026-05-01", "2028-06-15"}, {"2008-02-29", "2026-01-01", "2026-03-01"},
        {"2010-06-15", "2028-06-14", "2028-06-15"}, {"2026-04-30", "2026-05-01", "2044-04-30"},
        {"2010-06-15", "2028-06-15", "2028-06-15"}, /* of age on that day: nothing is asked */
        {"1980-06-15", "2026-05-01", "2026-05-01"},
    };
    struct policy_retention entry = {.until_majority = true};
    for (size_t i = 0; i < COUNT (cases); i++) {
        struct retention_facts facts = {.receipt = at (cases[i].receipt), .birth = day (cases[i].birth)};
        assert_int_equal (retention_until (&entry, &facts), at (cases[i].until));
        facts.last_change = at ("2050-01-01"); /* a later change is not asked for */
        assert_int_equal (retention_until (&entry, &facts), at (cases[i].until));
        facts.birth = (struct day){0, 0, 0};
        assert_int_equal (retention_until (&entry, &facts), MOMENT_NEVER);
    }
}

static void test_a_file_without_periods_is_kept_as_long_as_the_shortest_in_years (void **state)
{
    (void)state;
    static const struct {
        struct policy_retention entries[3];
        size_t count;
        const char *until; /* of a file with its last line on 2026-05-01; "": never */
    } cases[] = {
        {{{.years = 15}, {.years = 7}, {.years = 20}}, 3, "2033-05-02"},
        {{{.years = 7}, {.years = 7}, {.years = 15}}, 3, "2033-05-02"},
        {{{.until_majority = true}, {.years = 1}, {.longest_record = true}}, 3, "2027-05-02"},
        {{{.years = 20}}, 1, "2046-05-02"},
        {{{.until_majority = true}, {.longest_record = true}}, 2, ""},
        {{{.years = 0}}, 0, ""},
    };
    for (size_t i = 0; i < COUNT (cases); i++) {
        struct policy_retention entries[3];
        memcpy (entries, cases[i].entries, sizeof entries);
        const struct policy policy = {.retentions = entries, .retention_count = cases[i].count};
        moment expected = *cases[i].until ? at (cases[i].until) : MOMENT_NEVER;
        assert_int_equal (retention_until_without (&policy, at ("2026-05-01") + 12 * HOUR), expected);
    }
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_T1_the_entry_for_every_holder_and_law_in_every_pack),
        cmocka_unit_test (test_T1_years_end_after_the_same_day_of_the_month),
        cmocka_unit_test (test_T1_receipt_looks_at_no_later_change_and_last_change_at_the_latest),
        cmocka_unit_test (test_T1_a_later_change_never_shortens_a_period),
        cmocka_unit_test (test_T1_end_of_care_counts_from_the_recorded_day_and_has_no_end_without_one),
        cmocka_unit_test (test_T1_a_later_end_of_care_never_shortens_a_period),
        cmocka_unit_test (test_T1_until_majority_ends_on_the_18th_birthday),
        cmocka_unit_test (test_a_file_without_periods_is_kept_as_long_as_the_shortest_in_years),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}

/* A change of a subject's record: what it names and nothing else, and when each day was recorded (M5). */
#include <string.h>
#include "fixture_policy.h"
#include "rules/subject_change.h"

enum { THEN = 1000 };

/* A subject of whom all was recorded at THEN, and a change of him that names nothing yet. */
struct record {
    struct fixture *f;
    struct subject before;
    struct subject_change change;
    struct representative named[SUBJECT_REPRESENTATIVES + 1];
    struct capability days[SUBJECT_CAPABILITIES + 1];
    struct subject_edit edit;
};

static struct representative parent (const char *reference)
{
    return (struct representative){.reference = reference,
                                   .kind = "ouder-met-gezag",
                                   .from = fixture_day ("2018-03-01"),
                                   .until = fixture_day ("2036-03-01"),
                                   .refused_from = fixture_day ("2025-01-01"),
                                   .refused_reason = "belang van het kind",
                                   .from_recorded = THEN,
                                   .until_recorded = THEN,
                                   .refused_recorded = THEN};
}

static struct record record_of (struct fixture *f)
{
    struct record made = {.f = f};
    struct subject *before = &made.before;
    before->known = true;
    before->birth = fixture_day ("2018-03-01");
    before->death = fixture_day ("2026-04-01");
    before->death_recorded = THEN;
    before->representatives = arena_array (f->arena, SUBJECT_REPRESENTATIVES, sizeof *before->representatives);
    before->representatives[0] = parent ("moeder");
    before->representatives[1] = parent ("vader");
    before->representative_count = 2;
    before->capabilities = arena_array (f->arena, SUBJECT_CAPABILITIES, sizeof *before->capabilities);
    before->capabilities[0] = (struct capability){fixture_day ("2026-01-10"), false, THEN};
    before->capabilities[1] = (struct capability){fixture_day ("2026-02-10"), true, THEN};
    before->capability_count = 2;
    before->restrictions = arena_array (f->arena, 1, sizeof *before->restrictions);
    before->restriction_count = 1;
    return made;
}

static bool edit (struct record *self)
{
    self->change.representatives = self->named;
    self->change.capabilities = self->days;
    self->edit = (struct subject_edit){
        .before = &self->before, .change = &self->change, .now = self->f->now, .arena = self->f->arena};
    return subject_edit (&self->edit);
}

static void assert_fails (struct record *self, const char *field)
{
    assert_false (edit (self));
    assert_string_equal (self->edit.field, field);
    assert_non_null (self->edit.message);
}

static void assert_day (struct day day, const char *expected)
{
    char text[11] = "";
    if (day.month != 0)
        calendar_format (day, text);
    assert_string_equal (text, expected);
}

static void test_what_is_not_named_stays_with_the_moment_of_its_recording (void **state)
{
    struct record r = record_of (*state);
    assert_true (edit (&r));
    assert_true (subject_has_same_facts (&r.before, &r.edit.after));
    assert_int_equal (r.edit.after.restriction_count, 1);
    assert_ptr_equal (r.edit.after.restrictions, r.before.restrictions);
    assert_int_equal (r.edit.after.death_recorded, THEN);
    for (size_t i = 0; i < 2; i++) {
        const struct representative *one = &r.edit.after.representatives[i];
        assert_int_equal (one->from_recorded + one->until_recorded + one->refused_recorded, 3 * THEN);
        assert_int_equal (r.edit.after.capabilities[i].recorded, THEN);
    }
    r.change.birth = fixture_day ("2017-03-01");
    assert_true (edit (&r));
    assert_day (r.edit.after.birth, "2017-03-01");
    assert_day (r.edit.after.death, "2026-04-01");
    assert_int_equal (r.edit.after.representative_count, 2);
    assert_false (subject_has_same_facts (&r.before, &r.edit.after));
}

static void test_what_is_another_day_is_recorded_now (void **state)
{
    struct record r = record_of (*state);
    moment now = r.f->now;
    r.named[0] = (struct representative){.reference = "vader", .kind = "", .refused_reason = ""};
    r.change.representative_count = 1;
    assert_true (edit (&r));
    assert_true (subject_has_same_facts (&r.before, &r.edit.after));
    r.named[0].until = fixture_day ("2026-05-01");
    assert_true (edit (&r));
    const struct representative *mother = &r.edit.after.representatives[0];
    const struct representative *father = &r.edit.after.representatives[1];
    assert_string_equal (father->kind, "ouder-met-gezag");
    assert_string_equal (father->refused_reason, "belang van het kind");
    assert_int_equal (father->from_recorded, THEN);
    assert_int_equal (father->until_recorded, now);
    assert_int_equal (father->refused_recorded, THEN);
    assert_int_equal (mother->until_recorded, THEN);
    r.named[0] = (struct representative){.reference = "vader",
                                         .kind = "voogd",
                                         .from = fixture_day ("2019-01-01"),
                                         .refused_from = fixture_day ("2024-01-01"),
                                         .refused_reason = "anders"};
    r.change.death = fixture_day ("2026-04-02");
    assert_true (edit (&r));
    father = &r.edit.after.representatives[1];
    assert_string_equal (father->kind, "voogd");
    assert_string_equal (father->refused_reason, "anders");
    assert_int_equal (father->from_recorded, now);
    assert_int_equal (father->until_recorded, THEN);
    assert_int_equal (father->refused_recorded, now);
    assert_int_equal (r.edit.after.death_recorded, now);
}

static void test_one_who_is_new_is_told_whole (void **state)
{
    struct record r = record_of (*state);
    r.change.representative_count = 1;
    r.named[0] = (struct representative){.reference = "voogd", .kind = "", .refused_reason = ""};
    assert_fails (&r, "representatives[0].kind");
    r.named[0].kind = "voogd";
    assert_fails (&r, "representatives[0].from");
    r.named[0].from = fixture_day ("2026-05-01");
    assert_true (edit (&r));
    const struct representative *one = &r.edit.after.representatives[2];
    assert_string_equal (one->reference, "voogd");
    assert_int_equal (one->from_recorded, r.f->now);
    assert_int_equal (one->until_recorded + one->refused_recorded, 0);
    for (size_t i = 0; i < 7; i++) {
        r.named[i] = r.named[0];
        r.named[i].reference = arena_printf (r.f->arena, "voogd-%zu", i);
    }
    r.change.representative_count = 6;
    assert_true (edit (&r));
    assert_int_equal (r.edit.after.representative_count, SUBJECT_REPRESENTATIVES);
    r.change.representative_count = 7;
    assert_fails (&r, "representatives");
}

static void test_an_authority_ends_after_it_begins (void **state)
{
    struct record r = record_of (*state);
    r.change.representative_count = 1;
    r.named[0] = (struct representative){
        .reference = "moeder", .kind = "", .refused_reason = "", .until = fixture_day ("2018-03-01")};
    assert_fails (&r, "representatives[0].until");
    r.named[0].until = fixture_day ("2018-03-02");
    assert_true (edit (&r));
    r.named[0].until.month = 0;
    r.named[0].from = fixture_day ("2036-03-01");
    assert_fails (&r, "representatives[0].from");
}

static void test_capability_is_a_history_in_order (void **state)
{
    struct record r = record_of (*state);
    r.days[0] = (struct capability){.from = fixture_day ("2026-01-20"), .capable = true};
    r.days[1] = (struct capability){.from = fixture_day ("2026-02-10"), .capable = false};
    r.days[2] = (struct capability){.from = fixture_day ("2026-03-10"), .capable = true};
    r.change.capability_count = 3;
    assert_true (edit (&r));
    static const struct {
        const char *day;
        bool capable, now;
    } expected[] = {{"2026-01-10", false, false},
                    {"2026-01-20", true, true},
                    {"2026-02-10", false, true},
                    {"2026-03-10", true, true}};
    assert_int_equal (r.edit.after.capability_count, 4);
    for (size_t i = 0; i < 4; i++) {
        const struct capability *one = &r.edit.after.capabilities[i];
        assert_day (one->from, expected[i].day);
        assert_int_equal (one->capable, expected[i].capable);
        assert_int_equal (one->recorded, expected[i].now ? r.f->now : THEN);
    }
    r.days[0] = (struct capability){.from = fixture_day ("2026-02-10"), .capable = true};
    r.change.capability_count = 1;
    assert_true (edit (&r));
    assert_true (subject_has_same_facts (&r.before, &r.edit.after));
    for (unsigned i = 0; i < SUBJECT_CAPABILITIES; i++)
        r.days[i] = (struct capability){.from = {2025, 1, (uint8_t)(i + 1)}};
    r.change.capability_count = SUBJECT_CAPABILITIES - 2;
    assert_true (edit (&r));
    r.change.capability_count = SUBJECT_CAPABILITIES - 1;
    assert_fails (&r, "capabilities");
}

static void test_the_end_of_care_is_one_day_for_each_law (void **state)
{
    struct record r = record_of (*state);
    struct care_end before[] = {{"wmo", fixture_day ("2026-01-10")}, {"jeugdwet", fixture_day ("2026-02-10")}};
    struct care_end named[SUBJECT_CARE_ENDS + 1] = {{"jeugdwet", fixture_day ("2026-03-10")},
                                                    {"zvw", fixture_day ("2026-03-11")}};
    static const char *const wmo[] = {"wmo"}, *const zvw[] = {"zvw"};
    r.before.care_ended = before;
    r.before.care_ended_count = 2;
    assert_true (edit (&r));
    assert_true (subject_has_same_facts (&r.before, &r.edit.after));
    r.change.care_ended = named;
    r.change.care_ended_count = 2;
    assert_true (edit (&r));
    const struct care_end *after = r.edit.after.care_ended;
    assert_int_equal (r.edit.after.care_ended_count, 3);
    assert_string_equal (after[0].law, "wmo");
    assert_day (after[0].day, "2026-01-10");
    assert_string_equal (after[1].law, "jeugdwet");
    assert_day (after[1].day, "2026-03-10");
    assert_string_equal (after[2].law, "zvw");
    assert_day (before[1].day, "2026-02-10"); /* what was is as it was */
    assert_int_equal (r.edit.after.death_recorded, THEN);
    r.change.no_care_ended = wmo;
    r.change.no_care_ended_count = 1;
    assert_true (edit (&r));
    assert_int_equal (r.edit.after.care_ended_count, 2);
    assert_string_equal (r.edit.after.care_ended[0].law, "jeugdwet");
    r.change.no_care_ended = zvw; /* it is only named */
    assert_fails (&r, "remove.care_ended[0]");
    r.change.no_care_ended_count = 0;
    r.change.whole = true;
    assert_true (edit (&r));
    assert_int_equal (r.edit.after.care_ended_count, 2);
    r.change.whole = false;
    named[1].day = calendar_day (r.f->now);
    assert_true (edit (&r));
    named[1].day = calendar_next (named[1].day);
    assert_fails (&r, "care_ended[1].day");
    for (unsigned i = 0; i < COUNT (named); i++)
        named[i] = (struct care_end){arena_printf (r.f->arena, "wet-%u", i), fixture_day ("2026-01-01")};
    r.change.care_ended_count = SUBJECT_CARE_ENDS - 2;
    assert_true (edit (&r));
    r.change.care_ended_count = SUBJECT_CARE_ENDS - 1;
    assert_fails (&r, "care_ended");
}

static void test_taking_away_is_said (void **state)
{
    struct record r = record_of (*state);
    static const char *const father[] = {"vader"}, *const mother[] = {"moeder"}, *const oma[] = {"oma"};
    const struct day days[] = {fixture_day ("2026-01-10")}, others[] = {fixture_day ("2026-01-11")};
    r.change.no_birth = r.change.no_death = true;
    r.change.no_representatives = father;
    r.change.no_untils = r.change.no_refusals = mother;
    r.change.no_representative_count = r.change.no_until_count = r.change.no_refusal_count = 1;
    r.change.no_capabilities = days;
    r.change.no_capability_count = 1;
    assert_true (edit (&r));
    const struct subject *after = &r.edit.after;
    assert_int_equal (after->birth.month + after->death.month, 0);
    assert_int_equal (after->death_recorded, 0);
    assert_int_equal (after->representative_count, 1);
    assert_string_equal (after->representatives[0].reference, "moeder");
    assert_int_equal (after->representatives[0].until.month + after->representatives[0].refused_from.month, 0);
    assert_string_equal (after->representatives[0].refused_reason, "");
    assert_int_equal (after->representatives[0].until_recorded + after->representatives[0].refused_recorded, 0);
    assert_int_equal (after->representatives[0].from_recorded, THEN);
    assert_int_equal (after->capability_count, 1);
    assert_day (after->capabilities[0].from, "2026-02-10");
    /* Of what is not recorded nothing is taken away. */
    r.change.no_representatives = oma;
    assert_fails (&r, "remove.representatives[0]");
    r.change.no_representatives = father;
    r.change.no_untils = oma;
    assert_fails (&r, "remove.untils[0]");
    r.change.no_untils = mother;
    r.change.no_refusals = oma;
    assert_fails (&r, "remove.refusals[0]");
    r.change.no_refusals = mother;
    r.change.no_capabilities = others;
    assert_fails (&r, "remove.capabilities[0]");
    r.change.no_capabilities = days;
    r.before.representatives[0].until.month = 0;
    assert_fails (&r, "remove.untils[0]");
    r.before.representatives[0].until.month = 1;
    r.before.representatives[0].refused_from.month = 0;
    assert_fails (&r, "remove.refusals[0]");
}

static void test_the_whole_is_what_is_named_and_nothing_else (void **state)
{
    struct record r = record_of (*state);
    r.change.whole = true;
    assert_true (edit (&r));
    assert_false (subject_has_facts (&r.edit.after));
    assert_true (r.edit.after.known);
    assert_int_equal (r.edit.after.restriction_count, 1);
    /* What of it was recorded before was recorded then. */
    r.named[0] = parent ("vader");
    r.named[0].from_recorded = r.named[0].until_recorded = 0;
    r.named[0].refused_from.month = 0;
    r.named[0].refused_reason = "";
    r.change.representative_count = 1;
    r.days[0] = (struct capability){.from = fixture_day ("2026-02-10"), .capable = true};
    r.change.capability_count = 1;
    r.change.death = fixture_day ("2026-04-01");
    assert_true (edit (&r));
    const struct subject *after = &r.edit.after;
    assert_int_equal (after->representative_count, 1);
    assert_int_equal (after->representatives[0].from_recorded, THEN);
    assert_int_equal (after->representatives[0].until_recorded, THEN);
    assert_int_equal (after->representatives[0].refused_recorded, 0);
    assert_int_equal (after->capability_count, 1);
    assert_int_equal (after->capabilities[0].recorded, THEN);
    assert_int_equal (after->death_recorded, THEN);
    assert_int_equal (after->birth.month, 0);
}

static void test_days_of_life_hold_together (void **state)
{
    struct record r = record_of (*state);
    r.change.birth = calendar_next (calendar_day (r.f->now));
    assert_fails (&r, "birth_date");
    assert_string_equal (r.edit.message, "in the future");
    r.change.birth = fixture_day ("2026-04-02");
    assert_fails (&r, "birth_date");
    r.change.birth = fixture_day ("2026-04-01");
    assert_true (edit (&r));
    r.change.birth.month = 0;
    r.change.death = calendar_next (calendar_day (r.f->now));
    assert_fails (&r, "death_date");
    r.change.death = calendar_day (r.f->now);
    assert_true (edit (&r));
    r.change.death = fixture_day ("2018-02-28");
    assert_fails (&r, "death_date");
    r.change.no_birth = true;
    assert_true (edit (&r));
}

static void test_every_fact_makes_a_difference (void **state)
{
    struct record r = record_of (*state);
    struct subject other = r.before;
    struct representative people[2] = {r.before.representatives[0], r.before.representatives[1]};
    struct capability days[2] = {r.before.capabilities[0], r.before.capabilities[1]};
    struct care_end ends[] = {{"wmo", fixture_day ("2026-01-10")}, {"zvw", fixture_day ("2026-01-11")}};
    struct care_end turned[] = {ends[1], ends[0]};
    r.before.care_ended = ends;
    other.care_ended = turned; /* in whichever order */
    r.before.care_ended_count = other.care_ended_count = 2;
    other.representatives = people;
    other.capabilities = days;
    people[0].from_recorded = days[0].recorded = other.death_recorded = 7; /* no fact */
    assert_true (subject_has_same_facts (&r.before, &other));
#define DIFFERS(field, value)                                      \
    do {                                                           \
        __typeof__ (field) kept = field;                           \
        field = value;                                             \
        assert_false (subject_has_same_facts (&r.before, &other)); \
        field = kept;                                              \
        assert_true (subject_has_same_facts (&r.before, &other));  \
    } while (0)
    struct day day = fixture_day ("2000-01-01");
    DIFFERS (other.birth, day);
    DIFFERS (other.death, day);
    DIFFERS (other.representative_count, 1);
    DIFFERS (other.capability_count, 1);
    DIFFERS (people[1].reference, "oom");
    DIFFERS (people[1].kind, "voogd");
    DIFFERS (people[1].from, day);
    DIFFERS (people[1].until, day);
    DIFFERS (people[1].refused_from, day);
    DIFFERS (people[1].refused_reason, "anders");
    DIFFERS (days[0].from, day);
    DIFFERS (days[0].capable, true);
    DIFFERS (other.care_ended_count, 1);
    DIFFERS (turned[1].law, "jeugdwet");
    DIFFERS (turned[1].day, day);
    struct subject nothing = {.known = true, .restriction_count = 1};
    assert_false (subject_has_facts (&nothing));
    struct subject born = nothing, dead = nothing, represented = nothing, capable = nothing, cared = nothing;
    born.birth = dead.death = day;
    represented.representative_count = capable.capability_count = cared.care_ended_count = 1;
    assert_true (subject_has_facts (&born) && subject_has_facts (&dead));
    assert_true (subject_has_facts (&represented) && subject_has_facts (&capable));
    assert_true (subject_has_facts (&cared));
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST (test_what_is_not_named_stays_with_the_moment_of_its_recording),
        FIXTURE_TEST (test_what_is_another_day_is_recorded_now),
        FIXTURE_TEST (test_one_who_is_new_is_told_whole),
        FIXTURE_TEST (test_an_authority_ends_after_it_begins),
        FIXTURE_TEST (test_capability_is_a_history_in_order),
        FIXTURE_TEST (test_the_end_of_care_is_one_day_for_each_law),
        FIXTURE_TEST (test_taking_away_is_said),
        FIXTURE_TEST (test_the_whole_is_what_is_named_and_nothing_else),
        FIXTURE_TEST (test_days_of_life_hold_together),
        FIXTURE_TEST (test_every_fact_makes_a_difference),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}

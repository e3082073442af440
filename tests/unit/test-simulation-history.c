/* What the registry knew of a subject at any line of the log is what it was, though each change kept only what it
   changed. Random changes, compared with a copy of the facts after each of them. */
#include <string.h>
#include "audit/log.h"
#include "random_pick.h"
#include "registry/history.h"
#include "simulation_verbs.h"

static const char adult[] = "999900006";
enum { CHANGES = 120 };

/* The facts as text, with all that is kept of them. */
static const char *text_of (struct arena *arena, const struct subject *subject)
{
    const char *text = arena_printf (arena, "%d %d %lld", subject->birth.year, subject->death.year,
                                     (long long)subject->death_recorded);
    for (size_t i = 0; i < subject->representative_count; i++)
        text = arena_printf (arena, "%s r%s%d %lld", text, subject->representatives[i].reference,
                             subject->representatives[i].from.year,
                             (long long)subject->representatives[i].from_recorded);
    for (size_t i = 0; i < subject->capability_count; i++)
        text = arena_printf (arena, "%s c%d%d", text, subject->capabilities[i].from.year,
                             subject->capabilities[i].capable);
    for (size_t i = 0; i < subject->restriction_count; i++)
        text = arena_printf (arena, "%s x%s%lld", text, subject->restrictions[i].category,
                             (long long)subject->restrictions[i].since);
    return text;
}

static void change_lists (struct arena *arena, struct subject *subject)
{
    const struct day from = {(int16_t)(2000 + random_pick (20)), 1, 1};
    struct representative *one = arena_alloc (arena, sizeof *one);
    struct capability *capability = arena_alloc (arena, sizeof *capability);
    struct restriction *restriction = arena_alloc (arena, sizeof *restriction);
    *one = (struct representative){.reference = "ouder-1", .kind = "curator", .from = from, .refused_reason = ""};
    *capability = (struct capability){.from = from, .capable = random_pick (2) != 0};
    *restriction = (struct restriction){.category = random_pick (2) != 0 ? "naw" : "bsn",
                                        .since = (moment)random_pick (1000),
                                        .reason = "",
                                        .recorded_by = "kernteam",
                                        .user = ""};
    switch (random_pick (3)) {
    case 0:
        subject->representatives = one, subject->representative_count = random_pick (2);
        break;
    case 1:
        subject->capabilities = capability, subject->capability_count = random_pick (2);
        break;
    default:
        subject->restrictions = restriction, subject->restriction_count = random_pick (2);
        break;
    }
}

static void change (struct arena *arena, struct subject *subject)
{
    if (random_pick (4) == 0)
        subject->birth = (struct day){(int16_t)(1950 + random_pick (3)), 1, 1};
    if (random_pick (4) == 0) {
        subject->death = (struct day){(int16_t)(2020 + random_pick (3)), 1, 1};
        subject->death_recorded = (moment)random_pick (1000);
    }
    if (random_pick (2) == 0)
        change_lists (arena, subject);
}

/* One change in a turn and a line of its own, or none. The facts after it, and its number. */
static const char *step (struct simulation *sim, uint64_t *number)
{
    struct turn turn;
    struct subject_file file;
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    assert_int_equal (subject_file_open (&turn, adult, &file), 0);
    struct subject after = file.subject;
    change (turn.arena, &after);
    assert_int_equal (subject_file_put_subject (&turn, &file, &after), 0);
    assert_int_equal (subject_file_settle (&turn, &file), 0);
    const struct audit_head head = {.time = turn.now, .party = "", .action = "try", .result = "ok"};
    assert_int_equal (audit_append (&turn, &head, NULL, &(struct evidence){.note = ""}), 0);
    const char *text = arena_strdup (sim->arena, text_of (turn.arena, &file.subject));
    *number = turn.state.audit_number;
    subject_file_close (&file);
    assert_int_equal (registry_end (&sim->registry, &turn, 0), 0);
    return text;
}

static void test_the_facts_at_each_line_are_what_they_were (void **state)
{
    struct simulation *sim = *state;
    random_begin (2015);
    const char *facts[CHANGES];
    uint64_t numbers[CHANGES];
    for (int i = 0; i < CHANGES; i++)
        facts[i] = step (sim, &numbers[i]);
    struct turn turn;
    struct subject_file file;
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    assert_int_equal (subject_file_open (&turn, adult, &file), 0);
    unsigned different = 0;
    for (int i = 0; i < CHANGES; i++) {
        struct subject then;
        assert_int_equal (history_subject_at (&turn, &file, numbers[i], &then), 0);
        assert_string_equal (text_of (turn.arena, &then), facts[i]);
        different += i > 0 && strcmp (facts[i], facts[i - 1]) != 0;
    }
    assert_in_range (different, CHANGES / 4, CHANGES);
    subject_file_close (&file);
    assert_int_equal (registry_end (&sim->registry, &turn, -1), -1);
}

/* It keeps what it changed, and nothing of the rest. */
static void test_a_change_keeps_only_what_it_changed (void **state)
{
    struct simulation *sim = *state;
    struct turn turn;
    struct subject_file file;
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    assert_int_equal (subject_file_open (&turn, adult, &file), 0);
    struct subject after = file.subject;
    uint64_t count[3];
    assert_int_equal (store_count (turn.txn, STORE_SUBJECT_BEFORE, &count[0]), 0);
    assert_int_equal (history_keep_subject (&turn, &file, &after), 0);
    assert_int_equal (store_count (turn.txn, STORE_SUBJECT_BEFORE, &count[1]), 0);
    assert_int_equal (count[1], count[0]);
    after.death = (struct day){2026, 4, 1};
    assert_int_equal (history_keep_subject (&turn, &file, &after), 0);
    assert_int_equal (store_count (turn.txn, STORE_SUBJECT_BEFORE, &count[2]), 0);
    assert_int_equal (count[2], count[0] + 1);
    struct bytes key, value;
    struct kept_facts before;
    assert_int_equal (store_last (turn.txn, STORE_SUBJECT_BEFORE, (struct bytes){"", 0}, &key, &value), 0);
    struct record_place place = {"subject_before", key.data, key.size, &file.key};
    assert_int_equal (record_open_facts (turn.arena, &place, value, turn.now, &before), 0);
    assert_int_equal (before.parts, FACTS_DEATH);
    assert_int_equal (before.subject.birth.month, 0);
    subject_file_close (&file);
    assert_int_equal (registry_end (&sim->registry, &turn, -1), -1);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        ADULT_TEST (test_the_facts_at_each_line_are_what_they_were),
        ADULT_TEST (test_a_change_keeps_only_what_it_changed),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}

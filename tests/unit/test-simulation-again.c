/* G11: an answer is given again for 24 hours, whatever happens between: days of other answers, restarts, a clock
   that was set back, an upgrade. A check of a one-time consent shows it, since it is USED_UP where it is decided
   anew. */
#include <stdio.h>
#include <string.h>
#include "earlier_store.h"
#include "registry/idempotency.h"
#include "simulation_verbs.h"

enum { HOUR = 3600000, MANY = 400, RECORDED = IDEMPOTENCY_RECORDED + MANY };

static const char key[] = "een sleutel van16";

static Consentd__Request *keyed (Consentd__Request *request)
{
    request->idempotency_key.data = (uint8_t *)(uintptr_t)key;
    request->idempotency_key.len = 16;
    return request;
}

static const char *ask (struct simulation *sim)
{
    Consentd__Request *request = simulation_check (sim, &(struct simulated_check){.items = "naw"});
    return simulation_answer (sim, "kernteam", keyed (request));
}

static void use_up (struct simulation *sim)
{
    GRANTED (sim, .one_time = true);
    assert_string_equal (ask (sim), "consent");
}

/* All that a decision is shown as, and what operators see of it in the log. */
static struct bytes shown (struct simulation *sim, uint64_t number)
{
    Consentd__Request *show = simulation_asking (sim, CONSENTD__REQUEST__BODY_DECISION_SHOW);
    Consentd__Request *list = simulation_asking (sim, CONSENTD__REQUEST__BODY_AUDIT_LIST);
    show->decision_show->number = number;
    list->audit_list->after = number - 1;
    list->audit_list->limit = 1;
    const Consentd__DecisionShowReply *decision = simulation_look (sim, "operator", show)->decision_show;
    const Consentd__AuditListReply *log = simulation_look (sim, "operator", list)->audit_list;
    assert_non_null (decision);
    assert_int_equal (log->n_entries, 1);
    size_t size = consentd__decision_show_reply__get_packed_size (decision),
           told = strlen (log->entries[0]->details);
    uint8_t *made = arena_alloc (sim->arena, size + told);
    consentd__decision_show_reply__pack (decision, made);
    memcpy (made + size, log->entries[0]->details, told);
    assert_non_null (strstr (log->entries[0]->details, "\"idempotency_key\""));
    assert_non_null (strstr (log->entries[0]->details, "\"policy\""));
    return (struct bytes){made, size + told};
}

static void disclose_often (struct simulation *sim, unsigned count)
{
    for (; count > 0; count--)
        CHECK (sim, .items = "email");
}

/* How many records the index has in the store. */
static uint64_t kept (struct simulation *sim)
{
    struct store_txn *txn;
    uint64_t count;
    assert_int_equal (store_begin (sim->store, &txn), 0);
    assert_int_equal (store_count (txn, STORE_ANSWERED, &count), 0);
    store_abort (&txn);
    return count;
}

static void test_an_answer_is_given_again_for_a_day_after_days_of_others_and_restarts (void **state)
{
    struct simulation *sim = *state;
    disclose_often (sim, MANY);
    sim->wall += 30 * HOUR;
    disclose_often (sim, MANY);
    use_up (sim);
    moment then = sim->wall;
    simulation_restart (sim);
    assert_string_equal (ask (sim), "consent again");
    sim->wall = then + 12 * HOUR;
    disclose_often (sim, MANY);
    simulation_restart (sim);
    sim->wall = then + 24 * HOUR - 1;
    disclose_often (sim, MANY);
    assert_string_equal (ask (sim), "consent again");
    simulation_restart (sim);
    assert_string_equal (ask (sim), "consent again");
    sim->wall = then + 24 * HOUR;
    assert_string_equal (ask (sim), "USED_UP");
}

/* C14: the lines from before the reset have later times than those behind it. */
static void test_an_answer_is_given_again_after_the_clock_was_set_back (void **state)
{
    struct simulation *sim = *state;
    moment right = sim->wall;
    disclose_often (sim, MANY);
    sim->wall += 20 * HOUR;
    use_up (sim);
    sim->wall = right + HOUR;
    simulation_reset_clock (sim);
    assert_string_equal (ask (sim), "consent again");
    disclose_often (sim, MANY);
    simulation_restart (sim);
    assert_string_equal (ask (sim), "consent again");
    sim->wall = right + 23 * HOUR; /* so long ago it was, whatever the line says */
    disclose_often (sim, MANY);
    simulation_restart (sim);
    assert_string_equal (ask (sim), "consent again");
    sim->wall = right + 44 * HOUR;
    assert_string_equal (ask (sim), "USED_UP");
}

/* The pack of the simulation gets another version, and is taken up. */
static void renew_pack (struct simulation *sim)
{
    const char *path = arena_printf (sim->arena, "%s/pack/pack.txt", sim->directory);
    char *text = arena_alloc (sim->arena, 1 << 14);
    FILE *file = fopen (path, "r");
    assert_non_null (file);
    assert_true (fread (text, 1, (1 << 14) - 1, file) > 0);
    fclose (file);
    char *found = strstr (text, "version  ");
    assert_non_null (found);
    found += strlen ("version  ");
    file = fopen (path, "w");
    assert_non_null (file);
    fprintf (file, "%.*s9%s", (int)(found - text), text, found);
    fclose (file);
    simulation_reload (sim);
}

/* The line keeps neither: they are kept once for many lines. */
static void test_an_answer_given_again_names_the_epoch_and_the_pack_of_its_time (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .categories = "naw");
    Consentd__Request *request = simulation_check (sim, &(struct simulated_check){.items = "naw"});
    Consentd__Reply *first = simulation_ask (sim, "kernteam", keyed (request));
    renew_pack (sim);
    sim->wall -= HOUR;
    simulation_reset_clock (sim);
    Consentd__Reply *now = CHECK_REPLY (sim, .items = "naw");
    assert_string_not_equal (now->check->policy, first->check->policy);
    assert_memory_not_equal (now->epoch.data, first->epoch.data, 16);
    for (int i = 0; i < 2; i++) {
        Consentd__Reply *again = simulation_ask (sim, "kernteam", keyed (request));
        assert_true (again->replayed);
        again->replayed = false;
        size_t size = consentd__reply__get_packed_size (first);
        assert_int_equal (consentd__reply__get_packed_size (again), size);
        uint8_t *one = arena_alloc (sim->arena, size), *other = arena_alloc (sim->arena, size);
        consentd__reply__pack (first, one);
        consentd__reply__pack (again, other);
        assert_memory_equal (one, other, size);
        simulation_restart (sim);
    }
}

/* Whether the line was lost with its index, or kept with it: never one of the two. */
static void test_a_turn_that_failed_answers_nothing_again (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .one_time = true);
    Consentd__Request *request = simulation_check (sim, &(struct simulated_check){.items = "naw"});
    struct round_trip lost = {"kernteam", keyed (request), NULL};
    sim->fail_commit = true;
    assert_int_not_equal (simulation_turn (sim, &lost, 1), 0);
    assert_string_equal (ask (sim), "consent");
    assert_string_equal (ask (sim), "consent again");
}

static void test_what_is_past_its_time_leaves_the_index (void **state)
{
    struct simulation *sim = *state;
    for (unsigned day = 0; day < 4; day++) {
        disclose_often (sim, RECORDED);
        sim->wall += 25 * HOUR;
        simulation_restart (sim);
    }
    assert_in_range (kept (sim), 1,
                     2); /* of the last day of work, and of the day before where that is not gone yet */
}

/* The lines from before a record are found by it, those behind it are read. */
static void test_an_answer_is_found_by_a_record_of_the_index_too (void **state)
{
    struct simulation *sim = *state;
    use_up (sim);
    disclose_often (sim, RECORDED);
    assert_int_equal (kept (sim), 1);
    simulation_restart (sim);
    assert_string_equal (ask (sim), "consent again");
    disclose_often (sim, RECORDED);
    assert_int_equal (kept (sim), 2);
    simulation_restart (sim);
    assert_string_equal (ask (sim), "consent again");
}

/* Advice is not given again. */
static void test_lines_that_answer_nobody_again_make_a_record_too (void **state)
{
    struct simulation *sim = *state;
    for (unsigned records = 1; records <= 2; records++) {
        for (unsigned i = 0; i < RECORDED; i++)
            CHECK (sim, .items = "email", .advise = true);
        assert_int_equal (kept (sim), records);
        simulation_restart (sim);
    }
    use_up (sim);
    simulation_restart (sim);
    assert_string_equal (ask (sim), "consent again");
}

/* The first record of the index: one bit of it is wrong, or it is gone, as if a page had fallen back. */
static void damage_record (struct simulation *sim, bool is_gone)
{
    struct store_txn *txn;
    struct store_scan *scan;
    struct bytes last_line, value;
    uint8_t where[8], *content = arena_alloc (sim->arena, 1 << 20);
    assert_int_equal (store_begin (sim->store, &txn), 0);
    assert_int_equal (store_scan_open (txn, STORE_ANSWERED, (struct bytes){"", 0}, &scan), 0);
    assert_int_equal (store_scan_next (scan, &last_line, &value), 0);
    memcpy (where, last_line.data, sizeof where);
    memcpy (content, value.data, value.size);
    content[value.size / 2] ^= 1;
    size_t size = value.size;
    store_scan_close (&scan);
    struct bytes place = {where, sizeof where};
    assert_int_equal (is_gone ? store_delete (txn, STORE_ANSWERED, place)
                              : store_put (txn, STORE_ANSWERED, place, (struct bytes){content, size}),
                      0);
    assert_int_equal (store_commit (&txn), 0);
}

static void test_a_record_that_is_damaged_or_gone_loses_no_answer (void **state)
{
    struct simulation *sim = *state;
    use_up (sim);
    disclose_often (sim, 2 * RECORDED);
    for (int i = 0; i < 2; i++) {
        assert_int_equal (kept (sim), 2 - i);
        damage_record (sim, i == 0); /* the second one then does not continue it */
        simulation_restart (sim);
        assert_string_equal (ask (sim), "consent again");
        disclose_often (sim, RECORDED / 4); /* and it is told of anew */
        simulation_restart (sim);
        assert_string_equal (ask (sim), "consent again");
    }
}

/* A turn that would have written a record and failed: the next one writes it. */
static void test_a_record_that_was_not_committed_is_written_by_the_next_turn (void **state)
{
    struct simulation *sim = *state;
    use_up (sim);
    while (sim->state.audit_number < IDEMPOTENCY_RECORDED - 1)
        disclose_often (sim, 1);
    struct round_trip lost = {"kernteam", simulation_check (sim, &(struct simulated_check){.items = "naw"}), NULL};
    sim->fail_commit = true;
    assert_int_not_equal (simulation_turn (sim, &lost, 1), 0);
    assert_int_equal (kept (sim), 0);
    disclose_often (sim, 2);
    assert_int_equal (kept (sim), 1);
    simulation_restart (sim);
    assert_string_equal (ask (sim), "consent again");
}

static void pass_over (uint64_t done, uint64_t unreadable, uint64_t all)
{
    assert_in_range (done + unreadable, 0, all);
}

static void test_lines_of_before_an_upgrade_are_given_again_and_tell_the_same (void **state)
{
    struct simulation *sim = *state;
    struct registry_options options = simulation_registry_options (sim);
    struct settings_error error;
    disclose_often (sim, MANY);
    sim->wall += 30 * HOUR;
    use_up (sim);
    uint64_t used = sim->state.audit_number;
    CHECK (sim, .items = "naw gezondheid/zvw", .by = horizon, .advise = true);
    uint64_t advised = sim->state.audit_number;
    struct bytes before[] = {shown (sim, used), shown (sim, advised)};
    disclose_often (sim, MANY);
    assert_int_equal (earlier_store_make (&sim->registry, &sim->in_force), 0);
    simulation_stop (sim);
    assert_int_equal (registry_upgrade (&sim->registry, &options, &sim->in_force, pass_over, &error), 0);
    simulation_stop (sim);
    assert_int_equal (simulation_start (sim), 0);
    assert_string_equal (ask (sim), "consent again");
    struct bytes after[] = {shown (sim, used), shown (sim, advised)};
    for (int i = 0; i < 2; i++) {
        assert_int_equal (after[i].size, before[i].size);
        assert_memory_equal (after[i].data, before[i].data, before[i].size);
    }
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        ADULT_TEST (test_an_answer_is_given_again_for_a_day_after_days_of_others_and_restarts),
        ADULT_TEST (test_an_answer_is_given_again_after_the_clock_was_set_back),
        ADULT_TEST (test_an_answer_given_again_names_the_epoch_and_the_pack_of_its_time),
        ADULT_TEST (test_a_turn_that_failed_answers_nothing_again),
        ADULT_TEST (test_what_is_past_its_time_leaves_the_index),
        ADULT_TEST (test_an_answer_is_found_by_a_record_of_the_index_too),
        ADULT_TEST (test_lines_that_answer_nobody_again_make_a_record_too),
        ADULT_TEST (test_a_record_that_is_damaged_or_gone_loses_no_answer),
        ADULT_TEST (test_a_record_that_was_not_committed_is_written_by_the_next_turn),
        ADULT_TEST (test_lines_of_before_an_upgrade_are_given_again_and_tell_the_same),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}

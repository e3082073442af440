/* Lines of the log that have left the store are read as before, by whoever reads lines; and none leaves that may
 * not.
 */
#include <stdio.h>
#include <string.h>
#include "audit/log.h"
#include "audit/tree.h"
#include "config/config.h"
#include "simulated_archive.h"
#include "simulated_keeping.h"

static const char adult[] = "999900006";

static uint64_t may_until (struct simulation *sim)
{
    Consentd__Reply *reply = simulated_archive_ask (sim, 0, 0);
    assert_int_equal (reply->status, CONSENTD__STATUS__OK);
    assert_string_equal (reply->log_archive->directory, sim->in_force.config->log_archive);
    return reply->log_archive->until;
}

static bool is_full (struct simulation *sim)
{
    return strcmp (CHECK (sim, .items = "naw", .advise = true), "NO_CONSENT") != 0;
}

static void test_lines_are_read_as_before_wherever_they_are (void **state)
{
    struct simulation *sim = *state;
    simulated_archive_age (sim, 5 * BUNDLE + 77);
    struct log_model *model = log_model_of (sim);
    static const uint64_t ends[] = {1, 2, 5};
    for (size_t i = 0; i < COUNT (ends); i++) {
        simulated_archive_leave (sim, ends[i] * BUNDLE);
        assert_int_equal (simulated_archive_count (sim), ends[i] * BUNDLE);
        log_model_assert (sim, model);
        simulated_archive_restart (sim);
        log_model_assert (sim, model);
    }
    assert_int_equal (may_until (sim), 5 * BUNDLE);
}

/* Each limit alone: age, checkpoint, and the lines that always stay. */
static void test_no_line_leaves_that_may_not (void **state)
{
    struct simulation *sim = *state;
    simulated_archive_fill (sim, 3 * BUNDLE + 10);
    simulated_archive_sign (sim);
    assert_int_equal (may_until (sim), 0); /* too young */
    sim->wall += sim->in_force.config->archive_after - 3600000;
    assert_int_equal (may_until (sim), 0);
    sim->wall += 2 * 3600000;
    assert_int_equal (may_until (sim), 2 * BUNDLE); /* of the old ones the newest bundle stays */
    simulated_archive_fill (sim, 4 * BUNDLE + 10);
    assert_int_equal (may_until (sim), 3 * BUNDLE);
    simulated_archive_fill (sim, 6 * BUNDLE);
    assert_int_equal (may_until (sim), 3 * BUNDLE); /* the others are too young */
    sim->wall += 2 * sim->in_force.config->archive_after;
    assert_int_equal (may_until (sim), 3 * BUNDLE); /* or in no checkpoint */
    simulated_archive_sign (sim);
    assert_int_equal (may_until (sim), 5 * BUNDLE);
    static const uint64_t asked[] = {1, BUNDLE - 1, BUNDLE + 1, 6 * BUNDLE, UINT64_MAX, UINT64_MAX - 255};
    for (size_t i = 0; i < COUNT (asked); i++) {
        Consentd__Reply *reply = simulated_archive_ask (sim, asked[i], 0);
        assert_int_equal (reply->status, CONSENTD__STATUS__INVALID);
        assert_string_equal (reply->field, "log_archive.until");
    }
    assert_int_equal (simulated_archive_count (sim), 0);
}

static void test_without_a_directory_or_a_key_nothing_leaves (void **state)
{
    struct simulation *sim = *state;
    simulated_archive_age (sim, BUNDLE);
    char *directory = sim->in_force.config->log_archive;
    sim->in_force.config->log_archive = NULL;
    assert_int_equal (simulated_archive_ask (sim, BUNDLE, 0)->status, CONSENTD__STATUS__NOT_FOUND);
    sim->in_force.config->log_archive = directory;
    assert_int_equal (may_until (sim), BUNDLE); /* the control */
}

/* A store that is full gets room by it, though it has none for what else is written. */
static void test_lines_leave_a_store_that_is_full (void **state)
{
    struct simulation *sim = *state;
    simulated_archive_teardown (state);
    *state = sim = simulated_archive_new (&(struct simulation_options){.size = 4 << 20, .reserve = 1 << 20});
    for (uint64_t asked = 0; !is_full (sim); asked++)
        if (asked % 256 == 255)
            simulated_archive_sign (sim);
    sim->wall += 2 * sim->in_force.config->archive_after;
    uint64_t until = may_until (sim);
    assert_true (until >= 8 * BUNDLE);
    simulated_archive_leave (sim, until);
    assert_string_equal (CHECK (sim, .items = "naw", .advise = true), "NO_CONSENT");
    simulated_archive_fill (sim, sim->state.audit_number + 4 * BUNDLE);
}

/* A copy of the store has the lines that it had at one moment. */
static void test_nothing_leaves_while_a_backup_is_made (void **state)
{
    static const uint8_t id[16] = "een kopie van nu";
    struct simulation *sim = *state;
    simulated_archive_age (sim, BUNDLE);
    simulated_archive_write (sim, 0);
    Consentd__Request *copy = simulation_asking (sim, CONSENTD__REQUEST__BODY_BACKUP);
    copy->backup->backup = (ProtobufCBinaryData){sizeof id, (uint8_t *)(uintptr_t)id};
    assert_int_equal (simulation_ask (sim, "operator", copy)->status, CONSENTD__STATUS__OK);
    assert_int_equal (simulated_archive_ask (sim, BUNDLE, 0)->status, CONSENTD__STATUS__UNAVAILABLE);
    assert_int_equal (may_until (sim), BUNDLE);
    copy->backup->give_up = true;
    simulation_ask (sim, "operator", copy);
    assert_int_equal (simulated_archive_ask (sim, BUNDLE, 0)->status, CONSENTD__STATUS__OK);
}

/* One line says up to where, whatever the number of pages. */
static void test_a_run_is_one_line_of_the_log (void **state)
{
    struct simulation *sim = *state;
    simulated_archive_age (sim, 5 * BUNDLE);
    for (uint64_t index = 0; index < 5; index++)
        simulated_archive_write (sim, index);
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_LOG_ARCHIVE);
    uint64_t before = sim->state.audit_number;
    request->log_archive->until = 5 * BUNDLE;
    request->log_archive->limit = 1;
    for (unsigned page = 1; page <= 5; page++) {
        const Consentd__Reply *reply = simulation_ask (sim, "operator", request);
        assert_int_equal (reply->status, CONSENTD__STATUS__OK);
        assert_int_equal (reply->log_archive->archived, page * BUNDLE);
        assert_int_equal (reply->log_archive->more, page < 5);
        request->log_archive->after = reply->log_archive->archived;
        request->listing = reply->listing;
        if (page == 1) { /* the ticket is for this end alone */
            request->log_archive->until = 4 * BUNDLE;
            assert_string_equal (simulation_look (sim, "operator", request)->field, "listing");
            request->log_archive->until = 5 * BUNDLE;
        }
    }
    assert_int_equal (sim->state.audit_number, before + 1);
    Consentd__Request *list = simulation_asking (sim, CONSENTD__REQUEST__BODY_AUDIT_LIST);
    list->audit_list->after = before;
    const Consentd__AuditListReply *log = simulation_look (sim, "operator", list)->audit_list;
    assert_string_equal (log->entries[0]->action, "log-archive");
    assert_non_null (strstr (log->entries[0]->details, "\"until\":1280"));
}

/* All that a decision is shown as. */
static struct bytes shown (struct simulation *sim, uint64_t number)
{
    Consentd__Request *show = simulation_asking (sim, CONSENTD__REQUEST__BODY_DECISION_SHOW);
    show->decision_show->number = number;
    const Consentd__DecisionShowReply *told = simulation_look (sim, "operator", show)->decision_show;
    assert_non_null (told);
    uint8_t *made = arena_alloc (sim->arena, consentd__decision_show_reply__get_packed_size (told));
    return (struct bytes){made, consentd__decision_show_reply__pack (told, made)};
}

static void test_a_decision_is_explained_after_it_has_left (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .categories = "naw");
    assert_string_equal (CHECK (sim, .items = "naw"), "consent");
    uint64_t number = sim->state.audit_number;
    simulated_archive_age (sim, BUNDLE);
    struct bytes before = shown (sim, number);
    simulated_archive_leave (sim, BUNDLE);
    struct bytes after = shown (sim, number);
    assert_int_equal (after.size, before.size);
    assert_memory_equal (after.data, before.data, before.size);
}

/* G11: the clock was wrong by years, lines left the store by it, and then it was put right: 24 hours are not over.
 */
static void test_an_answer_is_given_again_from_a_line_that_has_left (void **state)
{
    static const char key[] = "een sleutel van16";
    struct simulation *sim = *state;
    moment then = sim->wall;
    GRANTED (sim, .one_time = true);
    Consentd__Request *request = simulation_check (sim, &(struct simulated_check){.items = "naw"});
    request->idempotency_key = (ProtobufCBinaryData){16, (uint8_t *)(uintptr_t)key};
    assert_string_equal (simulation_answer (sim, "kernteam", request), "consent");
    simulated_archive_age (sim, 2 * BUNDLE);
    simulated_archive_leave (sim, 2 * BUNDLE);
    sim->wall = then + 3600000;
    simulation_reset_clock (sim);
    simulated_archive_restart (sim);
    assert_string_equal (simulation_answer (sim, "kernteam", request), "consent again");
    sim->wall = then + INT64_C (25) * 3600000;
    simulated_archive_restart (sim);
    assert_string_not_equal (simulation_answer (sim, "kernteam", request), "consent again");
}

static void test_the_lines_of_one_subject_are_found_in_both (void **state)
{
    struct simulation *sim = *state;
    simulated_archive_age (sim, 17 * BUNDLE); /* more than one record of whom lines are about */
    Consentd__Request *list = simulation_asking (sim, CONSENTD__REQUEST__BODY_AUDIT_LIST);
    list->audit_list->bsn = (char *)(uintptr_t)adult;
    list->audit_list->limit = 100;
    uint64_t found[2][64];
    size_t count[2] = {0, 0};
    for (size_t round = 0; round < 2; round++) {
        list->audit_list->after = 0;
        for (bool more = true; more && count[round] < 64;) {
            const Consentd__AuditListReply *page = simulation_look (sim, "operator", list)->audit_list;
            for (size_t i = 0; i < page->n_entries && count[round] < 64; i += 50)
                found[round][count[round]++] = page->entries[i]->number;
            list->audit_list->after = page->looked_until;
            more = page->more;
        }
        if (round == 0)
            simulated_archive_leave (sim, 17 * BUNDLE);
    }
    assert_int_equal (count[0], count[1]);
    assert_true (count[0] > 30);
    assert_memory_equal (found[0], found[1], count[0] * sizeof **found);
}

static void test_what_must_be_kept_of_the_erased_is_kept_of_lines_that_have_left (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .categories = "naw");
    assert_string_equal (CHECK (sim, .items = "naw"), "consent");
    uint64_t decision = sim->state.audit_number;
    simulated_archive_age (sim, BUNDLE);
    simulated_archive_leave (sim, BUNDLE);
    assert_int_equal (simulated_mark (sim, adult, ERASURE_OF_SUBJECT, 0), 0);
    assert_true (simulated_rounds (sim) > 0);
    assert_string_equal (simulated_lines_that_open (sim, adult, BUNDLE),
                         arena_printf (sim->arena, "grant %d, check %d", (int)decision - 1, (int)decision));
    simulated_archive_restart (sim);
    assert_string_equal (simulated_lines_that_open (sim, adult, BUNDLE),
                         arena_printf (sim->arena, "grant %d, check %d", (int)decision - 1, (int)decision));
}

static void test_roots_and_proofs_are_those_of_before (void **state)
{
    struct simulation *sim = *state;
    simulated_archive_age (sim, 4 * BUNDLE + 9);
    static const uint64_t sizes[] = {1, 100, BUNDLE, BUNDLE + 1, 3 * BUNDLE + 200, 4 * BUNDLE};
    struct merkle_hash root[COUNT (sizes)];
    for (size_t round = 0; round < 2; round++) {
        struct turn turn;
        assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
        for (size_t i = 0; i < COUNT (sizes); i++) {
            struct merkle_hash found;
            struct tree_proof proof;
            assert_int_equal (tree_root (&turn, sizes[i], &found), 0);
            assert_true (round == 0 || merkle_same (&found, &root[i]));
            root[i] = found;
            assert_int_equal (tree_prove_earlier (&turn, sizes[i], 4 * BUNDLE + 9, &proof), 0);
        }
        registry_end (&sim->registry, &turn, -1);
        if (round == 0)
            simulated_archive_leave (sim, 4 * BUNDLE);
    }
}

#define ARCHIVE_TEST(name) \
    cmocka_unit_test_setup_teardown (name, simulated_archive_setup, simulated_archive_teardown)

int main (void)
{
    const struct CMUnitTest tests[] = {
        ARCHIVE_TEST (test_lines_are_read_as_before_wherever_they_are),
        ARCHIVE_TEST (test_no_line_leaves_that_may_not),
        ARCHIVE_TEST (test_without_a_directory_or_a_key_nothing_leaves),
        ARCHIVE_TEST (test_lines_leave_a_store_that_is_full),
        ARCHIVE_TEST (test_nothing_leaves_while_a_backup_is_made),
        ARCHIVE_TEST (test_a_run_is_one_line_of_the_log),
        ARCHIVE_TEST (test_a_decision_is_explained_after_it_has_left),
        ARCHIVE_TEST (test_an_answer_is_given_again_from_a_line_that_has_left),
        ARCHIVE_TEST (test_the_lines_of_one_subject_are_found_in_both),
        ARCHIVE_TEST (test_what_must_be_kept_of_the_erased_is_kept_of_lines_that_have_left),
        ARCHIVE_TEST (test_roots_and_proofs_are_those_of_before),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}

/* Batches: many checks in one message, each decided, recorded and replayed as if it had come alone. */
#include <string.h>
#include "record/record.h"
#include "registry/subject_cache.h"
#include "simulation_verbs.h"

enum { HOUR = 3600000 };

/* A batch of these checks. */
#define BATCH(sim, ...)                                                   \
    simulation_batch (sim, (const struct simulated_check[]){__VA_ARGS__}, \
                      sizeof ((const struct simulated_check[]){__VA_ARGS__}) / sizeof (struct simulated_check))

/* What the answers say, with "; " between. */
static const char *answers (struct simulation *sim, const Consentd__Reply *reply)
{
    if (reply->body_case != CONSENTD__REPLY__BODY_BATCH)
        return simulation_said (sim, reply);
    assert_int_equal (reply->status, CONSENTD__STATUS__OK);
    const char *said = "";
    for (size_t i = 0; i < reply->batch->n_answers; i++)
        said = arena_printf (sim->arena, "%s%s%s", said, i > 0 ? "; " : "", simulation_said_at (sim, reply, i));
    return said;
}

static const char *ask (struct simulation *sim, const char *party, Consentd__Request *request)
{
    return answers (sim, simulation_ask (sim, party, request));
}

static Consentd__Reply *log_of (struct simulation *sim, uint64_t after)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_AUDIT_LIST);
    request->audit_list->after = after;
    return simulation_ask (sim, "operator", request);
}

static void test_each_check_has_its_own_verdict_and_line_of_the_log (void **state)
{
    struct simulation *sim = *state;
    const char *other = simulation_bsn (sim, 1);
    GRANTED (sim, .categories = "naw");
    GRANTED (sim, .bsn = other, .categories = "telefoon");
    uint64_t before = sim->state.audit_number;
    Consentd__Reply *reply = simulation_ask (sim, "kernteam",
                                             BATCH (sim, {.items = "naw"}, {.bsn = other, .items = "naw telefoon"},
                                                    {.bsn = other, .items = "telefoon"}));
    assert_string_equal (answers (sim, reply), "consent; CATEGORY_NOT_CONSENTED, consent; consent");
    Consentd__Reply *log = log_of (sim, before);
    assert_int_equal (log->audit_list->n_entries, 3);
    for (size_t i = 0; i < 3; i++) {
        const Consentd__AuditEntry *line = log->audit_list->entries[i];
        assert_string_equal (line->action, "check");
        assert_string_equal (line->result, i == 1 ? "partial" : "permit");
        assert_int_equal (reply->batch->answers[i]->check->decision, line->number);
        assert_non_null (strstr (line->details, "\"request\"")); /* each as a message of its own */
        assert_null (strstr (line->details, other));
    }
    assert_memory_equal (log->audit_list->entries[1]->object.data, log->audit_list->entries[2]->object.data, 16);
    assert_memory_not_equal (log->audit_list->entries[0]->object.data, log->audit_list->entries[1]->object.data,
                             16);
}

static void test_a_check_says_in_a_batch_what_it_says_alone (void **state)
{
    struct simulation *sim = *state;
    static const struct simulated_check checks[] = {
        {.items = "naw bsn"},
        {.items = "naw", .purpose = "monitoring"},
        {.items = "onzin"},
        {.items = "naw", .to = "niemand"},
        {.items = "naw", .to = "cak"},
        {.items = "bsn", .to = "cak", .purpose = "eigen-bijdrage"},
        {.items = "naw", .advise = true},
    };
    GRANTED (sim, .categories = "naw");
    const char *said = ask (sim, "kernteam", simulation_batch (sim, checks, sizeof checks / sizeof *checks));
    const char *alone = "";
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        Consentd__Request *request = simulation_check (sim, &checks[i]);
        const char *one = simulation_answer (sim, "kernteam", request);
        const char *path = strstr (one, " check.");
        if (path != NULL)
            one = arena_printf (sim->arena, "%.*s batch.checks[%zu].%s", (int)(path - one), one, i,
                                path + strlen (" check."));
        alone = arena_printf (sim->arena, "%s%s%s", alone, i > 0 ? "; " : "", one);
    }
    assert_string_equal (said, alone);
    assert_non_null (strstr (said, "INVALID batch.checks[2].items[0].category"));
    assert_non_null (strstr (said, "INVALID batch.checks[3].recipient"));
}

static void test_of_a_one_time_consent_asked_twice_in_a_batch_one_use_is_permitted (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .categories = "naw", .one_time = true);
    assert_string_equal (
        ask (sim, "kernteam", BATCH (sim, {.items = "naw", .advise = true}, {.items = "naw"}, {.items = "naw"})),
        "consent; consent; USED_UP");
}

static void test_a_batch_sent_again_is_replayed_check_by_check (void **state)
{
    struct simulation *sim = *state;
    const char *other = simulation_bsn (sim, 1);
    GRANTED (sim, .categories = "naw", .one_time = true);
    const uint8_t *consent = GRANTED (sim, .bsn = other, .categories = "naw");
    Consentd__Request *request =
        BATCH (sim, {.items = "naw"}, {.bsn = other, .items = "naw"}, {.bsn = other, .items = "onzin"},
               {.bsn = other, .items = "naw", .advise = true});
    assert_string_equal (ask (sim, "kernteam", request),
                         "consent; consent; INVALID batch.checks[2].items[0].category; consent");
    REVOKE (sim, .consent = consent);
    simulation_restart (sim);
    assert_string_equal (
        ask (sim, "kernteam", request),
        "consent again; consent again revoked; INVALID batch.checks[2].items[0].category; REVOKED");
    request->batch->checks[0]->items[0]->category = arena_strdup (sim->arena, "bsn");
    assert_string_equal (ask (sim, "kernteam", request), "CONFLICT idempotency_key; consent again revoked; "
                                                         "INVALID batch.checks[2].items[0].category; REVOKED");
}

static void test_a_batch_that_fails_at_its_end_has_used_nothing (void **state)
{
    struct simulation *sim = *state;
    const char *other = simulation_bsn (sim, 1);
    GRANTED (sim, .categories = "naw", .one_time = true);
    GRANTED (sim, .bsn = other, .categories = "naw", .one_time = true);
    Consentd__Request *request = BATCH (sim, {.items = "naw"}, {.bsn = other, .items = "naw"});
    uint64_t revision = sim->state.revision;
    sim->fail_commit = true;
    simulation_ask_in_vain (sim, "kernteam", request);
    assert_int_equal (sim->state.revision, revision);
    assert_string_equal (ask (sim, "kernteam", request), "consent; consent");
}

static void test_who_is_not_concerned_is_forbidden_that_one_check (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .categories = "naw");
    assert_string_equal (
        ask (sim, "zorgaanbieder-horizon",
             BATCH (sim, {.items = "naw"}, {.items = "naw", .to = "zorgaanbieder-geest"}, {.items = "naw"})),
        "consent; FORBIDDEN; consent");
}

static void test_a_batch_waits_for_its_revision_and_its_clock_as_a_whole (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .categories = "naw");
    Consentd__Request *request = BATCH (sim, {.items = "naw"}, {.items = "naw"});
    request->at_least_revision = sim->state.revision + 1;
    request->at_least_epoch = (ProtobufCBinaryData){16, sim->state.epoch};
    assert_string_equal (ask (sim, "kernteam", request), "RETRY");
    request->at_least_revision--;
    assert_string_equal (ask (sim, "kernteam", request), "consent; consent");
    sim->registry.state.clock_stopped = true;
    assert_string_equal (ask (sim, "kernteam", request), "UNAVAILABLE");
    sim->registry.state.clock_stopped = false;
}

static void test_who_may_not_check_may_no_batch (void **state)
{
    struct simulation *sim = *state;
    uint64_t before = sim->state.audit_number;
    assert_string_equal (ask (sim, "operator", BATCH (sim, {.items = "naw"}, {.items = "naw"})), "FORBIDDEN");
    Consentd__Reply *log = log_of (sim, before);
    assert_int_equal (log->audit_list->n_entries, 1);
    assert_string_equal (log->audit_list->entries[0]->action, "batch");
    assert_string_equal (log->audit_list->entries[0]->result, "forbidden");
}

/* Turns over the last byte of a subject's record. */
static void damage_subject (struct simulation *sim, const char *bsn)
{
    struct store_txn *txn;
    struct bytes value;
    uint8_t id[VAULT_ID_SIZE];
    vault_subject_id (sim->registry.vault, bsn, id);
    assert_int_equal (store_begin (sim->store, &txn), 0);
    assert_int_equal (store_get (txn, STORE_SUBJECT, (struct bytes){id, sizeof id}, &value), 0);
    uint8_t *copy = arena_memdup (sim->arena, value.data, value.size);
    copy[value.size - 1] ^= 1;
    assert_int_equal (
        store_put (txn, STORE_SUBJECT, (struct bytes){id, sizeof id}, (struct bytes){copy, value.size}), 0);
    assert_int_equal (store_commit (&txn), 0);
    subject_cache_clear (sim->registry.cache);
}

static void test_a_damaged_record_makes_one_check_unavailable_and_no_other (void **state)
{
    struct simulation *sim = *state;
    const char *second = simulation_bsn (sim, 1), *third = simulation_bsn (sim, 2);
    GRANTED (sim, .categories = "naw");
    damage_subject (sim, simulation_bsn (sim, 0));
    GRANTED (sim, .bsn = second, .categories = "naw", .one_time = true);
    GRANTED (sim, .bsn = third, .categories = "naw", .one_time = true);
    Consentd__Request *request =
        BATCH (sim, {.bsn = second, .items = "naw"}, {.items = "naw"}, {.bsn = third, .items = "naw"});
    uint64_t before = sim->state.audit_number;
    assert_string_equal (ask (sim, "kernteam", request), "consent; UNAVAILABLE; consent");
    Consentd__Reply *log = log_of (sim, before);
    assert_int_equal (log->audit_list->n_entries, 3);
    const Consentd__AuditEntry *line = log->audit_list->entries[1];
    assert_string_equal (line->action, "check");
    assert_string_equal (line->result, "unavailable");
    assert_string_equal (line->user, "medewerker-17");
    assert_int_equal (line->object.len, 16);
    assert_null (strstr (line->details, "request")); /* it would lie outside of the subject's own key */
    /* What was permitted stands, and is answered again. */
    assert_string_equal (ask (sim, "kernteam", request), "consent again; UNAVAILABLE; consent again");
}

static void test_a_full_batch_of_subjects_takes_no_more_memory_than_one (void **state)
{
    struct simulation *sim = *state;
    enum { SUBJECTS = 256, STATEMENTS = 40 };
    struct simulated_check checks[SUBJECTS];
    for (unsigned i = 0; i < 2 * STATEMENTS; i++)
        GRANTED (sim, .bsn = simulation_bsn (sim, i % 2),
                 .categories = "naw telefoon email bsn geslacht doel periode");
    for (unsigned i = 0; i < SUBJECTS; i++)
        checks[i] = (struct simulated_check){.bsn = simulation_bsn (sim, i % 2), .items = "naw", .advise = true};
    simulation_restart (sim);
    /* Little memory, and only the subject that was opened last is kept. */
    sim->registry.arena = (arena_destroy (&sim->registry.arena), arena_new (8 << 20));
    subject_cache_destroy (&sim->registry.cache);
    sim->registry.cache = subject_cache_new (0);
    Consentd__Reply *reply = simulation_ask (sim, "kernteam", simulation_batch (sim, checks, SUBJECTS));
    assert_int_equal (reply->batch->n_answers, SUBJECTS);
    for (size_t i = 0; i < SUBJECTS; i++)
        assert_string_equal (simulation_said_at (sim, reply, i), "consent");
}

/* L6, G11. */
static void test_equal_checks_that_ask_for_advice_are_decided_once_and_the_log_says_how_often (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .categories = "naw");
    uint64_t before = sim->state.audit_number;
    Consentd__Reply *reply = simulation_ask (
        sim, "kernteam",
        BATCH (sim, {.items = "naw", .advise = true}, {.items = "bsn", .advise = true},
               {.items = "naw", .advise = true}, {.items = "naw"}, {.items = "naw", .advise = true},
               {.items = "onzin", .advise = true}, {.items = "onzin", .advise = true}, {.items = "naw"}));
    assert_string_equal (answers (sim, reply),
                         "consent; CATEGORY_NOT_CONSENTED; consent; consent; consent; INVALID "
                         "batch.checks[5].items[0].category; INVALID batch.checks[6].items[0].category; consent");
    Consentd__Reply *log = log_of (sim, before);
    assert_int_equal (log->audit_list->n_entries, 5); /* two of the three that disclose */
    assert_non_null (strstr (log->audit_list->entries[0]->details, "asked 3 times in one batch"));
    assert_null (strstr (log->audit_list->entries[1]->details, "times in one batch"));
    assert_null (strstr (log->audit_list->entries[2]->details, "times in one batch"));
    assert_non_null (strstr (log->audit_list->entries[3]->details, "asked 2 times in one batch"));
    static const size_t line_of[] = {0, 1, 0, 2, 0, 3, 3, 4};
    for (size_t i = 0; i < 8; i++)
        if (reply->batch->answers[i]->check != NULL)
            assert_int_equal (reply->batch->answers[i]->check->decision,
                              log->audit_list->entries[line_of[i]]->number);
}

static void test_a_batch_is_decided_in_steps_of_what_a_turn_may_cost (void **state)
{
    struct simulation *sim = *state;
    struct simulated_check checks[40];
    struct batch *batch = NULL;
    Consentd__Reply *reply = NULL;
    GRANTED (sim, .categories = "naw");
    for (unsigned i = 0; i < 40; i++)
        checks[i] = (struct simulated_check){.bsn = simulation_bsn (sim, i % 3), .items = "naw"};
    Consentd__Request *request = simulation_batch (sim, checks, 40);
    uint64_t before = sim->state.audit_number;
    unsigned steps = 0;
    for (; reply == NULL; steps++) {
        uint64_t lines = sim->state.audit_number;
        reply = simulation_step (sim, "kernteam", request, &batch, 300);
        assert_in_range (sim->state.audit_number - lines, 1, 11);
    }
    assert_in_range (steps, 4, 20);
    assert_int_equal (sim->state.audit_number - before, 40);
    for (size_t i = 0; i < 40; i++)
        assert_string_equal (simulation_said_at (sim, reply, i), i % 3 == 0 ? "consent" : "NO_CONSENT");
}

/* C13: the answer leaves after the reply to a withdrawal, and so it knows of it. */
static void test_what_was_withdrawn_while_a_batch_was_decided_is_known_to_its_answer (void **state)
{
    struct simulation *sim = *state;
    const char *other = simulation_bsn (sim, 1), *third = simulation_bsn (sim, 2);
    struct batch *batch = NULL;
    const uint8_t *consent = GRANTED (sim, .categories = "naw");
    GRANTED (sim, .bsn = other, .categories = "naw");
    Consentd__Request *request =
        BATCH (sim, {.items = "naw", .advise = true}, {.items = "naw"}, {.bsn = other, .items = "naw"},
               {.bsn = third, .items = "naw"}, {.bsn = third, .items = "naw"});
    for (unsigned i = 0; i < 4; i++)
        assert_null (simulation_step (sim, "kernteam", request, &batch, 1));
    REVOKE (sim, .consent = consent);
    GRANTED (sim, .bsn = third, .categories = "naw");
    Consentd__Reply *reply;
    while ((reply = simulation_step (sim, "kernteam", request, &batch, 1)) == NULL)
        ;
    assert_string_equal (answers (sim, reply),
                         "REVOKED; consent again revoked; consent; NO_CONSENT again; consent");
}

static void test_a_step_that_fails_is_done_again_and_uses_nothing_twice (void **state)
{
    struct simulation *sim = *state;
    const char *other = simulation_bsn (sim, 1);
    struct batch *batch = NULL;
    GRANTED (sim, .categories = "naw", .one_time = true);
    GRANTED (sim, .bsn = other, .categories = "naw", .one_time = true);
    Consentd__Request *request =
        BATCH (sim, {.items = "naw"}, {.bsn = other, .items = "naw"}, {.bsn = other, .items = "naw"});
    assert_null (simulation_step (sim, "kernteam", request, &batch, 1));
    sim->fail_commit = true;
    assert_null (simulation_step (sim, "kernteam", request, &batch, 1));
    Consentd__Reply *reply;
    while ((reply = simulation_step (sim, "kernteam", request, &batch, 1)) == NULL)
        ;
    assert_string_equal (answers (sim, reply), "consent; consent; USED_UP");
}

/* With three adults. */
static int setup (void **state)
{
    simulation_setup (state);
    for (unsigned i = 0; i < 3; i++)
        PERSON (*state, .bsn = simulation_bsn (*state, i));
    return 0;
}

#define TEST(function) cmocka_unit_test_setup_teardown (function, setup, simulation_teardown)

int main (void)
{
    const struct CMUnitTest tests[] = {
        TEST (test_each_check_has_its_own_verdict_and_line_of_the_log),
        TEST (test_a_check_says_in_a_batch_what_it_says_alone),
        TEST (test_of_a_one_time_consent_asked_twice_in_a_batch_one_use_is_permitted),
        TEST (test_a_batch_sent_again_is_replayed_check_by_check),
        TEST (test_a_batch_that_fails_at_its_end_has_used_nothing),
        TEST (test_who_is_not_concerned_is_forbidden_that_one_check),
        TEST (test_a_batch_waits_for_its_revision_and_its_clock_as_a_whole),
        TEST (test_who_may_not_check_may_no_batch),
        TEST (test_a_damaged_record_makes_one_check_unavailable_and_no_other),
        TEST (test_a_full_batch_of_subjects_takes_no_more_memory_than_one),
        TEST (test_equal_checks_that_ask_for_advice_are_decided_once_and_the_log_says_how_often),
        TEST (test_a_batch_is_decided_in_steps_of_what_a_turn_may_cost),
        TEST (test_what_was_withdrawn_while_a_batch_was_decided_is_known_to_its_answer),
        TEST (test_a_step_that_fails_is_done_again_and_uses_nothing_twice),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}

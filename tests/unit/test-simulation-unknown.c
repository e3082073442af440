/* What the log holds about people whom the registry does not know (R7): it is sealed under a key of that person,
   which is moved, lost and destroyed as it must be, and of which no answer tells. */
#include <string.h>
#include "audit/log.h"
#include "big_endian.h"
#include "older_store.h"
#include "record/guard.h"
#include "record/unknown_key.h"
#include "registry/erasing.h"
#include "registry/subject_cache.h"
#include "simulation_verbs.h"

static const char sign[] = "planted-text";
static char nobody[] = "999990329";

static void identify (struct simulation *sim, uint8_t id[VAULT_ID_SIZE])
{
    vault_subject_id (sim->registry.vault, nobody, id);
}

static size_t keys_of_unknown (struct simulation *sim)
{
    struct turn turn;
    uint64_t count;
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    assert_int_equal (store_count (turn.txn, STORE_UNKNOWN, &count), 0);
    assert_int_equal (registry_end (&sim->registry, &turn, 0), 0);
    return count;
}

static uint64_t advise (struct simulation *sim)
{
    const Consentd__Reply *reply = CHECK_REPLY (sim, .bsn = nobody, .case_ref = sign, .advise = true);
    assert_string_equal (simulation_said (sim, reply), "NO_CONSENT");
    return reply->check->decision;
}

static const char *explain (struct simulation *sim, uint64_t decision)
{
    Consentd__Request *show = simulation_asking (sim, CONSENTD__REQUEST__BODY_DECISION_SHOW);
    show->decision_show->number = decision;
    const Consentd__Reply *reply = simulation_look_in_doubt (sim, "kernteam", show);
    if (reply == NULL)
        return "UNAVAILABLE";
    if (reply->body_case != CONSENTD__REPLY__BODY_DECISION_SHOW)
        return simulation_said (sim, reply);
    assert_string_equal (reply->decision_show->check->case_ref, sign);
    return "explained";
}

/* --- Lines -------------------------------------------------------------------------------------------- */

/* What is asked about somebody unknown, with a text that the log must not keep under the registry's key. */
static void ask_whatever (struct simulation *sim)
{
    Consentd__Request *request;
    char *text = arena_strdup (sim->arena, sign);
    advise (sim);
    assert_string_equal (CHECK (sim, .bsn = nobody, .case_ref = sign, .purpose = "onbekend", .advise = true),
                         "INVALID check.purpose");
    assert_string_equal (CHECK (sim, .by = "huisarts-dorp", .bsn = nobody, .case_ref = sign), "FORBIDDEN");
    struct simulated_check batch = {.by = "kernteam", .bsn = nobody, .case_ref = sign, .advise = true};
    assert_string_equal (simulation_answer (sim, "kernteam", simulation_batch (sim, &batch, 1)), "OK");
    request = simulation_statement (sim, &(struct simulated_statement){.bsn = nobody}, false);
    request->grant->motivation = text;
    assert_string_equal (simulation_answer (sim, "kernteam", request), "REJECTED REPRESENTATION_MISSING");
    request = simulation_request (
        sim, &(struct simulated_request){.bsn = nobody, .motivation = sign, .purpose = "onbekend"});
    assert_string_equal (simulation_answer (sim, horizon, request), "INVALID ask.scope.purpose");
    request = simulation_asking (sim, CONSENTD__REQUEST__BODY_RESTRICT_DATA);
    request->restrict_data->bsn = nobody;
    request->restrict_data->reason = request->restrict_data->user = text;
    request->restrict_data->categories = &text;
    request->restrict_data->n_categories = 1;
    assert_string_equal (simulation_answer (sim, "kernteam", request), "INVALID restrict_data.categories[0]");
    request = simulation_asking (sim, CONSENTD__REQUEST__BODY_RIGHTS_OPEN);
    request->rights_open->bsn = nobody;
    request->rights_open->wish = request->rights_open->by = text;
    request->rights_open->kind = CONSENTD__RIGHTS_KIND__RIGHTS_ERASURE;
    request->rights_open->identity = (Consentd__RightsIdentity)1;
    request->rights_open->way = (Consentd__RightsWay)1;
    request->rights_open->user = arena_strdup (sim->arena, "medewerker-5");
    assert_string_not_equal (simulation_answer (sim, "kernteam", request), "OK");
}

static void look_for_nobody (struct simulation *sim)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_SUBJECT_SHOW);
    request->subject_show->bsn = nobody;
    assert_string_equal (simulation_answer (sim, "kernteam", request), "OK");
    request = simulation_asking (sim, CONSENTD__REQUEST__BODY_CONSENT_LIST);
    request->consent_list->bsn = nobody;
    assert_string_equal (simulation_answer (sim, "kernteam", request), "OK");
    request = simulation_asking (sim, CONSENTD__REQUEST__BODY_OVERVIEW);
    request->overview->bsn = nobody;
    assert_string_equal (simulation_answer (sim, "kernteam", request), "OK");
    request = simulation_asking (sim, CONSENTD__REQUEST__BODY_RIGHTS_LIST);
    request->rights_list->bsn = nobody;
    assert_string_equal (simulation_answer (sim, "kernteam", request), "OK");
}

/* About whom, the registry cannot tell; so it keeps no text. */
static void name_what_is_not_there (struct simulation *sim)
{
    static const uint8_t none[16] = {1};
    uint64_t decision = advise (sim);
    assert_string_equal (REVOKE (sim, .consent = none, .nobody_reason = sign), "NOT_FOUND");
    assert_string_equal (simulation_answer (sim, "kernteam", simulation_defer (sim, none, sign)), "NOT_FOUND");
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_OBLIGATION_DEFER);
    request->obligation_defer->decision = decision;
    request->obligation_defer->kind = CONSENTD__OBLIGATION__INFORM_SUBJECT;
    request->obligation_defer->reason = arena_strdup (sim->arena, sign);
    request->obligation_defer->user = arena_strdup (sim->arena, "medewerker-5");
    request->obligation_defer->until = sim->wall + 1000;
    assert_string_equal (simulation_answer (sim, "kernteam", request), "NOT_FOUND");
    request = simulation_asking (sim, CONSENTD__REQUEST__BODY_RIGHTS_DECIDE);
    request->rights_decide->number = decision;
    request->rights_decide->outcome = CONSENTD__RIGHTS_STATE__RIGHTS_REFUSED;
    request->rights_decide->article = arena_strdup (sim->arena, "AVG 17");
    request->rights_decide->reason = arena_strdup (sim->arena, sign);
    request->rights_decide->user = arena_strdup (sim->arena, "medewerker-5");
    assert_string_equal (simulation_answer (sim, "kernteam", request), "NOT_FOUND");
}

static bool opens_with_text (struct turn *turn, const struct vault_key *key, const struct audit_record *line)
{
    enum { VERSION_SIZE = 2 };
    uint8_t number[8];
    const uint8_t *data = line->sealed.data;
    size_t size = line->sealed.size - VERSION_SIZE;
    uint8_t *plain = arena_alloc (turn->arena, size);
    put_be64 (number, line->head.number);
    struct vault_binding binding = {"audit", data[1], number, sizeof number};
    return vault_unseal (key, &binding, data + VERSION_SIZE, size, plain) == 0 &&
           memmem (plain, size - VAULT_SEAL_OVERHEAD, sign, sizeof sign - 1) != NULL;
}

/* How many lines about the person hold the text; and there is none elsewhere, nor one about a person that is
   sealed under the registry's key. */
static size_t lines_with_text (struct simulation *sim)
{
    struct turn turn;
    uint8_t id[VAULT_ID_SIZE];
    size_t count = 0;
    identify (sim, id);
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    for (uint64_t number = 1; number <= turn.state.audit_number; number++) {
        struct audit_record line;
        struct evidence evidence;
        arena_reset (turn.arena);
        assert_int_equal (audit_read (&turn, number, &line), 0);
        assert_int_equal (line.head.subject_key, line.head.has_object);
        assert_int_equal (audit_open (&turn, &line, &evidence), 0);
        if (opens_with_text (&turn, vault_system_key (turn.vault), &line))
            fail_msg ("line %llu, of %s, has it under the registry's key", (unsigned long long)number,
                      line.head.action);
        struct vault_key key;
        assert_int_equal (unknown_key_read (&turn, id, &key), 0);
        count += opens_with_text (&turn, &key, &line);
        vault_key_wipe (&key);
    }
    assert_int_equal (registry_end (&sim->registry, &turn, 0), 0);
    return count;
}

static void test_every_line_about_somebody_unknown_is_sealed_under_a_key_of_that_person (void **state)
{
    struct simulation *sim = *state;
    assert_int_equal (keys_of_unknown (sim), 0);
    ask_whatever (sim);
    assert_int_equal (lines_with_text (sim), 8);
    look_for_nobody (sim);
    name_what_is_not_there (sim);
    assert_int_equal (lines_with_text (sim), 9);
    assert_int_equal (keys_of_unknown (sim), 1);
    simulation_restart (sim);
    assert_int_equal (lines_with_text (sim), 9);
}

/* --- Nobody is told ----------------------------------------------------------------------------------- */

static const char *shown (struct simulation *sim)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_SUBJECT_SHOW);
    request->subject_show->bsn = nobody;
    Consentd__Reply *reply = simulation_look (sim, "kernteam", request);
    assert_string_equal (simulation_said (sim, reply), "OK");
    reply->idempotency_key.len = 0;
    size_t size = consentd__reply__get_packed_size (reply);
    uint8_t *made = arena_alloc (sim->arena, size);
    consentd__reply__pack (reply, made);
    return arena_printf (sim->arena, "%zu %08x", size, (unsigned)vault_tag (sim->registry.vault, made, size));
}

/* C2: no answer tells of it, and it makes nobody known. */
static void test_who_has_only_such_a_key_is_as_unknown_as_before (void **state)
{
    struct simulation *sim = *state;
    const char *before = shown (sim);
    for (int i = 0; i < 3; i++) {
        advise (sim);
        assert_string_equal (shown (sim), before);
        assert_int_equal (keys_of_unknown (sim), 1);
    }
    simulation_restart (sim);
    assert_string_equal (shown (sim), before);
}

static bool is_kept_open (struct simulation *sim)
{
    struct subject_file file;
    identify (sim, file.id);
    bool is_found = subject_cache_find (sim->registry.cache, &file);
    assert_true (!is_found || (file.has_lines && !file.known && file.reading > 0));
    return is_found;
}

/* L6: else a batch of checks would take longer about somebody unknown than about somebody who is known and has no
   consents. tests/bench/timing.py measures it. */
static void test_who_is_asked_about_again_need_not_be_looked_up_again (void **state)
{
    struct simulation *sim = *state;
    uint8_t id[VAULT_ID_SIZE];
    identify (sim, id);
    advise (sim);
    advise (sim);
    assert_true (is_kept_open (sim));
    struct bytes value = older_value_of (sim, STORE_UNKNOWN, (struct bytes){id, sizeof id});
    subject_cache_clear (sim->registry.cache);
    assert_false (is_kept_open (sim));
    advise (sim);
    assert_true (is_kept_open (sim));
    older_put_one (sim, STORE_UNKNOWN, (struct bytes){id, sizeof id}, NULL);
    advise (sim); /* under a new key */
    assert_false (is_kept_open (sim));
    older_put_one (sim, STORE_UNKNOWN, (struct bytes){id, sizeof id}, &value);
    advise (sim);
    assert_true (is_kept_open (sim));
    assert_string_equal (PERSON (sim, .bsn = nobody, .born = "1975-01-02"), "OK");
    assert_false (is_kept_open (sim));
}

static void test_who_comes_on_record_keeps_the_key (void **state)
{
    struct simulation *sim = *state;
    uint64_t decision = advise (sim);
    assert_string_equal (PERSON (sim, .bsn = nobody, .born = "1975-01-02"), "OK");
    assert_int_equal (keys_of_unknown (sim), 0);
    for (int restarted = 0; restarted < 2; restarted++) {
        assert_string_equal (explain (sim, decision), "explained");
        simulation_restart (sim);
    }
    assert_int_equal (guard_untold (sim->registry.guard), STORE_TABLES);
}

/* A disclosure opens a record at once. */
static void test_a_disclosure_leaves_no_such_key (void **state)
{
    struct simulation *sim = *state;
    for (int known = 0; known < 2; known++) {
        const Consentd__Reply *reply = CHECK_REPLY (sim, .bsn = nobody, .case_ref = sign);
        assert_string_equal (simulation_said (sim, reply), "NO_CONSENT");
        assert_string_equal (explain (sim, reply->check->decision), "explained");
        assert_int_equal (keys_of_unknown (sim), 0);
    }
}

/* --- Damage ------------------------------------------------------------------------------------------- */

static void test_a_key_that_is_lost_changes_no_answer_and_is_noticed_where_its_lines_are_read (void **state)
{
    struct simulation *sim = *state;
    uint8_t id[VAULT_ID_SIZE];
    identify (sim, id);
    struct bytes key = {id, sizeof id};
    for (int flipped = 0; flipped < 2; flipped++) {
        uint64_t decision = advise (sim);
        struct bytes value = older_value_of (sim, STORE_UNKNOWN, key), other = older_altered (sim, value, 40);
        older_put_one (sim, STORE_UNKNOWN, key, flipped ? &other : NULL);
        assert_string_equal (explain (sim, decision), "UNAVAILABLE");
        assert_int_equal (guard_untold (sim->registry.guard), STORE_UNKNOWN);
        uint64_t next = advise (sim); /* under a new key */
        assert_string_equal (explain (sim, next), "explained");
        assert_string_equal (explain (sim, decision), "UNAVAILABLE");
        simulation_restart (sim);
        assert_string_equal (explain (sim, next), "explained");
        older_put_one (sim, STORE_UNKNOWN, key, &value); /* the disk has it again */
        assert_string_equal (explain (sim, decision), "explained");
    }
}

/* --- Erasure ------------------------------------------------------------------------------------------ */

static int take_out (struct simulation *sim)
{
    struct turn turn;
    uint8_t id[VAULT_ID_SIZE];
    identify (sim, id);
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    int rc = erasing_take_out (&turn, id, 0);
    assert_int_equal (registry_end (&sim->registry, &turn, rc), rc);
    sim->state = sim->registry.state;
    return rc;
}

static void test_who_was_taken_out_is_not_damaged_and_may_be_asked_about_again (void **state)
{
    struct simulation *sim = *state;
    assert_int_equal (take_out (sim), SUBJECT_FILE_NOT_FOUND);
    for (int again = 0; again < 2; again++) {
        uint64_t decision = advise (sim);
        advise (sim);
        assert_true (is_kept_open (sim));
        assert_int_equal (take_out (sim), 0);
        assert_false (is_kept_open (sim));
        assert_int_equal (keys_of_unknown (sim), 0);
        assert_int_equal (take_out (sim), SUBJECT_FILE_NOT_FOUND);
        for (int i = 0; i < 2; i++) {
            assert_string_equal (explain (sim, decision), "NOT_FOUND");
            assert_string_equal (explain (sim, advise (sim)), "explained");
            simulation_restart (sim);
        }
    }
    assert_string_equal (PERSON (sim, .bsn = nobody, .born = "1975-01-02"), "OK");
    assert_int_equal (take_out (sim), 0); /* and once more, as one who was on record */
    assert_int_equal (guard_untold (sim->registry.guard), STORE_TABLES);
}

/* --- A store of before -------------------------------------------------------------------------------- */

/* As the program did that was released before there were such keys. */
static uint64_t log_as_before (struct simulation *sim)
{
    struct turn turn;
    struct evidence evidence = {.note = sign};
    struct audit_head head = {
        .time = sim->wall, .party = "kernteam", .action = "check", .result = "deny", .has_object = true};
    identify (sim, head.object);
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    assert_int_equal (audit_append (&turn, &head, NULL, &evidence), 0);
    uint64_t number = turn.state.audit_number;
    assert_int_equal (registry_end (&sim->registry, &turn, 0), 0);
    return number;
}

static void assert_reads (struct simulation *sim, uint64_t number)
{
    struct turn turn;
    struct audit_record line;
    struct evidence evidence;
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    assert_int_equal (audit_find (&turn, number, &line), 0);
    assert_int_equal (audit_open (&turn, &line, &evidence), 0);
    assert_string_equal (evidence.note, sign);
    assert_int_equal (registry_end (&sim->registry, &turn, 0), 0);
}

static void test_a_line_of_before_is_read_as_it_was (void **state)
{
    struct simulation *sim = *state;
    uint64_t number = log_as_before (sim);
    assert_reads (sim, number);
    advise (sim);
    assert_reads (sim, number);
    assert_string_equal (PERSON (sim, .bsn = nobody, .born = "1975-01-02"), "OK");
    simulation_restart (sim);
    assert_reads (sim, number);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        SIMULATION_TEST (test_every_line_about_somebody_unknown_is_sealed_under_a_key_of_that_person),
        SIMULATION_TEST (test_who_has_only_such_a_key_is_as_unknown_as_before),
        SIMULATION_TEST (test_who_is_asked_about_again_need_not_be_looked_up_again),
        SIMULATION_TEST (test_who_comes_on_record_keeps_the_key),
        SIMULATION_TEST (test_a_disclosure_leaves_no_such_key),
        SIMULATION_TEST (test_a_key_that_is_lost_changes_no_answer_and_is_noticed_where_its_lines_are_read),
        SIMULATION_TEST (test_who_was_taken_out_is_not_damaged_and_may_be_asked_about_again),
        SIMULATION_TEST (test_a_line_of_before_is_read_as_it_was),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}

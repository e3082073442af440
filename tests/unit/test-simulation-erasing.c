/* A subject is taken out of the store (R7): of every table it is said what becomes of the entries about the
   subject, and it is so. Then the subject is unknown, and may come back. */
#include <string.h>
#include "audit/log.h"
#include "record/guard.h"
#include "registry/consent_request.h"
#include "registry/erasing.h"
#include "simulated_duties.h"
#include "simulated_keeping.h"
#include "simulated_rights.h"

static const char adult[] = "999900006", other[] = "999996770", cak[] = "cak";

static void identify (struct simulation *sim, const char *bsn, uint8_t id[VAULT_ID_SIZE])
{
    vault_subject_id (sim->registry.vault, bsn, id);
}

/* A life that fills every table that can be about a subject. */
static void live (struct simulation *sim)
{
    assert_string_equal (PERSON (sim, .bsn = adult, .born = "1975-01-02"), "OK");
    assert_string_equal (PERSON (sim, .bsn = other, .born = "1975-01-02"), "OK");
    const uint8_t *lasting = GRANTED (sim, .categories = "naw bsn");
    GRANTED (sim, .bsn = other, .categories = "naw bsn");
    assert_string_equal (CHECK (sim, .items = "naw"), "consent");
    assert_string_equal (CHECK (sim, .bsn = other, .items = "naw"), "consent");
    simulation_disclosed (sim);
    simulation_recipients_told (sim, adult, RECTIFY, NULL);
    OPENED (sim, .bsn = adult, .kind = CONSENTD__RIGHTS_KIND__RIGHTS_ERASURE);
    OPENED (sim, .bsn = other, .kind = CONSENTD__RIGHTS_KIND__RIGHTS_ERASURE);
    const uint8_t *answered = ASKED (sim, .categories = "telefoon");
    GRANTED (sim, .categories = "telefoon", .answers = answered);
    ASKED (sim, .categories = "budget");
    ASKED (sim, .categories = "email", .valid_until = sim->wall + 1000);
    assert_string_equal (REVOKE (sim, .consent = lasting, .categories = "bsn"), "OK");
    sim->wall += 60000; /* nobody answered the last one in time */
    ASKED (sim, .bsn = other, .categories = "budget");
    ASKED (sim, .categories = "email"); /* and by counting them it leaves the lists */
}

/* Of those the tables keep an entry each. */
enum { RECIPIENTS = 2 };

static void tell_recipients (struct simulation *sim)
{
    simulation_recipients_told (sim, adult, ERASE, NULL);
    assert_string_equal (simulation_listed (sim, cak), "RECTIFY 2026-05-30 of cak, ERASE 2026-05-30 of cak");
    assert_string_equal (simulation_listed (sim, horizon), "RECTIFY 2026-05-30 of zorgaanbieder-horizon, "
                                                           "ERASE 2026-05-30 of zorgaanbieder-horizon");
}

static int take_out (struct simulation *sim, const char *bsn)
{
    struct turn turn;
    uint8_t id[VAULT_ID_SIZE];
    identify (sim, bsn, id);
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    int rc = erasing_take_out (&turn, id, 0);
    assert_int_equal (registry_end (&sim->registry, &turn, rc), rc);
    sim->state = sim->registry.state;
    return rc;
}

static void sweep (struct simulation *sim)
{
    struct turn turn;
    uint8_t last[16] = {0};
    bool more = true;
    while (more) {
        assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
        assert_int_equal (registry_end (&sim->registry, &turn, consent_request_sweep (&turn, last, &more)), 0);
    }
    sim->state = sim->registry.state;
}

/* What is taken out by the pseudonym, where no record tells what belongs to it, is found by it. */
static void assert_found (enum store_table table, struct bytes key, struct bytes value, const uint8_t *id)
{
    enum erased_by how = erasing_of (table);
    const uint8_t *whose = erasing_whose (table, key, value);
    if (how != ERASED_BY_TURN && how != ERASED_BY_SWEEP && how != ERASED_BUT_TOLD)
        return;
    assert_true (whose != NULL || how == ERASED_BUT_TOLD);
    if (whose != NULL)
        assert_memory_equal (whose, id, VAULT_ID_SIZE);
}

/* How many entries of the table name the subject in clear. */
static size_t entries_about (struct simulation *sim, enum store_table table, const uint8_t id[VAULT_ID_SIZE])
{
    struct turn turn;
    struct store_scan *scan;
    struct bytes key, value;
    size_t count = 0;
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    assert_int_equal (store_scan_open (turn.txn, table, (struct bytes){"", 0}, &scan), 0);
    while (store_scan_next (scan, &key, &value) == 0)
        if (memmem (key.data, key.size, id, VAULT_ID_SIZE) != NULL ||
            (value.size > 0 && memmem (value.data, value.size, id, VAULT_ID_SIZE) != NULL)) {
            assert_found (table, key, value, id);
            count++;
        }
    store_scan_close (&scan);
    assert_int_equal (registry_end (&sim->registry, &turn, 0), 0);
    return count;
}

/* Of tables that are said to have entries about a subject, those that need not name it in clear, or are empty. */
static bool is_never_found (enum store_table table)
{
    return table == STORE_UNKNOWN || /* who is on record has no entry there; see below */
           table == STORE_EARLIER_STATEMENTS || table == STORE_EARLIER_RECEIVED || table == STORE_LINES_ABOUT;
}

static void test_every_entry_about_a_subject_goes_as_its_table_says (void **state)
{
    struct simulation *sim = *state;
    uint8_t id[VAULT_ID_SIZE], others[VAULT_ID_SIZE];
    size_t before[STORE_TABLES], of_other[STORE_TABLES];
    simulated_life_that_is_kept (sim, adult); /* of which there are extracts */
    live (sim);
    tell_recipients (sim);
    identify (sim, adult, id);
    identify (sim, other, others);
    for (int table = 0; table < STORE_TABLES; table++) {
        enum erased_by how = erasing_of ((enum store_table)table);
        before[table] = entries_about (sim, (enum store_table)table, id);
        of_other[table] = entries_about (sim, (enum store_table)table, others);
        if ((how == ERASED_NONE) != (before[table] == 0) && !is_never_found ((enum store_table)table))
            fail_msg ("table %d has %zu entries", table, before[table]);
    }
    assert_int_equal (take_out (sim, adult), 0);
    assert_true (entries_about (sim, STORE_REQUEST, id) > 0); /* the one that no list has */
    sweep (sim);
    for (int table = 0; table < STORE_TABLES; table++) {
        enum erased_by how = erasing_of ((enum store_table)table);
        size_t after = entries_about (sim, (enum store_table)table, id);
        size_t stay = how == ERASED_BY_KEY      ? before[table] + (table == STORE_AUDIT) /* its own line */
                      : how == ERASED_LATER     ? before[table]
                      : how == ERASED_TO_A_MARK ? 1
                      : how == ERASED_BUT_TOLD  ? RECIPIENTS
                                                : 0;
        if (after != stay)
            fail_msg ("table %d has %zu entries, and not %zu", table, after, stay);
        assert_int_equal (entries_about (sim, (enum store_table)table, others), of_other[table]);
    }
    simulation_restart (sim); /* what is guarded agrees with its sums */
    assert_string_equal (CHECK (sim, .bsn = other, .items = "naw"), "consent");
}

static size_t lines_that_open (struct simulation *sim, const uint8_t id[VAULT_ID_SIZE], uint64_t up_to)
{
    struct turn turn;
    size_t count = 0;
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    for (uint64_t number = 1; number <= up_to; number++) {
        struct audit_record record;
        struct evidence evidence;
        assert_int_equal (audit_find (&turn, number, &record), 0);
        if (!record.head.subject_key || memcmp (record.head.object, id, VAULT_ID_SIZE) != 0)
            continue;
        int rc = audit_open (&turn, &record, &evidence);
        assert_true (rc == 0 || rc == AUDIT_NOT_FOUND);
        count += rc == 0;
    }
    assert_int_equal (registry_end (&sim->registry, &turn, 0), 0);
    return count;
}

static void test_who_was_erased_is_unknown_and_may_come_back (void **state)
{
    struct simulation *sim = *state;
    uint8_t id[VAULT_ID_SIZE];
    live (sim);
    identify (sim, adult, id);
    uint64_t then = sim->registry.state.audit_number;
    assert_true (lines_that_open (sim, id, then) > 0);
    assert_int_equal (take_out (sim, adult), 0);
    assert_int_equal (take_out (sim, adult), SUBJECT_FILE_NOT_FOUND);
    for (int i = 0; i < 2; i++) {
        assert_int_equal (lines_that_open (sim, id, then), 0);
        assert_string_equal (CHECK (sim, .items = "naw"),
                             CHECK (sim, .bsn = simulation_bsn (sim, 77), .items = "naw"));
        simulation_restart (sim);
    }
    simulation_adult (sim);
    GRANTED (sim, .categories = "naw");
    for (int i = 0; i < 2; i++) {
        assert_string_equal (CHECK (sim, .items = "naw"), "consent");
        assert_int_equal (lines_that_open (sim, id, then), 0); /* they have another key */
        assert_true (lines_that_open (sim, id, sim->registry.state.audit_number) > 0);
        simulation_restart (sim);
    }
    assert_int_equal (take_out (sim, adult), 0); /* and again */
    assert_int_equal (lines_that_open (sim, id, sim->registry.state.audit_number), 0);
    assert_int_equal (entries_about (sim, STORE_GENERATION, id), 1);
}

/* G11: what was done once is not done again, and its answer is gone. */
static void test_an_answer_about_who_was_erased_is_not_given_again (void **state)
{
    struct simulation *sim = *state;
    static const char key[] = "once-and-again-1";
    const char *said = GRANT (sim, .categories = "naw", .key = key);
    assert_string_equal (GRANT (sim, .categories = "naw", .key = key),
                         arena_printf (sim->arena, "%s again", said));
    uint64_t decision = CHECK_REPLY (sim, .items = "naw")->check->decision;
    assert_int_equal (take_out (sim, adult), 0);
    Consentd__Request *show = simulation_asking (sim, CONSENTD__REQUEST__BODY_DECISION_SHOW);
    show->decision_show->number = decision;
    for (int back = 0; back < 2; back++) {
        assert_string_equal (GRANT (sim, .categories = "naw", .key = key), "CONFLICT idempotency_key");
        assert_string_equal (simulation_answer (sim, "kernteam", show), "NOT_FOUND");
        Consentd__Request *list = simulation_asking (sim, CONSENTD__REQUEST__BODY_AUDIT_LIST);
        assert_string_equal (simulation_answer (sim, "operator", list), "OK");
        assert_string_not_equal (CHECK (sim, .items = "naw"), "consent");    /* nothing was recorded anew */
        assert_int_equal (guard_untold (sim->registry.guard), STORE_TABLES); /* and nothing counts as damaged */
        simulation_adult (sim);
    }
}

/* What waits undelivered tells of the erasure, to each party under its own pseudonym, and nothing else (V6). */
static void test_an_event_that_waits_tells_of_the_erasure (void **state)
{
    struct simulation *sim = *state;
    const uint8_t *consent = GRANTED (sim, .categories = "naw bsn");
    uint8_t id[VAULT_ID_SIZE], ref[VAULT_ID_SIZE];
    identify (sim, adult, id);
    assert_string_equal (REVOKE (sim, .consent = consent), "OK");
    for (int back = 0; back < 2; back++) {
        uint64_t newest = simulation_newest_of_all (sim, horizon);
        assert_int_equal (simulation_event_of_all (sim, horizon, newest)->kind,
                          back == 0 ? CONSENTD__EVENT_KIND__CONSENT_REVOKED
                                    : CONSENTD__EVENT_KIND__CONSENT_GRANTED);
        int64_t time = simulation_event_of_all (sim, horizon, newest)->time;
        sim->wall += 1000;
        assert_int_equal (take_out (sim, adult), 0);
        for (uint64_t number = 1; number <= newest; number++) {
            const Consentd__EventPush *event = simulation_event_of_all (sim, horizon, number);
            assert_int_equal (event->kind, CONSENTD__EVENT_KIND__SUBJECT_ERASED);
            vault_subject_ref (sim->registry.vault, id, horizon, ref);
            assert_int_equal (event->subject_ref.len, sizeof ref);
            assert_memory_equal (event->subject_ref.data, ref, sizeof ref);
            assert_int_equal (
                event->consent_id.len + event->n_categories + event->n_providers + event->n_recipients, 0);
            assert_string_equal (event->purpose, "");
            assert_true (event->whole && event->time <= time);
        }
        simulation_adult (sim); /* who comes back has other events, */
        GRANTED (sim, .categories = "naw");
        assert_int_equal (simulation_event_of_all (sim, horizon, newest)->kind, /* and these stay what they are */
                          CONSENTD__EVENT_KIND__SUBJECT_ERASED);
    }
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        ADULT_TEST (test_every_entry_about_a_subject_goes_as_its_table_says),
        ADULT_TEST (test_who_was_erased_is_unknown_and_may_come_back),
        ADULT_TEST (test_an_answer_about_who_was_erased_is_not_given_again),
        ADULT_TEST (test_an_event_that_waits_tells_of_the_erasure),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}

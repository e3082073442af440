/* Who received data of a subject is told that they were corrected or erased, and reports the same done at its own
   side (R4, AVG 19). */
#include <string.h>
#include "registry/erasure.h"
#include "simulated_duties.h"

static const char adult[] = "999900006", cak[] = "cak", kernteam[] = "kernteam";
static const char *birth[] = {"geboortedatum"};
static const struct text_set birth_date = {birth, 1};

/* Horizon received naw and geboortedatum, cak bsn and geboortedatum, and svb bsn. */
static void disclose (struct simulation *sim)
{
    GRANTED (sim, .categories = "naw geboortedatum");
    assert_string_equal (CHECK (sim, .items = "naw geboortedatum"), "consent, consent");
    assert_string_equal (
        CHECK (sim, .to = "cak", .purpose = "eigen-bijdrage", .items = "bsn/wmo geboortedatum/wmo"),
        "wmo-2015, wmo-2015");
    assert_string_equal (CHECK (sim, .to = "svb", .purpose = "pgb", .items = "bsn/wmo"), "wmo-2015");
}

static const char *done (struct simulation *sim, const char *party, uint64_t decision, unsigned kind,
                         const char *holder)
{
    Consentd__Request *request = simulation_done (sim, decision, kind, 0);
    request->obligation_done->holder = arena_strdup (sim->arena, holder);
    return simulation_answer (sim, party, request);
}

static const Consentd__EventPush *newest_event (struct simulation *sim, const char *party)
{
    return simulation_event_of_all (sim, party, simulation_newest_of_all (sim, party));
}

static void assert_told (struct simulation *sim, const char *party, unsigned kind, uint64_t decision,
                         const char *categories)
{
    bool erases = kind == CONSENTD__EVENT_KIND__DATA_TO_ERASE;
    const Consentd__EventPush *event = newest_event (sim, party);
    uint8_t id[VAULT_ID_SIZE], ref[VAULT_ID_SIZE];
    vault_subject_id (sim->registry.vault, adult, id);
    vault_subject_ref (sim->registry.vault, id, party, ref);
    assert_int_equal (event->kind, kind);
    assert_int_equal (event->decision, decision);
    assert_int_equal (event->obligation, erases ? ERASE : RECTIFY);
    assert_int_equal (event->due, AT ("2026-05-30"));
    assert_string_equal (simulation_words (sim, event->categories, event->n_categories), categories);
    assert_int_equal (event->whole, erases);
    assert_int_equal (event->consent_id.len, 0);
    assert_memory_equal (event->subject_ref.data, ref, sizeof ref);
}

static void test_R4_who_received_such_data_is_told_to_correct_them (void **state)
{
    struct simulation *sim = *state;
    disclose (sim);
    uint64_t of_svb = simulation_newest_of_all (sim, "svb");
    uint64_t decision = simulation_recipients_told (sim, adult, RECTIFY, &birth_date);
    assert_told (sim, horizon, CONSENTD__EVENT_KIND__DATA_RECTIFIED, decision, "geboortedatum");
    assert_told (sim, cak, CONSENTD__EVENT_KIND__DATA_RECTIFIED, decision, "geboortedatum");
    assert_int_equal (simulation_newest_of_all (sim, "svb"), of_svb);
    assert_string_equal (simulation_listed (sim, horizon), "RECTIFY 2026-05-30 of zorgaanbieder-horizon");
    assert_string_equal (simulation_listed (sim, cak), "RECTIFY 2026-05-30 of cak");
    assert_string_equal (simulation_listed (sim, "svb"), "");
    const Consentd__Duty *duty =
        simulation_duties_page (sim, horizon, 0, (ProtobufCBinaryData){0, NULL})->duties[0];
    assert_string_equal (simulation_words (sim, duty->categories, duty->n_categories), "geboortedatum");
    assert_int_equal (duty->ground, 0);
    assert_false (duty->deferrable);
    decision = simulation_recipients_told (sim, adult, RECTIFY, NULL);
    assert_told (sim, horizon, CONSENTD__EVENT_KIND__DATA_RECTIFIED, decision, "geboortedatum naw");
    assert_told (sim, "svb", CONSENTD__EVENT_KIND__DATA_RECTIFIED, decision, "bsn");
}

static void test_R4_each_reports_its_own_done (void **state)
{
    struct simulation *sim = *state;
    disclose (sim);
    uint64_t decision = simulation_recipients_told (sim, adult, RECTIFY, &birth_date);
    assert_string_equal (done (sim, "svb", decision, RECTIFY, ""), "NOT_FOUND");
    assert_string_equal (done (sim, cak, decision, RECTIFY, horizon), "NOT_FOUND");
    assert_string_equal (done (sim, cak, decision, ERASE, ""), "NOT_FOUND");
    assert_string_equal (done (sim, cak, decision, RECTIFY, ""), "OK");
    simulation_restart (sim);
    assert_string_equal (simulation_listed (sim, cak), "RECTIFY 2026-05-30 of cak done");
    assert_string_equal (simulation_coming (sim, cak, 0, 0), "");
    assert_string_equal (simulation_coming (sim, horizon, 0, 0), "RECTIFY 2026-05-30 of zorgaanbieder-horizon");
    sim->wall = AT ("2026-06-15");
    assert_string_equal (simulation_coming (sim, "operator", 0, 0), /* overdue, and listed until it is done */
                         "ends 2026-06-30, SUBJECT 2026-05-16 of kernteam, SUBJECT 2026-05-16 of kernteam, "
                         "RECTIFY 2026-05-30 of zorgaanbieder-horizon");
}

static void test_R4_who_may_explain_reports_for_a_holder_that_is_named (void **state)
{
    struct simulation *sim = *state;
    disclose (sim);
    uint64_t decision = simulation_recipients_told (sim, adult, RECTIFY, &birth_date);
    assert_string_equal (done (sim, kernteam, decision, RECTIFY, ""), "INVALID obligation_done.holder");
    assert_string_equal (done (sim, kernteam, decision, RECTIFY, "svb"), "NOT_FOUND");
    assert_string_equal (done (sim, kernteam, decision, RECTIFY, "Geen partij"), "INVALID obligation_done.holder");
    assert_string_equal (done (sim, "loket", decision, RECTIFY, cak), "NOT_FOUND");
    assert_string_equal (done (sim, kernteam, decision, RECTIFY, horizon), "OK");
    assert_string_equal (simulation_coming (sim, horizon, 0, 0), "");
    assert_string_equal (simulation_coming (sim, cak, 0, 0), "RECTIFY 2026-05-30 of cak");
    uint64_t fee = simulation_recipients_told (sim, adult, RECTIFY, NULL);
    assert_string_equal (done (sim, kernteam, fee, RECTIFY, cak), "OK");
    assert_string_equal (simulation_listed (sim, cak),
                         "RECTIFY 2026-05-30 of cak, RECTIFY 2026-05-30 of cak done");
}

static void test_R4_it_is_never_put_off_and_takes_no_letter (void **state)
{
    struct simulation *sim = *state;
    disclose (sim);
    static const unsigned kinds[] = {RECTIFY, ERASE};
    for (size_t i = 0; i < 2; i++) {
        uint64_t decision = simulation_recipients_told (sim, adult, kinds[i], NULL);
        assert_string_equal (
            simulation_answer (sim, cak, simulation_put_off (sim, decision, kinds[i], AT ("2026-12-01"))),
            "INVALID obligation_defer.kind");
        Consentd__Request *request = simulation_done (sim, decision, kinds[i], 0);
        request->obligation_done->letter = arena_strdup (sim->arena, "brief-1");
        assert_string_equal (simulation_answer (sim, cak, request), "INVALID obligation_done.letter");
        request = simulation_done (sim, decision, kinds[i], 0);
        request->obligation_done->reason = arena_strdup (sim->arena, "mag niet");
        assert_string_equal (simulation_answer (sim, cak, request), "INVALID obligation_done.reason");
    }
}

static void erase (struct simulation *sim)
{
    struct turn turn;
    struct erasure_mark mark = {.kind = ERASURE_OF_SUBJECT};
    vault_subject_id (sim->registry.vault, adult, mark.subject);
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    assert_int_equal (registry_end (&sim->registry, &turn, erasure_mark (&turn, &mark)), 0);
    for (int i = 0; erasure_is_due (&sim->registry); i++) {
        assert_in_range (i, 0, 64);
        assert_int_equal (erasure_go_on (&sim->registry, &sim->in_force, sim->wall), 0);
    }
    sim->state = sim->registry.state;
}

static uint64_t count_obligations (struct simulation *sim)
{
    struct turn turn;
    uint64_t count;
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    assert_int_equal (store_count (turn.txn, STORE_OBLIGATION, &count), 0);
    assert_int_equal (registry_end (&sim->registry, &turn, -1), -1);
    return count;
}

/* With the subject goes what is to be corrected: it is to be erased by now. */
static void test_R4_what_is_to_be_erased_outlives_the_subjects_key (void **state)
{
    struct simulation *sim = *state;
    disclose (sim);
    simulation_recipients_told (sim, adult, RECTIFY, NULL);
    uint64_t decision = simulation_recipients_told (sim, adult, ERASE, NULL);
    erase (sim);
    for (int back = 0; back < 2; back++) {
        static const char *const told[] = {horizon, cak, "svb"};
        for (size_t i = 0; i < 3; i++) {
            assert_told (sim, told[i], CONSENTD__EVENT_KIND__DATA_TO_ERASE, decision, "");
            const char *one = arena_printf (sim->arena, "ERASE 2026-05-30 of %s", told[i]);
            assert_string_equal (simulation_listed (sim, told[i]), one);
            assert_string_equal (simulation_coming (sim, told[i], 0, 0), one);
        }
        assert_int_equal (count_obligations (sim), 3);
        simulation_restart (sim);
    }
    simulation_adult (sim); /* who comes back is to be erased there still, as the subject was before */
    assert_string_equal (simulation_listed (sim, cak), "ERASE 2026-05-30 of cak");
}

static void test_R4_what_was_erased_is_gone_when_that_is_reported (void **state)
{
    struct simulation *sim = *state;
    disclose (sim);
    uint64_t decision = simulation_recipients_told (sim, adult, ERASE, NULL);
    erase (sim);
    static const uint8_t key[16] = "done-and-again-1";
    Consentd__Request *request = simulation_done (sim, decision, ERASE, 0);
    request->idempotency_key = (ProtobufCBinaryData){sizeof key, arena_memdup (sim->arena, key, sizeof key)};
    Consentd__Reply *reply = simulation_ask (sim, cak, request);
    assert_string_equal (simulation_said (sim, reply), "OK");
    assert_string_equal (simulation_duty (sim, reply->obligation->duty), "ERASE 2026-05-30 of cak done");
    for (int back = 0; back < 2; back++) {
        assert_string_equal (simulation_answer (sim, cak, request), "OK again");
        assert_string_equal (done (sim, cak, decision, ERASE, ""), "NOT_FOUND");
        assert_string_equal (simulation_listed (sim, kernteam), "ERASE 2026-05-30 of svb, "
                                                                "ERASE 2026-05-30 of zorgaanbieder-horizon");
        simulation_restart (sim);
    }
    assert_string_equal (done (sim, kernteam, decision, ERASE, "svb"), "OK");
    assert_string_equal (done (sim, kernteam, decision, ERASE, ""), "OK"); /* the only one that is left */
    assert_string_equal (simulation_coming (sim, kernteam, 0, 0), "");
    assert_int_equal (count_obligations (sim), 0);
}

static void test_R4_pages_go_through_all_holders (void **state)
{
    struct simulation *sim = *state;
    disclose (sim);
    simulation_recipients_told (sim, adult, ERASE, NULL);
    simulation_recipients_told (sim, adult, RECTIFY, NULL);
    const char *whole = simulation_listed (sim, kernteam), *said = "";
    ProtobufCBinaryData after = {0, NULL};
    for (bool more = true; more;) {
        Consentd__ObligationListReply *page = simulation_duties_page (sim, kernteam, 1, after);
        assert_in_range (page->n_duties, 0, 1);
        said = arena_printf (sim->arena, "%s%s%s", said, said[0] != 0 && page->n_duties > 0 ? ", " : "",
                             simulation_duties (sim, page->duties, page->n_duties));
        after = page->next;
        more = page->more;
    }
    assert_string_equal (said, whole);
    assert_string_equal (simulation_coming (sim, horizon, 0, 1), simulation_coming (sim, horizon, 0, 0));
    assert_string_equal (simulation_coming (sim, horizon, 0, 1),
                         "ERASE 2026-05-30 of zorgaanbieder-horizon, RECTIFY 2026-05-30 of zorgaanbieder-horizon");
}

/* However many categories each of them names, an answer fits in one message. */
static void test_R4_a_page_of_many_categories_is_shorter (void **state)
{
    enum { TOLD = 60 };
    struct simulation *sim = *state;
    static const char many[] =
        "naw geboortedatum telefoon email bsn toewijzing periode soort-voorziening omvang budget "
        "behandelaar doel";
    GRANTED (sim, .categories = many);
    CHECK (sim, .items = many);
    for (int i = 0; i < TOLD; i++)
        simulation_recipients_told (sim, adult, RECTIFY, NULL);
    Consentd__ObligationListReply *page =
        simulation_duties_page (sim, horizon, TOLD, (ProtobufCBinaryData){0, NULL});
    assert_true (page->more);
    size_t first = page->n_duties;
    assert_in_range (first, 1, TOLD - 1);
    page = simulation_duties_page (sim, horizon, TOLD, page->next);
    assert_false (page->more);
    assert_int_equal (first + page->n_duties, TOLD);
    Consentd__Reply *reply =
        simulation_ask (sim, horizon, simulation_due_list (sim, 0, TOLD, (ProtobufCBinaryData){0, NULL}));
    assert_string_equal (simulation_said (sim, reply), "OK");
    assert_true (reply->due_list->more);
    assert_in_range (reply->due_list->n_entries, 1, TOLD - 1);
}

/* After a reset of the time the agenda is gone through anew (C14). */
static void test_C14_the_agenda_is_made_anew_with_them (void **state)
{
    struct simulation *sim = *state;
    disclose (sim);
    simulation_recipients_told (sim, adult, RECTIFY, NULL);
    simulation_recipients_told (sim, adult, ERASE, NULL);
    const char *before = simulation_coming (sim, "operator", 0, 0);
    erase (sim);
    simulation_recipients_told (sim, adult, ERASE, NULL); /* of nothing: nobody is told twice */
    sim->wall -= 60 * 60 * 1000;
    simulation_reset_clock (sim);
    for (int i = 0; i < 4; i++)
        assert_int_equal (simulation_pass (sim), 0);
    const char *after = simulation_coming (sim, "operator", 0, 0);
    assert_non_null (strstr (before, "ERASE 2026-05-30 of cak, ERASE 2026-05-30 of svb, "
                                     "ERASE 2026-05-30 of zorgaanbieder-horizon"));
    assert_string_equal (after, "ERASE 2026-05-30 of cak, ERASE 2026-05-30 of svb, "
                                "ERASE 2026-05-30 of zorgaanbieder-horizon");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        ADULT_TEST (test_R4_who_received_such_data_is_told_to_correct_them),
        ADULT_TEST (test_R4_each_reports_its_own_done),
        ADULT_TEST (test_R4_who_may_explain_reports_for_a_holder_that_is_named),
        ADULT_TEST (test_R4_it_is_never_put_off_and_takes_no_letter),
        ADULT_TEST (test_R4_what_is_to_be_erased_outlives_the_subjects_key),
        ADULT_TEST (test_R4_what_was_erased_is_gone_when_that_is_reported),
        ADULT_TEST (test_R4_pages_go_through_all_holders),
        ADULT_TEST (test_R4_a_page_of_many_categories_is_shorter),
        ADULT_TEST (test_C14_the_agenda_is_made_anew_with_them),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}

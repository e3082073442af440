/* Who sees that a consent is asked for (G1): on the waiting list, and shown by itself. */
#include <string.h>
#include "registry/consent_request.h"
#include "simulated_requests.h"

static const moment day = 86400000;

static void test_G1_the_list_shows_whom_to_ask_what_and_the_oldest_first (void **state)
{
    struct simulation *sim = *state;
    const char *bsn = simulation_bsn (sim, 4);
    const uint8_t *first = ASKED (sim, .bsn = bsn, .categories = "naw bsn", .origins = "wmo", .case_ref = "zaak-1",
                                  .one_time = true, .valid_from = AT ("2026-05-10"));
    moment then = sim->wall;
    sim->wall += 1000;
    const uint8_t *second = ASKED (sim, .by = "wmo-team", .from = "wmo-team");
    const Consentd__WaitingListReply *list = simulation_waiting_page (sim, "", NULL, 0);
    assert_int_equal (list->n_requests, 2);
    assert_false (list->more);
    const Consentd__Waiting *one = list->requests[0];
    assert_memory_equal (one->consent_id.data, first, 16);
    assert_memory_equal (list->requests[1]->consent_id.data, second, 16);
    assert_string_equal (one->bsn, bsn);
    assert_string_equal (one->asked_by, horizon);
    assert_int_equal (one->asked_at, then);
    assert_string_equal (one->motivation, "nodig om de zorg af te stemmen");
    assert_string_equal (simulation_words (sim, one->scope->categories, one->scope->n_categories), "bsn naw");
    assert_string_equal (one->scope->purpose, "toekenning");
    assert_string_equal (one->scope->origins[0], "wmo");
    assert_string_equal (one->scope->case_ref, "zaak-1");
    assert_int_equal (one->valid_from, AT ("2026-05-10"));
    assert_true (one->one_time);
    assert_int_equal (one->deferred_at, 0);
    assert_int_equal (list->requests[1]->valid_from, 0);
    /* The pseudonym is the social team's own, as in its other answers. */
    assert_string_equal (PERSON (sim, .bsn = bsn), "OK");
    assert_memory_equal (one->subject_ref.data, GRANT_REPLY (sim, .bsn = bsn)->consent_recorded->subject_ref.data,
                         16);
}

static void test_G1_the_list_is_for_who_may_grant_alone (void **state)
{
    struct simulation *sim = *state;
    static const char *const others[] = {"zorgaanbieder-horizon", "cak", "toezicht", "operator"};
    ASKED (sim, .categories = "naw");
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_string_equal (
            simulation_said (sim, simulation_ask (sim, others[i], simulation_waiting_list (sim, "", NULL, 0))),
            "FORBIDDEN");
}

static void test_G1_the_list_comes_in_pages_and_of_one_subject_where_asked (void **state)
{
    struct simulation *sim = *state;
    const uint8_t *ids[7];
    for (unsigned i = 0; i < 7; i++)
        ids[i] = ASKED (sim, .bsn = simulation_bsn (sim, i % 2)); /* in one moment: by id then */
    const Consentd__WaitingListReply *list = NULL;
    size_t found = 0;
    do {
        list = simulation_waiting_page (sim, "", list, 3);
        assert_true (list->n_requests <= 3);
        for (size_t i = 0; i < list->n_requests; i++)
            for (size_t j = 0; j < 7; j++)
                found += memcmp (list->requests[i]->consent_id.data, ids[j], 16) == 0;
    } while (list->more);
    assert_int_equal (found, 7);
    assert_int_equal (simulation_waiting (sim, simulation_bsn (sim, 0)), 4);
    assert_int_equal (simulation_waiting (sim, simulation_bsn (sim, 1)), 3);
    assert_int_equal (simulation_waiting (sim, simulation_bsn (sim, 2)), 0);
    list = simulation_waiting_page (sim, simulation_bsn (sim, 1), NULL, 2);
    assert_true (list->more);
    list = simulation_waiting_page (sim, simulation_bsn (sim, 1), list, 2);
    assert_int_equal (list->n_requests, 1);
    assert_string_equal (list->requests[0]->bsn, simulation_bsn (sim, 1));
    assert_false (list->more);
}

static void test_G1_a_page_fits_in_a_message_however_much_was_asked (void **state)
{
    struct simulation *sim = *state;
    char long_text[1001] = {0};
    memset (long_text, 'x', 1000);
    for (unsigned i = 0; i < 48; i++) {
        const uint8_t *request = ASKED (
            sim, .bsn = simulation_bsn (sim, i), .motivation = long_text,
            .categories = "naw bsn geslacht geboortedatum correspondentie telefoon email doel budget omvang");
        assert_string_equal (
            simulation_said (sim, simulation_ask (sim, "kernteam", simulation_defer (sim, request, long_text))),
            "OK");
    }
    const Consentd__WaitingListReply *first = simulation_waiting_page (sim, "", NULL, 32);
    assert_true (first->more);
    assert_true (first->n_requests < 32);
    assert_string_equal (first->requests[0]->deferred_reason, long_text);
    assert_int_equal (simulation_waiting (sim, ""), 48);
}

static void test_G1_what_was_answered_waits_no_longer (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "1980-05-17");
    const uint8_t *granted = ASKED (sim, .categories = "naw"), *refused = ASKED (sim, .categories = "bsn");
    const uint8_t *deferred = ASKED (sim, .categories = "email");
    GRANT (sim, .answers = granted);
    REFUSE (sim, .answers = refused, .categories = "bsn");
    sim->wall += 1000;
    DEFER (sim, deferred);
    simulation_restart (sim);
    const Consentd__WaitingListReply *list = simulation_waiting_page (sim, "999900006", NULL, 0);
    assert_int_equal (list->n_requests, 1);
    assert_memory_equal (list->requests[0]->consent_id.data, deferred, 16);
    assert_int_equal (list->requests[0]->deferred_at, sim->wall);
    assert_string_equal (list->requests[0]->deferred_reason, "wil eerst overleggen");
    assert_int_equal (simulation_waiting (sim, ""), 1);
}

static void test_G1_what_nobody_can_grant_any_more_is_off_the_list (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "1980-05-17");
    const uint8_t *request = ASKED (sim, .valid_until = sim->wall + day);
    ASKED (sim, .categories = "bsn");
    sim->wall += day - 1;
    assert_int_equal (simulation_waiting (sim, ""), 2);
    sim->wall += 1;
    assert_int_equal (simulation_shown (sim, horizon, request)->state, CONSENTD__CONSENT__STATE__EXPIRED);
    assert_string_equal (REFUSE (sim, .answers = request), "INVALID refuse.answers");
    assert_string_equal (DEFER (sim, request), "INVALID defer.consent_id");
    assert_int_equal (simulation_waiting (sim, "999900006"), 1);
    assert_int_equal (simulation_waiting (sim, ""), 1);
}

static void test_C12_a_request_that_cannot_be_read_hides_no_other (void **state)
{
    struct simulation *sim = *state;
    struct turn turn;
    uint8_t value[64] = {0};
    const uint8_t *request = ASKED (sim, .bsn = simulation_bsn (sim, 1));
    sim->wall += 1000;
    ASKED (sim, .bsn = simulation_bsn (sim, 2));
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    vault_subject_id (turn.vault, simulation_bsn (sim, 1), value);
    assert_int_equal (
        store_put (turn.txn, STORE_REQUEST, (struct bytes){request, 16}, (struct bytes){value, sizeof value}), 0);
    assert_int_equal (registry_end (&sim->registry, &turn, 0), 0);
    const Consentd__WaitingListReply *list = simulation_waiting_page (sim, "", NULL, 0);
    assert_int_equal (list->n_requests, 2);
    assert_memory_equal (list->requests[0]->consent_id.data, request, 16);
    assert_string_equal (list->requests[0]->bsn, "");
    assert_string_equal (list->requests[1]->bsn, simulation_bsn (sim, 2));
    assert_int_equal (simulation_ask_in_vain (sim, "kernteam",
                                              simulation_statement (sim,
                                                                    &(struct simulated_statement){
                                                                        .bsn = simulation_bsn (sim, 1),
                                                                        .answers = request,
                                                                    },
                                                                    false)),
                      RECORD_DAMAGED);
}

static void test_G1_a_request_is_shown_to_whoever_asked_and_who_sees_all (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "1980-05-17");
    const uint8_t *request = ASKED (sim, .categories = "naw");
    const Consentd__Consent *own = simulation_shown (sim, horizon, request);
    assert_int_equal (own->state, CONSENTD__CONSENT__STATE__REQUESTED);
    assert_string_equal (own->asked_by, horizon);
    assert_int_equal (own->asked_at, sim->wall);
    assert_string_equal (own->scope->categories[0], "naw");
    assert_string_equal (own->motivation, "");
    assert_string_equal (own->recorded_by, "");
    assert_int_equal (own->recorded_at, 0);
    assert_int_equal (own->order, 0);
    assert_int_equal (own->valid_until, sim->wall + 60 * day);
    static const char *const whole[] = {"kernteam", "toezicht", "operator"};
    for (size_t i = 0; i < 3; i++)
        assert_string_equal (simulation_shown (sim, whole[i], request)->motivation,
                             "nodig om de zorg af te stemmen");
    assert_string_equal (simulation_unseen (sim, "cak", request), "NOT_FOUND");
    DEFER (sim, request);
    assert_int_equal (simulation_shown (sim, horizon, request)->state, CONSENTD__CONSENT__STATE__DEFERRED);
}

/* V6: they are not asked, and need not know what others would. */
static void test_G1_who_is_named_and_did_not_ask_does_not_see_a_request (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "1980-05-17");
    const uint8_t *request = ASKED (sim, .from = "wmo-team", .to = "zorgaanbieder-delta zorgaanbieder-horizon");
    assert_string_equal (simulation_unseen (sim, "wmo-team", request), "NOT_FOUND");
    assert_string_equal (simulation_unseen (sim, "zorgaanbieder-delta", request), "NOT_FOUND");
    GRANT (sim, .answers = request, .from = "wmo-team", .to = "zorgaanbieder-delta");
    const Consentd__Consent *consent = simulation_shown (sim, "zorgaanbieder-delta", request);
    assert_int_equal (consent->state, CONSENTD__CONSENT__STATE__GRANTED);
    assert_string_equal (consent->asked_by, "");
    assert_int_equal (consent->asked_at, 0);
}

static void test_G1_an_answered_request_shows_what_it_became (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "1980-05-17");
    const uint8_t *granted = ASKED (sim, .by = "loket"), *refused = ASKED (sim, .categories = "bsn");
    moment then = sim->wall;
    sim->wall += 1000;
    GRANT (sim, .answers = granted, .valid_until = sim->wall + day);
    REFUSE (sim, .answers = refused, .categories = "bsn");
    const Consentd__Consent *consent = simulation_shown (sim, "loket", granted);
    assert_int_equal (consent->state, CONSENTD__CONSENT__STATE__GRANTED);
    assert_string_equal (consent->asked_by, "loket");
    assert_int_equal (consent->asked_at, then);
    assert_int_equal (consent->recorded_at, sim->wall);
    assert_int_equal (consent->order, 1);
    assert_int_equal (consent->n_signatures, 0);
    assert_string_equal (consent->motivation, "");
    consent = simulation_shown (sim, horizon, refused);
    assert_int_equal (consent->state, CONSENTD__CONSENT__STATE__REFUSAL);
    assert_string_equal (consent->asked_by, horizon);
    assert_string_equal (simulation_shown (sim, "kernteam", granted)->asked_by, "loket");
}

static void test_C14_a_request_that_a_clock_ahead_took_off_the_list_is_on_it_again (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "1980-05-17");
    moment then = sim->wall;
    const uint8_t *waits = ASKED (sim, .valid_until = then + day);
    const uint8_t *answered = ASKED (sim, .categories = "bsn", .valid_until = then + day);
    ASKED (sim, .categories = "telefoon", .valid_until = then + 1000);
    assert_string_equal (GRANT (sim, .answers = answered, .categories = "bsn", .valid_until = then + day), "OK");
    sim->wall += 2 * day;
    assert_int_equal (simulation_waiting (sim, ""), 0);
    sim->wall = then + 2000;
    simulation_reset_clock (sim);
    for (int i = 0; i < 2; i++) /* after the consents */
        assert_int_equal (simulation_pass (sim), 0);
    assert_int_equal (simulation_waiting (sim, ""), 1);
    assert_int_equal (simulation_waiting (sim, "999900006"), 1);
    assert_string_equal (GRANT (sim, .answers = waits, .valid_until = then + day), "OK");
    assert_int_equal (simulation_waiting (sim, ""), 0);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        SIMULATION_TEST (test_G1_the_list_shows_whom_to_ask_what_and_the_oldest_first),
        SIMULATION_TEST (test_G1_the_list_is_for_who_may_grant_alone),
        SIMULATION_TEST (test_G1_the_list_comes_in_pages_and_of_one_subject_where_asked),
        SIMULATION_TEST (test_G1_a_page_fits_in_a_message_however_much_was_asked),
        SIMULATION_TEST (test_G1_what_was_answered_waits_no_longer),
        SIMULATION_TEST (test_G1_what_nobody_can_grant_any_more_is_off_the_list),
        SIMULATION_TEST (test_C12_a_request_that_cannot_be_read_hides_no_other),
        SIMULATION_TEST (test_G1_a_request_is_shown_to_whoever_asked_and_who_sees_all),
        SIMULATION_TEST (test_G1_who_is_named_and_did_not_ask_does_not_see_a_request),
        SIMULATION_TEST (test_G1_an_answered_request_shows_what_it_became),
        SIMULATION_TEST (test_C14_a_request_that_a_clock_ahead_took_off_the_list_is_on_it_again),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}

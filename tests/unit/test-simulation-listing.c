/* A listing in pages is one line of the log (A1), for as long as its pages follow one another. */
#include "listing.h"
#include "simulation_verbs.h"

static Consentd__ConsentListRequest body;

/* A page of one consent, behind those of `before`; NULL: the first page. */
static Consentd__Reply *page (struct simulation *sim, const Consentd__Reply *before)
{
    static char bsn[] = "999900006", user[] = "lezer-4";
    static Consentd__Request request;
    consentd__consent_list_request__init (&body);
    consentd__request__init (&request);
    request.body_case = CONSENTD__REQUEST__BODY_CONSENT_LIST;
    request.consent_list = &body;
    request.user = user;
    body.bsn = bsn;
    body.limit = 1;
    if (before) {
        body.after = before->consent_list->consents[0]->consent_id;
        request.listing = before->listing;
    }
    return simulation_ask (sim, "kernteam", &request);
}

/* How many lines more there are since. */
static uint64_t lines_since (const struct simulation *sim, uint64_t *before)
{
    uint64_t more = sim->state.audit_number - *before;
    *before = sim->state.audit_number;
    return more;
}

static void fill (struct simulation *sim)
{
    assert_string_equal (PERSON (sim, .born = "1980-05-17"), "OK");
    GRANTED (sim, .categories = "naw");
    GRANTED (sim, .categories = "budget");
    GRANTED (sim, .categories = "toewijzing");
}

static void test_pages_follow_one_another_within_the_pause (void **state)
{
    struct simulation *sim = *state;
    fill (sim);
    uint64_t lines = sim->state.audit_number;
    const Consentd__Reply *first = page (sim, NULL);
    assert_int_equal (lines_since (sim, &lines), 1);
    sim->wall += LISTING_PAUSE;
    const Consentd__Reply *second = page (sim, first);
    assert_string_equal (simulation_said (sim, second), "OK");
    assert_int_equal (lines_since (sim, &lines), 0);
    sim->wall += LISTING_PAUSE; /* it is the page before that counts */
    const Consentd__Reply *third = page (sim, second);
    assert_string_equal (simulation_said (sim, third), "OK");
    assert_int_equal (lines_since (sim, &lines), 0);
    assert_int_equal (third->listing.len, 0);
}

static void test_a_page_that_is_asked_too_late_has_a_line (void **state)
{
    struct simulation *sim = *state;
    fill (sim);
    const Consentd__Reply *first = page (sim, NULL);
    uint64_t lines = sim->state.audit_number;
    sim->wall += LISTING_PAUSE + 1;
    const Consentd__Reply *second = page (sim, first);
    assert_string_equal (simulation_said (sim, second), "OK");
    assert_int_equal (lines_since (sim, &lines), 1);
    assert_string_equal (simulation_said (sim, page (sim, second)), "OK");
    assert_int_equal (lines_since (sim, &lines), 0);
}

static void test_a_restart_ends_no_listing_and_a_new_epoch_does (void **state)
{
    struct simulation *sim = *state;
    fill (sim);
    const Consentd__Reply *first = page (sim, NULL);
    simulation_restart (sim);
    uint64_t lines = sim->state.audit_number;
    assert_string_equal (simulation_said (sim, page (sim, first)), "OK");
    assert_int_equal (lines_since (sim, &lines), 0);
    sim->wall -= 30 * 24 * 3600 * 1000LL;
    simulation_reset_clock (sim);
    assert_string_equal (simulation_said (sim, page (sim, first)), "INVALID listing");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        SIMULATION_TEST (test_pages_follow_one_another_within_the_pause),
        SIMULATION_TEST (test_a_page_that_is_asked_too_late_has_a_line),
        SIMULATION_TEST (test_a_restart_ends_no_listing_and_a_new_epoch_does),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}

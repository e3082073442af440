/* What the registry holds is corrected on a request of the subject (R4, KB 14, AVG 19): the request tells that it
   was done, and who received what was corrected is told. */
#include <string.h>
#include "simulated_duties.h"
#include "simulated_rights.h"

static const char cak[] = "cak", svb[] = "svb";

enum {
    RECTIFICATION = CONSENTD__RIGHTS_KIND__RIGHTS_RECTIFICATION,
    ERASURE = CONSENTD__RIGHTS_KIND__RIGHTS_ERASURE,
};

/* Horizon received naw and vertegenwoordiger, cak bsn and geboortedatum, and svb bsn. */
static void disclose (struct simulation *sim)
{
    GRANTED (sim, .categories = "naw vertegenwoordiger");
    assert_string_equal (CHECK (sim, .items = "naw vertegenwoordiger"), "consent, consent");
    assert_string_equal (
        CHECK (sim, .to = "cak", .purpose = "eigen-bijdrage", .items = "bsn/wmo geboortedatum/wmo"),
        "wmo-2015, wmo-2015");
    assert_string_equal (CHECK (sim, .to = "svb", .purpose = "pgb", .items = "bsn/wmo"), "wmo-2015");
}

#define CORRECTION(sim, number, ...) \
    correction_on (sim, number, simulation_person (sim, &(struct simulated_person){__VA_ARGS__}))

static Consentd__Request *correction_on (struct simulation *sim, uint64_t number, Consentd__Request *request)
{
    (void)sim;
    request->subject_set->request = number;
    return request;
}

static const char *informed_by (struct simulation *sim, Consentd__Request *request)
{
    Consentd__Reply *reply = simulation_ask (sim, TEAM, request);
    assert_string_equal (simulation_said (sim, reply), "OK");
    return simulation_words (sim, reply->subject_show->informed, reply->subject_show->n_informed);
}

static const char *followed (struct simulation *sim, uint64_t number)
{
    const Consentd__RightsRequest *shown = simulated_rights_shown (sim, number);
    const char *said = "";
    for (size_t i = 0; i < shown->n_followed; i++)
        said = arena_printf (sim->arena, "%s%s%s %llu", said, i > 0 ? ", " : "", shown->followed[i]->action,
                             (unsigned long long)shown->followed[i]->number);
    return said;
}

static const Consentd__EventPush *newest_event (struct simulation *sim, const char *party)
{
    return simulation_event_of_all (sim, party, simulation_newest_of_all (sim, party));
}

static void test_R4_who_received_a_birth_date_hears_that_it_was_corrected (void **state)
{
    struct simulation *sim = *state;
    disclose (sim);
    uint64_t number = OPENED (sim, .kind = RECTIFICATION);
    uint64_t of_horizon = simulation_newest_of_all (sim, horizon), of_svb = simulation_newest_of_all (sim, svb);
    Consentd__Request *request = CORRECTION (sim, number, .born = "1974-01-02");
    request->subject_set->advise = true;
    assert_string_equal (informed_by (sim, request), cak);
    assert_string_equal (simulation_listed (sim, cak), ""); /* nothing is done yet */
    assert_string_equal (followed (sim, number), "");
    request = CORRECTION (sim, number, .born = "1974-01-02");
    assert_string_equal (informed_by (sim, request), cak);
    uint64_t line = sim->state.audit_number;
    assert_string_equal (followed (sim, number), NUMBERS (sim, "subject-set %llu", (unsigned long long)line));
    const Consentd__EventPush *event = newest_event (sim, cak);
    assert_int_equal (event->kind, CONSENTD__EVENT_KIND__DATA_RECTIFIED);
    assert_int_equal (event->decision, line);
    assert_int_equal (event->request, 0); /* V6: on what it was done is not for the recipient */
    assert_string_equal (simulation_words (sim, event->categories, event->n_categories), "geboortedatum");
    assert_int_equal (simulation_newest_of_all (sim, horizon), of_horizon);
    assert_int_equal (simulation_newest_of_all (sim, svb), of_svb);
    assert_string_equal (simulation_listed (sim, cak), "RECTIFY 2026-05-30 of cak");
    assert_string_equal (simulation_answer (sim, cak, simulation_done (sim, line, RECTIFY, 0)), "OK");
    assert_string_equal (simulation_listed (sim, cak), "RECTIFY 2026-05-30 of cak done");
}

/* G11: what was done is not done again. */
static void test_R4_a_correction_that_is_repeated_tells_nobody_twice (void **state)
{
    struct simulation *sim = *state;
    static const uint8_t key[16] = "corrected-again1";
    disclose (sim);
    uint64_t number = OPENED (sim, .kind = RECTIFICATION);
    Consentd__Request *request = CORRECTION (sim, number, .born = "1974-01-02");
    request->idempotency_key = (ProtobufCBinaryData){sizeof key, arena_memdup (sim->arena, key, sizeof key)};
    assert_string_equal (informed_by (sim, request), cak);
    uint64_t told = simulation_newest_of_all (sim, cak);
    for (int back = 0; back < 2; back++) {
        assert_string_equal (simulation_answer (sim, TEAM, request), "OK again");
        assert_int_equal (simulation_newest_of_all (sim, cak), told);
        simulation_restart (sim);
    }
    assert_string_equal (informed_by (sim, CORRECTION (sim, number, .born = "1974-01-02")), ""); /* no change */
    assert_int_equal (simulation_newest_of_all (sim, cak), told);
    assert_string_equal (simulation_listed (sim, cak), "RECTIFY 2026-05-30 of cak");
    assert_int_equal (simulated_rights_shown (sim, number)->n_followed, 1);
}

static void test_R4_who_is_told_follows_from_what_is_corrected (void **state)
{
    struct simulation *sim = *state;
    disclose (sim);
    uint64_t number = OPENED (sim, .kind = RECTIFICATION);
    assert_string_equal (
        informed_by (sim, CORRECTION (sim, number, .born = "1980-05-17", .representatives = "ouder-1")), horizon);
    assert_string_equal (informed_by (sim, CORRECTION (sim, number, .born = "1974-01-02")),
                         "cak zorgaanbieder-horizon"); /* both: the representative goes */
    /* The pack has no category for capability or death: whoever received anything may have it. */
    assert_string_equal (
        informed_by (sim, CORRECTION (sim, number, .born = "1974-01-02", .incapable_from = "2026-01-01")),
        "cak svb zorgaanbieder-horizon");
    const Consentd__EventPush *event = newest_event (sim, svb);
    assert_int_equal (event->kind, CONSENTD__EVENT_KIND__DATA_RECTIFIED);
    assert_string_equal (simulation_words (sim, event->categories, event->n_categories), "bsn");
}

static void test_R4_on_no_request_nobody_is_told (void **state)
{
    struct simulation *sim = *state;
    disclose (sim);
    uint64_t told = simulation_newest_of_all (sim, cak);
    assert_string_equal (informed_by (sim, CORRECTION (sim, 0, .born = "1974-01-02")), "");
    assert_int_equal (simulation_newest_of_all (sim, cak), told);
    assert_string_equal (simulation_listed (sim, cak), "");
}

static void test_R2_a_correction_names_a_request_for_one (void **state)
{
    struct simulation *sim = *state;
    static const char field[] = "INVALID subject_set.request";
    disclose (sim);
    simulation_write_party (sim, "balie-1", "gemeente", "balie", "");
    assert_string_equal (PERSON (sim, .bsn = "999996770", .born = "1975-01-02"), "OK");
    uint64_t access = OPENED (sim, .kind = CONSENTD__RIGHTS_KIND__RIGHTS_ACCESS),
             erasure = OPENED (sim, .kind = ERASURE);
    uint64_t of_other = OPENED (sim, .bsn = "999996770", .kind = RECTIFICATION);
    uint64_t refused = OPENED (sim, .kind = RECTIFICATION), good = OPENED (sim, .kind = RECTIFICATION);
    assert_string_equal (DECIDE (sim, refused, REFUSED_WHOLE, NULL), "OK");
    const uint64_t bad[] = {access, erasure, of_other, refused, 99999};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        uint64_t revision = sim->state.revision;
        assert_string_equal (simulation_answer (sim, TEAM, CORRECTION (sim, bad[i], .born = "1974-01-02")), field);
        assert_int_equal (sim->state.revision, revision);
    }
    /* Who may not know of requests does not learn which exist. */
    assert_string_equal (simulation_answer (sim, "balie-1", CORRECTION (sim, good, .born = "1974-01-02")),
                         "FORBIDDEN");
    assert_string_equal (simulation_answer (sim, "balie-1", CORRECTION (sim, 99999, .born = "1974-01-02")),
                         "FORBIDDEN");
    assert_string_equal (simulation_answer (sim, "balie-1", CORRECTION (sim, 0, .born = "1974-01-02")), "OK");
    assert_string_equal (DECIDE (sim, good, GRANTED_WHOLE, NULL), "OK");
    assert_string_equal (informed_by (sim, CORRECTION (sim, good, .born = "1973-01-02")), cak); /* after it too */
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        RIGHTS_TEST (test_R4_who_received_a_birth_date_hears_that_it_was_corrected),
        RIGHTS_TEST (test_R4_a_correction_that_is_repeated_tells_nobody_twice),
        RIGHTS_TEST (test_R4_who_is_told_follows_from_what_is_corrected),
        RIGHTS_TEST (test_R4_on_no_request_nobody_is_told),
        RIGHTS_TEST (test_R2_a_correction_names_a_request_for_one),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}

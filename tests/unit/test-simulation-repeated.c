/* Checks that ask again what was decided in the same turn: answered from it, and as if they had come alone (L6).
 */
#include <string.h>
#include "simulation_verbs.h"
#include "turn.h"

enum { REPEATED = 40, CONSENTS = 100, MINUTE = 60000, HOUR = 60 * MINUTE };

static const char geest[] = "zorgaanbieder-geest";

/* What is answered, and until when. */
static const char *said_of (struct simulation *sim, const struct round_trip *round_trip)
{
    const Consentd__Reply *reply = round_trip->reply;
    moment until = reply->check != NULL ? reply->check->until : 0;
    return arena_printf (sim->arena, "%s until %lld", simulation_said (sim, reply), (long long)until);
}

static struct round_trip asked_by (struct simulation *sim, const struct simulated_check *asked, unsigned user)
{
    struct round_trip round_trip = {simulation_asker (asked), simulation_check (sim, asked), NULL};
    round_trip.request->check->user = arena_printf (sim->arena, "medewerker-%u", user);
    return round_trip;
}

/* What it costs to weigh statements for a party that hears of none, asking over and over, of users and cases that
   differ: in one batch, and as requests of their own. */
static void weigh (struct simulation *sim, const char *bsn, bool advise, uint64_t work[2])
{
    struct simulated_check checks[REPEATED];
    struct round_trip round_trips[REPEATED];
    for (unsigned i = 0; i < REPEATED; i++) {
        checks[i] = (struct simulated_check){.by = geest, .bsn = bsn, .to = geest, .advise = advise};
        checks[i].case_ref = arena_printf (sim->arena, "zaak-%u", i);
        round_trips[i] = asked_by (sim, &checks[i], i);
    }
    Consentd__Request *batch = simulation_batch (sim, checks, REPEATED);
    for (unsigned i = 0; i < REPEATED; i++)
        batch->batch->checks[i]->user = round_trips[i].request->check->user;
    Consentd__Reply *reply = simulation_ask (sim, geest, batch);
    work[0] = sim->work;
    assert_int_equal (simulation_turn (sim, round_trips, REPEATED), 0);
    work[1] = sim->work;
    for (unsigned i = 0; i < REPEATED; i++) {
        assert_string_equal (simulation_said_at (sim, reply, i), "NO_CONSENT");
        assert_string_equal (simulation_said (sim, round_trips[i].reply), "NO_CONSENT");
    }
}

static void test_that_a_check_is_repeated_tells_nothing_of_statements_that_it_may_not_tell_of (void **state)
{
    struct simulation *sim = *state;
    const char *some = simulation_bsn (sim, 0), *none = simulation_bsn (sim, 1);
    for (unsigned i = 0; i < CONSENTS; i++)
        GRANTED (sim, .bsn = some, .categories = "naw");
    const struct simulated_check one = {.by = geest, .bsn = some, .to = geest, .advise = true};
    struct round_trip alone = asked_by (sim, &one, 0);
    assert_int_equal (simulation_turn (sim, &alone, 1), 0);
    uint64_t once = sim->work;
    assert_true (once > CONSENTS);
    for (int advise = 0; advise < 2; advise++) {
        uint64_t of_some[2], of_none[2];
        weigh (sim, some, advise, of_some);
        weigh (sim, none, advise, of_none);
        /* Once where the file was opened, and once more at most. */
        for (int i = 0; i < 2; i++)
            assert_in_range (of_some[i], of_none[i], of_none[i] + 2 * once);
    }
}

/* C9. */
static void test_each_time_the_log_has_every_reason (void **state)
{
    struct simulation *sim = *state;
    struct round_trip round_trips[3];
    GRANTED (sim, .categories = "naw");
    for (unsigned i = 0; i < 3; i++)
        round_trips[i] = asked_by (sim, &(struct simulated_check){.by = geest, .to = geest}, i);
    assert_int_equal (simulation_turn (sim, round_trips, 3), 0);
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_AUDIT_LIST);
    request->audit_list->after = round_trips[0].reply->check->decision - 1;
    const Consentd__AuditListReply *log = simulation_ask (sim, "operator", request)->audit_list;
    assert_int_equal (log->n_entries, 3);
    for (unsigned i = 0; i < 3; i++) {
        assert_string_equal (simulation_said (sim, round_trips[i].reply), "NO_CONSENT");
        assert_string_equal (log->entries[i]->user, round_trips[i].request->check->user);
        assert_int_equal (log->entries[i]->number, round_trips[i].reply->check->decision);
        assert_non_null (strstr (log->entries[i]->details, "RECIPIENT_NOT_CONSENTED"));
    }
}

#define ESCALATE .to = "veiligheidshuis", .purpose = "escalatie"
#define URGENT ESCALATE, .bsn = none, .urgent = "vitaal-belang"
#define OVERLEG .bsn = none, .purpose = "extern-overleg"

/* Each differs from one before it in one thing. */
static void test_what_differs_in_what_matters_is_decided_by_itself (void **state)
{
    struct simulation *sim = *state;
    const char *bound = simulation_bsn (sim, 1), *none = simulation_bsn (sim, 2);
    const struct simulated_check checks[] = {
        {.items = "naw"},
        {.items = "email"},
        {.items = "naw/zvw"},
        {.items = "naw/"},
        {.items = "naw email"},
        {.items = "email naw"},
        {.items = "naw email", .all_or_nothing = true},
        {.items = "naw email", .all_or_nothing = true, .advise = true},
        {.items = "naw", .advise = true},
        {.items = "naw", .purpose = "monitoring"},
        {.items = "naw", .by = horizon},
        {.items = "naw", .from = "wijkteam", .by = horizon},
        {.items = "naw", .from = "wijkteam"},
        {.items = "naw", .to = geest},
        {.items = "naw", .to = geest, .by = geest},
        {.items = "naw", .under_secrecy = true},
        {.items = "naw", .bsn = none},
        {.items = "naw", .bsn = bound, .case_ref = "zaak-1"},
        {.items = "naw", .bsn = bound, .case_ref = "zaak-2"},
        {.items = "naw", .bsn = bound},
        {ESCALATE},
        {ESCALATE, .advise = true},
        {ESCALATE, .manager = "manager-3"},
        {ESCALATE, .no_manager = "niemand bereikbaar"},
        {ESCALATE, .bsn = none},
        {URGENT},
        {ESCALATE, .bsn = none, .urgent = "haast"},
        {URGENT, .without = "necessity"},
        {URGENT, .without = "subsidiarity"},
        {URGENT, .without = "manager_consulted"},
        {URGENT, .without = "serious_situation"},
        {URGENT, .without = "urgent_support"},
        {URGENT, .without = "inform"},
        {URGENT, .under_secrecy = true},
        {URGENT, .under_secrecy = true, .without = "consent_sought"},
        {URGENT, .under_secrecy = true, .without = "serious_harm"},
        {URGENT, .inform_by = sim->wall + 3600000},
        {URGENT, .inform_by = sim->wall + 7200000},
        {URGENT, .inform_by = sim->wall},
        {OVERLEG},
        {OVERLEG, .written_by = "subject"},
        {OVERLEG, .written_by = "ouder-1"},
        {OVERLEG, .written_by = "ouder-1 subject"},
    };
    enum { CHECKS = sizeof checks / sizeof *checks, TIMES = 2 };
    GRANTED (sim, .categories = "naw", .origins = "wmo");
    GRANTED (sim, ESCALATE, .categories = "naw");
    GRANTED (sim, .from = "wijkteam", .to = geest, .categories = "naw");
    GRANTED (sim, .bsn = bound, .categories = "naw", .case_ref = "zaak-1");
    struct round_trip together[CHECKS * TIMES];
    for (unsigned i = 0; i < CHECKS * TIMES; i++)
        together[i] = asked_by (sim, &checks[i % CHECKS], i);
    assert_int_equal (simulation_turn (sim, together, CHECKS * TIMES), 0);
    for (unsigned i = 0; i < CHECKS * TIMES; i++) {
        struct round_trip alone = asked_by (sim, &checks[i % CHECKS], i);
        assert_int_equal (simulation_turn (sim, &alone, 1), 0);
        assert_string_equal (said_of (sim, &together[i]), said_of (sim, &alone));
    }
}

/* C15: a request that was given after the refusal does not go against the will, and one from before it does. */
static void test_each_written_request_is_judged_by_when_it_was_given (void **state)
{
    struct simulation *sim = *state;
    moment refused_at = sim->wall;
    assert_string_equal (REFUSE (sim, .purpose = "extern-overleg"), "OK");
    sim->wall += HOUR;
    struct round_trip round_trips[4];
    for (unsigned i = 0; i < 4; i++) {
        const struct simulated_check check = {.purpose = "extern-overleg",
                                              .items = "naw",
                                              .written_by = "subject",
                                              .written_at = refused_at + (i % 2 == 0 ? -MINUTE : MINUTE)};
        round_trips[i] = asked_by (sim, &check, i);
    }
    assert_int_equal (simulation_turn (sim, round_trips, 4), 0);
    for (unsigned i = 0; i < 4; i++) {
        assert_string_equal (simulation_said (sim, round_trips[i].reply), "written request");
        assert_int_equal (round_trips[i].reply->check->items[0]->against_will, i % 2 == 0);
    }
}

/* C11. */
static void test_a_one_time_consent_is_used_once_in_a_turn (void **state)
{
    struct simulation *sim = *state;
    const struct simulated_check check = {.items = "naw"}, advice = {.items = "naw", .advise = true};
    struct round_trip round_trips[6];
    GRANTED (sim, .categories = "naw", .one_time = true);
    for (unsigned i = 0; i < 6; i++)
        round_trips[i] = asked_by (sim, i == 0 || i == 3 ? &check : &advice, i);
    round_trips[0] = asked_by (sim, &advice, 0);
    assert_int_equal (simulation_turn (sim, round_trips, 6), 0);
    for (unsigned i = 0; i < 6; i++)
        assert_string_equal (simulation_said (sim, round_trips[i].reply), i <= 3 ? "consent" : "USED_UP");
}

/* A revocation, or a change of who consents, between two checks of one turn (C13). */
static void test_what_is_changed_in_the_turn_is_decided_anew (void **state)
{
    struct simulation *sim = *state;
    const struct simulated_check check = {.items = "naw", .advise = true};
    const uint8_t *consent = GRANTED (sim, .categories = "naw");
    const struct simulated_revocation revocation = {.consent = consent};
    const struct simulated_person died = {
        .bsn = simulation_bsn (sim, 2), .born = "1980-05-17", .died = "2026-04-01"};
    const struct simulated_check of_dead = {.bsn = simulation_bsn (sim, 2), .items = "naw", .advise = true};
    GRANTED (sim, .bsn = simulation_bsn (sim, 2), .categories = "naw");
    struct round_trip round_trips[] = {
        asked_by (sim, &check, 0),
        asked_by (sim, &check, 1),
        {"kernteam", simulation_revocation (sim, &revocation), NULL},
        asked_by (sim, &check, 2),
        asked_by (sim, &check, 3),
        asked_by (sim, &of_dead, 4),
        asked_by (sim, &of_dead, 5),
        {"kernteam", simulation_person (sim, &died), NULL},
        asked_by (sim, &of_dead, 6),
        asked_by (sim, &of_dead, 7),
    };
    static const char *const said[] = {"consent",
                                       "consent",
                                       "OK",
                                       "REVOKED",
                                       "REVOKED",
                                       "consent",
                                       "consent",
                                       "OK",
                                       "REPRESENTATION_LAPSED",
                                       "REPRESENTATION_LAPSED"};
    assert_int_equal (simulation_turn (sim, round_trips, 10), 0);
    for (unsigned i = 0; i < 10; i++)
        assert_string_equal (simulation_said (sim, round_trips[i].reply), said[i]);
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
        TEST (test_that_a_check_is_repeated_tells_nothing_of_statements_that_it_may_not_tell_of),
        TEST (test_each_time_the_log_has_every_reason),
        TEST (test_what_differs_in_what_matters_is_decided_by_itself),
        TEST (test_each_written_request_is_judged_by_when_it_was_given),
        TEST (test_a_one_time_consent_is_used_once_in_a_turn),
        TEST (test_what_is_changed_in_the_turn_is_decided_anew),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}

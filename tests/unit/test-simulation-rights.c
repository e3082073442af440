/* Requests by which a subject exercises rights (R2, KB 13-15): numbered, due, put off, decided, objected to;
   listed with what is due, and told to whoever keeps the list. */
#include <errno.h>
#include <string.h>
#include "big_endian.h"
#include "simulation_verbs.h"

static const char subject[] = "999900006", team[] = "kernteam", clerk[] = "klachten", other[] = "999996770",
                  nobody[] = "999900018";

struct said_request {
    const char *bsn, *by, *received, *asked;
    unsigned kind, identity, way;
    uint64_t against;
};

static char *text (struct simulation *sim, const char *given, const char *otherwise)
{
    return arena_strdup (sim->arena, given != NULL ? given : otherwise);
}

static Consentd__Request *opening (struct simulation *sim, const struct said_request *said)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_RIGHTS_OPEN);
    Consentd__RightsOpenRequest *body = request->rights_open;
    body->bsn = text (sim, said->bsn, "999900006");
    body->kind = (Consentd__RightsKind)(said->kind != 0 ? said->kind : CONSENTD__RIGHTS_KIND__RIGHTS_ACCESS);
    body->by = text (sim, said->by, "subject");
    body->wish = text (sim, said->asked, "alles over de hulp van vorig jaar");
    body->identity = (Consentd__RightsIdentity)(said->identity != 0 ? said->identity : 1);
    body->way = (Consentd__RightsWay)(said->way != 0 ? said->way : 1);
    body->received = text (sim, said->received, "");
    body->against = said->against;
    body->user = text (sim, NULL, "medewerker-5");
    return request;
}

static Consentd__Reply *opened (struct simulation *sim, const struct said_request *said)
{
    return simulation_ask (sim, team, opening (sim, said));
}
#define OPEN_REPLY(sim, ...) opened (sim, &(struct said_request){__VA_ARGS__})
/* Opens a request, which must be admitted; its number. */
#define OPENED(sim, ...) number_of (sim, OPEN_REPLY (sim, __VA_ARGS__))

static uint64_t number_of (struct simulation *sim, const Consentd__Reply *reply)
{
    assert_string_equal (simulation_said (sim, reply), "OK");
    assert_int_equal (reply->rights->request->number, sim->state.audit_number);
    assert_string_equal (reply->rights->request->bsn, ""); /* the log keeps this answer */
    return reply->rights->request->number;
}

static Consentd__Request *extending (struct simulation *sim, uint64_t number, moment until)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_RIGHTS_EXTEND);
    request->rights_extend->number = number;
    request->rights_extend->until = until;
    request->rights_extend->reason = text (sim, NULL, "het dossier is groot");
    request->rights_extend->user = text (sim, NULL, "medewerker-5");
    return request;
}

static Consentd__Request *hearing (struct simulation *sim, uint64_t number, moment until, unsigned came)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_RIGHTS_HEAR);
    request->rights_hear->number = number;
    request->rights_hear->until = until;
    request->rights_hear->came = (Consentd__RightsViewCame)came;
    request->rights_hear->note = text (sim, NULL, "de buurman, over de melding");
    request->rights_hear->user = text (sim, NULL, "medewerker-5");
    return request;
}

static Consentd__Request *deciding (struct simulation *sim, uint64_t number, unsigned outcome,
                                    const char *announced)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_RIGHTS_DECIDE);
    Consentd__RightsDecideRequest *body = request->rights_decide;
    bool refuses = outcome == CONSENTD__RIGHTS_STATE__RIGHTS_REFUSED ||
                   outcome == CONSENTD__RIGHTS_STATE__RIGHTS_GRANTED_IN_PART;
    body->number = number;
    body->outcome = (Consentd__RightsState)outcome;
    body->reason = text (sim, refuses ? "het belang van een ander weegt zwaarder" : "", "");
    body->article = text (sim, refuses ? "KB 13.4" : "", "");
    body->announced = text (sim, announced, "");
    body->user = text (sim, NULL, "medewerker-5");
    return request;
}

enum {
    GRANTED_WHOLE = CONSENTD__RIGHTS_STATE__RIGHTS_GRANTED,
    IN_PART = CONSENTD__RIGHTS_STATE__RIGHTS_GRANTED_IN_PART,
    REFUSED_WHOLE = CONSENTD__RIGHTS_STATE__RIGHTS_REFUSED,
    WITHDRAWN = CONSENTD__RIGHTS_STATE__RIGHTS_WITHDRAWN,
};

enum {
    VIEW_NO_OBJECTION = CONSENTD__RIGHTS_VIEW_CAME__VIEW_NO_OBJECTION,
    VIEW_OBJECTS = CONSENTD__RIGHTS_VIEW_CAME__VIEW_OBJECTS,
};

#define EXTEND(sim, number, until) simulation_answer (sim, team, extending (sim, number, until))
#define HEAR(sim, number, until, came) simulation_answer (sim, team, hearing (sim, number, until, came))
#define DECIDE(sim, number, outcome, announced) \
    simulation_answer (sim, team, deciding (sim, number, outcome, announced))

static Consentd__Request *showing (struct simulation *sim, uint64_t number)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_RIGHTS_SHOW);
    request->rights_show->number = number;
    return request;
}

static const Consentd__RightsRequest *shown (struct simulation *sim, uint64_t number)
{
    Consentd__Reply *reply = simulation_look (sim, team, showing (sim, number));
    assert_string_equal (simulation_said (sim, reply), "OK");
    return reply->rights->request;
}

static const char *day_of (struct simulation *sim, moment when)
{
    char day[11];
    calendar_format (calendar_day (when - 1), day);
    return when != 0 ? arena_strdup (sim->arena, day) : "-";
}

static const char *const states[] = {"?",       "open",    "waiting", "unanswered",
                                     "granted", "in part", "refused", "withdrawn"};

/* "open 2026-05-29": the state, and the last day. */
static const char *state_of (struct simulation *sim, uint64_t number)
{
    const Consentd__RightsRequest *one = shown (sim, number);
    return arena_printf (sim->arena, "%s %s", states[one->state], day_of (sim, one->due));
}

/* "RIGHTS 7 2026-05-29 999900006, VIEW 7 ..." */
static const char *due (struct simulation *sim, const char *party, moment until)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_DUE_LIST);
    request->due_list->until = until;
    Consentd__Reply *reply = simulation_look (sim, party, request);
    const char *said = "";
    assert_string_equal (simulation_said (sim, reply), "OK");
    for (size_t i = 0; i < reply->due_list->n_entries; i++) {
        const Consentd__Due *one = reply->due_list->entries[i];
        assert_non_null (one->rights);
        assert_string_equal (one->rights->wish, ""); /* a list has no texts */
        said = arena_printf (sim->arena, "%s%s%s %llu %s%s%s", said, i > 0 ? ", " : "",
                             one->kind == CONSENTD__DUE_KIND__RIGHTS_DUE ? "RIGHTS" : "VIEW",
                             (unsigned long long)one->rights->number, day_of (sim, one->when),
                             one->rights->bsn[0] != 0 ? " " : "", one->rights->bsn);
    }
    return said;
}

/* "7 8": the numbers on all pages. */
static const char *list (struct simulation *sim, const char *party, const char *bsn, unsigned limit)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_RIGHTS_LIST);
    const char *said = "";
    request->rights_list->bsn = text (sim, bsn, "");
    request->rights_list->limit = limit;
    for (bool more = true; more;) {
        Consentd__Reply *reply = simulation_look (sim, party, request);
        assert_string_equal (simulation_said (sim, reply), "OK");
        for (size_t i = 0; i < reply->rights_list->n_requests; i++)
            said = arena_printf (sim->arena, "%s%s%llu", said, said[0] != 0 ? " " : "",
                                 (unsigned long long)reply->rights_list->requests[i]->number);
        more = reply->rights_list->more;
        request->rights_list->after = reply->rights_list->next;
    }
    return said;
}

#define NUMBERS(sim, format, ...) arena_printf ((sim)->arena, format, __VA_ARGS__)

static void assert_event (struct simulation *sim, const char *party, uint64_t event, unsigned kind,
                          uint64_t number)
{
    const Consentd__EventPush *heard = simulation_event_of_all (sim, party, event);
    assert_non_null (heard);
    assert_int_equal (heard->kind, kind);
    assert_int_equal (heard->request, number);
    assert_int_equal (heard->rights, CONSENTD__RIGHTS_KIND__RIGHTS_ACCESS);
    assert_int_equal (heard->due, shown (sim, number)->due);
    assert_int_equal (heard->subject_ref.len, 0); /* V6 */
    assert_int_equal (heard->consent_id.len, 0);
    assert_int_equal (heard->time, sim->wall);
}

static int setup (void **state)
{
    int rc = simulation_setup_adult (state);
    simulation_write_party (*state, clerk, "gemeente", "bezwaren", "");
    return rc;
}
#define RIGHTS_TEST(name) cmocka_unit_test_setup_teardown (name, setup, simulation_teardown)

static int setup_2026 (void **state)
{
    struct simulation_options options = {.policy = "wmo-jeugdwet-2026"};
    *state = simulation_new (&options);
    simulation_adult (*state);
    simulation_write_party (*state, clerk, "gemeente", "bezwaren", "");
    return 0;
}
#define RIGHTS_TEST_2026(name) cmocka_unit_test_setup_teardown (name, setup_2026, simulation_teardown)

/* --- Opened and listed -------------------------------------------------------------------------------- */

static void test_R2_a_request_has_a_number_a_due_date_and_is_told (void **state)
{
    struct simulation *sim = *state;
    uint64_t before = simulation_newest_of_all (sim, team), of_clerk = simulation_newest_of_all (sim, clerk);
    uint64_t of_horizon = simulation_newest_of_all (sim, horizon);
    uint64_t number = OPENED (sim, .bsn = subject);
    const Consentd__RightsRequest *one = shown (sim, number);
    assert_string_equal (state_of (sim, number), "open 2026-05-29");
    assert_string_equal (one->received, "2026-05-01");
    assert_string_equal (one->by, "subject");
    assert_string_equal (one->wish, "alles over de hulp van vorig jaar");
    assert_string_equal (one->opened_by, team);
    assert_string_equal (one->bsn, "999900006");
    assert_int_equal (one->opened_at, sim->wall);
    assert_int_equal (one->subject_ref.len, 16);
    assert_int_equal (simulation_newest_of_all (sim, team), before + 1);
    assert_event (sim, team, before + 1, CONSENTD__EVENT_KIND__RIGHTS_OPENED, number);
    assert_event (sim, clerk, of_clerk + 1, CONSENTD__EVENT_KIND__RIGHTS_OPENED, number);
    assert_int_equal (simulation_newest_of_all (sim, horizon), of_horizon);
    assert_int_equal (simulation_newest_of_all (sim, "operator"), 0); /* has no events */
}

static void test_R2_what_is_due_is_listed_with_the_person_for_who_may_see_him (void **state)
{
    struct simulation *sim = *state;
    uint64_t first = OPENED (sim, .bsn = subject), second = OPENED (sim, .bsn = other, .received = "2026-04-20");
    moment until = simulation_at ("2026-05-30");
    assert_string_equal (due (sim, team, until),
                         NUMBERS (sim, "RIGHTS %llu 2026-05-18 999996770, RIGHTS %llu 2026-05-29 999900006",
                                  (unsigned long long)second, (unsigned long long)first));
    assert_string_equal (due (sim, clerk, until), NUMBERS (sim, "RIGHTS %llu 2026-05-18, RIGHTS %llu 2026-05-29",
                                                           (unsigned long long)second, (unsigned long long)first));
    assert_string_equal (due (sim, team, simulation_at ("2026-05-29")),
                         NUMBERS (sim, "RIGHTS %llu 2026-05-18 999996770", (unsigned long long)second));
    assert_string_equal (due (sim, horizon, until), "");
    assert_string_equal (DECIDE (sim, second, GRANTED_WHOLE, NULL), "OK");
    assert_string_equal (due (sim, team, until),
                         NUMBERS (sim, "RIGHTS %llu 2026-05-29 999900006", (unsigned long long)first));
    sim->wall = simulation_at ("2026-07-01"); /* overdue, and listed still */
    assert_string_equal (due (sim, team, 0),
                         NUMBERS (sim, "RIGHTS %llu 2026-05-29 999900006", (unsigned long long)first));
}

static void test_R2_requests_are_listed_of_one_subject_and_all_that_are_open (void **state)
{
    struct simulation *sim = *state;
    uint64_t a = OPENED (sim, .bsn = subject), b = OPENED (sim, .received = "2026-04-10"),
             c = OPENED (sim, .bsn = other);
    uint64_t d = OPENED (sim, .received = "2026-04-10");
    assert_string_equal (DECIDE (sim, a, WITHDRAWN, NULL), "OK");
    const char *own =
        NUMBERS (sim, "%llu %llu %llu", (unsigned long long)a, (unsigned long long)b, (unsigned long long)d);
    const char *open =
        NUMBERS (sim, "%llu %llu %llu", (unsigned long long)b, (unsigned long long)d, (unsigned long long)c);
    for (unsigned limit = 0; limit < 5; limit++) {
        assert_string_equal (list (sim, team, "999900006", limit), own);
        assert_string_equal (list (sim, clerk, NULL, limit), open);
    }
    assert_string_equal (list (sim, team, nobody, 0), "");
    simulation_restart (sim);
    assert_string_equal (list (sim, team, "999900006", 1), own);
    assert_string_equal (list (sim, team, NULL, 1), open);
}

static void test_R2_whoever_has_not_the_permission_learns_nothing (void **state)
{
    struct simulation *sim = *state;
    uint64_t number = OPENED (sim, .bsn = subject);
    const char *const parties[] = {horizon, "toezicht", "loket", "cak"};
    for (size_t i = 0; i < COUNT (parties); i++) {
        assert_string_equal (simulation_answer (sim, parties[i], showing (sim, number)), "FORBIDDEN");
        assert_string_equal (simulation_answer (sim, parties[i], showing (sim, number + 1000)), "FORBIDDEN");
        assert_string_equal (simulation_answer (sim, parties[i], deciding (sim, number, GRANTED_WHOLE, NULL)),
                             "FORBIDDEN");
    }
    assert_string_equal (simulation_answer (sim, team, showing (sim, 1)), "NOT_FOUND");
    assert_string_equal (simulation_answer (sim, team, showing (sim, number + 1000)), "NOT_FOUND");
    Consentd__Reply *seen = simulation_look (sim, clerk, showing (sim, number));
    assert_string_equal (simulation_said (sim, seen), "OK");
    assert_string_equal (seen->rights->request->bsn, "");
}

/* G1, C2: and no answer tells who is registered to somebody without permission. */
static void test_R2_about_somebody_who_is_not_known_access_can_be_answered (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (simulation_said (sim, OPEN_REPLY (sim, .bsn = nobody, .kind = 4)),
                         "REJECTED REPRESENTATION_MISSING");
    assert_string_equal (simulation_said (sim, OPEN_REPLY (sim, .bsn = nobody, .by = "ouder-1")),
                         "REJECTED REPRESENTATION_MISSING");
    assert_string_equal (list (sim, team, nobody, 0), "");
    uint64_t number = OPENED (sim, .bsn = nobody);
    assert_string_equal (state_of (sim, number), "open 2026-05-29");
    assert_string_equal (DECIDE (sim, number, REFUSED_WHOLE, NULL), "OK");
    uint64_t objection = OPENED (sim, .bsn = nobody, .kind = 6, .against = number);
    assert_string_equal (DECIDE (sim, objection, GRANTED_WHOLE, NULL), "OK");
}

/* --- Who asks ----------------------------------------------------------------------------------------- */

static void test_M7_who_may_ask_is_judged_as_of_the_receipt_and_again_at_the_grant (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (PERSON (sim, .bsn = other, .born = "2016-05-01", .representatives = "ouder-1 ouder-2"),
                         "OK");
    uint64_t number = OPENED (sim, .bsn = other, .by = "ouder-1");
    assert_string_equal (simulation_said (sim, OPEN_REPLY (sim, .bsn = other)), "REJECTED REPRESENTATION_MISSING");
    sim->wall = simulation_at ("2026-05-03 10:00");
    assert_string_equal (PERSON (sim, .bsn = other, .born = "2016-05-01", .representatives = "ouder-1 ouder-2",
                                 .refused = "ouder-1", .refused_from = "2026-05-03"),
                         "OK");
    assert_string_equal (simulation_said (sim, OPEN_REPLY (sim, .bsn = other, .by = "ouder-1")),
                         "REJECTED REPRESENTATION_MISSING");
    OPENED (sim, .bsn = other, .by = "ouder-1", .received = "2026-05-02"); /* before he was refused */
    OPENED (sim, .bsn = other, .by = "ouder-2");
    assert_string_equal (DECIDE (sim, number, GRANTED_WHOLE, NULL), "REJECTED REPRESENTATION_MISSING");
    assert_string_equal (DECIDE (sim, number, IN_PART, NULL), "REJECTED REPRESENTATION_MISSING");
    assert_string_equal (state_of (sim, number), "open 2026-05-29");
    assert_string_equal (DECIDE (sim, number, REFUSED_WHOLE, NULL), "OK");
}

static void test_M3_on_the_sixteenth_birthday_a_parents_request_is_granted_no_more (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (PERSON (sim, .bsn = other, .born = "2010-05-10", .representatives = "ouder-1"), "OK");
    uint64_t parents = OPENED (sim, .bsn = other, .by = "ouder-1"), own = OPENED (sim, .bsn = other);
    sim->wall = simulation_at ("2026-05-10");
    assert_string_equal (DECIDE (sim, parents, GRANTED_WHOLE, NULL), "REJECTED REPRESENTATION_MISSING");
    assert_string_equal (DECIDE (sim, own, GRANTED_WHOLE, NULL), "OK");
}

/* --- Dates -------------------------------------------------------------------------------------------- */

static void test_R2_the_day_of_receipt_counts_and_its_last_day_is_whole (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (simulation_said (sim, OPEN_REPLY (sim, .received = "2026-05-02")),
                         "INVALID rights_open.received");
    assert_string_equal (simulation_said (sim, OPEN_REPLY (sim, .received = "2025-04-30")),
                         "INVALID rights_open.received");
    assert_string_equal (list (sim, team, "999900006", 0), "");
    uint64_t number = OPENED (sim, .received = "2026-04-10");
    assert_string_equal (state_of (sim, number), "open 2026-05-08");
    assert_int_equal (shown (sim, number)->due, simulation_at ("2026-05-09"));
    sim->wall = simulation_at ("2026-05-01 23:59:59.999");
    uint64_t last = OPENED (sim, .bsn = subject);
    sim->wall += 1;
    uint64_t next = OPENED (sim, .bsn = subject);
    assert_string_equal (state_of (sim, last), "open 2026-05-29");
    assert_string_equal (state_of (sim, next), "open 2026-05-30");
}

static void test_R2_what_is_overdue_is_told_once (void **state)
{
    struct simulation *sim = *state;
    uint64_t number = OPENED (sim, .bsn = subject), heard = simulation_newest_of_all (sim, clerk);
    sim->wall = simulation_at ("2026-05-30") - 1;
    assert_int_equal (simulation_pass (sim), 0);
    assert_int_equal (simulation_newest_of_all (sim, clerk), heard);
    sim->wall += 1;
    sim->fail_commit = true; /* undone: it is told by the next turn */
    assert_int_equal (simulation_pass (sim), -EIO);
    assert_int_equal (simulation_newest_of_all (sim, clerk), heard);
    assert_int_equal (simulation_pass (sim), 0);
    assert_event (sim, clerk, heard + 1, CONSENTD__EVENT_KIND__RIGHTS_OVERDUE, number);
    simulation_restart (sim);
    sim->wall = simulation_at ("2026-06-03");
    assert_int_equal (simulation_pass (sim), 0);
    assert_string_equal (HEAR (sim, number, simulation_at ("2026-06-10"), 0), "OK"); /* stays told */
    sim->wall = simulation_at ("2026-06-04");
    assert_int_equal (simulation_pass (sim), 0);
    assert_int_equal (simulation_newest_of_all (sim, clerk), heard + 1);
}

static void test_C14_what_was_told_while_the_clock_was_ahead_is_told_when_it_is_so (void **state)
{
    struct simulation *sim = *state;
    uint64_t number = OPENED (sim, .bsn = subject), decided = OPENED (sim, .bsn = subject);
    uint64_t heard = simulation_newest_of_all (sim, clerk);
    assert_string_equal (DECIDE (sim, decided, GRANTED_WHOLE, NULL), "OK");
    sim->wall = simulation_at ("2026-06-05"); /* and nobody noticed */
    assert_int_equal (simulation_pass (sim), 0);
    assert_event (sim, clerk, heard + 1, CONSENTD__EVENT_KIND__RIGHTS_OVERDUE, number);
    sim->wall = simulation_at ("2026-05-02");
    simulation_reset_clock (sim);
    assert_int_equal (simulation_pass (sim), 0);
    assert_int_equal (simulation_newest_of_all (sim, clerk), heard + 1);
    sim->wall = simulation_at ("2026-05-30");
    assert_int_equal (simulation_pass (sim), 0);
    assert_event (sim, clerk, heard + 2, CONSENTD__EVENT_KIND__RIGHTS_OVERDUE, number);
    assert_int_equal (simulation_newest_of_all (sim, clerk), heard + 2);
}

static void test_R2_what_was_decided_in_time_is_never_overdue (void **state)
{
    struct simulation *sim = *state;
    uint64_t number = OPENED (sim, .bsn = subject), heard = simulation_newest_of_all (sim, clerk);
    assert_string_equal (DECIDE (sim, number, GRANTED_WHOLE, NULL), "OK");
    sim->wall = simulation_at ("2026-06-30");
    assert_int_equal (simulation_pass (sim), 0);
    assert_int_equal (simulation_newest_of_all (sim, clerk), heard);
    assert_string_equal (due (sim, team, 0), "");
}

static void test_R2_one_that_came_long_ago_is_overdue_at_once (void **state)
{
    struct simulation *sim = *state;
    uint64_t number = OPENED (sim, .received = "2025-06-01"), heard = simulation_newest_of_all (sim, clerk);
    assert_int_equal (simulation_pass (sim), 0);
    assert_event (sim, clerk, heard + 1, CONSENTD__EVENT_KIND__RIGHTS_OVERDUE, number);
    assert_string_equal (EXTEND (sim, number, 0), "INVALID rights_extend.number");
}

static void test_R2_the_pack_of_2015_lets_nothing_be_put_off (void **state)
{
    struct simulation *sim = *state;
    uint64_t number = OPENED (sim, .bsn = subject);
    assert_string_equal (EXTEND (sim, number, 0), "INVALID rights_extend.number");
    assert_string_equal (EXTEND (sim, number, simulation_at ("2026-06-01")), "INVALID rights_extend.number");
    assert_string_equal (state_of (sim, number), "open 2026-05-29");
}

static void test_R2_it_is_put_off_once_with_a_reason_before_it_is_due (void **state)
{
    struct simulation *sim = *state;
    uint64_t number = OPENED (sim, .bsn = subject), late = OPENED (sim, .bsn = subject),
             heard = simulation_newest_of_all (sim, clerk);
    assert_string_equal (EXTEND (sim, number, simulation_at ("2026-05-30")), "INVALID rights_extend.until");
    assert_string_equal (EXTEND (sim, number, simulation_at ("2026-07-30") + 1), "INVALID rights_extend.until");
    assert_string_equal (EXTEND (sim, number, 0), "OK");
    assert_string_equal (state_of (sim, number), "open 2026-07-29");
    assert_string_equal (shown (sim, number)->extension_reason, "het dossier is groot");
    assert_int_equal (shown (sim, number)->due_before, simulation_at ("2026-05-30"));
    assert_string_equal (EXTEND (sim, number, simulation_at ("2026-07-30")), "INVALID rights_extend.number");
    sim->wall = simulation_at ("2026-05-30");
    assert_string_equal (EXTEND (sim, late, 0), "INVALID rights_extend.number");
    assert_event (sim, clerk, heard + 1, CONSENTD__EVENT_KIND__RIGHTS_OVERDUE, late); /* not the other */
    assert_int_equal (simulation_newest_of_all (sim, clerk), heard + 1);
    sim->wall = simulation_at ("2026-07-30");
    assert_int_equal (simulation_pass (sim), 0);
    assert_event (sim, clerk, heard + 2, CONSENTD__EVENT_KIND__RIGHTS_OVERDUE, number);
    assert_string_equal (DECIDE (sim, number, GRANTED_WHOLE, NULL), "OK");
    assert_string_equal (EXTEND (sim, number, 0), "INVALID rights_extend.number");
}

/* --- The view of another ------------------------------------------------------------------------------ */

static void test_KB13_access_waits_for_the_view_of_another_until_its_date (void **state)
{
    struct simulation *sim = *state;
    uint64_t number = OPENED (sim, .bsn = subject), erasure = OPENED (sim, .kind = 4);
    moment until = simulation_at ("2026-05-16");
    assert_string_equal (HEAR (sim, erasure, until, 0), "INVALID rights_hear.number");
    assert_string_equal (HEAR (sim, number, 0, VIEW_OBJECTS), "INVALID rights_hear.number"); /* nobody was asked */
    assert_string_equal (HEAR (sim, number, sim->wall, 0), "INVALID rights_hear.until");
    assert_string_equal (HEAR (sim, number, simulation_at ("2026-05-30") + 1, 0), "INVALID rights_hear.until");
    assert_string_equal (HEAR (sim, number, 0, 0), "INVALID rights_hear.until");
    assert_string_equal (HEAR (sim, number, until, VIEW_OBJECTS), "INVALID rights_hear.until");
    assert_string_equal (HEAR (sim, number, until, 0), "OK");
    assert_string_equal (state_of (sim, number), "waiting 2026-05-29");
    assert_string_equal (HEAR (sim, number, until, 0), "INVALID rights_hear.number");
    assert_string_equal (DECIDE (sim, number, GRANTED_WHOLE, NULL), "INVALID rights_decide.number");
    assert_string_equal (DECIDE (sim, number, IN_PART, NULL), "INVALID rights_decide.number");
    assert_string_equal (due (sim, clerk, until),
                         NUMBERS (sim, "VIEW %llu 2026-05-15", (unsigned long long)number));
    sim->wall = until;
    assert_string_equal (state_of (sim, number), "unanswered 2026-05-29");
    assert_string_equal (HEAR (sim, number, 0, VIEW_OBJECTS), "OK"); /* late, and noted */
    assert_string_equal (state_of (sim, number), "open 2026-05-29");
    assert_string_equal (due (sim, clerk, until), "");
    const Consentd__RightsView *view = shown (sim, number)->views[0];
    assert_int_equal (view->came, CONSENTD__RIGHTS_VIEW_CAME__VIEW_OBJECTS);
    assert_int_equal (view->came_at, until);
    assert_string_equal (view->note, "de buurman, over de melding");
    assert_string_equal (DECIDE (sim, number, IN_PART, NULL), "OK");
    assert_string_equal (HEAR (sim, number, simulation_at ("2026-06-01"), 0), "INVALID rights_hear.number");
}

static void test_KB13_a_view_that_never_comes_holds_up_nothing (void **state)
{
    struct simulation *sim = *state;
    uint64_t number = OPENED (sim, .bsn = subject), refused = OPENED (sim, .bsn = subject);
    assert_string_equal (HEAR (sim, number, simulation_at ("2026-05-10"), 0), "OK");
    assert_string_equal (HEAR (sim, refused, simulation_at ("2026-05-10"), 0), "OK");
    assert_string_equal (DECIDE (sim, refused, REFUSED_WHOLE, NULL), "OK"); /* tells nothing of the other's data */
    sim->wall = simulation_at ("2026-05-10");
    assert_string_equal (DECIDE (sim, number, GRANTED_WHOLE, NULL), "OK");
    assert_string_equal (due (sim, clerk, 0), "");
    uint64_t many = OPENED (sim, .bsn = subject);
    for (int i = 0; i < 8; i++) {
        assert_string_equal (HEAR (sim, many, simulation_at ("2026-05-20"), 0), "OK");
        assert_string_equal (HEAR (sim, many, 0, VIEW_NO_OBJECTION), "OK");
    }
    assert_string_equal (HEAR (sim, many, simulation_at ("2026-05-20"), 0), "INVALID rights_hear.number");
    assert_int_equal (shown (sim, many)->n_views, 8);
}

/* --- Decided and objected to -------------------------------------------------------------------------- */

static void test_R2_a_decision_is_made_once (void **state)
{
    struct simulation *sim = *state;
    static const unsigned outcomes[] = {GRANTED_WHOLE, IN_PART, REFUSED_WHOLE, WITHDRAWN};
    for (size_t i = 0; i < COUNT (outcomes); i++) {
        uint64_t number = OPENED (sim, .kind = 2);
        assert_string_equal (DECIDE (sim, number, outcomes[i], NULL), "OK");
        const Consentd__RightsRequest *one = shown (sim, number);
        assert_int_equal (one->state, outcomes[i]);
        assert_string_equal (one->announced, "2026-05-01");
        assert_string_equal (one->decided_by, team);
        bool refuses = outcomes[i] == IN_PART || outcomes[i] == REFUSED_WHOLE;
        assert_int_equal (one->objection_until, refuses ? simulation_at ("2026-06-13") : 0);
        assert_string_equal (one->article, refuses ? "KB 13.4" : "");
        for (size_t j = 0; j < COUNT (outcomes); j++)
            assert_string_equal (DECIDE (sim, number, outcomes[j], NULL), "INVALID rights_decide.number");
        assert_int_equal (shown (sim, number)->state, outcomes[i]);
    }
}

static void test_R2_a_refusal_has_reasons_and_an_article_and_is_announced_in_time (void **state)
{
    struct simulation *sim = *state;
    uint64_t number = OPENED (sim, .received = "2026-04-20");
    Consentd__Request *mute = deciding (sim, number, REFUSED_WHOLE, NULL);
    mute->rights_decide->reason = text (sim, "", "");
    assert_string_equal (simulation_answer (sim, team, mute), "INVALID rights_decide.reason");
    Consentd__Request *lawless = deciding (sim, number, IN_PART, NULL);
    lawless->rights_decide->article = text (sim, "", "");
    assert_string_equal (simulation_answer (sim, team, lawless), "INVALID rights_decide.article");
    Consentd__Request *lawful = deciding (sim, number, GRANTED_WHOLE, NULL);
    lawful->rights_decide->article = text (sim, "KB 13", "");
    assert_string_equal (simulation_answer (sim, team, lawful), "INVALID rights_decide.article");
    assert_string_equal (DECIDE (sim, number, REFUSED_WHOLE, "2026-05-02"), "INVALID rights_decide.announced");
    assert_string_equal (DECIDE (sim, number, REFUSED_WHOLE, "2026-04-19"), "INVALID rights_decide.announced");
    assert_string_equal (DECIDE (sim, number, CONSENTD__RIGHTS_STATE__RIGHTS_OPEN, NULL),
                         "INVALID rights_decide.outcome");
    assert_string_equal (DECIDE (sim, number, 0, NULL), "INVALID rights_decide.outcome");
    assert_string_equal (DECIDE (sim, 0, GRANTED_WHOLE, NULL), "INVALID rights_decide.number");
    assert_string_equal (state_of (sim, number), "open 2026-05-18");
    assert_string_equal (DECIDE (sim, number, REFUSED_WHOLE, "2026-04-20"), "OK");
    assert_int_equal (shown (sim, number)->objection_until, simulation_at ("2026-06-02"));
}

static void test_KB15_an_objection_names_what_was_refused_and_says_if_it_is_late (void **state)
{
    struct simulation *sim = *state;
    uint64_t refused = OPENED (sim, .bsn = subject), granted = OPENED (sim, .bsn = subject),
             of_other = OPENED (sim, .bsn = other);
    assert_string_equal (DECIDE (sim, refused, REFUSED_WHOLE, NULL), "OK");
    assert_string_equal (DECIDE (sim, granted, GRANTED_WHOLE, NULL), "OK");
    assert_string_equal (DECIDE (sim, of_other, REFUSED_WHOLE, NULL), "OK");
    const struct {
        uint64_t against;
        const char *said;
    } cases[] = {{0, "INVALID rights_open.against"},
                 {granted, "INVALID rights_open.against"},
                 {of_other, "INVALID rights_open.against"},
                 {refused + 1000, "INVALID rights_open.against"}};
    for (size_t i = 0; i < COUNT (cases); i++)
        assert_string_equal (simulation_said (sim, OPEN_REPLY (sim, .kind = 6, .against = cases[i].against)),
                             cases[i].said);
    assert_string_equal (simulation_said (sim, OPEN_REPLY (sim, .against = refused)),
                         "INVALID rights_open.against");
    assert_string_equal (
        simulation_said (sim, OPEN_REPLY (sim, .kind = 6, .against = refused, .received = "2026-04-30")),
        "INVALID rights_open.received");
    assert_int_equal (shown (sim, refused)->n_followed, 0);

    sim->wall = simulation_at ("2026-06-13 10:00");
    uint64_t in_time = OPENED (sim, .kind = 6, .against = refused, .received = "2026-06-12");
    uint64_t late = OPENED (sim, .kind = 6, .against = refused);
    assert_false (shown (sim, in_time)->late);
    assert_true (shown (sim, late)->late);
    assert_int_equal (shown (sim, late)->against, refused);
    assert_int_equal (shown (sim, refused)->n_followed, 2);
    assert_int_equal (shown (sim, refused)->followed[0]->number, in_time);
    assert_string_equal (shown (sim, refused)->followed[1]->action, "rights-open");
    assert_string_equal (DECIDE (sim, in_time, IN_PART, NULL), "OK"); /* its outcome is recorded too */
    assert_int_equal (shown (sim, in_time)->objection_until, 0);
    assert_string_equal (simulation_said (sim, OPEN_REPLY (sim, .kind = 6, .against = in_time)),
                         "INVALID rights_open.against");
    assert_string_equal (state_of (sim, refused), "refused 2026-05-29");
}

static void test_R2_what_is_malformed_is_said_with_its_field (void **state)
{
    struct simulation *sim = *state;
    static const struct {
        struct said_request said;
        const char *expected;
    } cases[] = {
        {{.bsn = "999900007"}, "INVALID rights_open.bsn"},
        {{.kind = 8}, "INVALID rights_open.kind"},
        {{.kind = 99}, "INVALID rights_open.kind"},
        {{.by = "123456782"}, "INVALID rights_open.by"},
        {{.by = "nr-999900006"}, "INVALID rights_open.by"},
        {{.kind = 2, .asked = ""}, "INVALID rights_open.wish"},
        {{.asked = "\xe2\x80\x8b"}, "INVALID rights_open.wish"},
        {{.identity = 6}, "INVALID rights_open.evidence"},
        {{.identity = 7}, "INVALID rights_open.identity"},
        {{.way = 8}, "INVALID rights_open.way"},
        {{.received = "1 mei"}, "INVALID rights_open.received"},
        {{.received = "2026-02-29"}, "INVALID rights_open.received"},
    };
    for (size_t i = 0; i < COUNT (cases); i++)
        assert_string_equal (simulation_said (sim, opened (sim, &cases[i].said)), cases[i].expected);
    Consentd__Request *nothing = opening (sim, &(struct said_request){.bsn = subject});
    nothing->rights_open->kind = 0;
    assert_string_equal (simulation_answer (sim, team, nothing), "INVALID rights_open.kind");
    assert_string_equal (list (sim, team, "999900006", 0), "");
    assert_int_equal (simulation_newest_of_all (sim, clerk), 0);
    uint64_t number = OPENED (sim, .bsn = subject);
    Consentd__Request *named = deciding (sim, number, GRANTED_WHOLE, NULL);
    named->rights_decide->user = text (sim, "m-999900006", "");
    assert_string_equal (simulation_answer (sim, team, named), "INVALID rights_decide.user");
    assert_string_equal (state_of (sim, number), "open 2026-05-29");
}

/* --- What is done on a request ------------------------------------------------------------------------ */

static const char *restricted (struct simulation *sim, const char *bsn, const char *category, uint64_t number)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_RESTRICT_DATA);
    Consentd__RestrictRequest *body = request->restrict_data;
    body->bsn = text (sim, bsn, "");
    body->categories = arena_array (sim->arena, 1, sizeof *body->categories);
    body->categories[0] = text (sim, category, "");
    body->n_categories = 1;
    body->reason = text (sim, NULL, "op verzoek");
    body->user = text (sim, NULL, "medewerker-5");
    body->request = number;
    return simulation_answer (sim, team, request);
}

static void test_R3_a_restriction_names_the_request_and_the_request_tells_of_it (void **state)
{
    struct simulation *sim = *state;
    uint64_t asked = OPENED (sim, .kind = 5), refused = OPENED (sim, .kind = 5),
             access = OPENED (sim, .bsn = subject);
    uint64_t of_other = OPENED (sim, .bsn = other);
    assert_string_equal (DECIDE (sim, refused, REFUSED_WHOLE, NULL), "OK");
    assert_string_equal (DECIDE (sim, asked, GRANTED_WHOLE, NULL), "OK");
    assert_string_equal (CHECK (sim, .items = "naw", .advise = true),
                         "NO_CONSENT"); /* it does not restrict by itself */
    const uint64_t wrong[] = {refused, access, of_other, asked + 1000};
    for (size_t i = 0; i < COUNT (wrong); i++)
        assert_string_equal (restricted (sim, "999900006", "naw", wrong[i]), "INVALID restrict_data.request");
    assert_string_equal (restricted (sim, nobody, "naw", asked), "INVALID restrict_data.request");
    assert_string_equal (restricted (sim, "999900006", "naw", asked), "OK");
    uint64_t line = sim->state.audit_number;
    assert_string_equal (restricted (sim, "999900006", "naw", asked), "OK"); /* already */
    assert_string_equal (restricted (sim, "999900006", "bsn", 0), "OK");
    const Consentd__RightsRequest *one = shown (sim, asked);
    assert_int_equal (one->n_followed, 1);
    assert_int_equal (one->followed[0]->number, line);
    assert_string_equal (one->followed[0]->action, "restrict");
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_SUBJECT_SHOW);
    request->subject_show->bsn = text (sim, "999900006", "");
    Consentd__Reply *record = simulation_look (sim, team, request);
    assert_int_equal (record->subject_show->restrictions[0]->request, asked);
    assert_int_equal (record->subject_show->restrictions[1]->request, 0);
}

/* --- Whole or not at all ------------------------------------------------------------------------------ */

static void test_R2_a_turn_that_fails_leaves_nothing_and_asking_again_gives_the_same_answer (void **state)
{
    struct simulation *sim = *state;
    Consentd__Request *request = opening (sim, &(struct said_request){.bsn = other});
    uint64_t heard = simulation_newest_of_all (sim, clerk);
    sim->fail_commit = true;
    assert_int_equal (simulation_ask_in_vain (sim, team, request), -EIO);
    assert_string_equal (list (sim, team, other, 0), "");
    assert_int_equal (simulation_newest_of_all (sim, clerk), heard);
    uint64_t number = number_of (sim, simulation_ask (sim, team, request));
    Consentd__Reply *again = simulation_ask (sim, team, request);
    assert_string_equal (simulation_said (sim, again), "OK again");
    assert_int_equal (again->rights->request->number, number);
    assert_int_equal (simulation_newest_of_all (sim, clerk), heard + 1);

    Consentd__Request *decision = deciding (sim, number, REFUSED_WHOLE, NULL);
    sim->fail_commit = true;
    assert_int_equal (simulation_ask_in_vain (sim, team, decision), -EIO);
    simulation_restart (sim);
    assert_string_equal (state_of (sim, number), "open 2026-05-29");
    assert_string_equal (simulation_answer (sim, team, decision), "OK");
    simulation_restart (sim);
    assert_string_equal (simulation_answer (sim, team, decision), "OK again");
    assert_string_equal (state_of (sim, number), "refused 2026-05-29");
    decision->rights_decide->outcome = CONSENTD__RIGHTS_STATE__RIGHTS_GRANTED_IN_PART;
    assert_string_equal (simulation_answer (sim, team, decision), "CONFLICT idempotency_key");
}

/* One bit of its record is another, as where the disk lies. */
static void damage (struct simulation *sim, const char *bsn, uint64_t number)
{
    uint8_t key[VAULT_ID_SIZE + 8];
    struct bytes place = {key, sizeof key}, value;
    struct store_txn *txn;
    vault_subject_id (sim->registry.vault, bsn, key);
    put_be64 (key + VAULT_ID_SIZE, number);
    assert_int_equal (store_begin (sim->store, &txn), 0);
    assert_int_equal (store_get (txn, STORE_RIGHTS, place, &value), 0);
    uint8_t *changed = arena_memdup (sim->arena, value.data, value.size);
    changed[value.size - 1] ^= 1;
    assert_int_equal (store_put (txn, STORE_RIGHTS, place, (struct bytes){changed, value.size}), 0);
    assert_int_equal (store_commit (&txn), 0);
}

static void test_C12_one_that_cannot_be_read_is_named_and_keeps_no_other_from_being_seen (void **state)
{
    struct simulation *sim = *state;
    uint64_t bad = OPENED (sim, .bsn = subject), good = OPENED (sim, .bsn = other);
    damage (sim, subject, bad);
    simulation_restart (sim);
    Consentd__Reply *listed =
        simulation_look (sim, team, simulation_asking (sim, CONSENTD__REQUEST__BODY_RIGHTS_LIST));
    assert_int_equal (listed->rights_list->n_requests, 2);
    assert_int_equal (listed->rights_list->requests[0]->number, bad);
    assert_int_equal (listed->rights_list->requests[0]->state, 0);
    assert_int_equal (listed->rights_list->requests[1]->number, good);
    assert_int_equal (listed->rights_list->requests[1]->state, CONSENTD__RIGHTS_STATE__RIGHTS_OPEN);
    assert_string_equal (due (sim, clerk, simulation_at ("2026-06-30")),
                         NUMBERS (sim, "RIGHTS %llu 2026-05-29", (unsigned long long)good));
    assert_int_equal (simulation_ask_in_vain (sim, team, showing (sim, bad)), RECORD_DAMAGED);
    assert_int_equal (simulation_ask_in_vain (sim, team, deciding (sim, bad, GRANTED_WHOLE, NULL)),
                      RECORD_DAMAGED);
    uint64_t heard = simulation_newest_of_all (sim, clerk);
    sim->wall = simulation_at ("2026-06-30"); /* nor is the other not told */
    assert_int_equal (simulation_pass (sim), 0);
    assert_event (sim, clerk, heard + 1, CONSENTD__EVENT_KIND__RIGHTS_OVERDUE, good);
    assert_string_equal (DECIDE (sim, good, GRANTED_WHOLE, NULL), "OK");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        RIGHTS_TEST (test_R2_a_request_has_a_number_a_due_date_and_is_told),
        RIGHTS_TEST (test_R2_what_is_due_is_listed_with_the_person_for_who_may_see_him),
        RIGHTS_TEST (test_R2_requests_are_listed_of_one_subject_and_all_that_are_open),
        RIGHTS_TEST (test_R2_whoever_has_not_the_permission_learns_nothing),
        RIGHTS_TEST (test_R2_about_somebody_who_is_not_known_access_can_be_answered),
        RIGHTS_TEST (test_M7_who_may_ask_is_judged_as_of_the_receipt_and_again_at_the_grant),
        RIGHTS_TEST (test_M3_on_the_sixteenth_birthday_a_parents_request_is_granted_no_more),
        RIGHTS_TEST (test_R2_the_day_of_receipt_counts_and_its_last_day_is_whole),
        RIGHTS_TEST (test_R2_what_is_overdue_is_told_once),
        RIGHTS_TEST (test_C14_what_was_told_while_the_clock_was_ahead_is_told_when_it_is_so),
        RIGHTS_TEST (test_R2_what_was_decided_in_time_is_never_overdue),
        RIGHTS_TEST_2026 (test_R2_one_that_came_long_ago_is_overdue_at_once),
        RIGHTS_TEST (test_R2_the_pack_of_2015_lets_nothing_be_put_off),
        RIGHTS_TEST_2026 (test_R2_it_is_put_off_once_with_a_reason_before_it_is_due),
        RIGHTS_TEST (test_KB13_access_waits_for_the_view_of_another_until_its_date),
        RIGHTS_TEST (test_KB13_a_view_that_never_comes_holds_up_nothing),
        RIGHTS_TEST (test_R2_a_decision_is_made_once),
        RIGHTS_TEST (test_R2_a_refusal_has_reasons_and_an_article_and_is_announced_in_time),
        RIGHTS_TEST (test_KB15_an_objection_names_what_was_refused_and_says_if_it_is_late),
        RIGHTS_TEST (test_R2_what_is_malformed_is_said_with_its_field),
        RIGHTS_TEST (test_R3_a_restriction_names_the_request_and_the_request_tells_of_it),
        RIGHTS_TEST (test_C12_one_that_cannot_be_read_is_named_and_keeps_no_other_from_being_seen),
        RIGHTS_TEST (test_R2_a_turn_that_fails_leaves_nothing_and_asking_again_gives_the_same_answer),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}

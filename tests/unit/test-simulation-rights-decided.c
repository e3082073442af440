/* What is decided on requests by which a subject exercises rights (R2, KB 13.3, 14, 15), after the view of another
   was heard; what is objected to, and done on them. */
#include <errno.h>
#include <string.h>
#include "big_endian.h"
#include "simulated_rights.h"

static const char subject[] = "999900006", other[] = "999996770", nobody[] = "999900018";

/* --- The view of another ------------------------------------------------------------------------------ */

static void test_KB13_access_waits_for_the_view_of_another_until_its_date (void **state)
{
    struct simulation *sim = *state;
    uint64_t number = OPENED (sim, .bsn = subject), erasure = OPENED (sim, .kind = 4);
    moment until = simulation_at ("2026-05-16");
    assert_string_equal (HEAR (sim, erasure, until, 0), "INVALID rights_hear.number");
    assert_string_equal (HEAR (sim, number, 0, CAME_OBJECTS), "INVALID rights_hear.number"); /* nobody was asked */
    assert_string_equal (HEAR (sim, number, sim->wall, 0), "INVALID rights_hear.until");
    assert_string_equal (HEAR (sim, number, simulation_at ("2026-05-30") + 1, 0), "INVALID rights_hear.until");
    assert_string_equal (HEAR (sim, number, 0, 0), "INVALID rights_hear.until");
    assert_string_equal (HEAR (sim, number, until, CAME_OBJECTS), "INVALID rights_hear.until");
    assert_string_equal (HEAR (sim, number, until, 0), "OK");
    assert_string_equal (simulated_state_of (sim, number), "waiting 2026-05-29");
    assert_string_equal (HEAR (sim, number, until, 0), "INVALID rights_hear.number");
    assert_string_equal (DECIDE (sim, number, GRANTED_WHOLE, NULL), "INVALID rights_decide.number");
    assert_string_equal (DECIDE (sim, number, IN_PART, NULL), "INVALID rights_decide.number");
    assert_string_equal (simulated_rights_due (sim, CLERK, until),
                         NUMBERS (sim, "VIEW %llu 2026-05-15", (unsigned long long)number));
    sim->wall = until;
    assert_string_equal (simulated_state_of (sim, number), "unanswered 2026-05-29");
    assert_string_equal (HEAR (sim, number, 0, CAME_OBJECTS), "OK"); /* late, and noted */
    assert_string_equal (simulated_state_of (sim, number), "open 2026-05-29");
    assert_string_equal (simulated_rights_due (sim, CLERK, until), "");
    const Consentd__RightsView *view = simulated_rights_shown (sim, number)->views[0];
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
    assert_string_equal (simulated_rights_due (sim, CLERK, 0), "");
    uint64_t many = OPENED (sim, .bsn = subject);
    for (int i = 0; i < 8; i++) {
        assert_string_equal (HEAR (sim, many, simulation_at ("2026-05-20"), 0), "OK");
        assert_string_equal (HEAR (sim, many, 0, CAME_NO_OBJECTION), "OK");
    }
    assert_string_equal (HEAR (sim, many, simulation_at ("2026-05-20"), 0), "INVALID rights_hear.number");
    assert_int_equal (simulated_rights_shown (sim, many)->n_views, 8);
}

/* --- Decided and objected to -------------------------------------------------------------------------- */

static void test_R2_a_decision_is_made_once (void **state)
{
    struct simulation *sim = *state;
    static const unsigned outcomes[] = {GRANTED_WHOLE, IN_PART, REFUSED_WHOLE, WITHDRAWN};
    for (size_t i = 0; i < COUNT (outcomes); i++) {
        uint64_t number = OPENED (sim, .kind = 2);
        assert_string_equal (DECIDE (sim, number, outcomes[i], NULL), "OK");
        const Consentd__RightsRequest *one = simulated_rights_shown (sim, number);
        assert_int_equal (one->state, outcomes[i]);
        assert_string_equal (one->announced, "2026-05-01");
        assert_string_equal (one->decided_by, TEAM);
        bool refuses = outcomes[i] == IN_PART || outcomes[i] == REFUSED_WHOLE;
        assert_int_equal (one->objection_until, refuses ? simulation_at ("2026-06-13") : 0);
        assert_string_equal (one->article, refuses ? "KB 13.4" : "");
        for (size_t j = 0; j < COUNT (outcomes); j++)
            assert_string_equal (DECIDE (sim, number, outcomes[j], NULL), "INVALID rights_decide.number");
        assert_int_equal (simulated_rights_shown (sim, number)->state, outcomes[i]);
    }
}

static void test_R2_a_refusal_has_reasons_and_an_article_and_is_announced_in_time (void **state)
{
    struct simulation *sim = *state;
    uint64_t number = OPENED (sim, .received = "2026-04-20");
    Consentd__Request *mute = simulated_deciding (sim, number, REFUSED_WHOLE, NULL);
    mute->rights_decide->reason = simulated_text (sim, "", "");
    assert_string_equal (simulation_answer (sim, TEAM, mute), "INVALID rights_decide.reason");
    Consentd__Request *lawless = simulated_deciding (sim, number, IN_PART, NULL);
    lawless->rights_decide->article = simulated_text (sim, "", "");
    assert_string_equal (simulation_answer (sim, TEAM, lawless), "INVALID rights_decide.article");
    Consentd__Request *lawful = simulated_deciding (sim, number, GRANTED_WHOLE, NULL);
    lawful->rights_decide->article = simulated_text (sim, "KB 13", "");
    assert_string_equal (simulation_answer (sim, TEAM, lawful), "INVALID rights_decide.article");
    assert_string_equal (DECIDE (sim, number, REFUSED_WHOLE, "2026-05-02"), "INVALID rights_decide.announced");
    assert_string_equal (DECIDE (sim, number, REFUSED_WHOLE, "2026-04-19"), "INVALID rights_decide.announced");
    assert_string_equal (DECIDE (sim, number, CONSENTD__RIGHTS_STATE__RIGHTS_OPEN, NULL),
                         "INVALID rights_decide.outcome");
    assert_string_equal (DECIDE (sim, number, 0, NULL), "INVALID rights_decide.outcome");
    assert_string_equal (DECIDE (sim, 0, GRANTED_WHOLE, NULL), "INVALID rights_decide.number");
    assert_string_equal (simulated_state_of (sim, number), "open 2026-05-18");
    assert_string_equal (DECIDE (sim, number, REFUSED_WHOLE, "2026-04-20"), "OK");
    assert_int_equal (simulated_rights_shown (sim, number)->objection_until, simulation_at ("2026-06-02"));
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
    assert_int_equal (simulated_rights_shown (sim, refused)->n_followed, 0);

    sim->wall = simulation_at ("2026-06-13 10:00");
    uint64_t in_time = OPENED (sim, .kind = 6, .against = refused, .received = "2026-06-12");
    uint64_t late = OPENED (sim, .kind = 6, .against = refused);
    assert_false (simulated_rights_shown (sim, in_time)->late);
    assert_true (simulated_rights_shown (sim, late)->late);
    assert_int_equal (simulated_rights_shown (sim, late)->against, refused);
    assert_int_equal (simulated_rights_shown (sim, refused)->n_followed, 2);
    assert_int_equal (simulated_rights_shown (sim, refused)->followed[0]->number, in_time);
    assert_string_equal (simulated_rights_shown (sim, refused)->followed[1]->action, "rights-open");
    assert_string_equal (DECIDE (sim, in_time, IN_PART, NULL), "OK"); /* its outcome is recorded too */
    assert_int_equal (simulated_rights_shown (sim, in_time)->objection_until, 0);
    assert_string_equal (simulation_said (sim, OPEN_REPLY (sim, .kind = 6, .against = in_time)),
                         "INVALID rights_open.against");
    assert_string_equal (simulated_state_of (sim, refused), "refused 2026-05-29");
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
        {{.by = "999996770"}, "INVALID rights_open.by"},
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
        assert_string_equal (simulation_said (sim, simulated_rights_opened (sim, &cases[i].said)),
                             cases[i].expected);
    Consentd__Request *nothing = simulated_opening (sim, &(struct said_request){.bsn = subject});
    nothing->rights_open->kind = 0;
    assert_string_equal (simulation_answer (sim, TEAM, nothing), "INVALID rights_open.kind");
    assert_string_equal (simulated_rights_list (sim, TEAM, "999900006", 0), "");
    assert_int_equal (simulation_newest_of_all (sim, CLERK), 0);
    uint64_t number = OPENED (sim, .bsn = subject);
    Consentd__Request *named = simulated_deciding (sim, number, GRANTED_WHOLE, NULL);
    named->rights_decide->user = simulated_text (sim, "m-999900006", "");
    assert_string_equal (simulation_answer (sim, TEAM, named), "INVALID rights_decide.user");
    assert_string_equal (simulated_state_of (sim, number), "open 2026-05-29");
}

/* --- What is done on a request ------------------------------------------------------------------------ */

static const char *restricted (struct simulation *sim, const char *bsn, const char *category, uint64_t number)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_RESTRICT_DATA);
    Consentd__RestrictRequest *body = request->restrict_data;
    body->bsn = simulated_text (sim, bsn, "");
    body->categories = arena_array (sim->arena, 1, sizeof *body->categories);
    body->categories[0] = simulated_text (sim, category, "");
    body->n_categories = 1;
    body->reason = simulated_text (sim, NULL, "op verzoek");
    body->user = simulated_text (sim, NULL, "medewerker-5");
    body->request = number;
    return simulation_answer (sim, TEAM, request);
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
    const Consentd__RightsRequest *one = simulated_rights_shown (sim, asked);
    assert_int_equal (one->n_followed, 1);
    assert_int_equal (one->followed[0]->number, line);
    assert_string_equal (one->followed[0]->action, "restrict");
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_SUBJECT_SHOW);
    request->subject_show->bsn = simulated_text (sim, "999900006", "");
    Consentd__Reply *record = simulation_look (sim, TEAM, request);
    assert_int_equal (record->subject_show->restrictions[0]->request, asked);
    assert_int_equal (record->subject_show->restrictions[1]->request, 0);
}

/* --- Whole or not at all ------------------------------------------------------------------------------ */

static void test_R2_a_turn_that_fails_leaves_nothing_and_asking_again_gives_the_same_answer (void **state)
{
    struct simulation *sim = *state;
    Consentd__Request *request = simulated_opening (sim, &(struct said_request){.bsn = other});
    uint64_t heard = simulation_newest_of_all (sim, CLERK);
    sim->fail_commit = true;
    assert_int_equal (simulation_ask_in_vain (sim, TEAM, request), -EIO);
    assert_string_equal (simulated_rights_list (sim, TEAM, other, 0), "");
    assert_int_equal (simulation_newest_of_all (sim, CLERK), heard);
    uint64_t number = simulated_rights_number_of (sim, simulation_ask (sim, TEAM, request));
    Consentd__Reply *again = simulation_ask (sim, TEAM, request);
    assert_string_equal (simulation_said (sim, again), "OK again");
    assert_int_equal (again->rights->request->number, number);
    assert_int_equal (simulation_newest_of_all (sim, CLERK), heard + 1);

    Consentd__Request *decision = simulated_deciding (sim, number, REFUSED_WHOLE, NULL);
    sim->fail_commit = true;
    assert_int_equal (simulation_ask_in_vain (sim, TEAM, decision), -EIO);
    simulation_restart (sim);
    assert_string_equal (simulated_state_of (sim, number), "open 2026-05-29");
    assert_string_equal (simulation_answer (sim, TEAM, decision), "OK");
    simulation_restart (sim);
    assert_string_equal (simulation_answer (sim, TEAM, decision), "OK again");
    assert_string_equal (simulated_state_of (sim, number), "refused 2026-05-29");
    decision->rights_decide->outcome = CONSENTD__RIGHTS_STATE__RIGHTS_GRANTED_IN_PART;
    assert_string_equal (simulation_answer (sim, TEAM, decision), "CONFLICT idempotency_key");
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
        simulation_look (sim, TEAM, simulation_asking (sim, CONSENTD__REQUEST__BODY_RIGHTS_LIST));
    assert_int_equal (listed->rights_list->n_requests, 2);
    assert_int_equal (listed->rights_list->requests[0]->number, bad);
    assert_int_equal (listed->rights_list->requests[0]->state, 0);
    assert_int_equal (listed->rights_list->requests[1]->number, good);
    assert_int_equal (listed->rights_list->requests[1]->state, CONSENTD__RIGHTS_STATE__RIGHTS_OPEN);
    assert_string_equal (simulated_rights_due (sim, CLERK, simulation_at ("2026-06-30")),
                         NUMBERS (sim, "RIGHTS %llu 2026-05-29", (unsigned long long)good));
    assert_int_equal (simulation_ask_in_vain (sim, TEAM, simulated_showing (sim, bad)), RECORD_DAMAGED);
    assert_int_equal (simulation_ask_in_vain (sim, TEAM, simulated_deciding (sim, bad, GRANTED_WHOLE, NULL)),
                      RECORD_DAMAGED);
    uint64_t heard = simulation_newest_of_all (sim, CLERK);
    sim->wall = simulation_at ("2026-06-30"); /* nor is the other not told */
    assert_int_equal (simulation_pass (sim), 0);
    simulated_rights_assert_event (sim, CLERK, heard + 1, CONSENTD__EVENT_KIND__RIGHTS_OVERDUE, good);
    assert_string_equal (DECIDE (sim, good, GRANTED_WHOLE, NULL), "OK");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
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

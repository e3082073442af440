/* Consents that are asked for (G1): who may ask for what, who sees it, what may answer it, and who hears of that.
 */
#include <string.h>
#include "registry/consent_request.h"
#include "simulation_verbs.h"

static const moment day = 86400000;

static Consentd__Request *list_request (struct simulation *sim, const char *bsn,
                                        const Consentd__WaitingListReply *before, unsigned limit)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_WAITING_LIST);
    Consentd__WaitingListRequest *list = request->waiting_list;
    list->bsn = arena_strdup (sim->arena, bsn);
    list->limit = limit;
    if (before != NULL)
        list->after = before->next;
    return request;
}

static const Consentd__WaitingListReply *page (struct simulation *sim, const char *bsn,
                                               const Consentd__WaitingListReply *before, unsigned limit)
{
    Consentd__Reply *reply = simulation_ask (sim, "kernteam", list_request (sim, bsn, before, limit));
    assert_string_equal (simulation_said (sim, reply), "OK");
    assert_int_equal (reply->body_case, CONSENTD__REPLY__BODY_WAITING_LIST);
    assert_int_equal (reply->waiting_list->next.len, reply->waiting_list->more ? 24 : 0);
    return reply->waiting_list;
}

/* Everything that waits, by pages of 32. */
static size_t waiting (struct simulation *sim, const char *bsn)
{
    size_t count = 0;
    const Consentd__WaitingListReply *list = NULL;
    do {
        list = page (sim, bsn, list, 32);
        count += list->n_requests;
    } while (list->more);
    return count;
}

static Consentd__Reply *show_reply (struct simulation *sim, const char *party, const uint8_t *consent)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_CONSENT_SHOW);
    request->consent_show->consent_id = (ProtobufCBinaryData){16, arena_memdup (sim->arena, consent, 16)};
    return simulation_ask (sim, party, request);
}

static const Consentd__Consent *shown (struct simulation *sim, const char *party, const uint8_t *consent)
{
    Consentd__Reply *reply = show_reply (sim, party, consent);
    assert_string_equal (simulation_said (sim, reply), "OK");
    return reply->consent_show->consent;
}

static const char *unseen (struct simulation *sim, const char *party, const uint8_t *consent)
{
    return simulation_said (sim, show_reply (sim, party, consent));
}

static const char *field_message (struct simulation *sim, const Consentd__Reply *reply)
{
    return arena_printf (sim->arena, "%s: %s", reply->field, reply->message);
}

/* The rules at the request */

static void test_G1_only_a_role_that_may_request_asks_for_a_consent (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (ASK (sim, .by = "zorgaanbieder-horizon"), "OK");
    assert_string_equal (ASK (sim, .by = "toezicht"), "FORBIDDEN");
    assert_string_equal (ASK (sim, .by = "kernteam"), "FORBIDDEN");
    assert_int_equal (waiting (sim, ""), 1);
}

static void test_G1_who_asks_is_provider_or_recipient_unless_it_may_check_for_others (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (ASK (sim, .by = "cak"), "FORBIDDEN");
    assert_string_equal (ASK (sim, .by = "wmo-team", .from = "kernteam wmo-team"), "OK");
    assert_string_equal (ASK (sim, .by = "loket"), "OK");
}

static void test_G2_a_blanket_request_is_refused_before_anything_else (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (ASK (sim, .categories = "alle"), "REJECTED BLANKET_CONSENT");
    assert_string_equal (ASK (sim, .from = "*", .to = "onbekend"), "REJECTED BLANKET_CONSENT");
    assert_string_equal (ASK (sim, .to = ""), "REJECTED BLANKET_CONSENT");
}

static void test_G2_a_request_names_what_is_known_and_says_why (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (ASK (sim, .from = "kernteam onbekend"), "INVALID ask.scope.providers[1]");
    assert_string_equal (ASK (sim, .categories = "schoenmaat"), "INVALID ask.scope.categories[0]");
    assert_string_equal (ASK (sim, .purpose = "nieuwsgierigheid"), "INVALID ask.scope.purpose");
    assert_string_equal (ASK (sim, .motivation = ""), "INVALID ask.motivation");
    assert_int_equal (waiting (sim, ""), 0);
}

static void test_G3_what_no_flow_could_use_is_not_asked (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (ASK (sim, .categories = "naw gezondheid"), "REJECTED NOT_NEEDED");
}

static void test_G6_a_request_has_an_end_within_the_longest_validity (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (ASK (sim, .valid_until = NO_END), "REJECTED TOO_LONG");
    assert_string_equal (ASK (sim, .valid_until = AT ("2027-05-02")), "OK");
    assert_string_equal (ASK (sim, .valid_until = AT ("2027-05-03")), "REJECTED TOO_LONG");
    assert_string_equal (ASK (sim, .valid_until = sim->wall), "INVALID ask.valid_until");
}

static void test_G7_what_must_be_one_time_is_asked_for_once (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (ASK (sim, .by = "zorgaanbieder-geest", .from = "zorgaanbieder-geest", .to = "kernteam",
                              .purpose = "monitoring"),
                         "REJECTED MUST_BE_ONE_TIME");
    assert_string_equal (ASK (sim, .by = "zorgaanbieder-geest", .from = "zorgaanbieder-geest", .to = "kernteam",
                              .purpose = "monitoring", .one_time = true),
                         "OK");
    assert_string_equal (ASK (sim, .to = "zorgaanbieder-horizon zorgaanbieder-delta", .one_time = true),
                         "REJECTED ONE_TIME_TOO_WIDE");
}

static void test_G9_a_request_for_what_a_statute_carries_is_warned_of (void **state)
{
    struct simulation *sim = *state;
    Consentd__Reply *reply = ASK_REPLY (sim, .by = "cak", .to = "cak", .purpose = "eigen-bijdrage");
    assert_string_equal (simulation_said (sim, reply), "OK CONSENT_NOT_THE_GROUND");
    assert_string_equal (reply->refusals[0]->rule, "G9");
    assert_int_equal (waiting (sim, ""), 1);
}

static void test_G9_or_refused_as_the_pack_says (void **state)
{
    (void)state;
    struct simulation *sim = simulation_new (&(struct simulation_options){.policy = "wmo-jeugdwet-2026"});
    assert_string_equal (ASK (sim, .by = "cak", .to = "cak", .purpose = "eigen-bijdrage"),
                         "REJECTED CONSENT_NOT_THE_GROUND");
    assert_int_equal (waiting (sim, ""), 0);
    assert_string_equal (ASK (sim, .by = "cak", .to = "cak", .purpose = "eigen-bijdrage", .origins = "wgs"), "OK");
    simulation_destroy (&sim);
}

/* No form, notice or signature is there yet, nor need the subject be old enough to sign (G4, G5, G8). */
static void test_G1_form_notice_and_signature_come_with_the_answer (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (PERSON (sim, .born = "2022-01-01"), "OK");
    assert_string_equal (ASK (sim, .categories = "naw deskundigenadvies"), "OK");
}

static void test_G1_the_answer_does_not_tell_who_is_registered (void **state)
{
    struct simulation *sim = *state;
    const char *known = simulation_bsn (sim, 1), *unknown = simulation_bsn (sim, 2);
    assert_string_equal (PERSON (sim, .bsn = known), "OK");
    GRANTED (sim, .bsn = known);
    uint64_t revision = sim->state.revision;
    Consentd__Reply *first = ASK_REPLY (sim, .bsn = known), *second = ASK_REPLY (sim, .bsn = unknown);
    assert_string_equal (simulation_said (sim, first), "OK");
    assert_string_equal (simulation_said (sim, second), "OK");
    assert_int_equal (first->revision, revision + 1);
    assert_int_equal (second->revision, revision + 2);
    assert_int_equal (consentd__reply__get_packed_size (first), consentd__reply__get_packed_size (second));
    assert_int_equal (first->consent_recorded->n_superseded, 0);
    /* Nor does what is refused: nothing is opened for it. */
    assert_string_equal (ASK (sim, .bsn = simulation_bsn (sim, 3), .categories = "gezondheid"),
                         ASK (sim, .bsn = known, .categories = "gezondheid"));
}

/* The request is no statement */

static void test_G1_a_request_permits_nothing (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "1980-05-17");
    const uint8_t *request = ASKED (sim, .categories = "naw");
    assert_string_equal (CHECK (sim, .items = "naw"), "NO_CONSENT");
    assert_string_equal (CHECK (sim, .by = "toezicht", .items = "naw"), "NO_CONSENT");
    assert_string_equal (DEFER (sim, request), "OK");
    assert_string_equal (CHECK (sim, .items = "naw"), "NO_CONSENT");
    assert_string_equal (REVOKE (sim, .consent = request), "NOT_FOUND");
    assert_string_equal (GRANT (sim, .answers = request), "OK");
    assert_string_equal (CHECK (sim, .items = "naw"), "consent");
}

static void test_G1_a_refused_request_is_a_refusal (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "1980-05-17");
    GRANTED (sim, .categories = "naw bsn");
    const uint8_t *request = ASKED (sim, .categories = "naw");
    assert_string_equal (CHECK (sim, .items = "naw bsn"), "consent, consent");
    assert_string_equal (REFUSE (sim, .answers = request), "OK");
    assert_string_equal (CHECK (sim, .items = "naw bsn"), "REFUSED, consent");
}

/* The list */

static void test_G1_the_list_shows_whom_to_ask_what_and_the_oldest_first (void **state)
{
    struct simulation *sim = *state;
    const char *bsn = simulation_bsn (sim, 4);
    const uint8_t *first = ASKED (sim, .bsn = bsn, .categories = "naw bsn", .origins = "wmo", .case_ref = "zaak-1",
                                  .one_time = true, .valid_from = AT ("2026-05-10"));
    moment then = sim->wall;
    sim->wall += 1000;
    const uint8_t *second = ASKED (sim, .by = "wmo-team", .from = "wmo-team");
    const Consentd__WaitingListReply *list = page (sim, "", NULL, 0);
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
            simulation_said (sim, simulation_ask (sim, others[i], list_request (sim, "", NULL, 0))), "FORBIDDEN");
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
        list = page (sim, "", list, 3);
        assert_true (list->n_requests <= 3);
        for (size_t i = 0; i < list->n_requests; i++)
            for (size_t j = 0; j < 7; j++)
                found += memcmp (list->requests[i]->consent_id.data, ids[j], 16) == 0;
    } while (list->more);
    assert_int_equal (found, 7);
    assert_int_equal (waiting (sim, simulation_bsn (sim, 0)), 4);
    assert_int_equal (waiting (sim, simulation_bsn (sim, 1)), 3);
    assert_int_equal (waiting (sim, simulation_bsn (sim, 2)), 0);
    list = page (sim, simulation_bsn (sim, 1), NULL, 2);
    assert_true (list->more);
    list = page (sim, simulation_bsn (sim, 1), list, 2);
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
    const Consentd__WaitingListReply *first = page (sim, "", NULL, 32);
    assert_true (first->more);
    assert_true (first->n_requests < 32);
    assert_string_equal (first->requests[0]->deferred_reason, long_text);
    assert_int_equal (waiting (sim, ""), 48);
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
    const Consentd__WaitingListReply *list = page (sim, "999900006", NULL, 0);
    assert_int_equal (list->n_requests, 1);
    assert_memory_equal (list->requests[0]->consent_id.data, deferred, 16);
    assert_int_equal (list->requests[0]->deferred_at, sim->wall);
    assert_string_equal (list->requests[0]->deferred_reason, "wil eerst overleggen");
    assert_int_equal (waiting (sim, ""), 1);
}

static void test_G1_what_nobody_can_grant_any_more_is_off_the_list (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "1980-05-17");
    const uint8_t *request = ASKED (sim, .valid_until = sim->wall + day);
    ASKED (sim, .categories = "bsn");
    sim->wall += day - 1;
    assert_int_equal (waiting (sim, ""), 2);
    sim->wall += 1;
    assert_int_equal (shown (sim, horizon, request)->state, CONSENTD__CONSENT__STATE__EXPIRED);
    assert_string_equal (REFUSE (sim, .answers = request), "INVALID refuse.answers");
    assert_string_equal (DEFER (sim, request), "INVALID defer.consent_id");
    assert_int_equal (waiting (sim, "999900006"), 1);
    assert_int_equal (waiting (sim, ""), 1);
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
    const Consentd__WaitingListReply *list = page (sim, "", NULL, 0);
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

/* Limits */

static void test_a_party_leaves_room_for_others_about_one_subject (void **state)
{
    struct simulation *sim = *state;
    static const char *const parties[] = {"zorgaanbieder-horizon", "zorgaanbieder-delta", "wmo-team", "cak",
                                          "svb"};
    for (size_t i = 0; i < 4; i++) {
        const char *to = i < 2 ? parties[i] : horizon, *from = i == 2 ? "wmo-team" : "kernteam";
        for (int j = 0; j < 16; j++)
            assert_string_equal (
                i == 3 ? ASK (sim, .by = "loket") : ASK (sim, .by = parties[i], .from = from, .to = to), "OK");
        if (i < 3)
            assert_string_equal (ASK (sim, .by = parties[i], .from = from, .to = to), "INVALID ask.bsn");
    }
    assert_int_equal (waiting (sim, ""), 64);
    assert_string_equal (ASK (sim, .by = "huisarts-dorp", .from = "huisarts-dorp", .to = "kernteam",
                              .purpose = "integraal-plan", .one_time = true),
                         "INVALID ask.bsn");
    assert_string_equal (ASK (sim, .by = horizon, .bsn = simulation_bsn (sim, 3)), "OK");
}

static void test_an_answer_or_the_time_makes_room (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "1980-05-17");
    const uint8_t *first = ASKED (sim, .categories = "naw");
    for (int i = 0; i < 15; i++)
        ASKED (sim, .valid_until = sim->wall + day);
    assert_string_equal (ASK (sim, .categories = "bsn"), "INVALID ask.bsn");
    GRANT (sim, .answers = first);
    assert_string_equal (ASK (sim, .categories = "bsn"), "OK");
    assert_string_equal (ASK (sim, .categories = "bsn"), "INVALID ask.bsn");
    sim->wall += day;
    for (int i = 0; i < 15; i++)
        assert_string_equal (ASK (sim, .categories = "bsn"), "OK");
    assert_string_equal (ASK (sim, .categories = "bsn"), "INVALID ask.bsn");
}

static void test_a_party_cannot_flood_the_list (void **state)
{
    struct simulation *sim = *state;
    for (unsigned i = 0; i < CONSENT_REQUESTS_BY_PARTY;) {
        struct round_trip round_trips[SIMULATION_TURN];
        for (size_t j = 0; j < SIMULATION_TURN; j++, i++)
            round_trips[j] = (struct round_trip){
                horizon,
                simulation_request (sim, &(struct simulated_request){.bsn = simulation_bsn (sim, i / 16)}), NULL};
        assert_int_equal (simulation_turn (sim, round_trips, SIMULATION_TURN), 0);
        for (size_t j = 0; j < SIMULATION_TURN; j++)
            assert_string_equal (simulation_said (sim, round_trips[j].reply), "OK");
    }
    const char *unknown = simulation_bsn (sim, 2000);
    assert_string_equal (ASK (sim, .bsn = unknown), "INVALID ask.bsn");
    assert_string_equal (ASK (sim, .bsn = unknown, .by = "zorgaanbieder-delta", .to = "zorgaanbieder-delta"),
                         "OK");
    /* An answer makes room, and so does the time. */
    PERSON (sim, .bsn = simulation_bsn (sim, 0));
    const uint8_t *answered = page (sim, simulation_bsn (sim, 0), NULL, 1)->requests[0]->consent_id.data;
    assert_string_equal (GRANT (sim, .bsn = simulation_bsn (sim, 0), .answers = answered), "OK");
    assert_string_equal (ASK (sim, .bsn = unknown), "OK");
    assert_string_equal (ASK (sim, .bsn = unknown), "INVALID ask.bsn");
    sim->wall += 60 * day;
    assert_string_equal (ASK (sim, .bsn = unknown), "OK");
    assert_int_equal (waiting (sim, ""), 1);
}

/* What may answer it */

static const uint8_t *asked_narrowly (struct simulation *sim)
{
    return ASKED (sim, .from = "kernteam", .to = "zorgaanbieder-horizon", .categories = "bsn naw",
                  .origins = "wmo", .case_ref = "zaak-1", .valid_from = AT ("2026-05-10"),
                  .valid_until = AT ("2026-07-01"), .one_time = true);
}

static const char *answer (struct simulation *sim, struct simulated_statement said)
{
    return simulation_said (sim, simulation_ask (sim, "kernteam", simulation_statement (sim, &said, false)));
}

static void test_G1_nothing_more_is_granted_than_was_asked (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "1980-05-17");
    struct simulated_statement asked = {
        .answers = asked_narrowly (sim),
        .categories = "bsn naw",
        .origins = "wmo",
        .case_ref = "zaak-1",
        .valid_from = AT ("2026-05-10"),
        .valid_until = AT ("2026-07-01"),
        .one_time = true,
    };
    struct simulated_statement wider;
#define WIDER(member, value, said) \
    wider = asked;                 \
    wider.member = value;          \
    assert_string_equal (answer (sim, wider), "INVALID grant." said)
    WIDER (from, "wmo-team", "scope.providers[0]");
    WIDER (to, "zorgaanbieder-delta", "scope.recipients[0]");
    WIDER (categories, "bsn doel naw", "scope.categories[1]");
    WIDER (purpose, "registratie-hulpvraag", "scope.purpose");
    WIDER (origins, "wmo jeugdwet", "scope.origins[0]");
    WIDER (origins, "", "scope.origins");
    WIDER (case_ref, "", "scope.case_ref");
    WIDER (case_ref, "zaak-2", "scope.case_ref");
    WIDER (valid_from, AT ("2026-05-10") - 1, "valid_from");
    WIDER (valid_from, 0, "valid_from");
    WIDER (valid_until, AT ("2026-07-01") + 1, "valid_until");
    WIDER (one_time, false, "one_time");
    assert_int_equal (simulation_newest (sim, horizon), 0);
    assert_int_equal (waiting (sim, ""), 1);
    assert_string_equal (answer (sim, asked), "OK");
}

static void test_G1_less_than_was_asked_may_be_granted (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "1980-05-17");
    const char *to = "zorgaanbieder-delta zorgaanbieder-horizon", *from = "kernteam wmo-team";
    const uint8_t *request = ASKED (sim, .from = from, .to = to, .categories = "bsn naw");
    assert_string_equal (GRANT (sim, .answers = request, .from = "wmo-team", .to = to, .categories = "bsn naw"),
                         "OK");
    request = ASKED (sim, .from = from, .to = to, .categories = "bsn naw");
    assert_string_equal (GRANT (sim, .answers = request, .from = "kernteam", .to = horizon, .categories = "naw",
                                .origins = "wmo", .case_ref = "zaak-1", .one_time = true,
                                .valid_from = sim->wall + day, .valid_until = sim->wall + 2 * day),
                         "OK");
}

static void test_G1_a_refusal_keeps_to_what_was_asked (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "1980-05-17");
    const uint8_t *request = asked_narrowly (sim);
    assert_string_equal (
        REFUSE (sim, .answers = request, .categories = "doel", .origins = "wmo", .case_ref = "zaak-1"),
        "INVALID refuse.scope.categories[0]");
    assert_string_equal (REFUSE (sim, .answers = request, .categories = "naw", .origins = "wmo"),
                         "INVALID refuse.scope.case_ref");
    assert_string_equal (REFUSE (sim, .answers = request, .categories = "naw", .case_ref = "zaak-1"),
                         "INVALID refuse.scope.origins");
    assert_string_equal (
        REFUSE (sim, .answers = request, .categories = "naw", .origins = "wmo", .case_ref = "zaak-1"), "OK");
}

static void test_G1_all_rules_are_judged_at_the_answer (void **state)
{
    struct simulation *sim = *state;
    const uint8_t *request = ASKED (sim, .categories = "naw");
    /* G8: the birth date is not known yet. */
    assert_string_equal (GRANT (sim, .answers = request), "REJECTED REPRESENTATION_MISSING");
    assert_string_equal (REFUSE (sim, .answers = request, .signers = "buurman"),
                         "REJECTED REPRESENTATION_MISSING");
    PERSON (sim, .born = "1980-05-17");
    /* G5: a third party. G6. G2. */
    assert_string_equal (GRANT (sim, .answers = request, .no_evidence = true), "REJECTED FORM_INSUFFICIENT");
    assert_string_equal (GRANT (sim, .answers = request, .valid_until = NO_END), "REJECTED TOO_LONG");
    assert_string_equal (GRANT (sim, .answers = request, .categories = "*"), "REJECTED BLANKET_CONSENT");
    assert_int_equal (waiting (sim, ""), 1);
    assert_int_equal (simulation_newest (sim, horizon), 0);
    assert_string_equal (GRANT (sim, .answers = request), "OK");
}

static void test_G1_an_answer_names_a_request_about_this_subject_that_waits (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "1980-05-17");
    PERSON (sim, .bsn = simulation_bsn (sim, 1));
    const uint8_t *request = ASKED (sim, .categories = "naw"), *consent = GRANTED (sim, .categories = "naw");
    assert_string_equal (GRANT (sim, .answers = consent), "INVALID grant.answers");
    Consentd__Reply *other = GRANT_REPLY (sim, .answers = request, .bsn = simulation_bsn (sim, 1));
    assert_string_equal (simulation_said (sim, other), "INVALID grant.answers");
    Consentd__Reply *none = GRANT_REPLY (sim, .answers = (const uint8_t *)"geen verzoek, 16");
    assert_string_equal (field_message (sim, other), field_message (sim, none));
    assert_string_equal (GRANT (sim, .answers = request), "OK");
    assert_string_equal (GRANT (sim, .answers = request), "INVALID grant.answers");
    assert_string_equal (REFUSE (sim, .answers = request), "INVALID refuse.answers");
    assert_string_equal (DEFER (sim, request), "INVALID defer.consent_id");
}

static void test_G1_the_statement_that_answers_has_the_requests_id (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "1980-05-17");
    const uint8_t *request = ASKED (sim, .categories = "naw");
    assert_memory_equal (GRANTED (sim, .answers = request), request, 16);
    simulation_restart (sim);
    Consentd__Reply *reply = CHECK_REPLY (sim, .items = "naw");
    assert_memory_equal (reply->check->items[0]->consent_id.data, request, 16);
}

static void test_G11_an_answer_sent_twice_answers_once (void **state)
{
    struct simulation *sim = *state;
    static const char key[] = "een sleutel van16";
    PERSON (sim, .born = "1980-05-17");
    const uint8_t *request = ASKED (sim, .categories = "naw");
    assert_string_equal (GRANT (sim, .answers = request, .key = key), "OK");
    assert_string_equal (GRANT (sim, .answers = request, .key = key), "OK again");
    assert_int_equal (simulation_newest (sim, horizon), 1);
}

static void test_G11_a_request_sent_twice_is_made_once (void **state)
{
    struct simulation *sim = *state;
    Consentd__Request *request = simulation_request (sim, &(struct simulated_request){.categories = "naw"});
    Consentd__Reply *first = simulation_ask (sim, horizon, request);
    simulation_restart (sim);
    Consentd__Reply *again = simulation_ask (sim, horizon, request);
    assert_string_equal (simulation_said (sim, again), "OK again");
    assert_memory_equal (again->consent_recorded->consent_id.data, first->consent_recorded->consent_id.data, 16);
    assert_int_equal (waiting (sim, ""), 1);
}

static void test_G1_a_deferred_request_can_still_become_either (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "1980-05-17");
    const uint8_t *granted = ASKED (sim, .categories = "naw"), *refused = ASKED (sim, .categories = "bsn");
    for (int i = 0; i < 2; i++) {
        sim->wall += 1000;
        assert_string_equal (DEFER (sim, granted), "OK");
        assert_string_equal (DEFER (sim, refused), "OK");
    }
    assert_int_equal (page (sim, "", NULL, 0)->requests[0]->deferred_at, sim->wall);
    assert_string_equal (GRANT (sim, .answers = granted, .valid_until = sim->wall + day), "OK");
    assert_string_equal (REFUSE (sim, .answers = refused, .categories = "bsn"), "OK");
    assert_string_equal (CHECK (sim, .items = "naw bsn"), "consent, REFUSED");
}

static void test_G1_who_may_defer_and_what (void **state)
{
    struct simulation *sim = *state;
    const uint8_t *request = ASKED (sim, .categories = "naw");
    assert_string_equal (
        simulation_said (sim, simulation_ask (sim, horizon, simulation_defer (sim, request, "nee"))), "FORBIDDEN");
    assert_string_equal (DEFER (sim, (const uint8_t *)"geen verzoek, 16"), "NOT_FOUND");
    assert_string_equal (
        simulation_said (sim, simulation_ask (sim, "kernteam", simulation_defer (sim, request, ""))),
        "INVALID defer.reason");
}

/* Who hears of it */

static void test_V5_each_answer_is_told_to_whoever_asked_and_nobody_else (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "1980-05-17");
    Consentd__Reply *asked = ASK_REPLY (sim, .from = "kernteam wmo-team", .categories = "bsn naw");
    const uint8_t *granted = asked->consent_recorded->consent_id.data,
                  *refused = ASKED (sim, .categories = "email");
    DEFER (sim, granted);
    assert_string_equal (GRANT (sim, .answers = granted), "OK");
    assert_string_equal (REFUSE (sim, .answers = refused, .categories = "email"), "OK");
    assert_int_equal (simulation_newest (sim, horizon), 3);
    assert_int_equal (simulation_newest (sim, "kernteam"), 0);
    assert_int_equal (simulation_newest (sim, "wmo-team"), 0);

    const Consentd__EventPush *event = simulation_event (sim, horizon, 1);
    assert_int_equal (event->kind, CONSENTD__EVENT_KIND__CONSENT_ANSWERED);
    assert_int_equal (event->answer, CONSENTD__ANSWER__ANSWER_DEFERRED);
    assert_memory_equal (event->consent_id.data, granted, 16);
    assert_memory_equal (event->subject_ref.data, asked->consent_recorded->subject_ref.data, 16);
    assert_int_equal (event->n_providers + event->n_recipients + event->n_categories, 0);
    assert_string_equal (event->purpose, "");

    event = simulation_event (sim, horizon, 2);
    assert_int_equal (event->answer, CONSENTD__ANSWER__ANSWER_GRANTED);
    assert_memory_equal (event->consent_id.data, granted, 16);
    assert_string_equal (simulation_words (sim, event->providers, event->n_providers), "kernteam");
    assert_string_equal (simulation_words (sim, event->recipients, event->n_recipients), horizon);
    assert_string_equal (simulation_words (sim, event->categories, event->n_categories), "naw");
    assert_string_equal (event->purpose, "toekenning");
    assert_false (event->whole);

    event = simulation_event (sim, horizon, 3);
    assert_int_equal (event->answer, CONSENTD__ANSWER__ANSWER_REFUSED);
    assert_memory_equal (event->consent_id.data, refused, 16);
    assert_int_equal (event->n_providers + event->n_recipients + event->n_categories, 0);
    assert_int_equal (event->revision, sim->state.revision);
}

static void test_V5_answer_and_event_are_one (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "1980-05-17");
    const uint8_t *request = ASKED (sim, .categories = "naw");
    sim->fail_commit = true;
    assert_true (simulation_ask_in_vain (
                     sim, "kernteam",
                     simulation_statement (sim, &(struct simulated_statement){.answers = request}, false)) < 0);
    assert_int_equal (simulation_newest (sim, horizon), 0);
    assert_int_equal (waiting (sim, ""), 1);
    assert_string_equal (CHECK (sim, .items = "naw"), "NO_CONSENT");
    assert_string_equal (GRANT (sim, .answers = request), "OK");
}

static void test_V4_a_later_withdrawal_is_told_as_always (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "1980-05-17");
    const uint8_t *request = ASKED (sim, .categories = "naw");
    GRANT (sim, .answers = request);
    assert_string_equal (REVOKE (sim, .consent = request), "OK");
    assert_int_equal (simulation_event (sim, horizon, 2)->kind, CONSENTD__EVENT_KIND__CONSENT_REVOKED);
    assert_int_equal (simulation_event (sim, "kernteam", 1)->kind, CONSENTD__EVENT_KIND__CONSENT_REVOKED);
    assert_string_equal (CHECK (sim, .items = "naw"), "REVOKED");
}

/* Shown */

static void test_G1_a_request_is_shown_to_whoever_asked_and_who_sees_all (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "1980-05-17");
    const uint8_t *request = ASKED (sim, .categories = "naw");
    const Consentd__Consent *own = shown (sim, horizon, request);
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
        assert_string_equal (shown (sim, whole[i], request)->motivation, "nodig om de zorg af te stemmen");
    assert_string_equal (unseen (sim, "cak", request), "NOT_FOUND");
    DEFER (sim, request);
    assert_int_equal (shown (sim, horizon, request)->state, CONSENTD__CONSENT__STATE__DEFERRED);
}

/* V6: they are not asked, and need not know what others would. */
static void test_G1_who_is_named_and_did_not_ask_does_not_see_a_request (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "1980-05-17");
    const uint8_t *request = ASKED (sim, .from = "wmo-team", .to = "zorgaanbieder-delta zorgaanbieder-horizon");
    assert_string_equal (unseen (sim, "wmo-team", request), "NOT_FOUND");
    assert_string_equal (unseen (sim, "zorgaanbieder-delta", request), "NOT_FOUND");
    GRANT (sim, .answers = request, .from = "wmo-team", .to = "zorgaanbieder-delta");
    const Consentd__Consent *consent = shown (sim, "zorgaanbieder-delta", request);
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
    const Consentd__Consent *consent = shown (sim, "loket", granted);
    assert_int_equal (consent->state, CONSENTD__CONSENT__STATE__GRANTED);
    assert_string_equal (consent->asked_by, "loket");
    assert_int_equal (consent->asked_at, then);
    assert_int_equal (consent->recorded_at, sim->wall);
    assert_int_equal (consent->order, 1);
    assert_int_equal (consent->n_signatures, 0);
    assert_string_equal (consent->motivation, "");
    consent = shown (sim, horizon, refused);
    assert_int_equal (consent->state, CONSENTD__CONSENT__STATE__REFUSAL);
    assert_string_equal (consent->asked_by, horizon);
    assert_string_equal (shown (sim, "kernteam", granted)->asked_by, "loket");
}

static void test_C14_nothing_is_asked_or_answered_while_the_clock_is_stopped (void **state)
{
    struct simulation *sim = *state;
    const uint8_t *request = ASKED (sim, .categories = "naw");
    sim->registry.state.clock_stopped = true;
    assert_string_equal (ASK (sim, .categories = "naw"), "UNAVAILABLE");
    assert_string_equal (DEFER (sim, request), "UNAVAILABLE");
    sim->wall += 90 * day; /* which nobody believes yet: what waits is not dropped for it */
    assert_int_equal (waiting (sim, ""), 1);
}

static void test_C14_a_request_of_a_clock_that_was_ahead_is_answered_like_any_other (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "1980-05-17");
    moment then = sim->wall;
    const uint8_t *before = ASKED (sim, .valid_until = then + day);
    sim->wall += 2 * day;
    const uint8_t *ahead = ASKED (sim, .categories = "bsn", .valid_until = then + 3 * day);
    assert_int_equal (waiting (sim, ""), 1); /* the first seemed past its time */
    sim->wall = then + 1000;
    simulation_reset_clock (sim);
    assert_string_equal (GRANT (sim, .answers = before, .valid_until = then + day), "OK");
    assert_string_equal (GRANT (sim, .answers = ahead, .categories = "bsn", .valid_until = then + day), "OK");
    assert_int_equal (waiting (sim, ""), 0);
    assert_string_equal (CHECK (sim, .items = "naw bsn"), "consent, consent");
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
    assert_int_equal (waiting (sim, ""), 0);
    sim->wall = then + 2000;
    simulation_reset_clock (sim);
    for (int i = 0; i < 2; i++) /* after the consents */
        assert_int_equal (simulation_pass (sim), 0);
    assert_int_equal (waiting (sim, ""), 1);
    assert_int_equal (waiting (sim, "999900006"), 1);
    assert_string_equal (GRANT (sim, .answers = waits, .valid_until = then + day), "OK");
    assert_int_equal (waiting (sim, ""), 0);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        SIMULATION_TEST (test_G1_only_a_role_that_may_request_asks_for_a_consent),
        SIMULATION_TEST (test_G1_who_asks_is_provider_or_recipient_unless_it_may_check_for_others),
        SIMULATION_TEST (test_G2_a_blanket_request_is_refused_before_anything_else),
        SIMULATION_TEST (test_G2_a_request_names_what_is_known_and_says_why),
        SIMULATION_TEST (test_G3_what_no_flow_could_use_is_not_asked),
        SIMULATION_TEST (test_G6_a_request_has_an_end_within_the_longest_validity),
        SIMULATION_TEST (test_G7_what_must_be_one_time_is_asked_for_once),
        SIMULATION_TEST (test_G9_a_request_for_what_a_statute_carries_is_warned_of),
        SIMULATION_TEST (test_G9_or_refused_as_the_pack_says),
        SIMULATION_TEST (test_G1_form_notice_and_signature_come_with_the_answer),
        SIMULATION_TEST (test_G1_the_answer_does_not_tell_who_is_registered),
        SIMULATION_TEST (test_G1_a_request_permits_nothing),
        SIMULATION_TEST (test_G1_a_refused_request_is_a_refusal),
        SIMULATION_TEST (test_G1_the_list_shows_whom_to_ask_what_and_the_oldest_first),
        SIMULATION_TEST (test_G1_the_list_is_for_who_may_grant_alone),
        SIMULATION_TEST (test_G1_the_list_comes_in_pages_and_of_one_subject_where_asked),
        SIMULATION_TEST (test_G1_a_page_fits_in_a_message_however_much_was_asked),
        SIMULATION_TEST (test_G1_what_was_answered_waits_no_longer),
        SIMULATION_TEST (test_G1_what_nobody_can_grant_any_more_is_off_the_list),
        SIMULATION_TEST (test_C12_a_request_that_cannot_be_read_hides_no_other),
        SIMULATION_TEST (test_a_party_leaves_room_for_others_about_one_subject),
        SIMULATION_TEST (test_an_answer_or_the_time_makes_room),
        SIMULATION_TEST (test_a_party_cannot_flood_the_list),
        SIMULATION_TEST (test_G1_nothing_more_is_granted_than_was_asked),
        SIMULATION_TEST (test_G1_less_than_was_asked_may_be_granted),
        SIMULATION_TEST (test_G1_a_refusal_keeps_to_what_was_asked),
        SIMULATION_TEST (test_G1_all_rules_are_judged_at_the_answer),
        SIMULATION_TEST (test_G1_an_answer_names_a_request_about_this_subject_that_waits),
        SIMULATION_TEST (test_G1_the_statement_that_answers_has_the_requests_id),
        SIMULATION_TEST (test_G11_an_answer_sent_twice_answers_once),
        SIMULATION_TEST (test_G11_a_request_sent_twice_is_made_once),
        SIMULATION_TEST (test_G1_a_deferred_request_can_still_become_either),
        SIMULATION_TEST (test_G1_who_may_defer_and_what),
        SIMULATION_TEST (test_V5_each_answer_is_told_to_whoever_asked_and_nobody_else),
        SIMULATION_TEST (test_V5_answer_and_event_are_one),
        SIMULATION_TEST (test_V4_a_later_withdrawal_is_told_as_always),
        SIMULATION_TEST (test_G1_a_request_is_shown_to_whoever_asked_and_who_sees_all),
        SIMULATION_TEST (test_G1_who_is_named_and_did_not_ask_does_not_see_a_request),
        SIMULATION_TEST (test_G1_an_answered_request_shows_what_it_became),
        SIMULATION_TEST (test_C14_nothing_is_asked_or_answered_while_the_clock_is_stopped),
        SIMULATION_TEST (test_C14_a_request_that_a_clock_ahead_took_off_the_list_is_on_it_again),
        SIMULATION_TEST (test_C14_a_request_of_a_clock_that_was_ahead_is_answered_like_any_other),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}

/* Restrictions (afscherming, KB 14): what they keep in, what passes them, and who hears of them (C5, R3). */
#include <stdio.h>
#include <string.h>
#include "simulation_verbs.h"

static const char team[] = "kernteam";

/* A list of words. */
static size_t words (struct simulation *sim, const char *list, char ***out)
{
    char *rest = NULL, *copy = arena_strdup (sim->arena, list);
    size_t count = 0;
    *out = arena_array (sim->arena, strlen (copy) + 1, sizeof **out);
    for (char *one = strtok_r (copy, " ", &rest); one != NULL; one = strtok_r (NULL, " ", &rest))
        (*out)[count++] = one;
    return count;
}

static const char reason[] = "de betrokkene betwist de juistheid";

/* Categories NULL: the whole. */
static Consentd__Request *restriction (struct simulation *sim, const char *bsn, const char *categories)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_RESTRICT_DATA);
    Consentd__RestrictRequest *body = request->restrict_data;
    body->bsn = arena_strdup (sim->arena, bsn);
    body->whole = categories == NULL;
    if (categories != NULL)
        body->n_categories = words (sim, categories, &body->categories);
    body->reason = arena_strdup (sim->arena, reason);
    body->user = arena_strdup (sim->arena, "medewerker-17");
    return request;
}

static Consentd__Request *lifting (struct simulation *sim, const char *bsn, const char *categories)
{
    Consentd__RestrictRequest *from = restriction (sim, bsn, categories)->restrict_data;
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_LIFT_RESTRICTION);
    Consentd__LiftRequest *body = request->lift_restriction;
    body->bsn = from->bsn;
    body->whole = from->whole;
    body->n_categories = from->n_categories;
    body->categories = from->categories;
    body->reason = from->reason;
    body->user = from->user;
    return request;
}

static const char *subject = "999900006";

/* "naw *; horizon kernteam": what now holds, and who was informed; or "already", or the status. */
static const char *change (struct simulation *sim, Consentd__Request *request)
{
    Consentd__Reply *reply = simulation_ask (sim, team, request);
    if (reply->status != CONSENTD__STATUS__OK)
        return simulation_said (sim, reply);
    assert_int_equal (reply->body_case, CONSENTD__REPLY__BODY_RESTRICTION);
    const Consentd__RestrictionReply *made = reply->restriction;
    const char *held = "";
    for (size_t i = 0; i < made->n_restrictions; i++) {
        const char *category = made->restrictions[i]->category;
        held = arena_printf (sim->arena, "%s%s%s", held, i > 0 ? " " : "", category[0] != 0 ? category : "*");
    }
    if (made->already) {
        assert_int_equal (made->n_informed, 0);
        return arena_printf (sim->arena, "already %s", held);
    }
    return arena_printf (sim->arena, "%s; %s", held, simulation_words (sim, made->informed, made->n_informed));
}

#define RESTRICT(sim, categories) change (sim, restriction (sim, subject, categories))
#define LIFT(sim, categories) change (sim, lifting (sim, subject, categories))

/* What the party's newest event says, beyond `before`, of which there is one. */
static const char *heard (struct simulation *sim, const char *party, uint64_t before)
{
    uint64_t newest = simulation_newest (sim, party);
    if (newest == before)
        return "nothing";
    assert_int_equal (newest, before + 1);
    const Consentd__EventPush *event = simulation_event (sim, party, newest);
    assert_int_equal (event->consent_id.len, 0);
    assert_int_equal (event->subject_ref.len, 16);
    assert_int_equal (event->n_providers + event->n_recipients, 0);
    assert_int_equal (event->revision, sim->state.revision);
    const char *kind = event->kind == CONSENTD__EVENT_KIND__DATA_RESTRICTED      ? "restricted"
                       : event->kind == CONSENTD__EVENT_KIND__RESTRICTION_LIFTED ? "lifted"
                                                                                 : "something else";
    return arena_printf (sim->arena, "%s%s %s", kind, event->whole ? " whole" : "",
                         simulation_words (sim, event->categories, event->n_categories));
}

/* C5 */

static void test_c5_a_restricted_subject_is_disclosed_nothing_of_from_the_reply_on (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .categories = "naw telefoon");
    GRANTED (sim, .bsn = simulation_bsn (sim, 1), .categories = "naw");
    assert_string_equal (CHECK (sim, .items = "naw"), "consent");
    RESTRICT (sim, NULL);
    assert_string_equal (CHECK (sim, .items = "naw telefoon budget"), "RESTRICTED, RESTRICTED, RESTRICTED");
    assert_string_equal (CHECK (sim, .bsn = simulation_bsn (sim, 1), .items = "naw"), "consent");
    simulation_restart (sim);
    assert_string_equal (CHECK (sim, .items = "naw"), "RESTRICTED");
}

static void test_c5_a_restricted_category_leaves_the_others_as_they_were (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .categories = "naw telefoon bsn");
    RESTRICT (sim, "telefoon bsn");
    assert_string_equal (CHECK (sim, .items = "naw telefoon bsn"), "consent, RESTRICTED, RESTRICTED");
}

static void test_c5_a_restriction_holds_within_the_turn_that_sets_it (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .categories = "naw");
    struct round_trip round_trips[] = {
        {team, simulation_check (sim, &(struct simulated_check){.items = "naw"}), NULL},
        {team, restriction (sim, subject, NULL), NULL},
        {team, simulation_check (sim, &(struct simulated_check){.items = "naw"}), NULL},
    };
    assert_int_equal (simulation_turn (sim, round_trips, 3), 0);
    assert_string_equal (simulation_said (sim, round_trips[0].reply), "consent");
    assert_string_equal (simulation_said (sim, round_trips[2].reply), "RESTRICTED");
}

static void test_c5_a_consent_recorded_after_the_restriction_passes_it (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .categories = "naw telefoon");
    RESTRICT (sim, NULL);
    sim->wall += 1000;
    GRANTED (sim, .categories = "naw");
    assert_string_equal (CHECK (sim, .items = "naw telefoon"), "consent, RESTRICTED");
    /* What holds already does not begin again. */
    sim->wall += 1000;
    RESTRICT (sim, NULL);
    assert_string_equal (CHECK (sim, .items = "naw telefoon"), "consent, RESTRICTED");
    /* The category is restricted by itself, and later than the consent. */
    RESTRICT (sim, "naw");
    assert_string_equal (CHECK (sim, .items = "naw"), "RESTRICTED");
}

static void test_c5_a_lifted_restriction_is_as_if_it_had_not_been (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .categories = "naw telefoon");
    RESTRICT (sim, "naw telefoon");
    LIFT (sim, "naw");
    assert_string_equal (CHECK (sim, .items = "naw telefoon"), "consent, RESTRICTED");
    RESTRICT (sim, NULL);
    LIFT (sim, NULL);
    assert_string_equal (CHECK (sim, .items = "naw telefoon"), "consent, RESTRICTED");
    LIFT (sim, "telefoon");
    assert_string_equal (CHECK (sim, .items = "naw telefoon"), "consent, consent");
}

static void test_c5_a_statute_that_passes_a_restriction_holds_and_another_does_not (void **state)
{
    (void)state;
    struct simulation *sim = simulation_new (&(struct simulation_options){.policy = "wmo-jeugdwet-2026"});
    PERSON (sim, .bsn = subject);
    assert_string_equal (CHECK (sim, .to = "cak", .purpose = "eigen-bijdrage", .items = "bsn"), "wmo-5.2.1");
    RESTRICT (sim, NULL);
    assert_string_equal (CHECK (sim, .to = "veilig-thuis", .purpose = "escalatie", .items = "naw"), "wmo-5.2.6");
    assert_string_equal (CHECK (sim, .to = "cak", .purpose = "eigen-bijdrage", .items = "bsn"), "RESTRICTED");
    simulation_destroy (&sim);
}

/* Setting and lifting */

static void test_what_holds_already_is_said_and_told_to_nobody (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .categories = "naw telefoon");
    assert_string_equal (RESTRICT (sim, "naw"), "naw; kernteam zorgaanbieder-horizon");
    moment since = sim->wall;
    uint64_t revision = sim->state.revision, before = simulation_newest (sim, horizon);
    sim->wall += 1000;
    assert_string_equal (RESTRICT (sim, "naw"), "already naw");
    assert_int_equal (sim->state.revision, revision);
    assert_string_equal (heard (sim, horizon, before), "nothing");
    /* Of what is asked anew only that. */
    assert_string_equal (RESTRICT (sim, "telefoon naw"), "naw telefoon; kernteam zorgaanbieder-horizon");
    assert_string_equal (heard (sim, horizon, before), "restricted telefoon");
    Consentd__Reply *reply = simulation_ask (sim, team, restriction (sim, subject, "naw"));
    assert_int_equal (reply->restriction->restrictions[0]->since, since);
    assert_int_equal (reply->restriction->restrictions[1]->since, since + 1000);
    assert_string_equal (reply->restriction->restrictions[0]->recorded_by, team);
    assert_string_equal (reply->restriction->restrictions[0]->reason, reason);
    assert_string_equal (LIFT (sim, NULL), "already naw telefoon");
    assert_string_equal (LIFT (sim, "naw"), "telefoon; kernteam zorgaanbieder-horizon");
    assert_string_equal (LIFT (sim, "naw"), "already telefoon");
}

static void test_a_subject_who_is_not_known_gets_a_record_and_nobody_hears (void **state)
{
    struct simulation *sim = *state;
    subject = simulation_bsn (sim, 7);
    assert_string_equal (LIFT (sim, NULL), "already ");
    assert_string_equal (CHECK (sim, .bsn = subject, .items = "naw", .advise = true), "NO_CONSENT");
    assert_string_equal (RESTRICT (sim, NULL), "*; ");
    assert_string_equal (CHECK (sim, .bsn = subject, .items = "naw", .advise = true), "RESTRICTED");
    subject = "999900006";
}

static void test_a_restriction_sent_again_is_replayed (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .categories = "naw");
    Consentd__Request *request = restriction (sim, subject, NULL);
    simulation_ask (sim, team, request);
    LIFT (sim, NULL);
    uint64_t before = simulation_newest (sim, horizon);
    Consentd__Reply *again = simulation_ask (sim, team, request);
    assert_true (again->replayed);
    assert_string_equal (heard (sim, horizon, before), "nothing");
    assert_string_equal (CHECK (sim, .items = "naw"), "consent");
}

static void test_what_is_not_well_formed_changes_nothing (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .categories = "naw");
    assert_string_equal (RESTRICT (sim, "bsn onzin"), "INVALID restrict_data.categories[1]");
    assert_string_equal (LIFT (sim, "onzin"), "INVALID lift_restriction.categories[0]");
    assert_string_equal (RESTRICT (sim, ""), "INVALID restrict_data.categories");
    Consentd__Request *both = restriction (sim, subject, "naw");
    both->restrict_data->whole = true;
    assert_string_equal (change (sim, both), "INVALID restrict_data.categories");
    Consentd__Request *bare = restriction (sim, subject, NULL);
    bare->restrict_data->reason = arena_strdup (sim->arena, "");
    assert_string_equal (change (sim, bare), "INVALID restrict_data.reason");
    bare = lifting (sim, subject, NULL);
    bare->lift_restriction->user = arena_strdup (sim->arena, "");
    assert_string_equal (change (sim, bare), "INVALID lift_restriction.user");
    assert_string_equal (CHECK (sim, .items = "naw"), "consent");
}

/* Renames a category that no flow of the pack has, and takes the pack up. */
static void rename_category (struct simulation *sim, const char *from, const char *to)
{
    const char *path = arena_printf (sim->arena, "%s/pack/categories.txt", sim->directory);
    char *text = arena_alloc (sim->arena, 1 << 16);
    FILE *file = fopen (path, "r");
    assert_non_null (file);
    size_t size = fread (text, 1, (1 << 16) - 1, file);
    fclose (file);
    char *found = strstr (text, from);
    assert_non_null (found);
    assert_null (strstr (found + 1, from));
    file = fopen (path, "w");
    assert_non_null (file);
    fprintf (file, "%.*s%s%s", (int)(found - text), text, to, found + strlen (from));
    fclose (file);
    assert_true (size > 0);
    simulation_reload (sim);
}

static void test_what_an_earlier_pack_named_can_be_lifted_and_not_set (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (RESTRICT (sim, "vrije-tekst"), "vrije-tekst; ");
    rename_category (sim, "category vrije-tekst", "category vrije-woorden");
    assert_string_equal (RESTRICT (sim, "vrije-tekst"), "INVALID restrict_data.categories[0]");
    assert_string_equal (LIFT (sim, "vrije-tekst"), "; ");
    assert_string_equal (LIFT (sim, "vrije-tekst"), "INVALID lift_restriction.categories[0]");
}

static void test_who_has_no_permission_restricts_nothing (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .categories = "naw");
    assert_string_equal (simulation_said (sim, simulation_ask (sim, horizon, restriction (sim, subject, NULL))),
                         "FORBIDDEN");
    RESTRICT (sim, NULL);
    assert_string_equal (simulation_said (sim, simulation_ask (sim, horizon, lifting (sim, subject, NULL))),
                         "FORBIDDEN");
    assert_string_equal (CHECK (sim, .items = "naw"), "RESTRICTED");
}

static void test_a_subject_set_anew_stays_restricted (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .categories = "naw");
    RESTRICT (sim, "naw");
    PERSON (sim, .bsn = subject, .born = "1981-05-17");
    assert_string_equal (CHECK (sim, .items = "naw"), "RESTRICTED");
    assert_string_equal (RESTRICT (sim, "naw"), "already naw");
}

static Consentd__Reply *shown_to (struct simulation *sim, const char *party)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_SUBJECT_SHOW);
    request->subject_show->bsn = arena_strdup (sim->arena, subject);
    return simulation_ask (sim, party, request);
}

static void test_why_is_shown_to_those_who_decide_about_it_only (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .categories = "naw");
    RESTRICT (sim, "naw");
    Consentd__Reply *reply = shown_to (sim, "operator");
    assert_int_equal (reply->subject_show->n_restrictions, 1);
    assert_string_equal (reply->subject_show->restrictions[0]->category, "naw");
    assert_string_equal (reply->subject_show->restrictions[0]->reason, reason);
    reply = shown_to (sim, "balie");
    assert_int_equal (reply->subject_show->n_restrictions, 1);
    assert_int_equal (reply->subject_show->restrictions[0]->since, sim->wall);
    assert_string_equal (reply->subject_show->restrictions[0]->reason, "");
}

static void test_a3_the_log_shows_no_reason (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .categories = "naw");
    RESTRICT (sim, "naw");
    LIFT (sim, "naw");
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_AUDIT_LIST);
    request->audit_list->after = sim->state.audit_number - 2;
    Consentd__Reply *reply = simulation_ask (sim, "operator", request);
    assert_int_equal (reply->audit_list->n_entries, 2);
    static const char *const actions[] = {"restrict", "lift-restriction"};
    for (size_t i = 0; i < 2; i++) {
        const Consentd__AuditEntry *line = reply->audit_list->entries[i];
        assert_string_equal (line->action, actions[i]);
        assert_string_equal (line->user, "medewerker-17");
        assert_int_equal (line->object.len, 16);
        assert_non_null (strstr (line->details, "\"categories\":[\"naw\"]"));
        assert_null (strstr (line->details, "betwist"));
        assert_null (strstr (line->details, subject));
    }
}

static void test_so_much_is_restricted_that_it_can_still_be_shown_and_the_whole_always (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .categories = "naw");
    char *all =
        "naw burgerlijke-staat geboortedatum geslacht correspondentie telefoon email bsn vertegenwoordiger "
        "netwerk-naw netwerk-geslacht netwerk-correspondentie netwerk-telefoon netwerk-email "
        "netwerk-geboortedatum gespreksverslag integraal-plan zrm-financien zrm-dagbesteding zrm-huisvesting "
        "zrm-huiselijke-relaties zrm-geestelijke-gezondheid zrm-lichamelijke-gezondheid zrm-verslaving "
        "zrm-adl zrm-sociaal-netwerk zrm-maatschappelijke-participatie zrm-justitie behandelaar doel "
        "deskundigenadvies toewijzing periode soort-voorziening omvang budget kostprijs rapportage declaratie "
        "besteding voorziening-dat advies-dat gezondheid godsdienst ras";
    char *words_of_reason = arena_alloc (sim->arena, 1001);
    memset (words_of_reason, 'x', 1000);
    Consentd__Request *request = restriction (sim, subject, all);
    request->restrict_data->reason = words_of_reason;
    assert_string_equal (change (sim, request), "INVALID restrict_data.categories");
    assert_string_equal (CHECK (sim, .items = "naw"), "consent");
    size_t half = strlen (all) / 2 + strcspn (all + strlen (all) / 2, " ");
    request = restriction (sim, subject, arena_strndup (sim->arena, all, half));
    request->restrict_data->reason = words_of_reason;
    Consentd__Reply *reply = simulation_ask (sim, team, request);
    assert_int_equal (reply->status, CONSENTD__STATUS__OK);
    request = restriction (sim, subject, NULL);
    request->restrict_data->reason = words_of_reason;
    assert_int_equal (simulation_ask (sim, team, request)->status, CONSENTD__STATUS__OK);
    assert_true (shown_to (sim, team)->subject_show->n_restrictions > 20);
}

/* R3, V5, V6 */

static void test_r3_who_received_such_data_hears_and_hears_its_own_only (void **state)
{
    struct simulation *sim = *state;
    const uint8_t *first = GRANTED (sim, .categories = "naw telefoon bsn"),
                  *second = GRANTED (sim, .to = "huisarts-dorp", .purpose = "registratie-hulpvraag",
                                     .categories = "naw email", .one_time = true);
    assert_string_equal (CHECK (sim, .items = "naw telefoon"), "consent, consent");
    assert_string_equal (CHECK (sim, .to = "huisarts-dorp", .purpose = "registratie-hulpvraag", .items = "email"),
                         "consent");
    REVOKE (sim, .consent = first);
    (void)second;
    uint64_t h = simulation_newest (sim, horizon), d = simulation_newest (sim, "huisarts-dorp"),
             k = simulation_newest (sim, team), c = simulation_newest (sim, "cak");
    assert_string_equal (RESTRICT (sim, "telefoon email budget"),
                         "budget email telefoon; huisarts-dorp zorgaanbieder-horizon");
    assert_string_equal (heard (sim, horizon, h), "restricted telefoon");
    assert_string_equal (heard (sim, "huisarts-dorp", d), "restricted email");
    assert_string_equal (heard (sim, team, k),
                         "nothing"); /* no consent in force names it, and it received nothing */
    assert_string_equal (heard (sim, "cak", c), "nothing");
    assert_string_equal (RESTRICT (sim, NULL), "budget email telefoon *; huisarts-dorp zorgaanbieder-horizon");
    assert_string_equal (heard (sim, horizon, h + 1), "restricted whole naw telefoon");
    assert_string_equal (heard (sim, "huisarts-dorp", d + 1), "restricted whole email");
    LIFT (sim, "email");
    assert_string_equal (heard (sim, horizon, h + 2), "nothing");
    assert_string_equal (heard (sim, "huisarts-dorp", d + 2), "lifted email");
    LIFT (sim, NULL);
    assert_string_equal (heard (sim, horizon, h + 2), "lifted whole naw telefoon");
}

static void test_r3_whom_a_consent_names_hears_and_whom_an_ended_one_names_does_not (void **state)
{
    struct simulation *sim = *state;
    const uint8_t *part = GRANTED (sim, .categories = "naw telefoon");
    GRANTED (sim, .to = "wmo-team", .purpose = "registratie-hulpvraag", .categories = "naw",
             .valid_until = simulation_at ("2026-05-03"));
    GRANTED (sim, .to = "zorgaanbieder-geest", .categories = "naw", .one_time = true,
             .valid_from = simulation_at ("2026-06-01"));
    REVOKE (sim, .consent = part, .categories = "telefoon");
    sim->wall = simulation_at ("2026-05-10");
    CHECK (sim, .items = "naw", .advise = true); /* that one has expired is told */
    uint64_t h = simulation_newest (sim, horizon), w = simulation_newest (sim, "wmo-team"),
             g = simulation_newest (sim, "zorgaanbieder-geest"), k = simulation_newest (sim, team);
    assert_string_equal (RESTRICT (sim, "naw telefoon"),
                         "naw telefoon; kernteam zorgaanbieder-geest zorgaanbieder-horizon");
    assert_string_equal (heard (sim, horizon, h), "restricted naw");
    assert_string_equal (heard (sim, team, k), "restricted naw");
    assert_string_equal (heard (sim, "wmo-team", w), "nothing");
    /* It knows that it may be given them from June on, and must hear that it may not. */
    assert_string_equal (heard (sim, "zorgaanbieder-geest", g), "restricted naw");
}

static void test_each_party_hears_of_the_subject_by_its_own_pseudonym (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .categories = "naw");
    Consentd__Reply *theirs = CHECK_REPLY (sim, .by = horizon, .items = "naw", .advise = true);
    uint64_t h = simulation_newest (sim, horizon), k = simulation_newest (sim, team);
    RESTRICT (sim, NULL);
    const Consentd__EventPush *to_horizon = simulation_event (sim, horizon, h + 1),
                              *to_team = simulation_event (sim, team, k + 1);
    assert_memory_equal (to_horizon->subject_ref.data, theirs->check->subject_ref.data, 16);
    assert_memory_not_equal (to_horizon->subject_ref.data, to_team->subject_ref.data, 16);
}

/* C14, and a store that is full. */

static void test_c14_a_stopped_clock_lets_a_restriction_in_and_does_not_lift_it (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .categories = "naw");
    sim->registry.state.clock_stopped = true;
    assert_string_equal (RESTRICT (sim, NULL), "*; kernteam zorgaanbieder-horizon");
    assert_string_equal (LIFT (sim, NULL), "UNAVAILABLE");
    sim->registry.state.clock_stopped = false;
    assert_string_equal (CHECK (sim, .items = "naw"), "RESTRICTED");
}

static void test_c14_a_consent_of_a_clock_that_was_ahead_passes_no_later_restriction (void **state)
{
    struct simulation *sim = *state;
    moment then = sim->wall;
    sim->wall = simulation_at ("2027-05-01");
    GRANTED (sim, .categories = "naw telefoon");
    sim->wall = then;
    simulation_reset_clock (sim);
    assert_string_equal (CHECK (sim, .items = "naw"), "consent");
    sim->wall += 60000;
    RESTRICT (sim, NULL);
    for (int i = 0; i < 3; i++) {
        sim->wall += 60000;
        assert_string_equal (CHECK (sim, .items = "naw"), "RESTRICTED");
        simulation_restart (sim);
    }
    GRANTED (sim, .categories = "naw");
    assert_string_equal (CHECK (sim, .items = "naw telefoon"), "consent, RESTRICTED");
    sim->wall = simulation_at ("2027-05-02");
    assert_string_equal (CHECK (sim, .items = "telefoon"), "RESTRICTED");
}

static void test_a_full_store_still_takes_a_restriction (void **state)
{
    (void)state;
    struct simulation *sim = simulation_new (&(struct simulation_options){.size = 1 << 20, .reserve = 1 << 18});
    PERSON (sim, .bsn = subject);
    GRANTED (sim, .categories = "naw");
    while (strcmp (CHECK (sim, .items = "naw"), "consent") == 0)
        ;
    assert_string_equal (CHECK (sim, .items = "naw"), "UNAVAILABLE");
    Consentd__Request *request = restriction (sim, subject, NULL);
    assert_int_equal (simulation_ask (sim, team, request)->status, CONSENTD__STATUS__OK);
    assert_true (simulation_ask (sim, team, request)->replayed);
    struct store_info before, after;
    assert_int_equal (store_info (sim->store, &before), 0);
    for (int i = 0; i < 100; i++) { /* what holds already takes nothing of what is kept */
        request->idempotency_key.len = 0;
        assert_int_equal (simulation_ask (sim, team, request)->status, CONSENTD__STATUS__OK);
    }
    assert_int_equal (store_info (sim->store, &after), 0);
    assert_int_equal (after.taken[STORE_WITHDRAWALS], before.taken[STORE_WITHDRAWALS]);
    assert_string_equal (simulation_said (sim, simulation_ask (sim, team, lifting (sim, subject, NULL))),
                         "UNAVAILABLE");
    simulation_destroy (&sim);
}

/* With two adults, and a desk that records subjects and decides nothing about them. */
static int setup (void **state)
{
    simulation_setup (state);
    simulation_write_party (*state, "balie", "gemeente", "balie", "");
    for (unsigned i = 0; i < 2; i++)
        PERSON (*state, .bsn = simulation_bsn (*state, i));
    return 0;
}

#define TEST(function) cmocka_unit_test_setup_teardown (function, setup, simulation_teardown)

int main (void)
{
    const struct CMUnitTest tests[] = {
        TEST (test_c5_a_restricted_subject_is_disclosed_nothing_of_from_the_reply_on),
        TEST (test_c5_a_restricted_category_leaves_the_others_as_they_were),
        TEST (test_c5_a_restriction_holds_within_the_turn_that_sets_it),
        TEST (test_c5_a_consent_recorded_after_the_restriction_passes_it),
        TEST (test_c5_a_lifted_restriction_is_as_if_it_had_not_been),
        cmocka_unit_test (test_c5_a_statute_that_passes_a_restriction_holds_and_another_does_not),
        TEST (test_what_holds_already_is_said_and_told_to_nobody),
        TEST (test_a_subject_who_is_not_known_gets_a_record_and_nobody_hears),
        TEST (test_a_restriction_sent_again_is_replayed),
        TEST (test_what_is_not_well_formed_changes_nothing),
        TEST (test_what_an_earlier_pack_named_can_be_lifted_and_not_set),
        TEST (test_who_has_no_permission_restricts_nothing),
        TEST (test_a_subject_set_anew_stays_restricted),
        TEST (test_why_is_shown_to_those_who_decide_about_it_only),
        TEST (test_a3_the_log_shows_no_reason),
        TEST (test_so_much_is_restricted_that_it_can_still_be_shown_and_the_whole_always),
        TEST (test_r3_who_received_such_data_hears_and_hears_its_own_only),
        TEST (test_r3_whom_a_consent_names_hears_and_whom_an_ended_one_names_does_not),
        TEST (test_each_party_hears_of_the_subject_by_its_own_pseudonym),
        TEST (test_c14_a_stopped_clock_lets_a_restriction_in_and_does_not_lift_it),
        TEST (test_c14_a_consent_of_a_clock_that_was_ahead_passes_no_later_restriction),
        cmocka_unit_test (test_a_full_store_still_takes_a_restriction),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}

/* A party that keeps what may flow only by what it is told never keeps a permit that a check denies: over random
   histories of a subject, under both packs. It takes a snapshot where a party changed, and else only applies the
   effects of its events, with their beginnings and ends. So an act about a subject that takes a permit away and is
   told to nobody who has it fails here (V5). */
#include <string.h>
#include "events/outbox.h"
#include "parties/parties.h"
#include "random_pick.h"
#include "registry/effects.h"
#include "registry/permitted.h"
#include "registry/subject_cache.h"
#include "registry/subject_file.h"
#include "simulated_rights.h"

enum {
    HELD = 2048,
    CONSENTS = 64,
    ROUNDS = 8,
    ACTS = 14,
    RECTIFICATION = CONSENTD__RIGHTS_KIND__RIGHTS_RECTIFICATION
};
#define DAY ((moment)24 * 60 * 60 * 1000)

struct held {
    const char *provider, *recipient, *purpose, *category, *case_ref;
    moment from, until;
};

/* What one party has. */
struct view {
    const char *party;
    uint64_t heard, basis;
    struct held held[HELD];
    size_t count;
};

static const char *const parties[] = {"kernteam",      "zorgaanbieder-horizon", "zorgaanbieder-geest", "wmo-team",
                                      "huisarts-dorp", "school-brug",           "zorgaanbieder-delta", "cak"};

struct town {
    struct simulation *sim;
    struct view views[COUNT (parties)];
    const char *bsn;
    const uint8_t *consents[CONSENTS];
    size_t consent_count;
    unsigned next_bsn, lost, gained, asked, missing;
    uint64_t rectification;
};

static void begin (struct town *town, struct turn *turn)
{
    struct simulation *sim = town->sim;
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, turn), 0);
    arena_reset (turn->arena);
}

static void end (struct town *town, struct turn *turn)
{
    assert_int_equal (registry_end (&town->sim->registry, turn, 0), 0);
    town->sim->state = town->sim->registry.state;
}

static const char *kept (struct town *town, const char *text)
{
    return arena_strdup (town->sim->arena, text);
}

/* --- What a party keeps -------------------------------------------------------------------------------- */

static struct held *find_held (struct view *view, const struct held *one)
{
    for (size_t i = 0; i < view->count; i++) {
        struct held *held = &view->held[i];
        if (strcmp (held->provider, one->provider) == 0 && strcmp (held->recipient, one->recipient) == 0 &&
            strcmp (held->purpose, one->purpose) == 0 && strcmp (held->category, one->category) == 0 &&
            strcmp (held->case_ref, one->case_ref) == 0)
            return held;
    }
    return NULL;
}

static void put (struct town *town, struct view *view, struct held one)
{
    struct held *held = find_held (view, &one);
    if (held == NULL) {
        assert_in_range (view->count, 0, HELD - 1);
        held = &view->held[view->count++];
    }
    *held = (struct held){kept (town, one.provider),
                          kept (town, one.recipient),
                          kept (town, one.purpose),
                          kept (town, one.category),
                          kept (town, one.case_ref),
                          one.from,
                          one.until};
}

static void apply (struct town *town, struct view *view, const struct effect *effect)
{
    struct held one = {effect->provider, effect->recipient, effect->purpose, effect->category,
                       effect->case_ref, effect->from,      effect->until};
    struct held *held = find_held (view, &one);
    if (effect->permitted) {
        put (town, view, one);
        town->gained++;
    } else if (held != NULL) {
        *held = view->held[--view->count];
        town->lost++;
    }
}

static struct permitted_list permits_of (struct turn *turn, const char *bsn, const char *party)
{
    struct subject_file *file = arena_alloc (turn->arena, sizeof *file);
    assert_int_equal (subject_file_open (turn, bsn, file), 0);
    struct decide_facts facts = subject_file_facts (turn, file);
    return permitted_of_party (turn, &facts, party);
}

static void take_snapshot (struct town *town, struct view *view)
{
    struct turn turn;
    struct cursor cursor;
    begin (town, &turn);
    assert_int_equal (outbox_cursor (&turn, view->party, &cursor), 0);
    view->heard = cursor.newest;
    view->basis = parties_facts (turn.parties);
    view->count = 0;
    struct permitted_list list = permits_of (&turn, town->bsn, view->party);
    assert_false (list.left_out);
    for (size_t i = 0; i < list.count; i++)
        for (size_t j = 0; j < list.items[i].category_count; j++) {
            const struct permitted *row = &list.items[i];
            const struct permitted_category *one = &row->categories[j];
            put (town, view,
                 (struct held){row->provider, row->recipient, row->purpose, one->category, row->case_ref,
                               one->from, one->until});
        }
    end (town, &turn);
}

/* The event is about the subject of this life. Those of earlier lives are still told of theirs. */
static bool is_about (const struct town *town, const struct turn *turn, const struct event *event)
{
    uint8_t id[VAULT_ID_SIZE];
    vault_subject_id (turn->vault, town->bsn, id);
    return event->is_about && memcmp (event->about.bytes, id, sizeof id) == 0;
}

/* Applies what it was told since. False: it must take a snapshot. */
static bool hear_event (struct town *town, struct view *view)
{
    struct turn turn;
    struct event event;
    begin (town, &turn);
    assert_int_equal (outbox_read (&turn, view->party, ++view->heard, &event), 0);
    assert_int_equal (effects_find (&turn, view->party, &event), 0);
    for (size_t i = 0; i < event.effect_count && is_about (town, &turn, &event); i++)
        apply (town, view, &event.effects[i]);
    end (town, &turn);
    return !event.effects_left_out;
}

static void hear (struct town *town, struct view *view)
{
    while (view->heard < simulation_newest_of_all (town->sim, view->party))
        if (!hear_event (town, view)) {
            take_snapshot (town, view);
            return;
        }
    if (view->basis != parties_facts (town->sim->registry.parties))
        take_snapshot (town, view);
}

/* --- What a check says --------------------------------------------------------------------------------- */

static bool is_now (const struct held *held, moment now)
{
    return held->from <= now && now < held->until;
}

/* Asks about it, without an origin. */
static bool is_permitted (struct town *town, const struct held *held)
{
    struct simulated_check asked = {.bsn = town->bsn,
                                    .from = held->provider,
                                    .to = held->recipient,
                                    .purpose = held->purpose,
                                    .case_ref = held->case_ref,
                                    .items = arena_printf (town->sim->arena, "%s/", held->category),
                                    .advise = true};
    Consentd__Reply *reply = simulation_look (town->sim, "toezicht", simulation_check (town->sim, &asked));
    assert_int_equal (reply->status, CONSENTD__STATUS__OK);
    town->asked++;
    return reply->check->verdict == CONSENTD__VERDICT__PERMIT;
}

static void judge (struct town *town, struct view *view, const char *after)
{
    for (size_t i = 0; i < view->count; i++) {
        const struct held *held = &view->held[i];
        if (is_now (held, town->sim->wall) && !is_permitted (town, held))
            fail_msg ("%s still permits %s > %s, %s, %s (case '%s') after: %s", view->party, held->provider,
                      held->recipient, held->purpose, held->category, held->case_ref, after);
    }
}

/* What it does not have, though a snapshot would: that begins again after it had ended, of which nothing tells. */
static void count_missing (struct town *town, struct view *view)
{
    static struct view fresh;
    fresh.party = view->party;
    take_snapshot (town, &fresh);
    for (size_t i = 0; i < fresh.count; i++) {
        const struct held *found = find_held (view, &fresh.held[i]);
        if (is_now (&fresh.held[i], town->sim->wall) && (found == NULL || !is_now (found, town->sim->wall)))
            town->missing++;
    }
}

/* --- What is done -------------------------------------------------------------------------------------- */

static const struct simulated_statement templates[] = {
    {.categories = "naw"},
    {.categories = "naw bsn budget"},
    {.from = "kernteam wmo-team", .categories = "naw bsn deskundigenadvies"},
    {.to = "zorgaanbieder-horizon zorgaanbieder-geest", .categories = "naw budget"},
    {.to = "zorgaanbieder-delta zorgaanbieder-horizon", .categories = "naw budget"},
    {.one_time = true, .categories = "naw bsn"},
    {.to = "school-brug", .purpose = "extern-overleg", .one_time = true, .categories = "naw geboortedatum"},
    {.from = "wmo-team", .to = "kernteam", .purpose = "integraal-plan", .categories = "naw gezondheid"},
    {.from = "wmo-team huisarts-dorp", .to = "kernteam", .purpose = "integraal-plan", .categories = "naw"},
    {.from = "huisarts-dorp",
     .to = "kernteam",
     .purpose = "integraal-plan",
     .one_time = true,
     .categories = "naw"},
    {.to = "wmo-team", .purpose = "ondersteuning", .categories = "gespreksverslag integraal-plan"},
    {.to = "cak", .purpose = "eigen-bijdrage", .categories = "naw bsn"},
};

static struct simulated_statement some_scope (struct town *town)
{
    static const char *const cases[] = {"", "", "", "zaak-1", "zaak-2"};
    struct simulated_statement said = ANY (templates);
    said.bsn = town->bsn;
    said.case_ref = ANY (cases);
    if (random_pick (3) == 0)
        said.valid_from = town->sim->wall + (moment)(1 + random_pick (20)) * DAY;
    said.valid_until = town->sim->wall + (moment)(25 + random_pick (50)) * DAY;
    return said;
}

static void note (struct town *town, const Consentd__Reply *reply)
{
    if (reply->status == CONSENTD__STATUS__OK && town->consent_count < CONSENTS)
        town->consents[town->consent_count++] = reply->consent_recorded->consent_id.data;
}

static const char *grant (struct town *town)
{
    struct simulated_statement said = some_scope (town);
    note (town, simulation_ask (town->sim, TEAM, simulation_statement (town->sim, &said, false)));
    return "a consent";
}

static const char *refuse (struct town *town)
{
    struct simulated_statement said = some_scope (town);
    simulation_ask (town->sim, TEAM, simulation_statement (town->sim, &said, true));
    return "a refusal";
}

static const char *revoke (struct town *town)
{
    if (town->consent_count == 0)
        return grant (town);
    struct simulated_revocation said = {.consent = town->consents[random_pick ((unsigned)town->consent_count)]};
    if (random_pick (2) == 0)
        said.categories = "naw";
    if (random_pick (3) == 0)
        said.to = "zorgaanbieder-horizon";
    simulation_ask (town->sim, TEAM, simulation_revocation (town->sim, &said));
    return "a revocation";
}

static const char *use (struct town *town)
{
    static const struct simulated_check uses[] = {
        {.items = "naw/wmo bsn/wmo"},
        {.to = "school-brug", .purpose = "extern-overleg", .items = "naw/wmo"},
        {.from = "huisarts-dorp", .to = "kernteam", .purpose = "integraal-plan", .items = "naw/aanbieder"},
        {.to = "cak", .purpose = "eigen-bijdrage", .items = "bsn/wmo"},
    };
    struct simulated_check asked = ANY (uses);
    asked.bsn = town->bsn;
    simulation_ask (town->sim, simulation_asker (&asked), simulation_check (town->sim, &asked));
    return "a disclosure";
}

static const char *restrict_or_lift (struct town *town)
{
    static char *some[] = {"naw", "bsn", "budget", "gespreksverslag", "geboortedatum"};
    bool lifts = random_pick (3) == 0;
    Consentd__Request *request = simulation_asking (town->sim, lifts ? CONSENTD__REQUEST__BODY_LIFT_RESTRICTION
                                                                     : CONSENTD__REQUEST__BODY_RESTRICT_DATA);
    Consentd__RestrictRequest made = CONSENTD__RESTRICT_REQUEST__INIT;
    made.bsn = arena_strdup (town->sim->arena, town->bsn);
    made.whole = random_pick (3) == 0;
    made.categories = &some[random_pick (COUNT (some))];
    made.n_categories = made.whole ? 0 : 1;
    made.reason = arena_strdup (town->sim->arena, "de betrokkene betwist de juistheid");
    made.user = arena_strdup (town->sim->arena, "medewerker-17");
    if (lifts) {
        Consentd__LiftRequest *body = request->lift_restriction;
        body->bsn = made.bsn, body->whole = made.whole, body->categories = made.categories;
        body->n_categories = made.n_categories, body->reason = made.reason, body->user = made.user;
    } else {
        Consentd__RestrictRequest *body = request->restrict_data;
        body->bsn = made.bsn, body->whole = made.whole, body->categories = made.categories;
        body->n_categories = made.n_categories, body->reason = made.reason, body->user = made.user;
    }
    simulation_ask (town->sim, TEAM, request);
    return lifts ? "a restriction lifted" : "a restriction";
}

static const char *change_person (struct town *town)
{
    static const struct simulated_person some[] = {
        {.born = "1980-05-17"},
        {.born = "1980-05-17"},
        {.born = "2014-06-20", .representatives = "ouder-1"},
        {.born = "1980-05-17", .incapable_from = "2026-05-01", .representatives = "mentor-1:mentor"},
        {.born = ""},
        {.born = "1980-05-17", .died = "2026-05-02"},
    };
    struct simulated_person person = ANY (some);
    person.bsn = town->bsn;
    simulation_ask (town->sim, TEAM, simulation_person (town->sim, &person));
    return "a change of the subject";
}

static const char *correct (struct town *town)
{
    struct simulation *sim = town->sim;
    if (town->consent_count == 0)
        return grant (town);
    if (town->rectification == 0) {
        Consentd__Reply *opened = OPEN_REPLY (sim, .kind = RECTIFICATION, .bsn = town->bsn);
        if (opened->status != CONSENTD__STATUS__OK)
            return grant (town);
        town->rectification = simulated_rights_number_of (sim, opened);
    }
    struct simulated_statement said = some_scope (town);
    Consentd__Request *request = simulation_statement (sim, &said, false);
    Consentd__GrantRequest *grant = request->grant;
    grant->form = CONSENTD__FORM__FORM_UNSPECIFIED;
    grant->evidence = NULL;
    grant->notice = NULL;
    grant->n_signatures = 0;
    grant->valid_from = grant->valid_until = 0;
    grant->motivation = simulated_text (sim, NULL, "");
    grant->corrects.len = 16;
    grant->corrects.data =
        arena_memdup (sim->arena, town->consents[random_pick ((unsigned)town->consent_count)], 16);
    grant->request = town->rectification;
    grant->correction_reason = simulated_text (sim, NULL, "verkeerd overgenomen van het formulier");
    note (town, simulation_ask (sim, TEAM, request));
    return "a correction";
}

static const char *change_party (struct town *town)
{
    static const char *const agreements[] = {
        "agreement-from = \"2020-01-01\"\n", "agreement-from = \"2026-06-10\"\n",
        "agreement-from = \"2020-01-01\"\nagreement-until = \"2026-06-20\"\n", ""};
    simulation_write_party (town->sim, "zorgaanbieder-horizon", "zorgaanbieder", "partner", ANY (agreements));
    return "a change of a party";
}

static const char *let_time_pass (struct town *town)
{
    town->sim->wall += (moment)random_pick (15) * DAY;
    return "time";
}

static const char *act (struct town *town)
{
    static const char *(*const acts[]) (struct town *) = {
        grant,         grant,         grant,   grant,   grant,        refuse,           refuse,
        revoke,        revoke,        revoke,  use,     use,          restrict_or_lift, restrict_or_lift,
        change_person, change_person, correct, correct, change_party, let_time_pass,    let_time_pass,
    };
    const char *done = ANY (acts) (town);
    town->sim->wall += 60000;
    for (int i = 0; i < 3; i++) /* what follows by itself */
        assert_int_equal (simulation_pass (town->sim), 0);
    return done;
}

static void live (struct town *town)
{
    struct simulated_person adult = {.born = "1980-05-17", .bsn = simulation_bsn (town->sim, town->next_bsn++)};
    town->bsn = adult.bsn;
    town->consent_count = town->rectification = 0;
    simulation_ask (town->sim, TEAM, simulation_person (town->sim, &adult));
    for (size_t i = 0; i < COUNT (parties); i++) {
        town->views[i].party = parties[i];
        take_snapshot (town, &town->views[i]);
    }
    for (int i = 0; i < ACTS; i++) {
        const char *done = act (town);
        for (size_t j = 0; j < COUNT (parties); j++) {
            hear (town, &town->views[j]);
            judge (town, &town->views[j], done);
            count_missing (town, &town->views[j]);
        }
    }
}

static void test_what_is_kept_by_effects_alone_never_permits_what_a_check_denies (void **state)
{
    struct town *town = *state;
    for (int round = 0; round < ROUNDS; round++)
        live (town);
    print_message ("asked %u lost %u gained %u missing %u\n", town->asked, town->lost, town->gained,
                   town->missing);
    assert_true (town->asked > 50 * ROUNDS && town->lost > ROUNDS && town->gained > 2 * ROUNDS);
}

static int setup (void **state, const char *policy)
{
    static struct town town;
    const struct simulation_options options = {.size = 96 << 20, .reserve = 1 << 20, .policy = policy};
    random_begin (UINT64_C (0x656666656374));
    town = (struct town){.sim = simulation_new (&options)};
    *state = &town;
    return 0;
}

static int setup_2015 (void **state)
{
    return setup (state, "kaag-en-braassem-2015");
}

static int setup_2026 (void **state)
{
    return setup (state, "wmo-jeugdwet-2026");
}

static int teardown (void **state)
{
    struct town *town = *state;
    simulation_destroy (&town->sim);
    return 0;
}

int main (void)
{
#define TEST(test)                                                \
    cmocka_unit_test_setup_teardown (test, setup_2015, teardown), \
        cmocka_unit_test_setup_teardown (test, setup_2026, teardown)
    const struct CMUnitTest tests[] = {
        TEST (test_what_is_kept_by_effects_alone_never_permits_what_a_check_denies),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}

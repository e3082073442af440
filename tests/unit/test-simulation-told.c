/* Whatever happens to the consents of a few subjects, and to what is recorded of those: what the parties were told
   agrees with what is so (V4, V5). Random histories of statements, withdrawals, disclosures, corrections of the
   subjects' records (M5) and the clock; the same in every run.

     nobody is told the end of what he was told had ended, nor the return of what he was not told had ended
     when nothing is left to tell, a consent is known to stand where it is granted, and to have ended where it has:
     but for one that was superseded, of which the grant of the other told
     a birthday that comes is listed ahead: the agenda has the very moment at which a consent lapses (C10) */
#include <string.h>
#include "random_pick.h"
#include "simulation_verbs.h"

enum { PEOPLE = 1, CONSENTS = 96, ROUNDS = 80, ACTS = 60, HOUR = 3600000 };

/* A consent as the recipient knows it. */
struct known {
    const uint8_t *id;
    bool ended;
    bool replaced; /* and that by another consent: no event of its own said so */
};

struct town {
    struct simulation *sim;
    const char *people[PEOPLE];
    unsigned next_bsn;
    struct known consents[CONSENTS];
    size_t count;
    uint64_t heard;
    unsigned told[CONSENTD__EVENT_KIND__CONSENT_RESTORED + 1]; /* of each kind */
};

/* --- What happens ------------------------------------------------------------------------------------- */

static void record_person (struct town *town, const char *bsn)
{
    static const char *const births[] = {
        "1980-05-17", "1980-05-17", "2015-12-31", "2014-05-20", "2014-06-03", "2010-05-11", ""};
    static const char *const representatives[] = {
        NULL,
        "ouder-1",
        "ouder-1 ouder-2",
        "ouder-1:ouder-met-gezag:2000-01-01:2026-05-12 ouder-2:ouder-met-gezag:2026-05-12",
        "ouder-1:voogd:2026-05-05",
        "ouder-1 ouder-2:bewindvoerder",
    };
    static const char *const incapable[] = {NULL, NULL, NULL, "2026-01-01", "2026-05-09"};
    static const char *const deaths[] = {NULL, NULL, NULL, NULL, NULL, "2026-05-02", "2026-05-01"};
    struct simulated_person person = {.bsn = bsn, .born = ANY (births), .representatives = ANY (representatives)};
    person.incapable_from = ANY (incapable);
    if (person.incapable_from != NULL && random_pick (2) == 0)
        person.capable_from = "2026-05-15";
    person.died = ANY (deaths);
    if (random_pick (4) == 0)
        person.refused = "ouder-1";
    simulation_ask (town->sim, "kernteam", simulation_person (town->sim, &person));
}

static void grant (struct town *town, const char *bsn)
{
    static const char *const categories[] = {"naw", "bsn", "naw bsn"};
    static const char *const signers[] = {"subject", "ouder-1", "ouder-1 ouder-2", "subject ouder-1 ouder-2"};
    struct simulation *sim = town->sim;
    struct simulated_statement said = {.bsn = bsn, .categories = ANY (categories), .signers = ANY (signers)};
    said.one_time = random_pick (3) == 0;
    said.signed_at = sim->wall - (moment)random_pick (20) * HOUR - 60000;
    said.valid_until = sim->wall + (moment)(1 + random_pick (200)) * HOUR;
    if (random_pick (3) == 0)
        said.valid_from = sim->wall + (moment)random_pick (200) * HOUR;
    if (said.valid_from >= said.valid_until)
        said.valid_from = 0;
    const Consentd__Reply *reply = simulation_ask (sim, "kernteam", simulation_statement (sim, &said, false));
    if (reply->status == CONSENTD__STATUS__OK && town->count < CONSENTS)
        town->consents[town->count++] = (struct known){reply->consent_recorded->consent_id.data, false, false};
}

static void refuse (struct town *town, const char *bsn)
{
    REFUSE (town->sim, .bsn = bsn, .categories = "naw", .signers = random_pick (2) == 0 ? "subject" : "ouder-1");
}

static void revoke (struct town *town)
{
    static const char *const people[] = {"subject", "ouder-1", "ouder-2"};
    if (town->count == 0)
        return;
    struct simulated_revocation said = {.consent = town->consents[random_pick ((unsigned)town->count)].id};
    said.withdrawn_by = ANY (people);
    if (random_pick (3) == 0)
        said.categories = "naw";
    simulation_ask (town->sim, "kernteam", simulation_revocation (town->sim, &said));
}

static void act (struct town *town)
{
    const char *bsn = town->people[random_pick (PEOPLE)];
    unsigned what = random_pick (40);
    if (what < 16)
        grant (town, bsn);
    else if (what < 17)
        refuse (town, bsn);
    else if (what < 20)
        revoke (town);
    else if (what < 27)
        CHECK (town->sim, .bsn = bsn, .items = "naw bsn");
    else if (what < 33)
        record_person (town, bsn);
    else if (what < 39)
        town->sim->wall += (moment)random_pick (40) * HOUR;
    else
        simulation_restart (town->sim);
}

/* --- What was told ------------------------------------------------------------------------------------ */

static struct known *find_known (struct town *town, const Consentd__EventPush *event)
{
    for (size_t i = 0; i < town->count; i++)
        if (memcmp (town->consents[i].id, event->consent_id.data, 16) == 0)
            return &town->consents[i];
    fail_msg ("event %d is about no consent", (int)event->kind);
    return NULL;
}

static void hear (struct town *town, const Consentd__EventPush *event)
{
    bool ends = event->kind == CONSENTD__EVENT_KIND__CONSENT_EXPIRED ||
                event->kind == CONSENTD__EVENT_KIND__CONSENT_USED ||
                event->kind == CONSENTD__EVENT_KIND__CONSENT_LAPSED;
    bool revoked = event->kind == CONSENTD__EVENT_KIND__CONSENT_REVOKED;
    bool returns = event->kind == CONSENTD__EVENT_KIND__CONSENT_RESTORED;
    if (!ends && !revoked && !returns)
        return;
    struct known *one = find_known (town, event);
    /* A use is told as it is made, and says that the consent stood; the return that was about to be told is not.
     */
    if (ends && one->ended && !one->replaced && event->kind != CONSENTD__EVENT_KIND__CONSENT_USED)
        fail_msg ("event %d tells a second end", (int)event->kind);
    if (returns && !one->ended)
        fail_msg ("what had not ended is told to return");
    one->replaced = false;
    one->ended = ends || (revoked && (one->ended || event->whole));
    town->told[event->kind]++;
}

/* When the registry looks again for what came due. */
static void put_off (struct town *town, moment until)
{
    town->sim->state.agenda_at = town->sim->registry.state.agenda_at = until;
}

static void listen (struct town *town)
{
    do
        assert_int_equal (simulation_pass (town->sim), 0);
    while (town->sim->state.agenda_at <= town->sim->wall);
    for (uint64_t newest = simulation_newest (town->sim, horizon); town->heard < newest;)
        hear (town, simulation_event (town->sim, horizon, ++town->heard));
}

static Consentd__Consent__State state_of (struct town *town, const uint8_t *consent)
{
    Consentd__Request *request = simulation_asking (town->sim, CONSENTD__REQUEST__BODY_CONSENT_SHOW);
    request->consent_show->consent_id = (ProtobufCBinaryData){16, arena_memdup (town->sim->arena, consent, 16)};
    return simulation_look (town->sim, "kernteam", request)->consent_show->consent->state;
}

/* Superseded: the grant of the other told it. */
static void note_replaced (struct town *town)
{
    for (size_t i = 0; i < town->count; i++)
        if (state_of (town, town->consents[i].id) == CONSENTD__CONSENT__STATE__SUPERSEDED)
            town->consents[i].ended = town->consents[i].replaced = true;
}

static void compare (struct town *town, unsigned seen[])
{
    note_replaced (town);
    for (size_t i = 0; i < town->count; i++) {
        Consentd__Consent__State state = state_of (town, town->consents[i].id);
        seen[state]++;
        if (town->consents[i].ended != (state != CONSENTD__CONSENT__STATE__GRANTED))
            fail_msg ("a consent in state %d is told to have%s ended", (int)state,
                      town->consents[i].ended ? "" : " not");
    }
}

static void begin_anew (struct town *town)
{
    for (size_t i = 0; i < PEOPLE; i++) {
        town->people[i] = simulation_bsn (town->sim, town->next_bsn++);
        record_person (town, town->people[i]);
    }
    town->count = 0;
}

static void test_what_was_told_agrees_with_what_is_so (void **state)
{
    unsigned seen[CONSENTD__CONSENT__STATE__DEFERRED + 1] = {0},
                                                       told[CONSENTD__EVENT_KIND__CONSENT_RESTORED + 1] = {0};
    (void)state;
    random_begin (UINT64_C (0x9E3779B97F4A7C15));
    for (int round = 0; round < ROUNDS; round++) {
        struct simulation *sim = simulation_new (NULL);
        struct town town = {.sim = sim};
        begin_anew (&town);
        for (int i = 0; i < ACTS; i++) {
            /* Now and then much happens before anything of it can be told. */
            for (unsigned together = random_pick (4) == 0 ? 1 + random_pick (4) : 0; together > 0; together--) {
                put_off (&town, INT64_MAX);
                act (&town);
                note_replaced (&town);
            }
            act (&town);
            put_off (&town, 0);
            listen (&town);
            compare (&town, seen);
        }
        for (size_t i = 0; i < sizeof told / sizeof *told; i++)
            told[i] += town.told[i];
        simulation_destroy (&sim);
    }
    for (int one = CONSENTD__CONSENT__STATE__GRANTED; one <= CONSENTD__CONSENT__STATE__LAPSED; one++)
        assert_true (one == CONSENTD__CONSENT__STATE__REFUSAL || seen[one] > 0);
    assert_true (told[CONSENTD__EVENT_KIND__CONSENT_LAPSED] > ROUNDS &&
                 told[CONSENTD__EVENT_KIND__CONSENT_RESTORED] > 10);
    assert_true (told[CONSENTD__EVENT_KIND__CONSENT_EXPIRED] > 10 &&
                 told[CONSENTD__EVENT_KIND__CONSENT_USED] > 10);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_what_was_told_agrees_with_what_is_so),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}

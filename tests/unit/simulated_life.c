#include "simulated_life.h"
#include <string.h>
#include "random_pick.h"
#include "simulated_rights.h"

enum { RECTIFICATION = CONSENTD__RIGHTS_KIND__RIGHTS_RECTIFICATION };
#define DAY ((moment)24 * 60 * 60 * 1000)

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

static struct simulated_statement some_scope (struct life *life)
{
    static const char *const cases[] = {"", "", "", "zaak-1", "zaak-2"};
    struct simulated_statement said = ANY (templates);
    said.bsn = life->bsn;
    said.case_ref = ANY (cases);
    if (random_pick (3) == 0)
        said.valid_from = life->sim->wall + (moment)(1 + random_pick (20)) * DAY;
    said.valid_until = life->sim->wall + (moment)(25 + random_pick (50)) * DAY;
    return said;
}

static void note (struct life *life, const Consentd__Reply *reply)
{
    if (reply->status == CONSENTD__STATUS__OK && life->consent_count < LIFE_CONSENTS)
        life->consents[life->consent_count++] = reply->consent_recorded->consent_id.data;
}

static const char *grant (struct life *life)
{
    struct simulated_statement said = some_scope (life);
    note (life, simulation_ask (life->sim, TEAM, simulation_statement (life->sim, &said, false)));
    return "a consent";
}

static const char *refuse (struct life *life)
{
    struct simulated_statement said = some_scope (life);
    simulation_ask (life->sim, TEAM, simulation_statement (life->sim, &said, true));
    return "a refusal";
}

static const char *revoke (struct life *life)
{
    if (life->consent_count == 0)
        return grant (life);
    struct simulated_revocation said = {.consent = life->consents[random_pick ((unsigned)life->consent_count)]};
    if (random_pick (2) == 0)
        said.categories = "naw";
    if (random_pick (3) == 0)
        said.to = "zorgaanbieder-horizon";
    simulation_ask (life->sim, TEAM, simulation_revocation (life->sim, &said));
    return "a revocation";
}

static const char *use (struct life *life)
{
    static const struct simulated_check uses[] = {
        {.items = "naw/wmo bsn/wmo"},
        {.to = "school-brug", .purpose = "extern-overleg", .items = "naw/wmo"},
        {.from = "huisarts-dorp", .to = "kernteam", .purpose = "integraal-plan", .items = "naw/aanbieder"},
        {.to = "cak", .purpose = "eigen-bijdrage", .items = "bsn/wmo"},
    };
    struct simulated_check asked = ANY (uses);
    asked.bsn = life->bsn;
    simulation_ask (life->sim, simulation_asker (&asked), simulation_check (life->sim, &asked));
    return "a disclosure";
}

static const char *restrict_or_lift (struct life *life)
{
    static char *some[] = {"naw", "bsn", "budget", "gespreksverslag", "geboortedatum"};
    bool lifts = random_pick (3) == 0;
    Consentd__Request *request = simulation_asking (life->sim, lifts ? CONSENTD__REQUEST__BODY_LIFT_RESTRICTION
                                                                     : CONSENTD__REQUEST__BODY_RESTRICT_DATA);
    Consentd__RestrictRequest made;
    consentd__restrict_request__init (&made);
    made.bsn = arena_strdup (life->sim->arena, life->bsn);
    made.whole = random_pick (3) == 0;
    made.categories = &some[random_pick (COUNT (some))];
    made.n_categories = made.whole ? 0 : 1;
    made.reason = arena_strdup (life->sim->arena, "de betrokkene betwist de juistheid");
    made.user = arena_strdup (life->sim->arena, "medewerker-17");
    if (lifts) {
        Consentd__LiftRequest *body = request->lift_restriction;
        body->bsn = made.bsn, body->whole = made.whole, body->categories = made.categories;
        body->n_categories = made.n_categories, body->reason = made.reason, body->user = made.user;
    } else {
        Consentd__RestrictRequest *body = request->restrict_data;
        body->bsn = made.bsn, body->whole = made.whole, body->categories = made.categories;
        body->n_categories = made.n_categories, body->reason = made.reason, body->user = made.user;
    }
    simulation_ask (life->sim, TEAM, request);
    return lifts ? "a restriction lifted" : "a restriction";
}

static const char *change_person (struct life *life)
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
    person.bsn = life->bsn;
    simulation_ask (life->sim, TEAM, simulation_person (life->sim, &person));
    return "a change of the subject";
}

static const char *correct (struct life *life)
{
    struct simulation *sim = life->sim;
    if (life->consent_count == 0)
        return grant (life);
    if (life->rectification == 0) {
        Consentd__Reply *opened = OPEN_REPLY (sim, .kind = RECTIFICATION, .bsn = life->bsn);
        if (opened->status != CONSENTD__STATUS__OK)
            return grant (life);
        life->rectification = simulated_rights_number_of (sim, opened);
    }
    struct simulated_statement said = some_scope (life);
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
        arena_memdup (sim->arena, life->consents[random_pick ((unsigned)life->consent_count)], 16);
    grant->request = life->rectification;
    grant->correction_reason = simulated_text (sim, NULL, "verkeerd overgenomen van het formulier");
    note (life, simulation_ask (sim, TEAM, request));
    return "a correction";
}

static const char *change_party (struct life *life)
{
    static const char *const agreements[] = {
        "agreement-from = \"2020-01-01\"\n", "agreement-from = \"2026-06-10\"\n",
        "agreement-from = \"2020-01-01\"\nagreement-until = \"2026-06-20\"\n", ""};
    simulation_write_party (life->sim, "zorgaanbieder-horizon", "zorgaanbieder", "partner", ANY (agreements));
    return "a change of a party";
}

static const char *let_time_pass (struct life *life)
{
    life->sim->wall += (moment)random_pick (15) * DAY;
    return "time";
}

const char *simulated_life_act (struct life *life)
{
    static const char *(*const acts[]) (struct life *) = {
        grant,         grant,         grant,   grant,   grant,        refuse,           refuse,
        revoke,        revoke,        revoke,  use,     use,          restrict_or_lift, restrict_or_lift,
        change_person, change_person, correct, correct, change_party, let_time_pass,    let_time_pass,
    };
    const char *done = ANY (acts) (life);
    life->sim->wall += 60000;
    for (int i = 0; i < 3; i++) /* what follows by itself */
        assert_int_equal (simulation_pass (life->sim), 0);
    return done;
}

void simulated_life_begin (struct life *life)
{
    struct simulated_person adult = {.born = "1980-05-17", .bsn = simulation_bsn (life->sim, life->next_bsn++)};
    life->bsn = adult.bsn;
    life->consent_count = life->rectification = 0;
    simulation_ask (life->sim, TEAM, simulation_person (life->sim, &adult));
}

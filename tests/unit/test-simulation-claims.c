/* C8 under both packs that come with the project: urgent reasons and written requests, from request to log. */
#include <string.h>

#include "simulation_verbs.h"

#define OVERLEG .purpose = "extern-overleg"
#define ESCALATE .to = "veiligheidshuis", .purpose = "escalatie"
#define SUPPORT .to = "wijkteam", .purpose = "ondersteuning"
/* From the insurer: no statute carries it. */
#define PROGRESS .to = "kernteam", .purpose = "monitoring", .items = "rapportage/zvw"
#define PLAN .from = "huisarts-dorp", .to = "kernteam", .purpose = "integraal-plan"
#define PARENTS "ouder-1 ouder-2"

static const struct {
    const char *reason;
    bool carries_all; /* else health */
} reasons[] = {
    {"vitaal-belang", true}, {"veiligheid-derden", true}, {"volksgezondheid", false}, {"bemoeizorg", false}};
enum { REASONS = sizeof reasons / sizeof *reasons };

static const char *const fields[] = {
    "necessity",          "subsidiarity",   "proportionality",
    "purpose_limitation", "objections",     "manager_consulted",
    "serious_situation",  "urgent_support", "inform",
};
static const char *const of_secrecy[] = {"consent_sought", "no_other_way", "serious_harm", "conflict_of_duties"};

static const char *both (struct simulation *sim, const char *first, const char *second)
{
    return arena_printf (sim->arena, "%s %s", first, second);
}

/* Both packs try this ground last, and there is neither consent nor statute in what is asked here. */
#define DENIED(sim, code) both (sim, "NO_CONSENT", code)

static void test_each_urgent_reason_carries_what_the_pack_says (void **state)
{
    struct simulation *sim = *state;
    for (size_t i = 0; i < REASONS; i++) {
        const char *one = reasons[i].reason;
        assert_string_equal (CHECK (sim, ESCALATE, .urgent = one), one);
        assert_string_equal (CHECK (sim, .from = "zorgaanbieder-horizon", PROGRESS, .urgent = one), one);
        /* Of the special ones that are not health the matrix has zrm-justitie. */
        assert_string_equal (CHECK (sim, SUPPORT, .items = "zrm-justitie/zvw", .urgent = one),
                             reasons[i].carries_all ? one
                             : strstr (sim->in_force.policy->id, "2026") != NULL
                                 ? "STATUTE_NOT_FOR_ORIGIN NO_CONSENT GROUND_NOT_ALLOWED"
                                 : "NO_CONSENT GROUND_NOT_ALLOWED");
    }
    assert_string_equal (CHECK (sim, ESCALATE, .urgent = "haast"), DENIED (sim, "GROUND_NOT_ALLOWED"));
    assert_string_equal (CHECK (sim, ESCALATE, .urgent = ""), "INVALID check.urgent_reasons.reason");
}

static void test_each_part_of_the_triage_decision_is_asked_for_by_name (void **state)
{
    struct simulation *sim = *state;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const char *lacking = arena_printf (sim->arena, "TRIAGE_INCOMPLETE(%s)", fields[i]);
        assert_string_equal (CHECK (sim, ESCALATE, .urgent = "bemoeizorg", .without = fields[i]),
                             DENIED (sim, lacking));
        /* Half of it would be no less a decision to have taken: an advice says the same. */
        assert_string_equal (CHECK (sim, ESCALATE, .urgent = "bemoeizorg", .without = fields[i], .advise = true),
                             DENIED (sim, lacking));
    }
    const moment soon = sim->wall + 1000;
    assert_string_equal (CHECK (sim, ESCALATE, .urgent = "bemoeizorg", .inform_by = soon), "bemoeizorg");
    assert_string_equal (
        CHECK (sim, ESCALATE, .urgent = "bemoeizorg", .inform_by = soon, .without = "inform_why necessity"),
        DENIED (sim, "TRIAGE_INCOMPLETE(inform_why necessity)"));
    assert_string_equal (CHECK (sim, ESCALATE, .urgent = "bemoeizorg", .inform_by = soon, .without = "inform_by"),
                         DENIED (sim, "TRIAGE_INCOMPLETE(inform_by)"));
}

static void test_who_is_bound_by_secrecy_motivates_four_things_more (void **state)
{
    struct simulation *sim = *state;
    const char *bound = "huisarts-dorp", *raised = "zorgaanbieder-geest", *not_bound = "zorgaanbieder-horizon";
    for (size_t i = 0; i < 4; i++) {
        const char *lacking = arena_printf (sim->arena, "TRIAGE_INCOMPLETE(%s)", of_secrecy[i]);
        assert_string_equal (
            CHECK (sim, ESCALATE, .from = bound, .urgent = "vitaal-belang", .without = of_secrecy[i]),
            DENIED (sim, lacking));
        assert_string_equal (
            CHECK (sim, ESCALATE, .from = raised, .urgent = "vitaal-belang", .without = of_secrecy[i]),
            DENIED (sim, lacking));
        assert_string_equal (
            CHECK (sim, ESCALATE, .from = not_bound, .urgent = "vitaal-belang", .without = of_secrecy[i]),
            "vitaal-belang");
    }
    assert_string_equal (CHECK (sim, ESCALATE, .from = bound, .urgent = "vitaal-belang"), "vitaal-belang");
}

static void test_informing_afterwards_is_within_fourteen_days (void **state)
{
    struct simulation *sim = *state;
    /* It is 1 May: up to and including the 15th. */
    assert_string_equal (CHECK (sim, ESCALATE, .urgent = "bemoeizorg", .inform_by = AT ("2026-05-16")),
                         "bemoeizorg");
    assert_string_equal (CHECK (sim, ESCALATE, .urgent = "bemoeizorg", .inform_by = AT ("2026-05-16") + 1),
                         DENIED (sim, "TRIAGE_INCOMPLETE(inform_by)"));
    assert_string_equal (CHECK (sim, ESCALATE, .urgent = "bemoeizorg", .inform_by = sim->wall),
                         DENIED (sim, "TRIAGE_INCOMPLETE(inform_by)"));
    Consentd__Reply *reply =
        CHECK_REPLY (sim, ESCALATE, .urgent = "bemoeizorg", .inform_by = AT ("2026-05-10 09:00"), .advise = true);
    assert_int_equal (reply->check->until, AT ("2026-05-10 09:00"));
    reply =
        CHECK_REPLY (sim, ESCALATE, .urgent = "bemoeizorg", .inform_by = AT ("2026-06-01 09:00"), .advise = true);
    assert_int_equal (reply->check->until, AT ("2026-05-18"));
}

/* Delta has no agreement before June. */
static void test_urgent_reasons_wait_for_no_agreement (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (CHECK (sim, .to = "zorgaanbieder-delta", OVERLEG), "AGREEMENT_MISSING");
    assert_string_equal (CHECK (sim, .to = "zorgaanbieder-delta", OVERLEG, .urgent = "bemoeizorg"), "bemoeizorg");
    assert_string_equal (
        CHECK (sim, .to = "zorgaanbieder-delta", OVERLEG, .urgent = "bemoeizorg", .without = "urgent_support"),
        "AGREEMENT_MISSING TRIAGE_INCOMPLETE(urgent_support)");
    assert_string_equal (CHECK (sim, .to = "zorgaanbieder-delta", OVERLEG, .written_by = "subject"),
                         "AGREEMENT_MISSING");
    assert_string_equal (CHECK (sim, .to = "zorgaanbieder-horizon", OVERLEG, .written_by = "subject"),
                         "written request");
}

static void test_a_written_request_is_of_all_who_must_consent (void **state)
{
    struct simulation *sim = *state;
    bool alone_from_twelve = strstr (sim->in_force.policy->id, "2026") != NULL;
    const char *no = DENIED (sim, "GROUND_NOT_ALLOWED"), *yes = "written request";
    PERSON (sim, .born = "2012-05-17", .representatives = PARENTS); /* thirteen */
    assert_string_equal (CHECK (sim, PLAN, .written_by = "subject"), alone_from_twelve ? yes : no);
    assert_string_equal (CHECK (sim, PLAN, .written_by = "ouder-2"), no);
    assert_string_equal (CHECK (sim, PLAN, .written_by = "ouder-1 ouder-2"), no);
    assert_string_equal (CHECK (sim, PLAN, .written_by = "subject ouder-2"), no);
    assert_string_equal (CHECK (sim, PLAN, .written_by = "ouder-1 subject ouder-2"), alone_from_twelve ? no : yes);
    assert_string_equal (CHECK (sim, PLAN, .written_by = "ouder-3"), no);
    PERSON (sim, .born = "2014-05-17", .representatives = PARENTS); /* eleven, twelve on 17 May */
    assert_string_equal (CHECK (sim, PLAN, .written_by = "subject"), no);
    assert_string_equal (CHECK (sim, PLAN, .written_by = "ouder-1"), no);
    Consentd__Reply *reply = CHECK_REPLY (sim, PLAN, .written_by = "ouder-1 ouder-2", .advise = true);
    assert_string_equal (simulation_said (sim, reply), yes);
    assert_int_equal (reply->check->until, AT ("2026-05-17"));
    sim->wall = AT ("2026-05-17");
    assert_string_equal (CHECK (sim, PLAN, .written_by = "ouder-1 ouder-2"), no);
    assert_string_equal (
        CHECK (sim, PLAN, .written_by = alone_from_twelve ? "subject" : "subject ouder-1 ouder-2"), yes);
    /* It cannot be asked for later than now. */
    assert_string_equal (CHECK (sim, PLAN, .written_by = "subject", .written_at = sim->wall + 1),
                         "INVALID check.written_request.given_at");
    /* Of whom nothing is recorded nobody knows who must. */
    assert_string_equal (CHECK (sim, PLAN, .bsn = "999900018", .written_by = "subject"), no);
}

static void test_a_flow_that_does_not_admit_it_does_not (void **state)
{
    struct simulation *sim = *state;
    const char *other = strstr (sim->in_force.policy->id, "2026") != NULL
                            ? "STATUTE_NOT_FOR_ORIGIN NO_CONSENT GROUND_NOT_ALLOWED"
                            : "NO_CONSENT GROUND_NOT_ALLOWED";
    assert_string_equal (CHECK (sim, SUPPORT, .items = "zrm-adl/zvw", .written_by = "subject"), other);
    assert_string_equal (CHECK (sim, SUPPORT, .items = "zrm-adl/zvw", .urgent = "bemoeizorg"), "bemoeizorg");
    assert_string_equal (
        CHECK (sim, .to = "cak", .purpose = "eigen-bijdrage", .items = "naw/zvw", .urgent = "vitaal-belang"),
        strstr (sim->in_force.policy->id, "2026") != NULL
            ? other
            : "NO_CONSENT STATUTE_NOT_FOR_ORIGIN GROUND_NOT_ALLOWED");
    assert_string_equal (CHECK (sim, .items = "vrije-tekst", .urgent = "vitaal-belang"), "CATEGORY_NOT_NEEDED");
}

static void restrict_category (struct simulation *sim, const char *category)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_RESTRICT_DATA);
    Consentd__RestrictRequest *body = request->restrict_data;
    body->bsn = arena_strdup (sim->arena, "999900006");
    body->whole = category == NULL;
    body->n_categories = category != NULL;
    body->categories = arena_alloc (sim->arena, sizeof *body->categories);
    body->categories[0] = arena_strdup (sim->arena, category != NULL ? category : "");
    body->reason = arena_strdup (sim->arena, "op verzoek van de betrokkene");
    body->user = arena_strdup (sim->arena, "medewerker-17");
    assert_string_equal (simulation_answer (sim, "kernteam", request), "OK");
}

/* C5: of each class of category one that is restricted. No statute carries what is from the insurer. */
static void test_each_urgent_reason_passes_a_restriction_as_the_pack_says (void **state)
{
    struct simulation *sim = *state;
    static const char *const classes[] = {"gespreksverslag", "zrm-verslaving", "zrm-justitie"};
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        const char *item = arena_printf (sim->arena, "%s/zvw", classes[i]);
        assert_string_equal (CHECK (sim, SUPPORT, .items = item, .urgent = "vitaal-belang"), "vitaal-belang");
        restrict_category (sim, classes[i]);
        assert_string_equal (CHECK (sim, SUPPORT, .items = item), "RESTRICTED");
        for (size_t j = 0; j < REASONS; j++) {
            /* Those which carry every category are those which pass. */
            bool passes = reasons[j].carries_all;
            const char *one = reasons[j].reason;
            assert_string_equal (CHECK (sim, SUPPORT, .items = item, .urgent = one), passes ? one : "RESTRICTED");
            assert_string_equal (CHECK (sim, SUPPORT, .items = item, .urgent = one, .without = "subsidiarity"),
                                 passes ? "RESTRICTED TRIAGE_INCOMPLETE(subsidiarity)" : "RESTRICTED");
        }
        assert_string_equal (CHECK (sim, SUPPORT, .items = item, .urgent = "haast"), "RESTRICTED");
        /* Another category is as it was. */
        assert_string_equal (CHECK (sim, SUPPORT, .items = "zrm-adl/zvw", .urgent = "bemoeizorg"), "bemoeizorg");
    }
    assert_string_equal (CHECK (sim, PLAN, .items = "naw", .written_by = "subject"), "written request");
    restrict_category (sim, "naw");
    assert_string_equal (CHECK (sim, PLAN, .items = "naw", .written_by = "subject"), "RESTRICTED");
    restrict_category (sim, NULL);
    assert_string_equal (CHECK (sim, SUPPORT, .items = "zrm-adl/zvw", .urgent = "bemoeizorg"), "RESTRICTED");
    assert_string_equal (CHECK (sim, SUPPORT, .items = "zrm-adl/zvw", .urgent = "veiligheid-derden"),
                         "veiligheid-derden");
}

/* G9: a consent for what is restricted does change something, unless the statute passes that. */
static void test_a_consent_for_what_is_restricted_may_be_the_ground (void **state)
{
    struct simulation *sim = *state;
    const char *without = strstr (sim->in_force.policy->id, "2026") != NULL ? "REJECTED CONSENT_NOT_THE_GROUND"
                                                                            : "OK CONSENT_NOT_THE_GROUND";
    assert_string_equal (GRANT (sim, .to = "cak", .purpose = "eigen-bijdrage", .categories = "naw bsn"), without);
    restrict_category (sim, "bsn");
    assert_string_equal (GRANT (sim, .to = "cak", .purpose = "eigen-bijdrage", .categories = "naw"), without);
    assert_string_equal (GRANT (sim, .to = "cak", .purpose = "eigen-bijdrage", .categories = "naw bsn"), "OK");
}

static void test_a_claim_that_is_not_needed_leaves_the_ground_to_who_comes_first (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .to = "school-brug", OVERLEG, .one_time = true);
    assert_string_equal (
        CHECK (sim, .to = "school-brug", OVERLEG, .items = "naw geboortedatum", .urgent = "bemoeizorg"),
        "consent, bemoeizorg");
    /* And a refusal stops no urgent reason. */
    REFUSE (sim, .to = "school-brug", OVERLEG, .categories = "naw");
    assert_string_equal (CHECK (sim, .to = "school-brug", OVERLEG), "USED_UP REFUSED");
    assert_string_equal (CHECK (sim, .to = "school-brug", OVERLEG, .urgent = "bemoeizorg"), "bemoeizorg");
}

static void test_a_disclosure_without_consent_is_given_again_as_it_was (void **state)
{
    struct simulation *sim = *state;
    Consentd__Request *request = simulation_check (
        sim, &(struct simulated_check){ESCALATE, .urgent = "bemoeizorg", .inform_by = sim->wall + 1000});
    static uint8_t key[16] = {7, 7, 7};
    request->idempotency_key = (ProtobufCBinaryData){sizeof key, key};
    assert_string_equal (simulation_answer (sim, "kernteam", request), "bemoeizorg");
    sim->wall += 2000; /* too late for the same claim under another key */
    assert_string_equal (simulation_answer (sim, "kernteam", request), "bemoeizorg again");
    key[0]++;
    assert_string_equal (simulation_answer (sim, "kernteam", request),
                         DENIED (sim, "TRIAGE_INCOMPLETE(inform_by)"));
}

/* The log. */

static const char *last_line (struct simulation *sim)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_AUDIT_LIST);
    request->audit_list->after = sim->state.audit_number - 1;
    const Consentd__AuditListReply *list = simulation_ask (sim, "operator", request)->audit_list;
    assert_int_equal (list->n_entries, 1);
    assert_string_equal (list->entries[0]->action, "check");
    return list->entries[0]->details;
}

static void test_the_log_has_the_claim_and_shows_no_motivation (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (CHECK (sim, .from = "zorgaanbieder-geest", PROGRESS, .urgent = "vitaal-belang",
                                .inform_by = sim->wall + 1000),
                         "vitaal-belang");
    const char *line = last_line (sim);
    assert_non_null (strstr (line, "\"reason\":\"vitaal-belang\""));
    assert_non_null (strstr (line, "\"manager_consulted\":\"manager-3\""));
    assert_non_null (strstr (line, "\"ground\":\"URGENT_REASONS\""));
    static const char *const motivations[] = {"zonder dit", "met minder",      "alleen", "gevaarlijk",
                                              "gevraagd",   "geen andere weg", "schade", "gewetensnood"};
    for (size_t i = 0; i < sizeof motivations / sizeof *motivations; i++)
        assert_null (strstr (line, motivations[i]));
    assert_string_equal (CHECK (sim, PLAN, .written_by = "subject"), "written request");
    line = last_line (sim);
    assert_non_null (strstr (line, "\"by\":[\"subject\"]"));
    assert_non_null (strstr (line, "\"reference\":\"dossier-2026-14\""));
    assert_non_null (strstr (line, "\"sha256\":\""));
}

/* As long as every field can be: the log keeps the whole of it. */
static void test_the_longest_claim_is_kept (void **state)
{
    struct simulation *sim = *state;
    Consentd__Request *request =
        simulation_check (sim, &(struct simulated_check){PLAN, .urgent = "vitaal-belang", .inform_by = sim->wall});
    Consentd__CheckRequest *check = request->check;
    char *text = arena_alloc (sim->arena, 1001), *longest = arena_alloc (sim->arena, 49),
         *reference = arena_alloc (sim->arena, 65);
    memset (text, 'x', 1000);
    memset (longest, 'x', 48);
    memset (reference, 'x', 64);
    check->user = check->case_ref = check->urgent_reasons->triage->manager_consulted = reference;
    check->purpose = check->urgent_reasons->reason = longest;
    check->n_items = 64;
    check->items = arena_array (sim->arena, 64, sizeof *check->items);
    for (int i = 0; i < 64; i++) {
        check->items[i] = arena_alloc (sim->arena, sizeof **check->items);
        consentd__item__init (check->items[i]);
        check->items[i]->category = arena_printf (sim->arena, "%.46s%02d", longest, i);
        check->items[i]->origin = longest;
    }
    Consentd__Triage *triage = check->urgent_reasons->triage;
    triage->necessity = triage->subsidiarity = triage->proportionality = triage->purpose_limitation =
        triage->inform_why = triage->consent_sought = triage->no_other_way = triage->serious_harm =
            triage->conflict_of_duties = text;
    triage->inform_by = AT ("9999-12-31");
    request->at_least_revision = 1;
    request->at_least_epoch = (ProtobufCBinaryData){16, sim->state.epoch};
    assert_string_equal (simulation_answer (sim, "huisarts-dorp", request),
                         "INVALID check.purpose");
    assert_non_null (strstr (last_line (sim), "\"request\":{"));
}

static int set_up (void **state, const char *policy)
{
    const struct simulation_options options = {.policy = policy};
    struct simulation *sim = *state = simulation_new (&options);
    assert_string_equal (PERSON (sim, .born = "1980-05-17"), "OK");
    return 0;
}

static int set_up_2015 (void **state)
{
    return set_up (state, NULL);
}

static int set_up_2026 (void **state)
{
    return set_up (state, "wmo-jeugdwet-2026");
}

#define TEST(name)                                                  \
    {#name "_2015", name, set_up_2015, simulation_teardown, NULL},  \
    {                                                               \
#name "_2026", name, set_up_2026, simulation_teardown, NULL \
    }

int main (void)
{
    const struct CMUnitTest tests[] = {
        TEST (test_each_urgent_reason_carries_what_the_pack_says),
        TEST (test_each_part_of_the_triage_decision_is_asked_for_by_name),
        TEST (test_who_is_bound_by_secrecy_motivates_four_things_more),
        TEST (test_informing_afterwards_is_within_fourteen_days),
        TEST (test_urgent_reasons_wait_for_no_agreement),
        TEST (test_a_written_request_is_of_all_who_must_consent),
        TEST (test_a_flow_that_does_not_admit_it_does_not),
        TEST (test_each_urgent_reason_passes_a_restriction_as_the_pack_says),
        TEST (test_a_consent_for_what_is_restricted_may_be_the_ground),
        TEST (test_a_claim_that_is_not_needed_leaves_the_ground_to_who_comes_first),
        TEST (test_a_disclosure_without_consent_is_given_again_as_it_was),
        TEST (test_the_log_has_the_claim_and_shows_no_motivation),
        TEST (test_the_longest_claim_is_kept),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}

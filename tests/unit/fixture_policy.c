#include <stdlib.h>
#include <string.h>
#include "fixture_policy.h"

enum { KERNTEAM, ZORGAANBIEDER, HUISARTS, CAK, VEILIG_THUIS, SCHOOL, KINDS };
enum { NAW, BSN, RAPPORTAGE, JUSTITIE, VRIJE_TEKST, CATEGORIES };
enum { ONDERSTEUNING, INTEGRAAL_PLAN, TOEKENNING, EIGEN_BIJDRAGE, EXTERN_OVERLEG, ESCALATIE, PURPOSES };
enum { ORIGIN_WMO, ORIGIN_JEUGDWET, ORIGIN_BRP, ORIGINS };
enum { STATUTE_WMO, STATUTE_ZORGWET, STATUTE_MELDRECHT, STATUTES };

#define BIT(one) (UINT64_C (1) << (one))
#define SET(bits)         \
    {                     \
        .word = {(bits) } \
    }

static struct policy_kind kinds[KINDS] = {
    [KERNTEAM] = {{.code = "kernteam"}, SECRECY_OFFICIAL, false, false},
    [ZORGAANBIEDER] = {{.code = "zorgaanbieder"}, SECRECY_NONE, true, true},
    [HUISARTS] = {{.code = "huisarts"}, SECRECY_PROFESSIONAL, true, false},
    [CAK] = {{.code = "cak"}, SECRECY_NONE, true, true},
    [VEILIG_THUIS] = {{.code = "veilig-thuis"}, SECRECY_PROFESSIONAL, true, false},
    [SCHOOL] = {{.code = "school"}, SECRECY_NONE, true, false},
};

static struct policy_category categories[CATEGORIES] = {
    [NAW] = {{.code = "naw"}, 'A', SPECIAL_NO, false},
    [BSN] = {{.code = "bsn"}, 'A', SPECIAL_NO, false},
    [RAPPORTAGE] = {{.code = "rapportage"}, 'E', SPECIAL_HEALTH, false},
    [JUSTITIE] = {{.code = "justitie"}, 'C', SPECIAL_OTHER, false},
    [VRIJE_TEKST] = {{.code = "vrije-tekst"}, 0, SPECIAL_NO, false},
};

static struct policy_purpose purposes[PURPOSES] = {
    [ONDERSTEUNING] = {{.code = "ondersteuning"}, SET (BIT (INTEGRAAL_PLAN)), 12},
    [INTEGRAAL_PLAN] = {{.code = "integraal-plan"}, SET (0), 3},
    [TOEKENNING] = {{.code = "toekenning"}, SET (0), 12},
    [EIGEN_BIJDRAGE] = {{.code = "eigen-bijdrage"}, SET (0), 12},
    [EXTERN_OVERLEG] = {{.code = "extern-overleg"}, SET (0), 12},
    [ESCALATIE] = {{.code = "escalatie"}, SET (0), 12},
};

static struct policy_origin origins[ORIGINS] = {
    {{.code = "wmo"}},
    {{.code = "jeugdwet"}},
    {{.code = "brp"}},
};

static struct policy_statute statutes[STATUTES] = {
    [STATUTE_WMO] = {.entry = {.code = "wmo"}, .origins = SET (BIT (ORIGIN_WMO) | BIT (ORIGIN_BRP))},
    [STATUTE_ZORGWET] = {.entry = {.code = "zorgwet"},
                         .origins = SET (BIT (ORIGIN_WMO)),
                         .carries = CARRIES_HEALTH},
    [STATUTE_MELDRECHT] = {.entry = {.code = "meldrecht"},
                           .all_origins = true,
                           .carries = CARRIES_ALL,
                           .breaks_secrecy = true,
                           .passes_restriction = true},
};

static struct policy_urgent_reason urgent_reasons[] = {
    {.entry = {.code = "vitaal"}, .carries = CARRIES_ALL, .passes_restriction = true},
    {.entry = {.code = "zorg"}, .carries = CARRIES_HEALTH},
    {.entry = {.code = "overlast"}, .carries = CARRIES_NONE, .passes_restriction = true},
};

static struct policy_flow_statute of_allocation[] = {{STATUTE_WMO, SET (0), SET (BIT (ZORGAANBIEDER))},
                                                     {STATUTE_ZORGWET, SET (BIT (KERNTEAM)), SET (0)}};
static struct policy_flow_statute of_wmo[] = {{STATUTE_WMO, SET (0), SET (0)}};
static struct policy_flow_statute of_report[] = {{STATUTE_MELDRECHT, SET (0), SET (0)}};

static struct policy_flow flows[] = {
    {.entry = {.code = "C1"},
     .providers = SET (BIT (KERNTEAM)),
     .recipients = SET (BIT (KERNTEAM)),
     .purpose = ONDERSTEUNING,
     .categories = SET (BIT (NAW) | BIT (RAPPORTAGE) | BIT (JUSTITIE)),
     .urgent_reasons = true},
    {.entry = {.code = "C2"},
     .providers = SET (BIT (KERNTEAM) | BIT (ZORGAANBIEDER) | BIT (HUISARTS)),
     .recipients = SET (BIT (KERNTEAM)),
     .purpose = INTEGRAAL_PLAN,
     .categories = SET (BIT (NAW) | BIT (RAPPORTAGE)),
     .written_request = true,
     .urgent_reasons = true},
    {.entry = {.code = "D1"},
     .providers = SET (BIT (KERNTEAM)),
     .recipients = SET (BIT (ZORGAANBIEDER) | BIT (HUISARTS)),
     .purpose = TOEKENNING,
     .categories = SET (BIT (NAW) | BIT (BSN) | BIT (RAPPORTAGE) | BIT (JUSTITIE)),
     .statutes = of_allocation,
     .statute_count = 2,
     .written_request = true,
     .urgent_reasons = true},
    {.entry = {.code = "E1"},
     .providers = SET (BIT (HUISARTS)),
     .recipients = SET (BIT (KERNTEAM)),
     .purpose = TOEKENNING,
     .categories = SET (BIT (NAW)),
     .statutes = of_wmo,
     .statute_count = 1,
     .written_request = true,
     .urgent_reasons = true},
    {.entry = {.code = "D2"},
     .providers = SET (BIT (KERNTEAM)),
     .recipients = SET (BIT (CAK)),
     .purpose = EIGEN_BIJDRAGE,
     .categories = SET (BIT (NAW) | BIT (BSN) | BIT (RAPPORTAGE)),
     .statutes = of_wmo,
     .statute_count = 1},
    {.entry = {.code = "X1"},
     .providers = SET (BIT (KERNTEAM)),
     .recipients = SET (BIT (ZORGAANBIEDER) | BIT (SCHOOL)),
     .purpose = EXTERN_OVERLEG,
     .categories = SET (BIT (NAW)),
     .one_time = true,
     .written_request = true},
    {.entry = {.code = "X2"},
     .providers = SET (BIT (KERNTEAM) | BIT (HUISARTS)),
     .recipients = SET (BIT (VEILIG_THUIS)),
     .purpose = ESCALATIE,
     .categories = SET (BIT (NAW) | BIT (RAPPORTAGE) | BIT (JUSTITIE)),
     .statutes = of_report,
     .statute_count = 1,
     .written_request = true,
     .urgent_reasons = true},
};

/* A statute's default origin, as the packs have it. */
static void set_default_origins (void)
{
    for (size_t i = 0; i < sizeof flows / sizeof *flows; i++)
        flows[i].default_origin = ORIGIN_WMO;
}

static struct policy_representative representatives[] = {
    {{.code = "ouder-met-gezag"}, true},
    {{.code = "mentor"}, true},
    {{.code = "bewindvoerder"}, false},
};

static const struct policy_age_band ages_2015[] = {{0, false, true}, {12, true, true}, {16, true, false}};

static const struct policy policy = {
    .name = "fixture",
    .version = "1",
    .id = "fixture/1",
    .kinds = kinds,
    .kind_count = KINDS,
    .categories = categories,
    .category_count = CATEGORIES,
    .purposes = purposes,
    .purpose_count = PURPOSES,
    .origins = origins,
    .origin_count = ORIGINS,
    .statutes = statutes,
    .statute_count = STATUTES,
    .urgent_reasons = urgent_reasons,
    .urgent_reason_count = sizeof urgent_reasons / sizeof *urgent_reasons,
    .flows = flows,
    .flow_count = sizeof flows / sizeof *flows,
    .representatives = representatives,
    .representative_count = 3,
    .grounds = {POLICY_CONSENT, POLICY_STATUTE, POLICY_WITHOUT_CONSENT},
    .special_recipients = SET (BIT (KERNTEAM) | BIT (ZORGAANBIEDER) | BIT (HUISARTS) | BIT (VEILIG_THUIS)),
    .age_count = 3,
    .withdraws_from = 12,
    .due = {.inform_days = 14},
};

static const struct {
    const char *id;
    code kind;
} parties[FIXTURE_PARTIES] = {{"kernteam", KERNTEAM}, {"wijkteam", KERNTEAM}, {"horizon", ZORGAANBIEDER},
                              {"jansen", HUISARTS},   {"cak", CAK},           {"meldpunt", VEILIG_THUIS},
                              {"school", SCHOOL}};

int fixture_setup (void **state)
{
    struct fixture *self = calloc (1, sizeof *self);
    if (self == NULL)
        return -1;
    set_default_origins ();
    self->arena = arena_new (4 << 20);
    self->policy = policy;
    memcpy (self->ages, ages_2015, sizeof ages_2015);
    self->policy.ages = self->ages;
    for (size_t i = 0; i < FIXTURE_PARTIES; i++)
        self->parties[i] = (struct party){.id = parties[i].id,
                                          .kind = parties[i].kind,
                                          .secrecy = kinds[parties[i].kind].secrecy,
                                          .active = true,
                                          .agreement_from = fixture_at ("2026-01-01"),
                                          .agreement_until = fixture_at ("2028-01-01")};
    self->subject.known = true;
    self->subject.birth = fixture_day ("1980-06-15");
    self->listener = (struct listener){.party = "kernteam", .explain = true};
    self->now = fixture_at ("2026-05-01") + 12 * 60 * 60 * 1000;
    *state = self;
    return 0;
}

int fixture_teardown (void **state)
{
    struct fixture *self = *state;
    arena_destroy (&self->arena);
    free (self);
    return 0;
}

struct day fixture_day (const char *day)
{
    struct day result = {0, 0, 0};
    if (!calendar_parse (day, &result))
        abort ();
    return result;
}

moment fixture_at (const char *day)
{
    return calendar_start (fixture_day (day));
}

struct text_set fixture_set (struct fixture *self, const char *words)
{
    struct text_set set = {arena_array (self->arena, strlen (words) + 1, sizeof (char *)), 0};
    char *rest = arena_strdup (self->arena, words), *save = NULL;
    for (char *word = strtok_r (rest, " ", &save); word != NULL; word = strtok_r (NULL, " ", &save))
        set.item[set.count++] = word;
    return set;
}

struct party *fixture_party (struct fixture *self, const char *id)
{
    for (size_t i = 0; i < FIXTURE_PARTIES; i++)
        if (strcmp (self->parties[i].id, id) == 0)
            return &self->parties[i];
    abort ();
}

const struct party *fixture_find_party (const void *table, const char *id)
{
    const struct fixture *self = table;
    for (size_t i = 0; i < FIXTURE_PARTIES; i++)
        if (strcmp (self->parties[i].id, id) == 0)
            return &self->parties[i];
    return NULL;
}

static struct statement *record (struct fixture *self, const char *providers, const char *recipients,
                                 const char *list, const char *purpose)
{
    if (self->statement_count == FIXTURE_STATEMENTS)
        abort ();
    struct statement *one = &self->statements[self->statement_count++];
    *one = (struct statement){STATEMENT_SILENT};
    one->id[0] = (uint8_t)self->statement_count;
    one->order = self->statement_count;
    one->scope.providers = fixture_set (self, providers);
    one->scope.recipients = fixture_set (self, recipients);
    one->scope.categories = fixture_set (self, list);
    one->scope.purpose = purpose;
    one->scope.case_ref = "";
    one->motivation = "om te helpen";
    one->recorded_by = "kernteam";
    one->user = "u1";
    one->recorded_at = one->valid_from = fixture_at ("2026-04-01");
    one->valid_until = MOMENT_NEVER;
    return one;
}

struct statement *fixture_consent (struct fixture *self, const char *providers, const char *recipients,
                                   const char *list, const char *purpose)
{
    struct statement *one = record (self, providers, recipients, list, purpose);
    one->valid_until = fixture_at ("2027-04-01");
    one->form = FORM_WRITTEN;
    one->has_evidence = true;
    one->evidence_reference = "dossier 1";
    one->notice.id = "toestemming";
    one->notice.version = "1";
    one->notice.language = "nl";
    one->notice.given_at = one->recorded_at;
    fixture_sign (self, one, "subject", one->recorded_at);
    return one;
}

struct statement *fixture_refusal (struct fixture *self, const char *providers, const char *recipients,
                                   const char *list, const char *purpose)
{
    struct statement *one = record (self, providers, recipients, list, purpose);
    one->refusal = true;
    fixture_sign (self, one, "subject", one->recorded_at);
    return one;
}

/* Lists here grow by being copied: the arena forgets them all at once. */
static void *grown (struct fixture *self, const void *list, size_t count, size_t size)
{
    char *longer = arena_array (self->arena, count + 1, size);
    if (count > 0)
        memcpy (longer, list, count * size);
    return longer;
}

struct withdrawal *fixture_withdraw (struct fixture *self, struct statement *statement, moment recorded_at)
{
    statement->withdrawals =
        grown (self, statement->withdrawals, statement->withdrawal_count, sizeof (struct withdrawal));
    struct withdrawal *one = &statement->withdrawals[statement->withdrawal_count++];
    one->withdrawn_by = "subject";
    one->nobody_reason = "";
    one->withdrawn_at = one->recorded_at = recorded_at;
    return one;
}

void fixture_sign (struct fixture *self, struct statement *statement, const char *signer, moment given_at)
{
    statement->signatures =
        grown (self, statement->signatures, statement->signature_count, sizeof (struct signature));
    statement->signatures[statement->signature_count++] = (struct signature){signer, given_at};
}

void fixture_restrict (struct fixture *self, const char *category, const char *day)
{
    struct restriction *one = arena_alloc (self->arena, sizeof *one);
    *one = (struct restriction){.category = category, .since = fixture_at (day)};
    self->subject.restrictions = one;
    self->subject.restriction_count = 1;
}

struct representative *fixture_representative (struct fixture *self, const char *reference, const char *kind,
                                               const char *from)
{
    struct subject *subject = &self->subject;
    subject->representatives =
        grown (self, subject->representatives, subject->representative_count, sizeof (struct representative));
    struct representative *one = &subject->representatives[subject->representative_count++];
    *one = (struct representative){.reference = reference, .kind = kind, .from = fixture_day (from)};
    return one;
}

struct check fixture_check (struct fixture *self, const char *provider, const char *recipient, const char *purpose,
                            const char *items)
{
    struct check check = {.provider = fixture_party (self, provider),
                          .recipient = fixture_party (self, recipient),
                          .purpose = policy_purpose (&self->policy, purpose),
                          .case_ref = "",
                          .mode = MODE_DISCLOSE};
    struct text_set words = fixture_set (self, items);
    for (size_t i = 0; i < words.count; i++) {
        char *category = arena_strdup (self->arena, words.item[i]);
        char *slash = strchr (category, '/');
        if (slash != NULL)
            *slash = '\0';
        check.items[i].category = policy_category (&self->policy, category);
        check.items[i].origin = slash != NULL ? policy_origin (&self->policy, slash + 1) : CODE_NONE;
    }
    check.item_count = words.count;
    return check;
}

struct statement *fixture_usual_consent (struct fixture *self)
{
    return fixture_consent (self, "kernteam", "wijkteam", "naw", "ondersteuning");
}

struct check fixture_usual_check (struct fixture *self)
{
    return fixture_support_check (self, "naw/wmo");
}

struct check fixture_support_check (struct fixture *self, const char *items)
{
    return fixture_check (self, "kernteam", "wijkteam", "ondersteuning", items);
}

struct check fixture_plan_check (struct fixture *self, const char *items)
{
    return fixture_check (self, "jansen", "kernteam", "integraal-plan", items);
}

void fixture_statute_first (struct fixture *self)
{
    self->policy.grounds[0] = POLICY_STATUTE;
    self->policy.grounds[1] = POLICY_CONSENT;
}

void fixture_claim_request (struct fixture *self, struct check *check, const char *by)
{
    check->claim = (struct claim){.kind = CLAIM_WRITTEN_REQUEST,
                                  .by = fixture_set (self, by),
                                  .given_at = self->now - 60 * 60 * 1000,
                                  .reason = CODE_NONE};
}

struct triage *fixture_claim_urgency (struct fixture *self, struct check *check, const char *reason)
{
    const char *text = "afgewogen";
    check->claim = (struct claim){.kind = CLAIM_URGENT_REASONS,
                                  .reason = policy_urgent_reason (&self->policy, reason),
                                  .triage = {.necessity = text,
                                             .subsidiarity = text,
                                             .proportionality = text,
                                             .purpose_limitation = text,
                                             .objections = text,
                                             .manager_consulted = "manager-3",
                                             .serious_situation = true,
                                             .urgent_support = true,
                                             .inform = INFORM_BEFORE,
                                             .inform_why = "",
                                             .consent_sought = text,
                                             .no_other_way = text,
                                             .serious_harm = text,
                                             .conflict_of_duties = text}};
    return &check->claim.triage;
}

struct triage *fixture_claim_and_inform_after (struct fixture *self, struct check *check)
{
    struct triage *triage = fixture_claim_urgency (self, check, "zorg");
    triage->inform = INFORM_AFTER;
    triage->inform_by = self->now + HOUR;
    triage->inform_why = "nu vertellen brengt het kind in gevaar";
    return triage;
}

struct decide_facts fixture_facts (struct fixture *self)
{
    for (size_t i = 0; i < self->statement_count; i++)
        statement_resolve (&self->statements[i], &self->policy);
    decide_prepare (&self->policy, &self->subject, self->statements, self->statement_count);
    return (struct decide_facts){.policy = &self->policy,
                                 .subject = &self->subject,
                                 .statements = self->statements,
                                 .statement_count = self->statement_count,
                                 .now = self->now,
                                 .listener = self->listener};
}

const struct decision *fixture_decide (struct fixture *self, const struct check *check)
{
    struct decide_facts facts = fixture_facts (self);
    decide (&facts, check, &self->decision);
    return &self->decision;
}

const char *fixture_codes (struct fixture *self, const struct rule_codes *codes)
{
    const char *text = "";
    for (unsigned i = 0; i < codes->count; i++)
        text = arena_printf (self->arena, "%s%s%s", text, i == 0 ? "" : " ", rule_code_name (codes->code[i]));
    return text;
}

const char *fixture_outcome (struct fixture *self, const struct check *check)
{
    const struct item_decision *item = &fixture_decide (self, check)->items[0];
    if (!item->permit)
        return fixture_codes (self, &item->reasons);
    switch (item->ground) {
    case POLICY_CONSENT:
        return "consent";
    case POLICY_STATUTE:
        return "statute";
    case POLICY_WITHOUT_CONSENT:
        return item->urgent_reason == CODE_NONE ? "written request"
                                                : self->policy.urgent_reasons[item->urgent_reason].entry.code;
    case POLICY_GROUNDS:
        break;
    }
    return "no ground";
}

const char *fixture_heard (struct fixture *self, size_t item)
{
    return fixture_codes (self, &self->decision.items[item].heard);
}

enum statement_state fixture_state (struct fixture *self, size_t index)
{
    struct decide_facts facts = fixture_facts (self);
    return decide_state (&facts, index);
}

const char *fixture_missing (struct fixture *self)
{
    const char *text = "";
    for (unsigned i = 0; i < TRIAGE_PARTS; i++)
        if ((self->decision.triage_missing >> i & 1) != 0)
            text = arena_printf (self->arena, "%s%s%s", text, text[0] == '\0' ? "" : " ", triage_names[i]);
    return text;
}

bool fixture_is_withdrawn (const struct statement *one, moment at)
{
    return statement_wholly_withdrawn (one, NULL, at).at != MOMENT_NEVER;
}

bool fixture_is_superseded (struct fixture *self, const struct statement *one)
{
    struct decide_facts facts = fixture_facts (self);
    return facts.now >= one->superseded_from;
}

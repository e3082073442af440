#include "situation.h"

#include <stdlib.h>
#include <string.h>

#define HOURS(count) ((moment)(count)*60 * 60 * 1000)

moment situation_now (void)
{
    return calendar_start ((struct day){2026, 6, 15}) + HOURS (12);
}

moment situation_day (int days)
{
    return situation_now () + HOURS (24) * days;
}

enum { AT_THE_CHECK = 1000 }; /* as a day: 0 stands for what is plain */
enum sort { NOTHING, CONSENT, REFUSAL };
enum one_time { AS_ASKED, ONE_TIME, REUSABLE };
enum signer { THOSE_WHO_MUST, REPRESENTATIVES_ALONE, REPRESENTATIVES_AT_ONCE, CAPABLE_SUBJECT };
enum category { ASKED_HALF, OTHER_HALF, HALF_AND_ONE_MORE };
enum part { WHOLE, OWN_HALF, ONE_MORE, OTHER_PROVIDER }; /* of what is revoked */

/* In what a statement differs from the plain one. Days from the check; 0: as the plain one. */
struct spec {
    enum sort sort;
    int recorded, from, until, revoked, used;
    struct day recorded_on; /* at noon, and valid from then */
    bool other_provider, other_recipient, another_purpose, without_evidence;
    enum category category;
    enum part part;
    const char *purpose, *origins[2], *case_ref;
    enum form form;
    enum one_time one_time;
    enum signer signed_by;
};

struct scenario {
    const char *name;
    struct spec statements[SITUATION_STATEMENTS];
    bool no_case, dead;
};

#define GRANTED .sort = CONSENT
#define LATER .sort = CONSENT, .recorded = -20
#define REFUSED_LATER .sort = REFUSAL, .recorded = -20
#define MARCH(number) .recorded_on = {2026, 3, number}

/* clang-format off */
static const struct scenario scenarios[] = {
    {"none", {{NOTHING}}},
    {"granted", {{GRANTED}}},
    {"granted-one-time", {{GRANTED, .one_time = ONE_TIME}}},
    {"granted-reusable", {{GRANTED, .one_time = REUSABLE}}},
    {"granted-digital", {{GRANTED, .form = FORM_DIGITAL}}},
    {"granted-from-now", {{GRANTED, .from = AT_THE_CHECK}}},
    {"revoked", {{GRANTED, .revoked = -5}}},
    {"revoked-for-this-category", {{GRANTED, .category = HALF_AND_ONE_MORE, .part = OWN_HALF, .revoked = -5}}},
    {"revoked-for-another-category",
     {{GRANTED, .category = HALF_AND_ONE_MORE, .part = ONE_MORE, .revoked = -5}}},
    {"expired", {{GRANTED, .until = AT_THE_CHECK}}},
    {"not-yet-valid", {{GRANTED, .from = 1}}},
    {"used-up", {{GRANTED, .one_time = ONE_TIME, .used = -5}}},
    {"same-case", {{GRANTED, .case_ref = "case-1"}}},
    {"other-case", {{GRANTED, .case_ref = "case-2"}}},
    {"case-not-named", {{GRANTED, .case_ref = "case-1"}}, .no_case = true},
    {"for-zvw", {{GRANTED, .origins = {"zvw"}}}},
    {"for-wmo-and-jeugdwet", {{GRANTED, .origins = {"jeugdwet", "wmo"}}}},
    {"oral", {{GRANTED, .form = FORM_ORAL, .without_evidence = true}}},
    {"oral-with-evidence", {{GRANTED, .form = FORM_ORAL}}},
    {"written-without-evidence", {{GRANTED, .without_evidence = true}}},
    {"representatives-alone", {{GRANTED, .signed_by = REPRESENTATIVES_ALONE}}},
    {"subject-should-have-signed", {{GRANTED, .signed_by = REPRESENTATIVES_AT_ONCE}}},
    {"capable-when-signing", {{GRANTED, .signed_by = CAPABLE_SUBJECT}}},
    {"dead", {{GRANTED}}, .dead = true},
    {"fails-in-everything",
     {{GRANTED, .from = -25, .until = -2, .origins = {"zvw"}, .case_ref = "case-2", .form = FORM_ORAL,
       .without_evidence = true, .one_time = ONE_TIME, .signed_by = REPRESENTATIVES_ALONE, .revoked = -5,
       .used = -10}}},
    {"refused", {{REFUSAL}}},
    {"refused-then-granted", {{REFUSAL}, {LATER}}},
    {"refused-then-granted-then-revoked", {{REFUSAL}, {LATER, .revoked = -5}}},
    {"granted-then-refused", {{GRANTED}, {REFUSED_LATER}}},
    {"granted-then-refused-for-zvw", {{GRANTED}, {REFUSED_LATER, .origins = {"zvw"}}}},
    {"granted-then-refused-for-other-case", {{GRANTED}, {REFUSED_LATER, .case_ref = "case-2"}}},
    {"granted-then-refused-for-same-case", {{GRANTED}, {REFUSED_LATER, .case_ref = "case-1"}}},
    {"granted-then-refused-for-case-not-named", {{GRANTED}, {REFUSED_LATER, .case_ref = "case-1"}},
     .no_case = true},
    {"granted-then-refused-for-ondersteuning", {{GRANTED}, {REFUSED_LATER, .purpose = "ondersteuning"}}},
    {"granted-then-refused-for-other-recipient", {{GRANTED}, {REFUSED_LATER, .other_recipient = true}}},
    {"expired-then-refused", {{GRANTED, .until = -25}, {REFUSED_LATER}}},
    {"superseded-by-expired", {{GRANTED}, {LATER, .until = -2}}},
    {"superseded-by-revoked", {{GRANTED}, {LATER, .revoked = -5}}},
    {"later-not-yet-valid", {{GRANTED}, {LATER, .from = 1}}},
    {"later-revoked-before-valid", {{GRANTED}, {LATER, .from = -5, .revoked = -12}}},
    {"later-revoked-as-it-begins", {{GRANTED}, {LATER, .from = -5, .revoked = -5}}},
    {"later-revoked-for-this-category-before-valid",
     {{GRANTED}, {LATER, .from = -5, .category = HALF_AND_ONE_MORE, .part = OWN_HALF, .revoked = -12}}},
    {"later-narrower-expired", {{GRANTED}, {LATER, .origins = {"zvw"}, .until = -2}}},
    {"later-fewer-categories-expired", {{GRANTED, .category = HALF_AND_ONE_MORE}, {LATER, .until = -2}}},
    {"for-zvw-superseded-by-wider-expired",
     {{GRANTED, .origins = {"zvw"}}, {LATER, .origins = {"wmo", "zvw"}, .until = -2}}},
    {"same-case-superseded-by-unbound-expired", {{GRANTED, .case_ref = "case-1"}, {LATER, .until = -2}}},
    {"for-integraal-plan-then-for-ondersteuning-expired",
     {{GRANTED, .purpose = "integraal-plan"}, {LATER, .purpose = "ondersteuning", .until = -2}}},
    {"for-ondersteuning-then-for-integraal-plan-expired",
     {{GRANTED, .purpose = "ondersteuning"}, {LATER, .purpose = "integraal-plan", .until = -2}}},
    {"later-other-case-revoked", {{GRANTED}, {LATER, .case_ref = "case-2", .revoked = -5}}},
    {"expired-then-granted", {{GRANTED, .until = -25}, {LATER}}},
    {"used-up-then-granted", {{GRANTED, .one_time = ONE_TIME, .used = -25}, {LATER}}},
    {"reusable-then-one-time", {{GRANTED, .one_time = REUSABLE}, {LATER, .one_time = ONE_TIME}}},
    {"reusable-then-one-time-used-up",
     {{GRANTED, .one_time = REUSABLE}, {LATER, .one_time = ONE_TIME, .used = -5}}},
    {"granted-and-later-for-wmo", {{GRANTED}, {LATER, .origins = {"wmo"}}}},
    {"two-bad", {{GRANTED, .case_ref = "case-2", .until = -2}, {LATER, .origins = {"zvw"}, .revoked = -5}}},
    {"granted-after-restriction", {{GRANTED, .recorded = -5}}},
    {"granted-before-and-for-wmo-after-restriction",
     {{GRANTED}, {GRANTED, .recorded = -5, .origins = {"wmo"}}}},
    {"granted-after-restriction-then-refused", {{GRANTED, .recorded = -5}, {REFUSAL, .recorded = -3}}},
    {"other-provider", {{GRANTED, .other_provider = true}}},
    {"other-recipient", {{GRANTED, .other_recipient = true}}},
    {"other-category", {{GRANTED, .category = OTHER_HALF}}},
    {"another-purpose", {{GRANTED, .another_purpose = true}}},
    {"for-ondersteuning", {{GRANTED, .purpose = "ondersteuning", MARCH (15)}}},
    {"for-ondersteuning-too-long-ago", {{GRANTED, .purpose = "ondersteuning", MARCH (14)}}},
    {"for-integraal-plan", {{GRANTED, .purpose = "integraal-plan"}}},
    {"other-provider-and-recipient", {{GRANTED, .other_provider = true, .other_recipient = true}}},
    {"other-provider-revoked", {{GRANTED, .other_provider = true, .revoked = -5}}},
    {"other-provider-revoked-by-name",
     {{GRANTED, .other_provider = true, .part = OTHER_PROVIDER, .revoked = -5}}},
    {"other-provider-superseded-by-expired",
     {{GRANTED, .other_provider = true}, {LATER, .other_provider = true, .until = -2}}},
    {"near-misses-together",
     {{GRANTED, .another_purpose = true},
      {GRANTED, .recorded = -29, .category = OTHER_HALF},
      {GRANTED, .recorded = -28, .other_provider = true}}},
    {"near-miss-beside-expired", {{GRANTED, .until = -2}, {GRANTED, .recorded = -29, .other_recipient = true}}},
    {"near-miss-beside-refusal", {{REFUSAL}, {GRANTED, .recorded = -29, .other_recipient = true}}},
};
/* clang-format on */

static moment moment_of (int day, moment plain)
{
    if (day == 0)
        return plain;
    return day == AT_THE_CHECK ? situation_now () : situation_day (day);
}

/* --- Age: who he is, who represents him, and who signs --- */

enum age { UNDER_12, FROM_12, FROM_16, NOT_CAPABLE, UNKNOWN, AGES };

/* Signers by the age's number: those who must, and representatives alone. */
static const char *const parents[] = {"parent-1", "parent-2", NULL};
static const char *const mentor[] = {"mentor", NULL};
static const char *const subject_alone[] = {"subject", NULL};
static const char *const all_three[] = {"subject", "parent-1", "parent-2", NULL};

static const struct {
    const char *name;
    struct day birth;
    const char *const *representatives;
} ages[AGES] = {
    [UNDER_12] = {"under-12", {2018, 1, 10}, parents}, [FROM_12] = {"12-15", {2012, 1, 10}, parents},
    [FROM_16] = {"from-16", {2009, 1, 10}, parents},   [NOT_CAPABLE] = {"not-capable", {1986, 1, 10}, mentor},
    [UNKNOWN] = {"unknown", {.month = 0}, parents},
};

static const struct day years_ago = {2020, 1, 1};

/* 2015: the subject and his representatives; 2026: the subject. */
static bool both_sign_from_12 (const struct policy *policy)
{
    for (size_t i = 0; i < policy->age_count; i++)
        if (policy->ages[i].from == 12)
            return policy->ages[i].representatives;
    abort ();
}

static const char *const *signers_of (enum age age, enum signer signer, const struct policy *policy)
{
    if (signer == REPRESENTATIVES_ALONE || signer == REPRESENTATIVES_AT_ONCE || age == UNDER_12)
        return ages[age].representatives;
    if (signer == CAPABLE_SUBJECT || age == FROM_16)
        return subject_alone;
    if (age == NOT_CAPABLE)
        return mentor;
    return age == UNKNOWN || both_sign_from_12 (policy) ? all_three : subject_alone;
}

static void represent (struct situation *self, const char *reference, const char *kind, struct day from)
{
    self->representatives[self->subject.representative_count++] =
        (struct representative){.reference = reference, .kind = kind, .from = from};
}

static void become (struct situation *self, struct day from, bool capable)
{
    self->capabilities[self->subject.capability_count++] = (struct capability){from, capable};
}

/* Capability, where the age or the signers ask for a history of it. */
static void set_capabilities (struct situation *self, enum age age, enum signer signer)
{
    bool alone = signer == REPRESENTATIVES_ALONE && (age == FROM_16 || age == NOT_CAPABLE);
    if (age == NOT_CAPABLE && signer == CAPABLE_SUBJECT) {
        become (self, calendar_day (situation_day (-25)), false);
        return;
    }
    if (age == NOT_CAPABLE || alone)
        become (self, years_ago, false);
    if (alone)
        become (self, calendar_day (situation_day (-20)), true);
    if (alone && age == NOT_CAPABLE)
        become (self, calendar_day (situation_day (-10)), false);
}

static void set_subject (struct situation *self, enum age age, enum signer signer, bool dead)
{
    struct subject *subject = &self->subject;
    subject->known = true;
    subject->birth = ages[age].birth;
    if (age == FROM_12 && signer == REPRESENTATIVES_ALONE) {
        subject->birth = calendar_day (situation_day (-20));
        subject->birth.year = (int16_t)(subject->birth.year - 12);
    }
    if (dead)
        subject->death = calendar_day (situation_day (-5));
    subject->representatives = self->representatives;
    subject->capabilities = self->capabilities;
    subject->restrictions = self->restrictions;
    if (age == NOT_CAPABLE) {
        represent (self, "mentor", "mentor", years_ago);
    } else {
        represent (self, "parent-1", "ouder-met-gezag", years_ago);
        represent (self, "parent-2", "ouder-met-gezag", years_ago);
    }
    represent (self, "bewindvoerder", "bewindvoerder",
               signer == REPRESENTATIVES_AT_ONCE ? years_ago : calendar_day (situation_day (-20)));
    set_capabilities (self, age, signer);
}

static void set_claimants (struct situation *self, enum age age, const struct policy *policy)
{
    bool by_parent = age == UNDER_12;
    self->one_who_must = by_parent ? "parent-1" : age == NOT_CAPABLE ? "mentor" : "subject";
    self->somebody_else = by_parent || age == NOT_CAPABLE ? "subject" : "parent-1";
    if (age == FROM_12 && both_sign_from_12 (policy)) {
        self->one_who_must = "parent-2";
        self->somebody_else = "bewindvoerder";
    }
}

/* --- Statements --- */

static int compare_names (const void *a, const void *b)
{
    return strcmp (*(const char *const *)a, *(const char *const *)b);
}

static void set_categories (struct situation *self, size_t index, const struct situation_cell *cell,
                            enum category category)
{
    const struct text_set *half = category == OTHER_HALF ? &cell->other_half : &cell->half;
    struct text_set *names = &self->statements[index].scope.categories;
    names->item = self->names[index];
    for (size_t i = 0; i < half->count; i++)
        names->item[names->count++] = half->item[i];
    if (category == HALF_AND_ONE_MORE)
        names->item[names->count++] = cell->other_half.item[0];
    qsort (names->item, names->count, sizeof *names->item, compare_names);
}

static const char *purpose_of (const struct spec *spec, const struct situation_cell *cell)
{
    if (spec->another_purpose)
        return strcmp (cell->purpose, "registratie-hulpvraag") == 0 ? "toekenning" : "registratie-hulpvraag";
    return spec->purpose != NULL ? spec->purpose : cell->purpose;
}

static void set_scope (struct situation *self, size_t index, const struct situation_cell *cell,
                       const struct spec *spec)
{
    struct scope *scope = &self->statements[index].scope;
    self->providers[index] = spec->other_provider ? "other-provider" : "provider";
    self->recipients[index] = spec->other_recipient ? "other-recipient" : "recipient";
    scope->providers = (struct text_set){&self->providers[index], 1};
    scope->recipients = (struct text_set){&self->recipients[index], 1};
    set_categories (self, index, cell, spec->category);
    scope->origins.item = (const char **)(uintptr_t)spec->origins;
    scope->origins.count = (spec->origins[0] != NULL) + (spec->origins[1] != NULL);
    scope->purpose = purpose_of (spec, cell);
    scope->case_ref = spec->case_ref != NULL ? spec->case_ref : "";
}

static void set_withdrawal (struct situation *self, size_t index, const struct situation_cell *cell,
                            const struct spec *spec)
{
    struct withdrawal *one = &self->withdrawals[index];
    *one = (struct withdrawal){.withdrawn_by = "subject", .nobody_reason = ""};
    one->withdrawn_at = one->recorded_at = situation_day (spec->revoked);
    if (spec->part == OWN_HALF)
        one->categories = cell->half;
    if (spec->part == ONE_MORE)
        one->categories = (struct text_set){cell->other_half.item, 1};
    if (spec->part == OTHER_PROVIDER)
        one->providers = self->statements[index].scope.providers;
    self->statements[index].withdrawals = one;
    self->statements[index].withdrawal_count = 1;
}

static void set_consent (struct situation *self, size_t index, const struct situation_cell *cell,
                         const struct spec *spec, enum age age)
{
    struct statement *one = &self->statements[index];
    one->valid_from = moment_of (spec->from, one->recorded_at);
    one->valid_until = moment_of (spec->until, situation_day (60));
    one->form = spec->form != FORM_NONE ? spec->form : FORM_WRITTEN;
    one->has_evidence = !spec->without_evidence;
    one->evidence_reference = one->has_evidence ? "dossier-1" : "";
    one->one_time = spec->one_time == AS_ASKED ? cell->one_time : spec->one_time == ONE_TIME;
    one->used_at = spec->used != 0 ? situation_day (spec->used) : 0;
    one->signatures = self->signatures[index];
    for (const char *const *signer = signers_of (age, spec->signed_by, cell->policy); *signer != NULL; signer++)
        one->signatures[one->signature_count++] = (struct signature){*signer, one->recorded_at};
    if (spec->revoked != 0)
        set_withdrawal (self, index, cell, spec);
}

static void set_statement (struct situation *self, const struct situation_cell *cell, const struct spec *spec,
                           enum age age)
{
    size_t index = self->statement_count++;
    struct statement *one = &self->statements[index];
    one->order = index + 1;
    one->id[0] = (uint8_t)(index + 1);
    one->refusal = spec->sort == REFUSAL;
    one->motivation = one->evidence_reference = one->recorded_by = one->user = "";
    one->notice.id = one->notice.version = one->notice.language = "";
    one->recorded_at = moment_of (spec->recorded, situation_day (-30));
    if (spec->recorded_on.month != 0)
        one->recorded_at = calendar_start (spec->recorded_on) + HOURS (12);
    one->valid_from = one->recorded_at;
    one->valid_until = MOMENT_NEVER;
    set_scope (self, index, cell, spec);
    if (!one->refusal)
        set_consent (self, index, cell, spec, age);
    statement_resolve (one, cell->policy);
}

static const struct scenario *find_scenario (const char *name)
{
    for (size_t i = 0; i < sizeof scenarios / sizeof *scenarios; i++)
        if (strcmp (scenarios[i].name, name) == 0)
            return &scenarios[i];
    return NULL;
}

bool situation_build (struct situation *self, const struct situation_cell *cell, const char *age_name,
                      const char *scenario_name)
{
    const struct scenario *scenario = find_scenario (scenario_name);
    enum age age = UNDER_12;
    while (age < AGES && strcmp (ages[age].name, age_name) != 0)
        age++;
    if (scenario == NULL || age == AGES)
        return false;
    memset (self, 0, sizeof *self);
    set_subject (self, age, scenario->statements[0].signed_by, scenario->dead);
    set_claimants (self, age, cell->policy);
    self->case_ref = scenario->no_case ? "" : "case-1";
    for (size_t i = 0; i < SITUATION_STATEMENTS && scenario->statements[i].sort != NOTHING; i++)
        set_statement (self, cell, &scenario->statements[i], age);
    decide_prepare (cell->policy, &self->subject, self->statements, self->statement_count);
    return true;
}

/* --- Restriction --- */

static void restrict_one (struct situation *self, const char *category)
{
    self->restrictions[self->subject.restriction_count++] = (struct restriction){
        .category = category, .since = situation_day (-10), .reason = "", .recorded_by = "", .user = ""};
}

bool situation_restrict (struct situation *self, const struct situation_cell *cell, const char *restriction,
                         const struct text_set *categories)
{
    self->subject.restriction_count = 0;
    if (strcmp (restriction, "none") == 0)
        return true;
    if (strcmp (restriction, "subject") == 0) {
        restrict_one (self, "");
        return true;
    }
    if (strcmp (restriction, "another-category") == 0) {
        restrict_one (self, cell->other_half.item[0]);
        return true;
    }
    for (size_t i = 0; i < categories->count; i++)
        restrict_one (self, categories->item[i]);
    return strcmp (restriction, "category") == 0;
}

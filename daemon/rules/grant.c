/* May this statement be recorded? By section 2 of the rules.

   A consent:
     G2  not blanket                                  else BLANKET_CONSENT, and no other rule is judged
         and every name in it known                   else the status INVALID, with the field
     G3  a flow that consent carries, for every item  else NOT_NEEDED, naming the items
     G4  informed, before, by a notice of the pack    else NOT_INFORMED
     G5  a form that suffices                         else FORM_INSUFFICIENT
     G6  an end, not too late                         else TOO_LONG
     G7  one-time where it must be, and then narrow   else MUST_BE_ONE_TIME, ONE_TIME_TOO_WIDE
     G8  signed by those who must                     else REPRESENTATION_MISSING
     G9  no statute carries all of it                 else CONSENT_NOT_THE_GROUND, refused or with that warning
   A request for one (G1) has no form, notice or signature yet: G2, G3, G6, G7 and G9.
   A refusal (G12): G2, and the word of somebody who may withdraw (M8), else REPRESENTATION_MISSING.
   Every code that fails is listed, in this order. */
#include <string.h>
#include <strings.h>
#include "arena.h"
#include "grant.h"
#include "represent.h"
#include "statute.h"
#include "text/visible.h"

enum {
    CATEGORIES = 32, /* G2 */
    PARTIES = 32,    /* on each side: this bounds the items, and a statement that names more is hardly specific */
    DETAILS = 64,    /* the most items that G3 names: enough to see what is wrong */
};

enum judged { JUDGE_CONSENT, JUDGE_REFUSAL, JUDGE_REQUEST };

struct judgement {
    enum judged kind;
    const struct grant_facts *facts;
    struct statement *statement;
    const struct party **providers, **recipients; /* in the order of the scope */
    code categories[CATEGORIES];                  /* in the order of the scope */
    struct arena *arena;
    struct grant_outcome *outcome;
};

/* G2: blanket consents. */

static bool is_wildcard (const char *text)
{
    static const char *const words[] = {"all", "alle", "alles", "any", "everyone", "iedereen"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasecmp (text, words[i]) == 0)
            return true;
    return strchr (text, '*') != NULL;
}

static bool has_wildcard (const struct text_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        if (is_wildcard (set->item[i]))
            return true;
    return false;
}

bool grant_is_blanket (const struct statement *statement)
{
    const struct scope *scope = &statement->scope;
    if (scope->providers.count == 0 || scope->recipients.count == 0 || scope->categories.count == 0)
        return true;
    return scope->categories.count > CATEGORIES || has_wildcard (&scope->providers) ||
           has_wildcard (&scope->recipients) || has_wildcard (&scope->categories) ||
           has_wildcard (&scope->origins) || is_wildcard (scope->purpose);
}

/* The status INVALID. The syntax is right, but a name is unknown, or a moment is impossible. */

static bool invalid (struct judgement *self, const char *field, const char *message)
{
    self->outcome->invalid_field = field;
    self->outcome->invalid_message = message;
    return false;
}

static bool invalid_at (struct judgement *self, const char *list, size_t index, const char *member,
                        const char *message)
{
    return invalid (self, arena_printf (self->arena, "%s[%zu]%s", list, index, member), message);
}

static bool find_parties (struct judgement *self, const char *field, const struct text_set *names,
                          const struct party ***found)
{
    const struct grant_parties *parties = &self->facts->parties;
    if (names->count > PARTIES)
        return invalid (self, field, "names more than 32 parties");
    *found = arena_array (self->arena, names->count, sizeof **found);
    for (size_t i = 0; i < names->count; i++) {
        (*found)[i] = parties->find (parties->table, names->item[i]);
        if ((*found)[i] == NULL)
            return invalid_at (self, field, i, "",
                               policy_kind (self->facts->policy, names->item[i]) != CODE_NONE
                                   ? "is a kind of party: name the party itself"
                                   : "is not a known party");
    }
    return true;
}

static bool find_codes (struct judgement *self, const char *field, const struct text_set *names,
                        code (*find) (const struct policy *, const char *), const char *message)
{
    for (size_t i = 0; i < names->count; i++)
        if (find (self->facts->policy, names->item[i]) == CODE_NONE)
            return invalid_at (self, field, i, "", message);
    return true;
}

static bool joins_two_parties (const struct scope *scope)
{
    return scope->providers.count > 1 || scope->recipients.count > 1 ||
           strcmp (scope->providers.item[0], scope->recipients.item[0]) != 0;
}

static bool scope_is_valid (struct judgement *self)
{
    const struct policy *policy = self->facts->policy;
    const struct scope *scope = &self->statement->scope;
    if (!find_parties (self, "scope.providers", &scope->providers, &self->providers) ||
        !find_parties (self, "scope.recipients", &scope->recipients, &self->recipients))
        return false;
    if (!joins_two_parties (scope))
        return invalid (self, "scope.recipients", "is the provider itself, and nobody else");
    if (!find_codes (self, "scope.categories", &scope->categories, policy_category, "is not a known category"))
        return false;
    for (size_t i = 0; i < scope->categories.count; i++)
        self->categories[i] = policy_category (policy, scope->categories.item[i]);
    if (scope->purpose[0] == '\0')
        return invalid (self, "scope.purpose", "is missing");
    if (policy_purpose (policy, scope->purpose) == CODE_NONE)
        return invalid (self, "scope.purpose", "is not a known purpose");
    return find_codes (self, "scope.origins", &scope->origins, policy_origin, "is not a known origin");
}

static bool signatures_are_valid (struct judgement *self)
{
    const struct signature *signatures = self->statement->signatures;
    for (size_t i = 0; i < self->statement->signature_count; i++) {
        for (size_t j = 0; j < i; j++)
            if (strcmp (signatures[i].signer, signatures[j].signer) == 0)
                return invalid_at (self, "signatures", i, ".signer", "has signed twice");
        if (signatures[i].given_at <= 0)
            return invalid_at (self, "signatures", i, ".given_at", "is missing");
        if (signatures[i].given_at > self->facts->now)
            return invalid_at (self, "signatures", i, ".given_at", "is in the future");
    }
    return true;
}

static bool validity_is_valid (struct judgement *self)
{
    struct statement *statement = self->statement;
    if (statement->valid_from == 0)
        statement->valid_from = statement->recorded_at;
    if (statement->valid_until == 0) /* G6 */
        return true;
    if (statement->valid_until <= statement->valid_from)
        return invalid (self, "valid_until", "is not after valid_from");
    if (statement->valid_until <= self->facts->now)
        return invalid (self, "valid_until", "is past");
    return true;
}

static bool is_valid (struct judgement *self)
{
    if (!scope_is_valid (self))
        return false;
    if (!visible_has_any (self->statement->motivation))
        return invalid (self, "motivation", "is missing");
    if (self->kind == JUDGE_REQUEST)
        return validity_is_valid (self);
    if (!signatures_are_valid (self))
        return false;
    if (self->kind == JUDGE_REFUSAL)
        return true;
    if (self->statement->form == FORM_NONE)
        return invalid (self, "form", "is missing");
    return validity_is_valid (self);
}

/* The status REJECTED. */

static struct grant_refusal *refuse (struct judgement *self, enum rule_code one, const char *rule)
{
    struct grant_refusal *refusal = &self->outcome->refusals[self->outcome->refusal_count++];
    *refusal = (struct grant_refusal){.code = one, .rule = rule};
    return refusal;
}

/* The list has room for CODE_LIMIT details, which is more than any rule gives. */
static void add_detail (struct judgement *self, struct grant_refusal *refusal, const char *detail)
{
    _Static_assert((int)DETAILS <= (int)CODE_LIMIT && CATEGORIES + PARTIES <= (int)CODE_LIMIT,
                   "room for what G3 and G5 tell");
    if (refusal->details.item == NULL)
        refusal->details.item = arena_array (self->arena, CODE_LIMIT, sizeof detail);
    refusal->details.item[refusal->details.count++] = detail;
}

/* One item that the scope names: provider, recipient and category. */
struct item {
    const struct party *provider, *recipient;
    code category;
};

/* Finds the item at this place of the product. False: provider and recipient are the same party, so it is no
   item. */
static bool item_at (const struct judgement *self, size_t index, struct item *item)
{
    const struct scope *scope = &self->statement->scope;
    size_t pair = index / scope->categories.count;
    item->category = self->categories[index % scope->categories.count];
    item->provider = self->providers[pair / scope->recipients.count];
    item->recipient = self->recipients[pair % scope->recipients.count];
    return item->provider != item->recipient;
}

static size_t count_items (const struct judgement *self)
{
    const struct scope *scope = &self->statement->scope;
    return scope->providers.count * scope->recipients.count * scope->categories.count;
}

/* This flow carries the item, by whatever ground, for the purpose of the statement or a compatible one. */
static bool carries (const struct judgement *self, const struct policy_flow *flow, const struct item *item)
{
    const struct policy *policy = self->facts->policy;
    return policy_purpose_serves (policy, self->statement->scope.purpose_code, flow->purpose) &&
           policy_flow_carries (policy, flow, item->provider->kind, item->recipient->kind, item->category);
}

/* The flow by which a consent serves this item. A flow for the consent's own purpose comes before one for a
   compatible purpose. */
static const struct policy_flow *find_flow (const struct judgement *self, const struct item *item)
{
    const struct policy *policy = self->facts->policy;
    code purpose = self->statement->scope.purpose_code;
    const struct policy_flow *compatible = NULL;
    for (size_t i = 0; i < policy->flow_count; i++) {
        const struct policy_flow *flow = &policy->flows[i];
        if (flow->no_consent || !carries (self, flow, item))
            continue;
        if (flow->purpose == purpose)
            return flow;
        if (compatible == NULL)
            compatible = flow;
    }
    return compatible;
}

/* G3: need to know. */
static void judge_need (struct judgement *self)
{
    struct grant_refusal *refusal = NULL;
    struct item item;
    for (size_t i = 0; i < count_items (self); i++) {
        if (!item_at (self, i, &item) || find_flow (self, &item) != NULL)
            continue;
        if (refusal == NULL)
            refusal = refuse (self, NOT_NEEDED, "G3");
        if (refusal->details.count < DETAILS)
            add_detail (self, refusal,
                        arena_printf (self->arena, "%s > %s: %s", item.provider->id, item.recipient->id,
                                      self->facts->policy->categories[item.category].entry.code));
    }
}

/* G4: informed. */
static bool is_informed (const struct judgement *self)
{
    const struct statement *statement = self->statement;
    const struct policy *policy = self->facts->policy;
    const char *id = statement->notice.id, *version = statement->notice.version;
    const char *language = statement->notice.language;
    if (id[0] == '\0' || version[0] == '\0' || language[0] == '\0' || statement->notice.given_at <= 0 ||
        statement->notice.given_at > statement->recorded_at)
        return false;
    /* Each signer must know beforehand what he signs for. */
    for (size_t i = 0; i < statement->signature_count; i++)
        if (statement->notice.given_at > statement->signatures[i].given_at)
            return false;
    for (size_t i = 0; i < policy->notice_count; i++)
        if (strcmp (policy->notices[i].id, id) == 0 && strcmp (policy->notices[i].version, version) == 0 &&
            strcmp (policy->notices[i].language, language) == 0)
            return true;
    return policy->notice_count == 0;
}

/* G5: form. The details say why more is needed than was given: special categories, and third parties. */
static void judge_form (struct judgement *self)
{
    const struct policy *policy = self->facts->policy;
    const struct statement *statement = self->statement;
    bool on_paper = statement->form == FORM_WRITTEN || statement->form == FORM_DIGITAL;
    if (on_paper && statement->has_evidence)
        return;
    struct grant_refusal *refusal = NULL;
    const struct text_set *categories = &statement->scope.categories;
    for (size_t i = 0; i < categories->count; i++) {
        if (policy->categories[self->categories[i]].special == SPECIAL_NO)
            continue;
        if (refusal == NULL)
            refusal = refuse (self, FORM_INSUFFICIENT, "G5");
        add_detail (self, refusal, categories->item[i]);
    }
    for (size_t i = 0; i < statement->scope.recipients.count; i++) {
        code kind = self->recipients[i]->kind;
        if (kind < policy->kind_count && !policy->kinds[kind].third_party)
            continue;
        if (refusal == NULL)
            refusal = refuse (self, FORM_INSUFFICIENT, "G5");
        add_detail (self, refusal, self->recipients[i]->id);
    }
}

/* G6: bounded. */
static bool is_too_long (const struct judgement *self)
{
    const struct statement *statement = self->statement;
    unsigned months = self->facts->policy->purposes[statement->scope.purpose_code].longest_months;
    moment begins =
        statement->valid_from < statement->recorded_at ? statement->valid_from : statement->recorded_at;
    return statement->valid_until == 0 || statement->valid_until > calendar_end_after_months (begins, months);
}

/* G7: the professional who acts can raise the secrecy of a provider, and never lowers it. */
static bool is_bound_by_secrecy (const struct judgement *self, const struct party *provider)
{
    return self->statement->under_secrecy || provider->secrecy == SECRECY_PROFESSIONAL;
}

/* G7: a provider or a flow makes the consent one-time. */
static bool must_be_one_time (const struct judgement *self)
{
    for (size_t i = 0; i < self->statement->scope.providers.count; i++)
        if (is_bound_by_secrecy (self, self->providers[i]))
            return true;
    struct item item;
    for (size_t i = 0; i < count_items (self); i++) {
        if (!item_at (self, i, &item))
            continue;
        const struct policy_flow *flow = find_flow (self, &item);
        if (flow != NULL && flow->one_time)
            return true;
    }
    return false;
}

/* G8: signed. A consent that would be recorded as lapsed already (M5) does not count as signed. Neither does one
   of a subject who is dead (M10). */
static bool is_signed (const struct judgement *self)
{
    const struct grant_facts *facts = self->facts;
    const struct statement *statement = self->statement;
    return represent_is_signed (facts->policy, facts->subject, statement->signatures,
                                statement->signature_count) &&
           represent_lapses_at (facts->policy, facts->subject, statement) > facts->now;
}

/* The first origin of the consent that is not before `origin`. CODE_NONE: there is none. A consent that names no
   origins is judged for the flow's default only. */
static code next_origin (const struct judgement *self, const struct policy_flow *flow, unsigned origin)
{
    const struct scope *scope = &self->statement->scope;
    if (!scope->names_origins)
        return origin <= flow->default_origin ? flow->default_origin : CODE_NONE;
    for (; origin < self->facts->policy->origin_count; origin++)
        if (code_set_has (&scope->origin_set, (code)origin))
            return (code)origin;
    return CODE_NONE;
}

/* Statutes of the flow carry the item for each origin of the consent. They are added to `by`. */
static bool flow_carries_by_statute (const struct judgement *self, const struct policy_flow *flow,
                                     const struct item *item, code_set *by)
{
    const struct policy *policy = self->facts->policy;
    uint64_t passed_from;
    struct statute_item asked = {
        .policy = policy,
        .flow = flow,
        .provider = item->provider,
        .recipient = item->recipient,
        .category = item->category,
        .bound_by_secrecy = is_bound_by_secrecy (self, item->provider),
        /* A consent that is recorded now passes the restriction (C5). If the statute does not pass it, the consent
           is of use. */
        .under_failed_gate = subject_is_restricted (self->facts->subject,
                                                    policy->categories[item->category].entry.code, &passed_from),
    };
    asked.origin = next_origin (self, flow, 0);
    do {
        code statute = statute_find (&asked).statute;
        if (statute == CODE_NONE)
            return false;
        code_set_add (by, statute);
        asked.origin = next_origin (self, flow, asked.origin + 1U);
    } while (asked.origin != CODE_NONE);
    return true;
}

/* Statutes carry the item. A flow that admits consent must have one, since otherwise the consent is of use there:
   a flow of its own purpose, or of a compatible one. In a flow that does not admit it (`consent = no`), consent is
   of no use; a statute of it carries the item all the same. */
static bool is_carried_by_statute (const struct judgement *self, const struct item *item, code_set *by)
{
    const struct policy *policy = self->facts->policy;
    bool is_carried = false;
    for (size_t i = 0; i < policy->flow_count; i++) {
        const struct policy_flow *flow = &policy->flows[i];
        code_set statutes = {{0}};
        if (!carries (self, flow, item))
            continue;
        if (flow_carries_by_statute (self, flow, item, &statutes)) {
            code_set_add_all (by, &statutes);
            is_carried = true;
        } else if (!flow->no_consent) {
            return false;
        }
    }
    return is_carried;
}

/* G9: the valid ground. The details are the statutes. */
static void judge_ground (struct judgement *self)
{
    const struct policy *policy = self->facts->policy;
    struct grant_outcome *outcome = self->outcome;
    code_set by = {{0}};
    struct item item;
    for (size_t i = 0; i < count_items (self); i++)
        if (item_at (self, i, &item) && !is_carried_by_statute (self, &item, &by))
            return;
    struct grant_refusal *refusal = &outcome->warning;
    if (policy->refuse_consent_not_the_ground)
        refusal = refuse (self, CONSENT_NOT_THE_GROUND, "G9");
    else
        *refusal = (struct grant_refusal){.code = CONSENT_NOT_THE_GROUND, .rule = "G9"};
    outcome->has_warning = !policy->refuse_consent_not_the_ground;
    for (size_t i = 0; i < policy->statute_count; i++)
        if (code_set_has (&by, (code)i))
            add_detail (self, refusal, policy->statutes[i].entry.code);
}

static void judge_one_time (struct judgement *self)
{
    const struct statement *statement = self->statement;
    if (!statement->one_time && must_be_one_time (self))
        refuse (self, MUST_BE_ONE_TIME, "G7");
    if (statement->one_time && (statement->scope.providers.count != 1 || statement->scope.recipients.count != 1))
        refuse (self, ONE_TIME_TOO_WIDE, "G7");
}

static void judge_consent (struct judgement *self)
{
    judge_need (self); /* G3 */
    if (!is_informed (self))
        refuse (self, NOT_INFORMED, "G4");
    judge_form (self); /* G5 */
    if (is_too_long (self))
        refuse (self, TOO_LONG, "G6");
    judge_one_time (self); /* G7 */
    if (!is_signed (self))
        refuse (self, REPRESENTATION_MISSING, "G8");
    judge_ground (self); /* G9 */
}

/* G1: a request for a consent. */
static void judge_request (struct judgement *self)
{
    judge_need (self); /* G3 */
    if (is_too_long (self))
        refuse (self, TOO_LONG, "G6");
    judge_one_time (self); /* G7 */
    judge_ground (self);   /* G9 */
}

/* G12: the refusal is the word of somebody who could withdraw when he gave it. The subject lives. */
static void judge_refusal (struct judgement *self)
{
    const struct grant_facts *facts = self->facts;
    const struct statement *statement = self->statement;
    bool alive = facts->subject->death.month == 0 || calendar_start (facts->subject->death) > facts->now;
    for (size_t i = 0; alive && i < statement->signature_count; i++)
        if (represent_may_withdraw (facts->policy, facts->subject, statement->signatures[i].signer,
                                    statement->signatures[i].given_at))
            return;
    refuse (self, REPRESENTATION_MISSING, "G12");
}

static void judge (struct judgement *self)
{
    struct grant_outcome *outcome = self->outcome;
    outcome->invalid_field = outcome->invalid_message = NULL;
    outcome->refusal_count = 0;
    outcome->has_warning = false;
    /* G2: blanket. */
    if (grant_is_blanket (self->statement)) {
        refuse (self, BLANKET_CONSENT, "G2");
        return;
    }
    if (!is_valid (self))
        return;
    statement_resolve (self->statement, self->facts->policy);
    if (self->kind == JUDGE_REFUSAL)
        judge_refusal (self);
    else if (self->kind == JUDGE_REQUEST)
        judge_request (self);
    else
        judge_consent (self);
}

void grant_judge (const struct grant_facts *facts, struct statement *statement, struct arena *arena,
                  struct grant_outcome *outcome)
{
    struct judgement self = {.facts = facts, .statement = statement, .arena = arena, .outcome = outcome};
    self.kind = statement->refusal ? JUDGE_REFUSAL : JUDGE_CONSENT;
    if (statement->refusal) {
        statement->valid_from = statement->recorded_at;
        statement->valid_until = MOMENT_NEVER;
        statement->one_time = false;
    }
    judge (&self);
}

void grant_judge_request (const struct grant_facts *facts, struct statement *statement, struct arena *arena,
                          struct grant_outcome *outcome)
{
    struct judgement self = {.facts = facts, .statement = statement, .arena = arena, .outcome = outcome};
    self.kind = JUDGE_REQUEST;
    judge (&self);
}

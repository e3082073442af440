/* The question of a case: the parties, the items, and a ground without consent that is claimed (C8). */
#include <string.h>
#include "policy_case_reading.h"
#include "policy/policy_error.h"
#include "rules/represent.h"

#define COUNT(array) (sizeof (array) / sizeof *(array))

/* "party horizon zorgaanbieder professional without-agreement inactive" */
static void read_party (struct case_reading *self, struct policy_field *field)
{
    static const char *const words[] = {"official", "professional", "without-agreement", "inactive"};
    struct policy_reading *pack = self->pack;
    case_start (self, field);
    unsigned line = self->words.line;
    const char *name = case_take (self, "a name for the party"), *kind_name = case_take (self, "its kind");
    policy_check_code (pack, line, "party", name);
    code kind = pack->failed ? CODE_NONE : policy_word_code (pack, line, kind_name, &pack->kinds);
    if (pack->failed)
        return;
    for (size_t i = 0; i < self->party_count; i++)
        if (strcmp (self->parties[i]->id, name) == 0)
            policy_fail (pack, line, "party \"%s\" is given twice", name);
    if (policy_kind (pack->policy, name) != CODE_NONE)
        policy_fail (pack, line, "\"%s\" is a kind already; a party needs a name of its own", name);
    struct party *party = case_add_party (self, line, name, kind);
    while (!pack->failed && self->word != NULL) {
        line = self->words.line;
        int one = policy_word_choice (pack, field, (struct policy_word){case_take (self, ""), line}, words,
                                      COUNT (words));
        if (one < 2 && (int)party->secrecy <= one)
            party->secrecy = (enum secrecy) (one + 1);
        if (one == 2)
            party->agreement_from = party->agreement_until = MOMENT_NEVER;
        party->active = party->active && one != 3;
    }
}

static const struct party *read_side (struct case_reading *self, const struct policy_stanza *stanza,
                                      const char *key)
{
    case_start (self, policy_stanza_field (stanza, key));
    const struct party *party = case_take_party (self);
    case_end (self);
    return party;
}

code_set case_take_items (struct case_reading *self, code *origin)
{
    struct policy_reading *pack = self->pack;
    unsigned line = self->words.line;
    char *colon = strchr (self->word, ':');
    if (colon != NULL) {
        *colon = '\0';
        *origin = policy_word_code (pack, line, colon + 1, &pack->origins);
    }
    return case_take_categories (self);
}

static void add_item (struct case_reading *self, code category, code origin)
{
    struct check *check = &self->one->check;
    for (size_t i = 0; i < check->item_count; i++)
        if (check->items[i].category == category && check->items[i].origin == origin)
            case_fail (self, "\"%s\" is asked twice", self->pack->policy->categories[category].entry.code);
    if (check->item_count == DECIDE_ITEMS)
        case_fail (self, "more than %d items", DECIDE_ITEMS);
    else
        check->items[check->item_count++] = (struct check_item){category, origin};
}

static void read_items (struct case_reading *self, struct policy_field *field, code usual_origin)
{
    case_start (self, field);
    while (!self->pack->failed && self->word != NULL) {
        code origin = usual_origin;
        code_set set = case_take_items (self, &origin);
        for (size_t i = 0; i < self->pack->policy->category_count && !self->pack->failed; i++)
            if (code_set_has (&set, (code)i))
                add_item (self, (code)i, origin);
    }
    if (self->one->check.item_count == 0)
        case_fail (self, "\"items\" has no value");
}

static void read_mode (struct case_reading *self, struct policy_field *field)
{
    static const char *const words[] = {"disclose", "advise"};
    bool advise = field != NULL && policy_field_choice (self->pack, field, words, COUNT (words)) == 1;
    self->one->check.mode = advise ? MODE_ADVISE : MODE_DISCLOSE;
}

static void read_inform (struct case_reading *self, struct triage *triage)
{
    triage->inform = INFORM_BEFORE;
    if (!case_take_if (self, "inform") || case_take_if (self, "before"))
        return;
    if (!case_take_if (self, "after")) {
        case_fail (self, "\"inform\" is before, or after and a day");
        return;
    }
    triage->inform = INFORM_AFTER;
    triage->inform_by = calendar_start (case_take_day (self));
}

/* The position of the part with this name in triage_names. TRIAGE_PARTS: there is none. */
static unsigned part_named (const char *name)
{
    unsigned i = 0;
    while (i < TRIAGE_PARTS && strcmp (triage_names[i], name) != 0)
        i++;
    return i;
}

static void fail_unknown_part (struct case_reading *self, unsigned line, const char *word)
{
    struct policy_nearest nearest;
    char hint[POLICY_CODE_SIZE + 32];
    policy_nearest_start (&nearest, word);
    for (unsigned i = 0; i < TRIAGE_PARTS; i++)
        policy_nearest_offer (&nearest, triage_names[i]);
    policy_fail (self->pack, line, "\"%.48s\" is no part of a triage decision%s", word,
                 policy_nearest_hint (&nearest, hint, sizeof hint));
}

/* Makes a triage decision with the parts that `has` names, by their position in triage_names. */
static void make_triage (struct triage *triage, const bool *has)
{
    const struct {
        const char *name;
        const char **text;
    } texts[] = {{"necessity", &triage->necessity},
                 {"subsidiarity", &triage->subsidiarity},
                 {"proportionality", &triage->proportionality},
                 {"purpose_limitation", &triage->purpose_limitation},
                 {"objections", &triage->objections},
                 {"manager_consulted", &triage->manager_consulted},
                 {"inform_why", &triage->inform_why},
                 {"consent_sought", &triage->consent_sought},
                 {"no_other_way", &triage->no_other_way},
                 {"serious_harm", &triage->serious_harm},
                 {"conflict_of_duties", &triage->conflict_of_duties}};
    for (size_t i = 0; i < COUNT (texts); i++)
        *texts[i].text = has[part_named (texts[i].name)] ? "given" : "";
    triage->serious_situation = has[part_named ("serious_situation")];
    triage->urgent_support = has[part_named ("urgent_support")];
    if (!has[part_named ("inform")])
        triage->inform = INFORM_UNSAID;
    if (!has[part_named ("inform_by")])
        triage->inform_by = 0;
}

/* Makes a triage decision that has every part, except those named after "without". */
static void read_without (struct case_reading *self, struct triage *triage)
{
    bool has[TRIAGE_PARTS + 1];
    memset (has, true, sizeof has);
    if (case_take_if (self, "without"))
        do {
            unsigned line = self->words.line;
            const char *word = case_take (self, "what the triage decision lacks");
            unsigned part = part_named (word);
            if (part == TRIAGE_PARTS)
                fail_unknown_part (self, line, word);
            has[part] = false;
        } while (self->word != NULL);
    make_triage (triage, has);
}

static void read_urgent_reason (struct case_reading *self, struct claim *claim)
{
    const struct policy *policy = self->pack->policy;
    const struct policy_vocabulary reasons = {.sort = "urgent reason",
                                              .list = policy->urgent_reasons,
                                              .count = policy->urgent_reason_count,
                                              .stride = sizeof *policy->urgent_reasons,
                                              .incomplete = self->pack->unsure_reasons};
    unsigned line = self->words.line;
    const char *word = case_take (self, "an urgent reason");
    claim->reason = self->pack->failed ? CODE_NONE : policy_word_code (self->pack, line, word, &reasons);
    read_inform (self, &claim->triage);
    read_without (self, &claim->triage);
}

/* Makes the list of all who must consent on the day of the case. */
static void ask_as_must (struct case_reading *self, struct text_set *by)
{
    const struct policy *policy = self->pack->policy;
    const struct subject *subject = &self->one->subject;
    struct signers signers = represent_signers (policy, subject, self->one->now);
    if (signers.subject)
        by->item[by->count++] = "subject";
    for (size_t i = 0; signers.representatives && i < subject->representative_count; i++)
        if (represent_counts (policy, &subject->representatives[i], self->one->now))
            by->item[by->count++] = subject->representatives[i].reference;
}

/* Reads who asks in writing, and on which day. If not given: all who must consent, on the day of the case. */
static void read_written_request (struct case_reading *self, struct claim *claim)
{
    struct text_set *by = &claim->by;
    claim->given_at = calendar_start (self->day);
    if (case_take_if (self, "by"))
        do {
            const char *name = case_take (self, "who asks in writing");
            if (text_set_has (by, name))
                case_fail (self, "\"%.48s\" is in this list twice", name);
            else if (by->count == CASE_LIST)
                case_fail (self, "more than %d persons ask in writing", CASE_LIST);
            else
                by->item[by->count++] = name;
        } while (!self->pack->failed && self->word != NULL && strcmp (self->word, "on") != 0);
    else if (self->meaningful)
        ask_as_must (self, by);
    if (case_take_if (self, "on"))
        claim->given_at = calendar_start (case_take_day (self));
    if (claim->given_at > self->one->now)
        case_fail (self, "who asks after the day of the case has not asked yet");
    case_sort (by);
}

/* "claims written-request by moeder, vader on -3", "claims urgent-reasons vitaal-belang inform after +7 without
   necessity" */
static void read_claims (struct case_reading *self, struct policy_field *field)
{
    static const char *const words[] = {"written-request", "urgent-reasons"};
    struct claim *claim = &self->one->check.claim;
    *claim = (struct claim){.by = {.item = arena_array (self->arena, CASE_LIST + 1, sizeof (char *))},
                            .reason = CODE_NONE};
    if (field == NULL)
        return;
    case_start (self, field);
    unsigned line = self->words.line;
    const char *word = case_take (self, "a ground without consent");
    int kind = self->pack->failed ? -1
                                  : policy_word_choice (self->pack, field, (struct policy_word){word, line}, words,
                                                        COUNT (words));
    if (kind < 0)
        return;
    claim->kind = kind == 0 ? CLAIM_WRITTEN_REQUEST : CLAIM_URGENT_REASONS;
    if (kind == 1)
        read_urgent_reason (self, claim);
    else
        read_written_request (self, claim);
    case_end (self);
}

/* C15: "manager consulted", or "manager not-available". */
static void read_manager (struct case_reading *self, struct policy_field *field)
{
    static const char *const words[] = {"consulted", "not-available"};
    int said = field != NULL ? policy_field_choice (self->pack, field, words, COUNT (words)) : -1;
    self->one->check.manager_consulted = said == 0;
    self->one->check.no_manager = said == 1;
}

void case_read_question (struct case_reading *self, const struct policy_stanza *stanza)
{
    struct policy_reading *pack = self->pack;
    struct check *check = &self->one->check;
    struct policy_field *origin = policy_stanza_field (stanza, "origin");
    struct policy_field *reference = policy_stanza_field (stanza, "case-reference");
    size_t failures = pack->failures;
    case_read_each (self, stanza, "party", read_party);
    self->unsure_parties = pack->failures > failures;
    check->provider = read_side (self, stanza, "provider");
    check->recipient = read_side (self, stanza, "recipient");
    policy_part (pack);
    if (check->provider != NULL && check->provider == check->recipient)
        policy_fail (pack, stanza->line,
                     "provider and recipient are the same party; give one of them a name with \"party\"");
    check->purpose = policy_field_code (pack, policy_stanza_field (stanza, "purpose"), &pack->purposes);
    code usual = origin != NULL ? policy_field_code (pack, origin, &pack->origins) : CODE_NONE;
    read_items (self, policy_stanza_field (stanza, "items"), usual);
    read_mode (self, policy_stanza_field (stanza, "mode"));
    check->all_or_nothing = policy_field_yes (pack, policy_stanza_field (stanza, "all-or-nothing"));
    read_manager (self, policy_stanza_field (stanza, "manager"));
    check->under_secrecy = policy_field_yes (pack, policy_stanza_field (stanza, "under-secrecy"));
    check->case_ref = reference != NULL ? policy_field_word (pack, reference) : "";
    read_claims (self, policy_stanza_field (stanza, "claims"));
}

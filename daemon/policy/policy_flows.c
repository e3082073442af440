/* flows.txt: the rows of KB article 8. No two of them may contradict each other. */
#include <string.h>
#include "policy_error.h"
#include "policy_parts.h"

#define COUNT(array) (sizeof (array) / sizeof *(array))

/* Reads "statute wmo-5.2.2 by zorgaanbieder, pgb-hulpverlener to kernteam". A kind that is not in the flow is
   refused: the statute could never apply to it. Where the kinds of the flow were refused, nobody knows that. */
static void read_flow_statute (struct policy_reading *self, struct policy_field *field,
                               const struct policy_flow *flow, struct policy_flow_statute *statute)
{
    struct policy_words words = policy_words_of (field);
    char *word = policy_words_next (&words);
    if (word == NULL) {
        policy_fail (self, field->line, "\"statute\" has no value");
        return;
    }
    statute->statute = policy_word_code (self, words.line, word, &self->statutes);

    code_set *set = NULL;
    const code_set *whole = NULL;
    const char *side = "";
    while (!self->failed && (word = policy_words_next (&words)) != NULL) {
        bool by = strcmp (word, "by") == 0;
        if (by || strcmp (word, "to") == 0) {
            if (set != NULL && code_set_is_empty (set))
                policy_fail (self, words.line, "\"%s\" names nobody", side);
            set = by ? &statute->by : &statute->to;
            whole = by ? &flow->providers : &flow->recipients;
            side = by ? "by" : "to";
            if (!code_set_is_empty (set))
                policy_fail (self, words.line, "\"%s\" is given twice", side);
            continue;
        }
        if (set == NULL) {
            policy_fail (self, words.line, "\"%.48s\" after the statute; only \"by\" or \"to\" can follow", word);
            return;
        }
        policy_word_add (self, words.line, word, &self->kinds, set);
        if (!code_set_is_empty (whole) && !code_set_within (set, whole))
            policy_fail (self, words.line, "\"%s\" is no %s of flow \"%s\"", word,
                         policy_in_words (set == &statute->by ? "provider" : "recipient"), flow->entry.code);
    }
    if (set != NULL && code_set_is_empty (set))
        policy_fail (self, words.line, "\"%s\" names nobody", side);
}

static bool same_set (const code_set *a, const code_set *b)
{
    return code_set_within (a, b) && code_set_within (b, a);
}

static void read_flow_statutes (struct policy_reading *self, const struct policy_stanza *stanza,
                                struct policy_flow *flow)
{
    flow->statutes = policy_allocate (stanza->field_count, sizeof *flow->statutes);
    for (size_t i = 0; i < stanza->field_count; i++) {
        struct policy_field *field = &stanza->fields[i];
        if (strcmp (field->key, "statute") != 0 || !policy_field_begin (self, field))
            continue;
        struct policy_flow_statute *new = &flow->statutes[flow->statute_count];
        read_flow_statute (self, field, flow, new);
        for (size_t j = 0; j < flow->statute_count; j++) {
            const struct policy_flow_statute *old = &flow->statutes[j];
            if (old->statute == new->statute && same_set (&old->by, &new->by) && same_set (&old->to, &new->to))
                policy_fail (self, field->line, "this statute is named twice for the same parties");
        }
        flow->statute_count += !self->failed;
    }
}

/* Reads what the flow admits. Consent is admitted unless the line says "consent no". It may be named all the same,
   so that the line says all that it means. */
static void read_admits (struct policy_reading *self, struct policy_field *field, struct policy_flow *flow)
{
    static const char *const words[] = {"consent", "written-request", "urgent-reasons"};
    bool admits[COUNT (words)] = {false};
    if (!policy_field_begin (self, field))
        return;
    struct policy_words list = policy_words_of (field);
    for (char *word; !self->failed && (word = policy_words_next (&list)) != NULL;) {
        int one = policy_word_choice (self, field, (struct policy_word){word, list.line}, words, COUNT (words));
        if (one < 0)
            return;
        if (admits[one])
            policy_fail (self, list.line, "\"%s\" is in this list twice", word);
        admits[one] = true;
    }
    if (!admits[0] && !flow->no_consent)
        policy_fail (self, field->line,
                     "a flow admits consent unless it says \"consent no\"; begin this list with \"consent\"");
    if (admits[0] && flow->no_consent)
        policy_fail (self, field->line, "this flow says \"consent no\", and admits consent all the same");
    flow->written_request = admits[1];
    flow->urgent_reasons = admits[2];
}

static void read_flow (struct policy_reading *self, const struct policy_stanza *stanza, void *entry)
{
    struct policy_flow *flow = entry;
    policy_read_entry (self, stanza, &flow->entry);
    flow->providers = policy_field_codes (self, policy_stanza_field (stanza, "providers"), &self->kinds);
    flow->recipients = policy_field_codes (self, policy_stanza_field (stanza, "recipients"), &self->kinds);
    flow->purpose = policy_field_code (self, policy_stanza_field (stanza, "purpose"), &self->purposes);
    flow->categories = policy_field_codes (self, policy_stanza_field (stanza, "categories"), &self->categories);
    flow->default_origin = policy_field_code (self, policy_stanza_field (stanza, "origin"), &self->origins);
    struct policy_field *consent = policy_stanza_field (stanza, "consent");
    flow->no_consent = consent != NULL && !policy_field_yes (self, consent);
    bool unsure = consent != NULL && self->failed; /* whether it must admit consent */
    struct policy_field *admits = policy_stanza_field (stanza, "admits");
    policy_part (self);
    if (admits == NULL && !flow->no_consent && !policy_stanza_has (stanza, "admits"))
        policy_fail (self, stanza->line, "flow \"%s\" has no \"admits\"", stanza->name);
    if (admits != NULL && !unsure)
        read_admits (self, admits, flow);
    flow->one_time = policy_field_yes (self, policy_stanza_field (stanza, "one-time"));
    read_flow_statutes (self, stanza, flow);
}

/* The first code that both sets have. CODE_NONE: there is none. */
static code first_shared (const code_set *a, const code_set *b, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (code_set_has (a, (code)i) && code_set_has (b, (code)i))
            return (code)i;
    return CODE_NONE;
}

/* A cell (provider kind, recipient kind, purpose, category) may be in one flow only. With two, the answer would
   depend on their order, even if today both say the same. */
static void check_overlap (struct policy_reading *self, const struct policy_flow *earlier,
                           const struct policy_flow *later, unsigned line)
{
    const struct policy *policy = self->policy;
    code provider = first_shared (&earlier->providers, &later->providers, policy->kind_count);
    code recipient = first_shared (&earlier->recipients, &later->recipients, policy->kind_count);
    code category = first_shared (&earlier->categories, &later->categories, policy->category_count);
    if (earlier->purpose != later->purpose || later->purpose == CODE_NONE || provider == CODE_NONE ||
        recipient == CODE_NONE || category == CODE_NONE)
        return;
    policy_part (self);
    policy_fail (self, line, "flows \"%s\" and \"%s\" both carry %s from %s to %s for %s; only one may",
                 earlier->entry.code, later->entry.code, policy->categories[category].entry.code,
                 policy->kinds[provider].entry.code, policy->kinds[recipient].entry.code,
                 policy->purposes[later->purpose].entry.code);
}

void policy_read_flows (struct policy_reading *self, const struct policy_document *document)
{
    static const char *const sorts[] = {"flow"};
    static const struct policy_key keys[] = {
        {"nl", KEY_REQUIRED},         {"en", KEY_REQUIRED},         {"source", KEY_REQUIRED},
        {"providers", KEY_REQUIRED},  {"recipients", KEY_REQUIRED}, {"purpose", KEY_REQUIRED},
        {"categories", KEY_REQUIRED}, {"origin", KEY_REQUIRED},     {"admits", KEY_OPTIONAL},
        {"consent", KEY_OPTIONAL},    {"one-time", KEY_OPTIONAL},   {"statute", KEY_REPEATED}};
    static const struct policy_sort sort = {"flow", sizeof (struct policy_flow), keys, COUNT (keys), read_flow};
    struct policy_vocabulary flows;
    policy_check_headings (self, document, sorts, COUNT (sorts), false);
    self->policy->flows = policy_read_list (self, document, &sort, &flows);
    self->policy->flow_count = flows.count;
    /* This file has no headings but flows, so the stanza of a flow has the same index as the flow. */
    for (size_t later = 1; later < flows.count && !self->unsure; later++)
        for (size_t earlier = 0; earlier < later; earlier++)
            check_overlap (self, &self->policy->flows[earlier], &self->policy->flows[later],
                           document->stanzas[later].line);
}

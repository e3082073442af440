/* Explains a decision: in words for people, and as a document for programs. */
#include "explanation.h"

#include <inttypes.h>
#include <string.h>
#include "codec/document.h"
#include "code_words.h"
#include "moments.h"
#include "table.h"

/* --- Words --------------------------------------------------------------------------------------------- */

static const char *const about_words[][LANGUAGES] = {
    [TRACE_AGREEMENT] = {"agreement of", "overeenkomst van"},
    [TRACE_FLOW] = {"flow", "verstrekking"},
    [TRACE_RESTRICTION] = {"restriction", "afscherming"},
    [TRACE_STATUTE] = {"statute", "wet"},
    [TRACE_REFUSAL] = {"refusal", "weigering"},
    [TRACE_CONSENT] = {"consent", "toestemming"},
    [TRACE_CLAIM] = {"claimed ground", "ingeroepen grond"},
    [TRACE_WHOLE] = {"all or nothing", "alles of niets"},
    [TRACE_WILL] = {"the subject's will", "de wil van de betrokkene"},
    [TRACE_MANAGER] = {"manager", "leidinggevende"},
};

static const char *const rules_of[] = {
    [TRACE_AGREEMENT] = "C3", [TRACE_FLOW] = "C4",     [TRACE_RESTRICTION] = "C5", [TRACE_STATUTE] = "C6",
    [TRACE_REFUSAL] = "C7",   [TRACE_CONSENT] = "C7",  [TRACE_CLAIM] = "C8",       [TRACE_WHOLE] = "C11",
    [TRACE_WILL] = "C15",     [TRACE_MANAGER] = "C15",
};

static const char *const outcome_names[] = {
    [TRACE_PASSES] = "PASSES",
    [TRACE_FAILS] = "FAILS",
    [TRACE_OUT_OF_SCOPE] = "OUT_OF_SCOPE",
    [TRACE_BEHIND_GATE] = "BEHIND_GATE",
    [TRACE_SUPERSEDED] = "SUPERSEDED",
    [TRACE_SHUT_OUT] = "SHUT_OUT",
    [TRACE_SHUTS_OUT] = "SHUTS_OUT",
    [TRACE_NOT_CLAIMED] = "NOT_CLAIMED",
    [TRACE_NOT_ADMITTED] = "NOT_ADMITTED",
};

static const char *const outcome_words[][LANGUAGES] = {
    [TRACE_OUT_OF_SCOPE] = {"not by or to these kinds of party", "niet door of aan deze soorten partijen"},
    [TRACE_BEHIND_GATE] = {"does not pass what failed before", "heft niet op wat hiervoor ontbrak"},
    [TRACE_SUPERSEDED] = {"replaced by a later consent", "vervangen door een latere toestemming"},
    [TRACE_SHUT_OUT] = {"older than the refusal", "ouder dan de weigering"},
    [TRACE_SHUTS_OUT] = {"shuts out every older consent", "sluit elke oudere toestemming uit"},
    [TRACE_NOT_CLAIMED] = {"not claimed", "niet ingeroepen"},
    [TRACE_NOT_ADMITTED] = {"never carries this: about other persons", "draagt dit nooit: over andere personen"},
};

/* What it means that a rule passes. */
static const char *const pass_words[][LANGUAGES] = {
    [TRACE_AGREEMENT] = {"in force", "van kracht"},
    [TRACE_FLOW] = {"carries this", "voorziet hierin"},
    [TRACE_RESTRICTION] = {"none", "geen"},
    [TRACE_STATUTE] = {"holds", "is de grond"},
    [TRACE_CONSENT] = {"holds", "geldt"},
    [TRACE_CLAIM] = {"holds", "is de grond"},
    [TRACE_WILL] = {"against it: reported afterwards", "daartegen in: achteraf verantwoord"},
    [TRACE_MANAGER] = {"consulted, or said why not", "geraadpleegd, of gezegd waarom niet"},
};

static const char *words_of (enum rule_code one, enum language language)
{
    const struct code_words *words = code_words_of ((Consentd__Code)one);
    return language == DUTCH ? words->dutch : words->english;
}

static const char *statement_id (const struct explanation *self, long position)
{
    char *text = arena_alloc (self->ctl->arena, 33);
    consent_hex (self->again.facts.statements[position].id, 16, text);
    return text;
}

/* Which statute, statement or flow a step is about. */
static const char *what_of (const struct explanation *self, const struct trace_step *step)
{
    const struct policy *policy = self->policy;
    const Consentd__CheckRequest *check = self->past.shown->check;
    if (step->about == TRACE_AGREEMENT)
        return step->position == 0 ? check->provider : check->recipient;
    if (step->about == TRACE_CLAIM && check->urgent_reasons)
        return check->urgent_reasons->reason;
    if (step->position == TRACE_NO_POSITION)
        return "";
    switch (step->about) {
    case TRACE_FLOW:
        return arena_printf (self->ctl->arena, "%s (%s)", policy->flows[step->position].entry.code,
                             policy->flows[step->position].entry.source);
    case TRACE_STATUTE:
        return arena_printf (self->ctl->arena, "%s (%s)", policy->statutes[step->position].entry.code,
                             policy->statutes[step->position].entry.source);
    case TRACE_REFUSAL:
    case TRACE_CONSENT:
    case TRACE_WILL:
        return statement_id (self, step->position);
    default:
        return "";
    }
}

/* The missing parts of the triage decision, which belong to its code. */
static const char *details_of (const struct explanation *self, size_t item, enum rule_code one)
{
    const Consentd__CheckReply *reply = self->past.shown->reply;
    const char *text = "";
    for (size_t i = 0; item < reply->n_items && i < reply->items[item]->n_reasons; i++) {
        const Consentd__Reason *reason = reply->items[item]->reasons[i];
        for (size_t j = 0; (int)reason->code == (int)one && j < reason->n_details; j++)
            text = arena_printf (self->ctl->arena, "%s%s%s", text, j ? ", " : ": ", reason->details[j]);
    }
    return text;
}

static const char *conclusion_of (const struct explanation *self, const struct trace_step *step)
{
    static const char *const not_asked[LANGUAGES] = {"not asked of this kind of party",
                                                     "voor deze soort partij niet nodig"};
    const struct party *party = step->position == 0 ? &self->again.provider : &self->again.recipient;
    if (step->outcome == TRACE_PASSES && step->about == TRACE_AGREEMENT &&
        !self->policy->kinds[party->kind].needs_agreement)
        return not_asked[self->language];
    if (step->outcome == TRACE_PASSES)
        return pass_words[step->about][self->language];
    const char *text = step->outcome == TRACE_FAILS ? "" : outcome_words[step->outcome][self->language];
    for (unsigned i = 0; i < step->codes.count; i++) {
        enum rule_code one = (enum rule_code)step->codes.code[i];
        text = arena_printf (self->ctl->arena, "%s%s%s: %s%s", text, *text ? "; " : "", rule_code_name (one),
                             words_of (one, self->language), details_of (self, step->item, one));
    }
    return text;
}

static const char *about_of (const struct explanation *self, const struct trace_step *step)
{
    const char *what = what_of (self, step);
    return arena_printf (self->ctl->arena, "%s%s%s", about_words[step->about][self->language], *what ? " " : "",
                         what);
}

/* --- For people ---------------------------------------------------------------------------------------- */

static void print_head (const struct explanation *self)
{
    const Consentd__DecisionShowReply *shown = self->past.shown;
    const char *verdict = consent_name (&consentd__verdict__descriptor, (int)shown->reply->verdict);
    const char *mode = consent_name (&consentd__mode__descriptor, (int)shown->check->mode);
    const bool dutch = self->language == DUTCH;
    struct arena *arena = self->ctl->arena;
    char when[MOMENT_TEXT];
    moment_print (shown->time, when);
    table_print_text (arena,
                      arena_printf (arena,
                                    dutch ? "Besluit %" PRIu64 ", %s, gevraagd door %s: %s"
                                          : "Decision %" PRIu64 ", %s, asked by %s: %s",
                                    shown->number, when, shown->asked_by, verdict),
                      stdout);
    table_print_text (arena,
                      arena_printf (arena,
                                    dutch ? "%s verstrekt aan %s, voor het doel %s (%s), onder %s"
                                          : "%s tells %s, for the purpose %s (%s), under %s",
                                    shown->check->provider, shown->check->recipient, shown->check->purpose, mode,
                                    shown->reply->policy),
                      stdout);
}

/* Prints what the check as a whole claimed, if anything. */
static void print_claims (const struct explanation *self)
{
    static const char *const secrecy[LANGUAGES] = {"who acts is bound to secrecy",
                                                   "wie handelt heeft een geheimhoudingsplicht"};
    static const char *const manager[LANGUAGES] = {"manager consulted: ", "manager geraadpleegd: "};
    static const char *const claimed[LANGUAGES] = {"Claimed: ", "Gesteld: "};
    const Consentd__CheckRequest *check = self->past.shown->check;
    bool is_consulted = *check->manager_consulted != '\0';
    if (check->under_secrecy || is_consulted)
        printf ("%s%s%s%s%s\n", claimed[self->language], check->under_secrecy ? secrecy[self->language] : "",
                check->under_secrecy && is_consulted ? "; " : "", is_consulted ? manager[self->language] : "",
                table_clean (self->ctl->arena, check->manager_consulted));
}

/* What was decided on the item. The ground, if there is one, is in the language asked. */
static const char *came_to (const struct explanation *self, size_t index)
{
    const char *told = past_decision_item (&self->past, index, self->ctl->arena);
    if (self->language != DUTCH)
        return told;
    static const struct {
        const char *english, *dutch;
    } grounds[] = {{"PERMIT consent", "PERMIT toestemming"},
                   {"PERMIT statute", "PERMIT wet"},
                   {"PERMIT written request", "PERMIT schriftelijk verzoek"},
                   {"PERMIT urgent reason", "PERMIT dringende reden"}};
    for (size_t i = 0; i < sizeof grounds / sizeof *grounds; i++) {
        size_t length = strlen (grounds[i].english);
        if (strncmp (told, grounds[i].english, length) == 0)
            return arena_printf (self->ctl->arena, "%s%s", grounds[i].dutch, told + length);
    }
    return told;
}

static void print_item_head (const struct explanation *self, size_t index)
{
    const Consentd__Item *item = self->past.shown->check->items[index];
    printf ("\n%s%s%s  %s\n", item->category, *item->origin ? ":" : "", item->origin, came_to (self, index));
}

static void print_steps (const struct explanation *self, size_t index)
{
    static const char *const headings[LANGUAGES][3] = {{"RULE", "SAW", "CONCLUDED"}, {"REGEL", "ZAG", "BESLOOT"}};
    struct table table = table_start (self->ctl->arena, headings[self->language], 3);
    for (size_t i = 0; i < self->steps.count; i++) {
        const struct trace_step *step = &self->steps.all[i];
        if (step->item == index)
            table_add (&table,
                       (const char *[]){rules_of[step->about], about_of (self, step), conclusion_of (self, step)});
    }
    table_print (&table, stdout);
}

static bool was_heard (const Consentd__ItemVerdict *item, enum rule_code one)
{
    for (size_t i = 0; i < item->n_reasons; i++)
        if ((int)item->reasons[i]->code == (int)one)
            return true;
    return false;
}

/* C9: prints what the caller was told of the item, if that is less. */
static void print_heard (const struct explanation *self, size_t index)
{
    static const char *const lines[LANGUAGES] = {"The caller was told:", "De vrager is verteld:"};
    const Consentd__DecisionShowReply *shown = self->past.shown;
    if (index >= shown->n_all_reasons || index >= shown->reply->n_items)
        return;
    const Consentd__ItemVerdict *item = shown->reply->items[index];
    const Consentd__DecisionReasons *all = shown->all_reasons[index];
    bool less = all->n_codes != item->n_reasons;
    for (size_t i = 0; i < all->n_codes; i++)
        less = less || !was_heard (item, (enum rule_code)all->codes[i]);
    if (!less)
        return;
    fputs (lines[self->language], stdout);
    for (size_t i = 0; i < item->n_reasons; i++)
        printf ("%s %s", i ? "," : "", rule_code_name ((enum rule_code)item->reasons[i]->code));
    fputs (" (C9)\n", stdout);
}

/* Prints each code that was given to the caller or the log, with its article, once. */
static void print_articles (const struct explanation *self)
{
    struct table legend = table_start (self->ctl->arena, NULL, 4);
    const Consentd__DecisionShowReply *shown = self->past.shown;
    struct rule_codes seen = {.count = 0};
    for (size_t i = 0; i < shown->n_all_reasons; i++)
        for (size_t j = 0; j < shown->all_reasons[i]->n_codes; j++)
            rule_codes_add (&seen, (enum rule_code)shown->all_reasons[i]->codes[j]);
    for (size_t i = 0; i < shown->reply->n_items; i++)
        for (size_t j = 0; j < shown->reply->items[i]->n_reasons; j++)
            rule_codes_add (&seen, (enum rule_code)shown->reply->items[i]->reasons[j]->code);
    for (unsigned i = 0; i < seen.count; i++) {
        const struct code_words *words = code_words_of ((Consentd__Code)seen.code[i]);
        table_add (&legend,
                   (const char *[]){rule_code_name ((enum rule_code)seen.code[i]), words->rule, words->article,
                                    self->language == DUTCH ? words->dutch : words->english});
    }
    if (seen.count > 0)
        putchar ('\n');
    table_print (&legend, stdout);
}

void explanation_print (const struct explanation *self)
{
    print_head (self);
    print_claims (self);
    for (size_t i = 0; i < self->past.shown->check->n_items; i++) {
        print_item_head (self, i);
        if (self->policy)
            print_steps (self, i);
        print_heard (self, i);
    }
    print_articles (self);
    if (self->why_not)
        printf ("\n%s\n", self->why_not);
}

/* --- For programs -------------------------------------------------------------------------------------- */

static json_t *codes_json (const struct rule_codes *codes)
{
    json_t *list = json_array ();
    for (unsigned i = 0; i < codes->count; i++)
        json_array_append_new (list, json_string (rule_code_name ((enum rule_code)codes->code[i])));
    return list;
}

static json_t *steps_json (const struct explanation *self, size_t index)
{
    json_t *list = json_array ();
    for (size_t i = 0; i < self->steps.count; i++) {
        const struct trace_step *step = &self->steps.all[i];
        if (step->item == index)
            json_array_append_new (
                list, json_pack ("{s:s, s:s, s:s, s:o, s:s}", "rule", rules_of[step->about], "saw",
                                 about_of (self, step), "outcome", outcome_names[step->outcome], "codes",
                                 codes_json (&step->codes), "concluded", conclusion_of (self, step)));
    }
    return list;
}

static json_t *reasons_json (const struct explanation *self, size_t index)
{
    const Consentd__ItemVerdict *item = self->past.shown->reply->items[index];
    json_t *list = json_array ();
    for (size_t i = 0; i < item->n_reasons; i++) {
        const struct code_words *words = code_words_of (item->reasons[i]->code);
        json_array_append_new (list, json_pack ("{s:s, s:s, s:s, s:s}", "code",
                                                rule_code_name ((enum rule_code)item->reasons[i]->code), "rule",
                                                item->reasons[i]->rule, "article", words->article, "text",
                                                self->language == DUTCH ? words->dutch : words->english));
    }
    return list;
}

void explanation_print_json (const struct explanation *self)
{
    const Consentd__DecisionShowReply *shown = self->past.shown;
    json_t *items = json_array ();
    for (size_t i = 0; i < shown->check->n_items && i < shown->reply->n_items; i++)
        json_array_append_new (items, json_pack ("{s:s, s:s, s:s, s:o, s:o}", "category",
                                                 shown->check->items[i]->category, "origin",
                                                 shown->check->items[i]->origin, "came_to",
                                                 past_decision_item (&self->past, i, self->ctl->arena), "told",
                                                 reasons_json (self, i), "steps", steps_json (self, i)));
    document_print (json_pack (
        "{s:I, s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:o, s:o, s:o}", "decision", (json_int_t)shown->number,
        "asked_by", shown->asked_by, "provider", shown->check->provider, "recipient", shown->check->recipient,
        "purpose", shown->check->purpose, "policy", shown->reply->policy, "verdict",
        consent_name (&consentd__verdict__descriptor, (int)shown->reply->verdict), "under_secrecy",
        (int)shown->check->under_secrecy, "manager_consulted", document_string (shown->check->manager_consulted),
        "items", items, "without_steps", document_string (self->why_not)));
}

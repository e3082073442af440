/* consentctl explain: explains a decision of the log to officers: every rule that was tried, in order, with what
   it saw and what it concluded. The rules themselves tell this while they decide again on the facts of that time.
   A caller that may not explain is shown what it was answered (C9). */
#include <stdlib.h>
#include <string.h>
#include "ctl.h"
#include "explanation.h"
#include "policy/pack.h"
#include "policy/policy_read.h"

static const struct option explain_options[] = {
    {"policy", "DIR", "the policy pack that decided (else as the registry keeps it)", 0},
    LANGUAGE_OPTION,
    {NULL, NULL, NULL, 0},
};

/* --- The pack ------------------------------------------------------------------------------------------ */

static bool is_that_pack (const struct policy *policy, const Consentd__DecisionShowReply *shown)
{
    return shown->policy_hash.len == sizeof policy->hash &&
           memcmp (shown->policy_hash.data, policy->hash, sizeof policy->hash) == 0;
}

/* Fills self->policy, or self->why_not. 0 or an exit code. */
static int find_pack (struct explanation *self, const char *directory)
{
    static const char *const no_facts[LANGUAGES] = {
        "This key may not explain: it is shown what was answered.",
        "Deze sleutel mag niet uitleggen: te zien is wat is geantwoord."};
    static const char *const erased[LANGUAGES] = {
        "The subject was erased since. What was asked and answered is kept; what it rested on is gone, and the "
        "steps with it.",
        "De betrokkene is daarna gewist. Wat is gevraagd en geantwoord is bewaard. Waarop het berustte niet, en "
        "daarmee de stappen ook niet."};
    static const char *const no_pack[LANGUAGES] = {
        "The steps need the policy pack that decided: --policy DIR.",
        "Voor de stappen is het beleidspakket nodig waarmee is besloten: --policy DIR."};
    static const char *const other_pack[LANGUAGES] = {
        "The steps need the policy pack that decided, and this is another: --policy DIR.",
        "Voor de stappen is het beleidspakket nodig waarmee is besloten, en dit is een ander: --policy DIR."};
    int error = 0;
    self->why_not = self->past.was_erased ? erased[self->language] : no_facts[self->language];
    if (!self->past.has_facts)
        return 0;
    const ProtobufCBinaryData *hash = &self->past.shown->policy_hash;
    if (!directory && hash->len == PACK_HASH)
        error = pack_kept (self->ctl, hash->data, &self->policy);
    if (!error && !directory && !self->policy)
        directory = pack_in_force (self->ctl, &error);
    self->why_not = self->policy ? NULL : no_pack[self->language];
    if (error || !directory)
        return error;
    error = pack_read (directory, &self->policy);
    if (error)
        return error;
    self->why_not = NULL;
    if (is_that_pack (self->policy, self->past.shown))
        return 0;
    policy_destroy (&self->policy);
    self->why_not = other_pack[self->language];
    return 0;
}

/* --- The command --------------------------------------------------------------------------------------- */

static void keep_step (void *reader, const struct trace_step *step)
{
    struct explanation_steps *self = reader;
    if (self->count == self->room) {
        size_t room = self->room > 0 ? 2 * self->room : 256;
        struct trace_step *all = arena_array (self->arena, room, sizeof *all);
        if (self->count > 0)
            memcpy (all, self->all, self->count * sizeof *all);
        self->all = all;
        self->room = room;
    }
    self->all[self->count++] = *step;
}

/* Decides again. If an item does not come out as it was recorded, that is said. */
static int decide_again (struct explanation *self)
{
    const char *unknown = past_decision_under (&self->past, self->policy, self->ctl->arena, &self->again);
    if (unknown)
        return ctl_fail (EX_SOFTWARE, "the log does not hold what the decision was made on: %s", unknown);
    self->steps.arena = self->ctl->arena;
    struct trace trace = {.tell = keep_step, .reader = &self->steps};
    decide_told (&self->again.facts, &self->again.check, &trace, &self->decision);
    for (size_t i = 0; i < self->decision.item_count; i++) {
        const char *then = past_decision_item (&self->past, i, self->ctl->arena);
        const char *now = inquiry_again_item (&self->again, &self->decision, i, self->ctl->arena);
        if (strcmp (then, now) != 0)
            return ctl_fail (EX_SOFTWARE,
                             "the log says \"%s\", the rules now say \"%s\": this cannot be explained", then, now);
    }
    return 0;
}

static int run_explain (struct ctl *ctl, const struct options *options)
{
    char *end;
    const char *text = options->arguments[0];
    uint64_t number = strtoull (text, &end, 10);
    if (number == 0 || *end != '\0' || *text == '-')
        return ctl_fail (EX_USAGE, "DECISION is the number of a decision: an answer to a check has it");
    enum language language;
    if (language_read (options, &language))
        return EX_USAGE;
    struct explanation *self = arena_alloc (ctl->arena, sizeof *self);
    self->ctl = ctl;
    self->language = language;
    int error = past_decision_fetch (ctl, ctl->arena, number, &self->past);
    if (!error)
        error = find_pack (self, options_text (options, "policy"));
    if (!error && self->policy)
        error = decide_again (self);
    if (!error && ctl->json)
        explanation_print_json (self);
    else if (!error)
        explanation_print (self);
    policy_destroy (&self->policy);
    return error;
}

const struct command explain_commands[] = {
    {"explain", "DECISION", "why was this decided? Every rule that was tried, in order",
     "A decision's number stands in the answer to a check, and in the log. A key that may explain sees every rule "
     "with\n"
     "what it saw and concluded; any other is shown its own decisions, as they were answered.",
     explain_options, run_explain},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};

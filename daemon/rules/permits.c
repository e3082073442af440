#include "permits.h"
#include <string.h>

/* So much work (struct decision) is done to look ahead. Few subjects have so much to come. */
enum { LOOK_AHEAD_WORK = 1 << 16 };

static bool carries (const struct policy *policy, const struct permit_question *question, code category)
{
    for (size_t i = 0; i < policy->flow_count; i++)
        if (policy->flows[i].purpose == question->purpose &&
            policy_flow_carries (policy, &policy->flows[i], question->provider->kind, question->recipient->kind,
                                 category))
            return true;
    return false;
}

bool permits_are_possible (const struct policy *policy, code provider_kind, code recipient_kind, code purpose)
{
    for (size_t i = 0; i < policy->flow_count; i++) {
        const struct policy_flow *flow = &policy->flows[i];
        if (flow->purpose == purpose && code_set_has (&flow->providers, provider_kind) &&
            code_set_has (&flow->recipients, recipient_kind))
            return true;
    }
    return false;
}

/* Notes what was decided of each item at this moment: where a permit begins, and where it ends. */
static void note (const struct decision *decision, moment at, struct permit *permits)
{
    for (size_t i = 0; i < decision->item_count; i++) {
        const struct item_decision *item = &decision->items[i];
        struct permit *permit = &permits[i];
        if (item->permit && permit->from == MOMENT_NEVER) {
            permit->from = at;
            permit->ground = item->ground;
            permit->consent = item->consent;
            permit->statute = item->statute;
        } else if (!item->permit && permit->from != MOMENT_NEVER && permit->until == MOMENT_NEVER)
            permit->until = at;
    }
}

/* Whatever has no end yet ends here: nobody has looked what comes then. */
static void end (struct permit *permits, size_t count, moment at)
{
    for (size_t i = 0; i < count; i++)
        if (permits[i].until == MOMENT_NEVER)
            permits[i].until = at;
}

/* Asks about these items now, and at each moment at which the answer would differ. */
static void look_ahead (const struct decide_facts *facts, const struct check *check, struct permit *permits,
                        size_t *work)
{
    struct decide_facts then = *facts;
    struct decision decision;
    for (size_t i = 0; i < check->item_count; i++)
        permits[i] = (struct permit){check->items[i].category, MOMENT_NEVER, MOMENT_NEVER,
                                     POLICY_GROUNDS,           SIZE_MAX,     CODE_NONE};
    for (size_t spent = 0; spent < LOOK_AHEAD_WORK; spent += decision.work) {
        decide (&then, check, &decision);
        *work += decision.work;
        note (&decision, then.now, permits);
        then.now = decision.until;
        if (then.now == MOMENT_NEVER)
            return;
    }
    end (permits, check->item_count, then.now);
}

/* Keeps those that are permitted at some time. */
static size_t keep_permitted (struct permit *permits, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (permits[i].from != MOMENT_NEVER)
            permits[kept++] = permits[i];
    return kept;
}

size_t permits_find (const struct decide_facts *facts, const struct permit_question *question,
                     struct permit *permits, size_t *work)
{
    const struct policy *policy = facts->policy;
    struct check check = {.provider = question->provider,
                          .recipient = question->recipient,
                          .purpose = question->purpose,
                          .case_ref = question->case_ref,
                          .mode = MODE_ADVISE};
    size_t found = 0;
    for (size_t i = 0; i < policy->category_count; i++) {
        if (carries (policy, question, (code)i))
            check.items[check.item_count++] = (struct check_item){(code)i, CODE_NONE};
        if (check.item_count == 0 || (check.item_count < DECIDE_ITEMS && i + 1 < policy->category_count))
            continue;
        look_ahead (facts, &check, &permits[found], work);
        found += keep_permitted (&permits[found], check.item_count);
        check.item_count = 0;
    }
    return found;
}

static bool has (const char *const *cases, size_t count, const char *one)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp (cases[i], one) == 0)
            return true;
    return false;
}

size_t permits_cases (const struct decide_facts *facts, const struct permit_question *question, const char **cases)
{
    size_t count = 0;
    for (size_t i = 0; i < facts->statement_count; i++) {
        const struct statement *one = &facts->statements[i];
        const struct scope *scope = &one->scope;
        if (scope->case_ref[0] != '\0' && !one->refusal && !one->is_corrected &&
            policy_purpose_serves (facts->policy, scope->purpose_code, question->purpose) &&
            text_set_has (&scope->providers, question->provider->id) &&
            text_set_has (&scope->recipients, question->recipient->id) && !has (cases, count, scope->case_ref))
            cases[count++] = scope->case_ref;
    }
    return count;
}

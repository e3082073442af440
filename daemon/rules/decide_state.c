/* Statements by themselves, apart from any check: their state as people see it, and whether they are in force. */
#include "decide.h"
#include "represent.h"

/* The moment at which nothing of it was left; MOMENT_NEVER: something is. */
static moment wholly_withdrawn_at (const struct statement *self, moment now)
{
    moment earliest = MOMENT_NEVER;
    if (!statement_is_wholly_withdrawn (self, now))
        return earliest;
    for (size_t i = 0; i < self->withdrawal_count; i++) {
        moment at = self->withdrawals[i].recorded_at;
        if (at < earliest && statement_is_wholly_withdrawn (self, at))
            earliest = at;
    }
    return earliest;
}

void decide_prepare (const struct policy *policy, const struct subject *subject, struct statement *statements,
                     size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bool refusal = statements[i].refusal;
        statements[i].lapses_at = refusal ? MOMENT_NEVER : represent_lapses_at (policy, subject, &statements[i]);
        statements[i].superseded_from = statement_superseded_from (policy, statements, count, i);
    }
}

enum statement_state decide_state (const struct decide_facts *facts, size_t index)
{
    const struct statement *self = &facts->statements[index];
    if (self->refusal)
        return STATE_REFUSAL;
    /* Several may be true by now: what ended the consent is the one that came first. */
    const struct {
        enum statement_state state;
        moment at;
    } ends[] = {
        {STATE_REVOKED, wholly_withdrawn_at (self, facts->now)},
        {STATE_USED_UP, self->used_at == 0 ? MOMENT_NEVER : self->used_at},
        {STATE_LAPSED, self->lapses_at},
        {STATE_SUPERSEDED, self->superseded_from},
        {STATE_EXPIRED, self->valid_until},
    };
    enum statement_state state = STATE_GRANTED;
    moment first = MOMENT_NEVER;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (ends[i].at <= facts->now && ends[i].at < first) {
            state = ends[i].state;
            first = ends[i].at;
        }
    return state;
}

/* The refusal leaves nothing of what the consent allows between these two for this category. */
static bool shuts_out (const struct policy *policy, const struct statement *refusal,
                       const struct statement *consent, const char *provider, const char *recipient,
                       const char *category)
{
    if (!refusal->refusal || refusal->order <= consent->order)
        return false;
    /* The consent cut down to this one item: then a refusal covers it as a consent would. */
    struct statement item = *consent;
    item.scope.providers = (struct text_set){&provider, 1};
    item.scope.recipients = (struct text_set){&recipient, 1};
    item.scope.categories = (struct text_set){&category, 1};
    return statement_covers (policy, refusal, &item);
}

bool decide_in_force (const struct decide_facts *facts, size_t index, const char *provider, const char *recipient,
                      const char *category)
{
    const struct statement *self = &facts->statements[index];
    if (decide_state (facts, index) != STATE_GRANTED || facts->now < self->valid_from)
        return false;
    if (statement_is_withdrawn_for (self, provider, recipient, category, facts->now))
        return false;
    for (size_t i = 0; i < facts->statement_count; i++)
        if (shuts_out (facts->policy, &facts->statements[i], self, provider, recipient, category))
            return false;
    return true;
}

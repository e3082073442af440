/* A statement by itself, apart from any check: its state as people see it, and whether it is in force. */
#include <stdlib.h>
#include "decide.h"
#include "represent.h"

void decide_prepare (const struct policy *policy, const struct subject *subject, struct statement *statements,
                     size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct statement *one = &statements[i];
        one->lapses_at = one->refusal ? MOMENT_NEVER : represent_lapses_at (policy, subject, one);
        one->is_void = !one->refusal && statement_is_void (one);
    }
    for (size_t i = 0; i < count; i++)
        statements[i].superseded_from = statement_superseded_from (policy, statements, count, i);
}

enum statement_state decide_state_for (const struct decide_facts *facts, size_t index, const char *party)
{
    const struct statement *self = &facts->statements[index];
    moment now = facts->now;
    if (self->refusal)
        return STATE_REFUSAL;
    struct recorded withdrawn = statement_wholly_withdrawn (self, party, now);
    /* A consent is superseded only if nothing else ended it before. But the items of one party may all have been
       withdrawn before. */
    if (self->superseded_from <= now && (party == NULL || withdrawn.at > self->superseded_from))
        return STATE_SUPERSEDED;
    /* Several of these ends may have come by now. The first of them is the one that ended the consent (G10). An
       end by the clock comes at the beginning of its moment, before everything that is recorded in that moment. */
    const struct {
        enum statement_state state;
        struct recorded end;
    } ends[] = {
        {STATE_LAPSED, {self->lapses_at, 0}},
        {STATE_EXPIRED, {self->valid_until, 0}},
        {STATE_USED_UP, {self->used_at == 0 ? MOMENT_NEVER : self->used_at, self->used_by}},
        {STATE_REVOKED, withdrawn},
    };
    enum statement_state state = STATE_GRANTED;
    struct recorded first = {now, UINT64_MAX};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (recorded_before (ends[i].end, first)) {
            state = ends[i].state;
            first = ends[i].end;
        }
    return state;
}

enum statement_state decide_state (const struct decide_facts *facts, size_t index)
{
    return decide_state_for (facts, index, NULL);
}

/* A grid of items as masks: for each provider and recipient one bit for each category. A statement names at most
   32 of each. */
enum { WIDEST = 32 };

struct mask {
    uint32_t categories[WIDEST][WIDEST];
};

/* The part of a grid that a statement names, or a withdrawal of it. */
struct reach {
    uint32_t providers, recipients, categories;
};

static uint32_t positions (const struct text_set *all, const struct text_set *named)
{
    uint32_t mask = 0;
    for (size_t i = 0; i < all->count && i < WIDEST; i++)
        if (text_set_has (named, all->item[i]))
            mask |= UINT32_C (1) << i;
    return mask;
}

static struct reach reach_of (const struct decide_grid *grid, const struct text_set *providers,
                              const struct text_set *recipients, const struct text_set *categories)
{
    return (struct reach){positions (&grid->providers, providers), positions (&grid->recipients, recipients),
                          positions (&grid->categories, categories)};
}

static void keep_or_clear (struct mask *mask, const struct reach *reach, bool keep)
{
    for (unsigned p = 0; p < WIDEST; p++)
        for (unsigned r = 0; r < WIDEST; r++) {
            bool reached = (reach->providers >> p & 1) != 0 && (reach->recipients >> r & 1) != 0;
            if (keep)
                mask->categories[p][r] &= reached ? reach->categories : 0;
            else if (reached)
                mask->categories[p][r] &= ~reach->categories;
        }
}

static bool is_empty (const struct mask *mask)
{
    uint32_t any = 0;
    for (unsigned p = 0; p < WIDEST; p++)
        for (unsigned r = 0; r < WIDEST; r++)
            any |= mask->categories[p][r];
    return any == 0;
}

static void clear_withdrawn (const struct decide_facts *facts, const struct decide_grid *grid,
                             const struct statement *consent, struct mask *left)
{
    const struct scope *scope = &consent->scope;
    for (size_t i = 0; i < consent->withdrawal_count; i++) {
        const struct withdrawal *one = &consent->withdrawals[i];
        if (one->recorded_at > facts->now)
            continue;
        struct reach reach = reach_of (grid, one->providers.count > 0 ? &one->providers : &scope->providers,
                                       one->recipients.count > 0 ? &one->recipients : &scope->recipients,
                                       one->categories.count > 0 ? &one->categories : &scope->categories);
        keep_or_clear (left, &reach, false);
    }
}

static bool is_in_force (const struct decide_facts *facts, const struct decide_grid *grid, size_t index,
                         const struct reach *reaches, const struct mask *asked)
{
    const struct statement *self = &facts->statements[index];
    if (self->refusal || !policy_purpose_serves (facts->policy, self->scope.purpose_code, grid->purpose) ||
        facts->now >= statement_ends_for (facts->policy, self, grid->purpose) || facts->now < self->valid_from ||
        decide_state (facts, index) != STATE_GRANTED)
        return false;
    struct mask left = *asked;
    keep_or_clear (&left, &reaches[index], true);
    clear_withdrawn (facts, grid, self, &left);
    for (size_t i = 0; i < facts->statement_count && !is_empty (&left); i++) {
        const struct statement *later = &facts->statements[i];
        if (later->refusal && statement_place (later) > statement_place (self) &&
            statement_covers_circumstances (facts->policy, later, self))
            keep_or_clear (&left, &reaches[i], false);
    }
    return !is_empty (&left);
}

void decide_in_force (const struct decide_facts *facts, const struct decide_grid *grid, bool *in_force)
{
    struct mask asked = {{{0}}};
    for (size_t p = 0; p < grid->providers.count && p < WIDEST; p++)
        for (size_t r = 0; r < grid->recipients.count && r < WIDEST; r++)
            for (size_t c = 0; c < grid->categories.count && c < WIDEST; c++)
                if (grid->flags[(p * grid->recipients.count + r) * grid->categories.count + c])
                    asked.categories[p][r] |= UINT32_C (1) << c;
    struct reach *reaches = calloc (facts->statement_count + 1, sizeof *reaches);
    if (reaches == NULL) /* no test makes the machine run out: GCOVR_EXCL_BR_LINE */
        abort ();        /* GCOVR_EXCL_LINE */
    for (size_t i = 0; i < facts->statement_count; i++) {
        const struct scope *scope = &facts->statements[i].scope;
        reaches[i] = reach_of (grid, &scope->providers, &scope->recipients, &scope->categories);
    }
    for (size_t i = 0; i < facts->statement_count; i++)
        in_force[i] = is_in_force (facts, grid, i, reaches, &asked);
    free (reaches);
}

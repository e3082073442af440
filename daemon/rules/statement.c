#include <string.h>
#include "statement.h"

bool text_set_has (const struct text_set *set, const char *text)
{
    for (size_t i = 0; i < set->count; i++)
        if (strcmp (set->item[i], text) == 0)
            return true;
    return false;
}

static bool text_set_within (const struct text_set *inner, const struct text_set *outer)
{
    if (inner->count > outer->count)
        return false;
    size_t at = 0; /* both are sorted, so the search goes on behind the one found before */
    for (size_t i = 0; i < inner->count; i++) {
        size_t tried = 0;
        for (; tried < outer->count && strcmp (outer->item[at], inner->item[i]) != 0; tried++)
            at = at + 1 < outer->count ? at + 1 : 0;
        if (tried == outer->count)
            return false;
    }
    return true;
}

static code_set category_codes (const struct policy *policy, const struct text_set *names)
{
    code_set codes = {{0}};
    for (size_t i = 0; i < names->count; i++)
        code_set_add (&codes, policy_category (policy, names->item[i]));
    return codes;
}

void statement_resolve (struct statement *self, const struct policy *policy)
{
    struct scope *scope = &self->scope;
    scope->category_set = category_codes (policy, &scope->categories);
    scope->purpose_code = policy_purpose (policy, scope->purpose);
    scope->names_origins = scope->origins.count > 0;
    scope->origin_set = (code_set){{0}};
    for (size_t i = 0; i < scope->origins.count; i++)
        code_set_add (&scope->origin_set, policy_origin (policy, scope->origins.item[i]));
}

bool statement_names_party (const struct statement *self, const char *party)
{
    return text_set_has (&self->scope.providers, party) || text_set_has (&self->scope.recipients, party);
}

/* An empty set of a withdrawal means all that the statement has. */
static bool set_reaches (const struct text_set *set, const char *text)
{
    return set->count == 0 || text_set_has (set, text);
}

bool statement_is_withdrawn_for (const struct statement *self, const char *provider, const char *recipient,
                                 const char *category, moment now)
{
    for (size_t i = 0; i < self->withdrawal_count; i++) {
        const struct withdrawal *one = &self->withdrawals[i];
        if (one->recorded_at <= now && set_reaches (&one->providers, provider) &&
            set_reaches (&one->recipients, recipient) && set_reaches (&one->categories, category))
            return true;
    }
    return false;
}

/* The positions of the list that the set reaches, as bits. The list has at most 32. */
static uint32_t reached (const struct text_set *list, const struct text_set *set)
{
    uint32_t bits = 0;
    for (size_t i = 0; i < list->count; i++)
        if (set_reaches (set, list->item[i]))
            bits |= UINT32_C (1) << i;
    return bits;
}

/* What is left is kept as one bit for each category, per provider and recipient. */
enum { WIDEST = 32 };

static void withdraw (const struct scope *scope, const struct withdrawal *one, uint32_t left[WIDEST][WIDEST])
{
    uint32_t recipients = reached (&scope->recipients, &one->recipients);
    uint32_t categories = reached (&scope->categories, &one->categories);
    for (size_t i = 0; i < scope->providers.count; i++) {
        if (!set_reaches (&one->providers, scope->providers.item[i]))
            continue;
        for (size_t j = 0; j < scope->recipients.count; j++)
            if ((recipients >> j & 1) != 0)
                left[i][j] &= ~categories;
    }
}

/* Between a party and itself there is no item to withdraw (G3). If `party` is given, it must be one of the two. */
static bool is_pair (const char *provider, const char *recipient, const char *party)
{
    return strcmp (provider, recipient) != 0 &&
           (party == NULL || strcmp (provider, party) == 0 || strcmp (recipient, party) == 0);
}

/* Works with masks: names are compared once for each withdrawal, not for each of up to 32,768 items. */
static bool nothing_is_left (const struct statement *self, const char *party, moment now)
{
    const struct scope *scope = &self->scope;
    uint32_t left[WIDEST][WIDEST];
    static const struct text_set all = {NULL, 0};
    uint32_t whole = reached (&scope->categories, &all);
    for (size_t i = 0; i < scope->providers.count; i++)
        for (size_t j = 0; j < scope->recipients.count; j++)
            left[i][j] = is_pair (scope->providers.item[i], scope->recipients.item[j], party) ? whole : 0;
    for (size_t i = 0; i < self->withdrawal_count; i++)
        if (self->withdrawals[i].recorded_at <= now)
            withdraw (scope, &self->withdrawals[i], left);
    uint32_t any = 0;
    for (size_t i = 0; i < scope->providers.count; i++)
        for (size_t j = 0; j < scope->recipients.count; j++)
            any |= left[i][j];
    return any == 0;
}

/* No item of `party` is left at `now`. */
static bool is_withdrawn_from (const struct statement *self, const char *party, moment now)
{
    const struct scope *scope = &self->scope;
    if (self->withdrawal_count == 0)
        return false;
    /* No statement is wider (G2). If one were, statement_is_withdrawn_for () would still judge each of its
       items. */
    if (scope->providers.count > WIDEST || scope->recipients.count > WIDEST || scope->categories.count > WIDEST)
        return false;
    return nothing_is_left (self, party, now);
}

bool recorded_before (struct recorded one, struct recorded other)
{
    return one.at != other.at ? one.at < other.at : one.number < other.number;
}

struct recorded statement_wholly_withdrawn (const struct statement *self, const char *party, moment now)
{
    struct recorded first = {MOMENT_NEVER, 0};
    if (!is_withdrawn_from (self, party, now))
        return first;
    /* Several withdrawals may be recorded at one moment. The last of them took the last item, since a withdrawal
       of nothing is not recorded. */
    for (size_t i = 0; i < self->withdrawal_count; i++) {
        const struct withdrawal *one = &self->withdrawals[i];
        if ((one->recorded_at < first.at && is_withdrawn_from (self, party, one->recorded_at)) ||
            (one->recorded_at == first.at && one->number > first.number))
            first = (struct recorded){one->recorded_at, one->number};
    }
    return first;
}

moment statement_ends_for (const struct policy *policy, const struct statement *consent, code purpose)
{
    if (consent->scope.purpose_code == purpose)
        return consent->valid_until;
    moment begins = consent->valid_from < consent->recorded_at ? consent->valid_from : consent->recorded_at;
    moment latest = calendar_end_after_months (begins, policy->purposes[purpose].longest_months);
    return latest < consent->valid_until ? latest : consent->valid_until;
}

/* The purposes are compared as text where the pack does not know them (any more). Each then serves only itself. */
static bool purpose_serves (const struct policy *policy, const struct scope *later, const struct scope *earlier)
{
    if (strcmp (later->purpose, earlier->purpose) == 0)
        return true;
    return later->purpose_code != CODE_NONE && earlier->purpose_code != CODE_NONE &&
           policy_purpose_serves (policy, later->purpose_code, earlier->purpose_code);
}

bool statement_covers_circumstances (const struct policy *policy, const struct statement *later,
                                     const struct statement *earlier)
{
    const struct scope *wide = &later->scope, *narrow = &earlier->scope;
    /* A statement that names no origins means all of them. Only one that names none covers it. */
    bool origins = wide->origins.count == 0 ||
                   (narrow->origins.count > 0 && text_set_within (&narrow->origins, &wide->origins));
    bool same_case = wide->case_ref[0] == '\0' || strcmp (wide->case_ref, narrow->case_ref) == 0;
    return origins && same_case && purpose_serves (policy, wide, narrow);
}

/* `later` covers the whole of `earlier`: parties, categories, origins, purpose and case (G10). */
static bool covers (const struct policy *policy, const struct statement *later, const struct statement *earlier)
{
    const struct scope *wide = &later->scope, *narrow = &earlier->scope;
    return statement_covers_circumstances (policy, later, earlier) &&
           text_set_within (&narrow->categories, &wide->categories) &&
           text_set_within (&narrow->providers, &wide->providers) &&
           text_set_within (&narrow->recipients, &wide->recipients);
}

bool statement_is_void (const struct statement *self)
{
    /* A withdrawal at the moment of valid_from itself comes too late: a check may already have seen the consent
       supersede. The same holds for a consent that began at or before its recording, even if the clock was put
       back (C14). */
    return self->is_corrected || self->lapses_at < self->valid_from ||
           (self->valid_from > self->recorded_at && is_withdrawn_from (self, NULL, self->valid_from - 1));
}

/* Nothing has ended it by the time that `later` takes its place. */
static bool is_still_granted (const struct statement *self, const struct statement *later)
{
    moment begins = later->valid_from > later->recorded_at ? later->valid_from : later->recorded_at;
    struct recorded replaced = {begins, later->number};
    struct recorded used = {self->used_at, self->used_by};
    if (self->valid_until <= begins || self->lapses_at <= begins)
        return false;
    if (self->used_at != 0 && recorded_before (used, replaced))
        return false;
    return !recorded_before (statement_wholly_withdrawn (self, NULL, begins), replaced);
}

static bool supersedes (const struct policy *policy, const struct statement *later,
                        const struct statement *earlier)
{
    if (later->refusal || statement_place (later) <= statement_place (earlier) || later->is_void)
        return false;
    if ((later->one_time && !earlier->one_time) || (earlier->under_secrecy && !later->under_secrecy))
        return false;
    return covers (policy, later, earlier) && is_still_granted (earlier, later);
}

moment statement_superseded_from (const struct policy *policy, const struct statement *all, size_t count,
                                  size_t index)
{
    /* This is found in the record each time, never stored. It is final all the same: nothing looks at what happens
       to the later one after its valid_from (expiry, use, revocation). */
    moment from = MOMENT_NEVER;
    if (all[index].refusal)
        return from;
    if (all[index].is_corrected)
        return 0; /* it never counted */
    for (size_t i = 0; i < count; i++)
        if (all[i].valid_from < from && supersedes (policy, &all[i], &all[index]))
            from = all[i].valid_from;
    return from;
}

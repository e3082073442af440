#include "own_part.h"
#include <stdlib.h>
#include <string.h>
#include "arena.h"

bool own_part_has (const char *party, const char *provider, const char *recipient)
{
    return strcmp (provider, recipient) != 0 && (strcmp (provider, party) == 0 || strcmp (recipient, party) == 0);
}

static bool reaches (const struct text_set *set, const char *text)
{
    return set->count == 0 || text_set_has (set, text);
}

static void add_once (struct text_set *set, const char *text)
{
    if (!text_set_has (set, text))
        set->item[set->count++] = text;
}

static struct text_set room_for (struct arena *arena, size_t count)
{
    return (struct text_set){arena_array (arena, count, sizeof (char *)), 0};
}

/* Collects those of these providers and recipients, of a statement or of a withdrawal of it, that belong to an own
   item. */
static void find_own (const struct scope *scope, const struct text_set *providers,
                      const struct text_set *recipients, const char *party, struct scope *own)
{
    for (size_t i = 0; i < scope->providers.count; i++)
        for (size_t j = 0; j < scope->recipients.count; j++) {
            const char *provider = scope->providers.item[i], *recipient = scope->recipients.item[j];
            if (!own_part_has (party, provider, recipient) || !reaches (providers, provider) ||
                !reaches (recipients, recipient))
                continue;
            add_once (&own->providers, provider);
            add_once (&own->recipients, recipient);
        }
}

static int compare_texts (const void *left, const void *right)
{
    return strcmp (*(const char *const *)left, *(const char *const *)right);
}

/* The recipients are found once for each provider, so they must be sorted afterwards. */
static struct scope own_scope (const struct scope *scope, const struct text_set *providers,
                               const struct text_set *recipients, const char *party, struct arena *arena)
{
    struct scope own = *scope;
    own.providers = room_for (arena, scope->providers.count);
    own.recipients = room_for (arena, scope->recipients.count);
    find_own (scope, providers, recipients, party, &own);
    qsort (own.recipients.item, own.recipients.count, sizeof *own.recipients.item, compare_texts);
    return own;
}

/* Limits the withdrawal to own items. False if it took none of them. An empty set stays empty: it means all that
   the party sees. */
static bool make_own (const struct statement *whole, const struct statement *part, const char *party,
                      struct arena *arena, struct withdrawal *one)
{
    struct scope taken = own_scope (&whole->scope, &one->providers, &one->recipients, party, arena);
    if (taken.providers.count == 0)
        return false;
    if (one->providers.count > 0)
        one->providers = taken.providers;
    if (one->recipients.count > 0)
        one->recipients = taken.recipients;
    if (statement_names_party (whole, one->recorded_by) && !statement_names_party (part, one->recorded_by))
        one->recorded_by = "";
    return true;
}

struct statement own_part_of (const struct statement *whole, const char *party, struct arena *arena)
{
    static const struct text_set all = {NULL, 0};
    struct statement part = *whole;
    part.scope = own_scope (&whole->scope, &all, &all, party, arena);
    part.withdrawals = arena_array (arena, whole->withdrawal_count, sizeof *part.withdrawals);
    part.withdrawal_count = 0;
    for (size_t i = 0; i < whole->withdrawal_count; i++) {
        struct withdrawal one = whole->withdrawals[i];
        if (make_own (whole, &part, party, arena, &one))
            part.withdrawals[part.withdrawal_count++] = one;
    }
    if (part.scope.providers.count == 0)
        part.scope.categories.count = 0;
    return part;
}

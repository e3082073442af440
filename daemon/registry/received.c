#include "received.h"
#include <string.h>
#include "arena.h"

const struct received *received_find (const struct received *all, size_t count, const char *party)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp (all[i].party, party) == 0)
            return &all[i];
    return NULL;
}

/* Joins both sets in `all`. True if `more` has something that `before` does not have. */
static bool add (struct arena *arena, const struct text_set *before, const struct text_set *more,
                 struct text_set *all)
{
    all->item = arena_array (arena, before->count + more->count, sizeof *all->item);
    all->count = before->count;
    if (before->count > 0)
        memcpy (all->item, before->item, before->count * sizeof *all->item);
    for (size_t i = 0; i < more->count; i++)
        if (!text_set_has (all, more->item[i]))
            all->item[all->count++] = more->item[i];
    return all->count > before->count;
}

bool received_add (struct arena *arena, const struct received *before, const struct received *more,
                   struct received *all)
{
    static const struct received nothing;
    if (before == NULL)
        before = &nothing;
    all->party = more->party;
    bool received = add (arena, &before->categories, &more->categories, &all->categories);
    bool informed = add (arena, &before->informed, &more->informed, &all->informed);
    bool sources = add (arena, &before->sources, &more->sources, &all->sources);
    return received || informed || sources;
}

struct received *received_with (struct arena *arena, const struct received *all, size_t *count,
                                const struct received *one)
{
    struct received *made = arena_array (arena, *count + 1, sizeof *made);
    size_t before = 0;
    while (before < *count && strcmp (all[before].party, one->party) < 0)
        before++;
    size_t after = before < *count && strcmp (all[before].party, one->party) == 0 ? before + 1 : before;
    if (before > 0)
        memcpy (made, all, before * sizeof *made);
    made[before] = *one;
    if (after < *count)
        memcpy (made + before + 1, all + after, (*count - after) * sizeof *made);
    *count += before + 1 - after;
    return made;
}

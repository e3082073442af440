#include "party_change.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "arena.h"

static const struct party_text nothing = {.id = "", .kind = "", .role = ""};

/* What has been told so far. An ellipsis stands for what does not fit. */
struct telling {
    char text[PARTY_CHANGE_TOLD + 1];
    bool cut;
};

__attribute__ ((format (printf, 2, 3))) static void tell (struct telling *self, const char *format, ...)
{
    static const char more[] = ", ...";
    char one[200];
    va_list arguments;
    va_start (arguments, format);
    vsnprintf (one, sizeof one, format, arguments);
    va_end (arguments);
    size_t used = strlen (self->text);
    if (self->cut)
        return;
    self->cut = used + 2 + strlen (one) + strlen (more) > PARTY_CHANGE_TOLD;
    snprintf (self->text + used, sizeof self->text - used, "%s%s", self->cut || used == 0 ? "" : ", ",
              self->cut ? more : one);
}

enum party_change party_change_of (const struct party_text *before, const struct party_text *after)
{
    if (before != NULL && party_text_equal (before, after))
        return PARTY_SAME;
    if (before == NULL || (!before->active && after->active))
        return PARTY_ADDED;
    return before->active && !after->active ? PARTY_REMOVED : PARTY_CHANGED;
}

const char *party_change_name (enum party_change change)
{
    static const char *const names[] = {"the same", "added", "changed", "removed"};
    return names[change];
}

/* Tells one setting. Of free text only its name. */
static void tell_setting (struct telling *self, size_t index, const char *before, const char *after)
{
    const char *name = party_settings[index].name;
    bool is_free = strcmp (name, "contact") == 0 || strcmp (name, "agreement-reference") == 0;
    if (strcmp (before, after) == 0)
        return;
    if (is_free)
        tell (self, "%s %s", name, before[0] == 0 ? "set" : after[0] == 0 ? "removed" : "changed");
    else if (before[0] == 0)
        tell (self, "%s %s", name, after);
    else if (after[0] == 0)
        tell (self, "%s %s removed", name, before);
    else
        tell (self, "%s %s -> %s", name, before, after);
}

static void tell_limit (struct telling *self, size_t index, uint32_t before, uint32_t after)
{
    const char *name = party_limits[index].name;
    if (before == after)
        return;
    if (after == 0)
        tell (self, "%s %u -> as configured", name, before);
    else if (before == 0)
        tell (self, "%s as configured -> %u", name, after);
    else
        tell (self, "%s %u -> %u", name, before, after);
}

static void tell_key (struct telling *self, const struct party_key *was, const struct party_key *is)
{
    const char *change = was == NULL ? "added" : NULL;
    if (was != NULL && strcmp (was->public_key, is->public_key) != 0)
        change = "replaced";
    if (was != NULL && strcmp (was->since, is->since) == 0 && strcmp (was->until, is->until) == 0 &&
        change == NULL)
        return;
    tell (self, "key %s%s%s%s%s%s%s", is->name, change != NULL ? " " : "", change != NULL ? change : "",
          is->since[0] != 0 ? " since " : "", is->since, is->until[0] != 0 ? " until " : "", is->until);
}

static void tell_keys (struct telling *self, const struct party_text *before, const struct party_text *after)
{
    for (size_t i = 0; i < after->key_count; i++)
        tell_key (self, party_text_key (before, after->keys[i].name), &after->keys[i]);
    for (size_t i = 0; i < before->key_count; i++)
        if (party_text_key (after, before->keys[i].name) == NULL)
            tell (self, "key %s removed", before->keys[i].name);
}

const char *party_change_tell (const struct party_text *before, const struct party_text *after,
                               struct arena *arena)
{
    struct telling made = {.text = ""};
    const struct party_text *was = before != NULL ? before : &nothing;
    for (size_t i = 0; i < PARTY_SETTINGS; i++)
        tell_setting (&made, i, party_setting (was, i), party_setting (after, i));
    for (size_t i = 0; i < PARTY_LIMITS; i++)
        tell_limit (&made, i, party_limit (was, i), party_limit (after, i));
    tell_keys (&made, was, after);
    return arena_strdup (arena, made.text);
}

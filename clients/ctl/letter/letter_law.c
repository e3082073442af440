#include "letter_law.h"

#include <string.h>
#include <strings.h>
#include "arena.h"
#include "letter_filled_in.h"
#include "policy/policy_value.h"

static const struct letter_law *find (const struct letter_laws *self, const char *word, size_t size)
{
    for (size_t i = 0; i < self->count; i++)
        if (strlen (self->list[i].code) == size && memcmp (self->list[i].code, word, size) == 0)
            return &self->list[i];
    return NULL;
}

static void read_law (struct letter_laws *self, struct policy_reading *reading, const struct policy_stanza *stanza)
{
    static const struct policy_key keys[] = {{"naam", KEY_REQUIRED}};
    if (strcmp (stanza->sort, "wet") != 0)
        policy_fail (reading, stanza->line, "unknown heading \"%.48s\"; known is wet", stanza->sort);
    else
        policy_stanza_check (reading, stanza, keys, 1);
    if (!*stanza->name || strchr (stanza->name, ' '))
        policy_fail (reading, stanza->line, "\"wet\" has a code of one word, such as AVG");
    if (find (self, stanza->name, strlen (stanza->name)))
        policy_fail (reading, stanza->line, "wet \"%.48s\" stands twice", stanza->name);
    if (!reading->failed)
        self->list[self->count++] =
            (struct letter_law){stanza->name, policy_field_text (reading, policy_stanza_field (stanza, "naam"))};
}

int letter_laws_read (struct letter_laws *self, struct arena *arena, const char *name,
                      const struct policy_text *text, struct policy_faults *faults)
{
    struct policy_document document;
    struct policy_reading reading = {.faults = faults, .file = name, .goes_on = true};
    bool is_parsed = letter_filled_in_parse (&document, arena, name, text, faults) == 0;
    size_t count = is_parsed ? document.stanza_count : 0;
    *self = (struct letter_laws){.list = arena_array (arena, count + 1, sizeof *self->list)};
    for (size_t i = 0; i < count; i++) {
        policy_part (&reading);
        read_law (self, &reading, &document.stanzas[i]);
    }
    policy_document_clear (&document);
    return is_parsed && reading.failures == 0 ? 0 : POLICY_INVALID;
}

/* "KB 13.4", but not "artikel 13 ..." nor words. Returns the size of the code; 0: there is none. */
static size_t code_size (const char *article)
{
    size_t size = strcspn (article, " ");
    bool is_code = size > 0 && article[size] == ' ' && article[size + 1] >= '0' && article[size + 1] <= '9';
    return is_code && strncasecmp (article, "artikel", size) != 0 ? size : 0;
}

const char *letter_law_article (const struct letter_laws *self, struct arena *arena, const char *article)
{
    size_t size = code_size (article);
    if (size == 0)
        return arena_strdup (arena, article);
    const struct letter_law *law = find (self, article, size);
    return law ? arena_printf (arena, "artikel %s van %s", article + size + 1, law->name) : NULL;
}

const char *letter_law_of_source (struct arena *arena, const char *source)
{
    static const char law[] = "LAW ";
    if (strncmp (source, law, sizeof law - 1) == 0)
        source += sizeof law - 1;
    size_t size = code_size (source);
    if (size > 0)
        size += 1 + strcspn (source + size + 1, " (,;");
    return size > 0 ? arena_strndup (arena, source, size) : source;
}

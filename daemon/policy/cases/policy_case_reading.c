#include "policy_case_reading.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "policy/policy_error.h"

enum { FURTHEST_DAY = 40000, DAY = 86400000 };

void case_start (struct case_reading *self, struct policy_field *field)
{
    static char nothing[] = "";
    static struct policy_field missing = {.key = "", .value = nothing};
    self->field = policy_field_begin (self->pack, field) ? field : &missing;
    self->words = policy_words_of (self->field);
    self->word = policy_words_next (&self->words);
}

void case_fail (struct case_reading *self, const char *format, ...)
{
    char message[POLICY_CASE_TEXT];
    va_list list;
    va_start (list, format);
    vsnprintf (message, sizeof message, policy_in_words (format), list);
    va_end (list);
    policy_fail (self->pack, self->words.line, "%s", message);
}

char *case_take (struct case_reading *self, const char *what)
{
    static char nothing[] = "";
    char *word = self->word;
    if (word == NULL) {
        case_fail (self, "\"%s\" lacks %s", self->field->key, policy_in_words (what));
        return nothing;
    }
    self->word = policy_words_next (&self->words);
    return word;
}

bool case_take_if (struct case_reading *self, const char *word)
{
    if (self->word == NULL || strcmp (self->word, word) != 0)
        return false;
    self->word = policy_words_next (&self->words);
    return true;
}

void case_end (struct case_reading *self)
{
    if (self->word != NULL)
        case_fail (self, "\"%.48s\" is not expected here in \"%s\"", self->word, self->field->key);
}

/* Days */

bool case_is_day (const char *word)
{
    struct day day;
    return word[0] == '+' || word[0] == '-' || strcmp (word, "today") == 0 || calendar_parse (word, &day);
}

struct day case_take_day (struct case_reading *self)
{
    static const char example[] = "a day: \"today\", \"-30\", \"+14\" or \"2026-06-15\"";
    struct day day = self->day;
    unsigned line = self->words.line;
    const char *word = case_take (self, example);
    if (self->pack->failed || strcmp (word, "today") == 0)
        return self->day;
    if (word[0] == '+' || word[0] == '-') {
        moment days = policy_word_number (self->pack, line, word + 1, FURTHEST_DAY);
        /* Counts from noon, so that summer time does not change the day. */
        return calendar_day (calendar_start (self->day) + DAY / 2 + (word[0] == '-' ? -days : days) * DAY);
    }
    if (calendar_is_no_day (word))
        policy_fail (self->pack, line, "the day \"%.48s\" does not exist", word);
    else if (!calendar_parse (word, &day))
        policy_fail (self->pack, line, "\"%.48s\" is not %s", word, policy_in_words (example));
    return day;
}

/* Parties */

static const struct party *find_party (const struct case_reading *self, const char *name)
{
    for (size_t i = 0; i < self->party_count; i++)
        if (strcmp (self->parties[i]->id, name) == 0)
            return self->parties[i];
    return NULL;
}

static void fail_unknown_party (struct case_reading *self, unsigned line, const char *name)
{
    const struct policy *policy = self->pack->policy;
    if (self->unsure_parties || self->pack->kinds.incomplete) {
        policy_fail_silently (self->pack);
        return;
    }
    struct policy_nearest nearest;
    policy_nearest_start (&nearest, name);
    for (size_t i = 0; i < policy->kind_count; i++)
        policy_nearest_offer (&nearest, policy->kinds[i].entry.code);
    for (size_t i = 0; i < self->party_count; i++)
        policy_nearest_offer (&nearest, self->parties[i]->id);
    char hint[POLICY_CODE_SIZE + 32];
    policy_fail (self->pack, line, "\"%.48s\" is no party of the case and no kind%s", name,
                 policy_nearest_hint (&nearest, hint, sizeof hint));
}

struct party *case_add_party (struct case_reading *self, unsigned line, const char *name, code kind)
{
    struct party *party = arena_alloc (self->arena, sizeof *party);
    *party = (struct party){.id = name,
                            .kind = kind,
                            .secrecy = self->pack->policy->kinds[kind].secrecy,
                            .active = true,
                            .agreement_from = INT64_MIN,
                            .agreement_until = MOMENT_NEVER};
    if (self->party_count == CASE_LIST)
        policy_fail (self->pack, line, "more than %d parties in one case", CASE_LIST);
    else
        self->parties[self->party_count++] = party;
    return party;
}

const struct party *case_take_party (struct case_reading *self)
{
    unsigned line = self->words.line;
    const char *name = case_take (self, "a party");
    if (self->pack->failed)
        return NULL;
    const struct party *party = find_party (self, name);
    code kind = policy_kind (self->pack->policy, name);
    if (party != NULL)
        return party;
    if (kind != CODE_NONE)
        return case_add_party (self, line, name, kind);
    fail_unknown_party (self, line, name);
    return NULL;
}

/* Sets and lists */

code_set case_take_categories (struct case_reading *self)
{
    code_set set = {0};
    unsigned line = self->words.line;
    const char *word = case_take (self, "a category");
    if (!self->pack->failed)
        policy_word_add (self->pack, line, word, &self->pack->categories, &set);
    return set;
}

void *case_append (struct case_reading *self, void **list, size_t *count, size_t size, const char *what)
{
    if (*list == NULL)
        *list = arena_array (self->arena, CASE_LIST, size);
    if (*count == CASE_LIST) {
        policy_fail (self->pack, self->field->line, "more than %d %s", CASE_LIST, policy_in_words (what));
        --*count;
    }
    return (char *)*list + size * (*count)++;
}

static int compare_names (const void *a, const void *b)
{
    return strcmp (*(const char *const *)a, *(const char *const *)b);
}

void case_sort (struct text_set *names)
{
    if (names->count > 0)
        qsort (names->item, names->count, sizeof *names->item, compare_names);
}

struct text_set case_names (struct case_reading *self, const struct policy_vocabulary *vocabulary,
                            const code_set *set)
{
    struct text_set names = {.item = arena_array (self->arena, vocabulary->count, sizeof *names.item)};
    for (size_t i = 0; i < vocabulary->count; i++) {
        const struct policy_entry *entry = (const void *)((const char *)vocabulary->list + i * vocabulary->stride);
        if (code_set_has (set, (code)i))
            names.item[names.count++] = entry->code;
    }
    case_sort (&names);
    return names;
}

void case_read_each (struct case_reading *self, const struct policy_stanza *stanza, const char *key,
                     case_read_function *read)
{
    for (size_t i = 0; i < stanza->field_count; i++)
        if (strcmp (stanza->fields[i].key, key) == 0 && policy_field_begin (self->pack, &stanza->fields[i])) {
            self->field = &stanza->fields[i];
            read (self, self->field);
        }
}

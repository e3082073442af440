#include "policy_value.h"

#include <stdio.h>
#include <string.h>
#include "policy_error.h"

enum { HINT_SIZE = POLICY_CODE_SIZE + 32 };

#define COUNT(array) (sizeof (array) / sizeof *(array))

static void fail_unknown (struct policy_reading *self, unsigned line, const char *sort,
                          const struct policy_nearest *nearest, const char *word)
{
    char hint[HINT_SIZE];
    policy_fail (self, line, "unknown %s \"%.48s\"%s", policy_in_words (sort), word,
                 policy_nearest_hint (nearest, hint, sizeof hint));
}

static struct policy_field *find_field (const struct policy_stanza *stanza, const char *key)
{
    for (size_t i = 0; i < stanza->field_count; i++)
        if (strcmp (stanza->fields[i].key, key) == 0)
            return &stanza->fields[i];
    return NULL;
}

/* Afterwards the key is what was probably meant, so that this is not missed as well. */
static void fail_unknown_key (struct policy_reading *self, const struct policy_stanza *stanza,
                              struct policy_field *field, const struct policy_key *keys, size_t count)
{
    struct policy_nearest nearest;
    policy_nearest_start (&nearest, field->key);
    for (size_t i = 0; i < count; i++)
        policy_nearest_offer (&nearest, keys[i].name);
    fail_unknown (self, field->line, "key", &nearest, field->key);
    field->refused = nearest.best == NULL || find_field (stanza, nearest.best) != NULL;
    if (!field->refused)
        field->key = nearest.best;
}

static void check_key (struct policy_reading *self, const struct policy_stanza *stanza, struct policy_field *field,
                       const struct policy_key *keys, size_t count)
{
    const struct policy_key *key = NULL;
    for (size_t i = 0; i < count && key == NULL; i++)
        if (strcmp (keys[i].name, field->key) == 0)
            key = &keys[i];
    if (key == NULL) {
        fail_unknown_key (self, stanza, field, keys, count);
        return;
    }
    if (field->value[0] == '\0')
        policy_fail (self, field->line, "\"%s\" has no value", field->key);
    const struct policy_field *first = find_field (stanza, field->key);
    if (key->use != KEY_REPEATED && first != field)
        policy_fail (self, field->line, "\"%s\" is given twice; first on line %u", field->key, first->line);
    field->refused = self->failed;
}

void policy_stanza_check (struct policy_reading *self, const struct policy_stanza *stanza,
                          const struct policy_key *keys, size_t count)
{
    bool failed = self->failed;
    for (size_t i = 0; i < stanza->field_count; i++) {
        policy_part (self);
        check_key (self, stanza, &stanza->fields[i], keys, count);
        failed = failed || self->failed;
    }
    for (size_t i = 0; i < count; i++) {
        policy_part (self);
        if (keys[i].use == KEY_REQUIRED && find_field (stanza, keys[i].name) == NULL)
            policy_fail (self, stanza->line, "%.48s \"%.48s\" has no \"%s\"", stanza->sort, stanza->name,
                         keys[i].name);
        failed = failed || self->failed;
    }
    self->failed = failed;
}

struct policy_field *policy_stanza_field (const struct policy_stanza *stanza, const char *key)
{
    struct policy_field *field = find_field (stanza, key);
    return field == NULL || field->refused ? NULL : field;
}

bool policy_stanza_has (const struct policy_stanza *stanza, const char *key)
{
    return find_field (stanza, key) != NULL;
}

static bool is_code_character (char one, bool first, bool capitals)
{
    if ((one >= 'a' && one <= 'z') || (one >= '0' && one <= '9') || (capitals && one >= 'A' && one <= 'Z'))
        return true;
    return !first && (one == '.' || one == '-');
}

void policy_check_code (struct policy_reading *self, unsigned line, const char *sort, const char *name)
{
    static const char *const reserved[] = {"all", "any", "by", "none", "subject", "to"};
    bool capitals = strcmp (sort, "flow") == 0;
    if (name[0] == '\0') {
        policy_fail (self, line, "%s without a code; write \"%s CODE\"", sort, sort);
        return;
    }
    for (size_t i = 0; i < COUNT (reserved); i++)
        if (strcmp (name, reserved[i]) == 0)
            policy_fail (self, line, "\"%s\" may not be a code: it has a meaning of its own", name);
    if (strlen (name) > POLICY_CODE_SIZE)
        policy_fail (self, line, "code \"%.48s...\" is longer than 48 characters", name);
    for (size_t i = 0; name[i] != '\0'; i++)
        if (!is_code_character (name[i], i == 0, capitals))
            policy_fail (self, line, "\"%.48s\" is not a code: only a-z, 0-9, \"-\" and \".\", and no spaces",
                         name);
}

struct policy_words policy_words_of (struct policy_field *field)
{
    return (struct policy_words){.at = field->value, .line = field->value_line};
}

static bool is_separator (char one)
{
    return one == ' ' || one == ',' || one == '\n';
}

char *policy_words_next (struct policy_words *self)
{
    for (; is_separator (*self->at); self->at++)
        self->line_ends += *self->at == '\n';
    if (*self->at == '\0')
        return NULL;
    self->line += self->line_ends;
    self->line_ends = 0;
    char *word = self->at;
    while (*self->at != '\0' && !is_separator (*self->at))
        self->at++;
    if (*self->at != '\0') {
        self->line_ends = *self->at == '\n';
        *self->at++ = '\0';
    }
    return word;
}

const char *policy_field_text (struct policy_reading *self, struct policy_field *field)
{
    if (!policy_field_begin (self, field))
        return "";
    char *out = field->value;
    for (const char *at = field->value; *at != '\0'; at++) {
        bool space = *at == ' ' || *at == '\n';
        if (!space)
            *out++ = *at;
        else if (out[-1] != ' ') /* out[-1] exists, since a value begins with a word */
            *out++ = ' ';
    }
    *out = '\0';
    return field->value;
}

char *policy_field_word (struct policy_reading *self, struct policy_field *field)
{
    static char nothing[] = "";
    if (!policy_field_begin (self, field))
        return nothing;
    struct policy_words words = policy_words_of (field);
    char *word = policy_words_next (&words);
    if (word == NULL || policy_words_next (&words) != NULL) {
        policy_fail (self, words.line, "\"%s\" takes exactly one word", field->key);
        return nothing;
    }
    return word;
}

int policy_word_choice (struct policy_reading *self, const struct policy_field *field, struct policy_word word,
                        const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp (words[i], word.text) == 0)
            return (int)i;

    struct policy_nearest nearest;
    policy_nearest_start (&nearest, word.text);
    char known[128] = "";
    for (size_t i = 0; i < count; i++) {
        policy_nearest_offer (&nearest, words[i]);
        size_t used = strlen (known);
        snprintf (known + used, sizeof known - used, "%s%s",
                  i == 0           ? ""
                  : i + 1 == count ? policy_in_words (" or ")
                                   : ", ",
                  words[i]);
    }
    char hint[HINT_SIZE];
    policy_fail (self, word.line, "\"%s\" is %s, not \"%.48s\"%s", field->key, known, word.text,
                 policy_nearest_hint (&nearest, hint, sizeof hint));
    return -1;
}

int policy_field_choice (struct policy_reading *self, struct policy_field *field, const char *const *words,
                         size_t count)
{
    char *word = policy_field_word (self, field);
    if (self->failed)
        return -1;
    return policy_word_choice (self, field, (struct policy_word){word, field->value_line}, words, count);
}

bool policy_field_yes (struct policy_reading *self, struct policy_field *field)
{
    static const char *const words[] = {"no", "yes"};
    return field != NULL && policy_field_choice (self, field, words, COUNT (words)) == 1;
}

unsigned policy_word_number (struct policy_reading *self, unsigned line, const char *word, unsigned most)
{
    unsigned number = 0;
    size_t i = 0;
    for (; word[i] >= '0' && word[i] <= '9' && number <= most; i++)
        number = number * 10 + (unsigned)(word[i] - '0');
    if (i > 0 && word[i] == '\0' && number <= most)
        return number;
    policy_fail (self, line, "\"%.48s\" is not a number of 0 to %u", word, most);
    return 0;
}

unsigned policy_field_number (struct policy_reading *self, struct policy_field *field, unsigned most)
{
    char *word = policy_field_word (self, field);
    return self->failed ? 0 : policy_word_number (self, field->value_line, word, most);
}

/* The number of `unit` that the word stands for: 7 for a week in days. 0: it is not such a unit. */
static unsigned unit_factor (const char *word, enum policy_unit unit)
{
    static const struct {
        const char *word;
        enum policy_unit unit;
        unsigned factor;
    } words[] = {
        {"day", UNIT_DAYS, 1},     {"days", UNIT_DAYS, 1},     {"week", UNIT_DAYS, 7},  {"weeks", UNIT_DAYS, 7},
        {"month", UNIT_MONTHS, 1}, {"months", UNIT_MONTHS, 1}, {"year", UNIT_YEARS, 1}, {"years", UNIT_YEARS, 1},
    };
    for (size_t i = 0; i < COUNT (words); i++)
        if (words[i].unit == unit && strcmp (words[i].word, word) == 0)
            return words[i].factor;
    return 0;
}

unsigned policy_field_period (struct policy_reading *self, struct policy_field *field, enum policy_unit unit)
{
    static const char *const examples[] = {"14 days", "12 months", "15 years"};
    if (!policy_field_begin (self, field))
        return 0;
    struct policy_words words = policy_words_of (field);
    char *digits = policy_words_next (&words);
    char *name = policy_words_next (&words);
    unsigned factor = name == NULL ? 0 : unit_factor (name, unit);
    if (factor == 0 || policy_words_next (&words) != NULL) {
        policy_fail (self, words.line, "\"%s\" is a number and its unit, such as \"%s\"", field->key,
                     examples[unit]);
        return 0;
    }
    unsigned number = policy_word_number (self, words.line, digits, 1000);
    if (number == 0)
        policy_fail (self, words.line, "\"%s\" may not be 0", field->key);
    return number * factor;
}

static const struct policy_entry *entry_at (const void *list, size_t stride, size_t index)
{
    return (const void *)((const char *)list + index * stride);
}

/* The position of `word` in a list of entries. CODE_NONE: it is not there. */
static code find_word (const void *list, size_t count, size_t stride, const char *word)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp (entry_at (list, stride, i)->code, word) == 0)
            return (code)i;
    return CODE_NONE;
}

static void fail_unknown_code (struct policy_reading *self, unsigned line, const char *word,
                               const struct policy_vocabulary *vocabulary, bool groups)
{
    struct policy_nearest nearest;
    policy_nearest_start (&nearest, word);
    for (size_t i = 0; i < vocabulary->count; i++)
        policy_nearest_offer (&nearest, entry_at (vocabulary->list, vocabulary->stride, i)->code);
    for (size_t i = 0; groups && i < vocabulary->group_count; i++)
        policy_nearest_offer (&nearest, vocabulary->groups[i].entry.code);
    if (vocabulary->incomplete)
        policy_fail_silently (self);
    else if (strcmp (word, "subject") == 0)
        policy_fail (self, line,
                     "the subject is no party: what is given to the subject is access (R1), not a flow");
    else
        fail_unknown (self, line, vocabulary->sort, &nearest, word);
}

code policy_word_code (struct policy_reading *self, unsigned line, const char *word,
                       const struct policy_vocabulary *vocabulary)
{
    code one = find_word (vocabulary->list, vocabulary->count, vocabulary->stride, word);
    if (one == CODE_NONE)
        fail_unknown_code (self, line, word, vocabulary, false);
    return one;
}

code policy_field_code (struct policy_reading *self, struct policy_field *field,
                        const struct policy_vocabulary *vocabulary)
{
    char *word = policy_field_word (self, field);
    return self->failed ? CODE_NONE : policy_word_code (self, field->value_line, word, vocabulary);
}

/* Adds the members of `more`. Fails if the list has one of them already: that must be a slip of the pen. */
static void add_set (struct policy_reading *self, const struct policy_word *word,
                     const struct policy_vocabulary *vocabulary, const code_set *more, code_set *set)
{
    for (size_t i = 0; i < vocabulary->count; i++) {
        if (!code_set_has (more, (code)i))
            continue;
        const char *name = entry_at (vocabulary->list, vocabulary->stride, i)->code;
        if (code_set_has (set, (code)i) && strcmp (name, word->text) == 0)
            policy_fail (self, word->line, "\"%s\" is in this list twice", name);
        else if (code_set_has (set, (code)i))
            policy_fail (self, word->line, "\"%s\" is in this list twice, once by \"%s\"", name, word->text);
        code_set_add (set, (code)i);
    }
}

void policy_word_add (struct policy_reading *self, unsigned line, const char *word,
                      const struct policy_vocabulary *vocabulary, code_set *set)
{
    code_set more = {0};
    code group = find_word (vocabulary->groups, vocabulary->group_count, sizeof *vocabulary->groups, word);
    if (group != CODE_NONE)
        more = vocabulary->groups[group].members;
    else
        code_set_add (&more, find_word (vocabulary->list, vocabulary->count, vocabulary->stride, word));
    if (code_set_is_empty (&more) && group != CODE_NONE)
        policy_fail_silently (self); /* what is wrong with the group was told there */
    else if (code_set_is_empty (&more))
        fail_unknown_code (self, line, word, vocabulary, true);
    add_set (self, &(struct policy_word){word, line}, vocabulary, &more, set);
}

code_set policy_field_codes (struct policy_reading *self, struct policy_field *field,
                             const struct policy_vocabulary *vocabulary)
{
    static const code_set none = {0};
    code_set set = {0};
    bool failed = false;
    if (field == NULL || !policy_field_begin (self, field))
        return set;
    struct policy_words words = policy_words_of (field);
    for (char *word; !self->failed && (word = policy_words_next (&words)) != NULL;) {
        policy_word_add (self, words.line, word, vocabulary, &set);
        failed = failed || self->failed;
        self->failed = self->failed && !self->goes_on;
    }
    self->failed = failed;
    if (code_set_is_empty (&set))
        policy_fail (self, field->line, "\"%s\" has no value", field->key);
    return failed ? none : set;
}

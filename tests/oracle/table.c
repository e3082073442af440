#include "table.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const dimensions[DIMENSIONS] = {"agreement", "restriction", "age",     "scenario",
                                                   "claim",     "mode",        "manager", "origin"};
static const char *const lists[LISTS] = {"provider", "recipient", "purpose", "category", "listener"};

static __attribute__ ((noreturn, format (printf, 1, 2))) void give_up (const char *format, ...)
{
    va_list arguments;
    va_start (arguments, format);
    vfprintf (stderr, format, arguments);
    va_end (arguments);
    fputc ('\n', stderr);
    exit (2);
}

static void *some (size_t count, size_t size)
{
    void *memory = calloc (count, size);
    if (memory == NULL)
        abort ();
    return memory;
}

static char *read_file (const char *path, size_t *size)
{
    FILE *file = fopen (path, "rb");
    if (file == NULL || fseek (file, 0, SEEK_END) != 0)
        give_up ("%s cannot be read", path);
    long end = ftell (file);
    rewind (file);
    char *data = some ((size_t)end + 1, 1);
    *size = fread (data, 1, (size_t)end, file);
    if (*size != (size_t)end)
        give_up ("%s cannot be read", path);
    fclose (file);
    return data;
}

/* The next line, ended in place. */
static char *next_line (char **at)
{
    char *line = *at, *end = strchr (line, '\n');
    if (end == NULL)
        give_up ("the table ends too soon");
    *end = '\0';
    *at = end + 1;
    return line;
}

/* The count on a line "WORD NAME COUNT", or "WORD COUNT" where name is NULL. */
static size_t next_count (char **at, const char *word, const char *name)
{
    char expected[64];
    char *line = next_line (at);
    int length =
        snprintf (expected, sizeof expected, "%s %s%s", word, name != NULL ? name : "", name != NULL ? " " : "");
    if (strncmp (line, expected, (size_t)length) != 0)
        give_up ("\"%s\" where \"%s\" was expected", line, expected);
    return strtoul (line + length, NULL, 10);
}

static struct names next_names (char **at, const char *word, const char *name)
{
    struct names names = {next_count (at, word, name), NULL};
    names.name = some (names.count, sizeof *names.name);
    for (size_t i = 0; i < names.count; i++)
        names.name[i] = next_line (at);
    return names;
}

static enum rule_code reason_named (const char *name)
{
    for (enum rule_code one = AGREEMENT_MISSING; one <= GROUND_NOT_ALLOWED; one++)
        if (strcmp (rule_code_name (one), name) == 0)
            return one;
    give_up ("no reason is named %s", name);
}

static code statute_named (const struct policy *policy, const char *name)
{
    for (size_t i = 0; i < policy->statute_count; i++)
        if (strcmp (policy->statutes[i].entry.code, name) == 0)
            return (code)i;
    return CODE_NONE;
}

static size_t index_of (const struct names *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++)
        if (strcmp (names->name[i], name) == 0)
            return i;
    give_up ("the table has no %s", name);
}

static void read_permit (struct outcome *outcome, const struct names *listeners, const struct policy *policy,
                         char *words)
{
    const char *kind = strtok (words, " "), *name = strtok (NULL, " "), *statement = strtok (NULL, " ");
    outcome->permit = true;
    outcome->code = CODE_NONE;
    outcome->statement = SIZE_MAX;
    if (strcmp (kind, "consent") == 0) {
        outcome->ground = POLICY_CONSENT;
        outcome->statement = strtoul (statement, NULL, 10) - 1;
    } else if (strcmp (kind, "statute") == 0) {
        outcome->ground = POLICY_STATUTE;
        outcome->code = statute_named (policy, name);
    } else {
        outcome->ground = POLICY_WITHOUT_CONSENT;
        outcome->code = policy_urgent_reason (policy, name);
    }
    if (strcmp (name, "-") != 0 && outcome->code == CODE_NONE)
        give_up ("the pack does not know %s", name);
    for (char *one = strtok (NULL, ", "); one != NULL; one = strtok (NULL, ", "))
        if (strcmp (one, "-") != 0)
            outcome->against[index_of (listeners, one)] = true;
}

static void read_outcome (struct outcome *outcome, const struct names *listeners, const struct policy *policy,
                          const char *line)
{
    char words[1024];
    size_t listener = 0;
    if ((size_t)snprintf (words, sizeof words, "%s", line) >= sizeof words)
        give_up ("\"%s\" is too long", line);
    outcome->text = line;
    if (strncmp (words, "permit ", 7) == 0) {
        read_permit (outcome, listeners, policy, words + 7);
        return;
    }
    if (strncmp (words, "deny ", 5) != 0)
        give_up ("\"%s\" is no outcome", line);
    for (char *word = strtok (words + 5, " "); word != NULL; word = strtok (NULL, " "))
        if (strcmp (word, "|") != 0)
            rule_codes_add (&outcome->heard[listener], reason_named (word));
        else if (++listener == listeners->count)
            give_up ("\"%s\" has more listeners than there are", line);
}

static size_t number_at (const uint8_t *numbers, size_t index)
{
    return numbers[2 * index] | (size_t)numbers[2 * index + 1] << 8;
}

static size_t long_number_at (const uint8_t *numbers, size_t index)
{
    return number_at (numbers, 2 * index) | number_at (numbers, 2 * index + 1) << 16;
}

/* Where the outcomes begin that a situation of a class has. */
static size_t block_at (const struct table *self, size_t index)
{
    size_t block = long_number_at (self->blocks, index);
    if (block >= self->block_count)
        give_up ("the table has no block %zu", block);
    return block * self->block_size;
}

const struct outcome *table_outcome (const struct table *self, size_t index)
{
    size_t outcome = number_at (self->arrays, index);
    if (outcome >= self->outcome_count)
        give_up ("the table has no outcome %zu", outcome);
    return &self->outcomes[outcome];
}

static bool block_permits (const struct table *self, size_t first)
{
    for (size_t i = 0; i < self->block_size; i++)
        if (table_outcome (self, first + i)->permit)
            return true;
    return false;
}

static void find_permits (struct table *self)
{
    self->permits = some (self->class_count, sizeof *self->permits);
    for (size_t i = 0; i < self->class_count * self->situations; i++)
        if (!self->permits[i / self->situations])
            self->permits[i / self->situations] = block_permits (self, block_at (self, i));
}

static void read_dimensions (struct table *self, char **at)
{
    self->situations = self->block_size = self->cells = 1;
    for (enum dimension i = 0; i < DIMENSIONS; i++) {
        self->dimensions[i] = next_names (at, "dimension", dimensions[i]);
        *(i < CLAIM ? &self->situations : &self->block_size) *= self->dimensions[i].count;
    }
    for (enum list i = 0; i < LISTS; i++) {
        self->lists[i] = next_names (at, "list", lists[i]);
        if (i < LISTENERS)
            self->cells *= self->lists[i].count;
    }
    if (self->lists[LISTENERS].count > TABLE_LISTENERS)
        give_up ("the table has too many listeners");
}

static void read_facts (struct table *self, char **at)
{
    size_t count = next_count (at, "situations", NULL);
    if (count != self->dimensions[AGE].count * self->dimensions[SCENARIO].count)
        give_up ("the table has not the facts of every situation");
    self->facts = some (count, sizeof *self->facts);
    for (size_t i = 0; i < count; i++)
        for (char *line = next_line (at); strcmp (line, "end") != 0; line = next_line (at))
            if (!situation_take_line (&self->facts[i], line))
                give_up ("\"%s\" is no fact of situation %zu", line, i);
}

static void read_arrays (struct table *self, const char *at, const char *end, const char *path)
{
    size_t blocks = self->class_count * self->situations;
    if ((size_t)(end - at) != 2 * self->cells + 4 * blocks + 2 * self->block_count * self->block_size)
        give_up ("%s is not as long as it says", path);
    self->classes = (const uint8_t *)at;
    self->blocks = self->classes + 2 * self->cells;
    self->arrays = self->blocks + 4 * blocks;
    find_permits (self);
}

void table_read (struct table *self, const char *path, const struct policy *policy)
{
    char expected[128];
    size_t size;
    char *at = self->file = read_file (path, &size);
    snprintf (expected, sizeof expected, "oracle 2 %s", policy->name);
    if (strcmp (next_line (&at), expected) != 0)
        give_up ("%s does not begin with \"%s\"", path, expected);
    read_dimensions (self, &at);
    read_facts (self, &at);
    self->outcome_count = next_count (&at, "outcomes", NULL);
    self->outcomes = some (self->outcome_count, sizeof *self->outcomes);
    for (size_t i = 0; i < self->outcome_count; i++)
        read_outcome (&self->outcomes[i], &self->lists[LISTENERS], policy, next_line (&at));
    self->class_count = next_count (&at, "classes", NULL);
    self->block_count = next_count (&at, "blocks", NULL);
    if (strcmp (next_line (&at), "arrays") != 0)
        give_up ("%s has no arrays", path);
    read_arrays (self, at, self->file + size, path);
}

const struct situation *table_facts (const struct table *self, const size_t at[DIMENSIONS])
{
    return &self->facts[at[AGE] * self->dimensions[SCENARIO].count + at[SCENARIO]];
}

bool table_permits (const struct table *self, size_t class)
{
    return self->permits[class];
}

void table_clear (struct table *self)
{
    for (enum dimension i = 0; i < DIMENSIONS; i++)
        free (self->dimensions[i].name);
    for (enum list i = 0; i < LISTS; i++)
        free (self->lists[i].name);
    free (self->permits);
    free (self->facts);
    free (self->outcomes);
    free (self->file);
}

size_t table_class (const struct table *self, const size_t cell[LISTENERS])
{
    size_t index = 0;
    for (enum list i = 0; i < LISTENERS; i++)
        index = index * self->lists[i].count + cell[i];
    size_t class = number_at (self->classes, index);
    if (class >= self->class_count)
        give_up ("the table has no class %zu", class);
    return class;
}

static size_t index_among (const struct table *self, const size_t at[DIMENSIONS], enum dimension first,
                           enum dimension end)
{
    size_t index = 0;
    for (enum dimension i = first; i < end; i++)
        index = index * self->dimensions[i].count + at[i];
    return index;
}

size_t table_index (const struct table *self, size_t class, const size_t at[DIMENSIONS])
{
    return block_at (self, class * self->situations + index_among (self, at, AGREEMENT, CLAIM)) +
           index_among (self, at, CLAIM, DIMENSIONS);
}

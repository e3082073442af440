/* The line of a mapping that says which category an element is. */
#include "mapping_reader.h"
#include <stdlib.h>
#include <string.h>

static int read_use (struct reader *self, struct mapping_rule *rule, const char *word)
{
    static const struct {
        const char *word;
        enum mapping_use use;
    } uses[] = {{"envelope", MAPPING_ENVELOPE},
                {"structure", MAPPING_STRUCTURE},
                {"same", MAPPING_SAME},
                {"never", MAPPING_NEVER},
                {"returned", MAPPING_RETURNED}};
    rule->use = MAPPING_CATEGORY;
    for (size_t i = 0; i < sizeof uses / sizeof *uses; i++) {
        if (strcmp (word, uses[i].word) == 0)
            rule->use = uses[i].use;
    }
    if (rule->use == MAPPING_CATEGORY) {
        if (!reader_is_code (word))
            return reader_refuse (self, self->line, "'%s' is not the code of a category", word);
        rule->category = word;
    }
    return 0;
}

static int read_occurrence (struct reader *self, struct mapping_rule *rule, const char *word)
{
    static const char *const words[] = {"optional", "required", "any-number", "one-or-more"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp (word, words[i]) == 0) {
            rule->occurrence = (enum mapping_occurrence)i;
            return 0;
        }
    }
    return reader_refuse (self, self->line, "'%s' is not optional, required, any-number or one-or-more", word);
}

/* Reads "when SIBLING VALUE CATEGORY". */
static int read_when (struct reader *self, struct mapping_rule *rule, char **words)
{
    if (!words[0] || !words[1] || !words[2])
        return reader_refuse (self, self->line, "'when' is followed by a sibling, its value and a category");
    if (rule->when_count == MAPPING_WHENS_MAX)
        return reader_refuse (self, self->line, "'when' is given more than %d times", MAPPING_WHENS_MAX);
    if (rule->use == MAPPING_SAME || rule->use == MAPPING_ENVELOPE || rule->use == MAPPING_RETURNED)
        return reader_refuse (self, self->line,
                              "'when' needs a category, 'structure' or 'never' for all other cases");
    const struct mapping_rule *sibling = rule->parent->first_child;
    while (sibling && strcmp (sibling->name, words[0]) != 0)
        sibling = sibling->next;
    if (!sibling)
        return reader_refuse (self, self->line, "'%s' has no line before this one in the same parent", words[0]);
    if (mapping_is_repeated (sibling))
        return reader_refuse (self, self->line, "'%s' may occur more than once: no category can depend on it",
                              words[0]);
    if (!reader_is_code (words[2]))
        return reader_refuse (self, self->line, "'%s' is not the code of a category", words[2]);
    for (size_t i = 0; i < rule->when_count; i++) {
        if (rule->whens[i].sibling != sibling || strcmp (rule->whens[i].value, words[1]) == 0)
            return reader_refuse (self, self->line, "'when' is about one sibling, and about each value once");
    }
    rule->whens[rule->when_count++] = (struct mapping_when){sibling, words[1], words[2]};
    return 0;
}

/* Hides libxml2's own words about a wrong pattern: the error names the line instead. */
static void stay_silent (void *context, xmlError *error)
{
    (void)context;
    (void)error;
}

static int read_pattern (struct reader *self, struct mapping_rule *rule, const char *word)
{
    if (!word || rule->pattern)
        return reader_refuse (self, self->line, "'value' is followed by one pattern, and given once");
    rule->pattern = word;
    xmlSetStructuredErrorFunc (NULL, stay_silent);
    rule->regexp = xmlRegexpCompile ((const xmlChar *)word);
    xmlSetStructuredErrorFunc (NULL, NULL);
    if (!rule->regexp)
        return reader_refuse (self, self->line, "'%s' is not an XML Schema pattern", word);
    return 0;
}

static int read_options (struct reader *self, struct mapping_rule *rule, char **words)
{
    while (*words) {
        const char *option = *words++;
        int r = 0;
        if (strcmp (option, "when") == 0) {
            r = read_when (self, rule, words);
            words += r < 0 ? 0 : 3;
        } else if (strcmp (option, "value") == 0) {
            r = read_pattern (self, rule, *words);
            words += r < 0 ? 0 : 1;
        } else if (strcmp (option, "origin") == 0) {
            if (!*words || !reader_is_code (*words))
                return reader_refuse (self, self->line, "'origin' is followed by the code of a law");
            rule->origin = *words++;
        } else if (strcmp (option, "as") == 0) {
            if (!self->mapping->reshapes)
                return reader_refuse (self, self->line, "'as' needs a line 'output' before the elements");
            if (!*words || !reader_is_name (*words))
                return reader_refuse (self, self->line, "'as' is followed by the name of an element");
            rule->output_name = *words++;
        } else {
            r = reader_refuse (self, self->line, "'%s' is not when, value, origin or as", option);
        }
        if (r < 0)
            return r;
    }
    return 0;
}

int reader_read_element (struct reader *self)
{
    if (self->word_count < 4)
        return reader_refuse (self, self->line, "element: a path, a category and an occurrence are needed");
    struct mapping_place place;
    int r = reader_walk_path (self, self->line, self->words[1], &place);
    if (r < 0)
        return r;
    struct mapping_rule *parent = place.parent, *known = place.rule;
    if (known)
        return reader_refuse (self, self->line, "'%s' has a line already, %zu", known->path, known->line);
    if (parent->use == MAPPING_NEVER && parent->when_count == 0)
        return reader_refuse (self, self->line, "'%s' never goes, so nothing in it needs a line", parent->path);
    if (parent->pattern)
        return reader_refuse (self, self->line, "'%s' holds a value, so no elements", parent->path);
    struct mapping_rule *rule = reader_add_rule (self, parent, place.name.space, place.name.local);
    r = read_use (self, rule, self->words[2]);
    if (r == 0)
        r = read_occurrence (self, rule, self->words[3]);
    if (r == 0)
        r = read_options (self, rule, self->words + 4);
    if (r < 0)
        return r;
    if (rule->use == MAPPING_NEVER && rule->when_count == 0 && mapping_is_required (rule))
        return reader_refuse (self, self->line, "what never goes cannot be required");
    if (rule->use == MAPPING_SAME && parent->use == MAPPING_STRUCTURE && parent->when_count == 0)
        return reader_refuse (self, self->line, "its parent has no category that it could share");
    return 0;
}

/* What can be judged only after all lines of a mapping were read: what must be said was said, and the elements
   that the statements name are there and can bear what is said of them. */
#include "mapping_reader.h"
#include <string.h>

/* Counts a category with its origin, if it is a new one. */
static int count_item (struct reader *self, const struct mapping_rule *rule, const char *category,
                       const char *items[][2], size_t *count_p)
{
    for (size_t i = 0; i < *count_p; i++) {
        if (strcmp (items[i][0], category) == 0 && strcmp (items[i][1], rule->origin) == 0)
            return 0;
    }
    if (*count_p == MAPPING_ITEMS_MAX)
        return reader_refuse (self, rule->line, "more than %d categories: one check cannot ask them all",
                              MAPPING_ITEMS_MAX);
    items[*count_p][0] = category;
    items[(*count_p)++][1] = rule->origin;
    return 0;
}

/* Checks one element by what the other lines say. */
static int check_rule (struct reader *self, const struct mapping_rule *rule)
{
    bool categorised = rule->use == MAPPING_CATEGORY || rule->when_count > 0;
    bool returns = mapping_is_return (self->mapping);
    if (categorised && returns)
        return reader_refuse (self, rule->line, "nothing is asked about a return message: it has no categories");
    if (rule->use == MAPPING_RETURNED && !returns)
        return reader_refuse (self, rule->line, "'returned' is for a return message, which says 'returns'");
    if (categorised && !rule->origin)
        return reader_refuse (self, rule->line, "no law is named under which it was obtained (origin)");
    if (rule->pattern && rule->first_child)
        return reader_refuse (self, rule->line, "'%s' holds elements, so no value", rule->path);
    if (rule->when_count > 0 && rule->whens[0].sibling->first_child)
        return reader_refuse (self, rule->line, "'%s' holds no value on which a category can depend",
                              rule->whens[0].sibling->path);
    return 0;
}

static int check_rules (struct reader *self, const struct mapping_rule *parent, const char *items[][2],
                        size_t *count_p)
{
    for (const struct mapping_rule *rule = parent->first_child; rule; rule = rule->next) {
        int r = check_rule (self, rule);
        if (r == 0 && rule->use == MAPPING_CATEGORY)
            r = count_item (self, rule, rule->category, items, count_p);
        for (size_t i = 0; r == 0 && i < rule->when_count; i++)
            r = count_item (self, rule, rule->whens[i].category, items, count_p);
        if (r == 0)
            r = check_rules (self, rule, items, count_p);
        if (r < 0)
            return r;
    }
    return 0;
}

/* Finds the element of a path that was given. The path begins at the reader's base. */
static int find_rule (struct reader *self, struct reader_path *path, const struct mapping_rule **rule_p)
{
    struct mapping_place place;
    int r = path->path ? reader_walk_path (self, path->line, path->path, &place) : 0;
    if (r < 0 || !path->path)
        return r;
    if (!place.rule)
        return reader_refuse (self, path->line, "'%s' has no line", place.name.local);
    *rule_p = place.rule;
    return 0;
}

static int find_value (struct reader *self, struct reader_path *path, const struct mapping_rule **rule_p)
{
    int r = find_rule (self, path, rule_p);
    if (r == 0 && path->path && (*rule_p)->first_child)
        return reader_refuse (self, path->line, "'%s' holds elements, so no value", (*rule_p)->path);
    return r;
}

static int find_values (struct reader *self, struct reader_paths *paths, struct mapping_rules *rules)
{
    int r = 0;
    for (size_t i = 0; r == 0 && i < paths->count; i++)
        r = find_value (self, &paths->paths[i], &rules->rules[rules->count++]);
    return r;
}

/* The first rule, from this one up to `above`, that may stand there more than once or, if it is always needed, may
   be absent. NULL: there is none. */
static const struct mapping_rule *find_unsteady (const struct mapping_rule *rule, const struct mapping_rule *above,
                                                 bool always)
{
    for (; rule && rule != above; rule = rule->parent) {
        if (mapping_is_repeated (rule) || (always && !mapping_is_required (rule)))
            return rule;
    }
    return NULL;
}

static bool stands_below (const struct mapping_rule *rule, const struct mapping_rule *above)
{
    while (rule && rule != above)
        rule = rule->parent;
    return rule;
}

/* Finds those who send and receive it, and its own number. */
static int find_envelope (struct reader *self)
{
    struct mapping *mapping = self->mapping;
    int r = find_value (self, &self->sender, &mapping->sender.rule);
    if (r == 0)
        r = find_value (self, &self->receiver, &mapping->receiver.rule);
    if (r == 0)
        r = find_value (self, &self->identification, &mapping->identification);
    if (r < 0)
        return r;
    const struct mapping_rule *const rules[] = {mapping->sender.rule, mapping->receiver.rule,
                                                mapping->identification};
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        const struct mapping_rule *wrong = find_unsteady (rules[i], NULL, false);
        if (wrong)
            return reader_refuse (self, wrong->line, "'%s' must not be repeated: '%s' stands in the message once",
                                  wrong->path, rules[i]->path);
    }
    return 0;
}

/* Finds the clients of a message with several. What is around them stands once. */
static int find_clients (struct reader *self)
{
    struct mapping *mapping = self->mapping;
    int r = find_rule (self, &self->client, &mapping->client);
    if (r < 0 || !mapping->client)
        return r;
    if (!mapping_is_repeated (mapping->client))
        return reader_refuse (self, self->client.line, "'%s' must be repeated: there is one of each client",
                              mapping->client->path);
    const struct mapping_rule *wrong = find_unsteady (mapping->client->parent, NULL, !mapping_is_return (mapping));
    if (wrong)
        return reader_refuse (self, wrong->line, "'%s' must be required: it holds the clients", wrong->path);
    return 0;
}

static bool is_returned (const struct mapping_rule *rule)
{
    while (rule->use == MAPPING_SAME)
        rule = rule->parent;
    return rule->use == MAPPING_RETURNED;
}

/* Finds the BSN: one value for each client, always there, with a category of its own. A return message may have
   none; then it is known where one may stand. */
static int find_subject (struct reader *self)
{
    struct mapping *mapping = self->mapping;
    int r = find_value (self, &self->subject, &mapping->subject);
    if (r < 0 || !mapping->subject)
        return r;
    bool returned = mapping_is_return (mapping);
    if (returned ? !is_returned (mapping->subject) : mapping->subject->use != MAPPING_CATEGORY)
        return reader_refuse (self, self->subject.line, "the subject is an element with %s and a value",
                              returned ? "'returned'" : "a category");
    if (mapping->client && !stands_below (mapping->subject, mapping->client))
        return reader_refuse (self, self->subject.line, "the subject stands in '%s'", mapping->client->path);
    const struct mapping_rule *wrong = find_unsteady (mapping->subject, mapping->client, !returned);
    if (wrong)
        return reader_refuse (self, wrong->line, "'%s' must be required: it holds the subject", wrong->path);
    return 0;
}

/* Finds the request whose subject this one has, what a later message may refer to, and what this one answers. */
static int find_references (struct reader *self)
{
    struct mapping *mapping = self->mapping;
    int r = find_value (self, &self->subject_by, &mapping->subject_by);
    const struct mapping_rule *wrong =
        mapping->subject_by ? find_unsteady (mapping->subject_by, NULL, true) : NULL;
    if (r == 0 && wrong)
        return reader_refuse (self, wrong->line, "'%s' must be required: by it the subject is found", wrong->path);
    if (r == 0)
        r = find_values (self, &self->references, &mapping->references);
    return r < 0 ? r : find_values (self, &self->returns, &mapping->returns.identifications);
}

/* Finds what takes back. The paths by which a product is the same begin in the product. */
static int find_removal (struct reader *self)
{
    struct mapping_removal *removal = &self->mapping->removal;
    if (!self->removal.path != (self->same_as.count == 0))
        return reader_refuse (self, self->line, "removal and same-as are said both, or neither");
    int r = find_value (self, &self->removal, &removal->rule);
    if (r < 0 || !removal->rule)
        return r;
    self->base = removal->rule->parent;
    return find_values (self, &self->same_as, &removal->same_as);
}

static int refuse_missing (struct reader *self, const char *word)
{
    return reader_refuse (self, self->line, "the line '%s' is missing", word);
}

/* Checks that everything was said that such a mapping must say. */
static int check_said (struct reader *self)
{
    const struct mapping *mapping = self->mapping;
    bool returned = mapping_is_return (mapping);
    const struct {
        bool said;
        const char *word;
    } needed[] = {{mapping->root, "message"},
                  {mapping->release, "release"},
                  {mapping->purpose || returned, "purpose"},
                  {mapping->flow || returned, "flow"},
                  {mapping->from.count > 0, "from"},
                  {mapping->to.count > 0, "to"},
                  {self->sender.path, "sender"},
                  {self->receiver_said, "receiver"},
                  {self->identification.path, "identification"},
                  {self->subject.path || self->subject_by.path || returned, "subject"}};
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        if (!needed[i].said)
            return refuse_missing (self, needed[i].word);
    }
    if (returned && (mapping->purpose || mapping->flow || self->subject_by.path))
        return reader_refuse (self, self->line,
                              "nothing is asked about a return message: it has no purpose, flow or subject-by");
    if (self->subject.path && self->subject_by.path)
        return reader_refuse (self, self->line, "subject and subject-by are not said both");
    if (self->client.path && !self->subject.path)
        return refuse_missing (self, "subject");
    return 0;
}

int reader_check_whole (struct reader *self)
{
    const char *items[MAPPING_ITEMS_MAX][2];
    size_t count = 0;
    self->base = NULL; /* paths of statements begin at the root */
    int r = check_said (self);
    if (r == 0)
        r = check_rules (self, self->mapping->root, items, &count);
    if (r == 0)
        r = find_envelope (self);
    if (r == 0)
        r = find_clients (self);
    if (r == 0)
        r = find_subject (self);
    if (r == 0)
        r = find_references (self);
    return r < 0 ? r : find_removal (self);
}

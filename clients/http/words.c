#include "words.h"

#include <string.h>
#include <strings.h>
#include "question.h"
#include "unconst.h"

enum place {
    NOWHERE = 0,
    SUBJECT = 1 << 0,
    ACTION = 1 << 1,
    RESOURCE = 1 << 2,
    CONTEXT = 1 << 3,
    AROUND = 1 << 4,
    OF_ACTION = 1 << 5, /* its properties */
    OF_RESOURCE = 1 << 6,
    OF_SUBJECT = 1 << 7,
    ITEM = 1 << 8, /* one of resource.properties.gegevens */
};

static const struct word {
    const char *name;
    unsigned places;
    const char *instead;
} words[] = {
    {"bsn", OF_RESOURCE, "it belongs in resource.properties"},
    {"verstrekker", OF_RESOURCE, "it belongs in resource.properties"},
    {"gegevens", OF_RESOURCE, "it belongs in resource.properties"},
    {"herkomst", OF_RESOURCE | ITEM, "it belongs in resource.properties, or in one of its gegevens"},
    {"gegevenssoort", ITEM, "it belongs in resource.id, or in one of resource.properties.gegevens"},
    {"ontvanger", NOWHERE, "who receives is subject.id"},
    {"doel", OF_ACTION, "it belongs in action.properties"},
    {"wijze", OF_ACTION, "it belongs in action.properties"},
    {"gebruiker", CONTEXT, "it belongs in context"},
    {"zaak", CONTEXT, "it belongs in context"},
    {"alles_of_niets", CONTEXT, "it belongs in context"},
    {"onder_beroepsgeheim", CONTEXT, "it belongs in context"},
    {"leidinggevende", CONTEXT, "it belongs in context"},
    {"geen_leidinggevende", CONTEXT, "it belongs in context"},
    {"beroep_op", CONTEXT, "it belongs in context"},
    {"tijdstip", NOWHERE, "the registry decides at the moment at which it is asked"},
};

static const struct word *word_of (const char *name)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasecmp (name, words[i].name) == 0)
            return &words[i];
    return NULL;
}

/* The names of one object. `before` is what leads to it: "context.". */
static bool judge (const json_t *object, unsigned place, const char *where, const char *before,
                   struct refusal *refusal)
{
    for (void *at = json_object_iter (unconst (object)); at; at = json_object_iter_next (unconst (object), at)) {
        const char *name = json_object_iter_key (at);
        const struct word *word = word_of (name);
        if (word && !(word->places & place))
            return refuse (refusal, 400, "%s%s%s: %s", where, before, word->name, word->instead);
        if (word && strcmp (name, word->name) != 0)
            return refuse (refusal, 400, "%s%s%s: it is written in small letters", where, before, word->name);
    }
    return true;
}

bool words_judge_item (const json_t *item, const char *place, struct refusal *refusal)
{
    return judge (item, ITEM, place, ".", refusal);
}

bool words_judge_around (const json_t *object, const char *where, struct refusal *refusal)
{
    return judge (object, AROUND, where, "", refusal);
}

bool tuple_judge (const struct tuple *self, const char *where, struct refusal *refusal)
{
    return judge (self->subject, SUBJECT, where, "subject.", refusal) &&
           judge (json_object_get (self->subject, "properties"), OF_SUBJECT, where, "subject.properties.",
                  refusal) &&
           judge (self->action, ACTION, where, "action.", refusal) &&
           judge (json_object_get (self->action, "properties"), OF_ACTION, where, "action.properties.", refusal) &&
           judge (self->resource, RESOURCE, where, "resource.", refusal) &&
           judge (json_object_get (self->resource, "properties"), OF_RESOURCE, where, "resource.properties.",
                  refusal) &&
           judge (self->context, CONTEXT, where, "context.", refusal);
}

#include "question.h"

#include <stdio.h>
#include <string.h>
#include "words.h"

/* What the id of a resource is where properties.gegevens says which data it is. No policy has such a kind of data.
 */
#define SEVERAL "gegevens"

/* --- Fields -------------------------------------------------------------------------------------------- */

const char *field_optional (const json_t *object, const char *name, const char *place, struct refusal *refusal)
{
    const json_t *value = json_object_get (object, name);
    if (value && !json_is_string (value)) {
        refuse (refusal, 400, "%s.%s: it is not a text", place, name);
        return NULL;
    }
    return value ? json_string_value (value) : "";
}

const char *field_required (const json_t *object, const char *name, const char *place, struct refusal *refusal)
{
    const char *text = field_optional (object, name, place, refusal);
    if (text && !*text) {
        refuse (refusal, 400, "%s.%s: it is missing", place, name);
        return NULL;
    }
    return text;
}

const json_t *field_properties (const json_t *entity, const char *place, struct refusal *refusal)
{
    const json_t *properties = json_object_get (entity, "properties");
    if (properties && !json_is_object (properties))
        refuse (refusal, 400, "%s.properties: it is not an object", place);
    return properties;
}

static bool read_truth (bool *truth, const json_t *object, const char *name, const char *place,
                        struct refusal *refusal)
{
    const json_t *value = json_object_get (object, name);
    if (value && !json_is_boolean (value))
        return refuse (refusal, 400, "%s.%s: it is neither true nor false", place, name);
    *truth = json_is_true (value);
    return true;
}

/* --- The four ------------------------------------------------------------------------------------------ */

static bool read_entity (const json_t **entity, const json_t *object, const char *name, const char *where,
                         struct refusal *refusal)
{
    *entity = json_object_get (object, name);
    if (*entity && !json_is_object (*entity))
        return refuse (refusal, 400, "%s%s: it is not an object", where, name);
    return true;
}

bool tuple_read (struct tuple *self, const json_t *object, const char *where, struct refusal *refusal)
{
    return read_entity (&self->subject, object, "subject", where, refusal) &&
           read_entity (&self->action, object, "action", where, refusal) &&
           read_entity (&self->resource, object, "resource", where, refusal) &&
           read_entity (&self->context, object, "context", where, refusal);
}

/* One entity of an evaluation: its own as a whole, or else the default. What AuthZEN requires of an entity
   (`type`, `id`, `name`) may be that of the default all the same. */
struct entity {
    const json_t *json, *fallback;
    char place[64]; /* "evaluations[3].subject" */
};

static const json_t *member (const struct tuple *tuple, const char *name)
{
    return strcmp (name, "subject") == 0  ? tuple->subject
           : strcmp (name, "action") == 0 ? tuple->action
                                          : tuple->resource;
}

static bool choose (struct entity *self, const struct question_source *source, const char *name,
                    struct refusal *refusal)
{
    const json_t *own = member (source->own, name);
    const json_t *fallback = source->defaults ? member (source->defaults, name) : NULL;
    *self = (struct entity){.json = own ? own : fallback, .fallback = fallback};
    snprintf (self->place, sizeof self->place, "%s%s", source->where, name);
    return self->json ? true : refuse (refusal, 400, "%s: it is missing", self->place);
}

/* A required field of an entity. */
static const char *name_of (const struct entity *self, const char *name, struct refusal *refusal)
{
    const json_t *from = json_object_get (self->json, name) || !self->fallback ? self->json : self->fallback;
    return field_required (from, name, self->place, refusal);
}

/* The same, which can be only one. */
static bool must_be (const struct entity *self, const char *name, const char *only, struct refusal *refusal)
{
    const char *text = name_of (self, name, refusal);
    if (!text)
        return false;
    return strcmp (text, only) == 0 ||
           refuse (refusal, 400, "%s.%s: the registry knows only \"%s\"", self->place, name, only);
}

/* --- The question -------------------------------------------------------------------------------------- */

static bool read_subject (struct consent_question *asked, const struct entity *subject, struct refusal *refusal)
{
    field_properties (subject->json, subject->place, refusal);
    return must_be (subject, "type", TYPE_PARTY, refusal) &&
           (asked->recipient = name_of (subject, "id", refusal)) && refusal->status == 0;
}

static bool read_action (struct consent_question *asked, const struct entity *action, struct refusal *refusal)
{
    if (!must_be (action, "name", ACTION_DISCLOSE, refusal))
        return false;
    char place[96];
    snprintf (place, sizeof place, "%s.properties", action->place);
    const json_t *properties = field_properties (action->json, action->place, refusal);
    const char *mode = field_optional (properties, "wijze", place, refusal);
    asked->purpose = field_required (properties, "doel", place, refusal);
    if (!mode || !asked->purpose)
        return false;
    asked->mode = strcmp (mode, "DISCLOSE") == 0 ? CONSENT_DISCLOSE : CONSENT_ADVISE;
    return asked->mode == CONSENT_DISCLOSE || !*mode || strcmp (mode, "ADVISE") == 0 ||
           refuse (refusal, 400, "%s.wijze: it is \"ADVISE\" or \"DISCLOSE\"", place);
}

/* resource.properties.gegevens. */
static bool read_several (struct question *self, const json_t *list, const char *place, struct refusal *refusal)
{
    if (!json_is_array (list) || json_array_size (list) == 0 || json_array_size (list) > QUESTION_ITEMS)
        return refuse (refusal, 400, "%s.gegevens: it is not a list of 1 to %d", place, QUESTION_ITEMS);
    for (size_t i = 0; i < json_array_size (list); i++) {
        const json_t *one = json_array_get (list, i);
        char at[128];
        snprintf (at, sizeof at, "%s.gegevens[%zu]", place, i);
        if (!json_is_object (one))
            return refuse (refusal, 400, "%s: it is not an object", at);
        struct consent_item *item = &self->items[i];
        item->category = field_required (one, "gegevenssoort", at, refusal);
        item->origin = field_optional (one, "herkomst", at, refusal);
        if (!item->category || !item->origin || !words_judge_item (one, at, refusal))
            return false;
    }
    self->asked.item_count = json_array_size (list);
    return true;
}

/* Which data it is: resource.id, or the list. */
static bool read_data (struct question *self, const struct entity *resource, const json_t *properties,
                       const char *place, struct refusal *refusal)
{
    const json_t *list = json_object_get (properties, "gegevens");
    const char *id = name_of (resource, "id", refusal);
    const char *origin = field_optional (properties, "herkomst", place, refusal);
    self->asked.items = self->items;
    if (!id || !origin)
        return false;
    if ((strcmp (id, SEVERAL) == 0) != (list != NULL))
        return refuse (refusal, 400, "%s.id: it is \"" SEVERAL "\" if there is properties.gegevens, and only then",
                       resource->place);
    if (list && *origin)
        return refuse (refusal, 400, "%s.herkomst: beside gegevens it belongs in each of them", place);
    if (list)
        return read_several (self, list, place, refusal);
    self->items[0] = (struct consent_item){id, origin};
    self->asked.item_count = 1;
    return true;
}

static bool read_resource (struct question *self, const struct entity *resource, struct refusal *refusal)
{
    if (!must_be (resource, "type", TYPE_DATA, refusal))
        return false;
    char place[96];
    snprintf (place, sizeof place, "%s.properties", resource->place);
    const json_t *properties = field_properties (resource->json, resource->place, refusal);
    return refusal->status == 0 && read_data (self, resource, properties, place, refusal) &&
           (self->asked.bsn = field_required (properties, "bsn", place, refusal)) &&
           (self->asked.provider = field_required (properties, "verstrekker", place, refusal));
}

static bool read_context (struct question *self, const json_t *context, const char *where, struct refusal *refusal)
{
    struct consent_question *asked = &self->asked;
    char place[64];
    snprintf (place, sizeof place, "%scontext", where);
    if (!(asked->user = field_required (context, "gebruiker", place, refusal)) ||
        !(asked->case_ref = field_optional (context, "zaak", place, refusal)) ||
        !(asked->manager_consulted = field_optional (context, "leidinggevende", place, refusal)) ||
        !(asked->no_manager = field_optional (context, "geen_leidinggevende", place, refusal)) ||
        !read_truth (&asked->all_or_nothing, context, "alles_of_niets", place, refusal) ||
        !read_truth (&asked->under_secrecy, context, "onder_beroepsgeheim", place, refusal) ||
        !claim_read (&self->claim, asked, context, place, refusal))
        return false;
    return !asked->all_or_nothing || asked->mode == CONSENT_DISCLOSE ||
           refuse (refusal, 400, "%s.alles_of_niets: it says something only where wijze is \"DISCLOSE\"", place);
}

bool question_read (struct question *self, const struct question_source *source, struct refusal *refusal)
{
    const struct tuple *own = source->own;
    const json_t *around = source->defaults ? source->defaults->context : NULL;
    struct entity subject, action, resource;
    self->asked = (struct consent_question){.mode = CONSENT_ADVISE};
    return tuple_judge (own, source->where, refusal) && choose (&subject, source, "subject", refusal) &&
           choose (&action, source, "action", refusal) && choose (&resource, source, "resource", refusal) &&
           read_subject (&self->asked, &subject, refusal) && read_action (&self->asked, &action, refusal) &&
           read_resource (self, &resource, refusal) &&
           read_context (self, own->context ? own->context : around, source->where, refusal);
}

#include <string.h>
#include "question.h"
#include "search.h"
#include "words.h"

/* The type of an entity, or the name of the action. Of another than ours nothing is found, which is no fault. */
static bool read_type (struct search *self, const json_t *entity, const char *place, const char *only,
                       struct refusal *refusal)
{
    if (!entity)
        return refuse (refusal, 400, "%s: it is missing", place);
    const char *type = field_required (entity, strcmp (place, "action") == 0 ? "name" : "type", place, refusal);
    self->is_nothing = self->is_nothing || (type && strcmp (type, only) != 0);
    field_properties (entity, place, refusal);
    return refusal->status == 0;
}

/* What a question could say besides, and a search cannot. */
static bool judge_left_out (const struct tuple *four, struct refusal *refusal)
{
    const json_t *data = json_object_get (four->resource, "properties");
    const json_t *action = json_object_get (four->action, "properties");
    const struct {
        const json_t *object;
        const char *place, *name;
    } left_out[] = {
        {data, "resource.properties", "gegevens"},    {data, "resource.properties", "herkomst"},
        {four->context, "context", "leidinggevende"}, {four->context, "context", "onder_beroepsgeheim"},
        {four->context, "context", "alles_of_niets"}, {four->context, "context", "geen_leidinggevende"},
        {four->context, "context", "beroep_op"},
    };
    for (size_t i = 0; i < sizeof left_out / sizeof *left_out; i++)
        if (json_object_get (left_out[i].object, left_out[i].name))
            return refuse (refusal, 400, "%s.%s: a search cannot take it into account: ask an evaluation",
                           left_out[i].place, left_out[i].name);
    const json_t *mode = json_object_get (action, "wijze");
    return !mode || (json_is_string (mode) && strcmp (json_string_value (mode), "ADVISE") == 0) ||
           refuse (refusal, 400, "action.properties.wijze: a search is \"ADVISE\"");
}

static bool read_person (struct search *self, enum search_for what, const struct tuple *four,
                         struct refusal *refusal)
{
    const json_t *data = json_object_get (four->resource, "properties");
    self->bsn = field_required (data, "bsn", "resource.properties", refusal);
    self->provider = what == SEARCH_RESOURCE
                         ? field_optional (data, "verstrekker", "resource.properties", refusal)
                         : field_required (data, "verstrekker", "resource.properties", refusal);
    self->case_ref = field_optional (four->context, "zaak", "context", refusal);
    self->user = field_optional (four->context, "gebruiker", "context", refusal);
    return refusal->status == 0;
}

bool search_read (struct search *self, enum search_for what, const json_t *body, struct refusal *refusal)
{
    struct tuple four;
    const json_t *page = json_object_get (body, "page");
    *self = (struct search){.recipient = "", .purpose = "", .category = ""};
    if (!tuple_read (&four, body, "", refusal) || !words_judge_around (body, "", refusal) ||
        !tuple_judge (&four, "", refusal))
        return false;
    if (page && !json_is_object (page))
        return refuse (refusal, 400, "page: it is not an object");
    if (!read_type (self, four.subject, "subject", TYPE_PARTY, refusal) ||
        !read_type (self, four.resource, "resource", TYPE_DATA, refusal) ||
        (what != SEARCH_ACTION && !read_type (self, four.action, "action", ACTION_DISCLOSE, refusal)))
        return false;
    if (what != SEARCH_SUBJECT)
        self->recipient = field_required (four.subject, "id", "subject", refusal);
    if (what != SEARCH_RESOURCE)
        self->category = field_required (four.resource, "id", "resource", refusal);
    if (refusal->status != 0 || self->is_nothing)
        return refusal->status == 0;
    if (what != SEARCH_ACTION)
        self->purpose =
            field_required (json_object_get (four.action, "properties"), "doel", "action.properties", refusal);
    return refusal->status == 0 && judge_left_out (&four, refusal) && read_person (self, what, &four, refusal);
}

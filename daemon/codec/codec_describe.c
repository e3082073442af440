/* What the log keeps of requests and answers, as JSON. Any message of the protocol, by its descriptor. */
#include <jansson.h>
#include <string.h>
#include "arena_unpack.h"
#include "codec.h"
#include "document.h"
#include "envelope.pb-c.h"
#include "shown.h"

static void add_message (json_t *object, const char *name, struct bytes packed,
                         const ProtobufCMessageDescriptor *descriptor, struct arena *arena)
{
    ProtobufCMessage *message =
        packed.size > 0 ? arena_unpack (arena, descriptor, packed.data, packed.size) : NULL;
    static const struct document_rule rule = {.is_shown = shown_in_log, .only_said = true};
    if (message != NULL)
        json_object_set_new (object, name, document_of_message (message, &rule));
}

static json_t *describe_reasons (const struct rule_codes *codes)
{
    json_t *list = json_array ();
    for (size_t i = 0; i < codes->count; i++)
        json_array_append_new (list, json_string (rule_code_name ((enum rule_code)codes->code[i])));
    return list;
}

const char *codec_describe (struct arena *arena, const struct codec_evidence *evidence)
{
    json_t *object = json_object ();
    if (evidence->note != NULL && evidence->note[0] != 0)
        json_object_set_new (object, "note", json_string (evidence->note));
    add_message (object, "request", evidence->request, &consentd__request__descriptor, arena);
    add_message (object, "reply", evidence->reply, &consentd__reply__descriptor, arena);
    if (evidence->all_reasons != NULL) {
        json_t *items = json_array ();
        for (size_t i = 0; i < evidence->reason_count; i++)
            json_array_append_new (items, describe_reasons (&evidence->all_reasons[i]));
        json_object_set_new (object, "all_reasons", items);
    }
    char *text = json_dumps (object, JSON_COMPACT);
    json_decref (object);
    const char *made = arena_strdup (arena, text != NULL ? text : "{}");
    free (text);
    return made;
}

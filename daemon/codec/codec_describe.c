/* What the log keeps of requests and answers, as JSON: any message of the protocol, by its descriptor. */
#include <jansson.h>
#include <string.h>
#include "arena_unpack.h"
#include "codec.h"
#include "envelope.pb-c.h"

static json_t *describe_message (const ProtobufCMessage *message);

/* A3: what nobody needs to see in a listing of the log. The sealed line has all but the BSN. */
static bool is_left_out (const ProtobufCMessageDescriptor *message, const char *field)
{
    /* Free text everywhere else. */
    if (strcmp (field, "reason") == 0)
        return message != &consentd__urgent_reasons__descriptor;
    static const char *const names[] = {"bsn", "motivation", "nobody_reason", "refused_reason",
                                        /* The triage decision (C8). */
                                        "necessity", "subsidiarity", "proportionality", "purpose_limitation",
                                        "objections", "no_manager", "inform_why", "consent_sought", "no_other_way",
                                        "serious_harm", "conflict_of_duties"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp (field, names[i]) == 0)
            return true;
    return false;
}

static json_t *describe_bytes (const ProtobufCBinaryData *data)
{
    char *hex = calloc (1, data->len * 2 + 1);
    if (hex == NULL)
        abort ();
    for (size_t i = 0; i < data->len; i++)
        sprintf (hex + 2 * i, "%02x", data->data[i]);
    json_t *made = json_string (hex);
    free (hex);
    return made;
}

/* One value of a field; `at` points to where generated code holds it. */
static json_t *describe_value (const ProtobufCFieldDescriptor *field, const void *at)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_MESSAGE: {
        const ProtobufCMessage *message = *(const ProtobufCMessage *const *)at;
        return message != NULL ? describe_message (message) : NULL;
    }
    case PROTOBUF_C_TYPE_STRING: {
        const char *text = *(const char *const *)at;
        return text != NULL && text[0] != 0 ? json_string (text) : NULL;
    }
    case PROTOBUF_C_TYPE_BYTES: {
        const ProtobufCBinaryData *data = at;
        return data->len > 0 ? describe_bytes (data) : NULL;
    }
    case PROTOBUF_C_TYPE_ENUM: {
        int number = *(const int *)at;
        const ProtobufCEnumValue *value = protobuf_c_enum_descriptor_get_value (field->descriptor, number);
        return number != 0 && value != NULL ? json_string (value->name) : NULL;
    }
    case PROTOBUF_C_TYPE_BOOL:
        return *(const protobuf_c_boolean *)at ? json_true () : NULL;
    case PROTOBUF_C_TYPE_UINT32:
        return *(const uint32_t *)at != 0 ? json_integer (*(const uint32_t *)at) : NULL;
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_UINT64:
        return *(const int64_t *)at != 0 ? json_integer (*(const int64_t *)at) : NULL;
    default:
        return NULL; /* the protocol has no other types */
    }
}

static size_t value_size (const ProtobufCFieldDescriptor *field)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_BYTES:
        return sizeof (ProtobufCBinaryData);
    case PROTOBUF_C_TYPE_ENUM:
    case PROTOBUF_C_TYPE_UINT32:
        return sizeof (uint32_t);
    case PROTOBUF_C_TYPE_BOOL:
        return sizeof (protobuf_c_boolean);
    default:
        return 8; /* pointers and 64-bit numbers */
    }
}

static json_t *describe_list (const ProtobufCFieldDescriptor *field, const char *base)
{
    size_t count = *(const size_t *)(const void *)(base + field->quantifier_offset);
    const char *items = *(const char *const *)(const void *)(base + field->offset);
    if (count == 0)
        return NULL;
    json_t *list = json_array ();
    for (size_t i = 0; i < count; i++) {
        json_t *value = describe_value (field, items + i * value_size (field));
        json_array_append_new (list, value != NULL ? value : json_integer (0));
    }
    return list;
}

static json_t *describe_message (const ProtobufCMessage *message)
{
    json_t *object = json_object ();
    const char *base = (const char *)message;
    for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
        json_t *value;
        if (field->label == PROTOBUF_C_LABEL_REPEATED)
            value = describe_list (field, base);
        else if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0 &&
                 *(const uint32_t *)(const void *)(base + field->quantifier_offset) != field->id)
            value = NULL;
        else
            value = describe_value (field, base + field->offset);
        if (value != NULL && !is_left_out (message->descriptor, field->name))
            json_object_set_new (object, field->name, value);
        else
            json_decref (value);
    }
    return object;
}

static void add_message (json_t *object, const char *name, struct bytes packed,
                         const ProtobufCMessageDescriptor *descriptor, struct arena *arena)
{
    ProtobufCMessage *message =
        packed.size > 0 ? arena_unpack (arena, descriptor, packed.data, packed.size) : NULL;
    if (message != NULL)
        json_object_set_new (object, name, describe_message (message));
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

#include "json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "call.h"
#include "moments.h"
#include "escape.h"

static json_t *from_bytes (const ProtobufCBinaryData *bytes)
{
    char *text = malloc (2 * bytes->len + 1);
    if (!text)
        abort ();
    consent_hex (bytes->data, bytes->len, text);
    json_t *value = json_string (text);
    free (text);
    return value;
}

static json_t *from_time (int64_t when)
{
    char text[MOMENT_TEXT];
    return when != 0 && moment_print_utc (when, text) ? json_string (text) : json_null ();
}

/* NULL where the text is not UTF-8, which no daemon sends: then null. */
static json_t *from_text (const char *text)
{
    json_t *value = json_string (text);
    return value ? value : json_null ();
}

static size_t size_of (ProtobufCType type)
{
    switch (type) {
    case PROTOBUF_C_TYPE_INT64:
        return sizeof (int64_t);
    case PROTOBUF_C_TYPE_UINT64:
        return sizeof (uint64_t);
    case PROTOBUF_C_TYPE_UINT32:
        return sizeof (uint32_t);
    case PROTOBUF_C_TYPE_BOOL:
        return sizeof (protobuf_c_boolean);
    case PROTOBUF_C_TYPE_ENUM:
        return sizeof (int);
    case PROTOBUF_C_TYPE_BYTES:
        return sizeof (ProtobufCBinaryData);
    default:
        return sizeof (void *);
    }
}

static json_t *from_value (const ProtobufCFieldDescriptor *field, const void *value)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_INT64:
        return from_time (*(const int64_t *)value);
    case PROTOBUF_C_TYPE_UINT64:
        return json_integer ((json_int_t) * (const uint64_t *)value);
    case PROTOBUF_C_TYPE_UINT32:
        return json_integer (*(const uint32_t *)value);
    case PROTOBUF_C_TYPE_BOOL:
        return json_boolean (*(const protobuf_c_boolean *)value);
    case PROTOBUF_C_TYPE_ENUM:
        return json_string (consent_name (field->descriptor, *(const int *)value));
    case PROTOBUF_C_TYPE_STRING:
        return from_text (*(char *const *)value);
    case PROTOBUF_C_TYPE_BYTES:
        return from_bytes (value);
    case PROTOBUF_C_TYPE_MESSAGE: {
        const ProtobufCMessage *message = *(ProtobufCMessage *const *)value;
        return message ? json_from_message (message) : json_null ();
    }
    default: /* the protocol has no other types */
        return json_null ();
    }
}

/* On the wire the status of each check of a batch is a number. */
static bool is_status (const ProtobufCMessageDescriptor *message, const ProtobufCFieldDescriptor *field)
{
    return message == &consentd__batch_answer__descriptor && strcmp (field->name, "status") == 0;
}

static json_t *from_list (const ProtobufCFieldDescriptor *field, const char *values, size_t count)
{
    json_t *list = json_array ();
    for (size_t i = 0; i < count; i++)
        json_array_append_new (list, from_value (field, values + i * size_of (field->type)));
    return list;
}

json_t *json_from_message (const ProtobufCMessage *message)
{
    const ProtobufCMessageDescriptor *descriptor = message->descriptor;
    const char *base = (const char *)message;
    json_t *object = json_object ();
    for (unsigned i = 0; i < descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &descriptor->fields[i];
        const void *quantifier = base + field->quantifier_offset, *value = base + field->offset;
        if (is_status (descriptor, field))
            json_object_set_new (
                object, field->name,
                json_string (consent_name (&consentd__status__descriptor, (int)*(const uint32_t *)value)));
        else if (field->label == PROTOBUF_C_LABEL_REPEATED)
            json_object_set_new (object, field->name,
                                 from_list (field, *(char *const *)value, *(const size_t *)quantifier));
        else if (!(field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) || *(const uint32_t *)quantifier == field->id)
            json_object_set_new (object, field->name, from_value (field, value));
    }
    return object;
}

void json_print (json_t *document)
{
    char *text = escape_json (json_dumps (document, JSON_INDENT (2)));
    puts (text ? text : "null");
    free (text);
    json_decref (document);
}

#include "document.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "envelope.pb-c.h"
#include "text/escape.h"
#include "text/timestamp.h"
#include "value_size.h"

json_t *document_time (int64_t when)
{
    char text[TIMESTAMP_SIZE];
    return when != 0 && timestamp_print (when, text) ? json_string (text) : json_null ();
}

json_t *document_string (const char *text)
{
    json_t *value = json_string (text != NULL ? text : "");
    return value != NULL ? value : json_null ();
}

char *document_text (json_t *document, size_t indent)
{
    char *text =
        escape_json (json_dumps (document, JSON_ENCODE_ANY | (indent > 0 ? JSON_INDENT (indent) : JSON_COMPACT)));
    json_decref (document);
    if (text == NULL)
        abort ();
    return text;
}

static bool is_printed;

void document_print (json_t *document)
{
    enum { INDENT = 2 };
    char *text = document_text (document, INDENT);
    puts (text);
    free (text);
    is_printed = true;
}

bool document_is_printed (void)
{
    return is_printed;
}

/* --- Messages ----------------------------------------------------------------------------------------- */

static json_t *of_bytes (const ProtobufCBinaryData *bytes)
{
    static const char digits[] = "0123456789abcdef";
    char *text = malloc (2 * bytes->len + 1);
    if (text == NULL)
        abort ();
    for (size_t i = 0; i < bytes->len; i++) {
        text[2 * i] = digits[bytes->data[i] >> 4];
        text[2 * i + 1] = digits[bytes->data[i] & 15];
    }
    json_t *value = json_stringn (text, 2 * bytes->len);
    free (text);
    return value;
}

/* Null for a value that means none: FORM_UNSPECIFIED, GROUND_NONE. */
static json_t *of_enum (const ProtobufCEnumDescriptor *descriptor, int number)
{
    const ProtobufCEnumValue *value = protobuf_c_enum_descriptor_get_value (descriptor, number);
    if (number == 0)
        return json_null ();
    return json_string (value != NULL ? value->name : "UNKNOWN");
}

/* One value of a field. `at` is its place in the generated struct. */
static json_t *of_value (const ProtobufCFieldDescriptor *field, const void *at)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_INT64:
        return document_time (*(const int64_t *)at);
    case PROTOBUF_C_TYPE_UINT64:
        return json_integer ((json_int_t) * (const uint64_t *)at);
    case PROTOBUF_C_TYPE_UINT32:
        return json_integer (*(const uint32_t *)at);
    case PROTOBUF_C_TYPE_BOOL:
        return json_boolean (*(const protobuf_c_boolean *)at);
    case PROTOBUF_C_TYPE_ENUM:
        return of_enum (field->descriptor, *(const int *)at);
    case PROTOBUF_C_TYPE_STRING:
        return document_string (*(char *const *)at);
    case PROTOBUF_C_TYPE_BYTES:
        return of_bytes (at);
    case PROTOBUF_C_TYPE_MESSAGE: {
        const ProtobufCMessage *message = *(ProtobufCMessage *const *)at;
        return message != NULL ? document_of_message (message) : json_null ();
    }
    default: /* the protocol has no other types */
        return json_null ();
    }
}

static json_t *of_list (const ProtobufCFieldDescriptor *field, const char *base)
{
    size_t count = *(const size_t *)(const void *)(base + field->quantifier_offset);
    const char *items = *(const char *const *)(const void *)(base + field->offset);
    json_t *list = json_array ();
    for (size_t i = 0; i < count; i++)
        json_array_append_new (list, of_value (field, items + i * value_size (field->type)));
    return list;
}

bool document_is_status (const ProtobufCMessageDescriptor *message, const ProtobufCFieldDescriptor *field)
{
    return message == &consentd__batch_answer__descriptor && strcmp (field->name, "status") == 0;
}

/* The value of a field. NULL: another member of its oneof is set. */
static json_t *of_field (const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    const char *base = (const char *)message;
    if (document_is_status (message->descriptor, field))
        return of_enum (&consentd__status__descriptor, *(const int *)(const void *)(base + field->offset));
    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        return of_list (field, base);
    if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0 &&
        *(const uint32_t *)(const void *)(base + field->quantifier_offset) != field->id)
        return NULL;
    return of_value (field, base + field->offset);
}

json_t *document_of_message (const ProtobufCMessage *message)
{
    const ProtobufCMessageDescriptor *descriptor = message->descriptor;
    json_t *object = json_object ();
    for (unsigned i = 0; i < descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &descriptor->fields[i];
        json_t *value = of_field (message, field);
        if (value != NULL)
            json_object_set_new (object, field->name, value);
    }
    return object;
}

#include "said.h"
#include "document.h"
#include "envelope.pb-c.h"
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "text/timestamp.h"
#include "text/utf8.h"
#include "value_size.h"

void said_put (struct said *self, const void *bytes, size_t size)
{
    if (size > self->room - self->size) {
        self->room = 2 * (self->size + size) + 256;
        self->text = realloc (self->text, self->room);
        if (self->text == NULL)
            abort ();
    }
    memcpy (self->text + self->size, bytes, size);
    self->size += size;
}

static void put_text (struct said *self, const char *text)
{
    said_put (self, text, strlen (text));
}

/* --- Values that are one word --------------------------------------------------------------------------- */

static bool is_plain (char byte)
{
    return (unsigned char)byte >= ' ' && byte != '"' && byte != '\\';
}

static void put_escape (struct said *self, unsigned char byte)
{
    static const char *const names[' '] = {
        ['\b'] = "\\b", ['\f'] = "\\f", ['\n'] = "\\n", ['\r'] = "\\r", ['\t'] = "\\t"};
    char text[8];
    if (byte >= ' ')
        snprintf (text, sizeof text, "\\%c", byte);
    else
        snprintf (text, sizeof text, "\\u%04X", byte);
    put_text (self, byte < ' ' && names[byte] != NULL ? names[byte] : text);
}

void said_put_string (struct said *self, const char *text)
{
    if (!utf8_is_valid (text, strlen (text))) {
        put_text (self, "null");
        return;
    }
    said_put (self, "\"", 1);
    while (*text != 0) {
        size_t size = 0;
        while (text[size] != 0 && is_plain (text[size]))
            size++;
        said_put (self, text, size);
        text += size;
        if (*text != 0)
            put_escape (self, (unsigned char)*text++);
    }
    said_put (self, "\"", 1);
}

static void put_number (struct said *self, int64_t number)
{
    char text[24];
    said_put (self, text, (size_t)snprintf (text, sizeof text, "%lld", (long long)number));
}

static void put_time (struct said *self, int64_t when)
{
    char text[TIMESTAMP_SIZE];
    if (when != 0 && timestamp_print (when, text))
        said_put_string (self, text);
    else
        put_text (self, "null");
}

static void put_bytes (struct said *self, const ProtobufCBinaryData *bytes)
{
    static const char digits[] = "0123456789abcdef";
    said_put (self, "\"", 1);
    for (size_t i = 0; i < bytes->len; i++)
        said_put (self, (const char[]){digits[bytes->data[i] >> 4], digits[bytes->data[i] & 15]}, 2);
    said_put (self, "\"", 1);
}

/* null for a value that means none: FORM_UNSPECIFIED, GROUND_NONE. */
static void put_enum (struct said *self, const ProtobufCEnumDescriptor *descriptor, int number)
{
    const ProtobufCEnumValue *value = protobuf_c_enum_descriptor_get_value (descriptor, number);
    if (number == 0)
        put_text (self, "null");
    else
        said_put_string (self, value != NULL ? value->name : "UNKNOWN");
}

/* --- Fields --------------------------------------------------------------------------------------------- */

/* A value, which is there. `at` is its place in the generated struct. */
static void put_value (struct said *self, const ProtobufCFieldDescriptor *field, const void *at)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_INT64:
        put_time (self, *(const int64_t *)at);
        break;
    case PROTOBUF_C_TYPE_UINT64:
        put_number (self, (int64_t) * (const uint64_t *)at);
        break;
    case PROTOBUF_C_TYPE_UINT32:
        put_number (self, *(const uint32_t *)at);
        break;
    case PROTOBUF_C_TYPE_BOOL:
        put_text (self, *(const protobuf_c_boolean *)at ? "true" : "false");
        break;
    case PROTOBUF_C_TYPE_ENUM:
        put_enum (self, field->descriptor, *(const int *)at);
        break;
    case PROTOBUF_C_TYPE_STRING:
        said_put_string (self, *(const char *const *)at);
        break;
    case PROTOBUF_C_TYPE_BYTES:
        put_bytes (self, at);
        break;
    case PROTOBUF_C_TYPE_MESSAGE:
        said_put_message (self, *(const ProtobufCMessage *const *)at);
        break;
    default: /* the protocol has no other types */
        put_text (self, "null");
    }
}

static bool is_said (const ProtobufCFieldDescriptor *field, const void *at)
{
    char text[TIMESTAMP_SIZE];
    switch (field->type) {
    case PROTOBUF_C_TYPE_INT64:
        return *(const int64_t *)at != 0 && timestamp_print (*(const int64_t *)at, text);
    case PROTOBUF_C_TYPE_UINT64:
        return *(const uint64_t *)at != 0;
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_ENUM:
        return *(const uint32_t *)at != 0;
    case PROTOBUF_C_TYPE_BOOL:
        return *(const protobuf_c_boolean *)at;
    case PROTOBUF_C_TYPE_STRING: {
        const char *string = *(const char *const *)at;
        return string != NULL && *string != 0 && utf8_is_valid (string, strlen (string));
    }
    case PROTOBUF_C_TYPE_BYTES:
        return ((const ProtobufCBinaryData *)at)->len > 0;
    case PROTOBUF_C_TYPE_MESSAGE:
        return *(const ProtobufCMessage *const *)at != NULL;
    default:
        return false;
    }
}

/* Where a field is in its message, and how many there are of it. NULL: none. A oneof has its one member. */
static const void *find (const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field, size_t *count)
{
    const char *base = (const char *)message;
    const void *quantifier = base + field->quantifier_offset;
    *count = 1;
    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        *count = *(const size_t *)quantifier;
        return *count > 0 ? *(const void *const *)(const void *)(base + field->offset) : NULL;
    }
    if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0 && *(const uint32_t *)quantifier != field->id)
        return NULL;
    return is_said (field, base + field->offset) ? base + field->offset : NULL;
}

static void put_list (struct said *self, const ProtobufCFieldDescriptor *field, const char *items, size_t count)
{
    said_put (self, "[", 1);
    for (size_t i = 0; i < count; i++) {
        said_put (self, ",", i > 0);
        put_value (self, field, items + i * value_size (field->type));
    }
    said_put (self, "]", 1);
}

void said_put_message (struct said *self, const ProtobufCMessage *message)
{
    const char *before = "{";
    for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
        size_t count;
        const void *at = find (message, field, &count);
        if (at == NULL)
            continue;
        said_put (self, before, 1);
        said_put_string (self, field->name);
        said_put (self, ":", 1);
        if (field->label == PROTOBUF_C_LABEL_REPEATED)
            put_list (self, field, at, count);
        else if (document_is_status (message->descriptor, field))
            put_enum (self, &consentd__status__descriptor, *(const int *)at);
        else
            put_value (self, field, at);
        before = ",";
    }
    put_text (self, *before == '{' ? "{}" : "}");
}

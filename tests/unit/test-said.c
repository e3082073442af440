/* What is said in a message is its document without what is empty: of random messages of every kind. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "codec/document.h"
#include "codec/said.h"
#include "codec/value_size.h"
#include "envelope.pb-c.h"
#include "testing.h"

enum { DEPTH = 5, ROUNDS = 20000, MEMORY = 1 << 20 };

static uint64_t chance_state = 42;
static _Alignas(16) char memory[MEMORY]; /* of one message */
static size_t used;

static unsigned chance (unsigned below)
{
    chance_state = chance_state * 6364136223846793005U + 1442695040888963407U;
    return (unsigned)(chance_state >> 33) % below;
}

static void *take (size_t size)
{
    size = (size + 15) / 16 * 16;
    assert_true (used + size <= sizeof memory);
    used += size;
    return memset (memory + used - size, 0, size);
}

/* --- A message of anything ------------------------------------------------------------------------------ */

static char *some_text (void)
{
    static const char *const pieces[] = {"naw",      "\"",   "\\",   "/",    "\n",    "\t\b\f\r",
                                         "\x01\x1f", "\x7f", "é",    "€",    "😀",     "\u202e",
                                         "x y",      "0",    "\xff", "\xc3", "é\xff", "<>&'"};
    char *text = take (64);
    for (unsigned i = chance (4); i > 0; i--)
        strcat (text, pieces[chance (chance (8) > 0 ? 14 : 18)]);
    return text;
}

static void fill (ProtobufCMessage *message, int depth);

static void fill_value (const ProtobufCFieldDescriptor *field, void *at, int depth)
{
    static const int64_t numbers[] = {
        0, 1, -1, 1764000000000, INT64_MAX, INT64_MIN, 253402300800000, 65535, -62167219200001};
    int64_t number = numbers[chance (sizeof numbers / sizeof *numbers)];
    switch (field->type) {
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_UINT64:
        *(int64_t *)at = number;
        break;
    case PROTOBUF_C_TYPE_UINT32:
        *(uint32_t *)at = (uint32_t)number;
        break;
    case PROTOBUF_C_TYPE_ENUM:
        *(int *)at = (int)chance (40);
        break;
    case PROTOBUF_C_TYPE_BOOL:
        *(protobuf_c_boolean *)at = chance (2) > 0;
        break;
    case PROTOBUF_C_TYPE_STRING:
        *(char **)at = some_text ();
        break;
    case PROTOBUF_C_TYPE_BYTES:
        *(ProtobufCBinaryData *)at = (ProtobufCBinaryData){chance (4), (uint8_t *)some_text ()};
        break;
    default: {
        const ProtobufCMessageDescriptor *descriptor = field->descriptor;
        ProtobufCMessage *inner = take (descriptor->sizeof_message);
        protobuf_c_message_init (descriptor, inner);
        *(ProtobufCMessage **)at = inner;
        fill (inner, depth - 1);
    }
    }
}

static void fill_list (const ProtobufCFieldDescriptor *field, char *base, int depth)
{
    size_t count = depth > 0 ? chance (4) : 0, size = value_size (field->type);
    char *items = take (count * size + 1);
    *(size_t *)(void *)(base + field->quantifier_offset) = count;
    *(void **)(void *)(base + field->offset) = items;
    for (size_t i = 0; i < count; i++)
        fill_value (field, items + i * size, depth);
}

static void fill (ProtobufCMessage *message, int depth)
{
    char *base = (char *)message;
    for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
        bool is_inner = field->type == PROTOBUF_C_TYPE_MESSAGE;
        if (chance (3) == 0 || (is_inner && depth == 0))
            continue;
        if (field->label == PROTOBUF_C_LABEL_REPEATED) {
            fill_list (field, base, depth);
            continue;
        }
        if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) {
            if (chance (4) > 0)
                continue;
            *(uint32_t *)(void *)(base + field->quantifier_offset) = field->id;
        }
        fill_value (field, base + field->offset, depth);
    }
}

/* --- Its document without what is empty ----------------------------------------------------------------- */

static bool is_empty (const json_t *value)
{
    return json_is_null (value) || json_is_false (value) ||
           (json_is_string (value) && json_string_length (value) == 0) ||
           (json_is_array (value) && json_array_size (value) == 0) ||
           (json_is_integer (value) && json_integer_value (value) == 0);
}

static void prune (json_t *value)
{
    const char *key;
    json_t *inner;
    void *next;
    size_t index;
    json_array_foreach (value, index, inner) prune (inner);
    json_object_foreach_safe (value, next, key, inner)
    {
        prune (inner);
        if (is_empty (inner))
            json_object_del (value, key);
    }
}

static void compare (const ProtobufCMessage *message)
{
    struct said said = {.text = NULL};
    json_t *document = document_of_message (message);
    prune (document);
    char *expected = json_dumps (document, JSON_COMPACT);
    said_put_message (&said, message);
    said_put (&said, "", 1);
    assert_string_equal (said.text, expected);
    free (expected);
    free (said.text);
    json_decref (document);
}

static void compare_random (const ProtobufCMessageDescriptor *descriptor)
{
    for (unsigned i = 0; i < ROUNDS; i++) {
        used = 0;
        ProtobufCMessage *message = take (descriptor->sizeof_message);
        protobuf_c_message_init (descriptor, message);
        fill (message, DEPTH);
        compare (message);
    }
}

static void test_of_every_request (void **state)
{
    (void)state;
    compare_random (&consentd__request__descriptor);
}

static void test_of_every_reply (void **state)
{
    (void)state;
    compare_random (&consentd__reply__descriptor);
}

static void test_nothing_said_is_an_empty_object (void **state)
{
    Consentd__ItemVerdict item;
    (void)state;
    consentd__item_verdict__init (&item);
    compare (&item.base);
    struct said said = {.text = NULL};
    char naw[] = "naw";
    item.category = naw;
    item.verdict = CONSENTD__VERDICT__DENY;
    said_put_message (&said, &item.base);
    said_put (&said, "", 1);
    assert_string_equal (said.text, "{\"category\":\"naw\",\"verdict\":\"DENY\"}");
    free (said.text);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_of_every_request),
        cmocka_unit_test (test_of_every_reply),
        cmocka_unit_test (test_nothing_said_is_an_empty_object),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}

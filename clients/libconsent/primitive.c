#include "primitive.h"

#include <stdio.h>
#include <sys/random.h>
#include <time.h>
#include <zmq.h>

#include "allocate.h"

enum {
    MEMORY_FACTOR = 16,
    PAUSE_FIRST = 50,
    PAUSE_LAST = 2000,
};

static void *budget_alloc (void *data, size_t size)
{
    size_t *left = data;
    if (size > *left)
        return NULL;
    *left -= size;
    return malloc (size ? size : 1);
}

static void budget_free (void *data, void *memory)
{
    (void)data;
    free (memory);
}

Consentd__Reply *primitive_unpack (const void *data, size_t size)
{
    if (size > REPLY_MAX)
        return NULL;
    size_t left = (size_t)MEMORY_FACTOR * REPLY_MAX;
    ProtobufCAllocator allocator = {budget_alloc, budget_free, &left};
    Consentd__Reply *reply = consentd__reply__unpack (&allocator, size, data);
    if (reply && reply->version != 1) {
        consentd__reply__free_unpacked (reply, NULL);
        reply = NULL;
    }
    return reply;
}

void consent_hex (const void *data, size_t size, char *text)
{
    const uint8_t *bytes = data;
    for (size_t i = 0; i < size; i++) {
        text[2 * i] = "0123456789abcdef"[bytes[i] >> 4];
        text[2 * i + 1] = "0123456789abcdef"[bytes[i] & 15];
    }
    text[2 * size] = 0;
}

static int digit (char letter)
{
    const char *digits = "0123456789abcdef";
    if (letter >= 'A' && letter <= 'F')
        letter = (char)(letter - 'A' + 'a');
    const char *found = letter ? strchr (digits, letter) : NULL;
    return found ? (int)(found - digits) : -1;
}

bool consent_unhex (const char *text, uint8_t id[16])
{
    if (!text || strlen (text) != 2 * ID_BYTES)
        return false;
    for (size_t i = 0; i < ID_BYTES; i++) {
        int high = digit (text[2 * i]), low = digit (text[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        id[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

void primitive_id (const ProtobufCBinaryData *id, char text[CONSENT_ID_SIZE])
{
    consent_hex (id->data, id->len == ID_BYTES ? ID_BYTES : 0, text);
}

const char *consent_name (const ProtobufCEnumDescriptor *descriptor, int value)
{
    const ProtobufCEnumValue *found = protobuf_c_enum_descriptor_get_value (descriptor, value);
    return found ? found->name : "UNKNOWN";
}

char *primitive_lend (const char *text)
{
    return (char *)(uintptr_t)(text ? text : "");
}

char **primitive_lend_list (const char *const *list, size_t *count)
{
    *count = 0;
    while (list && list[*count])
        (*count)++;
    return (char **)(uintptr_t)list;
}

const char **primitive_list (char *const *texts, size_t count)
{
    const char **list = allocate (count + 1, sizeof *list);
    for (size_t i = 0; i < count; i++)
        list[i] = texts[i];
    return list;
}

const char *primitive_problem (int status)
{
    static const char unknown[] = "Unknown error";
    const char *words = zmq_strerror (-status);
    return strncmp (words, unknown, sizeof unknown - 1) == 0 ? "a failure for which this machine has no word"
                                                             : words;
}

void primitive_random (void *data, size_t size)
{
    if (getrandom (data, size, 0) != (ssize_t)size)
        abort ();
}

int64_t primitive_now (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t primitive_pause (int attempt)
{
    int64_t longest = PAUSE_FIRST;
    for (int i = 1; i < attempt && longest < PAUSE_LAST; i++)
        longest *= 2;
    if (longest > PAUSE_LAST)
        longest = PAUSE_LAST;
    uint32_t chance;
    primitive_random (&chance, sizeof chance);
    return longest / 2 + (int64_t)(chance % (uint32_t)(longest / 2 + 1));
}

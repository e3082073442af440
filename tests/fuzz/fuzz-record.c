/* Records, as they are opened. The first byte of an input says which record it is, and the rest is what was
   sealed. What opens can be written again, and from then on stays the same. */
#include <stdlib.h>
#include <string.h>
#include "arena.h"
#include "mutate.h"
#include "record/record_parts.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator (uint8_t *data, size_t size, size_t room, unsigned seed);
size_t LLVMFuzzerCustomCrossOver (const uint8_t *one, size_t one_size, const uint8_t *other, size_t other_size,
                                  uint8_t *to, size_t room, unsigned seed);

enum { ARENA_LIMIT = 64 * 1024 * 1024 };

static void expect (bool holds)
{
    if (!holds)
        abort ();
}

static struct message *record_of (uint8_t first)
{
    return &records[first % RECORD_SORTS];
}

/* Reads the record and writes what was read. False: it does not open. */
static bool rewrite (struct message *record, struct arena *arena, struct bytes plain, struct bytes *written)
{
    void *read = arena_alloc (arena, record->fields->size);
    uint8_t *bytes = arena_memdup (arena, plain.data, plain.size);
    if (!fields_read (record, arena, bytes, plain.size, read))
        return false;
    *written = fields_write (record, read, arena);
    expect (written->size == fields_size (record, read));
    return true;
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    static struct arena *arena;
    arena_destroy (&arena); /* to reset one that was large once takes longer */
    arena = arena_new (ARENA_LIMIT);
    struct bytes once, twice;
    if (size == 0 || !rewrite (record_of (data[0]), arena, (struct bytes){data + 1, size - 1}, &once))
        return 0;
    expect (rewrite (record_of (data[0]), arena, once, &twice));
    expect (twice.size == once.size && memcmp (twice.data, once.data, once.size) == 0);
    return 0;
}

/* A new input is one of any record: a record with nothing in it. */
size_t LLVMFuzzerCustomMutator (uint8_t *data, size_t size, size_t room, unsigned seed)
{
    if (size == 0 || seed % 32 == 0) {
        data[0] = (uint8_t)(seed / 32 % RECORD_SORTS);
        size = 1;
    }
    const struct mutated mutated = {.joined = message_joined (record_of (data[0]))};
    return 1 + mutate_message (&mutated, data + 1, size - 1, room - 1, seed);
}

size_t LLVMFuzzerCustomCrossOver (const uint8_t *one, size_t one_size, const uint8_t *other, size_t other_size,
                                  uint8_t *to, size_t room, unsigned seed)
{
    if (one_size == 0 || other_size == 0)
        return 0;
    to[0] = one[0];
    const struct mutated mutated = {.joined = message_joined (record_of (one[0]))};
    return 1 + mutate_by_other (&mutated, (struct bytes[]){{one + 1, one_size - 1}, {other + 1, other_size - 1}},
                                to + 1, room - 1, seed);
}

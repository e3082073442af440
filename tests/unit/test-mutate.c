/* The inputs that the fuzz targets make of the tables (tests/fuzz/mutate.h). A field that is new in a table is
   tried with no change there: these tests ask it of every field that there is. */
#include "mutate.h"

#include <string.h>
#include "arena.h"
#include "codec/body_fields.h"
#include "codec/codec.h"
#include "record/record_parts.h"
#include "testing.h"
#include "tree.h"

enum { ROOM = 65536, ROUNDS = 2000, MOST_ROUNDS = 3000000, PLACES = 4096 };

/* libFuzzer's own, of which the target has the true one. */
size_t LLVMFuzzerMutate (uint8_t *data, size_t size, size_t room);

size_t LLVMFuzzerMutate (uint8_t *data, size_t size, size_t room)
{
    (void)room;
    if (size > 0)
        data[size / 2] ^= 0x10;
    return size;
}

static struct arena *arena;
static uint8_t data[ROOM];

static int setup (void **state)
{
    (void)state;
    arena = arena_new (64 << 20);
    return 0;
}

static int teardown (void **state)
{
    (void)state;
    arena_destroy (&arena);
    return 0;
}

static bool taken[VERBS];

static const char *fault_of (struct bytes message, struct arena *into)
{
    static struct request request;
    struct codec_fault fault;
    if (codec_read_request (message.data, message.size, into, &request, &fault) != 0)
        return fault.field;
    taken[request.verb] = true;
    return NULL;
}

static void test_a_new_request_is_mended_until_it_is_taken_whatever_its_verb (void **state)
{
    (void)state;
    const struct mutated requests = {message_joined (&request_message), fault_of};
    size_t count = 0;
    for (unsigned seed = 0; seed < ROUNDS; seed++) {
        size_t size = mutate_message (&requests, data, 0, ROOM, seed);
        arena_reset (arena);
        count += fault_of ((struct bytes){data, size}, arena) == NULL;
    }
    assert_true (count > ROUNDS * 3 / 4);
    for (enum verb verb = VERB_NONE + 1; verb < VERBS; verb++)
        if (!taken[verb])
            fail_msg ("no request of verb %d was taken", (int)verb);
}

/* Which fields an input had: how each, once or more. */
enum { RIGHT_TYPE = 1, TWICE = 2, OTHER_TYPE = 4, ALL = 7 };

/* Of each field of each table, where its address says. */
static const struct slot *places[PLACES];
static unsigned had[PLACES];

static unsigned *had_of (const struct slot *slot)
{
    size_t i = (uintptr_t)slot / sizeof *slot % PLACES, looked = 0;
    for (; places[i] != NULL && places[i] != slot; i = (i + 1) % PLACES)
        assert_true (looked++ < PLACES);
    places[i] = slot;
    return &had[i];
}

static bool is_of_type (const struct node *node)
{
    bool is_bytes = node->slot->wire->type == PROTOBUF_C_TYPE_STRING ||
                    node->slot->wire->type == PROTOBUF_C_TYPE_BYTES ||
                    node->slot->wire->type == PROTOBUF_C_TYPE_MESSAGE || slot_is_list (node->slot);
    return node->type == (is_bytes ? RAW_LENGTH : RAW_VARINT);
}

static void look (const struct tree *tree)
{
    for (const struct node *node = tree->first; node != NULL; node = node->next) {
        if (node->slot == NULL)
            continue;
        unsigned *marks = had_of (node->slot);
        *marks |= is_of_type (node) ? RIGHT_TYPE : OTHER_TYPE;
        *marks |= tree_find (tree, node->slot) != node ? TWICE : 0;
        if (node->inside != NULL)
            look (node->inside);
    }
}

/* The first field of the message, or of those in it, of which something was never tried. NULL: there is none. */
static const char *untried (const struct joined *joined, const char *path)
{
    for (unsigned i = 0; i < joined->count; i++) {
        const struct slot *slot = &joined->slot[i];
        const char *here = arena_printf (arena, "%s.%s", path, slot->wire->name);
        const char *inner = slot->inner != NULL ? untried (slot->inner, here) : NULL;
        if (*had_of (slot) != ALL || inner != NULL)
            return inner != NULL ? inner : here;
    }
    return NULL;
}

/* A message is changed again and again, as libFuzzer changes what it keeps, until every field was tried. */
static void change_often (const struct mutated *self)
{
    const char *left = "all";
    size_t size = 0;
    for (unsigned seed = 0; seed < MOST_ROUNDS && left != NULL; seed++) {
        size = mutate_message (self, data, seed % 16 == 0 ? 0 : size, ROOM, seed);
        assert_in_range (size, 0, ROOM);
        arena_reset (arena);
        look (tree_read (arena, self->joined, (struct bytes){data, size}));
        if (seed % 1000 == 0)
            left = untried (self->joined, self->joined->descriptor->short_name);
    }
    if (left != NULL) /* once more: the arena has forgotten it */
        fail_msg ("%s is not tried in each way", untried (self->joined, self->joined->descriptor->short_name));
}

static void test_every_field_of_a_request_is_tried_right_twice_and_of_another_type (void **state)
{
    (void)state;
    const struct mutated requests = {.joined = message_joined (&request_message)};
    change_often (&requests);
}

static void test_every_field_of_a_record_is_tried_right_twice_and_of_another_type (void **state)
{
    (void)state;
    for (size_t sort = 0; sort < RECORD_SORTS; sort++) {
        const struct mutated record = {.joined = message_joined (&records[sort])};
        change_often (&record);
    }
}

static void test_what_is_not_changed_is_written_as_it_was_read (void **state)
{
    (void)state;
    static uint8_t again[ROOM];
    const struct mutated requests = {.joined = message_joined (&request_message)};
    size_t size = 0, same = 0;
    for (unsigned seed = 0; seed < ROUNDS; seed++) {
        size = mutate_message (&requests, data, size, ROOM, seed);
        arena_reset (arena);
        size_t written = tree_write (tree_read (arena, requests.joined, (struct bytes){data, size}), again, ROOM);
        same += written == size && memcmp (again, data, size) == 0;
    }
    assert_true (same > ROUNDS / 2); /* not where a number was written longer than it need be */
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_a_new_request_is_mended_until_it_is_taken_whatever_its_verb),
        cmocka_unit_test (test_every_field_of_a_request_is_tried_right_twice_and_of_another_type),
        cmocka_unit_test (test_every_field_of_a_record_is_tried_right_twice_and_of_another_type),
        cmocka_unit_test (test_what_is_not_changed_is_written_as_it_was_read),
    };
    return cmocka_run_group_tests_name ("mutate", tests, setup, teardown);
}

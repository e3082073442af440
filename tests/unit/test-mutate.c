/* The inputs that the fuzz targets make of the tables (tests/fuzz/mutate.h). A field that is new in a table is
   tried with no change there: these tests ask it of every field that there is. */
#include "mutate.h"

#include <stdlib.h>
#include <string.h>
#include "arena.h"
#include "chance.h"
#include "codec/body_fields.h"
#include "codec/codec.h"
#include "record/record_parts.h"
#include "testing.h"
#include "tree.h"

enum { ROOM = 65536, ROUNDS = 2000, MOST_ROUNDS = 500000, PLACES = 4096 };

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

/* A field of a table: how it was tried, and the smallest message yet in which it was. */
struct place {
    const struct slot *slot, *outer; /* `outer`: the field of the message that it is in. NULL: of the outermost */
    unsigned had;
    uint8_t *kept;
    size_t size; /* 0: none is kept */
};

/* Of each field of each table, where its address says; and those of them that are left to try. */
static struct place places[PLACES], *left[PLACES];
static size_t left_count;

static struct place *place_of (const struct slot *slot)
{
    size_t i = (uintptr_t)slot / sizeof *slot % PLACES, looked = 0;
    for (; places[i].slot != NULL && places[i].slot != slot; i = (i + 1) % PLACES)
        assert_true (looked++ < PLACES);
    places[i].slot = slot;
    return &places[i];
}

static void keep (struct place *self, size_t size)
{
    self->kept = realloc (self->kept, size);
    assert_non_null (self->kept);
    memcpy (self->kept, data, size);
    self->size = size;
}

static bool is_of_type (const struct node *node)
{
    bool is_bytes = node->slot->wire->type == PROTOBUF_C_TYPE_STRING ||
                    node->slot->wire->type == PROTOBUF_C_TYPE_BYTES ||
                    node->slot->wire->type == PROTOBUF_C_TYPE_MESSAGE || slot_is_list (node->slot);
    return node->type == (is_bytes ? RAW_LENGTH : RAW_VARINT);
}

/* What the message in `data`, of so many bytes, tries. */
static void look (const struct tree *tree, size_t size)
{
    for (const struct node *node = tree->first; node != NULL; node = node->next) {
        if (node->slot == NULL)
            continue;
        struct place *place = place_of (node->slot);
        place->had |= is_of_type (node) ? RIGHT_TYPE : OTHER_TYPE;
        place->had |= tree_find (tree, node->slot) != node ? TWICE : 0;
        if (place->size == 0 || size < place->size)
            keep (place, size);
        if (node->inside != NULL)
            look (node->inside, size);
    }
}

/* Gathers the fields of the message, and of those in it, of which something was never tried. */
static void gather_left (const struct joined *joined, const struct slot *outer)
{
    for (unsigned i = 0; i < joined->count; i++) {
        struct place *place = place_of (&joined->slot[i]);
        place->outer = outer;
        if (place->had != ALL && left_count < PLACES)
            left[left_count++] = place;
        if (joined->slot[i].inner != NULL)
            gather_left (joined->slot[i].inner, &joined->slot[i]);
    }
}

/* As libFuzzer goes on with inputs that it keeps: with one that has a field of which something is left to try, or
   could have it. Returns its size; 0: a new one is to be made. */
static size_t begin_with (struct chance *chance)
{
    if (chance_one_in (chance, 16))
        return 0;
    const struct place *place = left[chance_below (chance, left_count)];
    if (place->size == 0 && place->outer != NULL)
        place = place_of (place->outer);
    if (place->size > 0)
        memcpy (data, place->kept, place->size);
    return place->size;
}

static const char *path_of (const struct slot *slot)
{
    const struct slot *outer = place_of (slot)->outer;
    return outer == NULL ? slot->wire->name : arena_printf (arena, "%s.%s", path_of (outer), slot->wire->name);
}

/* Messages are changed again and again until every field was tried. */
static void change_often (const struct mutated *self)
{
    struct chance chance = {0};
    for (unsigned seed = 0; seed < MOST_ROUNDS; seed++) {
        if (seed % 64 == 0) {
            left_count = 0;
            gather_left (self->joined, NULL);
            if (left_count == 0)
                return;
        }
        size_t size = mutate_message (self, data, begin_with (&chance), ROOM, seed);
        assert_in_range (size, 0, ROOM);
        arena_reset (arena);
        look (tree_read (arena, self->joined, (struct bytes){data, size}), size);
    }
    fail_msg ("%s of %s is not tried in each way", path_of (left[0]->slot), self->joined->descriptor->short_name);
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

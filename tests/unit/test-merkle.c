/* The Merkle tree against its own definition (RFC 6962, section 2.1), written down once more the short way, for
   every size up to a bound; and the hashes that are known of RFC 6962's example. */
#include <string.h>
#include "merkle/merkle.h"
#include "merkle_model.h"
#include "testing.h"

enum { LEAVES = 70, FAR = 1100 };

static struct merkle_hash leaf (uint64_t index)
{
    return merkle_leaf ((struct bytes){&index, sizeof index});
}

/* MTH of the text. */
static struct merkle_hash model_hash (uint64_t begin, uint64_t end)
{
    if (begin == end)
        return merkle_empty ();
    if (end - begin == 1)
        return leaf (begin);
    uint64_t half = 1;
    while (half * 2 < end - begin)
        half *= 2;
    struct merkle_hash left = model_hash (begin, begin + half), right = model_hash (begin + half, end);
    return merkle_node (&left, &right);
}

static int read_model (void *context, unsigned level, uint64_t index, struct merkle_hash *hash)
{
    uint64_t size = *(const uint64_t *)context;
    assert_true (index + 1 <= size >> level); /* a full subtree of that tree */
    *hash = model_hash (index << level, (index + 1) << level);
    return 0;
}

/* A proof, made. */
struct made {
    struct merkle_hash hash[MERKLE_PATH_LIMIT + 1];
    size_t count;
};

static struct made make (const struct merkle_range *ranges, size_t count, uint64_t size)
{
    struct made made = {.count = count};
    for (size_t i = 0; i < count; i++)
        assert_int_equal (merkle_range_hash (ranges[i], read_model, &size, &made.hash[i]), 0);
    return made;
}

static struct merkle_path path_of (const struct made *made)
{
    return (struct merkle_path){made->hash, made->count};
}

static void test_hashes_are_those_of_the_rfc (void **state)
{
    (void)state;
    static const uint8_t empty[] = {0xe3, 0xb0, 0xc4, 0x42}, empty_leaf[] = {0x6e, 0x34, 0x0b, 0x9c},
                         of_eight[] = {0x5d, 0xc9, 0xda, 0x79};
    static const struct bytes entries[8] = {
        {"", 0},         {"\0", 1},   {"\x10", 1},     {"\x20\x21", 2},
        {"\x30\x31", 2}, {"@ABC", 4}, {"PQRSTUVW", 8}, {"`abcdefghijklmno", 16}};
    struct merkle_edge edge = {0};
    struct merkle_filled filled;
    struct merkle_hash root = merkle_root (&edge);
    assert_memory_equal (root.bytes, empty, sizeof empty);
    for (size_t i = 0; i < 8; i++) {
        struct merkle_hash hash = merkle_leaf (entries[i]);
        if (i == 0)
            assert_memory_equal (hash.bytes, empty_leaf, sizeof empty_leaf);
        merkle_add (&edge, &hash, &filled);
    }
    root = merkle_root (&edge);
    assert_memory_equal (root.bytes, of_eight, sizeof of_eight);
}

static void test_a_tree_that_grows_has_the_root_of_its_leaves (void **state)
{
    (void)state;
    struct merkle_edge edge = {0};
    for (uint64_t size = 0; size <= FAR; size++) {
        struct merkle_hash found = merkle_root (&edge), expected = model_hash (0, size), hash = leaf (size);
        assert_int_equal (edge.size, size);
        if (size <= LEAVES || size % 97 == 0 || size == FAR)
            assert_true (merkle_same (&found, &expected));
        struct merkle_filled filled;
        merkle_add (&edge, &hash, &filled);
        assert_int_equal (filled.count, (size + 1) % MERKLE_TILE_WIDTH == 0 ? 1 : 0);
        if (filled.count > 0) {
            struct merkle_hash tile = model_hash (size + 1 - MERKLE_TILE_WIDTH, size + 1);
            assert_true (merkle_same (&filled.kept[0], &tile));
        }
    }
}

static void test_a_second_level_of_tiles_fills (void **state)
{
    (void)state;
    struct merkle_edge edge = {0};
    struct merkle_filled filled;
    struct merkle_hash one = merkle_leaf ((struct bytes){"x", 1});
    for (uint64_t i = 0; i < 65536; i++)
        merkle_add (&edge, &one, &filled);
    assert_int_equal (filled.count, 2);
    struct merkle_hash expected = one;
    for (unsigned level = 0; level < 8; level++)
        expected = merkle_node (&expected, &expected);
    assert_true (merkle_same (&filled.kept[0], &expected));
    for (unsigned level = 0; level < 8; level++)
        expected = merkle_node (&expected, &expected);
    assert_true (merkle_same (&filled.kept[1], &expected));
    struct merkle_hash root = merkle_root (&edge);
    assert_true (merkle_same (&root, &expected));
}

/* Everything that differs from a proof that holds fails: each hash changed, one less, one more, another place. */
static void spoil_inclusion (uint64_t index, uint64_t size, struct made made)
{
    struct merkle_hash root = model_hash (0, size), hash = leaf (index), other = leaf (index + LEAVES);
    struct merkle_range all = {0, size};
    assert_true (merkle_includes (index, all, &hash, path_of (&made), &root));
    assert_false (merkle_includes (index, all, &other, path_of (&made), &root));
    assert_false (merkle_includes (index, all, &hash, path_of (&made), &other));
    assert_false (merkle_includes (size, all, &hash, path_of (&made), &root));
    for (uint64_t wrong = 0; wrong < size; wrong++)
        assert_true (wrong == index || !merkle_includes (wrong, all, &hash, path_of (&made), &root));
    for (size_t i = 0; i < made.count; i++) {
        made.hash[i].bytes[i % MERKLE_HASH_SIZE] ^= 1;
        assert_false (merkle_includes (index, all, &hash, path_of (&made), &root));
        made.hash[i].bytes[i % MERKLE_HASH_SIZE] ^= 1;
    }
    made.hash[made.count++] = root;
    assert_false (merkle_includes (index, all, &hash, path_of (&made), &root));
    if ((made.count -= 2) < MERKLE_PATH_LIMIT)
        assert_false (merkle_includes (index, all, &hash, path_of (&made), &root));
}

static void test_every_leaf_is_proved_and_nothing_else (void **state)
{
    (void)state;
    for (uint64_t size = 1; size <= LEAVES; size++)
        for (uint64_t index = 0; index < size; index++) {
            struct merkle_range ranges[MERKLE_PATH_LIMIT];
            size_t count = merkle_inclusion (index, size, ranges);
            assert_true (count <= 7);
            spoil_inclusion (index, size, make (ranges, count, size));
        }
}

static void spoil_consistency (uint64_t earlier, uint64_t size, struct made made)
{
    struct merkle_hash part = model_hash (0, earlier), whole = model_hash (0, size), other = leaf (size + LEAVES);
    struct merkle_range range = {0, earlier};
    assert_true (merkle_is_consistent (range, size, &part, &whole, path_of (&made)));
    assert_false (merkle_is_consistent (range, size, &other, &whole, path_of (&made)));
    assert_false (merkle_is_consistent (range, size, &part, &other, path_of (&made)));
    for (uint64_t wrong = 1; wrong < earlier; wrong++)
        assert_false (
            merkle_is_consistent ((struct merkle_range){0, wrong}, size, &part, &whole, path_of (&made)));
    for (size_t i = 0; i < made.count; i++) {
        made.hash[i].bytes[i % MERKLE_HASH_SIZE] ^= 0x80;
        assert_false (merkle_is_consistent (range, size, &part, &whole, path_of (&made)));
        made.hash[i].bytes[i % MERKLE_HASH_SIZE] ^= 0x80;
    }
    made.hash[made.count++] = whole;
    assert_false (merkle_is_consistent (range, size, &part, &whole, path_of (&made)));
    if (made.count >= 2) {
        made.count -= 2;
        assert_false (merkle_is_consistent (range, size, &part, &whole, path_of (&made)));
    }
}

static void test_every_earlier_tree_is_proved_and_nothing_else (void **state)
{
    (void)state;
    for (uint64_t size = 1; size <= LEAVES; size++)
        for (uint64_t earlier = 1; earlier <= size; earlier++) {
            struct merkle_range ranges[MERKLE_PATH_LIMIT];
            size_t count = merkle_consistency (earlier, size, ranges);
            spoil_consistency (earlier, size, make (ranges, count, size));
        }
}

static void test_a_leaf_of_another_history_is_not_consistent (void **state)
{
    (void)state;
    struct merkle_range ranges[MERKLE_PATH_LIMIT];
    size_t count = merkle_consistency (5, 9, ranges);
    struct made made = make (ranges, count, 9);
    struct merkle_edge edge = {0};
    struct merkle_filled filled;
    for (uint64_t i = 0; i < 5; i++) {
        struct merkle_hash hash = leaf (i == 3 ? 77 : i); /* who saw this tree saw another third line */
        merkle_add (&edge, &hash, &filled);
    }
    struct merkle_hash part = merkle_root (&edge), whole = model_hash (0, 9);
    assert_false (merkle_is_consistent ((struct merkle_range){0, 5}, 9, &part, &whole, path_of (&made)));
}

/* Sizes at the end of the numbers: bounded, and no shift beyond the width. */
static void test_the_largest_trees_are_refused_calmly (void **state)
{
    (void)state;
    struct made made = {.count = MERKLE_PATH_LIMIT};
    struct merkle_hash hash = leaf (0);
    struct merkle_range ranges[MERKLE_PATH_LIMIT];
    assert_int_equal (merkle_inclusion (UINT64_MAX - 1, UINT64_MAX, ranges), 63 /* its right edge */);
    assert_int_equal (merkle_inclusion (0, UINT64_MAX, ranges), MERKLE_LEVELS);
    assert_true (merkle_consistency (1, UINT64_MAX, ranges) <= MERKLE_PATH_LIMIT);
    assert_true (merkle_consistency (UINT64_MAX - 1, UINT64_MAX, ranges) <= MERKLE_PATH_LIMIT);
    struct merkle_range all = {0, UINT64_MAX};
    assert_false (merkle_includes (7, all, &hash, path_of (&made), &hash));
    assert_false (merkle_is_consistent ((struct merkle_range){0, 9}, UINT64_MAX, &hash, &hash, path_of (&made)));
    assert_false (merkle_is_subtree ((struct merkle_range){1, UINT64_MAX}));
    assert_true (merkle_is_subtree (all));
}

static int refuse (void *context, unsigned level, uint64_t index, struct merkle_hash *hash)
{
    (void)level;
    (void)index;
    (void)hash;
    return (*(int *)context)-- == 0 ? -5 : 0;
}

static void test_a_reader_that_fails_ends_it (void **state)
{
    (void)state;
    struct merkle_hash hash;
    for (int left = 0; left < 3; left++) {
        int after = left;
        assert_int_equal (merkle_range_hash ((struct merkle_range){0, 7}, refuse, &after, &hash), -5);
    }
}

/* Of paths of each length, for each place in a small tree and each part of it: only what the definition makes of
   them is believed. */
static void compare_inclusion (uint64_t index, struct merkle_range range, struct merkle_path path)
{
    struct merkle_hash own = leaf (1000), root = own, other = leaf (1001);
    bool holds = merkle_model_inclusion (index, range, path, &root);
    assert_int_equal (merkle_includes (index, range, &own, path, &root), holds);
    assert_false (merkle_includes (index, range, &own, path, &other));
}

static void compare_consistency (struct merkle_range part, uint64_t size, struct merkle_path path)
{
    struct merkle_hash own = leaf (1000), other = leaf (1001);
    struct merkle_model_roots made = {own, own};
    bool holds = merkle_model_consistency (part, size, path, &made);
    assert_int_equal (merkle_is_consistent (part, size, &made.part, &made.whole, path), holds);
    assert_false (merkle_is_consistent (part, size, &other, &made.whole, path));
    assert_false (merkle_is_consistent (part, size, &made.part, &other, path));
}

static void test_paths_of_any_length_prove_what_the_definition_says (void **state)
{
    (void)state;
    enum { SIZE = 20, LONGEST = 8 };
    struct merkle_hash hash[LONGEST];
    for (uint64_t i = 0; i < LONGEST; i++)
        hash[i] = leaf (2000 + i);
    for (uint64_t begin = 0; begin < SIZE; begin++)
        for (uint64_t end = begin + 1; end <= SIZE; end++)
            for (size_t count = 0; count <= LONGEST; count++) {
                struct merkle_path path = {hash, count};
                struct merkle_range range = {begin, end};
                for (uint64_t index = 0; index <= SIZE; index++)
                    compare_inclusion (index, range, path);
                for (uint64_t size = 1; size <= SIZE; size++)
                    compare_consistency (range, size, path);
            }
}

static bool is_subtree (uint64_t begin, uint64_t end)
{
    return merkle_is_subtree ((struct merkle_range){begin, end});
}

/* A part that can stand in a tree begins at a multiple of the power of two that holds it, however large. */
static void test_only_what_can_stand_in_a_tree_is_a_subtree (void **state)
{
    (void)state;
    const uint64_t half = UINT64_C (1) << 63;
    for (uint64_t begin = 0; begin < 40; begin++)
        for (uint64_t end = 0; end < 80; end++) {
            uint64_t room = 1;
            while (end > begin && room < end - begin)
                room *= 2;
            assert_int_equal (is_subtree (begin, end), end > begin && begin % room == 0);
        }
    assert_true (is_subtree (0, UINT64_MAX));
    assert_true (is_subtree (0, half + 1));
    assert_true (is_subtree (0, half));
    assert_true (is_subtree (half, UINT64_MAX));
    assert_false (is_subtree (1, half + 2));
    assert_false (is_subtree (half - 1, UINT64_MAX));
}

/* A tree of nothing has the hash of nothing, and of a tree nothing is proved by it. */
static void test_nothing_proves_nothing (void **state)
{
    (void)state;
    uint64_t none = 0;
    struct merkle_hash empty = merkle_empty (), other = leaf (1), found;
    assert_int_equal (merkle_range_hash ((struct merkle_range){0, 0}, read_model, &none, &found), 0);
    assert_true (merkle_same (&found, &empty));
    struct merkle_path no_path = {NULL, 0}, path = {&other, 1};
    for (uint64_t at = 0; at < 3; at++) {
        struct merkle_range nothing = {at, at};
        assert_true (merkle_is_consistent (nothing, 3, &empty, &other, no_path));
        assert_false (merkle_is_consistent (nothing, 3, &empty, &other, path));
        assert_false (merkle_is_consistent (nothing, 3, &other, &other, no_path));
        assert_false (merkle_is_consistent (nothing, 3, &other, &other, path));
    }
    assert_false (merkle_is_consistent ((struct merkle_range){4, 4}, 3, &empty, &other, no_path));
    assert_false (merkle_is_consistent ((struct merkle_range){0, 3}, 4, &other, &other, no_path));
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_paths_of_any_length_prove_what_the_definition_says),
        cmocka_unit_test (test_only_what_can_stand_in_a_tree_is_a_subtree),
        cmocka_unit_test (test_nothing_proves_nothing),
        cmocka_unit_test (test_hashes_are_those_of_the_rfc),
        cmocka_unit_test (test_a_tree_that_grows_has_the_root_of_its_leaves),
        cmocka_unit_test (test_a_second_level_of_tiles_fills),
        cmocka_unit_test (test_every_leaf_is_proved_and_nothing_else),
        cmocka_unit_test (test_every_earlier_tree_is_proved_and_nothing_else),
        cmocka_unit_test (test_a_leaf_of_another_history_is_not_consistent),
        cmocka_unit_test (test_the_largest_trees_are_refused_calmly),
        cmocka_unit_test (test_a_reader_that_fails_ends_it),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}

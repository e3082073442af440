/* The tree over the log is that of its lines, whatever happens: turns that fail, stops, hashes that are lost, a
   store that had none. And what it proves holds, for anybody who knows no more than a root. */
#include <string.h>
#include "audit/log.h"
#include "audit/tree.h"
#include "big_endian.h"
#include "simulation_verbs.h"

enum { TILE = MERKLE_TILE_WIDTH };

static uint32_t seed;

static unsigned pick (unsigned below)
{
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % below;
}

static void ask_often (struct simulation *sim, size_t count)
{
    struct round_trip asked[SIMULATION_TURN];
    for (size_t i = 0; i < count; i++) {
        struct simulated_check check = {
            .items = "naw", .bsn = pick (2) == 0 ? "999900006" : "999900018", .advise = true};
        asked[i] = (struct round_trip){"kernteam", simulation_check (sim, &check), NULL};
    }
    simulation_turn (sim, asked, count);
}

static void fill_up_to (struct simulation *sim, uint64_t line)
{
    while (sim->state.audit_number < line) {
        uint64_t left = line - sim->state.audit_number;
        ask_often (sim, left < SIMULATION_TURN ? (size_t)left : SIMULATION_TURN);
    }
}

static void begin (struct simulation *sim, struct turn *turn)
{
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, turn), 0);
}

/* The hash of each line, as it is stored. */
static size_t read_leaves (struct turn *turn, struct merkle_hash *leaves, size_t room)
{
    for (uint64_t number = 1; number <= turn->state.audit_number; number++) {
        struct arena_mark mark = arena_mark (turn->arena);
        struct audit_record record;
        assert_int_equal (audit_read (turn, number, &record), 0);
        assert_true (number <= room);
        leaves[number - 1] = merkle_leaf (record.raw);
        arena_release (turn->arena, mark);
    }
    return turn->state.audit_number;
}

static struct merkle_hash model_root (const struct merkle_hash *leaves, size_t count)
{
    struct merkle_edge edge = {0};
    struct merkle_filled unused;
    for (size_t i = 0; i < count; i++)
        merkle_add (&edge, &leaves[i], &unused);
    return merkle_root (&edge);
}

enum { MOST = 16 * TILE };
static struct merkle_hash leaves[MOST];

/* The tree has all lines, and its roots, of now and of before, are theirs. */
static void assert_tree (struct simulation *sim)
{
    struct turn turn;
    begin (sim, &turn);
    size_t count = read_leaves (&turn, leaves, MOST);
    struct merkle_hash expected = model_root (leaves, count), found = merkle_root (&turn.state.tree);
    assert_int_equal (turn.state.tree.size, count);
    assert_true (merkle_same (&found, &expected));
    for (unsigned i = 0; i < 12; i++) {
        uint64_t size = i == 0 ? count : pick ((unsigned)count + 1);
        expected = model_root (leaves, size);
        assert_int_equal (tree_root (&turn, size, &found), 0);
        assert_true (merkle_same (&found, &expected));
    }
    registry_end (&sim->registry, &turn, -1);
}

static uint64_t kept (struct simulation *sim)
{
    struct store_txn *txn;
    uint64_t count;
    assert_int_equal (store_begin (sim->store, &txn), 0);
    assert_int_equal (store_count (txn, STORE_TREE, &count), 0);
    store_abort (&txn);
    return count;
}

static void test_the_tree_is_that_of_the_lines_at_any_size (void **state)
{
    struct simulation *sim = *state;
    static const uint64_t ends[] = {1, 40, TILE - 1, TILE, TILE + 1, 2 * TILE, 3 * TILE + 17, 8 * TILE};
    for (size_t i = 0; i < COUNT (ends); i++) {
        fill_up_to (sim, ends[i]);
        assert_tree (sim);
        assert_int_equal (kept (sim), sim->state.audit_number / TILE);
        simulation_restart (sim);
        assert_tree (sim);
    }
}

static void test_turns_that_fail_leave_nothing_in_the_tree (void **state)
{
    struct simulation *sim = *state;
    for (unsigned i = 0; i < 60; i++) {
        sim->fail_commit = pick (3) == 0;
        ask_often (sim, 1 + pick (SIMULATION_TURN - 1));
        if (i % 10 == 0)
            assert_tree (sim);
    }
    assert_true (sim->state.audit_number > 4 * TILE);
    assert_tree (sim);
}

/* Without one hash of a tile, or with one that is no hash. */
static void spoil (struct simulation *sim, uint64_t index, bool is_gone)
{
    struct store_txn *txn;
    uint8_t place[9] = {1};
    put_be64 (place + 1, index);
    assert_int_equal (store_begin (sim->store, &txn), 0);
    struct bytes key = {place, sizeof place};
    assert_int_equal (is_gone ? store_delete (txn, STORE_TREE, key)
                              : store_put (txn, STORE_TREE, key, (struct bytes){"kapot", 5}),
                      0);
    assert_int_equal (store_commit (&txn), 0);
}

static void test_a_hash_that_is_lost_is_made_again (void **state)
{
    struct simulation *sim = *state;
    fill_up_to (sim, 5 * TILE + 3);
    for (uint64_t index = 0; index < 5; index++)
        for (unsigned is_gone = 0; is_gone < 2; is_gone++) {
            spoil (sim, index, is_gone);
            assert_tree (sim);
            simulation_restart (sim);
            assert_tree (sim);
            fill_up_to (sim, sim->state.audit_number + 1);
            assert_tree (sim);
            if (is_gone == 0)
                continue;
            simulation_stop (sim);
            assert_int_equal (simulation_start (sim), 0);
        }
}

/* Until it has all lines. Returns in how many turns. */
static unsigned catch_up (struct simulation *sim)
{
    unsigned turns = 0;
    for (; tree_is_behind (&sim->registry.state); turns++) {
        struct turn turn;
        begin (sim, &turn);
        assert_int_equal (registry_end (&sim->registry, &turn, tree_catch_up (&turn)), 0);
        assert_true (turns < 100);
    }
    sim->state = sim->registry.state;
    return turns;
}

static struct merkle_hash read_kept (struct turn *turn, uint8_t level, uint64_t index)
{
    uint8_t place[9] = {level};
    struct bytes value;
    struct merkle_hash hash;
    put_be64 (place + 1, index);
    assert_int_equal (store_get (turn->txn, STORE_TREE, (struct bytes){place, sizeof place}, &value), 0);
    assert_int_equal (value.size, sizeof hash.bytes);
    memcpy (hash.bytes, value.data, sizeof hash.bytes);
    return hash;
}

/* Each where it belongs: what is not there would be made again, and take time each time. */
static void test_the_hash_of_each_full_tile_is_kept (void **state)
{
    struct simulation *sim = *state;
    struct turn turn;
    fill_up_to (sim, 5 * TILE + 3);
    begin (sim, &turn);
    read_leaves (&turn, leaves, MOST);
    for (uint64_t index = 0; index < 5; index++) {
        struct merkle_hash expected = model_root (leaves + index * TILE, TILE),
                           found = read_kept (&turn, 1, index);
        assert_true (merkle_same (&found, &expected));
    }
    registry_end (&sim->registry, &turn, -1);
}

/* The leaf that fills a tile of the second level too. */
static void test_tiles_of_tiles_are_kept (void **state)
{
    struct simulation *sim = *state;
    struct turn turn;
    struct merkle_filled filled = {.count = 0};
    struct bytes line = {"x", 1};
    struct merkle_hash leaf = merkle_leaf (line), first, second;
    struct merkle_edge edge = {.size = 0};
    while (edge.size < TILE * TILE - 1)
        merkle_add (&edge, &leaf, &filled);
    begin (sim, &turn);
    turn.state.tree = edge;
    assert_int_equal (tree_add (&turn, TILE * TILE + 1, line), 0); /* not the next one */
    assert_int_equal (turn.state.tree.size, TILE * TILE - 1);
    assert_int_equal (tree_add (&turn, TILE * TILE, line), 0);
    merkle_add (&edge, &leaf, &filled);
    assert_int_equal (filled.count, 2);
    first = read_kept (&turn, 1, TILE - 1);
    second = read_kept (&turn, 2, 0);
    assert_true (merkle_same (&first, &filled.kept[0]));
    assert_true (merkle_same (&second, &filled.kept[1]));
    registry_end (&sim->registry, &turn, -1);
}

/* However many lines there are: of those in full tiles it reads none. And hashes of a higher level are none of the
   first. */
static void test_a_start_goes_on_behind_the_full_tiles (void **state)
{
    struct simulation *sim = *state;
    static const uint8_t place[9] = {2};
    static const struct merkle_hash unused;
    struct store_txn *txn;
    fill_up_to (sim, 5000);
    assert_int_equal (store_begin (sim->store, &txn), 0);
    assert_int_equal (store_put (txn, STORE_TREE, (struct bytes){place, sizeof place},
                                 (struct bytes){unused.bytes, sizeof unused.bytes}),
                      0);
    assert_int_equal (store_commit (&txn), 0);
    struct merkle_hash before = merkle_root (&sim->registry.state.tree), now;
    struct turn turn;
    begin (sim, &turn);
    uint64_t operations = store_operations (turn.txn);
    assert_int_equal (tree_load (&turn), 0);
    assert_false (tree_is_behind (&turn.state));
    assert_in_range (store_operations (turn.txn) - operations, 5000 % TILE, 5000 % TILE + 200);
    now = merkle_root (&turn.state.tree);
    assert_true (merkle_same (&before, &now));
    registry_end (&sim->registry, &turn, -1);
}

/* A hash of a tile that the log cannot have is none of its: the tree is made of the lines. */
static void test_tiles_behind_the_log_are_not_believed (void **state)
{
    struct simulation *sim = *state;
    struct store_txn *txn;
    uint8_t place[9] = {1};
    struct turn turn;
    fill_up_to (sim, 3 * TILE - 1);
    put_be64 (place + 1, sim->state.audit_number / TILE);
    assert_int_equal (store_begin (sim->store, &txn), 0);
    assert_int_equal (store_put (txn, STORE_TREE, (struct bytes){place, sizeof place}, (struct bytes){leaves, 32}),
                      0);
    assert_int_equal (store_commit (&txn), 0);
    struct merkle_hash before = merkle_root (&sim->registry.state.tree), now;
    begin (sim, &turn);
    turn.state.tree.size = 0;
    assert_int_equal (tree_load (&turn), 0);
    assert_int_equal (turn.state.tree.size, turn.state.audit_number);
    now = merkle_root (&turn.state.tree);
    assert_true (merkle_same (&before, &now));
    registry_end (&sim->registry, &turn, -1);
}

/* As in a store that a program without a tree made. */
static void forget_tree (struct simulation *sim)
{
    struct store_txn *txn;
    struct bytes key, value;
    int rc = store_begin (sim->store, &txn);
    while (rc == 0 && (rc = store_last (txn, STORE_TREE, (struct bytes){"", 0}, &key, &value)) == 0) {
        uint8_t place[16];
        assert_in_range (key.size, 1, sizeof place);
        memcpy (place, key.data, key.size);
        rc = store_delete (txn, STORE_TREE, (struct bytes){place, key.size});
    }
    assert_int_equal (rc, STORE_NOT_FOUND);
    assert_int_equal (store_commit (&txn), 0);
}

static void test_the_log_of_an_earlier_program_gets_its_tree (void **state)
{
    struct simulation *sim = *state;
    fill_up_to (sim, 5000);
    forget_tree (sim);
    simulation_restart (sim);
    assert_true (tree_is_behind (&sim->registry.state)); /* a start does not wait for all of it */
    ask_often (sim, 3);                                  /* and meanwhile the log goes on */
    assert_true (catch_up (sim) > 0);
    assert_int_equal (sim->registry.state.tree.size, sim->registry.state.audit_number);
    struct turn turn;
    begin (sim, &turn);
    static struct merkle_hash all[6000];
    struct merkle_hash expected = model_root (all, read_leaves (&turn, all, COUNT (all))),
                       found = merkle_root (&turn.state.tree);
    assert_true (merkle_same (&found, &expected));
    registry_end (&sim->registry, &turn, -1);
    assert_int_equal (kept (sim), sim->state.audit_number / TILE);
}

/* Writes over a line, as nobody can who has not all keys: the tree is then another one. */
static void test_another_line_is_another_tree (void **state)
{
    struct simulation *sim = *state;
    fill_up_to (sim, 300);
    struct merkle_hash before = merkle_root (&sim->registry.state.tree), now;
    struct store_txn *txn;
    struct bytes value;
    uint8_t place[8];
    put_be64 (place, 270);
    struct bytes key = {place, 8};
    assert_int_equal (store_begin (sim->store, &txn), 0);
    assert_int_equal (store_get (txn, STORE_AUDIT, key, &value), 0);
    uint8_t *content = arena_memdup (sim->arena, value.data, value.size);
    content[value.size - 1] ^= 1;
    assert_int_equal (store_put (txn, STORE_AUDIT, key, (struct bytes){content, value.size}), 0);
    assert_int_equal (store_commit (&txn), 0);
    struct turn turn;
    begin (sim, &turn);
    assert_int_equal (tree_root (&turn, 300, &now), 0);
    assert_false (merkle_same (&before, &now));
    content[value.size - 1] ^= 1;
    registry_end (&sim->registry, &turn, -1);
    assert_int_equal (store_begin (sim->store, &txn), 0);
    assert_int_equal (store_put (txn, STORE_AUDIT, key, (struct bytes){content, value.size}), 0);
    assert_int_equal (store_commit (&txn), 0);
}

static void test_every_proof_holds_for_who_knows_only_the_root (void **state)
{
    struct simulation *sim = *state;
    fill_up_to (sim, 3 * TILE + 70);
    struct turn turn;
    begin (sim, &turn);
    uint64_t count = read_leaves (&turn, leaves, MOST);
    for (unsigned i = 0; i < 150; i++) {
        uint64_t size = 1 + pick ((unsigned)count), number = 1 + pick ((unsigned)size),
                 earlier = 1 + pick ((unsigned)size);
        struct merkle_hash root = model_root (leaves, size), part = model_root (leaves, earlier);
        struct tree_proof proof;
        assert_int_equal (tree_prove_line (&turn, number, size, &proof), 0);
        struct merkle_path path = {proof.hash, proof.count};
        assert_true (
            merkle_includes (number - 1, (struct merkle_range){0, size}, &leaves[number - 1], path, &root));
        assert_int_equal (tree_prove_earlier (&turn, earlier, size, &proof), 0);
        path = (struct merkle_path){proof.hash, proof.count};
        assert_true (merkle_is_consistent ((struct merkle_range){0, earlier}, size, &part, &root, path));
    }
    registry_end (&sim->registry, &turn, -1);
}

static int set_up (void **state)
{
    static const struct simulation_options options = {.size = 64 << 20, .reserve = 4 << 20};
    seed = 2026;
    *state = simulation_new (&options);
    return 0;
}

#define TREE_TEST(name) cmocka_unit_test_setup_teardown (name, set_up, simulation_teardown)

int main (void)
{
    const struct CMUnitTest tests[] = {
        TREE_TEST (test_the_tree_is_that_of_the_lines_at_any_size),
        TREE_TEST (test_turns_that_fail_leave_nothing_in_the_tree),
        TREE_TEST (test_a_hash_that_is_lost_is_made_again),
        TREE_TEST (test_the_hash_of_each_full_tile_is_kept),
        TREE_TEST (test_tiles_of_tiles_are_kept),
        TREE_TEST (test_a_start_goes_on_behind_the_full_tiles),
        TREE_TEST (test_tiles_behind_the_log_are_not_believed),
        TREE_TEST (test_the_log_of_an_earlier_program_gets_its_tree),
        TREE_TEST (test_another_line_is_another_tree),
        TREE_TEST (test_every_proof_holds_for_who_knows_only_the_root),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}

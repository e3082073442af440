/* What is signed of the log never contradicts itself: not by what the registry does, and not where somebody has
   changed what it stores. */
#include <stdio.h>
#include <string.h>
#include "audit/checkpoints.h"
#include "audit/log.h"
#include "audit/tree.h"
#include "big_endian.h"
#include "config/config.h"
#include "merkle/checkpoint.h"
#include "record/guard.h"
#include "simulation_verbs.h"

static const char origin[] = "voorbeeld.nl/register";
static struct log_key keys;

/* Has the log signed: a scratch instance has no key for it. */
static void take_key (struct simulation *sim)
{
    static const uint8_t secret[NOTE_SECRET_SIZE] = {7};
    assert_true (note_signer_of (&keys.signer[0], origin, NOTE_ED25519, secret));
    keys.count = 1;
    sim->in_force.log_key = &keys;
    sim->in_force.config->log_key = (char *)(uintptr_t) "keys/log.key";
    sim->in_force.config->log_origin = (char *)(uintptr_t)origin;
    sim->in_force.config->checkpoint_lines = 100;
    sim->in_force.config->checkpoint_time = 60000;
}

static void give_key_back (struct simulation *sim)
{
    sim->in_force.log_key = NULL;
    sim->in_force.config->log_key = sim->in_force.config->log_origin = NULL;
}

static void fill (struct simulation *sim, size_t count)
{
    for (size_t done = 0; done < count; done += SIMULATION_TURN) {
        struct round_trip asked[SIMULATION_TURN];
        size_t now = count - done < SIMULATION_TURN ? count - done : SIMULATION_TURN;
        for (size_t i = 0; i < now; i++) {
            struct simulated_check check = {.items = "naw", .bsn = "999900006", .advise = true};
            asked[i] = (struct round_trip){"kernteam", simulation_check (sim, &check), NULL};
        }
        simulation_turn (sim, asked, now);
    }
}

static void begin (struct simulation *sim, struct turn *turn)
{
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, turn), 0);
}

static bool is_due (const struct simulation *sim, moment now)
{
    return checkpoints_are_due (&sim->registry.state, sim->in_force.config, now);
}

static int sign (struct simulation *sim)
{
    struct turn turn;
    begin (sim, &turn);
    return registry_end (&sim->registry, &turn, checkpoints_make (&turn));
}

/* The newest one, which the key has signed. */
static struct checkpoint newest (struct simulation *sim)
{
    struct turn turn;
    struct bytes raw;
    struct note note;
    struct checkpoint checkpoint;
    const char *fault;
    begin (sim, &turn);
    assert_int_equal (checkpoints_newest (&turn, &raw), 0);
    assert_int_equal (note_read (&note, raw), NOTE_OK);
    assert_int_equal (note_verify (&note, &keys.signer[0].key, NULL), NOTE_OK);
    assert_true (checkpoint_read (&checkpoint, note.text, &fault));
    registry_end (&sim->registry, &turn, -1);
    assert_string_equal (checkpoint.origin, origin);
    return checkpoint;
}

/* A receipt of a line that no checkpoint has yet. */
static void test_who_waits_gets_one_soon_and_no_more_than_one_a_second (void **state)
{
    struct simulation *sim = *state;
    struct turn turn;
    fill (sim, 1);
    assert_int_equal (sign (sim), 0);
    fill (sim, 1);
    moment made = sim->registry.state.checkpoint_at;
    for (int i = 0; i < 3; i++) {
        begin (sim, &turn);
        checkpoints_want (&turn);
        assert_int_equal (registry_end (&sim->registry, &turn, 0), 0);
    }
    assert_false (is_due (sim, made + 999));
    assert_true (is_due (sim, made + 1000));
    assert_int_equal (checkpoints_due_at (&sim->registry.state, sim->in_force.config), made + 1000);
    assert_int_equal (sign (sim), 0);
    fill (sim, 1);
    made = sim->registry.state.checkpoint_at;
    assert_false (is_due (sim, made + 1000)); /* nobody waits any more */
    assert_int_equal (checkpoints_due_at (&sim->registry.state, sim->in_force.config), made + 60000);
}

static void test_one_is_due_after_so_many_lines_or_so_long (void **state)
{
    struct simulation *sim = *state;
    moment now = sim->wall;
    fill (sim, 20);
    assert_true (is_due (sim, now)); /* none was made yet */
    assert_int_equal (sign (sim), 0);
    assert_false (is_due (sim, now + 1000000)); /* nothing is new */
    fill (sim, 1);
    now = sim->registry.state.checkpoint_at;
    assert_false (is_due (sim, now + 59999));
    assert_true (is_due (sim, now + 60000));
    fill (sim, 98);
    assert_false (is_due (sim, now));
    fill (sim, 1);
    assert_true (is_due (sim, now));
    give_key_back (sim);
    assert_false (is_due (sim, now + 60000));
    take_key (sim);
}

static moment due_at (const struct simulation *sim)
{
    return checkpoints_due_at (&sim->registry.state, sim->in_force.config);
}

/* When the broker must wake, if nothing more comes. */
static void test_it_is_said_when_one_is_due (void **state)
{
    struct simulation *sim = *state;
    fill (sim, 10);
    assert_int_equal (due_at (sim), 60000); /* none was made since the start: at once */
    assert_int_equal (sign (sim), 0);
    assert_true (due_at (sim) == MOMENT_NEVER);
    fill (sim, 1);
    assert_int_equal (due_at (sim), sim->registry.state.checkpoint_at + 60000);
    assert_true (sim->registry.state.checkpoint_at > 0);
    give_key_back (sim);
    assert_true (due_at (sim) == MOMENT_NEVER);
    take_key (sim);
    uint64_t lines = sim->registry.state.tree.size;
    sim->registry.state.tree.size--; /* it has not all lines yet */
    assert_true (due_at (sim) == MOMENT_NEVER);
    assert_false (is_due (sim, MOMENT_NEVER));
    sim->registry.state.tree.size = lines;
}

/* It is whole also when something else was written meanwhile. */
static void test_the_newest_is_not_lent (void **state)
{
    struct simulation *sim = *state;
    static const struct bytes name = {"checkpoint", 10};
    static uint8_t other[4096];
    struct turn turn;
    struct bytes raw;
    fill (sim, 10);
    assert_int_equal (sign (sim), 0);
    begin (sim, &turn);
    assert_int_equal (guard_put (&turn, STORE_META, (struct bytes){"x", 1}, (struct bytes){other, 1}), 0);
    assert_int_equal (checkpoints_newest (&turn, &raw), 0);
    void *before = arena_memdup (sim->arena, raw.data, raw.size);
    assert_int_equal (guard_put (&turn, STORE_META, name, (struct bytes){other, raw.size}), 0);
    assert_memory_equal (raw.data, before, raw.size);
    registry_end (&sim->registry, &turn, -1);
}

static void test_the_same_lines_can_be_signed_again (void **state)
{
    struct simulation *sim = *state;
    fill (sim, 10);
    assert_int_equal (sign (sim), 0);
    struct checkpoint before = newest (sim), now;
    assert_int_equal (sign (sim), 0);
    now = newest (sim);
    assert_int_equal (now.size, before.size);
    assert_true (merkle_same (&now.root, &before.root));
}

static void test_each_begins_with_all_before_it (void **state)
{
    struct simulation *sim = *state;
    struct checkpoint earlier[12];
    for (size_t i = 0; i < COUNT (earlier); i++) {
        fill (sim, 1 + 37 * i);
        assert_int_equal (sign (sim), 0);
        earlier[i] = newest (sim);
        assert_int_equal (earlier[i].size, sim->registry.state.audit_number);
        if (i % 3 == 2) {
            give_key_back (sim);
            simulation_restart (sim);
            take_key (sim);
            assert_int_equal (sim->registry.state.checkpoint_size, earlier[i].size);
        }
    }
    const struct checkpoint *last = &earlier[COUNT (earlier) - 1];
    struct turn turn;
    begin (sim, &turn);
    for (size_t i = 0; i < COUNT (earlier); i++) {
        struct tree_proof proof;
        assert_int_equal (tree_prove_earlier (&turn, earlier[i].size, last->size, &proof), 0);
        struct merkle_path path = {proof.hash, proof.count};
        assert_true (merkle_is_consistent ((struct merkle_range){0, earlier[i].size}, last->size, &earlier[i].root,
                                           &last->root, path));
    }
    registry_end (&sim->registry, &turn, -1);
}

/* Changes one byte of a line, as nobody can unseen: it is told by the chain too. */
static void change_line (struct simulation *sim, uint64_t number)
{
    struct store_txn *txn;
    struct bytes value;
    uint8_t place[8];
    put_be64 (place, number);
    assert_int_equal (store_begin (sim->store, &txn), 0);
    assert_int_equal (store_get (txn, STORE_AUDIT, (struct bytes){place, 8}, &value), 0);
    uint8_t *content = arena_memdup (sim->arena, value.data, value.size);
    content[value.size - 1] ^= 1;
    assert_int_equal (store_put (txn, STORE_AUDIT, (struct bytes){place, 8}, (struct bytes){content, value.size}),
                      0);
    assert_int_equal (store_commit (&txn), 0);
}

static void test_a_log_that_was_changed_is_not_signed (void **state)
{
    struct simulation *sim = *state;
    fill (sim, 120);
    assert_int_equal (sign (sim), 0);
    struct checkpoint before = newest (sim);
    fill (sim, 120);
    change_line (sim, 50);
    assert_int_equal (sign (sim), AUDIT_FORKED);
    struct checkpoint now = newest (sim);
    assert_int_equal (now.size, before.size); /* the one that was signed stays */
    change_line (sim, 50);
    assert_int_equal (sign (sim), 0); /* the control: with its own line again it is */
    now = newest (sim);
    assert_int_equal (now.size, sim->registry.state.audit_number);
}

/* A tile's hash that somebody swapped changes nothing that was signed either. */
static void test_a_hash_of_a_tile_that_was_changed_is_noticed (void **state)
{
    struct simulation *sim = *state;
    uint8_t place[9] = {1}, hash[MERKLE_HASH_SIZE] = {9};
    struct store_txn *txn;
    fill (sim, 600);
    assert_int_equal (sign (sim), 0);
    assert_int_equal (store_begin (sim->store, &txn), 0);
    assert_int_equal (
        store_put (txn, STORE_TREE, (struct bytes){place, sizeof place}, (struct bytes){hash, sizeof hash}), 0);
    assert_int_equal (store_commit (&txn), 0);
    fill (sim, 1);
    assert_int_equal (sign (sim), AUDIT_FORKED);
}

static int set_up (void **state)
{
    static const struct simulation_options options = {.size = 64 << 20, .reserve = 4 << 20};
    struct simulation *sim = simulation_new (&options);
    take_key (sim);
    *state = sim;
    return 0;
}

static int tear_down (void **state)
{
    give_key_back (*state);
    return simulation_teardown (state);
}

#define LOG_TEST(name) cmocka_unit_test_setup_teardown (name, set_up, tear_down)

int main (void)
{
    const struct CMUnitTest tests[] = {
        LOG_TEST (test_one_is_due_after_so_many_lines_or_so_long),
        LOG_TEST (test_who_waits_gets_one_soon_and_no_more_than_one_a_second),
        LOG_TEST (test_it_is_said_when_one_is_due),
        LOG_TEST (test_the_newest_is_not_lent),
        LOG_TEST (test_the_same_lines_can_be_signed_again),
        LOG_TEST (test_each_begins_with_all_before_it),
        LOG_TEST (test_a_log_that_was_changed_is_not_signed),
        LOG_TEST (test_a_hash_of_a_tile_that_was_changed_is_noticed),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}

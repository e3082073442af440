/* The lines about one subject are found without reading the log, and none is ever missed: whatever was lost of the
   records by which they are found, and whenever a turn failed or the registry was stopped. */
#include <string.h>
#include "audit/lines_about.h"
#include "big_endian.h"
#include "earlier_store.h"
#include "simulation_verbs.h"

enum { SUBJECTS = 5, RECORDS = 3, MOST = 4 * LINES_TOLD };

static const char *const bsns[SUBJECTS] = {"999900006", "999900018", "999900031", "999900043", "999900055"};

static uint32_t seed;

static unsigned pick (unsigned below)
{
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % below;
}

/* A turn of checks about some of them, and lines about nobody. */
static void ask_often (struct simulation *sim, size_t count)
{
    struct round_trip asked[SIMULATION_TURN];
    for (size_t i = 0; i < count; i++) {
        struct simulated_check check = {.items = "naw", .bsn = bsns[pick (SUBJECTS)], .advise = true};
        Consentd__Request *request = pick (8) == 0 ? simulation_asking (sim, CONSENTD__REQUEST__BODY_EVENTS_LAG)
                                                   : simulation_check (sim, &check);
        asked[i] = (struct round_trip){
            request->body_case == CONSENTD__REQUEST__BODY_CHECK ? "kernteam" : "operator", request, NULL};
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

/* How many records there are. */
static uint64_t kept (struct simulation *sim)
{
    struct store_txn *txn;
    uint64_t count;
    assert_int_equal (store_begin (sim->store, &txn), 0);
    assert_int_equal (store_count (txn, STORE_LINES_ABOUT, &count), 0);
    store_abort (&txn);
    return count;
}

/* What a search came to. */
struct search {
    uint64_t lines[MOST], unreadable;
    size_t count;
    unsigned pages;
};

/* Searches in pages, each a turn of its own. */
static void search (struct simulation *sim, const char *bsn, struct search *found)
{
    uint64_t number = 0, until = sim->state.audit_number;
    int rc = AUDIT_LATER;
    *found = (struct search){.count = 0};
    for (; rc == AUDIT_LATER; found->pages++) {
        struct lines_about self = {.number = number, .until = until, .left = LINES_A_PAGE};
        struct audit_record record;
        struct turn turn;
        assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
        vault_subject_id (turn.vault, bsn, self.object);
        while ((rc = lines_about_next (&turn, &self, &record)) == 0)
            found->lines[found->count++] = record.head.number;
        number = self.number;
        found->unreadable += self.unreadable;
        assert_int_equal (registry_end (&sim->registry, &turn, 0), 0);
    }
    assert_int_equal (rc, AUDIT_NOT_FOUND);
    assert_int_equal (number, until);
}

/* The same by reading every line. */
static void read_all (struct simulation *sim, const char *bsn, struct search *found)
{
    uint8_t object[VAULT_ID_SIZE];
    struct turn turn;
    *found = (struct search){.count = 0};
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    vault_subject_id (turn.vault, bsn, object);
    for (uint64_t number = 1; number <= turn.state.audit_number; number++) {
        struct audit_record record;
        struct arena_mark mark = arena_mark (turn.arena);
        int rc = audit_read (&turn, number, &record);
        found->unreadable += rc != 0;
        if (rc == 0 && record.head.has_object && memcmp (record.head.object, object, sizeof object) == 0)
            found->lines[found->count++] = number;
        arena_release (turn.arena, mark);
    }
    registry_end (&sim->registry, &turn, -1);
}

/* Every subject's lines are found. Returns in how many pages, of one of them. */
static unsigned assert_found (struct simulation *sim)
{
    static struct search found, all;
    for (size_t i = 0; i < SUBJECTS; i++) {
        search (sim, bsns[i], &found);
        read_all (sim, bsns[i], &all);
        assert_int_equal (found.count, all.count);
        assert_memory_equal (found.lines, all.lines, all.count * sizeof *all.lines);
        assert_int_equal (found.unreadable, all.unreadable);
        assert_true (all.count > 0);
    }
    return found.pages;
}

static void test_lines_are_found_at_any_place_of_a_record (void **state)
{
    struct simulation *sim = *state;
    static const uint64_t ends[] = {1500, LINES_TOLD - 1, LINES_TOLD, LINES_TOLD + 1, 2 * LINES_TOLD + 700};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        fill_up_to (sim, ends[i]);
        assert_int_equal (kept (sim), ends[i] / LINES_TOLD);
        assert_int_equal (assert_found (sim), 1);
        simulation_restart (sim); /* nothing of it is in memory any more */
        assert_found (sim);
    }
}

/* What a turn that failed noted in memory is not in the log. */
static void test_turns_that_fail_around_the_end_of_a_record_leave_no_line_out (void **state)
{
    struct simulation *sim = *state;
    for (unsigned record = 1; record <= RECORDS; record++) {
        uint64_t end = (uint64_t)record * LINES_TOLD;
        fill_up_to (sim, end - 300);
        while (sim->state.audit_number < end + 300) {
            sim->fail_commit = pick (3) == 0;
            ask_often (sim, 1 + pick (SIMULATION_TURN - 1));
        }
        sim->fail_commit = false;
        if (pick (2) == 0)
            simulation_restart (sim);
        assert_found (sim);
        assert_int_equal (kept (sim), record);
    }
}

enum damage { GONE, ONE_BIT_WRONG, OF_ANOTHER_PLACE };

/* Damages the first record. */
static void damage_record (struct simulation *sim, enum damage damage)
{
    static uint8_t content[1 << 16];
    struct store_txn *txn;
    struct bytes value;
    uint8_t first[8], second[8];
    put_be64 (first, LINES_TOLD);
    put_be64 (second, 2 * LINES_TOLD);
    assert_int_equal (store_begin (sim->store, &txn), 0);
    struct bytes place = {first, 8}, from = {damage == OF_ANOTHER_PLACE ? second : first, 8};
    assert_int_equal (store_get (txn, STORE_LINES_ABOUT, from, &value), 0);
    memcpy (content, value.data, value.size);
    content[value.size / 2] ^= damage == ONE_BIT_WRONG;
    size_t size = value.size;
    assert_int_equal (damage == GONE ? store_delete (txn, STORE_LINES_ABOUT, place)
                                     : store_put (txn, STORE_LINES_ABOUT, place, (struct bytes){content, size}),
                      0);
    assert_int_equal (store_commit (&txn), 0);
}

static void test_a_record_that_is_gone_or_damaged_or_of_another_place_is_made_anew (void **state)
{
    struct simulation *sim = *state;
    fill_up_to (sim, 2 * LINES_TOLD + 300);
    for (int damage = GONE; damage <= OF_ANOTHER_PLACE; damage++) {
        damage_record (sim, (enum damage)damage);
        simulation_restart (sim);
        assert_found (sim);
        assert_int_equal (kept (sim), 2);
        assert_int_equal (assert_found (sim), 1); /* it is found by records again */
    }
}

/* Writes the bytes of a line, and returns those that were there. */
static struct bytes swap_line (struct simulation *sim, uint64_t number, struct bytes now)
{
    struct store_txn *txn;
    struct bytes value;
    uint8_t place[8];
    put_be64 (place, number);
    assert_int_equal (store_begin (sim->store, &txn), 0);
    assert_int_equal (store_get (txn, STORE_AUDIT, (struct bytes){place, 8}, &value), 0);
    struct bytes before = {arena_memdup (sim->arena, value.data, value.size), value.size};
    assert_int_equal (store_put (txn, STORE_AUDIT, (struct bytes){place, 8}, now), 0);
    assert_int_equal (store_commit (&txn), 0);
    return before;
}

/* Nobody can tell whom a damaged line was about: that is said, each time, and no record leaves it out for good. */
static void test_a_line_that_cannot_be_read_is_counted_and_makes_no_record (void **state)
{
    struct simulation *sim = *state;
    fill_up_to (sim, 2 * LINES_TOLD + 300);
    struct bytes whole = swap_line (sim, 77, (struct bytes){"kapot", 5});
    damage_record (sim, GONE);
    simulation_restart (sim);
    for (int i = 0; i < 2; i++) {
        static struct search found;
        search (sim, bsns[0], &found);
        assert_int_equal (found.unreadable, 1);
        assert_found (sim);
        assert_int_equal (kept (sim), 1);
    }
    swap_line (sim, 77, whole);
    assert_found (sim);
    assert_int_equal (kept (sim), 2);
}

static void pass_over (uint64_t done, uint64_t unreadable, uint64_t all)
{
    assert_in_range (done + unreadable, 0, all);
}

static void test_lines_of_an_earlier_program_are_found_and_get_their_records (void **state)
{
    struct simulation *sim = *state;
    struct registry_options options = simulation_registry_options (sim);
    struct settings_error error;
    fill_up_to (sim, 2 * LINES_TOLD + 300);
    assert_int_equal (earlier_store_make (&sim->registry, &sim->in_force), 0);
    simulation_stop (sim);
    assert_int_equal (registry_upgrade (&sim->registry, &options, &sim->in_force, pass_over, &error), 0);
    simulation_stop (sim);
    assert_int_equal (simulation_start (sim), 0);
    assert_int_equal (kept (sim), 0);
    assert_found (sim);
    assert_int_equal (kept (sim), 2);
}

/* The lines that operators see of a subject, page by page. */
static void test_operators_see_the_lines_about_a_subject_and_no_others (void **state)
{
    struct simulation *sim = *state;
    static struct search all;
    fill_up_to (sim, LINES_TOLD + 300);
    read_all (sim, bsns[1], &all);
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_AUDIT_LIST);
    request->audit_list->bsn = (char *)(uintptr_t)bsns[1];
    request->audit_list->limit = 100;
    size_t count = 0;
    bool more = true;
    while (more) {
        const Consentd__AuditListReply *page = simulation_look (sim, "operator", request)->audit_list;
        for (size_t i = 0; i < page->n_entries; i++)
            assert_int_equal (page->entries[i]->number, all.lines[count++]);
        request->audit_list->after = page->looked_until;
        more = page->more;
    }
    assert_int_equal (count, all.count);
}

static int set_up (void **state)
{
    static const struct simulation_options options = {.size = 64 << 20, .reserve = 4 << 20};
    seed = 2026;
    *state = simulation_new (&options);
    return 0;
}

#define LOG_TEST(name) cmocka_unit_test_setup_teardown (name, set_up, simulation_teardown)

int main (void)
{
    const struct CMUnitTest tests[] = {
        LOG_TEST (test_lines_are_found_at_any_place_of_a_record),
        LOG_TEST (test_turns_that_fail_around_the_end_of_a_record_leave_no_line_out),
        LOG_TEST (test_a_record_that_is_gone_or_damaged_or_of_another_place_is_made_anew),
        LOG_TEST (test_a_line_that_cannot_be_read_is_counted_and_makes_no_record),
        LOG_TEST (test_lines_of_an_earlier_program_are_found_and_get_their_records),
        LOG_TEST (test_operators_see_the_lines_about_a_subject_and_no_others),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}

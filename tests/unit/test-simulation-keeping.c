/* What statutes require to be kept of a subject is found by a walk through the lines about it (T1, KB 20): which
   records, under which law, held by whom, and until when. */
#include <string.h>
#include "audit/lines_about.h"
#include "registry/keeping.h"
#include "registry/kept_walk.h"
#include "simulated_duties.h"
#include "text/timestamp.h"

static const char adult[] = "999900006", other[] = "999996770", youth[] = "999900018";

enum { STEPS_LIMIT = 64 };

/* --- Asking ------------------------------------------------------------------------------------------- */

static int find_now (struct simulation *sim, const char *bsn, moment steady, struct kept_parts *found)
{
    struct turn turn;
    uint8_t id[VAULT_ID_SIZE];
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    turn.steady = steady;
    vault_subject_id (turn.vault, bsn, id);
    int rc = keeping_find (&turn, id, found);
    if (rc == 0)
        found->parts = arena_memdup (sim->arena, found->parts, found->count * sizeof *found->parts);
    assert_int_equal (registry_end (&sim->registry, &turn, rc == KEEPING_LATER ? 0 : rc),
                      rc == KEEPING_LATER ? 0 : rc);
    return rc;
}

static struct kept_parts find (struct simulation *sim, const char *bsn)
{
    struct kept_parts found = {.count = 0};
    int rc = KEEPING_LATER;
    for (int i = 0; rc == KEEPING_LATER; i++) {
        assert_true (i < STEPS_LIMIT);
        rc = find_now (sim, bsn, 0, &found);
    }
    assert_int_equal (rc, 0);
    return found;
}

static const char *day_of (struct simulation *sim, moment when)
{
    char text[11] = "never";
    if (when != MOMENT_NEVER)
        calendar_format (calendar_day (when), text);
    return arena_strdup (sim->arena, text);
}

/* "kernteam wmo 2 2041-06-01": holder, law, how many disclosures, and the first day on which it need not be kept.
 */
static const char *said (struct simulation *sim, const char *bsn)
{
    struct kept_parts found = find (sim, bsn);
    const char *all = "";
    for (size_t i = 0; i < found.count; i++) {
        const struct kept_part *one = &found.parts[i];
        all = arena_printf (sim->arena, "%s%s%s %s %llu %s", all, i > 0 ? ", " : "", one->holder, one->law,
                            (unsigned long long)one->disclosures, day_of (sim, one->until));
    }
    return all;
}

static int setup_2026 (void **state)
{
    *state = simulation_new (&(struct simulation_options){.policy = "wmo-jeugdwet-2026"});
    simulation_adult (*state);
    return 0;
}

/* --- Which records, and until when -------------------------------------------------------------------- */

static void test_both_sides_of_a_disclosure_hold_a_record (void **state)
{
    struct simulation *sim = *state;
    assert_string_equal (said (sim, adult), "");
    sim->wall = AT ("2026-06-01T10:00");
    GRANTED (sim, .categories = "naw bsn");
    assert_string_equal (CHECK (sim, .items = "naw"), "consent");
    assert_string_equal (said (sim, adult), "kernteam wmo 1 2041-06-02, zorgaanbieder wmo 1 2041-06-02");
    sim->wall = AT ("2026-06-20T23:30");
    assert_string_equal (CHECK (sim, .items = "naw bsn"), "consent, consent");
    assert_string_equal (said (sim, adult), "kernteam wmo 2 2041-06-21, zorgaanbieder wmo 2 2041-06-21");
    struct kept_parts found = find (sim, adult);
    assert_string_equal (found.parts[0].entry, "dossier-wmo");
    assert_string_equal (found.parts[0].source, "Wmo 5.3.4 as in 2015 (KB 20 toelichting)");
    assert_true (found.parts[0].first == AT ("2026-06-01T10:00") && found.parts[0].last == sim->wall);
    assert_true (found.until == found.parts[0].until && found.last_line == sim->wall);
    assert_int_equal (found.disclosures, 2);
    assert_int_equal (found.lines, 4); /* with that of the birth date, and the consent */
    assert_int_equal (found.unreadable, 0);
}

static void test_what_was_not_disclosed_is_not_kept (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .categories = "naw", .one_time = true);
    assert_string_equal (CHECK (sim, .items = "naw", .advise = true), "consent");
    CHECK (sim, .items = "bsn");
    CHECK (sim, .items = "gezondheid");
    CHECK (sim, .bsn = other, .items = "naw");
    assert_string_equal (said (sim, adult), "");
    assert_int_equal (find (sim, adult).disclosures, 0);
    CHECK_REPLY (sim, .items = "naw bsn"); /* in part */
    assert_int_equal (find (sim, adult).disclosures, 1);
    CHECK (sim, .items = "naw", .all_or_nothing = true);
    assert_int_equal (find (sim, adult).disclosures, 1);
}

static void test_each_law_of_the_items_counts (void **state)
{
    struct simulation *sim = *state;
    sim->wall = AT ("2026-06-01T10:00");
    GRANTED (sim, .categories = "naw bsn budget");
    assert_string_equal (CHECK (sim, .items = "naw/wmo bsn/jeugdwet budget/participatiewet"),
                         "consent, consent, consent");
    assert_string_equal (said (sim, adult), "kernteam wmo 1 2041-06-02, kernteam jeugdwet 1 2041-06-02, "
                                            "zorgaanbieder wmo 1 2041-06-02, zorgaanbieder jeugdwet 1 2041-06-02");
}

static void test_a_youth_is_kept_at_veilig_thuis_until_majority (void **state)
{
    struct simulation *sim = *state;
    sim->wall = AT ("2026-06-01T10:00");
    assert_string_equal (PERSON (sim, .bsn = youth, .born = "2012-03-04", .representatives = "ouder-1"), "OK");
    simulation_write_party (sim, "veilig-thuis-hollands", "veilig-thuis", "partner", "");
    assert_string_equal (CHECK (sim, .bsn = youth, .to = "veilig-thuis-hollands", .purpose = "escalatie",
                                .items = "naw/jeugdwet", .urgent = "vitaal-belang"),
                         "vitaal-belang");
    assert_string_equal (said (sim, youth), "kernteam jeugdwet 1 2041-06-02, veilig-thuis jeugdwet 1 2030-03-04");
}

/* Of whom the birth date is not known nobody can tell when he is of age. */
static void test_without_a_birth_date_there_is_no_end (void **state)
{
    struct simulation *sim = *state;
    simulation_write_party (sim, "veilig-thuis-hollands", "veilig-thuis", "partner", "");
    assert_string_equal (CHECK (sim, .bsn = other, .to = "veilig-thuis-hollands", .purpose = "escalatie",
                                .items = "naw/wmo", .urgent = "vitaal-belang"),
                         "vitaal-belang");
    struct kept_parts found = find (sim, other);
    assert_true (found.until == MOMENT_NEVER);
    assert_string_equal (found.parts[0].holder, "veilig-thuis");
}

static void test_years_count_from_the_last_change_where_the_pack_says_so (void **state)
{
    struct simulation *sim = *state;
    sim->wall = AT ("2026-06-01T10:00");
    assert_string_equal (CHECK (sim, .to = "cak", .purpose = "eigen-bijdrage", .items = "bsn/wmo"), "wmo-5.2.1");
    assert_string_equal (said (sim, adult), "kernteam wmo 1 2041-06-02, cak wmo 1 2033-06-02");
    sim->wall = AT ("2026-08-01T10:00");
    assert_string_equal (
        CHECK (sim, .to = "zorgaanbieder-horizon", .purpose = "toekenning", .items = "naw/jeugdwet"),
        "jeugdwet-7.4.0-1");
    assert_string_equal (said (sim, adult), "kernteam jeugdwet 1 2046-08-02, zorgaanbieder jeugdwet 1 2046-08-02, "
                                            "kernteam wmo 1 2041-06-02, cak wmo 1 2033-06-02");
    sim->wall = AT ("2026-09-01T10:00"); /* of the same law: the whole file begins to count again */
    assert_string_equal (CHECK (sim, .to = "zorgaanbieder-horizon", .purpose = "toekenning", .items = "naw/wmo"),
                         "wmo-5.2.1");
    assert_string_equal (said (sim, adult),
                         "kernteam jeugdwet 1 2046-08-02, zorgaanbieder jeugdwet 1 2046-08-02, "
                         "kernteam wmo 2 2041-09-02, zorgaanbieder wmo 1 2041-09-02, cak wmo 1 2033-09-02");
}

/* --- Consents ----------------------------------------------------------------------------------------- */

static const char *consent_until (struct simulation *sim, const uint8_t consent[16])
{
    struct turn turn;
    struct kept_walk walk = {0};
    uint8_t id[VAULT_ID_SIZE];
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    vault_subject_id (turn.vault, adult, id);
    assert_int_equal (kept_walk_on (&turn, &walk, id), 0);
    moment until = kept_walk_until_of_consent (&walk, turn.policy, consent);
    kept_walk_clear (&walk);
    assert_int_equal (registry_end (&sim->registry, &turn, 0), 0);
    return until == 0 ? "not at all" : day_of (sim, until);
}

static void test_a_consent_is_kept_as_long_as_the_longest_record_it_justified (void **state)
{
    struct simulation *sim = *state;
    sim->wall = AT ("2026-06-01T10:00");
    const uint8_t *used = GRANTED (sim, .categories = "naw");
    const uint8_t *twice = GRANTED (sim, .categories = "bsn");
    const uint8_t *unused = GRANTED (sim, .categories = "email");
    assert_string_equal (consent_until (sim, used), "not at all");
    assert_string_equal (CHECK (sim, .items = "naw bsn"), "consent, consent");
    sim->wall = AT ("2026-07-01T10:00");
    assert_string_equal (CHECK (sim, .items = "bsn"), "consent");
    assert_string_equal (consent_until (sim, used), "2041-06-02");
    assert_string_equal (consent_until (sim, twice), "2041-07-02");
    assert_string_equal (consent_until (sim, unused), "not at all");
}

/* --- The walk ----------------------------------------------------------------------------------------- */

/* Lines about others, so many that one part of the walk does not get through. */
static void fill (struct simulation *sim, uint64_t lines)
{
    for (uint64_t end = sim->state.audit_number + lines; sim->state.audit_number < end;) {
        struct round_trip asked[SIMULATION_TURN];
        for (size_t i = 0; i < SIMULATION_TURN; i++)
            asked[i] = (struct round_trip){
                "kernteam",
                simulation_check (sim, &(struct simulated_check){.items = "naw", .bsn = other, .advise = true}),
                NULL};
        assert_int_equal (simulation_turn (sim, asked, SIMULATION_TURN), 0);
    }
}

static void lose_records (struct simulation *sim)
{
    struct store_txn *txn;
    struct bytes key, value;
    assert_int_equal (store_begin (sim->store, &txn), 0);
    while (store_last (txn, STORE_LINES_ABOUT, (struct bytes){"", 0}, &key, &value) == 0)
        assert_int_equal (store_delete (txn, STORE_LINES_ABOUT, key), 0);
    assert_int_equal (store_commit (&txn), 0);
}

static void test_a_long_walk_is_done_in_parts_and_not_broken_off_for_another (void **state)
{
    struct simulation *sim = *state;
    struct kept_parts found;
    GRANTED (sim, .categories = "naw");
    assert_string_equal (CHECK (sim, .items = "naw"), "consent");
    fill (sim, 3 * LINES_TOLD);
    assert_string_equal (CHECK (sim, .items = "naw"), "consent");
    lose_records (sim); /* so every line is read */
    simulation_restart (sim);
    assert_int_equal (find_now (sim, adult, 1000, &found), KEEPING_LATER);
    assert_int_equal (find_now (sim, other, 2000, &found), KEEPING_LATER);
    int parts = 2;
    for (; find_now (sim, adult, 2500, &found) == KEEPING_LATER; parts++)
        assert_true (parts < STEPS_LIMIT);
    assert_true (parts >= 3);
    assert_int_equal (found.disclosures, 2);
    assert_string_equal (CHECK (sim, .items = "naw"), "consent"); /* and it goes on with what came since */
    assert_int_equal (find_now (sim, adult, 2600, &found), 0);
    assert_int_equal (found.disclosures, 3);
}

/* Whoever does not go on holds nobody up. */
static void test_a_walk_that_is_left_gives_way (void **state)
{
    struct simulation *sim = *state;
    struct kept_parts found;
    GRANTED (sim, .categories = "naw");
    fill (sim, 2 * LINES_TOLD);
    lose_records (sim);
    simulation_restart (sim);
    assert_int_equal (find_now (sim, adult, 1000, &found), KEEPING_LATER);
    assert_int_equal (find_now (sim, other, 1100, &found), KEEPING_LATER);
    int parts = 0;
    for (; find_now (sim, other, 9000, &found) == KEEPING_LATER; parts++)
        assert_true (parts < STEPS_LIMIT);
    assert_true (found.lines >= 2 * LINES_TOLD);
    assert_int_equal (found.disclosures, 0);
}

/* What was read in a turn that fails was never written. */
static void test_nothing_is_remembered_of_a_turn_that_failed (void **state)
{
    struct simulation *sim = *state;
    struct kept_parts found;
    struct turn turn;
    uint8_t id[VAULT_ID_SIZE];
    GRANTED (sim, .categories = "naw");
    assert_string_equal (CHECK (sim, .items = "naw"), "consent");
    assert_int_equal (find (sim, adult).disclosures, 1);
    uint64_t lines = find (sim, adult).lines;
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    vault_subject_id (turn.vault, adult, id);
    struct audit_head head = {.time = turn.now, .party = "", .action = "test", .result = "ok", .has_object = true};
    memcpy (head.object, id, sizeof id);
    assert_int_equal (audit_append (&turn, &head, NULL, &(struct evidence){.note = NULL}), 0);
    assert_int_equal (keeping_find (&turn, id, &found), 0);
    assert_int_equal (found.lines, lines + 1);
    assert_int_equal (registry_end (&sim->registry, &turn, RECORD_DAMAGED), RECORD_DAMAGED);
    assert_string_equal (CHECK (sim, .items = "naw"), "consent"); /* it takes the number of that line */
    found = find (sim, adult);
    assert_int_equal (found.lines, lines + 1);
    assert_int_equal (found.disclosures, 2);
}

#define TEST_2026(name) cmocka_unit_test_setup_teardown (name, setup_2026, simulation_teardown)

int main (void)
{
    const struct CMUnitTest tests[] = {
        ADULT_TEST (test_both_sides_of_a_disclosure_hold_a_record),
        ADULT_TEST (test_what_was_not_disclosed_is_not_kept),
        ADULT_TEST (test_each_law_of_the_items_counts),
        ADULT_TEST (test_a_youth_is_kept_at_veilig_thuis_until_majority),
        ADULT_TEST (test_without_a_birth_date_there_is_no_end),
        TEST_2026 (test_years_count_from_the_last_change_where_the_pack_says_so),
        ADULT_TEST (test_a_consent_is_kept_as_long_as_the_longest_record_it_justified),
        ADULT_TEST (test_a_long_walk_is_done_in_parts_and_not_broken_off_for_another),
        ADULT_TEST (test_a_walk_that_is_left_gives_way),
        ADULT_TEST (test_nothing_is_remembered_of_a_turn_that_failed),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}

/* What witnesses have signed of the log is kept and published as it came, and nothing that they have not. */
#include <stdio.h>
#include <string.h>
#include "audit/cosignatures.h"
#include "bodies.h"
#include "events/watchers.h"
#include "merkle/checkpoint.h"
#include "older_store.h"
#include "record/guard.h"
#include "simulation_verbs.h"

static struct note_signer registry;

/* The key pair number `number`. */
static struct note_signer witness_of (unsigned number)
{
    uint8_t secret[NOTE_SECRET_SIZE] = {(uint8_t)number, (uint8_t)(number >> 8), 9};
    char name[32];
    struct note_signer made;
    snprintf (name, sizeof name, "getuige-%u.nl", number);
    assert_true (note_signer_of (&made, name, NOTE_COSIGNATURE, secret));
    return made;
}

static struct bytes text_of (struct simulation *sim, uint64_t size)
{
    struct checkpoint checkpoint = {.size = size, .root = {{(uint8_t)size}}};
    char *text = arena_alloc (sim->arena, CHECKPOINT_TEXT_SIZE);
    strcpy (checkpoint.origin, registry.key.name);
    return (struct bytes){text, checkpoint_write (&checkpoint, text)};
}

static struct bytes note_of (struct simulation *sim, uint64_t size)
{
    struct bytes text = text_of (sim, size);
    char line[NOTE_LINE_SIZE];
    assert_true (note_sign (&registry, text, 0, line, sizeof line) > 0);
    const char *note = arena_printf (sim->arena, "%.*s\n%s", (int)text.size, (const char *)text.data, line);
    return (struct bytes){note, strlen (note)};
}

/* A signature line, without its newline, of so many seconds from now. */
static const char *line_at (struct simulation *sim, const struct note_signer *witness, uint64_t size, int from_now)
{
    char *line = arena_alloc (sim->arena, NOTE_LINE_SIZE);
    uint64_t when = (uint64_t)(sim->wall / 1000 + from_now);
    size_t length = note_sign (witness, text_of (sim, size), when, line, NOTE_LINE_SIZE);
    line[length - 1] = 0;
    return line;
}

static void begin (struct simulation *sim, struct turn *turn)
{
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, turn), 0);
}

static void sign (struct simulation *sim, uint64_t size)
{
    struct turn turn;
    begin (sim, &turn);
    int rc = cosignatures_keep_note (&turn, size, note_of (sim, size));
    assert_int_equal (registry_end (&sim->registry, &turn, rc), 0);
}

static struct cosigning take_in (struct simulation *sim, const char *party, const struct note_signer *witness,
                                 uint64_t size, const char *line)
{
    struct turn turn;
    struct cosigning cosigning = {.party = party, .key = witness->key, .size = size, .line = line};
    begin (sim, &turn);
    int rc = cosignatures_take (&turn, &cosigning);
    assert_int_equal (registry_end (&sim->registry, &turn, rc), 0);
    if (cosigning.forgotten != NULL)
        cosigning.forgotten = arena_strdup (sim->arena, cosigning.forgotten);
    return cosigning;
}

static enum cosigned cosign (struct simulation *sim, const char *party, const struct note_signer *witness,
                             uint64_t size)
{
    return take_in (sim, party, witness, size, line_at (sim, witness, size, 0)).outcome;
}

static void count_kept (struct simulation *sim, size_t *signatures, size_t *notes)
{
    struct turn turn;
    struct cosignatures all;
    begin (sim, &turn);
    assert_int_equal (cosignatures_read (&turn, &all), 0);
    *signatures = all.count;
    *notes = all.note_count;
    registry_end (&sim->registry, &turn, -1);
}

/* The size of the newest checkpoint that all of these have signed, so that they verify; 0: there is none. */
static uint64_t witnessed (struct simulation *sim, const struct note_signer *witnesses, size_t count)
{
    struct turn turn;
    struct cosigned_note found;
    struct note note;
    const char *keys[32];
    struct witness_wish wish = {.keys = {keys, count}};
    for (size_t i = 0; i < count; i++) {
        char *text = arena_alloc (sim->arena, NOTE_KEY_TEXT_SIZE);
        note_key_write (&witnesses[i].key, text);
        keys[i] = text;
    }
    begin (sim, &turn);
    int rc = cosignatures_find (&turn, &wish, 0, &found);
    if (rc == 0) {
        assert_int_equal (note_read (&note, found.note), NOTE_OK);
        assert_int_equal (note_verify (&note, &registry.key, NULL), NOTE_OK);
        assert_int_equal (note.count, 1 + count); /* nobody's besides */
    } else
        assert_int_equal (rc, STORE_NOT_FOUND);
    for (size_t i = 0; i < count && rc == 0; i++)
        assert_int_equal (note_verify (&note, &witnesses[i].key, NULL), NOTE_OK);
    registry_end (&sim->registry, &turn, -1);
    return rc == 0 ? found.size : 0;
}

/* --- What is kept -------------------------------------------------------------------------------------- */

static void test_what_was_answered_is_there_after_a_stop (void **state)
{
    struct simulation *sim = *state;
    struct note_signer one = witness_of (1);
    sign (sim, 100);
    assert_int_equal (cosign (sim, "cak", &one, 100), COSIGNED_FIRST);
    assert_int_equal (witnessed (sim, &one, 1), 100);
    simulation_restart (sim);
    assert_int_equal (witnessed (sim, &one, 1), 100);
    assert_int_equal (cosign (sim, "cak", &one, 100), COSIGNED); /* sent again, since no answer came */
    assert_int_equal (guard_untold (sim->registry.guard), STORE_TABLES);
}

static void test_a_turn_that_fails_keeps_nothing (void **state)
{
    struct simulation *sim = *state;
    struct note_signer one = witness_of (1);
    struct turn turn;
    sign (sim, 100);
    struct cosigning cosigning = {
        .party = "cak", .key = one.key, .size = 100, .line = line_at (sim, &one, 100, 0)};
    begin (sim, &turn);
    assert_int_equal (cosignatures_take (&turn, &cosigning), 0);
    assert_int_equal (cosigning.outcome, COSIGNED_FIRST);
    registry_end (&sim->registry, &turn, STORE_FULL);
    assert_int_equal (witnessed (sim, &one, 1), 0);
    assert_int_equal (cosign (sim, "cak", &one, 100), COSIGNED_FIRST);
    assert_int_equal (witnessed (sim, &one, 1), 100);
}

/* One is away, and the other goes on: what both have signed stays. */
static void test_what_the_slowest_has_signed_stays_with_the_signatures_of_the_others (void **state)
{
    struct simulation *sim = *state;
    struct note_signer both[2] = {witness_of (1), witness_of (2)};
    size_t signatures, notes;
    sign (sim, 100);
    cosign (sim, "cak", &both[0], 100);
    cosign (sim, "svb", &both[1], 100);
    for (uint64_t size = 101; size < 150; size++) {
        sign (sim, size);
        assert_int_equal (cosign (sim, "cak", &both[0], size), COSIGNED);
        assert_int_equal (witnessed (sim, both, 2), 100);
        assert_int_equal (witnessed (sim, both, 1), size);
    }
    count_kept (sim, &signatures, &notes);
    assert_int_equal (notes, COSIGNATURES_RECENT + 1);
    assert_int_equal (signatures, COSIGNATURES_RECENT + 2);
    assert_int_equal (cosign (sim, "svb", &both[1], 149), COSIGNED);
    assert_int_equal (witnessed (sim, both, 2), 149);
    sign (sim, 150);
    count_kept (sim, &signatures, &notes);
    assert_int_equal (notes, COSIGNATURES_RECENT); /* nobody needs 100 any more */
}

/* However many sign, each something else. */
static void test_never_more_checkpoints_are_kept_than_are_said (void **state)
{
    struct simulation *sim = *state;
    size_t signatures, notes;
    for (unsigned i = 0; i < 2 * COSIGNATURES_KEPT; i++) {
        struct note_signer one = witness_of (i);
        sign (sim, 100 + i);
        assert_int_equal (
            cosign (sim, arena_printf (sim->arena, "partij-%u", i / COSIGNATURES_KEYS), &one, 100 + i),
            COSIGNED_FIRST);
    }
    count_kept (sim, &signatures, &notes);
    assert_int_equal (notes, COSIGNATURES_KEPT);
    assert_int_equal (signatures, COSIGNATURES_KEPT);
    struct note_signer first = witness_of (0), last = witness_of (2 * COSIGNATURES_KEPT - 1);
    assert_int_equal (witnessed (sim, &first, 1), 0);
    assert_int_equal (witnessed (sim, &last, 1), 99 + 2 * COSIGNATURES_KEPT);
}

static void test_a_fifth_key_takes_the_place_of_the_one_that_was_silent_for_the_longest (void **state)
{
    struct simulation *sim = *state;
    struct note_signer keys[6];
    char text[NOTE_KEY_TEXT_SIZE];
    sign (sim, 100);
    for (unsigned i = 0; i < 6; i++)
        keys[i] = witness_of (i);
    for (unsigned i = 0; i < 4; i++) {
        sim->wall += 1000;
        assert_int_equal (cosign (sim, "cak", &keys[i], 100), COSIGNED_FIRST);
    }
    sim->wall += 1000;
    assert_int_equal (cosign (sim, "cak", &keys[0], 100), COSIGNED); /* so it is not the one */
    struct cosigning fifth = take_in (sim, "cak", &keys[4], 100, line_at (sim, &keys[4], 100, 0));
    assert_int_equal (fifth.outcome, COSIGNED_IN_PLACE);
    note_key_write (&keys[1].key, text);
    assert_string_equal (fifth.forgotten, text);
    assert_int_equal (witnessed (sim, &keys[1], 1), 0);
    assert_int_equal (witnessed (sim, keys, 1), 100);
    assert_int_equal (witnessed (sim, &keys[2], 3), 100);
    assert_int_equal (cosign (sim, "svb", &keys[5], 100), COSIGNED_FIRST); /* another party has four of its own */
    assert_int_equal (witnessed (sim, &keys[2], 4), 100);
}

/* --- What is refused ----------------------------------------------------------------------------------- */

static void test_what_is_no_signature_of_it_is_not_kept (void **state)
{
    struct simulation *sim = *state;
    struct note_signer one = witness_of (1), other = witness_of (2), same_name = one;
    static const uint8_t secret[NOTE_SECRET_SIZE] = {77};
    assert_true (note_signer_of (&same_name, one.key.name, NOTE_COSIGNATURE, secret));
    sign (sim, 100);
    sign (sim, 200);
    const char *good = line_at (sim, &one, 100, 0), *many = good;
    for (int i = 0; i < 1000; i++)
        many = arena_printf (sim->arena, "%s\n%s", many, i % 2 == 0 ? line_at (sim, &other, 100, 0) : good);
    const char *const bad[] = {"",
                               "x",
                               good + 1,
                               line_at (sim, &one, 200, 0),
                               line_at (sim, &other, 100, 0),
                               line_at (sim, &same_name, 100, 0),
                               arena_printf (sim->arena, "%s ", good),
                               arena_printf (sim->arena, "%sA", good),
                               arena_printf (sim->arena, "%s\n%s", good, good),
                               arena_printf (sim->arena, "\n%s", good),
                               many,
                               arena_strndup (sim->arena, good, strlen (good) - 1)};
    for (size_t i = 0; i < COUNT (bad); i++)
        if (take_in (sim, "cak", &one, 100, bad[i]).outcome != COSIGNED_NOT_VALID)
            fail_msg ("line %zu was taken", i);
    for (size_t at = 0; at < strlen (good); at++) { /* each byte another one */
        char *changed = arena_strdup (sim->arena, good);
        changed[at] = changed[at] == 'A' ? 'B' : 'A';
        assert_int_equal (take_in (sim, "cak", &one, 100, changed).outcome, COSIGNED_NOT_VALID);
    }
    assert_int_equal (witnessed (sim, &one, 1), 0);
    assert_int_equal (take_in (sim, "cak", &one, 100, good).outcome, COSIGNED_FIRST);
}

static void test_what_was_never_signed_cannot_be_cosigned (void **state)
{
    struct simulation *sim = *state;
    struct note_signer one = witness_of (1);
    static const uint64_t sizes[] = {0, 1, 99, 101, UINT64_C (1) << 53, (UINT64_C (1) << 63) - 1, UINT64_MAX};
    sign (sim, 100);
    for (size_t i = 0; i < COUNT (sizes); i++)
        assert_int_equal (take_in (sim, "cak", &one, sizes[i], line_at (sim, &one, 100, 0)).outcome,
                          COSIGNED_NOT_KEPT);
    for (uint64_t size = 101; size < 101 + COSIGNATURES_RECENT; size++)
        sign (sim, size);
    assert_int_equal (cosign (sim, "cak", &one, 100), COSIGNED_NOT_KEPT); /* not any more */
    assert_int_equal (cosign (sim, "cak", &one, 101), COSIGNED_FIRST);
}

static void test_a_time_that_is_yet_to_come_is_refused (void **state)
{
    struct simulation *sim = *state;
    struct note_signer one = witness_of (1);
    sign (sim, 100);
    assert_int_equal (take_in (sim, "cak", &one, 100, line_at (sim, &one, 100, COSIGNATURES_AHEAD_S + 1)).outcome,
                      COSIGNED_AHEAD);
    assert_int_equal (take_in (sim, "cak", &one, 100, line_at (sim, &one, 100, COSIGNATURES_AHEAD_S)).outcome,
                      COSIGNED_FIRST);
    assert_int_equal (take_in (sim, "cak", &one, 100, line_at (sim, &one, 100, -86400 * 400)).outcome, COSIGNED);
}

static void test_a_key_is_of_one_party (void **state)
{
    struct simulation *sim = *state;
    struct note_signer one = witness_of (1);
    sign (sim, 100);
    assert_int_equal (cosign (sim, "cak", &one, 100), COSIGNED_FIRST);
    assert_int_equal (cosign (sim, "svb", &one, 100), COSIGNED_NOT_OWN); /* it can be read in what is published */
    sign (sim, 101);
    assert_int_equal (cosign (sim, "svb", &one, 101), COSIGNED_NOT_OWN);
    assert_int_equal (cosign (sim, "cak", &one, 101), COSIGNED);
}

/* Whoever verifies finds a key by its name and four bytes: two that have both could not be told apart, and the wrong
   one would spoil the note. Such a key can be searched for. */
static void test_a_key_that_would_be_taken_for_another_is_refused (void **state)
{
    struct simulation *sim = *state;
    struct note_signer one = witness_of (1), two = witness_of (2), three = witness_of (3);
    sign (sim, 100);
    assert_int_equal (cosign (sim, "cak", &one, 100), COSIGNED_FIRST);
    memcpy (two.key.name, one.key.name, sizeof two.key.name);
    assert_int_equal (cosign (sim, "svb", &two, 100), COSIGNED_FIRST); /* the name alone may be anybody's */
    memcpy (two.key.id, one.key.id, sizeof two.key.id);
    assert_int_equal (cosign (sim, "svb", &two, 100), COSIGNED_NOT_OWN);
    memcpy (three.key.name, registry.key.name, sizeof three.key.name);
    assert_int_equal (cosign (sim, "svb", &three, 100), COSIGNED_LOG_NAME);
    assert_int_equal (witnessed (sim, &one, 1), 100);
}

static void test_a_late_signature_changes_nothing (void **state)
{
    struct simulation *sim = *state;
    struct note_signer one = witness_of (1);
    sign (sim, 100);
    sign (sim, 200);
    assert_int_equal (cosign (sim, "cak", &one, 200), COSIGNED_FIRST);
    struct cosigning late = take_in (sim, "cak", &one, 100, line_at (sim, &one, 100, 0));
    assert_int_equal (late.outcome, COSIGNED_LATE);
    assert_int_equal (late.newest, 200);
    assert_int_equal (witnessed (sim, &one, 1), 200);
}

/* --- What is published --------------------------------------------------------------------------------- */

static void test_a_note_has_sixteen_signatures_at_most (void **state)
{
    struct simulation *sim = *state;
    struct note_signer witnesses[24];
    struct turn turn;
    struct note note;
    bool enough;
    struct witness_wish anyone = {.needed = 0}, more = {.needed = COSIGNATURES_PUBLISHED};
    sign (sim, 100);
    for (unsigned i = 0; i < COUNT (witnesses); i++) {
        witnesses[i] = witness_of (i);
        cosign (sim, arena_printf (sim->arena, "partij-%02u", i / 4), &witnesses[i], 100);
    }
    struct cosigned_note found = {100, note_of (sim, 100)};
    begin (sim, &turn);
    assert_int_equal (cosignatures_add (&turn, &anyone, &found, &enough), 0);
    assert_true (enough);
    assert_int_equal (note_read (&note, found.note), NOTE_OK);
    assert_int_equal (note.count, COSIGNATURES_PUBLISHED);
    assert_int_equal (note_verify (&note, &registry.key, NULL), NOTE_OK);
    found.note = note_of (sim, 100);
    assert_int_equal (cosignatures_add (&turn, &more, &found, &enough), 0);
    assert_false (enough); /* one is the registry's own */
    registry_end (&sim->registry, &turn, -1);
    assert_int_equal (witnessed (sim, &witnesses[12], COSIGNATURES_WISHED), 100); /* those that are asked for */
}

static void test_of_a_table_that_is_damaged_nothing_is_published_until_a_new_one_comes (void **state)
{
    struct simulation *sim = *state;
    struct note_signer one = witness_of (1);
    struct older_contents *contents;
    sign (sim, 100);
    cosign (sim, "cak", &one, 100);
    contents = older_copy_of_all (sim);
    const struct older_content *table = &contents->tables[STORE_COSIGNATURES];
    assert_int_equal (table->count, 2);
    struct bytes changed = older_altered (sim, table->values[1], table->values[1].size - 20);
    older_put_one (sim, STORE_COSIGNATURES, table->keys[1], &changed);
    simulation_restart (sim);
    assert_int_equal (guard_untold (sim->registry.guard), STORE_COSIGNATURES); /* operators are told */
    assert_int_equal (witnessed (sim, &one, 1), 0);
    sign (sim, 101);
    cosign (sim, "cak", &one, 101);
    assert_int_equal (witnessed (sim, &one, 1), 101);
    simulation_restart (sim);
    assert_int_equal (witnessed (sim, &one, 1), 101);
}

/* --- Watching ------------------------------------------------------------------------------------------ */

static Consentd__Request *cosign_request (struct simulation *sim, const struct note_signer *witness, uint64_t size)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_LOG_COSIGN);
    request->log_cosign->key = arena_alloc (sim->arena, NOTE_KEY_TEXT_SIZE);
    note_key_write (&witness->key, request->log_cosign->key);
    request->log_cosign->size = size;
    request->log_cosign->signature = arena_strdup (sim->arena, line_at (sim, witness, size, 0));
    return request;
}

static const char *watch (struct simulation *sim, const char *party)
{
    return simulation_answer (sim, party, simulation_asking (sim, CONSENTD__REQUEST__BODY_LOG_WATCH));
}

static void test_a_watch_whose_turn_fails_is_none (void **state)
{
    struct simulation *sim = *state;
    struct round_trip asked = {"cak", simulation_asking (sim, CONSENTD__REQUEST__BODY_LOG_WATCH), NULL};
    sim->fail_commit = true;
    assert_int_not_equal (simulation_turn (sim, &asked, 1), 0);
    assert_null (watchers_at (sim->registry.watchers, 0));
    assert_string_equal (watch (sim, "cak"), "NOT_FOUND"); /* there is no checkpoint yet, and it watches */
    assert_true (watchers_has_party (sim->registry.watchers, "cak"));
    watch (sim, "cak");
    assert_null (watchers_at (sim->registry.watchers, 1)); /* once is enough */
    watch (sim, "svb");
    assert_non_null (watchers_at (sim->registry.watchers, 1));
    watchers_drop (sim->registry.watchers, 0);
    assert_false (watchers_has_party (sim->registry.watchers, "cak"));
    assert_true (watchers_has_party (sim->registry.watchers, "svb"));
}

/* Else each checkpoint would bring lines, and these a checkpoint. */
static void test_what_a_watching_connection_signs_has_no_line_but_the_first (void **state)
{
    struct simulation *sim = *state;
    const struct registry_state *now = &sim->registry.state;
    struct note_signer one = witness_of (1), other = witness_of (2);
    watch (sim, "cak");
    sign (sim, 100);
    sim->registry.state.counted_since = 0;
    uint64_t before = now->audit_number;
    assert_string_equal (simulation_answer (sim, "cak", cosign_request (sim, &one, 100)), "OK");
    assert_int_equal (now->audit_number, before + 1);
    assert_string_equal (simulation_answer (sim, "cak", cosign_request (sim, &one, 100)), "OK");
    sign (sim, 200);
    assert_string_equal (simulation_answer (sim, "cak", cosign_request (sim, &one, 200)), "OK");
    assert_int_equal (now->audit_number, before + 1);
    assert_int_equal (now->counted_since, 0); /* nor is it counted, which is a line later */
    assert_int_equal (witnessed (sim, &one, 1), 200);
    assert_string_equal (simulation_answer (sim, "cak", cosign_request (sim, &one, 300)),
                         "INVALID log_cosign.size");
    assert_int_not_equal (now->counted_since, 0);
    assert_string_equal (simulation_answer (sim, "svb", cosign_request (sim, &other, 200)), "OK");
    assert_int_equal (now->audit_number, before + 2);
    sim->registry.state.counted_since = 0;
    assert_string_equal (simulation_answer (sim, "svb", cosign_request (sim, &other, 200)), "OK");
    assert_int_not_equal (now->counted_since, 0); /* its connection does not watch */
}

static int set_up (void **state)
{
    static const uint8_t secret[NOTE_SECRET_SIZE] = {7};
    assert_true (note_signer_of (&registry, "voorbeeld.nl/register", NOTE_ED25519, secret));
    return simulation_setup (state);
}

#define WITNESS_TEST(name) cmocka_unit_test_setup_teardown (name, set_up, simulation_teardown)

int main (void)
{
    const struct CMUnitTest tests[] = {
        WITNESS_TEST (test_what_was_answered_is_there_after_a_stop),
        WITNESS_TEST (test_a_turn_that_fails_keeps_nothing),
        WITNESS_TEST (test_what_the_slowest_has_signed_stays_with_the_signatures_of_the_others),
        WITNESS_TEST (test_never_more_checkpoints_are_kept_than_are_said),
        WITNESS_TEST (test_a_fifth_key_takes_the_place_of_the_one_that_was_silent_for_the_longest),
        WITNESS_TEST (test_what_is_no_signature_of_it_is_not_kept),
        WITNESS_TEST (test_what_was_never_signed_cannot_be_cosigned),
        WITNESS_TEST (test_a_time_that_is_yet_to_come_is_refused),
        WITNESS_TEST (test_a_key_is_of_one_party),
        WITNESS_TEST (test_a_key_that_would_be_taken_for_another_is_refused),
        WITNESS_TEST (test_a_late_signature_changes_nothing),
        WITNESS_TEST (test_a_note_has_sixteen_signatures_at_most),
        WITNESS_TEST (test_a_watch_whose_turn_fails_is_none),
        WITNESS_TEST (test_what_a_watching_connection_signs_has_no_line_but_the_first),
        WITNESS_TEST (test_of_a_table_that_is_damaged_nothing_is_published_until_a_new_one_comes),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}

/* No line is ever in neither place, whatever is cut off when; and a file that is not what it must be is named,
   believed by nobody, and stops nothing else. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "audit/archive.h"
#include "audit/log.h"
#include "big_endian.h"
#include "config/config.h"
#include "config/file_write.h"
#include "registry/keeping.h"
#include "simulated_archive.h"
#include "simulated_keeping.h"

static uint32_t seed;

static unsigned pick (unsigned below)
{
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % below;
}

static void put (const char *path, struct bytes content)
{
    remove (path);
    FILE *file = fopen (path, "w");
    assert_non_null (file);
    assert_int_equal (fwrite (content.data, 1, content.size, file), content.size);
    assert_int_equal (fclose (file), 0);
}

/* --- Cut off ------------------------------------------------------------------------------------------- */

/* What a run does, in any order and cut off anywhere: a file is written whole, or up to some byte; a turn takes
   lines out, or fails as it is committed; the registry stops. After each of these all lines are as they were. */
static void test_no_line_is_in_neither_place_whatever_is_cut_off (void **state)
{
    enum { BUNDLES = 6, STEPS = 120 };
    struct simulation *sim = *state;
    simulated_archive_age (sim, BUNDLES * BUNDLE);
    struct log_model *model = log_model_of (sim);
    struct bytes content[BUNDLES];
    unsigned failed = 0, refused = 0;
    for (uint64_t i = 0; i < BUNDLES; i++) {
        content[i] = simulated_archive_content (sim, i);
        simulated_archive_write (sim, i);
        remove (simulated_archive_path (sim, i));
    }
    for (unsigned step = 0; step < STEPS; step++) {
        uint64_t next = simulated_archive_count (sim) / BUNDLE, ahead = next + pick (2);
        unsigned what = pick (8);
        if (what < 3 &&
            ahead < BUNDLES) /* cut off: this leaves another name, but somebody may have copied it so */
            put (simulated_archive_path (sim, ahead),
                 (struct bytes){content[ahead].data,
                                what == 0 ? content[ahead].size : pick ((unsigned)content[ahead].size)});
        else if (what < 6) {
            sim->fail_commit = pick (2) == 0;
            Consentd__Reply *reply = simulated_archive_ask (sim, BUNDLES * BUNDLE, 1 + pick (3));
            failed += reply == NULL;
            refused += reply != NULL && reply->status != CONSENTD__STATUS__OK;
            sim->fail_commit = false;
        } else if (what == 6)
            simulated_archive_restart (sim);
        log_model_assert (sim, model);
    }
    assert_true (failed > 5 && refused > 5);
    for (uint64_t i = simulated_archive_count (sim) / BUNDLE; i < BUNDLES; i++)
        put (simulated_archive_path (sim, i), content[i]);
    while (simulated_archive_count (sim) < BUNDLES * BUNDLE)
        assert_int_equal (simulated_archive_ask (sim, BUNDLES * BUNDLE, 0)->status, CONSENTD__STATUS__OK);
    log_model_assert (sim, model);
}

/* --- Files that are not what they must be --------------------------------------------------------------- */

enum broken {
    IS_LOST,
    IS_EMPTY,
    IS_CUT_OFF,
    IS_LONGER,
    HAS_ANOTHER_BIT,
    HAS_LINES_SWAPPED,
    IS_ANOTHER_BUNDLE,
    IS_OF_ANOTHER_REGISTRY,
    IS_A_DIRECTORY,
    IS_A_FIFO,
    LEADS_NOWHERE,
    LEADS_TO_A_DEVICE,
    BROKEN
};

static const char *const said[BROKEN] = {
    [IS_LOST] = "No such file",
    [IS_EMPTY] = "not a file of 256 lines",
    [IS_CUT_OFF] = "not a file of 256 lines",
    [IS_LONGER] = "not a file of 256 lines",
    [HAS_ANOTHER_BIT] = "",
    [HAS_LINES_SWAPPED] = "",
    [IS_ANOTHER_BUNDLE] = "",
    [IS_OF_ANOTHER_REGISTRY] = "",
    [IS_A_DIRECTORY] = "not a regular file",
    [IS_A_FIFO] = "not a regular file",
    [LEADS_NOWHERE] = "",
    [LEADS_TO_A_DEVICE] = "",
};

static struct bytes swapped (struct simulation *sim, struct bytes whole)
{
    const uint8_t *from = whole.data;
    size_t one = 2 + (size_t)(from[0] << 8 | from[1]), other = 2 + (size_t)(from[one] << 8 | from[one + 1]);
    uint8_t *made = arena_memdup (sim->arena, whole.data, whole.size);
    memcpy (made, from + one, other);
    memcpy (made + other, from, one);
    return (struct bytes){made, whole.size};
}

static struct bytes changed (struct simulation *sim, struct bytes whole, size_t at)
{
    uint8_t *made = arena_memdup (sim->arena, whole.data, whole.size);
    made[at] ^= (uint8_t)(1 << pick (8));
    return (struct bytes){made, whole.size};
}

/* The first bundle of another registry, which has other lines of the same requests. */
static struct bytes of_another_registry (struct simulation *sim)
{
    static uint8_t kept[512 * 1024];
    static size_t size;
    void *state;
    if (size == 0) {
        simulated_archive_setup (&state);
        struct simulation *other = state;
        simulated_archive_fill (other, 2 * BUNDLE);
        struct bytes content = simulated_archive_content (other, 0);
        size = content.size;
        memcpy (kept, content.data, size);
        simulated_archive_teardown (&state);
    }
    return (struct bytes){arena_memdup (sim->arena, kept, size), size};
}

static struct bytes longer (struct simulation *sim, struct bytes whole)
{
    uint8_t *made = arena_alloc (sim->arena, whole.size + 1);
    memcpy (made, whole.data, whole.size);
    return (struct bytes){made, whole.size + 1};
}

/* What is in the file, where it is one. */
static struct bytes content_of (struct simulation *sim, enum broken how, struct bytes whole)
{
    static const struct bytes nothing = {"", 0};
    struct bytes cut_off = {whole.data, pick ((unsigned)whole.size)};
    return how == IS_CUT_OFF               ? cut_off
           : how == IS_LONGER              ? longer (sim, whole)
           : how == HAS_ANOTHER_BIT        ? changed (sim, whole, pick ((unsigned)whole.size))
           : how == HAS_LINES_SWAPPED      ? swapped (sim, whole)
           : how == IS_ANOTHER_BUNDLE      ? simulated_archive_content (sim, 2)
           : how == IS_OF_ANOTHER_REGISTRY ? of_another_registry (sim)
                                           : nothing;
}

static void break_file (struct simulation *sim, enum broken how, struct bytes whole, const char *path)
{
    remove (path);
    if (how == IS_A_DIRECTORY)
        assert_int_equal (mkdir (path, 0700), 0);
    else if (how == IS_A_FIFO)
        assert_int_equal (mkfifo (path, 0600), 0);
    else if (how == LEADS_NOWHERE || how == LEADS_TO_A_DEVICE)
        assert_int_equal (symlink (how == LEADS_NOWHERE ? "/nonexistent/nothing" : "/dev/zero", path), 0);
    else if (how != IS_LOST)
        put (path, content_of (sim, how, whole));
}

static int read_line (struct simulation *sim, uint64_t number)
{
    struct turn turn;
    struct audit_record record;
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    int rc = audit_read (&turn, number, &record);
    registry_end (&sim->registry, &turn, -ECANCELED);
    return rc;
}

/* The only file that is known to be wrong. NULL: none is. */
static const struct archive_fault *fault (struct simulation *sim)
{
    assert_null (archive_fault (sim->registry.archive, 1));
    return archive_fault (sim->registry.archive, 0);
}

static void test_nothing_leaves_for_a_file_that_is_not_what_it_must_be (void **state)
{
    struct simulation *sim = *state;
    simulated_archive_age (sim, 3 * BUNDLE);
    struct log_model *model = log_model_of (sim);
    struct bytes whole = simulated_archive_content (sim, 0);
    const char *path = simulated_archive_path (sim, 0);
    simulated_archive_write (sim, 0);
    for (unsigned round = 0; round < 8 * BROKEN; round++) {
        enum broken how = (enum broken) (round % BROKEN);
        break_file (sim, how, whole, path);
        Consentd__Reply *reply = simulated_archive_ask (sim, BUNDLE, 0);
        assert_int_equal (reply->status, CONSENTD__STATUS__UNAVAILABLE);
        if (strstr (reply->message, "tile/entries/000") == NULL || strstr (reply->message, said[how]) == NULL)
            fail_msg ("%d: %s", how, reply->message);
        assert_int_equal (simulated_archive_count (sim), 0);
        remove (path);
    }
    log_model_assert (sim, model);
    put (path, whole);
    assert_int_equal (simulated_archive_ask (sim, BUNDLE, 0)->status, CONSENTD__STATUS__OK); /* the control */
    log_model_assert (sim, model);
}

static void test_a_file_that_is_lost_or_changed_is_named_and_stops_nothing_else (void **state)
{
    struct simulation *sim = *state;
    simulated_archive_age (sim, 4 * BUNDLE);
    struct log_model *model = log_model_of (sim);
    simulated_archive_leave (sim, 4 * BUNDLE);
    const char *path = simulated_archive_path (sim, 1);
    struct bytes whole = simulated_archive_content (sim, 1);
    for (unsigned round = 0; round < 5 * BROKEN; round++) {
        enum broken how = (enum broken) (round % BROKEN);
        break_file (sim, how, whole, path);
        simulated_archive_restart (sim); /* nothing is in memory any more */
        assert_int_equal (read_line (sim, BUNDLE + 1 + pick (BUNDLE)), ARCHIVE_DAMAGED);
        assert_string_equal (fault (sim)->path, "tile/entries/001");
        if (strstr (fault (sim)->why, said[how]) == NULL)
            fail_msg ("%d: %s", how, fault (sim)->why);
        assert_ptr_equal (archive_untold (sim->registry.archive), fault (sim));
        archive_tell (sim->registry.archive);
        assert_int_equal (read_line (sim, BUNDLE + 1), ARCHIVE_DAMAGED);
        assert_null (archive_untold (sim->registry.archive)); /* it was told */
        assert_int_equal (read_line (sim, BUNDLE), 0);
        assert_int_equal (read_line (sim, 2 * BUNDLE + 1), 0);
        assert_string_equal (CHECK (sim, .items = "naw", .advise = true), "NO_CONSENT");
        remove (path);
        put (path, whole);
        assert_int_equal (read_line (sim, BUNDLE + 1), 0); /* put back: all is well, and that is known */
        assert_null (fault (sim));
    }
    log_model_assert (sim, model);
}

/* Each bit that may be another is noticed: some of each part of the file. */
static void test_another_bit_anywhere_in_a_file_is_noticed (void **state)
{
    struct simulation *sim = *state;
    simulated_archive_age (sim, BUNDLE);
    simulated_archive_leave (sim, BUNDLE);
    struct bytes whole = simulated_archive_content (sim, 0);
    const char *path = simulated_archive_path (sim, 0);
    for (size_t at = 0; at < whole.size; at += 401) {
        put (path, changed (sim, whole, at));
        archive_destroy (&sim->registry.archive); /* what was read is forgotten */
        sim->registry.archive = archive_new ();
        assert_int_equal (read_line (sim, 1 + pick (BUNDLE)), ARCHIVE_DAMAGED);
    }
    put (path, whole);
    assert_int_equal (read_line (sim, 1), 0);
}

/* The hash of the tile or of the mark is another: the file is what it was, and is believed no more. */
static void test_a_bundle_must_fit_the_tree_and_the_chain (void **state)
{
    struct simulation *sim = *state;
    uint8_t tile[9] = {1}, mark[8];
    put_be64 (mark, BUNDLE);
    const struct {
        enum store_table table;
        struct bytes key;
    } kept[] = {{STORE_TREE, {tile, sizeof tile}}, {STORE_AUDIT, {mark, sizeof mark}}};
    simulated_archive_age (sim, BUNDLE);
    simulated_archive_leave (sim, BUNDLE);
    for (size_t i = 0; i < COUNT (kept); i++)
        for (unsigned round = 0; round < 2; round++) { /* it is spoilt, and mended again */
            struct store_txn *txn;
            struct bytes value;
            assert_int_equal (store_begin (sim->store, &txn), 0);
            assert_int_equal (store_get (txn, kept[i].table, kept[i].key, &value), 0);
            uint8_t *made = arena_memdup (sim->arena, value.data, value.size);
            made[7] ^= 1;
            assert_int_equal (store_put (txn, kept[i].table, kept[i].key, (struct bytes){made, value.size}), 0);
            assert_int_equal (store_commit (&txn), 0);
            archive_destroy (&sim->registry.archive);
            sim->registry.archive = archive_new ();
            assert_int_equal (read_line (sim, 5), round == 0 ? ARCHIVE_DAMAGED : 0);
        }
}

static Consentd__AuditListReply *list (struct simulation *sim, uint64_t after)
{
    Consentd__Request *request = simulation_asking (sim, CONSENTD__REQUEST__BODY_AUDIT_LIST);
    request->audit_list->after = after;
    request->audit_list->limit = 4;
    return simulation_look (sim, "operator", request)->audit_list;
}

static void test_without_the_directory_the_registry_starts_and_says_so (void **state)
{
    struct simulation *sim = *state;
    simulated_archive_age (sim, 3 * BUNDLE);
    struct log_model *model = log_model_of (sim);
    simulated_archive_leave (sim, 3 * BUNDLE);
    const char *directory = sim->in_force.config->log_archive,
               *aside = arena_printf (sim->arena, "%s.aside", directory);
    assert_int_equal (rename (directory, aside), 0);
    simulated_archive_restart (sim);
    assert_non_null (archive_untold (sim->registry.archive)); /* before anybody asks for a line */
    assert_string_equal (CHECK (sim, .items = "naw", .advise = true), "NO_CONSENT");
    const Consentd__AuditListReply *lines = list (sim, 3 * BUNDLE - 2);
    assert_int_equal (lines->n_entries, 4);
    for (size_t i = 0; i < 2; i++) {
        assert_string_equal (lines->entries[i]->result, "damaged");
        assert_non_null (strstr (lines->entries[i]->details, "tile/entries/002 cannot be read"));
    }
    assert_string_equal (lines->entries[2]->action, "check");
    assert_int_equal (rename (aside, directory), 0);
    log_model_assert (sim, model);
    assert_null (fault (sim));
}

static void test_a_lost_directory_is_not_told_of_file_by_file_for_ever (void **state)
{
    struct simulation *sim = *state;
    simulated_archive_age (sim, 40 * BUNDLE);
    simulated_archive_leave (sim, 40 * BUNDLE);
    const char *directory = sim->in_force.config->log_archive,
               *aside = arena_printf (sim->arena, "%s.aside", directory);
    assert_int_equal (rename (directory, aside), 0);
    simulated_archive_restart (sim);
    unsigned told = 0;
    for (uint64_t number = 1; number <= 40 * BUNDLE; number += BUNDLE) {
        assert_int_equal (read_line (sim, number), ARCHIVE_DAMAGED);
        for (; archive_untold (sim->registry.archive) != NULL; told++)
            archive_tell (sim->registry.archive);
    }
    assert_int_equal (told, ARCHIVE_FAULTS);
    assert_int_equal (rename (aside, directory), 0);
    assert_int_equal (read_line (sim, 1), 0);
}

/* What a statute requires to be kept may be in a file that can be put back: until then nobody is erased. */
static void test_nobody_is_erased_of_whom_lines_cannot_be_read (void **state)
{
    static const char adult[] = "999900006";
    struct simulation *sim = *state;
    GRANTED (sim, .categories = "naw");
    assert_string_equal (CHECK (sim, .items = "naw"), "consent");
    simulated_archive_age (sim, BUNDLE);
    simulated_archive_leave (sim, BUNDLE);
    const char *path = simulated_archive_path (sim, 0), *aside = arena_printf (sim->arena, "%s.aside", path);
    assert_int_equal (simulated_mark (sim, adult, ERASURE_OF_SUBJECT, 0), 0);
    assert_int_equal (rename (path, aside), 0);
    simulated_archive_restart (sim);
    int rc = 0;
    for (unsigned step = 0; step < 10 && rc == 0; step++)
        rc = erasure_go_on (&sim->registry, &sim->in_force, sim->wall);
    assert_int_equal (rc, ARCHIVE_DAMAGED);
    assert_true (erasure_is_due (&sim->registry));
    assert_int_equal (rename (aside, path), 0);
    assert_true (simulated_rounds (sim) > 0);
    assert_non_null (strstr (simulated_lines_that_open (sim, adult, BUNDLE), "grant"));
    assert_non_null (strstr (simulated_lines_that_open (sim, adult, BUNDLE), "check"));
}

static int set_up (void **state)
{
    seed = 2026;
    return simulated_archive_setup (state);
}

#define ARCHIVE_TEST(name) cmocka_unit_test_setup_teardown (name, set_up, simulated_archive_teardown)

int main (void)
{
    const struct CMUnitTest tests[] = {
        ARCHIVE_TEST (test_no_line_is_in_neither_place_whatever_is_cut_off),
        ARCHIVE_TEST (test_nothing_leaves_for_a_file_that_is_not_what_it_must_be),
        ARCHIVE_TEST (test_a_file_that_is_lost_or_changed_is_named_and_stops_nothing_else),
        ARCHIVE_TEST (test_another_bit_anywhere_in_a_file_is_noticed),
        ARCHIVE_TEST (test_a_bundle_must_fit_the_tree_and_the_chain),
        ARCHIVE_TEST (test_without_the_directory_the_registry_starts_and_says_so),
        ARCHIVE_TEST (test_a_lost_directory_is_not_told_of_file_by_file_for_ever),
        ARCHIVE_TEST (test_nobody_is_erased_of_whom_lines_cannot_be_read),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}

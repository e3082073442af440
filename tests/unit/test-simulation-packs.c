/* What was recorded under one pack is read under another: each code means what the pack in force says, and a code
   that this pack does not know matches nothing. Under a pack that knows it again it means again what it meant. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "audit/packs.h"
#include "policy/policy_read.h"
#include "simulation_verbs.h"

/* The file of the pack with `to` in every place of `from`. */
static void rename_in (struct simulation *sim, const char *name, const char *from, const char *to)
{
    static char text[1 << 16];
    const char *path = arena_printf (sim->arena, "%s/pack/%s.txt", sim->directory, name);
    FILE *file = fopen (path, "r");
    assert_non_null (file);
    text[fread (text, 1, sizeof text - 1, file)] = '\0';
    fclose (file);
    file = fopen (path, "w");
    assert_non_null (file);
    const char *rest = text;
    for (const char *found; (found = strstr (rest, from)) != NULL; rest = found + strlen (from))
        fprintf (file, "%.*s%s", (int)(found - rest), rest, to);
    fputs (rest, file);
    fclose (file);
}

/* Another pack comes in force, in which the code has another name. */
static void rename_code (struct simulation *sim, const char *from, const char *to)
{
    static const char *const files[] = {"categories", "origins", "purposes", "flows", "statutes"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        rename_in (sim, files[i], from, to);
    simulation_reload (sim);
}

static void test_a_category_that_the_pack_does_not_know_matches_nothing (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .categories = "naw telefoon");
    assert_string_equal (CHECK (sim, .items = "naw telefoon", .advise = true), "consent, consent");
    rename_code (sim, "telefoon", "telefonie");
    assert_string_equal (CHECK (sim, .items = "naw telefonie", .advise = true), "consent, CATEGORY_NOT_CONSENTED");
    assert_string_equal (CHECK (sim, .items = "telefoon", .advise = true), "INVALID check.items[0].category");
    GRANTED (sim, .categories = "telefonie");
    assert_string_equal (CHECK (sim, .items = "naw telefonie", .advise = true), "consent, consent");
    rename_code (sim, "telefonie", "telefoon");
    assert_string_equal (CHECK (sim, .items = "naw telefoon", .advise = true), "consent, consent");
}

static void test_an_origin_that_the_pack_does_not_know_is_still_one_that_was_named (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .categories = "naw", .origins = "zvw");
    assert_string_equal (CHECK (sim, .items = "naw/zvw", .advise = true), "consent");
    rename_code (sim, "zvw", "zorgverzekeringswet");
    assert_string_equal (CHECK (sim, .items = "naw/zorgverzekeringswet naw/wmo", .advise = true),
                         "ORIGIN_NOT_CONSENTED, ORIGIN_NOT_CONSENTED");
    rename_code (sim, "zorgverzekeringswet", "zvw");
    assert_string_equal (CHECK (sim, .items = "naw/zvw", .advise = true), "consent");
}

static void test_a_purpose_that_the_pack_does_not_know_serves_nothing (void **state)
{
    struct simulation *sim = *state;
    GRANTED (sim, .categories = "naw");
    rename_code (sim, "toekenning", "toewijzen");
    assert_string_equal (CHECK (sim, .items = "naw", .purpose = "toewijzen", .advise = true), "NO_CONSENT");
    rename_code (sim, "toewijzen", "toekenning");
    assert_string_equal (CHECK (sim, .items = "naw", .advise = true), "consent");
}

/* All parts of a pack that the registry keeps. Its size, or 0. */
static size_t kept (struct simulation *sim, const uint8_t hash[PACKS_HASH], uint8_t *whole, size_t room)
{
    struct turn turn;
    size_t size = 0;
    bool more = true;
    assert_int_equal (registry_begin (&sim->registry, &sim->in_force, &sim->report, sim->wall, &turn), 0);
    for (unsigned part = 0; more; part++) {
        struct bytes bytes;
        int rc = packs_find (&turn, hash, part, &bytes, &more);
        if (rc == STORE_NOT_FOUND && part == 0)
            break;
        assert_int_equal (rc, 0);
        assert_true (size + bytes.size <= room);
        memcpy (whole + size, bytes.data, bytes.size);
        size += bytes.size;
        assert_true (more ? bytes.size == PACKS_PART : bytes.size > 0);
    }
    registry_end (&sim->registry, &turn, -1);
    return size;
}

static void test_each_pack_that_decided_is_kept_whole (void **state)
{
    enum { PACKS = 3 };
    static uint8_t whole[1 << 18], hashes[PACKS][PACKS_HASH];
    struct simulation *sim = *state;
    for (size_t i = 0; i < PACKS; i++) {
        memcpy (hashes[i], sim->in_force.policy->hash, PACKS_HASH);
        CHECK (sim, .items = "naw", .advise = true);
        rename_code (sim, i == 0 ? "telefoon" : "email", i == 0 ? "telefonie" : "e-post");
    }
    for (size_t i = 0; i < PACKS; i++) {
        struct policy *policy;
        struct policy_error error;
        size_t size = kept (sim, hashes[i], whole, sizeof whole);
        assert_true (size > 0);
        assert_int_equal (policy_read_whole (&policy, whole, size, vault_hash, &error), 0);
        assert_memory_equal (policy->hash, hashes[i], PACKS_HASH);
        assert_int_equal (policy_category (policy, "telefoon") != CODE_NONE, i == 0);
        policy_destroy (&policy);
    }
    hashes[0][31] ^= 1;
    assert_int_equal (kept (sim, hashes[0], whole, sizeof whole), 0);
}

/* Whatever a registry gives, the reader takes what is a pack, and nothing else. */
static void test_what_is_no_whole_pack_is_not_taken_for_one (void **state)
{
    static uint8_t whole[1 << 18];
    struct simulation *sim = *state;
    CHECK (sim, .items = "naw", .advise = true);
    size_t size = kept (sim, sim->in_force.policy->hash, whole, sizeof whole);
    struct policy_text files[POLICY_FILES];
    size_t count, all, taken = 0;
    assert_int_equal (policy_whole_files (whole, size, files, &all), 0);
    for (size_t less = 0; less < size; less++) {
        uint8_t *part = malloc (less + 1); /* so that a reader that goes too far is seen */
        memcpy (part, whole, less);
        taken += policy_whole_files (part, less, files, &count) == 0;
        free (part);
    }
    assert_int_equal (taken, all); /* those that end behind a file, and nothing at all */
    for (size_t at = 0; at < 8; at++) {
        whole[at] ^= 0xff;
        assert_int_equal (policy_whole_files (whole, size, files, &count), POLICY_INVALID);
        whole[at] ^= 0xff;
    }
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        ADULT_TEST (test_a_category_that_the_pack_does_not_know_matches_nothing),
        ADULT_TEST (test_an_origin_that_the_pack_does_not_know_is_still_one_that_was_named),
        ADULT_TEST (test_each_pack_that_decided_is_kept_whole),
        ADULT_TEST (test_what_is_no_whole_pack_is_not_taken_for_one),
        ADULT_TEST (test_a_purpose_that_the_pack_does_not_know_serves_nothing),
    };
    return cmocka_run_group_tests_name ("simulation-packs", tests, NULL, NULL);
}

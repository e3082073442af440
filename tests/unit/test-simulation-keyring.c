/* The keyring and the store belong together: a registry without its keyring, or with an older one or another's,
   does not start, since it could read nothing about anybody and would take each for unknown (C12). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "copied_files.h"
#include "keyring_root.h"
#include "simulation_verbs.h"

static void name_files (struct simulation *sim, char file[128], char aside[128])
{
    snprintf (file, 128, "%s/" KEYRING_NAME, sim->directory);
    snprintf (aside, 128, "%s/aside", sim->directory);
}

static void refused_start (struct simulation *sim, const char *why)
{
    assert_true (simulation_start (sim) > 0);
    if (strstr (sim->refusal, why) == NULL)
        fail_msg ("not \"%s\" but \"%s\"", why, sim->refusal);
    simulation_stop (sim);
}

static void starts_and_permits (struct simulation *sim)
{
    if (simulation_start (sim) != 0)
        fail_msg ("%s", sim->refusal);
    assert_string_equal (CHECK (sim, .items = "naw"), "consent");
}

static void test_a_store_does_not_open_without_its_keyring (void **state)
{
    struct simulation *sim = *state;
    char file[128], aside[128];
    name_files (sim, file, aside);
    GRANTED (sim, .categories = "naw");
    simulation_stop (sim);
    assert_int_equal (rename (file, aside), 0);
    refused_start (sim, "the keys of the subjects are missing");
    assert_int_not_equal (access (file, F_OK), 0); /* none was made in its place */
    assert_int_equal (rename (aside, file), 0);
    starts_and_permits (sim);
}

static void test_a_store_does_not_open_with_another_keyring_or_an_older_one (void **state)
{
    struct simulation *sim = *state;
    char file[128], aside[128], first[160];
    name_files (sim, file, aside);
    snprintf (first, sizeof first, "%s.first", aside);
    GRANTED (sim, .categories = "naw");
    struct keyring_place place = {sim->registry.vault, simulation_registry_options (sim).vault_key, sim->refusal,
                                  sizeof sim->refusal};
    assert_int_equal (rename (file, aside), 0);
    assert_int_equal (keyring_create (&place), 0);
    simulation_stop (sim);
    refused_start (sim, "belong to another store, or are older");
    assert_int_equal (rename (aside, file), 0);
    copy_file (file, first);
    starts_and_permits (sim);

    const uint16_t buckets[] = {7};
    assert_int_equal (keyring_replace (sim->registry.keyring, buckets, 1), 0);
    assert_int_equal (keyring_destroy_former (sim->registry.keyring), 0);
    simulation_stop (sim);
    refused_start (sim, "is missing, and the store is from before an erasure");
    sim->without_list = true; /* the other keys are what they were */
    starts_and_permits (sim);
    simulation_stop (sim);
    assert_int_equal (rename (file, aside), 0);
    assert_int_equal (rename (first, file), 0);
    refused_start (sim, "belong to another store, or are older");
    assert_int_equal (rename (aside, file), 0);
    starts_and_permits (sim);
}

/* Whether whoever has the first key file and the store, and knows her BSN, finds out that she is in it. */
static bool is_found_with_the_first_key (struct simulation *sim)
{
    enum { LIMIT = 16 << 20 };
    struct registry_options options = simulation_registry_options (sim);
    struct vault *vault;
    uint8_t id[VAULT_ID_SIZE], *store = malloc (LIMIT);
    char path[128];
    bool found = false;
    assert_non_null (store);
    assert_int_equal (vault_open (&vault, options.vault_key, sim->refusal, sizeof sim->refusal), 0);
    vault_subject_id (vault, simulation_bsn (sim, 0), id);
    for (int i = 0; i < 2; i++) {
        snprintf (path, sizeof path, "%s/%s", options.store.directory,
                  i == 0 ? "consentd.mdb" : "consentd.journal");
        FILE *file = fopen (path, "r");
        assert_non_null (file);
        found |= memmem (store, fread (store, 1, LIMIT, file), id, sizeof id) != NULL;
        fclose (file);
    }
    vault_destroy (&vault);
    free (store);
    return found;
}

/* A registry from before that had a root that is its first key file. */
static void test_to_the_first_vault_key_alone_the_store_of_a_new_registry_tells_nothing (void **state)
{
    const struct simulation_options as_before = {.own_root = false}, as_now = {.own_root = true};
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct simulation *sim = simulation_new (i == 0 ? &as_before : &as_now);
        char file[128], aside[128];
        snprintf (file, sizeof file, "%s/" KEYRING_ROOT_NAME, sim->directory);
        snprintf (aside, sizeof aside, "%s/aside", sim->directory);
        assert_string_equal (PERSON (sim, .bsn = simulation_bsn (sim, 0), .born = "1980-05-17"), "OK");
        simulation_stop (sim);
        assert_int_equal (is_found_with_the_first_key (sim), i == 0);
        assert_int_equal (rename (file, aside), 0);
        assert_int_equal (simulation_start (sim) == 0, i == 0);
        simulation_stop (sim);
        assert_int_equal (rename (aside, file), 0);
        assert_int_equal (simulation_start (sim), 0);
        simulation_destroy (&sim);
    }
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        ADULT_TEST (test_a_store_does_not_open_without_its_keyring),
        ADULT_TEST (test_a_store_does_not_open_with_another_keyring_or_an_older_one),
        cmocka_unit_test (test_to_the_first_vault_key_alone_the_store_of_a_new_registry_tells_nothing),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}

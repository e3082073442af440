/* What was recorded under one pack is read under another: each code means what the pack in force says, and a code
   that this pack does not know matches nothing. Under a pack that knows it again it means again what it meant. */
#include <stdio.h>
#include <string.h>
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

int main (void)
{
    const struct CMUnitTest tests[] = {
        ADULT_TEST (test_a_category_that_the_pack_does_not_know_matches_nothing),
        ADULT_TEST (test_an_origin_that_the_pack_does_not_know_is_still_one_that_was_named),
        ADULT_TEST (test_a_purpose_that_the_pack_does_not_know_serves_nothing),
    };
    return cmocka_run_group_tests_name ("simulation-packs", tests, NULL, NULL);
}

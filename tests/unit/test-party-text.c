/* A party as text: what its file may say, what is wrong with it and where, and that what is written is read again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "arena.h"
#include "parties/party_file.h"
#include "registry/party_change.h"
#include "testing.h"

#define KEY "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"
#define OTHER_KEY "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf8"

static char directory[] = "/tmp/test-party-text-XXXXXX";
static struct arena *arena;

static int setup (void **state)
{
    (void)state;
    strcpy (directory + strlen (directory) - 6, "XXXXXX");
    assert_non_null (mkdtemp (directory));
    arena = arena_new (16 << 20);
    return 0;
}

static int teardown (void **state)
{
    (void)state;
    unlink (arena_printf (arena, "%s/cak.party", directory));
    unlink (arena_printf (arena, "%s/.party", directory));
    unlink (arena_printf (arena, "%s/c k.party", directory));
    arena_destroy (&arena);
    return rmdir (directory);
}

static const char *write_file (const char *name, const char *text)
{
    const char *path = arena_printf (arena, "%s/%s", directory, name);
    FILE *file = fopen (path, "w");
    assert_non_null (file);
    fputs (text, file);
    assert_int_equal (fclose (file), 0);
    return path;
}

/* "" if it is read, else what is wrong with it, without the directory. */
static const char *read_as (const char *name, const char *text, struct party_text *party)
{
    struct settings_error error = {""};
    int rc = party_file_read (write_file (name, text), arena, party, &error);
    assert_int_equal (rc != 0, error.text[0] != 0);
    return rc == 0 ? "" : arena_strdup (arena, error.text + strlen (directory) + 1);
}

static const char *wrong (const char *text)
{
    struct party_text party;
    return read_as ("cak.party", text, &party);
}

static const char full[] = "active = \"yes\"\n"
                           "kind = \"cak\"\n"
                           "role = \"partner\"\n"
                           "secrecy = \"professional\"\n"
                           "agreement-from = \"2026-01-01\"\n"
                           "agreement-until = \"2028-01-01\"\n"
                           "agreement-reference = \"convenant-2026-4\"\n"
                           "contact = \"'t Kantoor #3 = boven, \xe2\x82\xac 5 \"\n"
                           "identifiers\n"
                           "    agb = \"01234567\"\n"
                           "    gemeentecode = \"1884\"\n"
                           "    oin = \"00000004000000000000\"\n"
                           "limits\n"
                           "    requests-per-second = \"1\"\n"
                           "    requests-burst = \"1000000\"\n"
                           "    log-per-second = \"64\"\n"
                           "    log-burst = \"128\"\n"
                           "    connections = \"2\"\n"
                           "    subjects-per-hour = \"2000\"\n"
                           "keys\n"
                           "    first\n"
                           "        public-key = \"" KEY "\"\n"
                           "        since = \"2026-01-01\"\n"
                           "        until = \"2027-01-01\"\n"
                           "    2027\n"
                           "        public-key = \"" OTHER_KEY "\"\n";

static void test_what_is_written_of_a_party_is_what_is_read_of_it_byte_for_byte (void **state)
{
    (void)state;
    struct party_text party, again;
    assert_string_equal (read_as ("cak.party", full, &party), "");
    assert_string_equal (party.id, "cak");
    assert_string_equal (party.oin, "00000004000000000000");
    assert_int_equal (party.limits.subjects_per_hour, 2000);
    assert_int_equal (party.limits.requests_per_second, 1);
    assert_int_equal (party.key_count, 2);
    assert_string_equal (party.keys[1].name, "2027");
    assert_string_equal (party.keys[1].until, "");
    assert_string_equal (party_file_text (&party, arena), full);
    assert_string_equal (read_as ("cak.party", party_file_text (&party, arena), &again), "");
    assert_true (party_text_equal (&party, &again));
}

static void test_every_setting_makes_parties_differ (void **state)
{
    (void)state;
    struct party_text party, other;
    assert_string_equal (read_as ("cak.party", full, &party), "");
    for (size_t i = 0; i < PARTY_SETTINGS; i++) {
        other = party;
        party_setting_set (&other, i, "anders");
        assert_false (party_text_equal (&party, &other));
        assert_int_equal (party_change_of (&party, &other), PARTY_CHANGED);
        assert_string_not_equal (party_change_tell (&party, &other, arena), "");
    }
    for (size_t i = 0; i < PARTY_LIMITS; i++) {
        other = party;
        party_limit_set (&other, i, party_limit (&party, i) + 1);
        assert_false (party_text_equal (&party, &other));
        assert_string_not_equal (party_change_tell (&party, &other, arena), "");
    }
    other = party;
    other.key_count = 1;
    assert_string_equal (party_change_tell (&party, &other, arena), "key 2027 removed");
    struct party_key keys[] = {party.keys[0], {"2027", KEY, "", ""}};
    other = party;
    other.keys = keys;
    assert_string_equal (party_change_tell (&party, &other, arena), "key 2027 replaced");
    keys[1] = party.keys[1];
    keys[1].until = "2029-01-01";
    assert_string_equal (party_change_tell (&party, &other, arena), "key 2027 until 2029-01-01");
    keys[1] = party.keys[1];
    assert_true (party_text_equal (&party, &other));
}

static void test_what_changes_is_told_within_its_bounds_whatever_changes (void **state)
{
    (void)state;
    struct party_text party;
    assert_string_equal (read_as ("cak.party", full, &party), "");
    const char *told = party_change_tell (NULL, &party, arena);
    assert_true (strlen (told) <= PARTY_CHANGE_TOLD);
    assert_string_equal (told + strlen (told) - 5, ", ...");
    assert_null (strstr (told, "Kantoor")); /* nor any free text (A3) */
    party.kind = arena_printf (arena, "%0190d", 1);
    assert_string_equal (party_change_tell (NULL, &party, arena), ", ...");
}

static void test_a_file_of_an_earlier_version_is_read_with_its_one_key (void **state)
{
    (void)state;
    struct party_text party;
    assert_string_equal (
        read_as ("cak.party", "kind = \"cak\"\nrole = \"partner\"\npublic-key = \"" KEY "\"\n", &party), "");
    assert_true (party.active);
    assert_int_equal (party.key_count, 1);
    assert_string_equal (party.keys[0].name, "first");
    assert_string_equal (party.keys[0].public_key, KEY);
}

static void test_a_party_that_is_not_active_needs_nothing_and_has_no_key (void **state)
{
    (void)state;
    struct party_text party;
    assert_string_equal (read_as ("cak.party", "active = \"no\"\n", &party), "");
    assert_string_equal (
        read_as ("cak.party", "active = \"no\"\nkind = \"kapper\"\npublic-key = \"" KEY "\"\n", &party), "");
    assert_int_equal (party.key_count, 0);
    assert_string_equal (party_file_text (&party, arena), "active = \"no\"\nkind = \"kapper\"\n");
    assert_string_equal (read_as ("cak.party", full, &party), "");
    assert_int_equal (party_text_copy (&party, arena).key_count, 2);
    party.active = false;
    assert_int_equal (party_text_copy (&party, arena).key_count, 0);
}

static void test_what_is_wrong_is_named_with_its_line (void **state)
{
    (void)state;
    static const struct {
        const char *text, *wrong;
    } cases[] = {
        {"role = \"partner\"\npublic-key = \"" KEY "\"\n", "cak.party: \"kind\" is missing"},
        {"kind = \"cak\"\npublic-key = \"" KEY "\"\n", "cak.party: \"role\" is missing"},
        {"kind = \"cak\"\nrole = \"partner\"\n", "cak.party: \"keys\": A party has a key."},
        {"kind = \"cak\"\nrole = \"partner\"\nkeys\n", "cak.party:3: \"keys\": A party has a key."},
        {"kind = \"cak\"\nrole = \"partner\"\npublic-key = \"kort\"\n",
         "cak.party:3: \"public-key\": A public key is 40 characters of Z85."},
        {"kind = \"cak\"\nrole = \"partner\"\npublic-key = \"" KEY "\"\nkeys\n    a\n        public-key = \"" KEY
         "\"\n",
         "cak.party:3: \"public-key\" belongs in the section \"keys\", if there is one"},
        {"kind = \"cak\"\nrole = \"partner\"\nkeys\n    a\n        public-key = \"" KEY
         "\"\n    b\n        public-key = \"" KEY "\"\n",
         "cak.party:7: \"keys/b/public-key\": This party has this key twice."},
        {"kind = \"cak\"\nrole = \"partner\"\nkeys\n    a\n        public-key = \"" KEY
         "\"\n        since = \"gisteren\"\n",
         "cak.party:6: \"keys/a/since\": This is a day as in 2026-12-31."},
        {"kind = \"cak\"\nrole = \"partner\"\nkeys\n    a\n        public-key = \"" KEY
         "\"\n        since = \"2026-02-01\"\n        until = \"2026-02-01\"\n",
         "cak.party:7: \"keys/a/until\": This day is later than the first."},
        {"kind = \"cak\"\nrole = \"partner\"\nkeys\n    a\n        public-key = \"" KEY
         "\"\n        kleur = \"rood\"\n",
         "cak.party:6: unknown setting \"keys/a/kleur\""},
        {"kind = \"cak\"\nrole = \"partner\"\npublic-key = \"" KEY "\"\nidentifiers\n    agb = \"1234567\"\n",
         "cak.party:5: \"identifiers/agb\": An AGB code is 8 digits."},
        {"kind = \"cak\"\nrole = \"partner\"\npublic-key = \"" KEY
         "\"\nidentifiers\n    gemeentecode = \"18844\"\n",
         "cak.party:5: \"identifiers/gemeentecode\": The code of a municipality is 4 digits."},
        {"kind = \"cak\"\nrole = \"partner\"\npublic-key = \"" KEY
         "\"\nidentifiers\n    oin = \"0000000400000000000x\"\n",
         "cak.party:5: \"identifiers/oin\": An OIN is 20 digits."},
        {"kind = \"cak\"\nrole = \"partner\"\npublic-key = \"" KEY "\"\nlimits\n    connections = \"0\"\n",
         "cak.party:5: \"limits/connections\" is a number from 1 to 1000000"},
        {"kind = \"cak\"\nrole = \"partner\"\npublic-key = \"" KEY "\"\nlimits\n    connections = \"-1\"\n",
         "cak.party:5: \"limits/connections\" is a number from 1 to 1000000"},
        {"kind = \"cak\"\nrole = \"partner\"\npublic-key = \"" KEY "\"\nlimits\n    connections = \"1000001\"\n",
         "cak.party:5: \"limits/connections\" is a number from 1 to 1000000"},
        {"kind = \"cak\"\nrole = \"partner\"\npublic-key = \"" KEY "\"\nlimits\n    verbindingen = \"3\"\n",
         "cak.party:5: unknown setting \"limits/verbindingen\""},
        {"active = \"misschien\"\n", "cak.party:1: \"active\" is yes or no"},
        {"kind = \"cak\"\nrole = \"partner\"\npublic-key = \"" KEY "\"\nsecrecy = \"geen\"\n",
         "cak.party:4: \"secrecy\": Secrecy is official or professional, or is left out."},
        {"kind = \"cak\"\nrole = \"partner\"\npublic-key = \"" KEY "\"\nagreement-until = \"2026-01-01\"\n",
         "cak.party: \"agreement-from\": An agreement that ends has a first day."},
        {"kind = \"cak\"\nrole = \"partner\"\npublic-key = \"" KEY "\"\ncontact = 'de \"Brug\"'\n",
         "cak.party:4: \"contact\": A double quote cannot be kept: use single ones."},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal (wrong (cases[i].text), cases[i].wrong);
}

static void test_nine_keys_and_a_key_without_a_good_name_are_refused (void **state)
{
    (void)state;
    const char *text = "kind = \"cak\"\nrole = \"partner\"\nkeys\n";
    for (int i = 0; i < 8; i++)
        text = arena_printf (arena, "%s    k%d\n        public-key = \"%.39s%d\"\n", text, i, KEY, i);
    assert_string_equal (wrong (text), "");
    text = arena_printf (arena, "%s    k8\n        public-key = \"%.39s8\"\n", text, KEY);
    assert_string_equal (wrong (text), "cak.party:3: a party has at most 8 keys");
    assert_non_null (strstr (wrong ("kind = \"cak\"\nrole = \"partner\"\nkeys\n    "
                                    "naam-van-vijfentwintig-xx\n        public-key = \"" KEY "\"\n"),
                             "The name of a key is 1-24 letters"));
}

static void test_the_name_of_the_file_is_the_id (void **state)
{
    (void)state;
    struct party_text party;
    assert_string_equal (read_as ("c k.party", full, &party),
                         "c k.party: the file's name is not a party id followed by \".party\"");
    assert_string_equal (read_as (".party", full, &party),
                         ".party: the file's name is not a party id followed by \".party\"");
}

int main (void)
{
#define TEST(test) cmocka_unit_test_setup_teardown (test, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST (test_what_is_written_of_a_party_is_what_is_read_of_it_byte_for_byte),
        TEST (test_every_setting_makes_parties_differ),
        TEST (test_what_changes_is_told_within_its_bounds_whatever_changes),
        TEST (test_a_file_of_an_earlier_version_is_read_with_its_one_key),
        TEST (test_a_party_that_is_not_active_needs_nothing_and_has_no_key),
        TEST (test_what_is_wrong_is_named_with_its_line),
        TEST (test_nine_keys_and_a_key_without_a_good_name_are_refused),
        TEST (test_the_name_of_the_file_is_the_id),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}

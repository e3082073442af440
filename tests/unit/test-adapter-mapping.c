/* Mapping files: understood wholly, or refused with file and line. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "mapping.h"
#include "testing.h"

/* What a mapping says of the whole message, in 15 lines; and its elements, up to line 22. */
#define SAID                                                                                                 \
    "mapping 2\nnamespace m urn:m\nnamespace i urn:i\nmessage m:Bericht\norigin wmo\nrelease 3.2\npurpose "  \
    "toekenning\n"                                                                                           \
    "flow D1\nfrom kernteam wmo-team\nto zorgaanbieder\nsender Kop/Van gemeentecode\nreceiver Kop/Aan agb\n" \
    "identification Kop/Nummer\n"
#define KOP                                                                                         \
    "element Kop envelope required\nelement Kop/Van same required\nelement Kop/Aan same required\n" \
    "element Kop/Nummer same required\n"
#define CLIENT "element Client structure required\nelement Client/Bsn bsn required\n"
#define HEAD SAID "subject Client/Bsn\nschema bericht.xsd\n" KOP CLIENT "\n"

/* A copy of `text` without the line that begins with `word`. Caller must free it. */
static char *without_line (const char *text, const char *word)
{
    char start[32];
    snprintf (start, sizeof start, "\n%s ", word);
    const char *line = strstr (text, start);
    assert_non_null (line);
    char *copy = NULL;
    assert_true (asprintf (&copy, "%.*s%s", (int)(line - text), text, strchr (line + 1, '\n')) > 0);
    return copy;
}

static void assert_refused (const char *text, const char *expected)
{
    char error[512] = "";
    struct mapping *mapping = mapping_parse ("test.map", text, strlen (text), error, sizeof error);
    assert_string_equal (error, expected);
    assert_null (mapping);
}

/* The 23rd line of a file that is otherwise right. */
static void assert_line_refused (const char *line, const char *expected)
{
    char text[1024];
    char reason[512];
    snprintf (text, sizeof text, HEAD "%s\n", line);
    snprintf (reason, sizeof reason, "test.map:23: %s", expected);
    assert_refused (text, reason);
}

static void test_a_mapping_is_read (void **state)
{
    (void)state;
    const char *text = HEAD
        "# comment\n\nin Client\nelement i:Naam naw optional # comment\n"
        "element i:Naam/Achternaam same required value [A-Z]+ origin brp\n"
        "element Soort structure required\nelement Adres never any-number when Soort 01 naw when Soort 02 bsn\n";
    char error[512] = "";
    struct mapping *mapping = mapping_parse ("test.map", text, strlen (text), error, sizeof error);
    assert_string_equal (error, "");
    const struct mapping_rule *client = mapping_find (mapping->root, "urn:m", "Client");
    const struct mapping_rule *name = mapping_find (client, "urn:i", "Naam");
    assert_string_equal (name->category, "naw");
    assert_string_equal (name->origin, "wmo");
    assert_null (mapping_find (client, "urn:m", "Naam"));
    const struct mapping_rule *last = mapping_find (name, "urn:i", "Achternaam");
    assert_string_equal (last->path, "Client/Naam/Achternaam");
    assert_string_equal (last->origin, "brp");
    assert_true (mapping_is_required (last));
    const struct mapping_rule *address = mapping_find (client, "urn:m", "Adres");
    assert_int_equal (address->when_count, 2);
    assert_string_equal (address->whens[0].sibling->name, "Soort");
    assert_string_equal (address->whens[1].value, "02");
    assert_string_equal (address->whens[1].category, "bsn");
    assert_true (mapping_is_repeated (address));
    assert_ptr_equal (mapping->subject, mapping_find (client, "urn:m", "Bsn"));
    mapping_destroy (&mapping);
    assert_null (mapping);
}

static void test_a_wrong_line_is_refused_with_its_number (void **state)
{
    (void)state;
    static const struct {
        const char *line, *reason;
    } wrong[] = {
        {"elements Naam naw optional", "'elements' is not a word of a mapping"},
        {"element Naam naw", "element: a path, a category and an occurrence are needed"},
        {"element Naam naw sometimes", "'sometimes' is not optional, required, any-number or one-or-more"},
        {"element Naam n@w optional", "'n@w' is not the code of a category"},
        {"element x:Naam naw optional", "no namespace was declared for the prefix 'x'"},
        {"element Naam/Achternaam naw optional", "the parent of 'Achternaam' has no line before this one"},
        {"element Client structure required", "'Client' has a line already, 20"},
        {"element Naam naw optional value [", "'[' is not an XML Schema pattern"},
        {"element Naam naw optional value", "'value' is followed by one pattern, and given once"},
        {"element Naam naw optional origin", "'origin' is followed by the code of a law"},
        {"element Naam naw optional maybe", "'maybe' is not when, value, origin or as"},
        {"element Naam naw optional as Name", "'as' needs a line 'output' before the elements"},
        {"element Naam never required", "what never goes cannot be required"},
        {"element Client/Naam same optional", "its parent has no category that it could share"},
        {"element Naam naw optional when Soort 01 bsn", "'Soort' has no line before this one in the same parent"},
        {"element Naam naw optional when Client 01", "'when' is followed by a sibling, its value and a category"},
        {"element Client/Naam naw optional when Bsn 1 naw when Bsn 1 bsn",
         "'when' is about one sibling, and about each value once"},
        {"element Client/Naam naw optional when Bsn 1 a when Bsn 2 b when Bsn 3 c when Bsn 4 d when Bsn 5 e",
         "'when' is given more than 4 times"},
        {"element 1aam naw optional", "'1aam' is not the name of an element"},
        {"in Nergens", "'Nergens' has no line before this one"},
        {"namespace m urn:x", "this prefix or URI was declared already"},
        {"message m:Bericht", "message: the name of the root element is needed, once"},
        {"output m:Uit", "output: a root element is needed, once, between message and the elements"},
        {"origin jeugdwet", "'origin' comes before the elements"},
        {"same-as Client", "'same-as' comes before the elements"},
        {"element Naam returned optional", "'returned' is for a return message, which says 'returns'"},
        {"mapping 2", "mapping: only version 2 is known, and said once"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_line_refused (wrong[i].line, wrong[i].reason);
}

static void test_what_is_missing_is_refused (void **state)
{
    (void)state;
    assert_refused ("", "test.map:1: the line 'message' is missing");
    assert_refused ("namespace m urn:m\n", "test.map:1: the first line says 'mapping 2'");
    assert_refused ("mapping 2\nelement Client structure required\n",
                    "test.map:2: the line 'message' comes before the elements");
    static const char *const needed[] = {"release", "purpose",  "flow",           "from",   "to",
                                         "sender",  "receiver", "identification", "subject"};
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        char *text = without_line (HEAD, needed[i]);
        char reason[128];
        snprintf (reason, sizeof reason, "test.map:21: the line '%s' is missing", needed[i]);
        assert_refused (text, reason);
        free (text);
    }
    char *text = without_line (HEAD, "origin");
    assert_refused (text, "test.map:20: no law is named under which it was obtained (origin)");
    free (text);
}

static void test_the_first_version_is_refused_with_what_is_new (void **state)
{
    (void)state;
    assert_refused (
        "mapping 1\nnamespace m urn:m\n",
        "test.map:1: version 1 is no longer read: version 2 also says release, purpose, flow, from, to, "
        "sender, receiver and identification (docs/adapters.md)");
}

static void test_what_is_no_text_is_refused_and_does_not_hang (void **state)
{
    (void)state;
    static const char wrong[] = "test.map:1: a mapping is text in UTF-8, without NUL";
    assert_refused (HEAD "element Naam naw optional value [0\xce"
                         "9]{2}\n",
                    wrong);
    char error[512] = "";
    assert_null (mapping_parse ("test.map", "mapping 2\n\0", 11, error, sizeof error));
    assert_string_equal (error, wrong);
}

static void test_a_subject_that_may_be_absent_is_refused (void **state)
{
    (void)state;
    assert_refused (SAID "subject Client/Bsn\n" KOP "element Client structure required\n"
                         "element Client/Bsn bsn optional\n",
                    "test.map:20: 'Client/Bsn' must be required: it holds the subject");
    assert_refused (SAID "subject Client/Bsn\n" KOP "element Client structure one-or-more\n"
                         "element Client/Bsn bsn required\n",
                    "test.map:19: 'Client' must be required: it holds the subject");
    assert_refused (SAID "subject Client/Bsn\n" KOP
                         "element Client bsn required\nelement Client/Bsn same required\n",
                    "test.map:14: the subject is an element with a category and a value");
    assert_refused (SAID "subject Client/Bsn\n" KOP,
                    "test.map:14: the parent of 'Bsn' has no line before this one");
}

static void test_more_categories_than_one_check_can_ask_are_refused (void **state)
{
    (void)state;
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream (&text, &size);
    fputs (HEAD, stream);
    for (int i = 1; i <= MAPPING_ITEMS_MAX; i++)
        fprintf (stream, "element E%d category-%d optional\n", i, i);
    fclose (stream);
    assert_refused (text, "test.map:86: more than 64 categories: one check cannot ask them all");
    free (text);
}

static void test_every_mapping_that_we_ship_is_read (void **state)
{
    (void)state;
    DIR *directory = opendir (CONFIG_DIR "/adapters");
    size_t count = 0;
    for (struct dirent *entry; (entry = readdir (directory));) {
        const char *dot = strrchr (entry->d_name, '.');
        if (!dot || strcmp (dot, ".map") != 0)
            continue;
        char path[1024];
        char error[512] = "";
        snprintf (path, sizeof path, "%s/adapters/%s", CONFIG_DIR, entry->d_name);
        struct mapping *mapping = mapping_read (path, error, sizeof error);
        assert_string_equal (error, "");
        mapping_destroy (&mapping);
        count++;
    }
    closedir (directory);
    assert_int_equal (count, 32);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_a_mapping_is_read),
        cmocka_unit_test (test_a_wrong_line_is_refused_with_its_number),
        cmocka_unit_test (test_what_is_missing_is_refused),
        cmocka_unit_test (test_the_first_version_is_refused_with_what_is_new),
        cmocka_unit_test (test_what_is_no_text_is_refused_and_does_not_hang),
        cmocka_unit_test (test_a_subject_that_may_be_absent_is_refused),
        cmocka_unit_test (test_more_categories_than_one_check_can_ask_are_refused),
        cmocka_unit_test (test_every_mapping_that_we_ship_is_read),
    };
    return cmocka_run_group_tests_name ("adapter-mapping", tests, NULL, NULL);
}

/* What a mapping says of the whole message: who sends it to whom, whom it is about, what it answers and takes
 * back. */
#include <stdio.h>
#include <string.h>
#include "mapping.h"
#include "testing.h"

/* A message with several clients, a reference and a status; each case gives the statements that it is about. */
#define BEGIN                                                                                        \
    "mapping 2\nnamespace m urn:m\nmessage m:Bericht\norigin wmo\nrelease 3.2\nfrom zorgaanbieder\n" \
    "to gemeente kernteam\nsender Kop/Van agb\nreceiver Kop/Aan gemeentecode\nidentification Kop/Nummer\n"
#define ASKED "purpose declaratie\nflow F1\n"
#define KOP                                                                                         \
    "element Kop envelope required\nelement Kop/Van same required\nelement Kop/Aan same required\n" \
    "element Kop/Nummer same required\nelement Kop/Vorig same optional\n"
#define CLIENTS                                                                                           \
    "element Lijst structure required\nin Lijst\nelement Client structure one-or-more\nin Lijst/Client\n" \
    "element Bsn bsn required\nelement Product structure one-or-more\nelement Product/Nummer toewijzing " \
    "required\n"                                                                                          \
    "element Product/Status toewijzing required\n"

static struct mapping *read_text (const char *text, char error[512])
{
    *error = 0;
    return mapping_parse ("test.map", text, strlen (text), error, 512);
}

static struct mapping *read_right (const char *text)
{
    char error[512];
    struct mapping *mapping = read_text (text, error);
    assert_string_equal (error, "");
    assert_non_null (mapping);
    return mapping;
}

static void assert_refused (const char *text, const char *expected)
{
    char error[512];
    assert_null (read_text (text, error));
    assert_string_equal (error, expected);
}

static void test_the_statements_are_kept (void **state)
{
    (void)state;
    struct mapping *mapping = read_right (
        BEGIN ASKED "schema bericht.xsd\nclients Lijst/Client whole\nsubject Lijst/Client/Bsn\n"
                    "reference Lijst/Client/Product/Nummer\nremoval Lijst/Client/Product/Status 3 first 1\n"
                    "same-as Nummer\n" KOP CLIENTS);
    assert_string_equal (mapping->release, "3.2");
    assert_string_equal (mapping->purpose, "declaratie");
    assert_string_equal (mapping->flow, "F1");
    assert_string_equal (mapping->schema, "bericht.xsd");
    assert_int_equal (mapping->from.count, 1);
    assert_int_equal (mapping->to.count, 2);
    assert_string_equal (mapping->to.words[1], "kernteam");
    assert_string_equal (mapping->sender.rule->path, "Kop/Van");
    assert_string_equal (mapping_identifier_text (mapping->sender.identifier), "agb");
    assert_string_equal (mapping->receiver.rule->path, "Kop/Aan");
    assert_string_equal (mapping_identifier_text (mapping->receiver.identifier), "gemeentecode");
    assert_string_equal (mapping->identification->path, "Kop/Nummer");
    assert_int_equal (mapping->clients, MAPPING_CLIENTS_WHOLE);
    assert_string_equal (mapping->client->path, "Lijst/Client");
    assert_string_equal (mapping->subject->path, "Lijst/Client/Bsn");
    assert_string_equal (mapping->references.rules[0]->path, "Lijst/Client/Product/Nummer");
    assert_string_equal (mapping->removal.rule->path, "Lijst/Client/Product/Status");
    assert_string_equal (mapping->removal.value, "3");
    assert_string_equal (mapping->removal.first, "1");
    assert_int_equal (mapping->removal.same_as.count, 1);
    assert_string_equal (mapping->removal.same_as.rules[0]->path, "Lijst/Client/Product/Nummer");
    assert_false (mapping_is_return (mapping));
    mapping_destroy (&mapping);
}

static void test_a_return_message_is_about_what_it_answers (void **state)
{
    (void)state;
    struct mapping *mapping =
        read_right (BEGIN "subject Client/Bsn\nreturns Kop/Vorig Kop/Nummer of urn:a urn:b\n" KOP
                          "element Client returned optional\nelement Client/Bsn same required\n");
    assert_true (mapping_is_return (mapping));
    assert_int_equal (mapping->returns.identifications.count, 2);
    assert_string_equal (mapping->returns.identifications.rules[0]->path, "Kop/Vorig");
    assert_int_equal (mapping->returns.uris.count, 2);
    assert_string_equal (mapping->returns.uris.words[1], "urn:b");
    assert_string_equal (mapping->subject->path, "Client/Bsn");
    mapping_destroy (&mapping);
    mapping = read_right (
        BEGIN "subject Client/Bsn\nreturns Kop/Vorig of urn:a urn:b urn:c urn:d urn:e urn:f urn:g urn:h\n" KOP
              "element Client returned optional\nelement Client/Bsn same required\n");
    assert_int_equal (mapping->returns.uris.count, MAPPING_WORDS_MAX);
    assert_null (mapping->returns.uris.words[MAPPING_WORDS_MAX]); /* the end, also of as many as there may be */
    mapping_destroy (&mapping);
    assert_refused (BEGIN "returns Kop/Vorig of urn:a\n" KOP "element Code naw optional\n",
                    "test.map:17: nothing is asked about a return message: it has no categories");
    assert_refused (BEGIN ASKED "returns Kop/Vorig of urn:a\n" KOP,
                    "test.map:18: nothing is asked about a return message: it has no purpose, flow or subject-by");
    assert_refused (BEGIN "subject Client\nreturns Kop/Vorig of urn:a\n" KOP "element Client structure optional\n",
                    "test.map:11: the subject is an element with 'returned' and a value");
}

static void test_a_message_that_names_nobody_is_about_whom_its_request_was (void **state)
{
    (void)state;
    struct mapping *mapping =
        read_right (BEGIN ASKED "subject-by Ref of urn:a\n" KOP "element Ref toewijzing required\n");
    assert_null (mapping->subject);
    assert_string_equal (mapping->subject_by->path, "Ref");
    assert_string_equal (mapping->requests.words[0], "urn:a");
    assert_null (mapping->requests.words[1]);
    mapping_destroy (&mapping);
    assert_refused (BEGIN ASKED "subject-by Ref of urn:a\n" KOP "element Ref toewijzing optional\n",
                    "test.map:19: 'Ref' must be required: by it the subject is found");
    assert_refused (BEGIN ASKED "subject Bsn\nsubject-by Ref of urn:a\n" KOP,
                    "test.map:19: subject and subject-by are not said both");
    assert_refused (BEGIN ASKED "subject-by Ref\n" KOP "element Ref toewijzing required\n",
                    "test.map:13: subject-by: paths are needed, 'of', and the namespaces of what may be answered");
    assert_refused (BEGIN ASKED "subject-by Ref Nog of urn:a\n" KOP "element Ref toewijzing required\n",
                    "test.map:13: subject-by: one path is needed, and what may be answered");
}

static void test_a_receiver_may_be_absent_a_sender_not (void **state)
{
    (void)state;
    struct mapping *mapping = read_right (
        "mapping 2\nnamespace m urn:m\nmessage m:Bericht\norigin wmo\nrelease 3.2\nfrom kernteam\nto svb\n"
        "sender Kop/Van oin\nreceiver absent\nidentification Kop/Nummer\nsubject Bsn\n" ASKED KOP
        "element Bsn bsn required\n");
    assert_null (mapping->receiver.rule);
    assert_int_equal (mapping->sender.identifier, MAPPING_OIN);
    mapping_destroy (&mapping);
}

/* The thirteenth line, after BEGIN and ASKED. */
static void test_a_wrong_statement_is_refused_with_its_line (void **state)
{
    (void)state;
    static const struct {
        const char *line, *reason;
    } wrong[] = {
        {"release 3.2", "release: the release of the standard is needed, as 3.2, once"},
        {"purpose a", "purpose: one code is needed, once"},
        {"flow", "flow: one code is needed, once"},
        {"from svb", "from: one to 8 kinds of parties are needed, once"},
        {"schema ../geheim.xsd", "schema: the name of one file is needed, without a directory, once"},
        {"schema .verborgen", "schema: the name of one file is needed, without a directory, once"},
        {"sender Kop/Van kvk", "sender: a path is needed, and agb, gemeentecode or oin"},
        {"sender Kop/Van agb", "sender is said once"},
        {"receiver absent", "receiver is said once"},
        {"identification Kop/Nummer", "identification is said once"},
        {"identification", "identification: one path is needed"},
        {"clients Lijst/Client some", "clients: a path is needed, and 'each' (the message goes without those who "
                                      "may not) or 'whole' (it is held)"},
        {"reference", "reference: one to 8 paths are needed, once"},
        {"removal Kop/Status",
         "removal: a path is needed, and the value that takes back; perhaps 'first' and the value before which "
         "nothing was told"},
        {"returns Kop/Vorig", "returns: paths are needed, 'of', and the namespaces of what may be answered"},
        {"returns of urn:a", "returns: one to 8 paths are needed, once"},
        {"returns Kop/Vorig of", "returns: paths are needed, 'of', and the namespaces of what may be answered"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char text[4096];
        char reason[512];
        snprintf (text, sizeof text, BEGIN ASKED "%s\n" KOP CLIENTS, wrong[i].line);
        snprintf (reason, sizeof reason, "test.map:13: %s", wrong[i].reason);
        assert_refused (text, reason);
    }
}

static void test_a_statement_must_fit_the_elements (void **state)
{
    (void)state;
    static const struct {
        const char *lines, *error;
    } wrong[] = {
        {"subject Lijst/Client/Bsn\n", "test.map:21: 'Lijst/Client' must be required: it holds the subject"},
        {"clients Lijst each\nsubject Lijst/Client/Bsn\n",
         "test.map:13: 'Lijst' must be repeated: there is one of each client"},
        {"clients Lijst/Client each\n", "test.map:26: the line 'subject' is missing"},
        {"clients Lijst/Client each\nsubject Kop/Nummer\n",
         "test.map:14: the subject is an element with a category and a value"},
        {"clients Lijst/Client/Product each\nsubject Lijst/Client/Bsn\n",
         "test.map:22: 'Lijst/Client' must be required: it holds the clients"},
        {"clients Lijst/Client each\nsubject Lijst/Client/Product/Nummer\n",
         "test.map:25: 'Lijst/Client/Product' must be required: it holds the subject"},
        {"clients Lijst/Client each\nsubject Lijst/Client/Bsn\nremoval Lijst/Client/Product/Status 3\n",
         "test.map:28: removal and same-as are said both, or neither"},
        {"clients Lijst/Client each\nsubject Lijst/Client/Bsn\nremoval Lijst/Client/Product/Status 3\n"
         "same-as Bsn\n",
         "test.map:16: 'Bsn' has no line"},
        {"clients Lijst/Client each\nsubject Lijst/Client/Bsn\nreference Lijst/Nummer\n",
         "test.map:15: 'Nummer' has no line"},
        {"clients Lijst/Client each\nsubject Lijst/Client/Bsn\nreference Lijst/Client/Product\n",
         "test.map:15: 'Lijst/Client/Product' holds elements, so no value"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char text[4096];
        snprintf (text, sizeof text, BEGIN ASKED "%s" KOP CLIENTS, wrong[i].lines);
        assert_refused (text, wrong[i].error);
    }
    assert_refused (BEGIN ASKED "clients Lijst/Client each\nsubject-by Kop/Nummer of urn:a\n" KOP CLIENTS,
                    "test.map:27: the line 'subject' is missing");
    assert_refused (BEGIN ASKED "clients Lijst/Client each\nsubject Los\n" KOP CLIENTS
                                "in\nelement Los bsn required\n",
                    "test.map:14: the subject stands in 'Lijst/Client'");
    assert_refused (
        "mapping 2\nnamespace m urn:m\nmessage m:Bericht\norigin wmo\nrelease 3.2\nfrom zorgaanbieder\nto cak\n"
        "sender Bij/Van agb\nreceiver absent\nidentification Kop/Nummer\nsubject Bsn\n" ASKED KOP
        "element Bsn bsn required\nelement Bij envelope any-number\nelement Bij/Van same required\n",
        "test.map:20: 'Bij' must not be repeated: 'Bij/Van' stands in the message once");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_the_statements_are_kept),
        cmocka_unit_test (test_a_return_message_is_about_what_it_answers),
        cmocka_unit_test (test_a_message_that_names_nobody_is_about_whom_its_request_was),
        cmocka_unit_test (test_a_receiver_may_be_absent_a_sender_not),
        cmocka_unit_test (test_a_wrong_statement_is_refused_with_its_line),
        cmocka_unit_test (test_a_statement_must_fit_the_elements),
    };
    return cmocka_run_group_tests_name ("adapter-mapping-statements", tests, NULL, NULL);
}

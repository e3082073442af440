/* sociale-team: what of an allocation message goes to a care provider. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "adapter_harness.h"
#include "report.h"
#include "testing.h"

static struct harness *adapter;
static char *message;

static int set_up (void **state)
{
    (void)state;
    adapter = harness_new (SHAPE_THINNED);
    message = harness_fixture ("wmo301.xml");
    return 0;
}

static int tear_down (void **state)
{
    (void)state;
    harness_destroy (&adapter);
    free (message);
    return 0;
}

static void change (const char *what, const char *with)
{
    message = harness_replace (message, what, with);
}

static enum element_outcome outcome_at (const char *path)
{
    char text[ELEMENT_PATH];
    for (const struct element *e = adapter->result.elements->root; e; e = element_next (e)) {
        if (strcmp (element_path (e, text), path) == 0)
            return e->outcome;
    }
    fail_msg ("no element %s", path);
    return ELEMENT_NEVER;
}

static void test_without_any_permit_the_message_is_held (void **state)
{
    (void)state;
    adapter->permitted = "";
    assert_int_equal (harness_run (adapter, message), PASSAGE_HELD);
    assert_null (adapter->output);
    assert_int_equal (adapter->times_asked, 1);
}

static void test_a_provider_gets_the_message_without_status_comments_and_relations (void **state)
{
    (void)state;
    adapter->permitted = PERMITTED_TO_PROVIDER;
    assert_int_equal (harness_run (adapter, message), PASSAGE_THINNED);
    assert_false (harness_output_has (adapter, "JuridischeStatus"));
    assert_false (harness_output_has (adapter, "Commentaar"));
    assert_false (harness_output_has (adapter, "Geheime"));
    assert_false (harness_output_has (adapter, "Relatie"));
    assert_false (harness_output_has (adapter, "Mentorman"));
    assert_true (harness_output_has (adapter, "<wmo301:Bsn>999996770</wmo301:Bsn>"));
    assert_true (harness_output_has (adapter, "<iwmo:Taal>Frysk</iwmo:Taal>"));
    assert_true (harness_output_has (adapter, "<wmo301:Budget>482100</wmo301:Budget>"));
    assert_true (harness_output_has (adapter, "Schuilstraat"));
    assert_true (harness_output_has (adapter, "Opvanghuis"));
}

static void test_a_thinned_message_is_still_valid (void **state)
{
    (void)state;
    const char *schema = harness_schema ("iwmo/WMO301.xsd");
    if (!schema)
        skip ();
    adapter->order.input_schema = adapter->order.output_schema = schema;
    adapter->permitted = PERMITTED_TO_PROVIDER;
    assert_int_equal (harness_run (adapter, message), PASSAGE_THINNED);
    assert_string_equal (adapter->result.error, "");
}

static void test_the_standards_own_example_is_thinned_and_valid (void **state)
{
    (void)state;
    const char *schema = harness_schema ("iwmo/WMO301.xsd");
    if (!schema)
        skip ();
    adapter->order.input_schema = adapter->order.output_schema = schema;
    adapter->permitted = PERMITTED_TO_PROVIDER;
    adapter->gemeentecode = "0384";
    adapter->agb = "42420001";
    char path[512];
    snprintf (path, sizeof path, "%s/examples/WMO301.xml", getenv ("CONSENTD_ISTANDAARDEN"));
    char *example = harness_read_file (path);
    assert_int_equal (harness_run (adapter, example), PASSAGE_THINNED);
    assert_false (harness_output_has (adapter, "commentaar"));
    assert_false (harness_output_has (adapter, "Mentor"));
    assert_true (harness_output_has (adapter, "<iwmo:Taal>Deens</iwmo:Taal>"));
    free (example);
}

static void test_a_youth_message_is_thinned_too_and_asked_under_its_own_law (void **state)
{
    (void)state;
    free (message);
    message = harness_fixture ("jw301.xml");
    adapter->order.input_schema = adapter->order.output_schema = harness_schema ("ijw/JW301.xsd");
    adapter->permitted = PERMITTED_TO_PROVIDER;
    assert_int_equal (harness_run (adapter, message), PASSAGE_THINNED);
    assert_non_null (strstr (adapter->asked, " naw/jeugdwet"));
    assert_null (strstr (adapter->asked, "wmo"));
    assert_true (harness_output_has (adapter, "<jw301:Bericht xmlns:jw301="));
}

static void test_with_every_permit_the_message_goes_whole (void **state)
{
    (void)state;
    change (
        "<!-- Invented: an allocation for a client who does not exist, with every element that the adapters treat "
        "apart. -->\n",
        "");
    assert_int_equal (harness_run (adapter, message), PASSAGE_PASSED);
    assert_true (harness_output_has (adapter, "Mentorman"));
    char *first = strdup (adapter->output);
    assert_int_equal (harness_run (adapter, first), PASSAGE_PASSED);
    assert_string_equal (adapter->output, first);
    free (first);
}

static void test_one_advice_is_asked_about_every_category_once (void **state)
{
    (void)state;
    harness_run (adapter, message);
    assert_int_equal (adapter->times_asked, 1);
    assert_string_equal (adapter->asked_bsn, "999996770");
    assert_string_equal (
        adapter->asked, " bsn/wmo geboortedatum/wmo geslacht/wmo naw/wmo correspondentie/wmo juridische-status/wmo"
                        " vertegenwoordiger/wmo vrije-tekst/wmo netwerk-correspondentie/wmo"
                        " netwerk-geboortedatum/wmo netwerk-naw/wmo netwerk-telefoon/wmo email/wmo "
                        "verblijfplaats/wmo toewijzing/wmo"
                        " soort-voorziening/wmo periode/wmo omvang/wmo budget/wmo");
}

static void test_a_denied_element_that_is_required_holds_the_whole_message (void **state)
{
    (void)state;
    adapter->permitted = "bsn naw geboortedatum correspondentie telefoon email toewijzing periode";
    assert_int_equal (harness_run (adapter, message), PASSAGE_HELD);
    assert_null (adapter->output);
    assert_int_equal (outcome_at ("Client/Geslacht"), ELEMENT_DENIED);
    assert_int_equal (outcome_at ("Client"), ELEMENT_INCOMPLETE);
    assert_int_equal (outcome_at ("Client/Bsn"), ELEMENT_WITH_PARENT);
}

static void test_an_address_is_by_its_kind_name_and_address_correspondence_or_where_the_client_stays (void **state)
{
    static const struct {
        const char *kind, *category;
    } cases[] = {{"01", "naw"},
                 {"02", "correspondentie"},
                 {"03", "verblijfplaats"},
                 {"04", "verblijfplaats"},
                 {"99", "verblijfplaats"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char contact[64], permitted[128];
        snprintf (contact, sizeof contact, "<w:Soort>%s</w:Soort>\n        <w:Adres>", cases[i].kind);
        free (message);
        message = harness_fixture ("wmo301.xml");
        change ("<w:Soort>04</w:Soort>\n        <w:Adres>", contact);
        snprintf (permitted, sizeof permitted, "bsn naw geboortedatum geslacht toewijzing periode %s",
                  cases[i].category);
        adapter->permitted = permitted;
        assert_int_equal (harness_run (adapter, message), PASSAGE_THINNED);
        assert_true (harness_output_has (adapter, "Schuilstraat"));
        assert_true (harness_output_has (adapter, "Opvanghuis"));
        assert_true (harness_output_has (adapter, "2026-09-01"));
        adapter->permitted = "bsn naw geboortedatum geslacht toewijzing periode";
        assert_int_equal (harness_run (adapter, message), PASSAGE_THINNED);
        assert_int_equal (harness_output_has (adapter, "Schuilstraat"), i == 0);
        assert_int_equal (harness_output_has (adapter, "Opvanghuis"), i == 0);
    }
}

static void test_where_the_client_stays_does_not_go_as_an_address_to_write_to (void **state)
{
    (void)state;
    adapter->permitted = "bsn naw correspondentie geboortedatum geslacht toewijzing periode";
    assert_int_equal (harness_run (adapter, message), PASSAGE_THINNED);
    assert_true (harness_output_has (adapter, "Verzonnenlaan"));
    assert_false (harness_output_has (adapter, "Schuilstraat"));
    assert_false (harness_output_has (adapter, "<wmo301:Soort>04"));
    assert_false (harness_output_has (adapter, "Organisatie"));
    assert_int_equal (outcome_at ("Client/Contactgegevens/Contact[2]"), ELEMENT_INCOMPLETE);
}

static void test_no_contact_left_holds_the_message_since_the_schema_wants_one (void **state)
{
    (void)state;
    change ("<w:Soort>01</w:Soort>\n        <w:Adres>", "<w:Soort>02</w:Soort>\n        <w:Adres>");
    adapter->permitted = "bsn naw geboortedatum geslacht toewijzing periode";
    assert_int_equal (harness_run (adapter, message), PASSAGE_HELD);
    assert_int_equal (outcome_at ("Client/Contactgegevens"), ELEMENT_INCOMPLETE);
}

static void test_a_relation_falls_whole_when_what_it_needs_is_denied (void **state)
{
    (void)state;
    adapter->permitted = PERMITTED_TO_PROVIDER " netwerk-correspondentie netwerk-telefoon netwerk-geboortedatum";
    assert_int_equal (harness_run (adapter, message), PASSAGE_THINNED);
    assert_int_equal (outcome_at ("Client/Relaties/Relatie[1]"), ELEMENT_INCOMPLETE);
    assert_int_equal (outcome_at ("Client/Relaties/Relatie[1]/Nummer"), ELEMENT_WITH_PARENT);
    assert_int_equal (outcome_at ("Client/Relaties"), ELEMENT_INCOMPLETE);
    assert_false (harness_output_has (adapter, "Relatie"));
}

static void test_a_part_of_a_relation_can_be_left_out (void **state)
{
    (void)state;
    adapter->permitted = PERMITTED_TO_PROVIDER " netwerk-naw netwerk-correspondentie netwerk-telefoon";
    assert_int_equal (harness_run (adapter, message), PASSAGE_THINNED);
    assert_true (harness_output_has (adapter, "Mentorman"));
    assert_false (harness_output_has (adapter, "1974-07-08"));
}

static void test_other_prefixes_of_the_same_namespaces_change_nothing (void **state)
{
    (void)state;
    adapter->permitted = PERMITTED_TO_PROVIDER;
    harness_run (adapter, message);
    char *expected = strdup (adapter->output);
    const char *const defaults[][2] = {{"xmlns:w=", "xmlns="}, {"<w:", "<"}, {"</w:", "</"}};
    for (size_t i = 0; i < 3; i++) {
        for (char *at = message; (at = strstr (at, defaults[i][0]));) {
            size_t length = strlen (defaults[i][0]), shorter = strlen (defaults[i][1]);
            memcpy (at, defaults[i][1], shorter);
            memmove (at + shorter, at + length, strlen (at + length) + 1);
        }
    }
    assert_null (strstr (message, "w:Bsn"));
    assert_int_equal (harness_run (adapter, message), PASSAGE_THINNED);
    assert_string_equal (adapter->output, expected);
    free (expected);
}

static void test_the_same_prefix_of_another_namespace_is_another_message (void **state)
{
    (void)state;
    change ("http://www.istandaarden.nl/iwmo/3_2/wmo301/schema",
            "http://www.istandaarden.nl/iwmo/3_2/wmo302/schema");
    assert_int_equal (harness_run (adapter, message), PASSAGE_BAD_MESSAGE);
    assert_non_null (strstr (adapter->result.error, "the root element is not known; it can be Bericht in "));
    assert_int_equal (adapter->times_asked, 0);
}

static void test_another_release_is_told_for_what_it_is (void **state)
{
    (void)state;
    change ("http://www.istandaarden.nl/iwmo/3_2/wmo301/schema",
            "http://www.istandaarden.nl/iwmo/9_10/wmo301/schema");
    assert_int_equal (harness_run (adapter, message), PASSAGE_BAD_MESSAGE);
    assert_string_equal (adapter->result.error, "the message is of another release; its mapping is for 3.2 "
                                                "(Bericht in http://www.istandaarden.nl/iwmo/3_2/wmo301/schema)");
    assert_int_equal (adapter->times_asked, 0);
}

static void test_an_element_in_another_namespace_is_not_the_one_of_that_name (void **state)
{
    (void)state;
    change ("<w:Budget>482100</w:Budget>", "<w:Budget xmlns:w=\"urn:other\">482100</w:Budget>");
    assert_int_equal (harness_run (adapter, message), PASSAGE_THINNED);
    assert_false (harness_output_has (adapter, "Budget"));
    change ("<w:Bsn>999996770</w:Bsn>", "<w:Bsn xmlns:w=\"urn:other\">999996770</w:Bsn>");
    assert_int_equal (harness_run (adapter, message), PASSAGE_BAD_MESSAGE);
    assert_string_equal (adapter->result.error, "Client: Bsn is missing in it");
}

static void test_what_the_mapping_does_not_know_is_not_passed_on (void **state)
{
    (void)state;
    change ("<w:Geslacht>2</w:Geslacht>",
            "Kopje<w:Geslacht soort=\"geheim\">2</w:Geslacht><w:Diagnose>F20</w:Diagnose><?geheim ja?>"
            "<!-- geheim --><w:Zrm><w:Bsn>F21</w:Bsn></w:Zrm>");
    assert_int_equal (harness_run (adapter, message), PASSAGE_THINNED);
    assert_false (harness_output_has (adapter, "geheim"));
    assert_false (harness_output_has (adapter, "Kopje"));
    assert_false (harness_output_has (adapter, "F20"));
    assert_false (harness_output_has (adapter, "Zrm"));
    assert_false (harness_output_has (adapter, "F21"));
    assert_int_equal (adapter->result.elements->unknown.elements, 2);
    assert_int_equal (adapter->result.elements->unknown.texts, 1);
    assert_int_equal (adapter->result.elements->unknown.extras.attributes, 1);
    assert_int_equal (adapter->result.elements->unknown.extras.instructions, 1);
}

static void test_an_element_inside_a_value_is_refused (void **state)
{
    (void)state;
    change ("<w:Bsn>999996770</w:Bsn>", "<w:Bsn>99999<w:Bsn/>6770</w:Bsn>");
    assert_int_equal (harness_run (adapter, message), PASSAGE_BAD_MESSAGE);
    assert_string_equal (adapter->result.error, "Client/Bsn: holds an element where only text is expected");
}

static void test_a_bsn_that_fails_the_eleven_test_is_never_asked_about (void **state)
{
    (void)state;
    static const char *const wrong[] = {"999996771", "000000000", "99999677", " 999996770", "99999677O", ""};
    change ("999996770", "~");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char *other = harness_replace (strdup (message), "~", wrong[i]);
        assert_int_equal (harness_run (adapter, other), PASSAGE_BAD_MESSAGE);
        assert_string_equal (adapter->result.error, "Client/Bsn: is not a valid BSN");
        assert_int_equal (adapter->times_asked, 0);
        free (other);
    }
}

static void test_two_clients_or_none_or_another_version_are_refused_by_name (void **state)
{
    (void)state;
    static const struct {
        const char *what, *with, *error;
    } changes[] = {
        {"</w:Client>", "</w:Client><w:Client/>", "Client: occurs more than once"},
        {"<w:Bsn>999996770</w:Bsn>", "", "Client: Bsn is missing in it"},
        {"<w:BerichtVersie>3<", "<w:BerichtVersie>4<", "Header/BerichtVersie: does not match 3"},
        {"<w:BerichtCode>414<", "<w:BerichtCode>415<", "Header/BerichtCode: does not match 414"},
        {"<w:Ontvanger>99990001<", "<w:Ontvanger>Q. van Verzonnen<", "Header/Ontvanger: does not match [0-9]{8}"},
    };
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        char *other = harness_replace (strdup (message), changes[i].what, changes[i].with);
        assert_int_equal (harness_run (adapter, other), PASSAGE_BAD_MESSAGE);
        assert_string_equal (adapter->result.error, changes[i].error);
        assert_int_equal (adapter->times_asked, 0);
        free (other);
    }
}

static void test_a_registry_that_does_not_answer_lets_nothing_go (void **state)
{
    (void)state;
    adapter->status = CONSENT_TIMEOUT;
    assert_int_equal (harness_run (adapter, message), PASSAGE_NO_ANSWER);
    assert_null (adapter->output);
    adapter->status = CONSENT_OK;
    adapter->revoked_since = true;
    assert_int_equal (harness_run (adapter, message), PASSAGE_HELD);
    assert_null (adapter->output);
}

static void test_an_answer_about_something_else_permits_nothing (void **state)
{
    (void)state;
    harness_run (adapter, message);
    struct consent_answer answer = adapter->advice;
    const struct elements *elements = adapter->result.elements;
    uint64_t all = elements->clients->items;
    adapter->advised[0].category = "naw";
    assert_int_equal (elements_permitted (elements, all, &answer), all & ~UINT64_C (1));
    adapter->advised[0].category = "bsn";
    assert_int_equal (elements_permitted (elements, all, &answer), all);
    assert_int_equal (elements_permitted (elements, all & ~UINT64_C (1), &answer), 0);
    answer.item_count = 3;
    assert_int_equal (elements_permitted (elements, all, &answer), 0);
}

static char *print_lines (void)
{
    char *lines = NULL;
    size_t size = 0;
    FILE *stream = open_memstream (&lines, &size);
    report_print (stream, "sociale-team", adapter->passage);
    fclose (stream);
    return lines;
}

static void test_what_is_left_out_is_said_in_a_few_lines (void **state)
{
    (void)state;
    adapter->permitted = PERMITTED_TO_PROVIDER;
    assert_int_equal (harness_run (adapter, message), PASSAGE_THINNED);
    char *lines = print_lines ();
    assert_string_equal (lines,
                         "sociale-team: not permitted: NO_CONSENT (C7): juridische-status, vrije-tekst, "
                         "netwerk-correspondentie, netwerk-geboortedatum, netwerk-naw, netwerk-telefoon\n"
                         "sociale-team: left out: Client/JuridischeStatus, Client/Commentaar, Client/Relaties, "
                         "Client/ToegewezenProducten/ToegewezenProduct[1]/Commentaar\n"
                         "sociale-team: left out, unknown to the mapping: 1 comment\n");
    free (lines);
}

static void test_reports_name_elements_and_codes_and_hold_nothing_of_the_message (void **state)
{
    (void)state;
    static const char *const values[] = {"999996770", "Verzonnen", "Mentorman", "Geheime",
                                         "1951",      "Opvang",    "7001"};
    adapter->permitted = "bsn naw";
    assert_int_equal (harness_run (adapter, message), PASSAGE_HELD);
    char *lines = print_lines ();
    char *json = report_json (adapter->passage);
    assert_non_null (strstr (lines, "sociale-team: held: the message cannot go without: geboortedatum, geslacht, "
                                    "toewijzing, periode\n"));
    assert_non_null (strstr (lines, "sociale-team: not permitted: NO_CONSENT (C7): geboortedatum, geslacht, "));
    assert_non_null (strstr (json, "\"path\": \"Client/Geslacht\""));
    assert_non_null (strstr (json, "\"outcome\": \"HELD\""));
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        assert_null (strstr (lines, values[i]));
        assert_null (strstr (json, values[i]));
    }
    free (lines);
    free (json);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (test_without_any_permit_the_message_is_held, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_a_provider_gets_the_message_without_status_comments_and_relations,
                                         set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_a_thinned_message_is_still_valid, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_the_standards_own_example_is_thinned_and_valid, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_a_youth_message_is_thinned_too_and_asked_under_its_own_law, set_up,
                                         tear_down),
        cmocka_unit_test_setup_teardown (test_with_every_permit_the_message_goes_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_one_advice_is_asked_about_every_category_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_a_denied_element_that_is_required_holds_the_whole_message, set_up,
                                         tear_down),
        cmocka_unit_test_setup_teardown (test_where_the_client_stays_does_not_go_as_an_address_to_write_to, set_up,
                                         tear_down),
        cmocka_unit_test_setup_teardown (
            test_an_address_is_by_its_kind_name_and_address_correspondence_or_where_the_client_stays, set_up,
            tear_down),
        cmocka_unit_test_setup_teardown (test_no_contact_left_holds_the_message_since_the_schema_wants_one, set_up,
                                         tear_down),
        cmocka_unit_test_setup_teardown (test_a_relation_falls_whole_when_what_it_needs_is_denied, set_up,
                                         tear_down),
        cmocka_unit_test_setup_teardown (test_a_part_of_a_relation_can_be_left_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_other_prefixes_of_the_same_namespaces_change_nothing, set_up,
                                         tear_down),
        cmocka_unit_test_setup_teardown (test_the_same_prefix_of_another_namespace_is_another_message, set_up,
                                         tear_down),
        cmocka_unit_test_setup_teardown (test_another_release_is_told_for_what_it_is, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_an_element_in_another_namespace_is_not_the_one_of_that_name, set_up,
                                         tear_down),
        cmocka_unit_test_setup_teardown (test_what_the_mapping_does_not_know_is_not_passed_on, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_an_element_inside_a_value_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_a_bsn_that_fails_the_eleven_test_is_never_asked_about, set_up,
                                         tear_down),
        cmocka_unit_test_setup_teardown (test_two_clients_or_none_or_another_version_are_refused_by_name, set_up,
                                         tear_down),
        cmocka_unit_test_setup_teardown (test_a_registry_that_does_not_answer_lets_nothing_go, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_an_answer_about_something_else_permits_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_what_is_left_out_is_said_in_a_few_lines, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_reports_name_elements_and_codes_and_hold_nothing_of_the_message,
                                         set_up, tear_down),
    };
    return cmocka_run_group_tests_name ("adapter-thin", tests, NULL, NULL);
}

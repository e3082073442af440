/* cak and svb: what of an allocation message goes to whom, in a shape of our own. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "adapter_harness.h"
#include "testing.h"

static struct harness *adapter;
static char *message;

static int set_up (enum harness_shape shape)
{
    adapter = harness_new (shape);
    message = harness_fixture ("wmo301.xml");
    return 0;
}

static int set_up_cak (void **state)
{
    (void)state;
    return set_up (SHAPE_EIGEN_BIJDRAGE);
}

static int set_up_svb (void **state)
{
    (void)state;
    return set_up (SHAPE_PGB);
}

static int tear_down (void **state)
{
    (void)state;
    harness_destroy (&adapter);
    free (message);
    return 0;
}

static void validate_by (const char *schema)
{
    static char path[512];
    snprintf (path, sizeof path, "%s/adapters/%s", CONFIG_DIR, schema);
    adapter->order.output_schema = path;
}

static void assert_output_lacks (const char *const *texts)
{
    for (; *texts; texts++)
        assert_false (harness_output_has (adapter, *texts));
}

static void test_the_cak_gets_what_the_contribution_needs_and_no_more (void **state)
{
    (void)state;
    static const char *const lacking[] = {"Geslacht>", "Frysk",    "Juridische", "Vertegenwoordiging", "Geheime",
                                          "Mentorman", "example",  "Schuil",     "Opvanghuis",         "Volume",
                                          "482100",    "99990001", "10:30:00",   "istandaarden",       NULL};
    validate_by ("eigen-bijdrage.xsd");
    adapter->permitted = PERMITTED_TO_CAK;
    assert_int_equal (harness_run (adapter, message), PASSAGE_THINNED);
    assert_output_lacks (lacking);
    assert_true (
        harness_output_has (adapter, "<eb:EigenBijdrage xmlns:eb=\"urn:x-toestemmingen:eigen-bijdrage:1\">"));
    assert_true (harness_output_has (adapter, "<eb:Bsn>999996770</eb:Bsn>"));
    assert_true (harness_output_has (adapter, "<eb:Straatnaam>Verzonnenlaan</eb:Straatnaam>"));
    assert_true (harness_output_has (adapter, "<eb:Ingangsdatum>2026-10-12</eb:Ingangsdatum>"));
}

static void test_the_cak_adapter_asks_only_what_it_would_send (void **state)
{
    (void)state;
    harness_run (adapter, message);
    assert_string_equal (adapter->asked, " bsn/wmo geboortedatum/wmo naw/wmo toewijzing/wmo soort-voorziening/wmo"
                                         " periode/wmo");
}

static void test_even_with_every_permit_the_cak_gets_no_more (void **state)
{
    (void)state;
    adapter->permitted = PERMITTED_TO_CAK;
    harness_run (adapter, message);
    char *expected = strdup (adapter->output);
    adapter->permitted = "all";
    assert_int_equal (harness_run (adapter, message), PASSAGE_THINNED);
    assert_string_equal (adapter->output, expected);
    free (expected);
}

static void test_without_bsn_or_period_nothing_goes_to_the_cak (void **state)
{
    (void)state;
    adapter->permitted = "naw geboortedatum toewijzing periode soort-voorziening";
    assert_int_equal (harness_run (adapter, message), PASSAGE_HELD);
    adapter->permitted = "bsn naw geboortedatum toewijzing soort-voorziening";
    assert_int_equal (harness_run (adapter, message), PASSAGE_HELD);
    assert_null (adapter->output);
}

static void test_bsn_and_period_alone_are_a_valid_message_to_the_cak (void **state)
{
    (void)state;
    validate_by ("eigen-bijdrage.xsd");
    adapter->permitted = "bsn periode";
    assert_int_equal (harness_run (adapter, message), PASSAGE_THINNED);
    assert_false (harness_output_has (adapter, "Verzonnen"));
    assert_false (harness_output_has (adapter, "Adresgegevens"));
}

static void test_the_svb_gets_what_the_budget_needs_and_no_more (void **state)
{
    (void)state;
    static const char *const lacking[] = {"Geslacht>", "Juridische", "Geheime", "Mentorman",  "Volume",
                                          "99990001",  "10:30:00",   "Schuil",  "Opvanghuis", NULL};
    validate_by ("pgb.xsd");
    adapter->permitted = PERMITTED_TO_SVB;
    assert_int_equal (harness_run (adapter, message), PASSAGE_THINNED);
    assert_output_lacks (lacking);
    assert_true (harness_output_has (adapter, "<pgb:Pgb xmlns:pgb=\"urn:x-toestemmingen:pgb:1\">"));
    assert_true (harness_output_has (adapter, "<pgb:Vertegenwoordiging>08</pgb:Vertegenwoordiging>"));
    assert_true (harness_output_has (adapter, "<pgb:Budgetidentificatie>4171</pgb:Budgetidentificatie>"));
    assert_true (harness_output_has (adapter, "<pgb:Budget>482100</pgb:Budget>"));
}

static const char *const kinds_of_a_stay[] = {"03", "04", "07"};

static void test_where_the_client_stays_is_neither_asked_about_nor_sent_to_the_svb (void **state)
{
    (void)state;
    validate_by ("pgb.xsd");
    for (size_t i = 0; i < sizeof kinds_of_a_stay / sizeof *kinds_of_a_stay; i++) {
        char contact[160];
        snprintf (contact, sizeof contact,
                  "<w:Soort>%s</w:Soort><w:Telefoon><b:Telefoon01><b:Telefoonnummer>0715550100"
                  "</b:Telefoonnummer><b:Landnummer>0031</b:Landnummer></b:Telefoon01></w:Telefoon>",
                  kinds_of_a_stay[i]);
        free (message);
        message = harness_replace (harness_fixture ("wmo301.xml"), "<w:Soort>04</w:Soort>", contact);
        adapter->permitted = "all";
        assert_int_equal (harness_run (adapter, message), PASSAGE_THINNED);
        static const char *const lacking[] = {"Schuil", "Opvanghuis", "2026-09-01", "0715550100", NULL};
        assert_output_lacks (lacking);
        assert_null (strstr (adapter->asked, "verblijfplaats"));
        assert_null (strstr (adapter->asked, "telefoon"));
        assert_true (harness_output_has (adapter, "Verzonnenlaan"));
        assert_true (harness_output_has (adapter, "q@example.invalid"));
    }
}

static void test_a_youth_budget_goes_to_the_svb_under_its_own_law (void **state)
{
    (void)state;
    free (message);
    message = harness_fixture ("jw301.xml");
    validate_by ("pgb.xsd");
    assert_int_equal (harness_run (adapter, message), PASSAGE_THINNED);
    assert_non_null (strstr (adapter->asked, " budget/jeugdwet"));
    assert_null (strstr (adapter->asked, "/wmo"));
}

static void test_without_bsn_nothing_goes_to_the_svb (void **state)
{
    (void)state;
    adapter->permitted = "naw budget periode toewijzing";
    assert_int_equal (harness_run (adapter, message), PASSAGE_HELD);
    assert_null (adapter->output);
}

static void test_output_that_its_schema_refuses_is_held (void **state)
{
    (void)state;
    validate_by ("eigen-bijdrage.xsd");
    assert_int_equal (harness_run (adapter, message), PASSAGE_HELD);
    assert_null (adapter->output);
    assert_non_null (strstr (adapter->result.error, "not valid against the XML Schema"));
}

static void test_what_its_schema_refuses_is_told_by_its_place_and_not_by_what_stands_there (void **state)
{
    (void)state;
    validate_by ("pgb.xsd");
    message = harness_replace (message, "2027-10-11", "2027-02-29");
    assert_int_equal (harness_run (adapter, message), PASSAGE_HELD);
    assert_string_equal (adapter->result.error,
                         "not valid against the XML Schema: Budgethouder/Budgetten/BudgetPeriode/Einddatum is no "
                         "value of its type (libxml2 error 1824)");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (test_the_cak_gets_what_the_contribution_needs_and_no_more, set_up_cak,
                                         tear_down),
        cmocka_unit_test_setup_teardown (test_the_cak_adapter_asks_only_what_it_would_send, set_up_cak, tear_down),
        cmocka_unit_test_setup_teardown (test_even_with_every_permit_the_cak_gets_no_more, set_up_cak, tear_down),
        cmocka_unit_test_setup_teardown (test_without_bsn_or_period_nothing_goes_to_the_cak, set_up_cak,
                                         tear_down),
        cmocka_unit_test_setup_teardown (test_bsn_and_period_alone_are_a_valid_message_to_the_cak, set_up_cak,
                                         tear_down),
        cmocka_unit_test_setup_teardown (test_the_svb_gets_what_the_budget_needs_and_no_more, set_up_svb,
                                         tear_down),
        cmocka_unit_test_setup_teardown (test_where_the_client_stays_is_neither_asked_about_nor_sent_to_the_svb,
                                         set_up_svb, tear_down),
        cmocka_unit_test_setup_teardown (test_a_youth_budget_goes_to_the_svb_under_its_own_law, set_up_svb,
                                         tear_down),
        cmocka_unit_test_setup_teardown (test_without_bsn_nothing_goes_to_the_svb, set_up_svb, tear_down),
        cmocka_unit_test_setup_teardown (test_output_that_its_schema_refuses_is_held, set_up_svb, tear_down),
        cmocka_unit_test_setup_teardown (
            test_what_its_schema_refuses_is_told_by_its_place_and_not_by_what_stands_there, set_up_svb, tear_down),
    };
    return cmocka_run_group_tests_name ("adapter-shape", tests, NULL, NULL);
}

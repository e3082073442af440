/* What holds a message, and what is asked of the registry about one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "adapter_harness.h"
#include "numbers.h"
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

static void test_exactly_what_goes_is_disclosed_all_or_nothing (void **state)
{
    (void)state;
    adapter->permitted = PERMITTED_TO_PROVIDER " netwerk-correspondentie";
    assert_int_equal (harness_run (adapter, message), PASSAGE_THINNED);
    assert_int_equal (adapter->times_asked, 1);
    assert_int_equal (adapter->times_disclosed, 1);
    assert_true (adapter->asked_all_or_nothing);
    assert_string_equal (adapter->disclosed,
                         " bsn/wmo geboortedatum/wmo geslacht/wmo naw/wmo correspondentie/wmo"
                         " vertegenwoordiger/wmo email/wmo verblijfplaats/wmo"
                         " toewijzing/wmo soort-voorziening/wmo periode/wmo omvang/wmo budget/wmo");
}

static void test_what_is_held_is_not_disclosed (void **state)
{
    (void)state;
    adapter->permitted = "bsn naw";
    assert_int_equal (harness_run (adapter, message), PASSAGE_HELD);
    assert_int_equal (adapter->result.code, PASSAGE_DENIED);
    assert_int_equal (adapter->times_disclosed, 0);
    adapter->permitted = PERMITTED_TO_PROVIDER;
    adapter->unwritable = "/full/out.xml: No space left on device";
    assert_int_equal (harness_run (adapter, message), PASSAGE_HELD);
    assert_int_equal (adapter->result.code, PASSAGE_UNWRITABLE);
    assert_string_equal (adapter->result.error, adapter->unwritable);
    assert_int_equal (adapter->times_disclosed, 0);
    adapter->unwritable = NULL;
    adapter->order.output_schema = CONFIG_DIR "/adapters/pgb.xsd";
    assert_int_equal (harness_run (adapter, message), PASSAGE_HELD);
    assert_int_equal (adapter->result.code, PASSAGE_NOT_VALID);
    assert_int_equal (adapter->times_disclosed, 0);
    assert_null (adapter->output);
}

static void test_what_changed_since_the_advice_is_asked_anew_and_not_without_end (void **state)
{
    (void)state;
    adapter->permitted_at_last = "bsn naw";
    assert_int_equal (harness_run (adapter, message), PASSAGE_HELD);
    assert_int_equal (adapter->result.code, PASSAGE_CHANGED);
    assert_int_equal (adapter->times_asked, PASSAGE_ATTEMPTS_MAX);
    assert_int_equal (adapter->times_disclosed, PASSAGE_ATTEMPTS_MAX);
    assert_null (adapter->output);
}

static void assert_held (enum passage_code code)
{
    assert_int_equal (harness_run (adapter, message), PASSAGE_HELD);
    assert_int_equal (adapter->result.code, code);
    assert_int_equal (adapter->times_asked + adapter->times_disclosed, 0);
    assert_null (adapter->output);
}

static void test_a_message_of_another_sender_or_for_another_receiver_is_held_and_nothing_asked (void **state)
{
    (void)state;
    adapter->gemeentecode = "0553";
    assert_held (PASSAGE_WRONG_SENDER);
    adapter->gemeentecode = "";
    assert_held (PASSAGE_NO_IDENTIFIER);
    adapter->gemeentecode = "1884";
    adapter->agb = "99990002";
    assert_held (PASSAGE_WRONG_RECEIVER);
    adapter->agb = "";
    assert_held (PASSAGE_NO_IDENTIFIER);
    adapter->agb = "99990001";
    assert_int_equal (harness_run (adapter, message), PASSAGE_THINNED);
}

static void test_the_receiver_is_whom_the_message_names_unless_it_is_told (void **state)
{
    (void)state;
    adapter->order.recipient = NULL;
    assert_int_equal (harness_run (adapter, message), PASSAGE_THINNED);
    assert_string_equal (passage_recipient (adapter->passage), "zorgaanbieder-horizon");
    adapter->agb = "99990002";
    assert_held (PASSAGE_UNKNOWN_RECEIVER);
}

static void test_a_number_that_could_be_a_bsn_in_any_text_holds_the_message (void **state)
{
    (void)state;
    static const char *const places[][3] = {
        {"<w:Geslacht>2</w:Geslacht>", "<w:Geslacht>2</w:Geslacht><w:Zrm>bel 999990019 terug</w:Zrm>",
         "an element that the mapping does not know: holds a number that could be somebody's BSN"},
        {"<b:Taal>Frysk</b:Taal>", "<b:Taal>99999<!-- -->6770</b:Taal>",
         "Client/Communicatie/Taal: holds a number that could be somebody's BSN"},
        {"<b:Taal>Frysk</b:Taal>", "<b:Taal><![CDATA[9999.96.770]]></b:Taal>",
         "Client/Communicatie/Taal: holds a number that could be somebody's BSN"},
        {"<w:Geslacht>2</w:Geslacht>", "999 996 770<w:Geslacht>2</w:Geslacht>",
         "Client: holds a number that could be somebody's BSN"},
    };
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        message = harness_replace (message, places[i][0], places[i][1]);
        assert_held (PASSAGE_BSN_IN_TEXT);
        assert_string_equal (adapter->result.error, places[i][2]);
        free (message);
        message = harness_fixture ("wmo301.xml");
    }
}

static void test_which_numbers_could_be_a_bsn (void **state)
{
    (void)state;
    static const char *const own[] = {"999996770", "001234560"};
    static const char *const some[] = {
        "999996770",
        "x999990019y",
        "9999.96.770",
        "999\t996 770",
        "1 999996770",
        "01234560",
        "0123.45.60",
        "001234560",
        "999\xc2\xa0"
        "996\xc2\xa0"
        "770",
        "999-996-770",
        "+31 999 / 996 / 770.",
        "1999996770",
        "9999967701",
        "2026001234560/1",
        "9999..96770",
        "0999996770",
        "12-345-60",
        "999\xe2\x80\x89" /* thin space */
        "996770",
        "999\xe2\x80\x8b" /* a space of no width */
        "996770",
        "\xef\xbc\x99\xef\xbc\x99\xef\xbc\x99\xef\xbc\x99\xef\xbc\x99" /* of full width */
        "\xef\xbc\x96\xef\xbc\x97\xef\xbc\x97\xef\xbc\x90",
        "\xd9\xa9\xd9\xa9\xd9\xa9\xd9\xa9\xd9\xa9\xd9\xa6\xd9\xa7\xd9\xa7\xd9\xa0" /* Arabic */,
        "999----996770",
        "999\n              996770",
        "9-9-9-9-9-6-7-7-0-1",
        "9\xef\xb8\x8f\xe2\x83\xa3" /* a 9 on a key */
        "99996770",
        "999  990\r\n019",
        "9999\xe2\x80\xaf" /* a narrow no-break space */
        "90019",
        "999-990-019",
        "999/990/019",
        "999 - 990 019",
        "\xef\xbc\x99\xef\xbc\x99\xef\xbc\x99\xef\xbc\x8e" /* with a full stop of full width */
        "990.019"};
    static const char *const none[] = {
        "999996771",  "9999900190", "1999990019", "99999 x 6770", "12345673", "123456-782",  "2026-10-12",
        "0612345678", "",           "99999677",   "9999-90-019",  "00000000", "20261234560", "999a996a770"};
    for (size_t i = 0; i < sizeof some / sizeof *some; i++)
        assert_true (numbers_hold_bsn (some[i], own, 2));
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_false (numbers_hold_bsn (none[i], own, 2));
    assert_false (numbers_hold_bsn ("01234560", own, 1));
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (test_exactly_what_goes_is_disclosed_all_or_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_what_is_held_is_not_disclosed, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_what_changed_since_the_advice_is_asked_anew_and_not_without_end,
                                         set_up, tear_down),
        cmocka_unit_test_setup_teardown (
            test_a_message_of_another_sender_or_for_another_receiver_is_held_and_nothing_asked, set_up, tear_down),
        cmocka_unit_test_setup_teardown (test_the_receiver_is_whom_the_message_names_unless_it_is_told, set_up,
                                         tear_down),
        cmocka_unit_test_setup_teardown (test_a_number_that_could_be_a_bsn_in_any_text_holds_the_message, set_up,
                                         tear_down),
        cmocka_unit_test_setup_teardown (test_which_numbers_could_be_a_bsn, set_up, tear_down),
    };
    return cmocka_run_group_tests_name ("adapter-held", tests, NULL, NULL);
}

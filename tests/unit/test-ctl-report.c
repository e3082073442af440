/* consentctl report: lines of the log are counted as they are, and what cannot be read is never passed over. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "csv.h"
#include "report/breach.h"
#include "report/figures_svg.h"
#include "report/report.h"
#include "report/report_period.h"
#include "report/tally.h"
#include "rights.pb-c.h"
#include "shipped_pack.h"
#include "testing.h"
#include "unconst.h"

/* --- Tallies --------------------------------------------------------------------------------------------- */

static void test_names_are_counted_in_the_order_in_which_they_came (void **state)
{
    (void)state;
    json_t *counts = json_object ();
    assert_int_equal (tally_add (counts, "wmo", 1), 1);
    tally_add (counts, "cak", 2);
    assert_int_equal (tally_add (counts, "wmo", 3), 4);
    assert_int_equal (tally_of (counts, "cak"), 2);
    assert_int_equal (tally_of (counts, "svb"), 0);
    char *text = tally_join (counts, "; ");
    assert_string_equal (text, "wmo; cak");
    free (text);
    json_decref (counts);
}

/* --- CSV ------------------------------------------------------------------------------------------------- */

static void test_a_spreadsheet_finds_no_formula_and_every_cell_whole (void **state)
{
    (void)state;
    char *text;
    size_t size;
    FILE *out = open_memstream (&text, &size);
    csv_put_row (out, (const char *const[]){"=1+1", "a,\"b\"", "+31", "-", "@x", "l\nr", "zaak-7"}, 7);
    fclose (out);
    assert_string_equal (text, "\"'=1+1\",\"a,\"\"b\"\"\",\"'+31\",\"'-\",\"'@x\",\"l\\nr\",\"zaak-7\"\r\n");
    free (text);
}

static void test_a_table_that_is_cut_says_how_many_more_there_are (void **state)
{
    (void)state;
    char *text;
    size_t size;
    FILE *out = open_memstream (&text, &size);
    report_tell_more (REPORT_TABLE_ROWS, out);
    fflush (out);
    assert_int_equal (size, 0);
    report_tell_more (REPORT_TABLE_ROWS + 7, out);
    fclose (out);
    assert_string_equal (text, "\nAnd 7 more: --format csv has all of them.\n");
    free (text);
}

/* --- Breach ---------------------------------------------------------------------------------------------- */

struct line {
    uint64_t number;
    uint8_t subject; /* stands for its pseudonym */
    const char *result, *recipient, *mode, *items;
};

#define PERMITTED(category) \
    "{\"category\":\"" category "\",\"verdict\":\"PERMIT\",\"ground\":\"STATUTE\",\"statute\":\"wmo-2015\"}"
#define DENIED(category) "{\"category\":\"" category "\",\"verdict\":\"DENY\"}"

static void take (struct breach *breach, const struct line *line)
{
    char party[] = "kernteam", action[] = "check", result[16], details[1024];
    uint8_t object[16] = {line->subject};
    Consentd__AuditEntry entry;
    consentd__audit_entry__init (&entry);
    snprintf (result, sizeof result, "%s", line->result);
    entry.number = line->number;
    entry.time = (int64_t)line->number * 1000;
    entry.party = party;
    entry.action = action;
    entry.result = result;
    entry.object = (ProtobufCBinaryData){sizeof object, object};
    snprintf (details, sizeof details,
              "{\"request\":{\"check\":{\"provider\":\"kernteam\",\"recipient\":\"%s\",\"mode\":\"%s\"}},"
              "\"reply\":{\"check\":{\"subject_ref\":\"%02x\",\"items\":[%s]}}}",
              line->recipient, line->mode, line->subject, line->items);
    json_t *read = line->items ? json_loads (details, 0, NULL) : NULL;
    breach_take (breach, &entry, read);
    json_decref (read);
}

static void take_all (struct breach *breach, struct policy **pack, const struct line *lines, size_t count)
{
    *pack = shipped_pack_read ("kaag-en-braassem-2015", NULL);
    breach_start (breach, "cak", *pack);
    for (size_t i = 0; i < count; i++)
        take (breach, &lines[i]);
}

static void test_people_are_counted_once_and_only_what_went_to_the_party (void **state)
{
    (void)state;
    static const struct line lines[] = {
        {3, 1, "permit", "cak", "DISCLOSE", PERMITTED ("naw") "," PERMITTED ("bsn")},
        {4, 1, "partial", "cak", "DISCLOSE", PERMITTED ("naw") "," DENIED ("gezondheid")},
        {5, 2, "permit", "cak", "DISCLOSE", PERMITTED ("naw")},
        {6, 3, "permit", "svb", "DISCLOSE", PERMITTED ("naw")},
        {7, 3, "permit", "cak", "ADVISE", PERMITTED ("naw")},
        {8, 3, "deny", "cak", "DISCLOSE", DENIED ("naw")},
        {9, 3, "replayed", "cak", "DISCLOSE", PERMITTED ("naw")},
    };
    struct breach breach;
    struct policy *pack;
    take_all (&breach, &pack, lines, 7);
    assert_int_equal (json_object_size (breach.people), 2);
    assert_int_equal (breach.disclosures, 3);
    assert_int_equal (breach.items, 4);
    assert_int_equal (breach.first, 3000);
    assert_int_equal (breach.last, 5000);
    assert_int_equal (breach.unreadable, 0);
    assert_int_equal (breach_special_people (&breach), 0);
    json_t *naw = json_object_get (breach.categories, "naw");
    assert_int_equal (tally_of (naw, "people"), 2);
    assert_int_equal (tally_of (naw, "disclosures"), 3);
    assert_null (json_object_get (breach.categories, "gezondheid"));
    assert_int_equal (tally_of (breach.grounds, "statute wmo-2015"), 4);
    breach_end (&breach);
    policy_destroy (&pack);
}

static void test_a_special_category_and_one_that_the_pack_does_not_know_count_as_special (void **state)
{
    (void)state;
    static const struct line lines[] = {
        {1, 1, "permit", "cak", "DISCLOSE", PERMITTED ("gezondheid")},
        {2, 2, "permit", "cak", "DISCLOSE", PERMITTED ("nieuw")},
        {3, 3, "permit", "cak", "DISCLOSE", PERMITTED ("naw")},
    };
    struct breach breach;
    struct policy *pack;
    take_all (&breach, &pack, lines, 3);
    assert_int_equal (breach_special_people (&breach), 2);
    assert_string_equal (breach_special (&breach, "gezondheid"), "HEALTH");
    assert_string_equal (breach_special (&breach, "nieuw"), "UNKNOWN");
    assert_string_equal (breach_label (&breach, "nieuw"), "nieuw");
    assert_string_equal (breach_special (&breach, "naw"), "NO");
    breach_end (&breach);
    policy_destroy (&pack);
}

static void test_a_line_that_cannot_be_read_is_counted_unless_nothing_went_by_it (void **state)
{
    (void)state;
    static const struct line lines[] = {
        {1, 1, "permit", "cak", "DISCLOSE", NULL}, /* the subject was erased */
        {2, 1, "deny", "cak", "DISCLOSE", NULL},
        {0, 0, "damaged", "cak", "DISCLOSE", NULL}, /* without a time */
    };
    struct breach breach;
    struct policy *pack;
    take_all (&breach, &pack, lines, 3);
    assert_int_equal (breach.unreadable, 2);
    assert_int_equal (breach.disclosures, 0);
    breach_end (&breach);
    policy_destroy (&pack);
}

/* --- Figures --------------------------------------------------------------------------------------------- */

static void test_the_median_is_the_lower_of_two_and_unknown_of_none (void **state)
{
    (void)state;
    struct figures_times times = {0};
    assert_int_equal (figures_median (&times), -1);
    for (int64_t i = 100; i > 0; i--)
        figures_times_add (&times, i);
    assert_int_equal (figures_median (&times), 50);
    figures_times_add (&times, 1000);
    assert_int_equal (figures_median (&times), 51);
    free (times.item);
}

/* A line of the figures. */
static void take_figure (struct figures *figures, const char *action, const char *result, const char *details)
{
    Consentd__AuditEntry entry;
    consentd__audit_entry__init (&entry);
    entry.number = 1;
    entry.time = 1000;
    entry.action = unconst (action);
    entry.result = unconst (result);
    json_t *read = details ? json_loads (details, 0, NULL) : NULL;
    figures_take (figures, &entry, read);
    json_decref (read);
}

static void test_a_reason_counts_once_for_a_check_even_if_it_was_not_told (void **state)
{
    (void)state;
    struct figures figures;
    figures_start (&figures);
    take_figure (&figures, "check", "deny",
                 "{\"request\":{\"check\":{\"mode\":\"DISCLOSE\"}},\"reply\":{\"check\":{\"items\":["
                 "{\"reasons\":[{\"code\":\"NO_CONSENT\"}]},{\"reasons\":[{\"code\":\"NO_CONSENT\"}]}]}},"
                 "\"all_reasons\":[[\"NO_CONSENT\",\"REFUSED\"],[\"NO_CONSENT\"]]}");
    take_figure (&figures, "check", "deny", NULL);
    take_figure (&figures, "check", "invalid", NULL);
    assert_int_equal (figures.checks[0][2], 1);
    assert_int_equal (tally_of (figures.reasons, "NO_CONSENT"), 1);
    assert_int_equal (tally_of (figures.reasons, "REFUSED"), 1);
    assert_int_equal (figures.unreadable, 1);
    figures_end (&figures);
}

static void test_days_to_an_answer_are_calendar_days_and_a_late_one_is_seen (void **state)
{
    (void)state;
    struct figures figures;
    figures_start (&figures);
    take_figure (
        &figures, "rights-decide", "ok", /* the clock goes forward on 28 March 2027 */
        "{\"reply\":{\"rights\":{\"request\":{\"kind\":\"RIGHTS_ERASURE\",\"state\":\"RIGHTS_REFUSED\","
        "\"received\":\"2027-03-27\",\"announced\":\"2027-03-29\",\"due\":\"1970-01-01T00:00:01.000Z\"}}}}");
    take_figure (&figures, "rights-decide", "rejected", NULL);
    struct figures_rights *erasure = &figures.rights[CONSENTD__RIGHTS_KIND__RIGHTS_ERASURE];
    assert_int_equal (erasure->decided, 1);
    assert_int_equal (erasure->refused, 1);
    assert_int_equal (erasure->late, 1);
    assert_int_equal (figures_median (&erasure->days), 2);
    figures_end (&figures);
}

static void test_a_consent_that_is_corrected_was_given_once (void **state)
{
    (void)state;
    struct figures figures;
    figures_start (&figures);
    take_figure (&figures, "grant", "ok", "{\"request\":{\"grant\":{\"user\":\"a\"}}}");
    take_figure (&figures, "grant", "ok", "{\"request\":{\"grant\":{\"corrects\":\"3f\",\"user\":\"a\"}}}");
    take_figure (&figures, "grant", "ok", NULL); /* it cannot be read: the subject was erased */
    assert_int_equal (figures.consents, 2);
    figures_end (&figures);
}

static void test_what_is_written_in_the_picture_is_only_text (void **state)
{
    (void)state;
    char *text;
    size_t size;
    FILE *out = open_memstream (&text, &size);
    static const struct figures_row rows[] = {{"A & <b>", "\"c\"", "aantal", 3, NULL},
                                              {"A & <b>", "d", "aantal", 0, NULL}};
    figures_svg_write (rows, 2, "</title><script>", "over", out);
    fclose (out);
    assert_null (strstr (text, "<script"));
    assert_non_null (strstr (text, "A &amp; &lt;b&gt;: &quot;c&quot; 3; d 0"));
    assert_non_null (strstr (text, "width=\"0\" height=\"14\""));
    free (text);
}

/* --- Periods --------------------------------------------------------------------------------------------- */

static void test_a_year_is_that_of_amsterdam_and_has_begun (void **state)
{
    (void)state;
    struct report_period period;
    moment begin = calendar_start ((struct day){2026, 1, 1});
    assert_int_equal (report_period_of_year (2026, begin, &period), 0);
    assert_int_equal (period.from, begin);
    assert_int_equal (period.until, calendar_start ((struct day){2027, 1, 1}));
    assert_int_equal (report_period_of_year (2026, begin - 1, &period), EX_USAGE);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_names_are_counted_in_the_order_in_which_they_came),
        cmocka_unit_test (test_a_spreadsheet_finds_no_formula_and_every_cell_whole),
        cmocka_unit_test (test_a_table_that_is_cut_says_how_many_more_there_are),
        cmocka_unit_test (test_people_are_counted_once_and_only_what_went_to_the_party),
        cmocka_unit_test (test_a_special_category_and_one_that_the_pack_does_not_know_count_as_special),
        cmocka_unit_test (test_a_line_that_cannot_be_read_is_counted_unless_nothing_went_by_it),
        cmocka_unit_test (test_the_median_is_the_lower_of_two_and_unknown_of_none),
        cmocka_unit_test (test_a_reason_counts_once_for_a_check_even_if_it_was_not_told),
        cmocka_unit_test (test_days_to_an_answer_are_calendar_days_and_a_late_one_is_seen),
        cmocka_unit_test (test_a_consent_that_is_corrected_was_given_once),
        cmocka_unit_test (test_what_is_written_in_the_picture_is_only_text),
        cmocka_unit_test (test_a_year_is_that_of_amsterdam_and_has_begun),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}

/* How a pack is printed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "changed_pack.h"
#include "policy/policy_print.h"
#include "policy/policy_read.h"
#include "testing.h"

static void test_a_long_label_is_printed_on_several_lines (void **state)
{
    (void)state;
    const struct change change = {
        "flows.txt", " en E\n",
        " en Een lange omschrijving van wat er in deze rij van de tabel tussen wie en wie wordt uitgewisseld,\n"
        "   en nog langer dan wat in de breedte van een afgedrukte bladzijde past\n"};
    struct policy *policy = changed_pack_good (&change);
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream (&text, &size);
    policy_print (policy, false, out);
    fclose (out);
    assert_non_null (strstr (text, "wie en\n    wie wordt uitgewisseld, en nog langer"));
    free (text);
    policy_destroy (&policy);
}

static char *printed (const struct change *changes, size_t count)
{
    struct policy *policy = changed_pack_read (changes, count, NULL);
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream (&text, &size);
    policy_print (policy, false, out);
    fclose (out);
    policy_destroy (&policy);
    return text;
}

static void assert_printed (const struct change *changes, size_t count, const char *expected)
{
    char *text = printed (changes, count);
    if (!text_says (text, expected))
        fail_msg ("\"%s\" is not printed; what is printed:\n%s", expected, text);
    free (text);
}

static void test_the_printed_pack_says_what_a_flow_admits (void **state)
{
    (void)state;
    static const struct {
        struct change change;
        const char *expected;
    } cases[] = {
        {{"flows.txt", " to cak", " by team to cak"}, "besides     wmo-2015 by team to cak\n"},
        {{"flows.txt", " to cak", " by team"}, "besides     wmo-2015 by team\n"},
        {{"flows.txt", " statute wmo-2015 to cak\n", ""}, "besides     nothing\n"},
        {{"flows.txt", "consent\n", "consent, written-request\n"},
         "besides     wmo-2015 to cak; written request\n"},
        {{"flows.txt", "consent\n", "consent, urgent-reasons\n"}, "besides     wmo-2015 to cak; urgent reasons\n"},
        {{"flows.txt", "flow A1", "flow 1a"}, "Outside the areas\n-----------------\n\n1a  E\n"},
        {{"flows.txt", "flow A1", "flow a1"}, "Outside the areas\n-----------------\n\na1  E\n"},
    };
    for (size_t i = 0; i < COUNT (cases); i++)
        assert_printed (&cases[i].change, 1, cases[i].expected);
}

static void test_the_printed_pack_says_its_choices (void **state)
{
    (void)state;
    static const struct {
        struct change changes[2];
        const char *expected;
    } cases[] = {
        {{{"pack.txt", "value team", "value none"}}, "Special categories flow only to:\n                none\n"},
        {{{"pack.txt", "value all", "value any"}}, "representatives     any one of them\n"},
        {{{"pack.txt", "value 2 months", "value 3 months"}},
         "\nA request may be put off once, by at most 3 months.\n"},
        {{{"pack.txt", "value 2 months", "value none"}}, "\nA request may not be put off.\n"},
        {{{"statutes.txt", NULL, ""}, {"flows.txt", " statute wmo-2015 to cak\n", ""}},
         "Statutes\n--------\nnone\n"},
        {{{"retention.txt", NULL,
           "retention file\n held-by team\n law wmo\n period 15 years\n counts-from last-change\n source S\n"
           "retention care\n held-by cak\n law wmo\n period 7 years\n counts-from end-of-care\n source S\n"
           "retention young\n held-by any\n law any\n period until-majority\n source T\n"
           "retention consents\n held-by any\n law any\n period longest-record\n source own choice\n"}},
         "How long records are kept\n-------------------------\n"
         "\nfile\n    held by     team\n    law         wmo\n    period      15 years from last-change\n"
         "    source      S\n"
         "\ncare\n    held by     cak\n    law         wmo\n    period      7 years from end-of-care\n"
         "    source      S\n"
         "\nyoung\n    held by     any\n    law         any\n    period      until majority\n    source      T\n"
         "\nconsents\n    held by     any\n    law         any\n"
         "    period      as long as the longest record that the consent justified\n"
         "    source      own choice\n"},
        {{{"statutes.txt", "carries-special none", "carries-special health"}}, "    special     health\n"},
    };
    for (size_t i = 0; i < COUNT (cases); i++)
        assert_printed (cases[i].changes, 2, cases[i].expected);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_a_long_label_is_printed_on_several_lines),
        cmocka_unit_test (test_the_printed_pack_says_what_a_flow_admits),
        cmocka_unit_test (test_the_printed_pack_says_its_choices),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}

/* What one pack decides otherwise than another: `consentctl policy diff`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "arena.h"
#include "changed_pack.h"
#include "policy/policy_diff.h"
#include "shipped_pack.h"
#include "testing.h"

struct compared {
    struct arena *arena;
    struct policy *before, *after;
    struct policy_diff *diff;
    char *text;
};

static void compare (struct compared *self, struct policy *before, struct policy *after)
{
    size_t size = 0;
    *self = (struct compared){.arena = arena_new (64 << 20), .before = before, .after = after};
    self->diff = policy_diff_make (self->arena, before, after, ENGLISH);
    FILE *out = open_memstream (&self->text, &size);
    policy_diff_print (self->diff, out);
    fclose (out);
}

static void finish (struct compared *self)
{
    free (self->text);
    policy_destroy (&self->before);
    policy_destroy (&self->after);
    arena_destroy (&self->arena);
}

/* The small pack, and the same with these changes. */
static void compare_changed (struct compared *self, const struct change *changes, size_t count)
{
    compare (self, changed_pack_read (NULL, 0, NULL), changed_pack_read (changes, count, NULL));
}

static void assert_says (const struct compared *self, const char *expected)
{
    if (!text_says (self->text, expected))
        fail_msg ("\"%s\" is not said; what is said:\n%s", expected, self->text);
}

static void test_a_pack_decides_as_it_does_itself (void **state)
{
    (void)state;
    struct compared compared;
    compare_changed (&compared, NULL, 0);
    assert_true (policy_diff_is_empty (compared.diff));
    assert_says (&compared, "They decide alike, in all of 3 cells.\n");
    finish (&compared);
}

static void test_what_decides_nothing_is_no_difference (void **state)
{
    (void)state;
    static const struct change changes[] = {
        {"pack.txt", "version 1\n nl N\n", "version 2\n nl Een ander opschrift\n"},
        {"flows.txt", " source S", " source another"},
        {"flows.txt", "flow A1\n", "# another row, by name\nflow A9\n"},
        {"parties.txt", "kind team\n nl N\n en E", "kind team\n nl M\n en F"},
    };
    for (size_t i = 0; i < COUNT (changes); i++) {
        struct compared compared;
        compare_changed (&compared, &changes[i], 1);
        assert_true (policy_diff_is_empty (compared.diff));
        finish (&compared);
    }
}

/* A change of the small pack, and what is said of it. */
static const struct difference {
    const char *name;
    struct change changes[CHANGES];
    size_t opened, closed, changed; /* cells */
    const char *said;
} differences[] = {
    {"test_a_new_recipient_opens_its_cells",
     {{"flows.txt", "recipients team, cak", "recipients team, cak, gp"},
      {"parties.txt", "kind cak",
       "kind gp\n nl N\n en E\n source S\n secrecy professional\n third-party yes\n needs-agreement no\n"
       "kind cak"}},
     1,
     0,
     0,
     "A1  E\n"
     "    from > to   team > gp\n"
     "    purpose     help\n"
     "    categories  naw\n"
     "    was         nothing\n"
     "    is          consent\n\n"
     "Party kinds\n"
     "-----------\n"
     "gp  new: secrecy professional; third party yes; needs agreement no\n"},
    {"test_a_category_taken_away_closes_its_cells",
     {{"flows.txt", "categories both", "categories health"}},
     0,
     2,
     0,
     "    from > to   team > cak\n"
     "    purpose     help\n"
     "    categories  naw\n"
     "    was         consent; wmo-2015 (wmo)\n"
     "    is          nothing\n"},
    {"test_cells_that_change_alike_are_shown_together",
     {{"flows.txt", "admits consent", "admits consent, written-request"}, {"flows.txt", " to cak", ""}},
     0,
     0,
     3,
     "    from > to   team > cak\n"
     "    purpose     help\n"
     "    categories  naw\n"
     "    was         consent; wmo-2015 (wmo)\n"
     "    is          consent; wmo-2015 (wmo); written request\n"},
    {"test_a_statute_that_cannot_carry_the_category_is_not_admitted",
     {{"flows.txt", " to cak", ""}},
     0,
     0,
     1, /* naw to the team; health needs a statute that carries it */
     "    from > to   team > team\n"
     "    purpose     help\n"
     "    categories  naw\n"
     "    was         consent\n"
     "    is          consent; wmo-2015 (wmo)\n"},
    {"test_a_statute_only_by_another_provider_is_not_admitted",
     {{"flows.txt", "providers team", "providers team, cak"}, {"flows.txt", "to cak", "by cak to cak"}},
     3,
     0,
     1,
     "    from > to   team > cak\n"
     "    purpose     help\n"
     "    categories  naw\n"
     "    was         consent; wmo-2015 (wmo)\n"
     "    is          consent\n"},
    {"test_a_flow_that_becomes_one_time_changes_its_cells",
     {{"flows.txt", "admits consent", "admits consent\n one-time yes"}},
     0,
     0,
     3,
     "    is          one-time consent; wmo-2015 (wmo)\n"},
    {"test_a_provider_that_becomes_bound_by_secrecy_changes_its_cells",
     {{"parties.txt", "secrecy official", "secrecy professional"}},
     0,
     0,
     3,
     "    was         consent; wmo-2015 (wmo)\n    is          one-time consent\n"},
    {"test_secrecy_of_a_kind_is_shown_beside_its_cells",
     {{"parties.txt", "secrecy official", "secrecy professional"}},
     0,
     0,
     3,
     "team  secrecy professional (was official)\n"},
    {"test_what_a_statute_covers_and_passes_changes_the_cells",
     {{"statutes.txt", "origins wmo", "origins all"},
      {"statutes.txt", "passes-restriction no", "passes-restriction yes"},
      {"statutes.txt", "breaks-secrecy no", "breaks-secrecy yes"}},
     0,
     0,
     1,
     "    is          consent; wmo-2015 (any origin; breaks secrecy; passes a restriction)\n"},
    {"test_a_statute_that_changes_is_shown_with_what_it_was",
     {{"statutes.txt", "origins wmo", "origins all"},
      {"statutes.txt", "carries-special none", "carries-special health"}},
     0,
     0,
     1,
     "wmo-2015  origins all (was wmo); carries special health (was none)\n"},
    {"test_informing_that_may_wait_changes_no_cell",
     {{"statutes.txt", "informing-deferrable no", "informing-deferrable yes"}},
     0,
     0,
     0,
     "wmo-2015  informing may wait yes (was no)\n"},
    {"test_urgent_reasons_are_admitted_where_one_carries_the_category",
     {{"flows.txt", "admits consent", "admits consent, urgent-reasons"}},
     0,
     0,
     3,
     "    is          consent; urgent reasons\n"},
    {"test_urgent_reasons_that_carry_nothing_special_are_named",
     {{"flows.txt", "admits consent", "admits consent, urgent-reasons"},
      {"urgent-reasons.txt", NULL,
       "reason danger\n nl N\n en E\n source S\n carries-special all\n passes-restriction yes\n"
       "reason nuisance\n nl N\n en E\n source S\n carries-special none\n passes-restriction no\n"}},
     0,
     0,
     3,
     "    categories  health\n"
     "    was         consent\n"
     "    is          consent; urgent reasons (danger)\n"},
    {"test_urgent_reasons_are_named_where_the_packs_know_others",
     {{"flows.txt", "admits consent", "admits consent, urgent-reasons"},
      {"urgent-reasons.txt", "reason danger", "reason threat"}},
     0,
     0,
     3,
     "    is          consent; urgent reasons (threat)\n"},
    {"test_urgent_reasons_are_named_where_one_pack_knows_more",
     {{"flows.txt", "admits consent", "admits consent, urgent-reasons"},
      {"urgent-reasons.txt", "reason danger",
       "reason threat\n nl N\n en E\n source S\n carries-special all\n passes-restriction yes\nreason danger"}},
     0,
     0,
     3,
     "    is          consent; urgent reasons (threat, danger)\n"},
    {"test_an_urgent_reason_that_carries_less_is_shown",
     {{"urgent-reasons.txt", "carries-special all\n passes-restriction yes",
       "carries-special health\n passes-restriction no"}},
     0,
     0,
     0,
     "danger  carries special health (was all); passes a restriction no (was yes)\n"},
    {"test_an_urgent_reason_of_another_name_is_new_and_the_old_one_gone",
     {{"urgent-reasons.txt", "reason danger", "reason threat"}},
     0,
     0,
     0,
     "danger  gone: carries special all; passes a restriction yes\n"
     "threat  new: carries special all; passes a restriction yes\n"},
    {"test_a_flow_without_a_reason_that_carries_admits_none",
     {{"flows.txt", "admits consent", "admits consent, urgent-reasons"}, {"urgent-reasons.txt", NULL, ""}},
     0,
     0,
     0,
     "danger  gone: carries special all; passes a restriction yes\n"},
    {"test_another_origin_where_none_is_named_changes_the_cells",
     {{"flows.txt", "origin wmo", "origin brp"},
      {"origins.txt", NULL, "origin wmo\n nl N\n en E\n source S\norigin brp\n nl N\n en E\n source S\n"}},
     0,
     0,
     3,
     "    origin      brp, was wmo\n\nOrigins\n-------\nbrp  new\n"},
    {"test_special_recipients_close_cells_whatever_the_flow_says",
     {{"pack.txt", "value team", "value cak"}},
     1,
     1,
     0,
     "special categories flow to  cak (was team)\n"},
    {"test_a_purpose_of_another_name_moves_its_cells",
     {{"purposes.txt", "purpose help", "purpose aid"}, {"flows.txt", "purpose help", "purpose aid"}},
     3,
     3,
     0,
     "help  gone: longest 12 months; serves plan; recorded in plan no; manager first no; informed always\n      "
     "no\n"
     "aid   new: longest 12 months; serves plan; recorded in plan no; manager first no; informed always no\n"},
    {"test_a_cell_that_moves_to_another_row_names_the_row_it_came_from",
     {{"flows.txt", "flow A1", "flow B1"}, {"flows.txt", "admits consent", "admits consent\n one-time yes"}},
     0,
     0,
     3,
     "    was         consent; wmo-2015 (wmo) (flow A1)\n"
     "    is          one-time consent; wmo-2015 (wmo)\n"},
    {"test_a_flow_that_only_one_pack_has_is_new",
     {{"flows.txt", "flow A1",
       "flow A10\n nl N\n en E\n source S\n providers cak\n recipients team\n purpose plan\n categories naw\n"
       " origin wmo\n admits consent\nflow A1"}},
     1,
     0,
     0,
     "A10  E (new)\n    from > to   cak > team\n"},
    {"test_a_flow_that_is_no_longer_there_is_gone",
     {{"flows.txt", "flow A1", "flow A2"},
      {"flows.txt", "providers team", "providers cak"},
      {"flows.txt", "recipients team, cak", "recipients team"},
      {"flows.txt", " statute wmo-2015 to cak\n", ""}},
     2,
     3,
     0,
     "\nA1  E (gone)\n"},
    {"test_a_category_that_becomes_special_is_shown",
     {{"categories.txt", "area A\n special no", "area none\n special other"}},
     0,
     1, /* to cak, who may have nothing special */
     0, /* to the team it is still consent */
     "naw  special other (was no); area none (was A)\n"},
    {"test_a_validity_that_changes_is_shown",
     {{"purposes.txt", "longest 12 months", "longest 6 months"}, {"purposes.txt", " serves plan\n", ""}},
     0,
     0,
     0,
     "help  longest 6 months (was 12 months); serves none (was plan)\n"},
    {"test_a_purpose_that_is_to_be_recorded_in_the_plan_is_shown",
     {{"purposes.txt", " serves plan\n", " serves plan\n record-in-plan yes\n"}},
     0,
     0,
     0,
     "help  recorded in plan yes (was no)\n"},
    {"test_a_kind_that_needs_an_agreement_is_shown",
     {{"parties.txt", "third-party no\n needs-agreement no", "third-party yes\n needs-agreement yes"}},
     0,
     0,
     0,
     "team  third party yes (was no); needs agreement yes (was no)\n"},
    {"test_a_representative_that_no_longer_counts_is_shown",
     {{"representatives.txt", "counts yes", "counts no"}},
     0,
     0,
     0,
     "Representatives\n---------------\nvoogd  counts no (was yes)\n"},
    {"test_notices_are_compared_by_id_version_and_language",
     {{"notices.txt", "version 1", "version 2"}},
     0,
     0,
     0,
     "folder, version 1, nl  gone\nfolder, version 2, nl  new\n"},
    {"test_a_pack_that_lists_no_notice_admits_any",
     {{"notices.txt", NULL, ""}},
     0,
     0,
     0,
     "notices that will do  any (was those listed)\n"},
    {"test_retention_is_compared",
     {{"retention.txt", "period 15 years\n counts-from receipt", "period until-majority"},
      {"retention.txt", "retention file",
       "retention consents\n held-by any\n law any\n period longest-record\n source S\nretention file"}},
     0,
     0,
     0,
     "file      period until majority (was 15 years from receipt)\n"
     "consents  new: held by any; law any; period longest record\n"},
    {"test_what_starts_a_period_is_compared",
     {{"retention.txt", "counts-from receipt", "counts-from last-change"}},
     0,
     0,
     0,
     "file  period 15 years from last-change (was 15 years from receipt)\n"},
    {"test_the_end_of_care_as_a_start_is_compared",
     {{"retention.txt", "counts-from receipt", "counts-from end-of-care"}},
     0,
     0,
     0,
     "file  period 15 years from end-of-care (was 15 years from receipt)\n"},
    {"test_ages_are_compared_by_the_years_at_which_either_changes",
     {{"ages.txt", NULL,
       "ages under 12\n sign representatives\n source S\nages 12 to 16\n sign subject, representatives\n source "
       "S\n"
       "ages from 16\n sign subject\n source S\n"}},
     0,
     0,
     0,
     "Who signs\n"
     "---------\n"
     "0 to 12   representatives (was subject)\n"
     "12 to 16  subject and representatives (was subject)\n"},
    {"test_the_order_of_the_grounds_is_compared",
     {{"pack.txt", "consent statute without-consent", "statute without-consent consent"}},
     0,
     0,
     0,
     "order of the grounds  statute, without consent, consent (was consent, statute, without consent)\n"},
    {"test_whether_consent_must_be_the_ground_is_compared",
     {{"pack.txt", "value warns", "value refuses"}},
     0,
     0,
     0,
     "consent for what a statute carries  refused (was accepted with a warning)\n"},
    {"test_how_many_representatives_sign_and_who_withdraws_is_compared",
     {{"pack.txt", "value all", "value any"}, {"pack.txt", "value 12", "value 16"}},
     0,
     0,
     0,
     "representatives who sign    any one of them (was all of them)\n"
     "the subject withdraws from  16 (was 12)\n"},
    {"test_whether_requests_may_be_put_off_is_compared",
     {{"pack.txt", "2 months", "none"}},
     0,
     0,
     0,
     "requests put off by  not at all (was 2 months)\n"},
    {"test_due_periods_are_compared",
     {{"pack.txt", "14 days", "15 days"}, {"pack.txt", "4 weeks", "5 weeks"}, {"pack.txt", "6 weeks", "7 weeks"}},
     0,
     0,
     0,
     "informed within    15 days (was 14 days)\n"
     "requests due in    35 days (was 28 days)\n"
     "objections due in  49 days (was 42 days)\n"},
};

static void test_difference (void **state)
{
    const struct difference *difference = *state;
    struct compared compared;
    size_t count = 0;
    while (count < CHANGES && difference->changes[count].file != NULL)
        count++;
    compare_changed (&compared, difference->changes, count);
    assert_says (&compared, difference->said);
    assert_int_equal (compared.diff->opened, difference->opened);
    assert_int_equal (compared.diff->closed, difference->closed);
    assert_int_equal (compared.diff->changed, difference->changed);
    assert_false (policy_diff_is_empty (compared.diff));
    finish (&compared);
}

static void test_what_changes_most_is_shown_first (void **state)
{
    (void)state;
    static const struct change changes[] = {{"pack.txt", "value team", "value cak"},
                                            {"flows.txt", " statute wmo-2015 to cak\n", ""},
                                            {"flows.txt", "admits consent", "admits consent, written-request"}};
    struct compared compared;
    compare (&compared, changed_pack_read (changes, 2, NULL), changed_pack_read (changes, 3, NULL));
    const char *two = strstr (compared.text, "team > cak\n    purpose     help\n    categories  naw, health\n");
    const char *one = strstr (compared.text, "team > team\n    purpose     help\n    categories  naw\n");
    assert_non_null (two);
    assert_non_null (one);
    assert_true (two < one);
    assert_int_equal (compared.diff->changed, 3);
    finish (&compared);
}

static void test_ages_are_compared_whichever_pack_has_more_of_them (void **state)
{
    (void)state;
    static const struct change ages = {"ages.txt", NULL,
                                       "ages under 12\n sign representatives\n source S\n"
                                       "ages from 12\n sign subject, representatives\n source S\n"};
    struct compared compared;
    compare (&compared, changed_pack_read (&ages, 1, NULL), changed_pack_read (NULL, 0, NULL));
    assert_says (&compared, "Who signs\n---------\n"
                            "0 to 12  subject (was representatives)\n"
                            "from 12  subject (was subject and representatives)\n");
    assert_null (strstr (compared.text, "Flows"));
    finish (&compared);
}

static size_t cells_of (const struct policy_diff *diff)
{
    size_t cells = 0;
    for (size_t i = 0; i < diff->box_count; i++)
        cells += diff->boxes[i].cells;
    return cells;
}

static void test_the_shipped_packs_differ_in_what_the_law_of_today_changed (void **state)
{
    (void)state;
    struct compared compared;
    compare (&compared, shipped_pack_read ("kaag-en-braassem-2015", NULL),
             shipped_pack_read ("wmo-jeugdwet-2026", NULL));
    assert_says (&compared, "Of 715 cells 214 are new, 0 are gone and 294 admit something else.\n");
    assert_int_equal (cells_of (compared.diff), 214 + 294); /* each cell is in exactly one box */
    assert_says (&compared, "\nD2  Own contribution, to the CAK\n"
                            "    from > to   kernteam, wmo-team > cak\n"
                            "    purpose     eigen-bijdrage\n"
                            "    categories  naw, burgerlijke-staat, geboortedatum, bsn, toewijzing, periode, "
                            "soort-voorziening,\n"
                            "                kostprijs\n"
                            "    was         consent; wmo-2015 (wmo, brp); jeugdwet (jeugdwet, brp)\n"
                            "    is          consent; wmo-5.2.1 (wmo, brp)\n");
    assert_says (
        &compared,
        "    was         no consent; wmo-2015 (wmo, brp); jeugdwet (jeugdwet, brp); urgent reasons\n"
        "    is          no consent; wmo-5.1.1 (wmo, brp); jeugdwet-7.4.0-1 (jeugdwet, brp); urgent reasons\n");
    assert_says (&compared, "12 to 16  subject (was subject and representatives)\n");
    assert_null (strstr (compared.text, "\nX1  ")); /* consent, written requests and urgent reasons, then as now */
    assert_in_range (text_width (compared.text), 60, 80);
    assert_non_null (strstr (compared.text,
                             "\n    categories  naw, burgerlijke-staat, geboortedatum, bsn, toewijzing,\n"
                             "                periode, soort-voorziening, kostprijs\n"));
    finish (&compared);
}

static void test_a_difference_in_dutch_has_no_english_in_it (void **state)
{
    (void)state;
    static const char *const english[] = {"consent", "request;", "origin ", "special ", "yes",
                                          "subject", "months",   "years",   " new",     "gone",
                                          "none",    "Flows",    "purpose "};
    struct arena *arena = arena_new (64 << 20);
    struct policy *before = shipped_pack_read ("kaag-en-braassem-2015", NULL);
    struct policy *after = shipped_pack_read ("wmo-jeugdwet-2026", NULL);
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream (&text, &size);
    policy_diff_print (policy_diff_make (arena, before, after, DUTCH), out);
    fclose (out);
    for (size_t i = 0; i < COUNT (english); i++)
        if (strstr (text, english[i]) != NULL)
            fail_msg ("\"%s\" is in:\n%.300s", english[i], strstr (text, english[i]) - 100);
    assert_non_null (
        strstr (text, "Van 715 cellen zijn er 214 nieuw en 0 weg, en laten er 294 iets anders toe.\n"));
    assert_true (text_says (text, "    was         toestemming; wmo-2015 (wmo, brp); jeugdwet (jeugdwet, brp)\n"
                                  "    wordt       toestemming; wmo-5.2.1 (wmo, brp)\n"));
    free (text);
    arena_destroy (&arena);
    policy_destroy (&before);
    policy_destroy (&after);
}

static void test_programs_get_the_same_difference (void **state)
{
    (void)state;
    static const struct change changes[] = {{"flows.txt", "categories both", "categories health"},
                                            {"pack.txt", "value 12", "value 16"}};
    struct compared compared;
    compare_changed (&compared, changes, COUNT (changes));
    json_t *json = policy_diff_json (compared.diff);
    assert_non_null (json);
    assert_true (json_is_false (json_object_get (json, "alike")));
    assert_int_equal (json_integer_value (json_object_get (json, "cells")), 3);
    assert_int_equal (json_integer_value (json_object_get (json, "closed")), 2);
    const json_t *flows = json_object_get (json, "flows"), *first = json_array_get (flows, 0);
    assert_int_equal (json_array_size (flows), 2);
    assert_string_equal (json_string_value (json_array_get (json_object_get (first, "recipients"), 0)), "team");
    assert_string_equal (json_string_value (json_object_get (json_object_get (first, "before"), "flow")), "A1");
    assert_string_equal (json_string_value (json_object_get (json_object_get (first, "before"), "admits")),
                         "consent");
    assert_true (json_is_null (json_object_get (first, "after")));
    const json_t *other = json_array_get (json_object_get (json, "others"), 0);
    assert_string_equal (json_string_value (json_object_get (other, "section")), "Settings");
    assert_string_equal (json_string_value (json_object_get (other, "before")), "12");
    assert_string_equal (json_string_value (json_object_get (other, "after")), "16");
    json_decref (json);
    finish (&compared);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_a_pack_decides_as_it_does_itself),
    cmocka_unit_test (test_what_decides_nothing_is_no_difference),
    cmocka_unit_test (test_what_changes_most_is_shown_first),
    cmocka_unit_test (test_ages_are_compared_whichever_pack_has_more_of_them),
    cmocka_unit_test (test_the_shipped_packs_differ_in_what_the_law_of_today_changed),
    cmocka_unit_test (test_a_difference_in_dutch_has_no_english_in_it),
    cmocka_unit_test (test_programs_get_the_same_difference),
};

int main (void)
{
    struct CMUnitTest all[COUNT (tests) + COUNT (differences)];
    memcpy (all, tests, sizeof tests);
    for (size_t i = 0; i < COUNT (differences); i++)
        all[COUNT (tests) + i] = (struct CMUnitTest){.name = differences[i].name,
                                                     .test_func = test_difference,
                                                     .initial_state = (void *)(uintptr_t)&differences[i]};
    return cmocka_run_group_tests_name ("policy diff", all, NULL, NULL);
}

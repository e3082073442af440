/* cases.txt: what is refused, each by line and message, and that a pack whose case comes out otherwise is. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "case_pack.h"
#include "policy/cases/policy_cases.h"
#include "testing.h"

static const struct refusal {
    const char *name, *cases;
    unsigned line;
    const char *message;
} refusals[] = {
    {"test_a_case_that_is_denied_and_should_not_be_refuses_the_pack",
     ASKED_OF ("naw") " expect PERMIT statute wmo-2015\n", 9,
     "expected PERMIT statute wmo-2015 for naw, decided DENY NO_CONSENT, ORIGIN_UNKNOWN"},
    {"test_a_case_that_is_permitted_and_should_not_be_refuses_the_pack", ASKED " expect DENY NO_CONSENT\n", 9,
     "expected DENY NO_CONSENT for naw:wmo, decided PERMIT statute wmo-2015"},
    {"test_another_ground_refuses_the_pack", ASKED " expect PERMIT consent\n", 9,
     "expected PERMIT consent for naw:wmo, decided PERMIT statute wmo-2015"},
    {"test_other_reasons_refuse_the_pack", ASKED_OF ("naw") " expect DENY NO_CONSENT\n", 9,
     "expected DENY NO_CONSENT for naw, decided DENY NO_CONSENT, ORIGIN_UNKNOWN"},
    {"test_another_order_of_reasons_refuses_the_pack",
     ASKED_OF ("naw") " expect DENY ORIGIN_UNKNOWN, NO_CONSENT\n", 9,
     "expected DENY ORIGIN_UNKNOWN, NO_CONSENT for naw, decided DENY NO_CONSENT, ORIGIN_UNKNOWN"},
    {"test_another_statute_refuses_the_pack", ASKED " expect PERMIT statute other-law\n", 9,
     "expected PERMIT statute other-law for naw:wmo, decided PERMIT statute wmo-2015"},
    {"test_more_reasons_than_can_be_told_refuse_the_pack",
     ASKED
     " expect DENY AGREEMENT_MISSING, NO_FLOW, PURPOSE_NOT_IN_FLOW, CATEGORY_NOT_NEEDED, RESTRICTED, "
     "ORIGIN_UNKNOWN,"
     " STATUTE_NOT_FOR_ORIGIN, STATUTE_NOT_FOR_SPECIAL, SECRECY, NO_CONSENT, REVOKED, EXPIRED, NOT_YET_VALID,"
     " USED_UP, OTHER_CASE, ORIGIN_NOT_CONSENTED, FORM_INSUFFICIENT, REPRESENTATION_LAPSED, REFUSED,"
     " PROVIDER_NOT_CONSENTED, RECIPIENT_NOT_CONSENTED, CATEGORY_NOT_CONSENTED, WRONG_PURPOSE, ALL_OR_NOTHING\n",
     9, "expected DENY AGREEMENT_MISSING, NO_FLOW, PURPOSE_NOT_IN_FLOW, "},
    {"test_the_first_of_two_wrong_lines_is_told", ASKED " born yesterday\n died tomorrow\n claims nothing\n", 9,
     "\"yesterday\" is not a day"},
    {"test_a_wrong_claim_is_not_told_before_a_wrong_item", ASKED_OF ("nwa") " claims nothing\n", 7,
     "unknown category \"nwa\""},
    {"test_what_goes_against_the_will_unexpectedly_refuses_the_pack",
     ASKED_OF ("naw:wmo") " refusal naw\n expect PERMIT statute wmo-2015\n", 10,
     "expected PERMIT statute wmo-2015 for naw:wmo, decided PERMIT statute wmo-2015 against-will"},
    {"test_what_does_not_go_against_the_will_refuses_the_pack",
     ASKED_OF ("naw:wmo") " expect PERMIT statute wmo-2015 against-will\n", 9,
     "expected PERMIT statute wmo-2015 against-will for naw:wmo, decided PERMIT statute wmo-2015"},
    {"test_a_written_request_that_is_not_the_ground_refuses_the_pack",
     ASKED " claims written-request\n expect PERMIT written-request\n", 10,
     "expected PERMIT written-request for naw:wmo, decided PERMIT statute wmo-2015"},
    {"test_urgent_reasons_that_are_not_the_ground_refuse_the_pack",
     ASKED " claims urgent-reasons danger\n expect PERMIT urgent-reasons\n", 10,
     "expected PERMIT urgent-reasons for naw:wmo, decided PERMIT statute wmo-2015"},
    {"test_the_second_item_is_told_when_the_first_is_right",
     ASKED_OF ("naw, health") " consent naw\n expect PERMIT consent\n", 10,
     "expected PERMIT consent for health, decided DENY CATEGORY_NOT_CONSENTED, ORIGIN_UNKNOWN"},
    {"test_the_second_case_is_told_when_the_first_is_right",
     ASKED BY_LAW "case b\n nl N\n source S\n provider cak\n recipient team\n purpose help\n items naw\n" BY_LAW,
     17, "expected PERMIT statute wmo-2015 for naw, decided DENY NO_FLOW"},
    {"test_a_case_without_a_source_is_refused", "case a\n nl N\n provider team\n", 1,
     "case \"a\" has no \"source\""},
    {"test_a_case_of_the_same_name_is_refused", ASKED BY_LAW ASKED BY_LAW, 10,
     "case \"a\" is declared twice; first on line 1"},
    {"test_an_unknown_heading_among_cases_is_refused", "cases a\n", 1,
     "unknown heading \"cases\"; did you mean \"case\"?"},
    {"test_an_unknown_key_in_a_case_is_refused", ASKED " expects PERMIT\n", 9,
     "unknown key \"expects\"; did you mean \"expect\"?"},
    {"test_a_dangling_category_is_refused", ASKED_OF ("nwa"), 7,
     "unknown category \"nwa\"; did you mean \"naw\"?"},
    {"test_a_dangling_category_of_a_consent_is_refused", ASKED " consent nwa\n", 9,
     "unknown category \"nwa\"; did you mean \"naw\"?"},
    {"test_a_dangling_origin_is_refused", ASKED_OF ("naw:wom"), 7,
     "unknown origin \"wom\"; did you mean \"wmo\"?"},
    {"test_a_dangling_usual_origin_is_refused",
     "case a\n nl N\n source S\n provider team\n recipient cak\n purpose help\n items naw\n origin wom\n", 8,
     "unknown origin \"wom\"; did you mean \"wmo\"?"},
    {"test_a_dangling_kind_is_refused",
     "case a\n nl N\n source S\n party other cka\n provider taem\n recipient cak\n"
     " purpose help\n items naw\n",
     4, "unknown kind \"cka\"; did you mean \"cak\"?"},
    {"test_an_unknown_provider_is_refused",
     "case a\n nl N\n source S\n provider taem\n recipient cak\n purpose help\n items naw\n", 4,
     "\"taem\" is no party of the case and no kind; did you mean \"team\"?"},
    {"test_an_unknown_recipient_is_refused_with_the_nearest_party",
     "case a\n nl N\n source S\n party horizon cak\n provider team\n recipient horizn\n purpose help\n items "
     "naw\n",
     6, "\"horizn\" is no party of the case and no kind; did you mean \"horizon\"?"},
    {"test_two_providers_are_refused",
     "case a\n nl N\n source S\n provider team, cak\n recipient cak\n purpose help\n items naw\n", 4,
     "\"cak\" is not expected here in \"provider\""},
    {"test_no_provider_is_refused",
     "case a\n nl N\n source S\n provider ,\n recipient cak\n purpose help\n items naw\n", 4,
     "\"provider\" lacks a party"},
    {"test_a_party_with_itself_is_refused",
     "case a\n nl N\n source S\n provider team\n recipient team\n purpose help\n items naw\n" BY_LAW, 1,
     "provider and recipient are the same party; give one of them a name"},
    {"test_a_dangling_purpose_is_refused",
     "case a\n nl N\n source S\n provider team\n recipient cak\n purpose hepl\n items naw\n", 6,
     "unknown purpose \"hepl\"; did you mean \"help\"?"},
    {"test_no_items_are_refused", ASKED_OF (","), 7, "\"items\" has no value"},
    {"test_an_item_twice_is_refused", ASKED_OF ("naw:wmo, naw:wmo"), 7, "\"naw\" is asked twice"},
    {"test_an_item_twice_by_way_of_a_group_is_refused", ASKED_OF ("naw, both"), 7, "\"naw\" is asked twice"},
    {"test_an_unknown_mode_is_refused",
     "case a\n nl N\n source S\n provider team\n recipient cak\n purpose help\n items naw\n mode ask\n", 8,
     "\"mode\" is disclose or advise, not \"ask\""},
    {"test_a_party_named_as_a_kind_is_refused", ASKED " party cak team\n", 9, "\"cak\" is a kind already"},
    {"test_a_party_given_twice_is_refused", ASKED " party a cak\n party a team\n", 10,
     "party \"a\" is given twice"},
    {"test_a_party_without_a_kind_is_refused", ASKED " party a\n", 9, "\"party\" lacks its kind"},
    {"test_a_party_whose_name_is_no_code_is_refused", ASKED " party A team\n", 9, "\"A\" is not a code"},
    {"test_an_unknown_word_about_a_party_is_refused", ASKED " party a team secret\n", 9,
     "\"party\" is official, professional, without-agreement or inactive, not \"secret\""},
    {"test_a_day_that_is_none_is_refused",
     "case a\n nl N\n source S\n day 2026-02-30\n provider team\n recipient cak\n purpose help\n items naw\n", 4,
     "the day \"2026-02-30\" does not exist"},
    {"test_a_day_long_ago_is_refused",
     "case a\n nl N\n source S\n day 1899-12-31\n provider team\n recipient cak\n purpose help\n items naw\n", 4,
     "\"1899-12-31\" is not a day of 1900"},
    {"test_a_day_far_ahead_is_refused",
     "case a\n nl N\n source S\n day 2200-01-01\n provider team\n recipient cak\n purpose help\n items naw\n", 4,
     "\"2200-01-01\" is not a day of 1900"},
    {"test_a_day_of_two_words_is_refused",
     "case a\n nl N\n source S\n day 2026 06\n provider team\n recipient cak\n purpose help\n items naw\n", 4,
     "\"day\" takes exactly one word"},
    {"test_an_age_and_a_birth_date_are_refused", ASKED " age 12\n born 2014-01-01\n", 10,
     "\"age\" and \"born\" say the same"},
    {"test_an_age_that_is_no_number_is_refused", ASKED " age twelve\n", 9,
     "\"twelve\" is not a number of 0 to 150"},
    {"test_a_birth_date_that_is_none_is_refused", ASKED " born yesterday\n", 9,
     "\"yesterday\" is not a day: \"today\""},
    {"test_too_many_days_are_refused", ASKED " born -40001\n", 9, "\"40001\" is not a number of 0 to 40000"},
    {"test_a_word_after_a_birth_date_is_refused", ASKED " born unknown today\n", 9,
     "\"today\" is not expected here in \"born\""},
    {"test_a_word_after_a_day_of_death_is_refused", ASKED " died -1 -2\n", 9,
     "\"-2\" is not expected here in \"died\""},
    {"test_a_capability_that_is_neither_is_refused", ASKED " capable maybe\n", 9,
     "\"capable\" is no or yes, not \"maybe\""},
    {"test_a_capability_without_a_word_is_refused", ASKED " capable ,\n", 9, "\"capable\" lacks yes or no"},
    {"test_capabilities_out_of_order_are_refused", ASKED " capable no from -1\n capable yes from -2\n", 10,
     "changes of capability are listed in the order of their days"},
    {"test_capabilities_of_one_day_are_refused", ASKED " capable no from -1\n capable yes from -1\n", 10,
     "changes of capability are listed in the order of their days"},
    {"test_a_representative_of_an_unknown_kind_is_refused", ASKED " representative piet vogd\n", 9,
     "unknown representative \"vogd\"; did you mean \"voogd\"?"},
    {"test_a_representative_given_twice_is_refused",
     ASKED " representative piet voogd\n representative piet voogd\n", 10,
     "representative \"piet\" is given twice"},
    {"test_a_representative_named_subject_is_refused", ASKED " representative subject voogd\n", 9,
     "\"subject\" may not be a code"},
    {"test_a_word_after_a_representative_is_refused", ASKED " representative piet voogd now\n", 9,
     "\"now\" is not expected here in \"representative\""},
    {"test_a_restriction_of_nothing_is_refused", ASKED " restricted since -1\n", 9, "unknown category \"since\""},
    {"test_a_word_after_a_restriction_is_refused", ASKED " restricted all naw\n", 9,
     "\"naw\" is not expected here in \"restricted\""},
    {"test_an_unknown_claim_is_refused", ASKED " claims emergency\n", 9,
     "\"claims\" is written-request or urgent-reasons, not \"emergency\""},
    {"test_an_empty_claim_is_refused", ASKED " claims ,\n", 9, "\"claims\" lacks a ground without consent"},
    {"test_a_dangling_urgent_reason_is_refused", ASKED " claims urgent-reasons dagner\n", 9,
     "unknown urgent reason \"dagner\"; did you mean \"danger\"?"},
    {"test_urgent_reasons_without_a_reason_are_refused", ASKED " claims urgent-reasons\n", 9,
     "\"claims\" lacks an urgent reason"},
    {"test_informing_at_another_time_is_refused", ASKED " claims urgent-reasons danger inform never\n", 9,
     "\"inform\" is before, or after and a day"},
    {"test_an_unknown_part_of_a_triage_decision_is_refused",
     ASKED " claims urgent-reasons danger without necesity\n", 9,
     "\"necesity\" is no part of a triage decision; did you mean \"necessity\"?"},
    {"test_a_triage_decision_without_nothing_is_refused", ASKED " claims urgent-reasons danger without\n", 9,
     "\"claims\" lacks what the triage decision lacks"},
    {"test_a_word_after_a_written_request_is_refused", ASKED " claims written-request of piet\n", 9,
     "\"of\" is not expected here in \"claims\""},
    {"test_a_written_request_by_one_twice_is_refused", ASKED " claims written-request by piet, piet\n", 9,
     "\"piet\" is in this list twice"},
    {"test_a_written_request_of_tomorrow_is_refused", ASKED " claims written-request on +1\n", 9,
     "who asks after the day of the case has not asked yet"},
    {"test_a_written_request_by_nobody_is_refused", ASKED " claims written-request by\n", 9,
     "\"claims\" lacks who asks in writing"},
    {"test_a_written_request_by_too_many_is_refused",
     ASKED
     " claims written-request by a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y, z,"
     " aa, ab, ac, ad, ae, af, ag\n",
     9, "more than 32 persons ask in writing"},
    {"test_a_manager_who_is_something_else_is_refused", ASKED " manager away\n", 9,
     "\"manager\" is consulted or not-available, not \"away\""},
    {"test_a_wrong_manager_is_not_told_before_a_wrong_item", ASKED_OF ("nwa") " manager away\n", 7,
     "unknown category \"nwa\""},
    {"test_a_consent_for_nothing_is_refused", ASKED " consent to cak\n", 9,
     "\"consent\" begins with its categories, or \"all\""},
    {"test_a_word_after_all_is_refused", ASKED " consent all naw\n", 9,
     "\"naw\" is not expected here in \"consent\""},
    {"test_a_clause_twice_is_refused", ASKED " consent all on -1 on -2\n", 9, "\"on\" is given twice"},
    {"test_a_refusal_with_an_end_is_refused", ASKED " refusal all until +1\n", 9, "a refusal has no \"until\""},
    {"test_a_consent_by_nobody_is_refused", ASKED " consent all by\n", 9, "\"consent\" lacks a party"},
    {"test_a_consent_by_an_unknown_party_is_refused", ASKED " consent all by taem\n", 9,
     "\"taem\" is no party of the case and no kind; did you mean \"team\"?"},
    {"test_a_consent_by_a_party_twice_is_refused", ASKED " consent all by team, team\n", 9,
     "\"team\" is in this list twice"},
    {"test_a_consent_for_a_dangling_purpose_is_refused", ASKED " consent all for hepl\n", 9,
     "unknown purpose \"hepl\"; did you mean \"help\"?"},
    {"test_a_consent_for_no_purpose_is_refused", ASKED " consent all for\n", 9, "\"consent\" lacks a purpose"},
    {"test_a_consent_of_tomorrow_is_refused", ASKED " consent all on +1\n", 9,
     "a statement that is recorded after the day of the case says nothing in it"},
    {"test_a_consent_on_no_day_is_refused", ASKED " consent all on\n", 9, "\"consent\" lacks a day: \"today\""},
    {"test_a_signature_of_a_stranger_is_refused", ASKED " consent all signed piet\n", 9,
     "\"piet\" is neither \"subject\" nor a representative of the case"},
    {"test_a_signature_of_nobody_is_refused", ASKED " consent all signed\n", 9, "\"consent\" lacks who signed"},
    {"test_a_consent_that_could_not_be_recorded_is_refused",
     ASKED " age 11\n representative piet voogd\n representative kees voogd\n consent all signed piet\n", 12,
     "this consent cannot be recorded: it is not signed by all who must sign (G8)"},
    {"test_a_consent_where_nobody_can_sign_is_refused", ASKED " born unknown\n consent all\n", 10,
     "this consent cannot be recorded"},
    {"test_an_unknown_form_is_refused", ASKED " consent all form spoken\n", 9,
     "\"consent\" is written, digital or oral, not \"spoken\""},
    {"test_no_form_is_refused", ASKED " consent all form\n", 9, "\"consent\" lacks a form"},
    {"test_no_reference_of_a_case_is_refused", ASKED " consent all case\n", 9,
     "\"consent\" lacks the reference of a case"},
    {"test_a_dangling_origin_of_a_consent_is_refused", ASKED " consent all origins wom\n", 9,
     "unknown origin \"wom\"; did you mean \"wmo\"?"},
    {"test_no_origins_are_refused", ASKED " consent all origins\n", 9, "\"consent\" lacks an origin"},
    {"test_a_use_on_no_day_is_refused", ASKED " consent all one-time used\n", 9, "\"consent\" lacks a day"},
    {"test_statements_out_of_order_are_refused", ASKED " consent all on -1\n refusal all on -2\n", 10,
     "statements are listed in the order in which they were recorded"},
    {"test_a_case_without_an_expectation_is_refused", ASKED, 1,
     "case \"a\" does not say what to expect of naw:wmo"},
    {"test_an_item_without_an_expectation_is_refused", ASKED_OF ("naw, health") " expect naw DENY NO_CONSENT\n", 1,
     "case \"a\" does not say what to expect of health"},
    {"test_two_expectations_of_one_item_are_refused", ASKED BY_LAW " expect naw DENY NO_CONSENT\n", 10,
     "what to expect is said twice of one item; first on line 9"},
    {"test_an_expectation_of_what_is_not_asked_is_refused", ASKED " expect health PERMIT consent\n", 9,
     "\"expect\" names a category that is not among the items"},
    {"test_an_expectation_of_another_origin_is_refused", ASKED " expect naw:brp PERMIT consent\n", 9,
     "\"expect\" names a category that is not among the items"},
    {"test_an_expectation_of_a_dangling_category_is_refused", ASKED " expect nwa PERMIT consent\n", 9,
     "unknown category \"nwa\""},
    {"test_a_verdict_in_small_letters_is_refused", ASKED " expect permit consent\n", 9,
     "unknown category \"permit\""},
    {"test_an_expectation_without_a_verdict_is_refused", ASKED " expect naw\n", 9,
     "\"expect\" is PERMIT and a ground, or DENY and its reasons"},
    {"test_a_permit_without_a_ground_is_refused", ASKED " expect PERMIT\n", 9, "\"expect\" lacks a ground"},
    {"test_an_unknown_ground_is_refused", ASKED " expect PERMIT law\n", 9,
     "\"expect\" is consent, statute, written-request or urgent-reasons, not \"law\""},
    {"test_a_dangling_statute_is_refused", ASKED " expect PERMIT statute wmo-2016\n", 9,
     "unknown statute \"wmo-2016\"; did you mean \"wmo-2015\"?"},
    {"test_no_statute_is_refused", ASKED " expect PERMIT statute\n", 9, "\"expect\" lacks a statute"},
    {"test_a_ground_that_is_not_claimed_is_refused", ASKED " expect PERMIT written-request\n", 9,
     "the case does not claim \"written-request\""},
    {"test_a_word_after_a_ground_is_refused", ASKED " expect PERMIT consent naw\n", 9,
     "\"naw\" is not expected here in \"expect\""},
    {"test_a_denial_without_a_reason_is_refused", ASKED " expect DENY\n", 9, "\"expect\" lacks a reason"},
    {"test_an_unknown_reason_is_refused", ASKED " expect DENY NO_CONSET\n", 9,
     "unknown reason \"NO_CONSET\"; did you mean \"NO_CONSENT\"?"},
    {"test_the_reason_unknown_is_no_reason", ASKED " expect DENY UNKNOWN\n", 9, "unknown reason \"UNKNOWN\""},
};

static void test_refusal (void **state)
{
    const struct refusal *refusal = *state;
    struct policy *policy = NULL;
    struct policy_error error = {.message = ""};
    int rc = case_pack_try (refusal->cases, &policy, &error);
    if (rc != POLICY_INVALID || error.line != refusal->line ||
        strncmp (error.message, refusal->message, strlen (refusal->message)) != 0)
        fail_msg ("expected %u: %s; got %d, %u: %s", refusal->line, refusal->message, rc, error.line,
                  error.message);
    assert_null (policy);
    assert_string_equal (error.file, "cases.txt");
}

/* Lists that are too long: `count` times `piece`, with its number where it has one, after the question. */
static const struct excess {
    const char *name, *before, *piece;
    unsigned most, line;
    const char *message;
} excesses[] = {
    {"test_too_many_parties_are_refused", "", " party p%u cak\n", 30, 5, "more than 32 parties in one case"},
    {"test_too_many_statements_are_refused", "", " consent all\n", 32, 9 + 32,
     "more than 32 statements in one case"},
    {"test_too_many_signatures_are_refused", " consent all signed", " subject", 32, 9,
     "more than 32 signatures under one statement"},
    {"test_too_many_withdrawals_are_refused", " consent all", " withdrawn -1", 32, 9,
     "more than 32 withdrawals of one statement"},
    {"test_too_many_changes_of_capability_are_refused", "", " capable no from 2000-01-%02u\n", 31, 9 + 31, NULL},
    {"test_too_many_representatives_are_refused", "", " representative r%u voogd\n", 32, 9 + 32,
     "more than 32 representatives in one case"},
    {"test_too_many_restrictions_are_refused", "", " restricted naw\n", 32, 9 + 32,
     "more than 32 restrictions in one case"},
};

static int try_many (const struct excess *excess, unsigned count, struct policy_error *error)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream (&text, &size);
    fprintf (out, ASKED "%s", excess->before);
    for (unsigned i = 1; i <= count; i++)
        if (strchr (excess->piece, '%') != NULL) {
            const char *number = strchr (excess->piece, '%');
            bool wide = number[1] == '0';
            fprintf (out, "%.*s", (int)(number - excess->piece), excess->piece);
            fprintf (out, wide ? "%02u" : "%u", i);
            fputs (number + (wide ? 4 : 2), out);
        } else {
            fputs (excess->piece, out);
        }
    fputs ("\n", out);
    fclose (out);
    struct policy *policy = NULL;
    assert_int_equal (case_pack_try (text, &policy, error), POLICY_INVALID); /* it has no expectation */
    free (text);
    return 0;
}

static void test_excess (void **state)
{
    const struct excess *excess = *state;
    struct policy_error error = {.message = ""};
    try_many (excess, excess->most, &error);
    assert_non_null (strstr (error.message, "does not say what to expect"));
    if (excess->message == NULL)
        return;
    try_many (excess, excess->most + 1, &error);
    assert_string_equal (error.message, excess->message);
    assert_int_equal (error.line, excess->line);
}

static void test_more_items_than_one_question_holds_are_refused (void **state)
{
    (void)state;
    char *categories = NULL, *items = NULL;
    size_t size = 0;
    FILE *out = open_memstream (&categories, &size);
    fputs ("category naw\n nl N\n en E\n source S\n area A\n special no\n"
           "category health\n nl N\n en E\n source S\n area none\n special health\n",
           out);
    for (unsigned i = 0; i < 63; i++)
        fprintf (out, "category c%u\n nl N\n en E\n source S\n area none\n special no\n", i);
    fputs ("group both\n members naw, health\ngroup all-of-them\n members naw, health", out);
    for (unsigned i = 0; i < 63; i++)
        fprintf (out, ", c%u", i);
    fputc ('\n', out);
    fclose (out);
    out = open_memstream (&items, &size);
    fputs (ASKED_OF ("all-of-them") " expect DENY NO_CONSENT\n", out);
    fclose (out);
    const struct change changes[] = {{"categories.txt", NULL, categories}, {"cases.txt", NULL, items}};
    struct policy *policy = NULL;
    struct policy_error error = {.message = ""};
    assert_int_equal (changed_pack_try (&policy, changes, COUNT (changes), NULL, &error), POLICY_INVALID);
    assert_string_equal (error.message, "more than 64 items");
    assert_int_equal (error.line, 7);
    free (categories);
    free (items);
}

/* Each clause of a statement, and whether a refusal has it and it may be there again. */
static const struct {
    const char *text;
    bool of_refusals, repeated;
} clauses[] = {
    {" by team", true, false},     {" to cak", true, false},          {" for help", true, false},
    {" on -5", true, false},       {" signed subject", false, false}, {" from -4", false, false},
    {" until +4", false, false},   {" form digital", false, false},   {" case c-1", true, false},
    {" origins wmo", true, false}, {" one-time", false, false},       {" used -1", false, false},
    {" withdrawn -1", true, true},
};

/* What is said of a case with this statement, which has no expectation; true: nothing of the statement. */
static bool statement_is_right (const char *statement, struct policy_error *error)
{
    char cases[512];
    struct policy *policy = NULL;
    snprintf (cases, sizeof cases, ASKED " %s\n", statement);
    assert_int_equal (case_pack_try (cases, &policy, error), POLICY_INVALID);
    return strstr (error->message, "does not say what to expect") != NULL;
}

static void test_a_clause_is_given_once_and_a_refusal_has_only_some (void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT (clauses); i++) {
        struct policy_error error = {.message = ""};
        char statement[128];
        snprintf (statement, sizeof statement, "consent all%s", clauses[i].text);
        if (!statement_is_right (statement, &error))
            fail_msg ("%s: %s", statement, error.message);
        snprintf (statement, sizeof statement, "consent all%s%s", clauses[i].text, clauses[i].text);
        assert_int_equal (statement_is_right (statement, &error), clauses[i].repeated);
        assert_true (clauses[i].repeated || strstr (error.message, "is given twice") != NULL);
        snprintf (statement, sizeof statement, "refusal all%s", clauses[i].text);
        assert_int_equal (statement_is_right (statement, &error), clauses[i].of_refusals);
        assert_true (clauses[i].of_refusals || strncmp (error.message, "a refusal has no ", 17) == 0);
    }
}

enum { FAULTS = 20 };

/* What is said of these cases, each fault as "line: message". */
static void assert_told (const char *cases, const char *const *expected, size_t count)
{
    struct policy_error list[FAULTS];
    struct policy_faults faults = {.list = list, .limit = FAULTS};
    struct policy *policy = NULL;
    assert_int_equal (case_pack_try_all (cases, &policy, &faults), POLICY_INVALID);
    assert_null (policy);
    for (size_t i = 0; i < faults.count && i < count; i++) {
        char told[POLICY_ERROR_TEXT];
        policy_error_text (&list[i], "cases.txt", told);
        assert_string_equal (told, expected[i]);
    }
    assert_int_equal (faults.count, count);
}

/* Each line of a case by itself; but no consent is judged beside a question that was not understood, and no case
   is decided in a pack of which something is wrong. */
static void test_all_that_is_wrong_in_the_cases_is_told (void **state)
{
    (void)state;
    static const char *const expected[] = {
        ":13: case a: case \"a\" is declared twice; first on line 1",
        ":9: case a, born: \"yesterday\" is not a day: \"today\", \"-30\", \"+14\" or \"2026-06-15\"",
        ":11: case a, manager: \"manager\" is consulted or not-available, not \"away\"",
        ":21: case a, consent: \"nobody\" is no party of the case and no kind",
        ":22: case a, consent: unknown category \"nwa\"; did you mean \"naw\"?",
        ":23: case a, expect: unknown reason \"NO_CONSNET\"; did you mean \"NO_CONSENT\"?",
    };
    assert_told (ASKED " born yesterday\n consent all to nobody\n manager away\n expect DENY NO_CONSENT\n" ASKED
                       " consent naw to nobody\n consent nwa\n expect DENY NO_CONSNET\n",
                 expected, COUNT (expected));
}

static void test_each_line_of_which_something_is_decided_otherwise_is_told (void **state)
{
    (void)state;
    static const char *const expected[] = {
        ":9: case a, expect: expected PERMIT consent for naw:brp and 1 more, decided DENY NO_CONSENT, "
        "STATUTE_NOT_FOR_ORIGIN",
        ":10: case a, expect: expected DENY REFUSED for naw:wmo, decided PERMIT statute wmo-2015",
    };
    assert_told (ASKED_OF ("naw:brp, naw:all-else, naw:wmo") " expect naw:brp, naw:all-else PERMIT consent\n "
                                                             "expect naw:wmo DENY REFUSED\n",
                 expected, COUNT (expected));
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_all_that_is_wrong_in_the_cases_is_told),
        cmocka_unit_test (test_each_line_of_which_something_is_decided_otherwise_is_told),
        cmocka_unit_test (test_more_items_than_one_question_holds_are_refused),
        cmocka_unit_test (test_a_clause_is_given_once_and_a_refusal_has_only_some),
    };
    struct CMUnitTest all[COUNT (tests) + COUNT (refusals) + COUNT (excesses)];
    struct CMUnitTest *next = all;
    memcpy (all, tests, sizeof tests);
    next += COUNT (tests);
    for (size_t i = 0; i < COUNT (refusals); i++)
        *next++ = (struct CMUnitTest){
            .name = refusals[i].name, .test_func = test_refusal, .initial_state = (void *)(uintptr_t)&refusals[i]};
    for (size_t i = 0; i < COUNT (excesses); i++)
        *next++ = (struct CMUnitTest){
            .name = excesses[i].name, .test_func = test_excess, .initial_state = (void *)(uintptr_t)&excesses[i]};
    return cmocka_run_group_tests (all, NULL, NULL);
}

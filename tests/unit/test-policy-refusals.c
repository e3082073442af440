/* Packs that are refused: the small pack with one thing wrong, and the file, line and message that tell of it. */
#include <stdio.h>
#include <string.h>
#include "changed_pack.h"
#include "testing.h"

static const struct refusal {
    const char *name;
    struct change change;
    unsigned line;
    const char *message; /* how the message begins */
    bool several;        /* more is wrong */
} refusals[] = {
    {"test_an_unknown_key_is_refused",
     {"flows.txt", " providers team", " providrs team"},
     5,
     "unknown key \"providrs\"; did you mean \"providers\"?"},
    {"test_a_doubled_key_is_refused",
     {"flows.txt", " purpose help", " purpose help\n purpose help"},
     8,
     "\"purpose\" is given twice; first on line 7"},
    {"test_an_unknown_heading_is_refused",
     {"parties.txt", "kind cak", "knid cak"},
     8,
     "unknown heading \"knid\"; did you mean \"kind\"?"},
    {"test_a_flow_without_a_purpose_is_refused",
     {"flows.txt", " purpose help\n", ""},
     1,
     "flow \"A1\" has no \"purpose\""},
    {"test_a_flow_without_providers_is_refused",
     {"flows.txt", " providers team\n", ""},
     1,
     "flow \"A1\" has no \"providers\""},
    {"test_a_flow_without_recipients_is_refused",
     {"flows.txt", " recipients team, cak\n", ""},
     1,
     "flow \"A1\" has no \"recipients\""},
    {"test_a_flow_without_categories_is_refused",
     {"flows.txt", " categories both\n", ""},
     1,
     "flow \"A1\" has no \"categories\""},
    {"test_an_empty_list_is_refused",
     {"flows.txt", " categories both", " categories ,"},
     8,
     "\"categories\" has no value"},
    {"test_a_flow_without_a_source_is_refused",
     {"flows.txt", " source S\n", ""},
     1,
     "flow \"A1\" has no \"source\""},
    {"test_a_statute_without_a_source_is_refused",
     {"statutes.txt", " source S\n", ""},
     1,
     "statute \"wmo-2015\" has no \"source\""},
    {"test_ages_without_a_source_are_refused",
     {"ages.txt", " source S\n", ""},
     1,
     "ages \"from 0\" has no \"source\""},
    {"test_a_period_without_a_source_is_refused",
     {"purposes.txt", " longest-source S\n", ""},
     1,
     "purpose \"help\" has no \"longest-source\""},
    {"test_a_setting_without_a_source_is_refused",
     {"pack.txt", "14 days\n source S", "14 days"},
     21,
     "setting \"inform-within\" has no \"source\""},
    {"test_an_empty_label_is_refused", {"parties.txt", " nl N", " nl"}, 2, "\"nl\" has no value"},
    {"test_a_label_that_is_only_a_comment_is_refused",
     {"parties.txt", " nl N", " nl # later"},
     2,
     "\"nl\" has no value"},
    {"test_a_doubled_code_is_refused",
     {"categories.txt", "category health", "category naw"},
     7,
     "category \"naw\" is declared twice; first on line 1"},
    {"test_a_doubled_flow_is_refused",
     {"flows.txt", "flow A1\n",
      "flow A1\n nl N\n en E\n source S\n providers cak\n recipients cak\n purpose help\n"
      " categories naw\n origin wmo\n admits consent\nflow A1\n"},
     11,
     "flow \"A1\" is declared twice; first on line 1"},
    {"test_a_group_named_as_a_code_is_refused",
     {"categories.txt", "group both", "group naw"},
     13,
     "\"naw\" is a category already"},
    {"test_an_unknown_category_is_refused_with_the_nearest",
     {"flows.txt", "categories both", "categories nwa"},
     8,
     "unknown category \"nwa\"; did you mean \"naw\"?"},
    {"test_an_unknown_code_keeps_its_own_line_in_a_long_list",
     {"flows.txt", " categories both", " categories naw,\n  # more\n  helth"},
     10,
     "unknown category \"helth\"; did you mean \"health\"?"},
    {"test_an_unknown_party_kind_is_refused",
     {"flows.txt", "recipients team, cak", "recipients team, kak"},
     6,
     "unknown kind \"kak\"; did you mean \"cak\"?"},
    {"test_an_unknown_purpose_is_refused",
     {"flows.txt", "purpose help", "purpose hepl"},
     7,
     "unknown purpose \"hepl\"; did you mean \"help\"?"},
    {"test_an_unknown_origin_is_refused",
     {"statutes.txt", "origins wmo", "origins wom"},
     5,
     "unknown origin \"wom\"; did you mean \"wmo\"?"},
    {"test_an_unknown_statute_is_refused",
     {"flows.txt", "statute wmo-2015", "statute wmo-2016"},
     11,
     "unknown statute \"wmo-2016\"; did you mean \"wmo-2015\"?"},
    {"test_a_compatible_purpose_that_is_unknown_is_refused",
     {"purposes.txt", "serves plan", "serves palm"},
     7,
     "unknown purpose \"palm\""},
    {"test_what_is_far_from_every_code_gets_no_suggestion",
     {"flows.txt", "origin wmo", "origin zorgaanbieder"},
     9,
     "unknown origin \"zorgaanbieder\""},
    {"test_a_purpose_that_serves_itself_is_refused",
     {"purposes.txt", "serves plan", "serves plan help"},
     7,
     "purpose \"help\" serves itself"},
    {"test_a_code_twice_in_a_list_is_refused",
     {"flows.txt", "providers team", "providers team, team"},
     5,
     "\"team\" is in this list twice"},
    {"test_a_code_twice_by_way_of_a_group_is_refused",
     {"flows.txt", "categories both", "categories naw, both"},
     8,
     "\"naw\" is in this list twice, once by \"both\""},
    {"test_the_subject_as_a_recipient_is_refused",
     {"flows.txt", "recipients team", "recipients subject"},
     6,
     "the subject is no party"},
    {"test_the_subject_as_a_party_kind_is_refused",
     {"parties.txt", "kind cak", "kind subject"},
     8,
     "\"subject\" may not be a code"},
    {"test_two_flows_over_one_cell_are_refused",
     {"flows.txt", "flow A1\n",
      "flow A2\n nl N\n en E\n source S\n providers team\n recipients cak\n purpose help\n"
      " categories naw\n origin wmo\n admits consent, urgent-reasons\nflow A1\n"},
     11,
     "flows \"A2\" and \"A1\" both carry naw from team to cak for help; only one may"},
    {"test_a_statute_by_who_is_no_provider_is_refused",
     {"flows.txt", "statute wmo-2015 to cak", "statute wmo-2015 by cak"},
     11,
     "\"cak\" is no provider of flow \"A1\""},
    {"test_a_statute_to_who_is_no_recipient_is_refused",
     {"flows.txt", " recipients team, cak", " recipients team"},
     11,
     "\"cak\" is no recipient of flow \"A1\""},
    {"test_a_statute_to_nobody_is_refused", {"flows.txt", "to cak", "to"}, 11, "\"to\" names nobody"},
    {"test_a_statute_to_twice_is_refused", {"flows.txt", "to cak", "to cak to team"}, 11, "\"to\" is given twice"},
    {"test_a_word_after_a_statute_is_refused", {"flows.txt", "to cak", "cak"}, 11, "\"cak\" after the statute"},
    {"test_a_statute_named_twice_is_refused",
     {"flows.txt", "to cak\n", "to cak\n statute wmo-2015 to cak\n"},
     12,
     "this statute is named twice"},
    {"test_a_flow_that_does_not_admit_consent_is_refused",
     {"flows.txt", "admits consent", "admits urgent-reasons"},
     10,
     "a flow admits consent unless it says \"consent no\""},
    {"test_a_flow_that_says_no_and_admits_consent_is_refused",
     {"flows.txt", "admits consent", "consent no\n admits consent"},
     11,
     "this flow says \"consent no\", and admits consent all the same"},
    {"test_a_flow_that_does_not_say_what_it_admits_is_refused",
     {"flows.txt", " admits consent\n", ""},
     1,
     "flow \"A1\" has no \"admits\""},
    {"test_an_unknown_admission_is_refused",
     {"flows.txt", "admits consent", "admits consent, urgent"},
     10,
     "\"admits\" is consent, written-request or urgent-reasons, not \"urgent\""},
    {"test_a_word_that_is_neither_yes_nor_no_is_refused",
     {"parties.txt", "third-party no", "third-party maybe"},
     6,
     "\"third-party\" is no or yes, not \"maybe\""},
    {"test_an_unknown_secrecy_is_refused",
     {"parties.txt", "secrecy official", "secrecy offical"},
     5,
     "\"secrecy\" is none, official or professional, not \"offical\"; did you mean \"official\"?"},
    {"test_two_words_where_one_is_meant_are_refused",
     {"categories.txt", "special no", "special no health"},
     6,
     "\"special\" takes exactly one word"},
    {"test_an_unknown_area_is_refused", {"categories.txt", "area A", "area G"}, 5, "\"area\" is none, A, B"},
    {"test_ages_that_do_not_start_at_0_are_refused",
     {"ages.txt", "ages from 0", "ages from 12"},
     1,
     "the first ages begin at 12; they must begin at 0"},
    {"test_ages_with_a_gap_are_refused",
     {"ages.txt", NULL,
      "ages under 12\n sign representatives\n source S\nages from 16\n sign subject\n source S\n"},
     4,
     "nobody signs for ages 12 to 16"},
    {"test_ages_that_overlap_are_refused",
     {"ages.txt", NULL,
      "ages under 12\n sign representatives\n source S\nages from 11\n sign subject\n source S\n"},
     4,
     "these ages overlap those above"},
    {"test_ages_after_an_open_end_are_refused",
     {"ages.txt", "source S\n", "source S\nages from 16\n sign subject\n source S\n"},
     4,
     "these ages overlap"},
    {"test_ages_without_an_open_end_are_refused",
     {"ages.txt", "from 0", "under 18"},
     1,
     "nobody signs from age 18 on"},
    {"test_ages_that_end_before_they_begin_are_refused",
     {"ages.txt", "from 0", "16 to 12"},
     1,
     "these ages end (12) before they begin (16)"},
    {"test_ages_in_other_words_are_refused", {"ages.txt", "from 0", "twelve"}, 1, "\"ages\" is \"under 12\""},
    {"test_an_age_that_is_no_number_is_refused",
     {"ages.txt", "from 0", "from 0x1"},
     1,
     "\"0x1\" is not a number of 0 to 150"},
    {"test_ages_that_nobody_signs_are_refused",
     {"ages.txt", "sign subject", "sign ,"},
     2,
     "\"sign\" has no value"},
    {"test_a_period_without_its_unit_is_refused",
     {"purposes.txt", "longest 12 months", "longest 12"},
     5,
     "\"longest\" is a number and its unit, such as \"12 months\""},
    {"test_a_period_in_another_unit_is_refused",
     {"purposes.txt", "longest 12 months", "longest 12 weeks"},
     5,
     "\"longest\" is a number and its unit"},
    {"test_a_period_of_nothing_is_refused",
     {"purposes.txt", "longest 12 months", "longest 0 months"},
     5,
     "\"longest\" may not be 0"},
    {"test_a_negative_period_is_refused",
     {"pack.txt", "14 days", "-14 days"},
     22,
     "\"-14\" is not a number of 0 to 1000"},
    {"test_a_number_that_is_too_large_is_refused",
     {"pack.txt", "14 days", "99999999999999999999 days"},
     22,
     "\"99999999999999999999\" is not a number of 0 to 1000"},
    {"test_a_setting_that_is_missing_is_refused",
     {"pack.txt", "setting withdraws-from\n value 12\n source S\n", ""},
     0,
     "setting \"withdraws-from\" is missing"},
    {"test_a_setting_given_twice_is_refused",
     {"pack.txt", "setting request-due-within", "setting inform-within"},
     24,
     "setting \"inform-within\" is given twice; first on line 21",
     true},
    {"test_a_term_in_which_nobody_decides_is_refused",
     {"pack.txt", "value 4 weeks", "value 14 weeks"},
     25,
     "longer than 92 days: no law gives so long a term"},
    {"test_an_extension_for_ever_is_refused",
     {"pack.txt", "value 2 months", "value 7 months"},
     28,
     "longer than 6 months: no law gives so long a term"},
    {"test_an_extension_in_days_is_refused",
     {"pack.txt", "value 2 months", "value 60 days"},
     28,
     "\"value\" is a number and its unit, such as \"12 months\""},
    {"test_an_extension_by_nothing_is_refused",
     {"pack.txt", "value 2 months", "value 0 months"},
     28,
     "\"value\" may not be 0"},
    {"test_an_objection_after_years_is_refused",
     {"pack.txt", "value 6 weeks", "value 53 weeks"},
     31,
     "longer than 366 days: no law gives so long a term"},
    {"test_an_unknown_setting_is_refused",
     {"pack.txt", "setting grounds", "setting ground"},
     6,
     "unknown setting \"ground\"; did you mean \"grounds\"?"},
    {"test_an_order_that_lacks_a_ground_is_refused",
     {"pack.txt", "consent statute without-consent", "consent"},
     7,
     "the order of the grounds lacks \"statute\""},
    {"test_an_order_with_a_ground_twice_is_refused",
     {"pack.txt", "consent statute without-consent", "consent consent statute"},
     7,
     "\"consent\" is in this list twice"},
    {"test_a_second_pack_heading_is_refused",
     {"pack.txt", "setting grounds", "pack other\nsetting grounds"},
     6,
     "a second \"pack\"; the first is on line 1"},
    {"test_a_version_that_is_no_code_is_refused",
     {"pack.txt", "version 1", "version 1/2"},
     2,
     "\"1/2\" is not a code"},
    {"test_a_notice_listed_twice_is_refused",
     {"notices.txt", "language nl\n", "language nl\nnotice folder\n version 1\n language nl\n"},
     4,
     "this version of notice \"folder\" is listed twice; first on line 1"},
    {"test_a_retention_by_an_unknown_kind_is_refused",
     {"retention.txt", "held-by team", "held-by taem"},
     2,
     "unknown kind \"taem\"; did you mean \"team\"?"},
    {"test_years_that_count_from_nothing_are_refused",
     {"retention.txt", " counts-from receipt\n", ""},
     1,
     "retention \"file\" has no \"counts-from\"; a period in years needs it"},
    {"test_years_that_count_from_something_unknown_are_refused",
     {"retention.txt", "counts-from receipt", "counts-from\n  reciept"},
     6,
     "\"counts-from\" is receipt, last-change or end-of-care, not \"reciept\"; did you mean \"receipt\"?"},
    {"test_majority_that_counts_from_something_is_refused",
     {"retention.txt", "period 15 years", "period until-majority"},
     5,
     "\"counts-from\" is for a period in years"},
    {"test_the_longest_record_that_counts_from_something_is_refused",
     {"retention.txt", "period 15 years", "period longest-record"},
     5,
     "\"counts-from\" is for a period in years"},
    {"test_the_first_of_two_retentions_without_a_start_is_told",
     {"retention.txt", " counts-from receipt\n source S\n",
      " source S\nretention other\n held-by cak\n law wmo\n period 7 years\n source S\n"},
     1,
     "retention \"file\" has no \"counts-from\"; a period in years needs it",
     true},
    {"test_two_periods_for_one_record_are_refused",
     {"retention.txt", "source S\n",
      "source S\nretention other\n held-by team\n law wmo\n period 7 years\n counts-from receipt\n source S\n"},
     7,
     "retention \"file\" and \"other\" are both about law wmo held by team"},
    {"test_a_code_with_capitals_is_refused",
     {"origins.txt", "origin wmo", "origin Wmo"},
     1,
     "\"Wmo\" is not a code"},
    {"test_a_code_with_a_space_is_refused",
     {"origins.txt", "origin wmo", "origin w mo"},
     1,
     "\"w mo\" is not a code"},
    {"test_a_code_that_begins_with_a_dash_is_refused",
     {"origins.txt", "origin wmo", "origin -wmo"},
     1,
     "\"-wmo\" is not a code"},
    {"test_a_code_that_is_too_long_is_refused",
     {"origins.txt", "origin wmo", "origin abcdefghijklmnopqrstuvwxyz-abcdefghijklmnopqrstuv"},
     1,
     "code \"abcdefghijklmnopqrstuvwxyz-abcdefghijklmnopqrstu...\" is longer than 48"},
    {"test_a_heading_without_a_code_is_refused",
     {"origins.txt", "origin wmo", "origin"},
     1,
     "origin without a code"},
    {"test_a_field_before_any_heading_is_refused",
     {"origins.txt", "origin wmo", "  nl N\norigin wmo"},
     1,
     "an indented line before the first heading"},
    {"test_a_field_that_is_indented_less_is_refused",
     {"origins.txt", " nl N\n en E", "   nl N\n en E"},
     3,
     "indented by 1, but the fields above it by 3"},
    {"test_a_statute_by_nobody_is_refused", {"flows.txt", "to cak", "by to cak"}, 11, "\"by\" names nobody"},
    {"test_an_admission_twice_is_refused",
     {"flows.txt", "admits consent", "admits consent, consent"},
     10,
     "\"consent\" is in this list twice"},
    {"test_a_signer_twice_is_refused",
     {"ages.txt", "sign subject", "sign subject, subject"},
     2,
     "\"subject\" is in this list twice"},
    {"test_a_doubled_retention_is_refused",
     {"retention.txt", "source S\n",
      "source S\nretention file\n held-by cak\n law wmo\n period 7 years\n counts-from receipt\n source S\n"},
     7,
     "retention \"file\" is declared twice; first on line 1"},
    {"test_a_statute_field_of_separators_is_refused",
     {"flows.txt", "statute wmo-2015 to cak", "statute ,"},
     11,
     "\"statute\" has no value"},
    {"test_the_first_of_two_wrong_statutes_is_told",
     {"flows.txt", "statute wmo-2015 to cak", "statute wmo-2016\n statute wmo-2017"},
     11,
     "unknown statute \"wmo-2016\"",
     true},
    {"test_the_first_of_two_unknown_headings_is_told",
     {"parties.txt", NULL, "knid team\nkand cak\n"},
     1,
     "unknown heading \"knid\"",
     true},
    {"test_an_unknown_ground_is_refused",
     {"pack.txt", "consent statute without-consent", "consent law without-consent"},
     7,
     "\"value\" is consent, statute or without-consent, not \"law\""},
    {"test_a_pack_without_a_source_is_refused",
     {"pack.txt", " source S\nsetting grounds", "setting grounds"},
     1,
     "pack \"small\" has no \"source\""},
    {"test_the_first_of_two_wrong_settings_is_told",
     {"pack.txt", "value warns\n source S\nsetting special-recipients\n value team",
      "value warn\n source S\nsetting special-recipients\n value tame"},
     10,
     "\"value\" is warns or refuses, not \"warn\"; did you mean \"warns\"?",
     true},
    {"test_a_setting_without_a_value_is_refused",
     {"pack.txt", "setting withdraws-from\n value 12", "setting withdraws-from\n value 12 13"},
     19,
     "\"value\" takes exactly one word"},
    {"test_an_age_past_all_ages_is_refused",
     {"pack.txt", "value 12", "value 151"},
     19,
     "\"151\" is not a number of 0 to 150"},
    {"test_a_choice_of_separators_is_refused",
     {"parties.txt", "secrecy official", "secrecy ,"},
     5,
     "\"secrecy\" takes exactly one word"},
    {"test_a_purpose_of_two_words_is_refused",
     {"flows.txt", "purpose help", "purpose help plan"},
     7,
     "\"purpose\" takes exactly one word"},
    {"test_a_period_of_three_words_is_refused",
     {"purposes.txt", "longest 12 months", "longest 12 months long"},
     5,
     "\"longest\" is a number and its unit"},
    {"test_ages_in_more_words_are_refused",
     {"ages.txt", "from 0", "from 0 to 12 years"},
     1,
     "\"ages\" is \"under 12\""},
    {"test_ages_till_are_refused", {"ages.txt", "from 0", "till 12"}, 1, "\"ages\" is \"under 12\""},
    {"test_ages_until_are_refused", {"ages.txt", "from 0", "0 until 12"}, 1, "\"ages\" is \"under 12\""},
    {"test_the_first_of_two_wrong_ages_is_told",
     {"ages.txt", NULL, "ages under 12\n sign parents\n source S\nages from 16\n sign children\n source S\n"},
     2,
     "\"sign\" is subject or representatives, not \"parents\"",
     true},
    {"test_the_first_of_two_wrong_notices_is_told",
     {"notices.txt", NULL, "notice folder\n version 1 2\n language nl\nnotice leaflet\n language en\n"},
     2,
     "\"version\" takes exactly one word",
     true},
    {"test_the_first_of_many_notices_listed_twice_is_told",
     {"notices.txt", NULL,
      "notice folder\n version 1\n language nl\nnotice folder\n version 2\n language nl\n"
      "notice folder\n version 1\n language nl\nnotice folder\n version 2\n language nl\n"},
     7,
     "this version of notice \"folder\" is listed twice; first on line 1",
     true},
    {"test_a_retention_without_a_source_is_refused",
     {"retention.txt", " source S\n", ""},
     1,
     "retention \"file\" has no \"source\""},
    {"test_the_first_of_two_wrong_retentions_is_told",
     {"retention.txt", "period 15 years\n counts-from receipt\n source S\n",
      "period 15 months\n source S\nretention other\n held-by team\n law wmo\n period 15 days\n source S\n"},
     4,
     "\"period\" is a number and its unit, such as \"15 years\"",
     true},
    {"test_the_first_of_many_periods_for_one_record_is_told",
     {"retention.txt", "source S\n",
      "source S\nretention more\n held-by cak\n law wmo\n period 7 years\n counts-from receipt\n source S\n"
      "retention other\n held-by team\n law wmo\n period 7 years\n counts-from receipt\n source S\n"},
     13,
     "retention \"file\" and \"other\" are both about law wmo held by team",
     true},
    {"test_a_code_with_an_underscore_is_refused",
     {"origins.txt", "origin wmo", "origin w_o"},
     1,
     "\"w_o\" is not a code"},
    {"test_a_code_with_a_colon_is_refused",
     {"origins.txt", "origin wmo", "origin w:o"},
     1,
     "\"w:o\" is not a code"},
    {"test_a_code_with_a_brace_is_refused",
     {"origins.txt", "origin wmo", "origin w{o"},
     1,
     "\"w{o\" is not a code"},
    {"test_a_flow_with_a_bracket_is_refused", {"flows.txt", "flow A1", "flow A[1"}, 1, "\"A[1\" is not a code"},
    {"test_a_flow_with_a_colon_is_refused", {"flows.txt", "flow A1", "flow A:1"}, 1, "\"A:1\" is not a code"},
    {"test_a_stray_carriage_return_is_refused", {"origins.txt", " en E", " en E\rF"}, 3, "a carriage return"},
    {"test_a_tab_is_refused", {"origins.txt", " en E", "\ten E"}, 3, "a tab; use spaces"},
    {"test_invalid_utf_8_is_refused", {"origins.txt", " en E", " en \xC3("}, 3, "not UTF-8"},
    {"test_an_overlong_character_is_refused", {"origins.txt", " en E", " en \xC0\xAF"}, 3, "not UTF-8"},
    {"test_a_surrogate_is_refused", {"origins.txt", " en E", " en \xED\xA0\x80"}, 3, "not UTF-8"},
    {"test_a_file_cut_in_a_character_is_refused",
     {"origins.txt", " source S\n", " source \xE2\x82"},
     4,
     "not UTF-8"},
    {"test_text_that_reads_backwards_is_refused",
     {"origins.txt", " en E",
      " en \xE2\x80\xAE"
      "E"},
     3,
     "an invisible character, U+202E"},
    {"test_a_control_character_is_refused",
     {"origins.txt", " en E", " en \x1b[2J"},
     3,
     "an invisible character, U+001B"},
    {"test_a_carriage_return_at_the_end_is_refused",
     {"origins.txt", " source S\n", " source S\r"},
     4,
     "a carriage return"},
    {"test_a_stray_continuation_byte_is_refused", {"origins.txt", " en E", " en \x80"}, 3, "not UTF-8"},
    {"test_a_byte_that_begins_no_character_is_refused",
     {"origins.txt", " en E", " en \xF8\x88\x80\x80\x80"},
     3,
     "not UTF-8"},
    {"test_a_character_past_the_last_is_refused",
     {"origins.txt", " en E", " en \xF4\x90\x80\x80"},
     3,
     "not UTF-8"},
    {"test_a_deleted_character_is_refused",
     {"origins.txt", " en E", " en \x7F"},
     3,
     "an invisible character, U+007F"},
    {"test_a_second_control_character_is_refused",
     {"origins.txt", " en E", " en \xC2\x9F"},
     3,
     "an invisible character, U+009F"},
    {"test_a_soft_hyphen_is_refused",
     {"origins.txt", " en E", " en \xC2\xAD"},
     3,
     "an invisible character, U+00AD"},
    {"test_a_zero_width_space_is_refused",
     {"origins.txt", " en E", " en \xE2\x80\x8B"},
     3,
     "an invisible character, U+200B"},
    {"test_a_line_separator_is_refused",
     {"origins.txt", " en E", " en \xE2\x80\xA8"},
     3,
     "an invisible character, U+2028"},
    {"test_a_word_joiner_is_refused",
     {"origins.txt", " en E", " en \xE2\x81\xA0"},
     3,
     "an invisible character, U+2060"},
    {"test_a_byte_order_mark_inside_is_refused",
     {"origins.txt", " en E", " en \xEF\xBB\xBF"},
     3,
     "an invisible character, U+FEFF"},
    {"test_an_empty_file_of_flows_is_refused", {"flows.txt", NULL, "# none\n"}, 0, "no \"flow\" in it"},
    {"test_an_empty_file_of_parties_is_refused", {"parties.txt", NULL, ""}, 0, "no \"kind\" in it"},
    {"test_an_empty_pack_file_is_refused", {"pack.txt", NULL, ""}, 0, "no \"pack\" in it"},
};

static void refused (void **state)
{
    const struct refusal *refusal = *state;
    struct policy *policy = NULL;
    struct policy_error error = {.message = ""};
    assert_int_equal (changed_pack_try (&policy, &refusal->change, 1, NULL, &error), POLICY_INVALID);
    assert_null (policy);
    assert_string_equal (error.file, refusal->change.file);
    if (error.line != refusal->line || strncmp (error.message, refusal->message, strlen (refusal->message)) != 0)
        fail_msg ("expected %u: %s; got %u: %s", refusal->line, refusal->message, error.line, error.message);
}

enum { FAULTS = 40 };

/* Reads the small pack with these changes, which must be refused. */
static void read_faults (const struct change *changes, size_t count, struct policy_faults *faults)
{
    struct policy *policy = NULL;
    faults->count = 0;
    assert_int_equal (changed_pack_try_all (&policy, changes, count, faults), POLICY_INVALID);
    assert_null (policy);
    assert_in_range (faults->count, 1, FAULTS);
}

static bool is_told (const struct policy_faults *faults, const struct refusal *refusal)
{
    for (size_t i = 0; i < faults->count; i++)
        if (strcmp (faults->list[i].file, refusal->change.file) == 0 && faults->list[i].line == refusal->line &&
            strncmp (faults->list[i].message, refusal->message, strlen (refusal->message)) == 0)
            return true;
    return false;
}

/* Whoever mends what is told is not sent after what was right. */
static void test_what_is_wrong_is_told_once (void **state)
{
    (void)state;
    struct policy_error list[FAULTS];
    struct policy_faults faults = {.list = list, .limit = FAULTS};
    for (size_t i = 0; i < COUNT (refusals); i++) {
        read_faults (&refusals[i].change, 1, &faults);
        if (faults.count > 1 && !refusals[i].several)
            fail_msg ("%s: also %s:%u: %s", refusals[i].name, list[1].file, list[1].line, list[1].message);
    }
}

/* A file that is not read whole leaves the files that rest on it unjudged where they name what may be missing. */
static bool may_hide (const struct refusal *first, const struct refusal *second)
{
    bool rests_on_codes = strstr (second->message, "unknown ") == second->message ||
                          strstr (second->message, "both carry") != NULL ||
                          strstr (second->message, "named twice") != NULL;
    return rests_on_codes || first->several;
}

/* What is wrong in one file keeps nothing from being told of another. */
static void test_what_is_wrong_in_two_files_is_told_of_both (void **state)
{
    (void)state;
    struct policy_error list[FAULTS];
    struct policy_faults faults = {.list = list, .limit = FAULTS};
    size_t tried = 0;
    for (size_t i = 0; i < COUNT (refusals); i++)
        for (size_t j = i % 7; j < COUNT (refusals); j += 7) {
            const struct refusal *one = &refusals[i], *other = &refusals[j];
            if (strcmp (one->change.file, other->change.file) == 0 || may_hide (one, other) ||
                may_hide (other, one))
                continue;
            read_faults ((const struct change[]){one->change, other->change}, 2, &faults);
            if (!is_told (&faults, one) || !is_told (&faults, other))
                fail_msg ("%s and %s: only %s:%u: %s", one->name, other->name, list[0].file, list[0].line,
                          list[0].message);
            tried++;
        }
    assert_in_range (tried, 500, 5000);
}

/* Each in its stanza and field; a slip in a heading, a key, a code or a list keeps nothing else from being told.
 */
static void test_all_that_is_wrong_is_told_with_its_place (void **state)
{
    (void)state;
    static const struct change changes[] = {
        {"flows.txt", " providers team", " providrs team, nobody, nobody-else"},
        {"flows.txt", " purpose help\n", ""},
        {"flows.txt", " origin wmo", " origin brb"},
        {"parties.txt", "kind cak", "knid cak"},
        {"retention.txt", " period 15 years", " period soon"},
    };
    static const char *const expected[] = {
        "parties.txt:8 knid cak|: unknown heading \"knid\"; did you mean \"kind\"?",
        "flows.txt:5 flow A1|providrs: unknown key \"providrs\"; did you mean \"providers\"?",
        "flows.txt:1 flow A1|: flow \"A1\" has no \"purpose\"",
        "flows.txt:5 flow A1|providers: unknown kind \"nobody\"",
        "flows.txt:5 flow A1|providers: unknown kind \"nobody-else\"",
        "flows.txt:8 flow A1|origin: unknown origin \"brb\"",
        "retention.txt:4 retention file|period: \"period\" is a number and its unit, such as \"15 years\"",
    };
    struct policy_error list[FAULTS];
    struct policy_faults faults = {.list = list, .limit = FAULTS};
    read_faults (changes, COUNT (changes), &faults);
    for (size_t i = 0; i < faults.count && i < COUNT (expected); i++) {
        char told[768];
        snprintf (told, sizeof told, "%.100s:%u %.100s|%.60s: %.300s", list[i].file, list[i].line, list[i].stanza,
                  list[i].field, list[i].message);
        assert_string_equal (told, expected[i]);
    }
    assert_int_equal (faults.count, COUNT (expected));
}

static void test_what_is_beyond_the_list_is_counted (void **state)
{
    (void)state;
    static const struct change changes[] = {{"flows.txt", " providers team", " providers one, two, three"}};
    struct policy_error list[2];
    struct policy_faults faults = {.list = list, .limit = COUNT (list)};
    struct policy *policy = NULL;
    assert_int_equal (changed_pack_try_all (&policy, changes, 1, &faults), POLICY_INVALID);
    assert_int_equal (faults.count, 3);
    assert_string_equal (list[1].message, "unknown kind \"two\"");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_what_is_wrong_is_told_once),
        cmocka_unit_test (test_what_is_wrong_in_two_files_is_told_of_both),
        cmocka_unit_test (test_all_that_is_wrong_is_told_with_its_place),
        cmocka_unit_test (test_what_is_beyond_the_list_is_counted),
    };
    struct CMUnitTest all[COUNT (refusals) + COUNT (tests)];
    memcpy (all + COUNT (refusals), tests, sizeof tests);
    for (size_t i = 0; i < COUNT (refusals); i++)
        all[i] = (struct CMUnitTest){
            .name = refusals[i].name, .test_func = refused, .initial_state = (void *)(uintptr_t)&refusals[i]};
    return cmocka_run_group_tests_name ("policy refusals", all, NULL, NULL);
}

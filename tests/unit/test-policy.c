/* Packs that are right: what may be written, and what it means. */
#include <stdio.h>
#include <string.h>
#include "../small-pack.h"
#include "changed_pack.h"
#include "policy/policy_read.h"
#include "testing.h"

/* G3. */
static void test_a_flow_may_say_that_consent_never_carries_it (void **state)
{
    (void)state;
    static const struct {
        const char *lines;
        bool no_consent, urgent_reasons;
    } cases[] = {{" admits consent", false, false},
                 {" consent yes\n admits consent", false, false},
                 {" consent no", true, false},
                 {" consent no\n admits urgent-reasons", true, true}};
    for (size_t i = 0; i < COUNT (cases); i++) {
        const struct change change = {"flows.txt", " admits consent", cases[i].lines};
        struct policy *policy = changed_pack_good (&change);
        assert_int_equal (policy->flows[0].no_consent, cases[i].no_consent);
        assert_int_equal (policy->flows[0].urgent_reasons, cases[i].urgent_reasons);
        policy_destroy (&policy);
    }
}

static void test_a_statute_may_hold_by_some_and_to_some (void **state)
{
    (void)state;
    const struct change change = {"flows.txt", " statute wmo-2015 to cak\n",
                                  " statute wmo-2015 by team to cak\n statute wmo-2015 to team\n"};
    struct policy *policy = changed_pack_good (&change);
    const struct policy_flow *flow = &policy->flows[0];
    assert_int_equal (flow->statute_count, 2);
    assert_true (code_set_has (&flow->statutes[0].by, policy_kind (policy, "team")));
    assert_true (code_set_has (&flow->statutes[0].to, policy_kind (policy, "cak")));
    assert_false (code_set_has (&flow->statutes[0].to, policy_kind (policy, "team")));
    assert_true (code_set_is_empty (&flow->statutes[1].by));
    policy_destroy (&policy);
    assert_null (policy);
}

/* What the pack of 2026 needs beyond that of 2015. */
static void test_a_statute_may_cover_all_origins_and_break_secrecy (void **state)
{
    (void)state;
    const struct change change = {"statutes.txt", NULL,
                                  "statute wmo-5.2.6\n nl N\n en E\n source Wmo 5.2.6\n origins all\n"
                                  " carries-special all\n breaks-secrecy yes\n passes-restriction yes\n"
                                  " informing-deferrable yes\nstatute wmo-2015\n nl N\n en E\n source S\n"
                                  " origins wmo\n carries-special health\n breaks-secrecy no\n"
                                  " passes-restriction no\n informing-deferrable no\n"};
    struct policy *policy = changed_pack_good (&change);
    assert_true (policy->statutes[0].all_origins);
    assert_int_equal (policy->statutes[0].carries, CARRIES_ALL);
    assert_true (policy->statutes[0].breaks_secrecy && policy->statutes[0].passes_restriction &&
                 policy->statutes[0].inform_deferrable);
    assert_int_equal (policy->statutes[1].carries, CARRIES_HEALTH);
    policy_destroy (&policy);
}

static void test_comments_blank_lines_and_continuations_read_as_one_value (void **state)
{
    (void)state;
    const struct change change = {
        "origins.txt", NULL,
        "\xEF\xBB\xBF# comment\r\norigin wmo # the act\r\n    nl\r\n        Wet  maat-\r\n"
        "\r\n        # between\r\n        schappelijke #1 \r\n    en  E#1\r\n  # low\r\n"
        "    source S"};
    struct policy *policy = changed_pack_good (&change);
    assert_string_equal (policy->origins[0].entry.code, "wmo");
    assert_string_equal (policy->origins[0].entry.label_nl, "Wet maat- schappelijke");
    assert_string_equal (policy->origins[0].entry.label_en, "E#1");
    assert_string_equal (policy->origins[0].entry.source, "S");
    policy_destroy (&policy);
}

static void test_notices_are_known_by_id_version_and_language (void **state)
{
    (void)state;
    const struct change change = {
        "notices.txt", NULL, "notice folder\n version 1\n language nl\nnotice folder\n version 1\n language en\n"};
    struct policy *policy = changed_pack_good (&change);
    assert_int_equal (policy->notice_count, 2);
    assert_string_equal (policy->notices[1].id, "folder");
    assert_string_equal (policy->notices[1].language, "en");
    policy_destroy (&policy);
}

static void test_a_pack_may_do_without_statutes_reasons_and_notices (void **state)
{
    (void)state;
    const struct change changes[] = {{"urgent-reasons.txt", NULL, ""}, {"notices.txt", NULL, "# none\n"}};
    for (size_t i = 0; i < COUNT (changes); i++) {
        struct policy *policy = changed_pack_good (&changes[i]);
        assert_int_equal (i == 0 ? policy->urgent_reason_count : policy->notice_count, 0);
        policy_destroy (&policy);
    }
}

/* The neighbours of what is refused as invisible are not. */
static void test_letters_of_every_size_are_kept (void **state)
{
    (void)state;
    static const char *const letters[] = {"\xC2\xA0",         "\xC3\xAB",        "\xE2\x80\x8A", "\xE2\x80\xA7",
                                          "\xE2\x80\xB0",     "\xE2\x82\xAC",    "\xEE\x80\x80", "\xEF\xBF\xBD",
                                          "\xF0\x9F\x98\x80", "\xF4\x8F\xBF\xBF"};
    for (size_t i = 0; i < COUNT (letters); i++) {
        char value[16];
        snprintf (value, sizeof value, " en E%s", letters[i]);
        const struct change change = {"origins.txt", " en E", value};
        struct policy *policy = changed_pack_good (&change);
        assert_string_equal (policy->origins[0].entry.label_en, value + 4);
        policy_destroy (&policy);
    }
}

static void test_flows_of_one_purpose_may_share_all_but_one_side_of_their_cells (void **state)
{
    (void)state;
    static const char *const sides[] = {"providers cak\n recipients cak\n categories naw",
                                        "providers team\n recipients gp\n categories naw",
                                        "providers team\n recipients team\n categories other"};
    static const char kinds[] =
        "kind gp\n nl N\n en E\n source S\n secrecy none\n third-party yes\n needs-agreement no\nkind cak";
    static const char categories[] =
        "category other\n nl N\n en E\n source S\n area none\n special no\ncategory health";
    for (size_t i = 0; i < COUNT (sides); i++) {
        char flow[256];
        snprintf (flow, sizeof flow,
                  "flow A2\n nl N\n en E\n source S\n %s\n purpose help\n origin wmo\n admits consent\nflow A1",
                  sides[i]);
        const struct change changes[] = {{"parties.txt", "kind cak", kinds},
                                         {"categories.txt", "category health", categories},
                                         {"flows.txt", "flow A1", flow}};
        struct policy *policy = changed_pack_read (changes, COUNT (changes), NULL);
        assert_int_equal (policy->flow_count, 2);
        policy_destroy (&policy);
    }
}

static void test_a_statute_may_be_named_again_for_other_parties (void **state)
{
    (void)state;
    static const char *const again[] = {" statute wmo-2015 to cak\n statute wmo-2015 by team to cak\n",
                                        " statute wmo-2015 to cak\n statute wmo-2015 to team\n",
                                        " statute wmo-2015 by team to cak\n statute wmo-2015 to cak\n"};
    for (size_t i = 0; i < COUNT (again); i++) {
        const struct change change = {"flows.txt", " statute wmo-2015 to cak\n", again[i]};
        struct policy *policy = changed_pack_good (&change);
        assert_int_equal (policy->flows[0].statute_count, 2);
        policy_destroy (&policy);
    }
}

static void test_groups_stand_for_their_members_wherever_they_are_declared (void **state)
{
    (void)state;
    const struct change changes[] = {
        {"parties.txt", "kind team", "group everybody\n members team, cak\nkind team"},
        {"flows.txt", "recipients team, cak", "recipients everybody"}};
    struct policy *policy = changed_pack_read (changes, COUNT (changes), NULL);
    assert_true (code_set_has (&policy->flows[0].recipients, policy_kind (policy, "team")));
    assert_true (code_set_has (&policy->flows[0].recipients, policy_kind (policy, "cak")));
    assert_int_equal (policy->kind_count, 2);
    policy_destroy (&policy);
}

static void test_a_notice_may_be_listed_in_other_versions_and_languages (void **state)
{
    (void)state;
    const struct change change = {
        "notices.txt", NULL,
        "notice folder\n version 1\n language nl\nnotice folder\n version 2\n language nl\n"
        "notice folder\n version 1\n language en\nnotice leaflet\n version 1\n language nl\n"};
    struct policy *policy = changed_pack_good (&change);
    assert_int_equal (policy->notice_count, 4);
    policy_destroy (&policy);
}

static void test_the_consent_itself_may_have_a_retention_beside_the_record (void **state)
{
    (void)state;
    const struct change change = {
        "retention.txt", "source S\n",
        "source S\nretention consents\n held-by team\n law wmo\n period longest-record\n source S\n"};
    struct policy *policy = changed_pack_good (&change);
    assert_int_equal (policy->retention_count, 2);
    assert_true (policy->retentions[1].longest_record);
    policy_destroy (&policy);
}

static void test_no_kind_may_be_a_recipient_of_special_categories (void **state)
{
    (void)state;
    const struct change change = {"pack.txt", "value team", "value none"};
    struct policy *policy = changed_pack_good (&change);
    assert_true (code_set_is_empty (&policy->special_recipients));
    policy_destroy (&policy);
    policy_destroy (&policy); /* once more is nothing */
}

static void test_the_hash_is_of_every_byte_and_of_its_place (void **state)
{
    (void)state;
    struct policy *plain = changed_pack_good (NULL);
    struct policy *same = changed_pack_good (NULL);
    assert_memory_equal (plain->hash, same->hash, 32);
    policy_destroy (&same);
    const struct change changes[] = {{"flows.txt", "source S", "source T"},
                                     {"flows.txt", "flow A1", "# a comment\nflow A1"},
                                     {"notices.txt", NULL, "notice folder\n version 1\n language nl"}};
    for (size_t i = 0; i < COUNT (changes); i++) {
        struct policy *changed = changed_pack_good (&changes[i]);
        assert_memory_not_equal (plain->hash, changed->hash, 32);
        policy_destroy (&changed);
    }
    policy_destroy (&plain);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_a_flow_may_say_that_consent_never_carries_it),
        cmocka_unit_test (test_a_statute_may_hold_by_some_and_to_some),
        cmocka_unit_test (test_a_statute_may_cover_all_origins_and_break_secrecy),
        cmocka_unit_test (test_comments_blank_lines_and_continuations_read_as_one_value),
        cmocka_unit_test (test_notices_are_known_by_id_version_and_language),
        cmocka_unit_test (test_a_pack_may_do_without_statutes_reasons_and_notices),
        cmocka_unit_test (test_letters_of_every_size_are_kept),
        cmocka_unit_test (test_flows_of_one_purpose_may_share_all_but_one_side_of_their_cells),
        cmocka_unit_test (test_a_statute_may_be_named_again_for_other_parties),
        cmocka_unit_test (test_groups_stand_for_their_members_wherever_they_are_declared),
        cmocka_unit_test (test_a_notice_may_be_listed_in_other_versions_and_languages),
        cmocka_unit_test (test_the_consent_itself_may_have_a_retention_beside_the_record),
        cmocka_unit_test (test_no_kind_may_be_a_recipient_of_special_categories),
        cmocka_unit_test (test_the_hash_is_of_every_byte_and_of_its_place),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}

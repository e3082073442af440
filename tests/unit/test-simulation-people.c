/* Who signs, who withdraws, and what birthdays, capability and death do over time (rules M1 to M8 and M10). */
#include <string.h>
#include "simulation_verbs.h"

#define PARENTS "ouder-1 ouder-2"
#define PARENTS_UNTIL_TODAY \
    "ouder-1:ouder-met-gezag:2018-03-01:2026-05-01 ouder-2:ouder-met-gezag:2018-03-01:2026-05-01"

static const char missing[] = "REJECTED REPRESENTATION_MISSING";

static void advance_to (struct simulation *sim, const char *text, const char *expected)
{
    sim->wall = AT (text);
    assert_string_equal (CHECK (sim, .advise = true), expected);
}

/* M1, M5 */

static void test_the_consent_of_parents_lapses_as_the_twelfth_birthday_begins_and_stays_lapsed (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "2014-06-10", .representatives = PARENTS);
    GRANTED (sim, .signers = PARENTS, .valid_until = AT ("2027-01-01"));
    advance_to (sim, "2026-06-09 23:59:59.999", "consent");
    advance_to (sim, "2026-06-10 00:00", "REPRESENTATION_LAPSED");
    /* Since then the child's own word was needed: that its parents alone sign again later changes nothing. */
    PERSON (sim, .born = "2014-06-10", .representatives = PARENTS, .incapable_from = "2026-07-01");
    advance_to (sim, "2026-07-02", "REPRESENTATION_LAPSED");
    advance_to (sim, "2026-12-31 23:59", "REPRESENTATION_LAPSED");
}

static void test_a_lapsed_consent_is_followed_by_one_that_the_child_signs_too (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "2014-06-10", .representatives = PARENTS);
    GRANTED (sim, .signers = PARENTS, .valid_until = AT ("2027-01-01"));
    advance_to (sim, "2026-06-10 09:00", "REPRESENTATION_LAPSED");
    assert_string_equal (GRANT (sim, .signers = PARENTS), missing);
    assert_string_equal (GRANT (sim, .signers = PARENTS " subject"), "OK");
    advance_to (sim, "2026-06-11", "consent");
}

static void test_under_twelve_every_parent_signs_and_the_child_does_not (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "2018-03-01", .representatives = PARENTS);
    assert_string_equal (GRANT (sim, .signers = "subject"), missing);
    assert_string_equal (GRANT (sim, .signers = "ouder-1"), missing);
    assert_string_equal (GRANT (sim, .signers = "ouder-1 subject"), missing);
    assert_string_equal (GRANT (sim, .signers = PARENTS), "OK");
}

/* M2 */

static void test_from_twelve_to_sixteen_child_and_parents_both_sign (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "2012-03-01", .representatives = PARENTS);
    assert_string_equal (GRANT (sim, .signers = "subject"), missing);
    assert_string_equal (GRANT (sim, .signers = PARENTS), missing);
    assert_string_equal (GRANT (sim, .signers = "subject ouder-2"), missing);
    assert_string_equal (GRANT (sim, .signers = "subject " PARENTS), "OK");
}

static void test_a_consent_signed_by_child_and_parents_stays_at_sixteen (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "2010-06-10", .representatives = PARENTS);
    GRANTED (sim, .signers = "subject " PARENTS, .valid_until = AT ("2027-01-01"));
    advance_to (sim, "2026-06-10", "consent");
}

/* M3 */

static void test_from_the_sixteenth_birthday_on_the_subject_signs_alone (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "2010-05-02", .representatives = PARENTS);
    sim->wall = AT ("2026-05-02 00:10");
    assert_string_equal (GRANT (sim, .signers = "subject", .signed_at = AT ("2026-05-01 23:59:59.999")), missing);
    assert_string_equal (GRANT (sim, .signers = PARENTS), missing);
    assert_string_equal (GRANT (sim, .signers = "subject", .signed_at = AT ("2026-05-02 00:00")), "OK");
}

static void test_who_is_born_on_29_february_turns_sixteen_on_that_day (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "2012-02-29", .representatives = PARENTS);
    sim->wall = AT ("2028-02-29 00:10");
    assert_string_equal (GRANT (sim, .signers = "subject", .signed_at = AT ("2028-02-28 23:59")), missing);
    assert_string_equal (GRANT (sim, .signers = "subject", .signed_at = AT ("2028-02-29 00:00")), "OK");
}

/* M5: each signature at its own moment */

static void test_the_signature_of_a_child_of_eleven_does_not_stand_at_twelve (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "2014-06-10", .representatives = PARENTS);
    sim->wall = AT ("2026-06-10 09:00");
    assert_string_equal (
        GRANT (sim, .signers = PARENTS, .also_signer = "subject", .also_signed_at = AT ("2026-06-09 20:00")),
        missing);
    assert_string_equal (GRANT (sim, .signers = PARENTS, .signed_at = AT ("2026-06-09 20:00"),
                                .also_signer = "subject", .also_signed_at = AT ("2026-06-10 08:00")),
                         "OK");
    assert_string_equal (CHECK (sim, .items = "naw"), "consent");
}

static void test_the_last_signature_says_who_must_have_signed (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "2014-06-10", .representatives = PARENTS);
    sim->wall = AT ("2026-06-10 09:00");
    assert_string_equal (GRANT (sim, .signers = "ouder-1", .signed_at = AT ("2026-06-09 20:00"),
                                .also_signer = "ouder-2", .also_signed_at = AT ("2026-06-10 08:00")),
                         missing);
}

static void test_signatures_of_parents_from_before_the_birthday_do_not_make_a_consent_after_it (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "2014-06-10", .representatives = PARENTS);
    GRANTED (sim, .signers = PARENTS, .valid_until = AT ("2027-01-01"));
    sim->wall = AT ("2026-06-10 09:00");
    GRANT (sim, .signers = PARENTS, .signed_at = AT ("2026-06-09 20:00"));
    assert_string_equal (CHECK (sim, .items = "naw"), "REPRESENTATION_LAPSED");
}

/* M4 */

static void test_the_representative_signs_while_the_subject_is_not_capable (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .representatives = "mentor-1:mentor", .incapable_from = "2026-03-01");
    assert_string_equal (GRANT (sim, .signers = "subject"), missing);
    assert_string_equal (GRANT (sim, .signers = "mentor-1"), "OK");
    assert_string_equal (CHECK (sim, .items = "naw"), "consent");
}

static void test_the_consent_of_a_mentor_lapses_when_the_subject_is_capable_again (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .representatives = "mentor-1:mentor", .incapable_from = "2026-03-01",
            .capable_from = "2026-06-01");
    GRANTED (sim, .signers = "mentor-1", .valid_until = AT ("2027-01-01"));
    advance_to (sim, "2026-05-31 23:59:59.999", "consent");
    advance_to (sim, "2026-06-01", "REPRESENTATION_LAPSED");
}

static void test_a_consent_that_a_capable_subject_gave_stays_when_he_becomes_incapable (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .representatives = "mentor-1:mentor");
    GRANTED (sim, .signers = "subject", .valid_until = AT ("2027-01-01"));
    PERSON (sim, .representatives = "mentor-1:mentor", .incapable_from = "2026-05-02");
    advance_to (sim, "2026-06-01", "consent");
    assert_string_equal (GRANT (sim, .signers = "subject"), missing);
}

static void test_a_signature_is_judged_by_the_capability_of_its_own_day (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .representatives = "mentor-1:mentor", .incapable_from = "2026-04-20");
    assert_string_equal (GRANT (sim, .signers = "subject", .signed_at = AT ("2026-04-20 00:00")), missing);
    assert_string_equal (GRANT (sim, .signers = "subject", .signed_at = AT ("2026-04-19 23:59:59.999")), "OK");
}

/* M6 */

static void test_who_has_no_authority_is_no_representative (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "2018-03-01", .representatives = "bewind-1:bewindvoerder");
    assert_string_equal (GRANT (sim, .signers = "bewind-1"), missing);
    PERSON (sim, .born = "2018-03-01", .representatives = "voogd-1:voogd bewind-1:bewindvoerder");
    assert_string_equal (GRANT (sim, .signers = "voogd-1"), "OK");
}

static void test_without_a_birth_date_nobody_can_sign (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "", .representatives = PARENTS);
    assert_string_equal (GRANT (sim, .signers = "subject"), missing);
    assert_string_equal (GRANT (sim, .signers = "subject " PARENTS), missing);
    assert_string_equal (GRANT (sim, .bsn = "999990019", .signers = "subject"), missing);
}

static void test_where_representatives_are_needed_and_none_is_registered_nobody_can_sign (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "2012-03-01");
    assert_string_equal (GRANT (sim, .signers = "subject"), missing);
}

/* M7 */

static void test_the_signature_of_a_refused_representative_is_neither_needed_nor_counted (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "2018-03-01", .representatives = PARENTS, .refused = "ouder-2",
            .refused_from = "2026-04-01");
    assert_string_equal (GRANT (sim, .signers = "ouder-2"), missing);
    assert_string_equal (GRANT (sim, .signers = "ouder-1"), "OK");
}

static void test_before_the_day_of_the_refusal_the_signature_is_needed (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "2018-03-01", .representatives = PARENTS, .refused = "ouder-2",
            .refused_from = "2026-04-28");
    assert_string_equal (GRANT (sim, .signers = "ouder-1", .signed_at = AT ("2026-04-27 23:59:59.999")), missing);
    assert_string_equal (GRANT (sim, .signers = "ouder-1", .signed_at = AT ("2026-04-28 00:00")), "OK");
}

static void test_where_all_are_refused_a_capable_child_of_twelve_signs_alone (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "2013-03-01", .representatives = PARENTS, .refused = PARENTS);
    assert_string_equal (GRANT (sim, .signers = "subject"), "OK");
    PERSON (sim, .born = "2013-03-01", .representatives = PARENTS, .refused = PARENTS,
            .incapable_from = "2026-01-01");
    assert_string_equal (GRANT (sim, .signers = "subject"), missing);
    PERSON (sim, .born = "2018-03-01", .representatives = PARENTS, .refused = PARENTS);
    assert_string_equal (GRANT (sim, .signers = "subject"), missing);
}

/* M8 */

static void test_any_one_of_those_who_must_consent_may_withdraw (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "2018-03-01", .representatives = PARENTS " bewind-1:bewindvoerder");
    const uint8_t *consent = GRANTED (sim, .signers = PARENTS);
    assert_string_equal (REVOKE (sim, .consent = consent, .withdrawn_by = "subject"), missing);
    assert_string_equal (REVOKE (sim, .consent = consent, .withdrawn_by = "bewind-1"), missing);
    assert_string_equal (CHECK (sim, .items = "naw"), "consent");
    assert_string_equal (REVOKE (sim, .consent = consent, .withdrawn_by = "ouder-2"), "OK");
    assert_string_equal (CHECK (sim, .items = "naw"), "REVOKED");
}

static void test_from_twelve_on_the_subject_may_withdraw_capable_or_not (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .representatives = "mentor-1:mentor", .incapable_from = "2026-03-01");
    const uint8_t *consent = GRANTED (sim, .signers = "mentor-1");
    assert_string_equal (REVOKE (sim, .consent = consent, .withdrawn_by = "subject"), "OK");
    assert_string_equal (CHECK (sim, .items = "naw"), "REVOKED");
}

static void test_a_parent_may_not_withdraw_what_is_the_subjects_alone (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "2009-03-01", .representatives = PARENTS);
    const uint8_t *consent = GRANTED (sim, .signers = "subject");
    assert_string_equal (REVOKE (sim, .consent = consent, .withdrawn_by = "ouder-1"), missing);
    assert_string_equal (CHECK (sim, .items = "naw"), "consent");
}

static void test_the_social_team_records_a_withdrawal_where_nobody_can_and_only_there (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "2018-03-01", .representatives = PARENTS);
    const uint8_t *consent = GRANTED (sim, .signers = PARENTS);
    assert_string_equal (REVOKE (sim, .consent = consent, .nobody_reason = "niemand bereikbaar"), missing);
    PERSON (sim, .born = "2018-03-01", .representatives = PARENTS_UNTIL_TODAY);
    assert_string_equal (REVOKE (sim, .consent = consent, .nobody_reason = "geen gezag geregeld"), "OK");
    assert_string_equal (CHECK (sim, .items = "naw"), "REVOKED");
}

/* G12: the word of one who may withdraw */
static void test_one_who_may_withdraw_may_refuse (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "2018-03-01", .representatives = PARENTS);
    assert_string_equal (REFUSE (sim, .signers = "subject"), missing);
    assert_string_equal (REFUSE (sim, .signers = "ouder-2"), "OK");
    assert_string_equal (CHECK (sim, .items = "naw"), "REFUSED");
    PERSON (sim, .bsn = "999990342", .born = "2013-03-01", .representatives = PARENTS);
    assert_string_equal (REFUSE (sim, .bsn = "999990342", .signers = "subject"), "OK");
    assert_string_equal (CHECK (sim, .bsn = "999990342"), "REFUSED");
    assert_string_equal (GRANT (sim, .bsn = "999990342", .signers = "subject " PARENTS), "OK");
    assert_string_equal (REFUSE (sim, .bsn = "999990342", .signers = "ouder-1"), "OK");
    assert_string_equal (CHECK (sim, .bsn = "999990342"), "REFUSED");
}

/* M5: who came or went since does not matter, while the subject's own word is not needed */
static void test_a_consent_stays_when_representatives_change (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "2018-03-01", .representatives = PARENTS);
    const uint8_t *consent = GRANTED (sim, .signers = PARENTS, .valid_until = AT ("2027-01-01"));
    PERSON (sim, .born = "2018-03-01", .representatives = PARENTS_UNTIL_TODAY " voogd-1:voogd:2026-05-01");
    advance_to (sim, "2026-06-01", "consent");
    assert_string_equal (REVOKE (sim, .consent = consent, .withdrawn_by = "ouder-3"), missing);
    assert_string_equal (REVOKE (sim, .consent = consent, .withdrawn_by = "voogd-1"), "OK");
}

/* M8: whoever's signature stands under it */
static void test_who_signed_may_withdraw_though_his_authority_has_ended (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "2018-03-01", .representatives = PARENTS);
    const uint8_t *consent = GRANTED (sim, .signers = PARENTS, .valid_until = AT ("2027-01-01"));
    PERSON (sim, .born = "2018-03-01", .representatives = PARENTS_UNTIL_TODAY " voogd-1:voogd:2026-05-01");
    sim->wall = AT ("2026-05-04");
    const uint8_t *of_voogd = GRANTED (sim, .categories = "bsn", .signers = "voogd-1");
    assert_string_equal (REVOKE (sim, .consent = of_voogd, .withdrawn_by = "ouder-1"), missing);
    assert_string_equal (REVOKE (sim, .consent = consent, .withdrawn_by = "ouder-1"), "OK");
    assert_string_equal (CHECK (sim, .items = "naw"), "REVOKED");
}

static void test_who_signed_may_not_withdraw_when_refused_or_when_the_subject_alone_decides (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "2010-06-10", .representatives = PARENTS);
    const uint8_t *consent = GRANTED (sim, .signers = PARENTS " subject", .valid_until = AT ("2027-01-01"));
    /* M7: from today on, whether or not he has authority. */
    PERSON (sim, .born = "2010-06-10", .representatives = "ouder-1:ouder-met-gezag:2000-01-01:2026-05-01 ouder-2",
            .refused = "ouder-1", .refused_from = "2026-05-01");
    assert_string_equal (REVOKE (sim, .consent = consent, .withdrawn_by = "ouder-1"), missing);
    /* From 16 on the subject alone. */
    sim->wall = AT ("2026-06-10");
    assert_string_equal (REVOKE (sim, .consent = consent, .withdrawn_by = "ouder-2"), missing);
    assert_string_equal (REVOKE (sim, .consent = consent, .withdrawn_by = "subject"), "OK");
}

static const char *refused_with (struct simulation *sim, const uint8_t *consent, const char *who, const char *by)
{
    Consentd__Reply *reply = REVOKE_REPLY (sim, .consent = consent, .withdrawn_by = who, .by = by);
    assert_int_equal (reply->status, CONSENTD__STATUS__REJECTED);
    assert_string_equal (reply->refusals[0]->rule, "M8");
    return reply->message;
}

static void test_a_withdrawal_that_is_refused_is_told_the_way_out (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "2018-03-01", .representatives = PARENTS);
    const uint8_t *consent = GRANTED (sim, .signers = PARENTS, .valid_until = AT ("2027-01-01"));
    assert_non_null (strstr (refused_with (sim, consent, "oma", "kernteam"), "who has authority now"));
    /* A party that passes it on learns nothing of who represents the child (M9). */
    const char *told = refused_with (sim, consent, "oma", "zorgaanbieder-horizon");
    assert_non_null (strstr (told, "the social team knows"));
    PERSON (sim, .born = "2018-03-01", .representatives = PARENTS_UNTIL_TODAY);
    assert_string_equal (refused_with (sim, consent, "oma", "zorgaanbieder-horizon"), told);
    assert_non_null (strstr (refused_with (sim, consent, "oma", "kernteam"), "nobody_reason"));
    PERSON (sim, .born = "2004-03-01", .representatives = PARENTS);
    assert_non_null (strstr (refused_with (sim, consent, "ouder-1", "kernteam"), "the subject alone"));
    PERSON (sim, .born = "2012-03-01");
    assert_non_null (strstr (refused_with (sim, consent, "oma", "kernteam"), "the subject may"));
    assert_string_equal (refused_with (sim, consent, "oma", "zorgaanbieder-horizon"), told);
    PERSON (sim, .born = "2018-03-01", .representatives = PARENTS, .died = "2026-04-30");
    assert_non_null (strstr (refused_with (sim, consent, "ouder-1", "kernteam"), "died"));
}

/* M10 */

static void test_death_ends_consents_from_that_day_on_and_leaves_statutes (void **state)
{
    struct simulation *sim = *state;
    PERSON (sim, .born = "1940-01-01");
    const uint8_t *consent = GRANTED (sim, .valid_until = AT ("2027-01-01"));
    sim->wall = AT ("2026-05-22");
    PERSON (sim, .born = "1940-01-01", .died = "2026-05-20");
    assert_string_equal (CHECK (sim, .items = "naw"), "REPRESENTATION_LAPSED");
    assert_string_equal (CHECK (sim, .to = "cak", .purpose = "eigen-bijdrage"), "wmo-2015");
    assert_string_equal (GRANT (sim, .signers = "subject"), missing);
    assert_string_equal (REFUSE (sim, .signers = "subject"), missing);
    /* Nor does it help that he signed before: it would have been recorded as lapsed. */
    assert_string_equal (GRANT (sim, .signers = "subject", .signed_at = AT ("2026-05-19")), missing);
    assert_string_equal (REFUSE (sim, .signers = "subject", .signed_at = AT ("2026-05-19")), missing);
    assert_string_equal (REVOKE (sim, .consent = consent, .withdrawn_by = "subject"), missing);
    assert_string_equal (REVOKE (sim, .consent = consent, .nobody_reason = "de betrokkene is overleden"), missing);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        SIMULATION_TEST (test_the_consent_of_parents_lapses_as_the_twelfth_birthday_begins_and_stays_lapsed),
        SIMULATION_TEST (test_a_lapsed_consent_is_followed_by_one_that_the_child_signs_too),
        SIMULATION_TEST (test_under_twelve_every_parent_signs_and_the_child_does_not),
        SIMULATION_TEST (test_from_twelve_to_sixteen_child_and_parents_both_sign),
        SIMULATION_TEST (test_a_consent_signed_by_child_and_parents_stays_at_sixteen),
        SIMULATION_TEST (test_from_the_sixteenth_birthday_on_the_subject_signs_alone),
        SIMULATION_TEST (test_who_is_born_on_29_february_turns_sixteen_on_that_day),
        SIMULATION_TEST (test_the_signature_of_a_child_of_eleven_does_not_stand_at_twelve),
        SIMULATION_TEST (test_the_last_signature_says_who_must_have_signed),
        SIMULATION_TEST (test_signatures_of_parents_from_before_the_birthday_do_not_make_a_consent_after_it),
        SIMULATION_TEST (test_the_representative_signs_while_the_subject_is_not_capable),
        SIMULATION_TEST (test_the_consent_of_a_mentor_lapses_when_the_subject_is_capable_again),
        SIMULATION_TEST (test_a_consent_that_a_capable_subject_gave_stays_when_he_becomes_incapable),
        SIMULATION_TEST (test_a_signature_is_judged_by_the_capability_of_its_own_day),
        SIMULATION_TEST (test_who_has_no_authority_is_no_representative),
        SIMULATION_TEST (test_without_a_birth_date_nobody_can_sign),
        SIMULATION_TEST (test_where_representatives_are_needed_and_none_is_registered_nobody_can_sign),
        SIMULATION_TEST (test_the_signature_of_a_refused_representative_is_neither_needed_nor_counted),
        SIMULATION_TEST (test_before_the_day_of_the_refusal_the_signature_is_needed),
        SIMULATION_TEST (test_where_all_are_refused_a_capable_child_of_twelve_signs_alone),
        SIMULATION_TEST (test_any_one_of_those_who_must_consent_may_withdraw),
        SIMULATION_TEST (test_from_twelve_on_the_subject_may_withdraw_capable_or_not),
        SIMULATION_TEST (test_a_parent_may_not_withdraw_what_is_the_subjects_alone),
        SIMULATION_TEST (test_the_social_team_records_a_withdrawal_where_nobody_can_and_only_there),
        SIMULATION_TEST (test_one_who_may_withdraw_may_refuse),
        SIMULATION_TEST (test_a_consent_stays_when_representatives_change),
        SIMULATION_TEST (test_who_signed_may_withdraw_though_his_authority_has_ended),
        SIMULATION_TEST (test_who_signed_may_not_withdraw_when_refused_or_when_the_subject_alone_decides),
        SIMULATION_TEST (test_a_withdrawal_that_is_refused_is_told_the_way_out),
        SIMULATION_TEST (test_death_ends_consents_from_that_day_on_and_leaves_statutes),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}

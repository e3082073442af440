/* What libconsent tells of a key, and of parties: nothing that the registry did not say, and no permit that it did
   not record. */
#include <string.h>
#include "scripted_registry.h"
#include "testing.h"

static const char key[] = "00112233445566778899aabbccddeeff";

/* Asks with this script; `permits` says of each answer whether it is a permit; "": there is none. */
static void assert_recorded (consent_t *self, void (*twist) (Consentd__Reply *reply), int status,
                             const char *permits)
{
    struct consent_answer *answers[CONSENT_TOGETHER_MAX];
    size_t count = 99;
    scripted.twist = twist;
    scripted.last_size = 0;
    assert_int_equal (consent_recorded (self, key, "medewerker-17", answers, &count), status);
    assert_int_equal (count, strlen (permits));
    for (size_t i = 0; i < count; i++) {
        bool permit = permits[i] == 'p';
        assert_int_equal (answers[i]->verdict, permit ? CONSENT_PERMIT : CONSENT_DENY);
        if (permit) {
            assert_true (answers[i]->replayed);
            assert_int_equal (answers[i]->revision, 40);
            assert_string_equal (answers[i]->epoch, "616e206964206f662031362062797465"); /* of then, not of now */
            assert_string_equal (answers[i]->items[0].category, "naw");
        }
        consent_answer_destroy (&answers[i]);
    }
}

static void test_what_is_recorded_is_told_answer_by_answer (void **state)
{
    assert_recorded (*state, scripted_honest, CONSENT_OK, "pp");
}

static void one_missing (Consentd__Reply *reply)
{
    reply->recorded->answers[0]->status = CONSENTD__STATUS__NOT_FOUND;
    reply->recorded->answers[0]->check = NULL;
}

static void one_revoked (Consentd__Reply *reply)
{
    reply->recorded->answers[1]->revoked_since = true;
}

static void one_not_recorded (Consentd__Reply *reply)
{
    reply->recorded->answers[1]->replayed = false;
}

static void one_without_ground (Consentd__Reply *reply)
{
    reply->recorded->answers[0]->check->items[0]->ground = CONSENTD__GROUND__GROUND_NONE;
    reply->recorded->answers[1]->check->verdict = CONSENTD__VERDICT__DENY;
}

static void test_an_answer_that_is_missing_or_not_to_be_believed_says_nothing_of_the_others (void **state)
{
    assert_recorded (*state, one_missing, CONSENT_OK, "-p");
    assert_recorded (*state, one_revoked, CONSENT_OK, "p-");
    assert_recorded (*state, one_not_recorded, CONSENT_OK, "p-");
    assert_recorded (*state, one_without_ground, CONSENT_OK, "--");
}

/* Nobody knows what was claimed then: the registry has judged that. */
static void claimed (Consentd__Reply *reply)
{
    reply->recorded->answers[0]->check->items[0]->ground = CONSENTD__GROUND__WRITTEN_REQUEST;
    reply->recorded->answers[1]->check->items[0]->ground = CONSENTD__GROUND__URGENT_REASONS;
    reply->recorded->answers[1]->check->items[0]->urgent_reason = "vitaal-belang";
}

static void claimed_without_a_reason (Consentd__Reply *reply)
{
    reply->recorded->answers[0]->check->items[0]->ground = CONSENTD__GROUND__URGENT_REASONS;
}

static void test_a_ground_that_was_claimed_counts (void **state)
{
    assert_recorded (*state, claimed, CONSENT_OK, "pp");
    assert_recorded (*state, claimed_without_a_reason, CONSENT_OK, "-p");
}

static void not_found (Consentd__Reply *reply)
{
    reply->status = CONSENTD__STATUS__NOT_FOUND;
}

static void no_answers (Consentd__Reply *reply)
{
    reply->recorded->n_answers = 0;
}

static void no_epoch (Consentd__Reply *reply)
{
    reply->recorded->epoch.len = 0;
}

static void test_without_a_reply_that_fits_there_is_nothing (void **state)
{
    assert_recorded (*state, not_found, CONSENT_NOT_FOUND, "");
    assert_recorded (*state, no_answers, CONSENT_BAD_REPLY, "");
    assert_recorded (*state, no_epoch, CONSENT_BAD_REPLY, "");
    assert_recorded (*state, scripted_no_body, CONSENT_BAD_REPLY, "");
    assert_recorded (*state, scripted_forbidden, CONSENT_FORBIDDEN, "");
    scripted.ignore = SCRIPTED_ATTEMPTS;
    assert_recorded (*state, scripted_honest, CONSENT_TIMEOUT, "");
}

static void test_a_key_that_is_none_is_not_sent (void **state)
{
    size_t count = 99;
    int heard = scripted.heard;
    assert_int_equal (consent_recorded (*state, "0011", NULL, NULL, &count), CONSENT_INVALID);
    assert_int_equal (count, 0);
    assert_int_equal (scripted.heard, heard);
}

static void test_parties_are_told_as_the_registry_tells_them (void **state)
{
    const char *const ids[] = {"kernteam", "zorgaanbieder-horizon", NULL};
    struct consent_parties *found;
    scripted.twist = scripted_honest;
    scripted.last_size = 0;
    assert_int_equal (consent_identify (*state, &(struct consent_identification){.parties = ids}, &found),
                      CONSENT_OK);
    assert_int_equal (found->count, 2);
    assert_string_equal (found->parties[0].id, "kernteam");
    assert_string_equal (found->parties[1].id, "zorgaanbieder-horizon");
    assert_string_equal (found->parties[1].kind, "zorgaanbieder");
    assert_string_equal (found->parties[1].oin, "");
    consent_parties_destroy (&found);
    assert_null (found);
    consent_parties_destroy (&found);
    scripted.last_size = 0;
    struct consent_identification by = {.identifier = "agb", .value = "41234567", .user = "medewerker-17"};
    assert_int_equal (consent_identify (*state, &by, &found), CONSENT_OK);
    assert_int_equal (found->count, 1);
    assert_string_equal (found->parties[0].agb, "41234567");
    consent_parties_destroy (&found);
}

static void test_without_a_reply_that_fits_no_party_is_known (void **state)
{
    struct consent_identification by = {.identifier = "agb", .value = "41234567"};
    struct consent_parties *found;
    scripted.last_size = 0;
    scripted.twist = scripted_no_body;
    assert_int_equal (consent_identify (*state, &by, &found), CONSENT_BAD_REPLY);
    assert_null (found);
    scripted.last_size = 0;
    scripted.twist = scripted_forbidden;
    assert_int_equal (consent_identify (*state, &by, &found), CONSENT_FORBIDDEN);
    assert_null (found);
    scripted.last_size = 0;
    scripted.twist = scripted_honest;
    scripted.ignore = SCRIPTED_ATTEMPTS;
    assert_int_equal (consent_identify (*state, &by, &found), CONSENT_TIMEOUT);
    assert_null (found);
}

/* The second page is of another pack, so often. */
static int changes;

static void change_pack (Consentd__Reply *reply)
{
    static uint8_t other[16] = "another pack..";
    if (reply->body_case == CONSENTD__REPLY__BODY_VOCABULARY && !reply->vocabulary->more && changes > 0) {
        changes--;
        reply->vocabulary->policy_hash.data = other;
    }
}

static void change_parties (Consentd__Reply *reply)
{
    if (reply->body_case == CONSENTD__REPLY__BODY_VOCABULARY && !reply->vocabulary->more && changes > 0) {
        changes--;
        reply->status = CONSENTD__STATUS__INVALID;
        reply->body_case = CONSENTD__REPLY__BODY__NOT_SET;
    }
}

static void assert_vocabulary (consent_t *registry, void (*twist) (Consentd__Reply *reply), int times,
                               int expected)
{
    struct consent_vocabulary *found;
    scripted.twist = twist;
    scripted.last_size = 0;
    changes = times;
    assert_int_equal (consent_vocabulary (registry, CONSENT_TERM_ANY, NULL, &found), expected);
    if (expected != CONSENT_OK) {
        assert_null (found);
        return;
    }
    assert_int_equal (found->count, 2);
    assert_int_equal (found->terms[0].sort, CONSENT_TERM_PURPOSE);
    assert_string_equal (found->terms[0].code, "toekenning");
    assert_string_equal (found->terms[1].kind, "kernteam");
    assert_true (found->terms[1].receives && !found->terms[1].provides);
    assert_string_equal (found->policy, "kaag-en-braassem-2015/2");
    consent_vocabulary_destroy (&found);
    assert_null (found);
}

static void test_a_vocabulary_is_whole_and_of_one_pack (void **state)
{
    assert_vocabulary (*state, scripted_honest, 0, CONSENT_OK);
    assert_vocabulary (*state, change_pack, 1, CONSENT_OK);
    assert_vocabulary (*state, change_parties, 2, CONSENT_OK);
    assert_vocabulary (*state, change_pack, 3, CONSENT_UNAVAILABLE);
    assert_vocabulary (*state, scripted_no_body, 0, CONSENT_BAD_REPLY);
    assert_vocabulary (*state, scripted_forbidden, 0, CONSENT_FORBIDDEN);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        SCRIPTED_TEST (test_what_is_recorded_is_told_answer_by_answer),
        SCRIPTED_TEST (test_an_answer_that_is_missing_or_not_to_be_believed_says_nothing_of_the_others),
        SCRIPTED_TEST (test_a_ground_that_was_claimed_counts),
        SCRIPTED_TEST (test_without_a_reply_that_fits_there_is_nothing),
        SCRIPTED_TEST (test_a_key_that_is_none_is_not_sent),
        SCRIPTED_TEST (test_parties_are_told_as_the_registry_tells_them),
        SCRIPTED_TEST (test_without_a_reply_that_fits_no_party_is_known),
        SCRIPTED_TEST (test_a_vocabulary_is_whole_and_of_one_pack),
    };
    return cmocka_run_group_tests (tests, scripted_start, scripted_stop);
}

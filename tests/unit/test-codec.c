/* Requests: the envelope and the check. What stands in the bytes themselves is the matter of test-wire.c. */
#include "fixture_codec.h"
#include <stdio.h>
#include <string.h>
#include "arena.h"
#include "testing.h"

/* The envelope. */

static void test_the_version_is_one (void **state)
{
    (void)state;
    prepare_check ();
    assert_read ();
    wire.envelope.version = 0;
    assert_invalid ("version");
    wire.envelope.version = 2;
    assert_invalid ("version");
}

static void test_another_version_explains_what_else_is_unknown (void **state)
{
    (void)state;
    const uint8_t bytes[] = {0x08, 2, 0x98, 0x06, 1}; /* field 99 of version 2 */
    assert_int_equal (codec_read_request (bytes, sizeof bytes, arena, &request, &fault), CODEC_INVALID);
    assert_string_equal (fault.field, "version");
    assert_false (fault.has_key);
}

static void test_a_key_is_sixteen_bytes_and_not_all_zero (void **state)
{
    (void)state;
    prepare_check ();
    static uint8_t zeroes[17];
    for (size_t size = 0; size <= 17; size++) {
        wire.envelope.idempotency_key = (ProtobufCBinaryData){size, zeroes};
        assert_int_equal (read_wire (), CODEC_INVALID);
        assert_string_equal (fault.field, "idempotency_key");
        assert_int_equal (fault.has_key, size == 16);
    }
    zeroes[15] = 1;
    wire.envelope.idempotency_key.len = 16;
    assert_read ();
    assert_memory_equal (request.idempotency_key, zeroes, 16);
    zeroes[15] = 0;
}

static void test_the_key_of_a_bad_request_is_told_if_there_is_one (void **state)
{
    (void)state;
    prepare_check ();
    assert_read ();
    assert_int_equal (codec_read_request (packed, packed_size - 1, arena, &request, &fault), CODEC_INVALID);
    assert_true (fault.has_key);
    assert_memory_equal (fault.idempotency_key, key, sizeof key);

    uint8_t twice[2 * 18] = {0x12, 16, [18] = 0x12, 16, 1};
    assert_int_equal (codec_read_request (twice, sizeof twice, arena, &request, &fault), CODEC_INVALID);
    assert_string_equal (fault.field, "idempotency_key");
    assert_false (fault.has_key);
    assert_int_equal (codec_read_request ("\xff\xff", 2, arena, &request, &fault), CODEC_INVALID);
    assert_false (fault.has_key);
    assert_int_equal (codec_read_request (NULL, 0, arena, &request, &fault), CODEC_INVALID);
    assert_string_equal (fault.field, "version");
    assert_false (fault.has_key);
}

static void test_a_revision_comes_with_its_epoch_and_never_alone (void **state)
{
    (void)state;
    prepare_check ();
    wire.envelope.at_least_revision = 7;
    assert_invalid ("at_least_epoch");
    wire.envelope.at_least_epoch = (ProtobufCBinaryData){15, key};
    assert_invalid ("at_least_epoch");
    wire.envelope.at_least_epoch.len = 16;
    assert_read ();
    assert_int_equal (request.at_least_revision, 7);
    assert_memory_equal (request.at_least_epoch, key, 16);
    wire.envelope.at_least_revision = 0;
    assert_invalid ("at_least_epoch");
}

static void test_a_message_without_a_request_is_refused (void **state)
{
    (void)state;
    prepare_envelope (CONSENTD__REQUEST__BODY__NOT_SET, NULL);
    assert_invalid ("body");
}

static void test_a_message_over_the_limit_is_refused (void **state)
{
    (void)state;
    prepare_check ();
    assert_read ();
    uint8_t *big = arena_alloc (arena, CODEC_MESSAGE_LIMIT + 1);
    memcpy (big, packed, packed_size);
    assert_int_equal (codec_read_request (big, CODEC_MESSAGE_LIMIT + 1, arena, &request, &fault), CODEC_INVALID);
    assert_string_equal (fault.field, "request");
    assert_true (fault.has_key);
}

/* Three bytes that say how long what follows is. */
static void put_length (uint8_t *at, size_t length)
{
    at[0] = (uint8_t)(length | 0x80);
    at[1] = (uint8_t)(length >> 7 | 0x80);
    at[2] = (uint8_t)(length >> 14);
}

/* Reads a message of the largest size, of which the body is a list of empty elements; it must not take more of an
   arena than this. */
static void assert_small (Consentd__Request__BodyCase body, const uint8_t *head, size_t head_size, uint8_t element)
{
    enum { MOST_MEMORY = 256 * 1024 };
    static uint8_t bytes[CODEC_MESSAGE_LIMIT];
    struct arena *small = arena_new (MOST_MEMORY);
    size_t at = 5 + head_size, size = sizeof bytes - (sizeof bytes - at) % 2;
    bytes[0] = (uint8_t)(body << 3 | 0x82);
    bytes[1] = (uint8_t)(body >> 4);
    put_length (bytes + 2, size - 5);
    if (head_size > 0) {
        bytes[5] = head[0];
        put_length (bytes + 6, size - 5 - head_size);
    }
    for (; at < size; at += 2) {
        bytes[at] = element;
        bytes[at + 1] = 0;
    }
    assert_int_equal (codec_read_request (bytes, size, small, &request, &fault), CODEC_INVALID);
    assert_non_null (strstr (fault.message, "more than"));
    arena_destroy (&small);
}

static void test_a_request_takes_little_more_memory_than_it_has_bytes (void **state)
{
    (void)state;
    static const uint8_t scope[4] = {0x12};
    assert_small (CONSENTD__REQUEST__BODY_GRANT, scope, sizeof scope, 0x0a); /* providers */
    assert_small (CONSENTD__REQUEST__BODY_CHECK, NULL, 0, 0x2a);             /* items */
    assert_small (CONSENTD__REQUEST__BODY_SUBJECT_SET, NULL, 0, 0x22);       /* representatives */
    assert_small (CONSENTD__REQUEST__BODY_PARTY_APPLY, NULL, 0, 0x0a);       /* parties */
}

static void test_every_truncation_of_a_request_is_refused (void **state)
{
    (void)state;
    prepare_grant ();
    assert_read ();
    for (size_t size = 0; size < packed_size; size++) {
        uint8_t *cut = arena_memdup (arena, packed, size);
        assert_int_equal (codec_read_request (cut, size, arena, &request, &fault), CODEC_INVALID);
    }
}

/* The check. */

static void test_a_check_is_read_as_it_was_asked (void **state)
{
    (void)state;
    prepare_check ();
    wire.check.case_ref = "zaak-1";
    wire.check.all_or_nothing = true;
    assert_read ();
    assert_int_equal (request.verb, VERB_CHECK);
    assert_memory_equal (request.idempotency_key, key, sizeof key);
    const struct check_request *check = &request.as.check;
    assert_string_equal (request.bsn, BSN);
    assert_string_equal (check->provider, "kernteam");
    assert_string_equal (check->recipient, "zorgaanbieder-horizon");
    assert_string_equal (check->purpose, "toeleiding");
    assert_int_equal (check->item_count, 2);
    assert_string_equal (check->items[0].category, "naw");
    assert_string_equal (check->items[0].origin, "wmo");
    assert_string_equal (check->items[1].category, "indicatie");
    assert_string_equal (check->items[1].origin, "");
    assert_string_equal (request.user, "medewerker-17");
    assert_string_equal (check->case_ref, "zaak-1");
    assert_int_equal (check->mode, MODE_DISCLOSE);
    assert_true (check->all_or_nothing);
}

static void test_a_bsn_passes_the_eleven_test (void **state)
{
    (void)state;
    prepare_check ();
    char *bad[] = {"",          "999900007",  "000000000", "00000000",  "99990000",    "9999000060",
                   "99990000a", " 999900006", "+99990006", "999990021", "9999.00.006", NULL};
    assert_each_invalid (&wire.check.bsn, bad, "check.bsn");
    char *good[] = {"999900006", "999996770", "999990342", "999990019", NULL};
    for (char **bsn = good; *bsn; bsn++) {
        wire.check.bsn = *bsn;
        assert_read ();
        assert_string_equal (request.bsn, *bsn);
    }
}

/* Padded to nine, these fail the test. No BSN of the test range has eight digits. */
static void test_eight_digits_are_judged_as_nine (void **state)
{
    (void)state;
    prepare_check ();
    wire.check.bsn = "99990000";
    assert_invalid ("check.bsn");
}

static void test_a_bsn_does_not_hide_in_a_reference (void **state)
{
    (void)state;
    prepare_check ();
    char *bad[] = {BSN, NULL};
    assert_each_invalid (&wire.check.user, bad, "check.user");
    assert_each_invalid (&wire.check.case_ref, bad, "check.case_ref");
    wire.check.user = "999900007"; /* nine digits that are none */
    assert_read ();

    prepare_grant ();
    assert_each_invalid (&wire.grant.user, bad, "grant.user");
    assert_each_invalid (&wire.scope.case_ref, bad, "grant.scope.case_ref");
    assert_each_invalid (&wire.evidence.reference, bad, "grant.evidence.reference");
    assert_each_invalid (&wire.notice.id, bad, "grant.notice.id");
    assert_each_invalid (&wire.notice.version, bad, "grant.notice.version");
    assert_each_invalid (&wire.signatures[0].signer, bad, "grant.signatures[0].signer");
    prepare_refuse ();
    assert_each_invalid (&wire.refuse.user, bad, "refuse.user");
    prepare_revoke ();
    assert_each_invalid (&wire.revoke.user, bad, "revoke.user");
    assert_each_invalid (&wire.revoke.withdrawn_by, bad, "revoke.withdrawn_by");
    prepare_subject ();
    assert_each_invalid (&wire.subject_set.user, bad, "subject_set.user");
    assert_each_invalid (&wire.representatives[1].reference, bad, "subject_set.representatives[1].reference");
}

static void test_nor_in_groups_or_within_a_longer_one (void **state)
{
    (void)state;
    prepare_check ();
    char *bad[] = {"zaak-" BSN, BSN ".2", "999-900-006", "9_9_9_9_0_0_0_0_6", "000000000", NULL};
    assert_string_equal (wire.check.bsn, "999900006");
    assert_each_invalid (&wire.check.case_ref, bad, "check.case_ref");
    char *good[] = {"00000012", "99990000", "99990001", "zaak-99990000", NULL};
    for (char **one = good; *one; one++) {
        wire.check.user = wire.check.case_ref = *one;
        assert_read ();
    }
}

/* Those of a request that does not say the BSN are put by for the verb, each with its place. */
static void test_references_are_put_by_where_the_subject_is_not_known_yet (void **state)
{
    (void)state;
    prepare_check ();
    assert_read ();
    assert_null (request.references);
    prepare_revoke ();
    wire.revoke.user = "medewerker-17";
    assert_read ();
    unsigned seen = 0;
    for (const struct reference *one = request.references; one != NULL; one = one->before)
        seen += strcmp (one->field, "revoke.user") == 0 ? strcmp (one->text, wire.revoke.user) == 0
                : strcmp (one->field, "revoke.withdrawn_by") == 0
                    ? 10 * (strcmp (one->text, wire.revoke.withdrawn_by) == 0)
                    : 100;
    assert_int_equal (seen, 11);
}

static void test_ids_codes_and_references_have_their_letters_and_length (void **state)
{
    (void)state;
    prepare_check ();
    char *bad[] = {"",  "-a", ".a", "a b", "a/b", "*", "caf\xc3\xa9", "a\n", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                   NULL};
    assert_each_invalid (&wire.check.provider, bad, "check.provider");
    assert_each_invalid (&wire.check.recipient, bad, "check.recipient");
    bad[8] = NULL;
    assert_each_invalid (&wire.check.purpose, bad, "check.purpose");
    assert_each_invalid (&wire.check.user, bad, "check.user");
    assert_each_invalid (&wire.items[1].category, bad, "check.items[1].category");
    assert_each_invalid (&wire.items[1].origin, bad + 1, "check.items[1].origin");
    assert_each_invalid (&wire.check.case_ref, bad + 1, "check.case_ref");

    wire.check.provider = text_of (32);
    assert_read ();
    wire.check.provider = "A9:b.c_d-e";
    wire.check.purpose = text_of (48);
    assert_read ();
    wire.check.purpose = text_of (49);
    assert_invalid ("check.purpose");
    wire.check.purpose = "toeleiding";
    wire.check.user = text_of (64);
    assert_read ();
    wire.check.user = text_of (65);
    assert_invalid ("check.user");
}

static void test_a_party_does_not_tell_itself (void **state)
{
    (void)state;
    prepare_check ();
    wire.check.recipient = wire.check.provider;
    assert_invalid ("check.recipient");
}

static void test_the_mode_is_always_said (void **state)
{
    (void)state;
    prepare_check ();
    wire.check.mode = CONSENTD__MODE__MODE_UNSPECIFIED;
    assert_invalid ("check.mode");
    wire.check.mode = CONSENTD__MODE__ADVISE;
    assert_read ();
    assert_int_equal (request.as.check.mode, MODE_ADVISE);
}

static void test_a_check_has_one_to_sixty_four_items (void **state)
{
    (void)state;
    prepare_check ();
    wire.check.n_items = 0;
    assert_invalid ("check.items");
    static char names[65][8];
    for (size_t i = 0; i < 65; i++) {
        snprintf (names[i], sizeof names[i], "c%zu", i);
        wire.items[i].category = names[i];
    }
    wire.check.n_items = 64;
    assert_read ();
    assert_int_equal (request.as.check.item_count, 64);
    assert_string_equal (request.as.check.items[63].category, "c63");
    wire.check.n_items = 65;
    assert_invalid ("check.items[64]");
}

static void test_an_item_is_asked_once (void **state)
{
    (void)state;
    prepare_check ();
    wire.items[1].category = "naw";
    assert_read (); /* of another origin */
    wire.items[1].origin = "wmo";
    assert_invalid ("check.items[1]");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_the_version_is_one),
        cmocka_unit_test (test_another_version_explains_what_else_is_unknown),
        cmocka_unit_test (test_a_key_is_sixteen_bytes_and_not_all_zero),
        cmocka_unit_test (test_the_key_of_a_bad_request_is_told_if_there_is_one),
        cmocka_unit_test (test_a_revision_comes_with_its_epoch_and_never_alone),
        cmocka_unit_test (test_a_message_without_a_request_is_refused),
        cmocka_unit_test (test_a_message_over_the_limit_is_refused),
        cmocka_unit_test (test_a_request_takes_little_more_memory_than_it_has_bytes),
        cmocka_unit_test (test_every_truncation_of_a_request_is_refused),
        cmocka_unit_test (test_a_check_is_read_as_it_was_asked),
        cmocka_unit_test (test_a_bsn_passes_the_eleven_test),
        cmocka_unit_test (test_eight_digits_are_judged_as_nine),
        cmocka_unit_test (test_a_bsn_does_not_hide_in_a_reference),
        cmocka_unit_test (test_nor_in_groups_or_within_a_longer_one),
        cmocka_unit_test (test_references_are_put_by_where_the_subject_is_not_known_yet),
        cmocka_unit_test (test_ids_codes_and_references_have_their_letters_and_length),
        cmocka_unit_test (test_a_party_does_not_tell_itself),
        cmocka_unit_test (test_the_mode_is_always_said),
        cmocka_unit_test (test_a_check_has_one_to_sixty_four_items),
        cmocka_unit_test (test_an_item_is_asked_once),
    };
    return cmocka_run_group_tests (tests, setup_codec, teardown_codec);
}

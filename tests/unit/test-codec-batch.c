/* Batches: one message taken apart, and many answers put into one. */
#include "codec/codec_batch.h"
#include "fixture_codec.h"
#include <string.h>
#include "arena.h"
#include "testing.h"

enum { MOST = 256, MOST_ITEMS = 2048, MOST_TOGETHER = 2048, MOST_ITEMS_TOGETHER = 16384 };

static Consentd__BatchRequest batch;
static Consentd__CheckRequest checks[MOST_TOGETHER + 1];
static Consentd__CheckRequest *list[MOST_TOGETHER + 1];

/* So many checks as prepare_check makes them. */
static void prepare_batch (size_t count)
{
    prepare_check ();
    for (size_t i = 0; i < count; i++) {
        checks[i] = wire.check;
        list[i] = &checks[i];
    }
    consentd__batch_request__init (&batch);
    batch.checks = list;
    batch.n_checks = count;
    prepare_envelope (CONSENTD__REQUEST__BODY_BATCH, &batch);
}

static const uint8_t own_key[16] = {9, 8, 7};

/* Reads check `index` as a request of its own: the same as its message would have been read as, had it come alone.
 */
static int read_check (size_t index, struct request *one, struct codec_fault *its)
{
    struct codec_place place = {.batch = &request, .index = index};
    memcpy (place.key, own_key, sizeof own_key);
    int rc = codec_read_check (&place, arena, one, its);
    struct request *alone = arena_alloc (arena, sizeof *alone);
    struct codec_fault fault_alone;
    assert_int_equal (codec_read_request (one->message.data, one->message.size, arena, alone, &fault_alone), rc);
    if (rc == 0) {
        assert_int_equal (alone->verb, one->verb);
        assert_memory_equal (alone->idempotency_key, one->idempotency_key, 16);
        assert_int_equal (alone->at_least_revision, one->at_least_revision);
        assert_memory_equal (alone->at_least_epoch, one->at_least_epoch, 16);
        assert_string_equal (alone->bsn, one->bsn);
    } else {
        assert_string_equal (fault_alone.field, its->field);
        assert_string_equal (fault_alone.message, its->message);
        assert_int_equal (fault_alone.has_key, its->has_key);
    }
    return rc;
}

static void test_each_check_of_a_batch_is_a_request_of_its_own (void **state)
{
    (void)state;
    prepare_batch (3);
    checks[1].bsn = "999900018";
    wire.envelope.at_least_revision = 7;
    wire.envelope.at_least_epoch = (ProtobufCBinaryData){16, key};
    assert_read ();
    assert_int_equal (request.verb, VERB_BATCH);
    assert_int_equal (request.as.batch.count, 3);
    assert_memory_equal (request.idempotency_key, key, 16);
    assert_int_equal (request.at_least_revision, 7);
    for (size_t i = 0; i < 3; i++) {
        struct request one;
        struct codec_fault its;
        assert_int_equal (read_check (i, &one, &its), 0);
        assert_int_equal (one.verb, VERB_CHECK);
        assert_memory_equal (one.idempotency_key, own_key, 16);
        assert_int_equal (one.at_least_revision, 7);
        assert_memory_equal (one.at_least_epoch, key, 16);
        assert_string_equal (one.bsn, i == 1 ? "999900018" : BSN);
        assert_int_equal (one.as.check.item_count, 2);
        assert_string_equal (one.as.check.items[1].category, "indicatie");
    }
}

/* A batch that is sent again after an update of the daemon is known by these bytes (G11). */
static void test_what_a_check_is_recorded_as_never_changes (void **state)
{
    (void)state;
    prepare_batch (1);
    wire.envelope.at_least_revision = 7;
    wire.envelope.at_least_epoch = (ProtobufCBinaryData){16, key};
    assert_read ();
    struct request one;
    struct codec_fault its;
    assert_int_equal (read_check (0, &one, &its), 0);
    uint8_t expected[1024] = {0x08, 1, 0x18, 7, 0x22, 16};
    memcpy (expected + 6, key, 16);
    memcpy (expected + 22, (const uint8_t[]){0x12, 16}, 2);
    memcpy (expected + 24, own_key, 16);
    size_t size = consentd__check_request__get_packed_size (&checks[0]);
    assert_in_range (size, 1, 127);
    memcpy (expected + 40, (const uint8_t[]){0x8a, 0x01, (uint8_t)size}, 3);
    consentd__check_request__pack (&checks[0], expected + 43);
    assert_int_equal (one.message.size, 43 + size);
    assert_memory_equal (one.message.data, expected, 43 + size);
}

static void test_a_batch_is_1_to_256_checks (void **state)
{
    (void)state;
    prepare_batch (0);
    assert_invalid ("batch.checks");
    prepare_batch (1);
    assert_read ();
    prepare_batch (MOST);
    assert_read ();
    prepare_batch (MOST + 1);
    assert_invalid ("batch.checks");
}

static void test_a_batch_is_about_at_most_2048_items (void **state)
{
    (void)state;
    prepare_batch (MOST_ITEMS / 64);
    for (size_t i = 0; i < MOST_ITEMS / 64; i++)
        checks[i].n_items = 64;
    wire.items[0].category = "";
    assert_read ();
    prepare_batch (MOST_ITEMS / 64 + 1);
    for (size_t i = 0; i < MOST_ITEMS / 64; i++)
        checks[i].n_items = 64;
    checks[MOST_ITEMS / 64].n_items = 1;
    assert_invalid ("batch.checks");
}

static void test_a_batch_that_is_all_or_nothing_is_1_to_2048_checks (void **state)
{
    (void)state;
    prepare_batch (MOST_TOGETHER);
    batch.all_or_nothing = true;
    assert_read ();
    assert_int_equal (request.as.batch.count, MOST_TOGETHER);
    prepare_batch (MOST_TOGETHER + 1);
    batch.all_or_nothing = true;
    assert_invalid ("batch.checks");
    prepare_batch (0);
    batch.all_or_nothing = true;
    assert_invalid ("batch.checks");
}

static void test_a_batch_that_is_all_or_nothing_is_about_at_most_16384_items (void **state)
{
    (void)state;
    for (size_t more = 0; more < 2; more++) {
        prepare_batch (MOST_ITEMS_TOGETHER / 64 + more);
        batch.all_or_nothing = true;
        for (size_t i = 0; i < MOST_ITEMS_TOGETHER / 64; i++)
            checks[i].n_items = 64;
        checks[MOST_ITEMS_TOGETHER / 64 + more - 1].n_items = more ? 1 : 64;
        wire.items[0].category = "";
        if (more)
            assert_invalid ("batch.checks");
        else
            assert_read ();
    }
}

static void test_the_envelope_of_a_batch_is_checked_as_any (void **state)
{
    (void)state;
    prepare_batch (2);
    wire.envelope.version = 2;
    assert_invalid ("version");
    prepare_batch (2);
    wire.envelope.at_least_epoch = (ProtobufCBinaryData){16, key};
    assert_invalid ("at_least_epoch");
    prepare_batch (2);
    wire.envelope.idempotency_key.len = 0;
    assert_int_equal (read_wire (), CODEC_INVALID);
    assert_string_equal (fault.field, "idempotency_key");

    static const uint8_t unknown[] = {0x08, 1, 0xc2, 0x02, 2, 0x18, 1}; /* field 3 of the batch */
    assert_int_equal (codec_read_request (unknown, sizeof unknown, arena, &request, &fault), CODEC_INVALID);
    assert_string_equal (fault.field, "batch");
    static const uint8_t two[] = {0x08, 1, 0xc2, 0x02, 0, 0x82, 0x01, 0}; /* and whoami */
    assert_int_equal (codec_read_request (two, sizeof two, arena, &request, &fault), CODEC_INVALID);
    static const uint8_t twice[] = {0x08, 1, 0xc2, 0x02, 0, 0xc2, 0x02, 0};
    assert_int_equal (codec_read_request (twice, sizeof twice, arena, &request, &fault), CODEC_INVALID);
    assert_string_equal (fault.field, "batch");
}

static void test_a_batch_that_is_all_or_nothing_has_checks_that_disclose (void **state)
{
    (void)state;
    struct request one;
    struct codec_fault its = {0};
    prepare_batch (3);
    batch.all_or_nothing = true;
    for (size_t i = 0; i < 3; i++)
        checks[i].mode = i == 1 ? CONSENTD__MODE__ADVISE : CONSENTD__MODE__DISCLOSE;
    assert_read ();
    assert_true (request.as.batch.all_or_nothing);
    assert_int_equal (request.as.batch.count, 3); /* the flag is no check */
    assert_int_equal (read_check (0, &one, &its), 0);
    assert_int_equal (read_check (2, &one, &its), 0);
    struct codec_place advice = {.batch = &request, .index = 1}; /* alone it would be none the worse */
    assert_int_equal (codec_read_check (&advice, arena, &one, &its), CODEC_INVALID);
    assert_string_equal (its.field, "check.mode");
    batch.all_or_nothing = false;
    assert_read ();
    assert_false (request.as.batch.all_or_nothing);
    assert_int_equal (read_check (1, &one, &its), 0);
}

static void test_a_fault_in_one_check_is_its_own (void **state)
{
    (void)state;
    prepare_batch (4);
    checks[0].mode = (Consentd__Mode)99;
    checks[1].provider = "kern\xff team";
    checks[3].n_items = 65;
    assert_read ();
    static const char *const fields[] = {"check.mode", "check.provider", NULL, "check.items[64]"};
    for (size_t i = 0; i < 4; i++) {
        struct request one;
        struct codec_fault its = {0};
        assert_int_equal (read_check (i, &one, &its), fields[i] ? CODEC_INVALID : 0);
        if (fields[i])
            assert_string_equal (its.field, fields[i]);
    }
}

static void test_bytes_that_are_no_check_are_the_fault_of_that_one (void **state)
{
    (void)state;
    /* Two checks, of which the first is cut off in its BSN and the second has a field that there is not. */
    static const uint8_t bytes[] = {0x08, 1,  0x12, 16, 1,    2,    3, 4,    5, 6,    7, 8,    9, 10,   11,   12,
                                    13,   14, 15,   16, 0xc2, 0x02, 9, 0x0a, 2, 0x0a, 9, 0x0a, 3, 0xf8, 0x3f, 1};
    assert_int_equal (codec_read_request (bytes, sizeof bytes, arena, &request, &fault), 0);
    assert_int_equal (request.as.batch.count, 2);
    struct request one;
    struct codec_fault its;
    assert_int_equal (read_check (0, &one, &its), CODEC_INVALID);
    assert_string_equal (its.field, "check.bsn");
    assert_int_equal (read_check (1, &one, &its), CODEC_INVALID);
    assert_string_equal (its.field, "check");
}

static void test_a_message_counts_for_its_checks (void **state)
{
    (void)state;
    prepare_check ();
    assert_read ();
    assert_int_equal (codec_peek ((struct bytes){packed, packed_size}).requests, 1);
    prepare_batch (200);
    assert_read ();
    assert_int_equal (codec_peek ((struct bytes){packed, packed_size}).requests, 200);
    assert_int_equal (codec_peek ((struct bytes){NULL, 0}).requests, 1);
    assert_int_equal (codec_peek ((struct bytes){"\xff\xff\xff", 3}).requests, 1);
}

/* Answers */

static const Consentd__Reply *written (const struct bytes *replies)
{
    struct reply reply = {.status = STATUS_OK, .has_key = true, .epoch = {3}, .revision = 42, .time = 7};
    struct bytes message, *answers = arena_array (arena, request.as.batch.count, sizeof *answers);
    for (size_t i = 0; i < request.as.batch.count; i++)
        codec_batch_answer (&(struct codec_place){.batch = &request, .index = i}, replies[i], arena, &answers[i]);
    reply.body = REPLY_BATCH;
    reply.as.batch = (struct batch_reply){answers, request.as.batch.count};
    codec_write_reply (&reply, arena, &message);
    assert_true (message.size <= CODEC_LARGE_LIMIT);
    Consentd__Reply *made = consentd__reply__unpack (NULL, message.size, message.data);
    assert_non_null (made);
    assert_int_equal (made->body_case, CONSENTD__REPLY__BODY_BATCH);
    assert_int_equal (made->revision, 42);
    return made;
}

static void release (const Consentd__Reply *reply)
{
    union {
        const Consentd__Reply *read;
        Consentd__Reply *freed;
    } one = {.read = reply};
    consentd__reply__free_unpacked (one.freed, NULL);
}

static struct bytes answer (const struct reply *reply)
{
    struct bytes message;
    codec_write_reply (reply, arena, &message);
    return message;
}

static void test_an_answer_of_a_batch_says_what_the_reply_alone_would_have_said (void **state)
{
    (void)state;
    prepare_batch (3);
    assert_read ();
    struct bytes answers[3];
    struct reply bad = {.status = STATUS_INVALID,
                        .field = "check.items[1].category",
                        .message = "unknown",
                        .revision = 5,
                        .time = 6};
    answers[0] = answer (&bad);
    struct reply conflict = {.status = STATUS_CONFLICT, .field = "idempotency_key"};
    answers[1] = answer (&conflict);
    struct reply old = {.status = STATUS_OK, .revision = 3, .time = 4};
    struct bytes recorded = answer (&old);
    assert_int_equal (codec_mark_replayed (recorded.data, recorded.size, true, arena, &answers[2]), 0);

    const Consentd__Reply *reply = written (answers);
    assert_int_equal (reply->batch->n_answers, 3);
    Consentd__BatchAnswer **all = reply->batch->answers;
    assert_int_equal (all[0]->status, CONSENTD__STATUS__INVALID);
    assert_string_equal (all[0]->field, "batch.checks[0].items[1].category");
    assert_string_equal (all[0]->message, "unknown");
    assert_int_equal (all[0]->revision, 5);
    assert_int_equal (all[0]->time, 6);
    assert_null (all[0]->check);
    assert_string_equal (all[1]->field, "idempotency_key");
    assert_int_equal (all[2]->status, CONSENTD__STATUS__OK);
    assert_true (all[2]->replayed && all[2]->revoked_since);
    assert_int_equal (all[2]->revision, 3);
    release (reply);
}

/* The longest answer to a check of so many items that codec_write_reply makes, but for texts of the check. */
static struct bytes longest (size_t index, size_t items)
{
    static struct policy policy;
    static struct decision decision;
    static char id[70];
    memset (id, 'p', sizeof id - 1);
    policy.id = id;
    decision.verdict = VERDICT_DENY;
    decision.item_count = items;
    for (size_t i = 0; i < items; i++) {
        /* One statute, every condition of C7, and C8 with nothing of the triage decision. */
        decision.items[i] = (struct item_decision){.permit = false, .heard = {12, {TRIAGE_INCOMPLETE}}};
        for (size_t j = 1; j < decision.items[i].heard.count; j++)
            decision.items[i].heard.code[j] = REPRESENTATION_LAPSED;
    }
    decision.triage_missing = (triage_parts)((1U << TRIAGE_PARTS) - 1);
    decision.until = INT64_MAX;
    /* Longer than any: a decision that denies all brings none. */
    static struct obligations obligations = {.keep_secret = true, .one_time = true};
    while (obligations.duty_count < OBLIGATIONS_DUTIES)
        obligations.duties[obligations.duty_count++] = (struct duty){
            .kind = OBLIGATION_RECORD_IN_PLAN, .due = INT64_MAX - 1, .deferrable = true, .done = true};
    struct request *one = arena_alloc (arena, sizeof *one);
    struct codec_fault its;
    assert_int_equal (read_check (index, one, &its), 0);
    struct reply reply = {.status = STATUS_OK, .body = REPLY_CHECK, .time = INT64_MAX, .revision = UINT64_MAX};
    reply.as.check = (struct check_reply){.request = &one->as.check,
                                          .decision = &decision,
                                          .policy = &policy,
                                          .evaluated_at = INT64_MAX,
                                          .number = UINT64_MAX,
                                          .obligations = &obligations};
    return answer (&reply);
}

static void test_the_longest_answers_fit (void **state)
{
    (void)state;
    static char names[8][2] = {"a", "b", "c", "d", "e", "f", "g", "h"};
    prepare_batch (MOST);
    for (size_t i = 0; i < 8; i++)
        wire.items[i].category = names[i];
    for (size_t i = 0; i < MOST; i++)
        checks[i].n_items = 8;
    assert_read ();
    static struct bytes answers[MOST];
    for (size_t i = 0; i < MOST; i++)
        answers[i] = longest (i, 8);
    const Consentd__Reply *reply = written (answers);
    for (size_t i = 0; i < MOST; i++) {
        assert_int_equal (reply->batch->answers[i]->status, CONSENTD__STATUS__OK);
        assert_int_equal (reply->batch->answers[i]->check->n_items, 8);
    }
    release (reply);
}

static void test_an_answer_without_room_is_no_permit (void **state)
{
    (void)state;
    prepare_batch (2);
    assert_read ();
    char *sentence = arena_alloc (arena, 8000);
    memset (sentence, 'x', 7999);
    struct reply large = {.status = STATUS_OK, .message = sentence}, small = {.status = STATUS_OK};
    const struct bytes answers[] = {answer (&large), answer (&small)};
    const Consentd__Reply *reply = written (answers);
    assert_int_equal (reply->batch->answers[0]->status, CONSENTD__STATUS__UNAVAILABLE);
    assert_int_equal (reply->batch->answers[1]->status, CONSENTD__STATUS__OK);
    release (reply);
}

#define TEST(function) cmocka_unit_test_setup_teardown (function, setup_codec, teardown_codec)

int main (void)
{
    const struct CMUnitTest tests[] = {
        TEST (test_each_check_of_a_batch_is_a_request_of_its_own),
        TEST (test_what_a_check_is_recorded_as_never_changes),
        TEST (test_a_batch_is_1_to_256_checks),
        TEST (test_a_batch_is_about_at_most_2048_items),
        TEST (test_a_batch_that_is_all_or_nothing_is_1_to_2048_checks),
        TEST (test_a_batch_that_is_all_or_nothing_is_about_at_most_16384_items),
        TEST (test_the_envelope_of_a_batch_is_checked_as_any),
        TEST (test_a_batch_that_is_all_or_nothing_has_checks_that_disclose),
        TEST (test_a_fault_in_one_check_is_its_own),
        TEST (test_bytes_that_are_no_check_are_the_fault_of_that_one),
        TEST (test_a_message_counts_for_its_checks),
        TEST (test_an_answer_of_a_batch_says_what_the_reply_alone_would_have_said),
        TEST (test_the_longest_answers_fit),
        TEST (test_an_answer_without_room_is_no_permit),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}

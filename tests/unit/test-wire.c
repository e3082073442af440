/* What stands in the bytes of a message, before anything is unpacked. */
#include "codec/wire.h"
#include <string.h>
#include "arena.h"
#include "envelope.pb-c.h"
#include "syntax.h"
#include "testing.h"

static const struct wire_most lists[] = {{&consentd__item__descriptor, 3}};
static const struct wire_limits limits = {.longest = 100, .most = 2, .lists = lists, .list_count = 1};

static struct arena *arena;

static int setup (void **state)
{
    (void)state;
    arena = arena_new (1024 * 1024);
    return 0;
}

static int teardown (void **state)
{
    (void)state;
    arena_destroy (&arena);
    return 0;
}

static int check (const ProtobufCMessageDescriptor *descriptor, struct bytes bytes, const struct wire_limits *most,
                  struct wire_fault *fault)
{
    struct syntax syntax = {.arena = arena};
    return wire_read (&(struct wire_reading){bytes, descriptor, .limits = most, .syntax = &syntax}, fault);
}

static void assert_bad_as (const ProtobufCMessageDescriptor *descriptor, const void *data, size_t size,
                           const char *field, const char *message)
{
    struct wire_fault fault = {0};
    assert_int_equal (check (descriptor, (struct bytes){data, size}, &limits, &fault), WIRE_BAD);
    assert_string_equal (fault.field, field);
    assert_string_equal (fault.message, message);
}

static void assert_good_as (const ProtobufCMessageDescriptor *descriptor, const void *data, size_t size)
{
    struct wire_fault fault = {0};
    int result = check (descriptor, (struct bytes){data, size}, &limits, &fault);
    if (result != 0)
        fail_msg ("%s: %s", fault.field, fault.message);
}

/* Bytes of a Request, and of a CheckReply for what requests have none of. */
#define assert_bad(bytes, field, message) \
    assert_bad_as (&consentd__request__descriptor, bytes, sizeof bytes - 1, field, message)
#define assert_good(bytes) assert_good_as (&consentd__request__descriptor, bytes, sizeof bytes - 1)
#define assert_bad_answer(bytes, field, message) \
    assert_bad_as (&consentd__check_reply__descriptor, bytes, sizeof bytes - 1, field, message)
#define assert_good_answer(bytes) assert_good_as (&consentd__check_reply__descriptor, bytes, sizeof bytes - 1)

static const char CUT_OFF[] = "The message is cut off in this field.";
static const char NO_FIELD[] = "What stands here is not a field.";
static const char OTHER_TYPE[] = "This is of another type than the field.";

static void test_an_empty_message_is_in_order (void **state)
{
    (void)state;
    assert_good ("");
    assert_good_as (&consentd__request__descriptor, NULL, 0);
}

static void test_a_message_that_is_cut_off_is_refused (void **state)
{
    (void)state;
    assert_good ("\x08\x01");
    assert_bad ("\x08", "version", CUT_OFF);
    assert_bad ("\x08\x81", "version", CUT_OFF);
    assert_bad ("\x12\x10zz", "idempotency_key", CUT_OFF);
    assert_bad ("\x12\xff\xff\xff\xff\x0f", "idempotency_key", CUT_OFF);
    assert_good ("\x8a\x01\x02\x0a\x00");
    assert_bad ("\x8a\x01\x02\x0a\x01", "check.bsn", CUT_OFF);
    assert_bad ("\x8a\x01\x04\x2a\x02\x0a\x05", "check.items[0].category", CUT_OFF);
    assert_bad ("\x8a", "request", NO_FIELD);
    assert_bad ("\x8a\x01\x01\xff", "check", NO_FIELD);
}

static void test_a_tag_that_is_none_is_refused (void **state)
{
    (void)state;
    assert_bad ("\x00\x00", "request", NO_FIELD);                         /* field 0 */
    assert_bad ("\xff\xff\xff\xff\x7f\x01", "request", NO_FIELD);         /* more than 32 bits */
    assert_bad ("\x88\x80\x80\x80\x80\x80\x00\x01", "request", NO_FIELD); /* longer than a tag can be */
}

static void test_a_value_of_another_type_is_refused (void **state)
{
    (void)state;
    assert_bad ("\x0a\x01z", "version", OTHER_TYPE);
    assert_bad ("\x0d....", "version", OTHER_TYPE);
    assert_bad ("\x09........", "version", OTHER_TYPE);
    assert_bad ("\x10\x01", "idempotency_key", OTHER_TYPE);
    assert_bad ("\x0b\x0c", "version", OTHER_TYPE); /* a group */
    assert_bad ("\x0f", "version", OTHER_TYPE);     /* no type at all */
}

static void test_an_unknown_field_is_refused_by_its_number (void **state)
{
    (void)state;
    assert_bad ("\xb8\x07\x01", "request", "There is no field 119 here.");
    assert_bad ("\x8a\x01\x03\xb8\x07\x01", "check", "There is no field 119 here.");
    assert_bad ("\x8a\x01\x05\x2a\x03\xb8\x07\x01", "check.items[0]", "There is no field 119 here.");
}

static void test_a_field_given_twice_is_refused (void **state)
{
    (void)state;
    assert_bad ("\x08\x01\x08\x01", "version", "This is given twice.");
    assert_good ("\x8a\x01\x03\x22\x01z");
    assert_bad ("\x8a\x01\x06\x22\x01z\x22\x01y", "check.purpose", "This is given twice.");
    assert_bad ("\x8a\x01\x00\x8a\x01\x00", "check", "This is given twice.");
}

static void test_two_requests_in_one_message_are_refused (void **state)
{
    (void)state;
    assert_bad ("\x8a\x01\x00\x92\x01\x00", "grant", "This cannot be given together with 'check'.");
    assert_bad ("\x92\x01\x00\x82\x01\x00", "whoami", "This cannot be given together with 'grant'.");
}

static void test_an_unknown_enum_value_is_refused (void **state)
{
    (void)state;
    const char message[] = "This is not one of the values that it may have.";
    assert_good ("\x8a\x01\x02\x40\x02");
    assert_bad ("\x8a\x01\x02\x40\x03", "check.mode", message);
    assert_bad ("\x8a\x01\x0b\x40\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", "check.mode", message); /* -1 */
    assert_bad ("\x8a\x01\x06\x40\x81\x80\x80\x80\x10", "check.mode", message); /* 1 in its lower 32 bits */
}

static void test_a_number_that_does_not_fit_is_refused (void **state)
{
    (void)state;
    assert_good ("\x08\xff\xff\xff\xff\x0f");
    assert_bad ("\x08\x80\x80\x80\x80\x10", "version", "This number does not fit in 32 bits.");
    assert_good ("\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01");
    assert_bad ("\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", "at_least_revision", CUT_OFF);
    assert_bad ("\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", "at_least_revision", CUT_OFF);
    assert_good ("\x8a\x01\x02\x48\x01");
    assert_bad ("\x8a\x01\x02\x48\x02", "check.all_or_nothing", "This is neither true nor false.");
}

static void test_text_that_is_not_utf8_is_refused (void **state)
{
    (void)state;
    const char message[] = "This text is not UTF-8.";
    assert_good ("\x8a\x01\x0b\x0a\x09\xc3\xab\xe2\x82\xac\xf0\x9f\x98\x80");
    assert_bad ("\x8a\x01\x03\x0a\x01\xff", "check.bsn", message);
    assert_bad ("\x8a\x01\x03\x0a\x01\xc3", "check.bsn", message);
    assert_bad ("\x8a\x01\x04\x0a\x02\xc3z", "check.bsn", message);
    assert_bad ("\x8a\x01\x04\x0a\x02\xc0\x80", "check.bsn", message);         /* overlong NUL */
    assert_bad ("\x8a\x01\x05\x0a\x03\xe0\x82\xac", "check.bsn", message);     /* overlong */
    assert_bad ("\x8a\x01\x06\x0a\x04\xf0\x82\x82\xac", "check.bsn", message); /* overlong */
    assert_bad ("\x8a\x01\x05\x0a\x03\xed\xa0\x80", "check.bsn", message);     /* surrogate */
    assert_bad ("\x8a\x01\x06\x0a\x04\xf4\x90\x80\x80", "check.bsn", message); /* past U+10FFFF */
    assert_bad ("\x8a\x01\x0c\x0a\x0a"
                "abcdefgh\xffz",
                "check.bsn", message);
}

static void test_text_that_holds_a_nul_is_refused (void **state)
{
    (void)state;
    const char message[] = "This text holds a NUL.";
    assert_bad ("\x8a\x01\x03\x0a\x01\x00", "check.bsn", message);
    assert_bad ("\x8a\x01\x0c\x0a\x0a"
                "abc\x00"
                "efghij",
                "check.bsn", message);
    assert_bad ("\x8a\x01\x07\x0a\x05\xc3\xab\x00zz", "check.bsn", message);
    assert_good ("\x12\x02\x00\x00"); /* bytes may hold anything */
}

static void test_what_is_longer_than_the_limit_is_refused (void **state)
{
    (void)state;
    uint8_t bytes[2 + 101] = {0x12, 100};
    assert_good_as (&consentd__request__descriptor, bytes, 2 + 100);
    bytes[1] = 101;
    assert_bad_as (&consentd__request__descriptor, bytes, 2 + 101, "idempotency_key",
                   "This is longer than 100 bytes.");
}

static void test_a_list_that_is_longer_than_its_own_limit_is_refused (void **state)
{
    (void)state;
    assert_good ("\x8a\x01\x06\x2a\x00\x2a\x00\x2a\x00");
    assert_bad ("\x8a\x01\x08\x2a\x00\x2a\x00\x2a\x00\x2a\x00", "check.items[3]",
                "This list has more than 3 entries.");
    assert_good ("\xa2\x01\x06\x12\x01z\x12\x01z");
    assert_bad ("\xa2\x01\x09\x12\x01z\x12\x01z\x12\x01z", "revoke.providers[2]",
                "This list has more than 2 entries.");
}

static void test_lists_of_numbers_may_be_packed_or_not (void **state)
{
    (void)state;
    assert_good_answer ("\x1a\x02\x00\x01");
    assert_good_answer ("\x18\x00\x18\x01");
    assert_good_answer ("\x2a\x02\x01\x02");
    assert_bad_answer ("\x1a\x02\x00\x81", "permitted[1]", CUT_OFF);
    assert_bad_answer ("\x1a\x03\x00\x01\x02", "permitted[2]", "This list has more than 2 entries.");
    assert_bad_answer ("\x18\x00\x1a\x02\x01\x02", "permitted[2]", "This list has more than 2 entries.");
    assert_bad_answer ("\x2a\x02\x01\x0b", "obligations[1]", "This is not one of the values that it may have.");
    assert_bad_answer ("\x1d....", "permitted[0]", OTHER_TYPE);
}

/* No message of the protocol nests that deep, so here is one that holds itself. */
static void test_messages_nested_too_deep_are_refused (void **state)
{
    (void)state;
    static ProtobufCMessageDescriptor nest;
    static const ProtobufCFieldDescriptor inner = {
        .name = "inner",
        .id = 1,
        .label = PROTOBUF_C_LABEL_NONE,
        .type = PROTOBUF_C_TYPE_MESSAGE,
        .descriptor = &nest,
    };
    static const ProtobufCIntRange ranges[] = {{1, 0}, {0, 1}};
    nest = (ProtobufCMessageDescriptor){
        .magic = PROTOBUF_C__MESSAGE_DESCRIPTOR_MAGIC,
        .n_fields = 1,
        .fields = &inner,
        .n_field_ranges = 1,
        .field_ranges = ranges,
    };
    const char deepest[] = "\x0a\x0c\x0a\x0a\x0a\x08\x0a\x06\x0a\x04\x0a\x02\x0a\x00";
    assert_good_as (&nest, deepest, sizeof deepest - 1);
    const char deeper[] = "\x0a\x0e\x0a\x0c\x0a\x0a\x0a\x08\x0a\x06\x0a\x04\x0a\x02\x0a\x00";
    assert_bad_as (&nest, deeper, sizeof deeper - 1, "inner.inner.inner.inner.inner.inner.inner.inner",
                   "Messages are nested too deep.");
}

static void test_the_fields_of_any_message_can_be_walked (void **state)
{
    (void)state;
    const char bytes[] = "\x08\x96\x01\x12\x02hi\x1d\x01\x02\x03\x04\x21........";
    struct wire_cursor cursor = wire_begin (bytes, sizeof bytes - 1);
    struct wire_field field;
    assert_int_equal (wire_next (&cursor, &field), 0);
    assert_int_equal (field.number, 1);
    assert_int_equal (field.value, 150);
    assert_int_equal (wire_next (&cursor, &field), 0);
    assert_int_equal (field.number, 2);
    assert_int_equal (field.size, 2);
    assert_memory_equal (field.data, "hi", 2);
    assert_int_equal (wire_next (&cursor, &field), 0);
    assert_int_equal (field.size, 4);
    assert_int_equal (wire_next (&cursor, &field), 0);
    assert_int_equal (field.size, 8);
    assert_int_equal (wire_next (&cursor, &field), WIRE_END);

    cursor = wire_begin (bytes, 6);
    assert_int_equal (wire_next (&cursor, &field), 0);
    assert_int_equal (wire_next (&cursor, &field), WIRE_BAD);
}

static void test_what_will_be_checked_by_itself_is_passed_over_in_lists (void **state)
{
    (void)state;
    const struct wire_limits passing = {
        .longest = 100, .most = 2, .passed_over = &consentd__check_request__descriptor};
    static const char in_list[] = "\xc2\x02\x04\x0a\x02\xff\xff", alone[] = "\x8a\x01\x02\xff\xff";
    struct wire_fault fault;
    assert_bad (in_list, "batch.checks[0]", NO_FIELD);
    assert_int_equal (
        check (&consentd__request__descriptor, (struct bytes){in_list, sizeof in_list - 1}, &passing, &fault), 0);
    assert_int_equal (
        check (&consentd__request__descriptor, (struct bytes){alone, sizeof alone - 1}, &passing, &fault),
        WIRE_BAD);
    assert_string_equal (fault.field, "check");
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_an_empty_message_is_in_order),
        cmocka_unit_test (test_a_message_that_is_cut_off_is_refused),
        cmocka_unit_test (test_a_tag_that_is_none_is_refused),
        cmocka_unit_test (test_a_value_of_another_type_is_refused),
        cmocka_unit_test (test_an_unknown_field_is_refused_by_its_number),
        cmocka_unit_test (test_a_field_given_twice_is_refused),
        cmocka_unit_test (test_two_requests_in_one_message_are_refused),
        cmocka_unit_test (test_an_unknown_enum_value_is_refused),
        cmocka_unit_test (test_a_number_that_does_not_fit_is_refused),
        cmocka_unit_test (test_text_that_is_not_utf8_is_refused),
        cmocka_unit_test (test_text_that_holds_a_nul_is_refused),
        cmocka_unit_test (test_what_is_longer_than_the_limit_is_refused),
        cmocka_unit_test (test_a_list_that_is_longer_than_its_own_limit_is_refused),
        cmocka_unit_test (test_lists_of_numbers_may_be_packed_or_not),
        cmocka_unit_test (test_messages_nested_too_deep_are_refused),
        cmocka_unit_test (test_what_will_be_checked_by_itself_is_passed_over_in_lists),
        cmocka_unit_test (test_the_fields_of_any_message_can_be_walked),
    };
    return cmocka_run_group_tests (tests, setup, teardown);
}

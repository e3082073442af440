/* One table for several messages: what a message has of it, who sees it, and what is left out. */
#include "fields/fields.h"

#include <string.h>
#include "arena.h"
#include "envelope.pb-c.h"
#include "fields/joined.h"
#include "rules/codes.h"
#include "testing.h"

enum { ROOM = 1 << 20, JOINS = 64 };

/* What is joined lives as long as the process. */
static const struct joined *joins[JOINS];
static size_t join_count;

static const char *join (struct message *message)
{
    const char *fault = message_join (message);
    assert_in_range (join_count, 0, JOINS - 1);
    joins[join_count++] = message->joined;
    return fault;
}

/* Writes the struct and unpacks it by the generated code; free it as that says. */
static void *sent (const struct fields *fields, const ProtobufCMessageDescriptor *descriptor, const void *from)
{
    struct message message = {.fields = fields, .descriptor = descriptor};
    const char *fault = join (&message);
    if (fault != NULL)
        fail_msg ("%s of %s", fault, descriptor->name);
    struct arena *arena = arena_new (ROOM);
    struct bytes bytes = fields_write (&message, from, arena);
    assert_int_equal (fields_size (&message, from), bytes.size);
    void *made = protobuf_c_message_unpack (descriptor, NULL, bytes.size, bytes.data);
    assert_non_null (made);
    /* As generated code would pack it. */
    assert_int_equal (protobuf_c_message_get_packed_size (made), bytes.size);
    uint8_t *packed = arena_alloc (arena, bytes.size);
    protobuf_c_message_pack (made, packed);
    assert_memory_equal (packed, bytes.data, bytes.size);
    arena_destroy (&arena);
    return made;
}

static const char *fault_of (const struct fields *fields, const ProtobufCMessageDescriptor *descriptor)
{
    struct message message = {.fields = fields, .descriptor = descriptor};
    return join (&message);
}

/* Evidence and a time: as messages in one another, or all in one */

struct proof {
    const char *reference;
    uint8_t sha256[32];
    bool has_sha256;
};

static const struct field proof_field[] = {
    {TEXT (proof, reference)},
    {FIXED_IF (proof, sha256, has_sha256)},
};
static const struct fields proof_fields = {FIELDS_OF (proof, proof_field)};

struct asking {
    struct text_set by;
    struct proof evidence;
    bool has_evidence;
    const struct proof *other;
    moment given_at;
    const char *reference;
    bool in_full;
};

static struct asking whole (void)
{
    static const char *by[] = {"moeder", "vader"};
    static const struct proof other = {.reference = "elders"};
    return (struct asking){.by = {by, 2},
                           .evidence = {"stuk-1", {1, 2, 3}, true},
                           .has_evidence = true,
                           .other = &other,
                           .given_at = 1000,
                           .reference = "eigen",
                           .in_full = true};
}

static void test_a_group_is_a_message_where_the_message_has_one_of_its_name (void **state)
{
    (void)state;
    static const struct field field[] = {
        {TEXTS (asking, by)}, {GROUP (asking, evidence, &proof_fields)}, {MOMENT (asking, given_at)}};
    static const struct fields fields = {FIELDS_OF (asking, field)};
    struct asking from = whole ();
    Consentd__WrittenRequest *nested = sent (&fields, &consentd__written_request__descriptor, &from);
    assert_int_equal (nested->n_by, 2);
    assert_string_equal (nested->by[1], "vader");
    assert_int_equal (nested->given_at, 1000);
    assert_string_equal (nested->evidence->reference, "stuk-1");
    assert_int_equal (nested->evidence->sha256.len, 32);
    assert_memory_equal (nested->evidence->sha256.data, from.evidence.sha256, 32);
    consentd__written_request__free_unpacked (nested, NULL);

    Consentd__Evidence *flat = sent (&fields, &consentd__evidence__descriptor, &from);
    assert_string_equal (flat->reference, "stuk-1");
    assert_int_equal (flat->sha256.len, 32);
    consentd__evidence__free_unpacked (flat, NULL);
}

static void test_a_group_with_nothing_to_say_is_left_out_unless_it_is_required (void **state)
{
    (void)state;
    static const struct field optional[] = {
        {TEXTS (asking, by)}, {GROUP (asking, evidence, &proof_fields)}, {MOMENT (asking, given_at)}};
    static const struct field required[] = {{TEXTS (asking, by)},
                                            {GROUP (asking, evidence, &proof_fields), .required = true},
                                            {MOMENT (asking, given_at)}};
    static const struct fields left_out = {FIELDS_OF (asking, optional)}, kept = {FIELDS_OF (asking, required)};
    struct asking from = whole ();
    from.evidence = (struct proof){.reference = ""};
    Consentd__WrittenRequest *made = sent (&left_out, &consentd__written_request__descriptor, &from);
    assert_null (made->evidence);
    consentd__written_request__free_unpacked (made, NULL);
    made = sent (&kept, &consentd__written_request__descriptor, &from);
    assert_non_null (made->evidence);
    consentd__written_request__free_unpacked (made, NULL);
}

static void test_a_group_is_written_only_where_its_flag_says_that_it_is_there (void **state)
{
    (void)state;
    static const struct field field[] = {{TEXTS (asking, by)},
                                         {GROUP_IF (asking, evidence, has_evidence, &proof_fields)},
                                         {MOMENT (asking, given_at)}};
    static const struct fields fields = {FIELDS_OF (asking, field)};
    struct asking from = whole ();
    Consentd__WrittenRequest *made = sent (&fields, &consentd__written_request__descriptor, &from);
    assert_string_equal (made->evidence->reference, "stuk-1");
    consentd__written_request__free_unpacked (made, NULL);
    from.has_evidence = false;
    made = sent (&fields, &consentd__written_request__descriptor, &from);
    assert_null (made->evidence);
    consentd__written_request__free_unpacked (made, NULL);
}

static void test_a_struct_that_is_pointed_to_is_followed_and_left_out_where_there_is_none (void **state)
{
    (void)state;
    static const struct field message[] = {{TEXTS (asking, by)},
                                           {GROUP_AT (asking, other, &proof_fields), .also = "evidence"},
                                           {MOMENT (asking, given_at)}};
    static const struct field part[] = {{GROUP_AT (asking, other, &proof_fields)}};
    static const struct fields nested = {FIELDS_OF (asking, message)}, flat = {FIELDS_OF (asking, part)};
    struct asking from = whole ();
    for (int round = 0; round < 2; round++, from.other = NULL) {
        Consentd__WrittenRequest *in = sent (&nested, &consentd__written_request__descriptor, &from);
        Consentd__Evidence *out = sent (&flat, &consentd__evidence__descriptor, &from);
        assert_string_equal (out->reference, round == 0 ? "elders" : "");
        if (round == 0)
            assert_string_equal (in->evidence->reference, "elders");
        else
            assert_null (in->evidence);
        consentd__written_request__free_unpacked (in, NULL);
        consentd__evidence__free_unpacked (out, NULL);
    }
}

static void test_an_entry_of_the_table_goes_before_one_of_its_groups (void **state)
{
    (void)state;
    static const struct field own[] = {{GROUP (asking, evidence, &proof_fields)}, {TEXT (asking, reference)}};
    static const struct field two_groups[] = {{GROUP (asking, evidence, &proof_fields)},
                                              {GROUP_AT (asking, other, &proof_fields)}};
    static const struct fields fields = {FIELDS_OF (asking, own)}, doubtful = {FIELDS_OF (asking, two_groups)};
    struct asking from = whole ();
    Consentd__Evidence *made = sent (&fields, &consentd__evidence__descriptor, &from);
    assert_string_equal (made->reference, "eigen");
    assert_int_equal (made->sha256.len, 32);
    consentd__evidence__free_unpacked (made, NULL);
    assert_string_equal (fault_of (&doubtful, &consentd__evidence__descriptor), "reference");
}

static void test_of_two_entries_with_one_name_that_one_serves_which_is_of_the_type (void **state)
{
    (void)state;
    static const struct field field[] = {{TEXTS (asking, by), .also = "reference"},
                                         {TEXT (asking, reference), .also = "by"},
                                         {PASSED_OVER ("evidence")},
                                         {PASSED_OVER ("sha256")},
                                         {MOMENT (asking, given_at)}};
    static const struct fields fields = {FIELDS_OF (asking, field)};
    struct asking from = whole ();
    Consentd__WrittenRequest *list = sent (&fields, &consentd__written_request__descriptor, &from);
    assert_int_equal (list->n_by, 2);
    consentd__written_request__free_unpacked (list, NULL);
    Consentd__Evidence *text = sent (&fields, &consentd__evidence__descriptor, &from);
    assert_string_equal (text->reference, "eigen");
    consentd__evidence__free_unpacked (text, NULL);
}

static void test_what_is_passed_over_is_known_and_not_written (void **state)
{
    (void)state;
    static const struct field field[] = {
        {TEXTS (asking, by)}, {PASSED_OVER ("evidence")}, {MOMENT (asking, given_at)}};
    static const struct fields fields = {FIELDS_OF (asking, field)};
    static const struct fields unknown = {.field = field, .count = 1, .size = sizeof (struct asking)};
    struct asking from = whole ();
    Consentd__WrittenRequest *made = sent (&fields, &consentd__written_request__descriptor, &from);
    assert_null (made->evidence);
    assert_int_equal (made->given_at, 1000);
    consentd__written_request__free_unpacked (made, NULL);
    assert_string_equal (fault_of (&unknown, &consentd__written_request__descriptor), "evidence");
}

static void test_what_is_only_for_who_sees_all_is_not_written_for_others (void **state)
{
    (void)state;
    static const struct field field[] = {{TEXTS (asking, by)},
                                         {GROUP (asking, evidence, &proof_fields), .in_full = true},
                                         {MOMENT (asking, given_at), .in_full = true}};
    static const struct fields fields = {FIELDS_OF (asking, field), .full = offsetof (struct asking, in_full)};
    struct asking from = whole ();
    Consentd__WrittenRequest *made = sent (&fields, &consentd__written_request__descriptor, &from);
    assert_non_null (made->evidence);
    assert_int_equal (made->given_at, 1000);
    consentd__written_request__free_unpacked (made, NULL);
    from.in_full = false;
    made = sent (&fields, &consentd__written_request__descriptor, &from);
    assert_int_equal (made->n_by, 2);
    assert_null (made->evidence);
    assert_int_equal (made->given_at, 0);
    consentd__written_request__free_unpacked (made, NULL);
    Consentd__Evidence *flat = sent (&fields, &consentd__evidence__descriptor, &from);
    assert_string_equal (flat->reference, "");
    consentd__evidence__free_unpacked (flat, NULL);
}

struct guarded {
    const char *reference;
    uint8_t sha256[32];
    bool in_full;
};

struct guarding {
    struct text_set by;
    struct guarded evidence;
    moment given_at;
};

static void test_what_stands_beside_one_that_is_not_shown_in_full_is_as_without_it (void **state)
{
    (void)state;
    static const char *by[] = {"moeder"};
    static const struct field inner[] = {{TEXT (guarded, reference), .in_full = true}, {FIXED (guarded, sha256)}};
    static const struct fields guarded = {FIELDS_OF (guarded, inner), .full = offsetof (struct guarded, in_full)};
    static const struct field outer[] = {{TEXTS (guarding, by), .in_full = true},
                                         {GROUP (guarding, evidence, &guarded)},
                                         {MOMENT (guarding, given_at), .in_full = true}};
    static const struct fields fields = {FIELDS_OF (guarding, outer)};
    struct guarding from = {.by = {by, 1}, .evidence = {.reference = "stuk-1"}, .given_at = 1000};
    Consentd__WrittenRequest *made = sent (&fields, &consentd__written_request__descriptor, &from);
    assert_string_equal (made->evidence->reference, "");
    assert_int_equal (made->n_by, 1);
    assert_int_equal (made->given_at, 1000);
    consentd__written_request__free_unpacked (made, NULL);
}

struct marks {
    const uint32_t *marks;
    size_t count;
    struct bytes message;
    const struct bytes *messages;
    size_t message_count;
};

static const uint32_t many_marks[] = {0, 300, 0};

static void test_numbers_in_a_list_are_all_written_also_a_zero_at_the_end (void **state)
{
    (void)state;
    static const struct field field[] = {{NUMBERS_LIST (marks, marks, count), .also = "codes"}};
    static const struct fields fields = {FIELDS_OF (marks, field)};
    struct marks from = {.marks = many_marks, .count = 3};
    Consentd__DecisionReasons *made = sent (&fields, &consentd__decision_reasons__descriptor, &from);
    assert_int_equal (made->n_codes, 3);
    assert_int_equal (made->codes[0], 0);
    assert_int_equal (made->codes[1], 300);
    assert_int_equal (made->codes[2], 0);
    consentd__decision_reasons__free_unpacked (made, NULL);
    from.count = 0;
    made = sent (&fields, &consentd__decision_reasons__descriptor, &from);
    assert_int_equal (made->n_codes, 0);
    consentd__decision_reasons__free_unpacked (made, NULL);
}

static void test_codes_of_rules_are_numbers_of_an_enum (void **state)
{
    (void)state;
    static const struct field field[] = {{CODES ("codes")}};
    static const struct fields fields = {FIELDS_OF (rule_codes, field)};
    struct rule_codes from = {2, {EXPIRED, NO_FLOW}};
    Consentd__DecisionReasons *made = sent (&fields, &consentd__decision_reasons__descriptor, &from);
    assert_int_equal (made->n_codes, 2);
    assert_int_equal (made->codes[0], CONSENTD__CODE__EXPIRED);
    assert_int_equal (made->codes[1], CONSENTD__CODE__NO_FLOW);
    consentd__decision_reasons__free_unpacked (made, NULL);
    from.count = 0;
    made = sent (&fields, &consentd__decision_reasons__descriptor, &from);
    assert_int_equal (made->n_codes, 0);
    consentd__decision_reasons__free_unpacked (made, NULL);
}

static void test_a_message_that_is_packed_already_stands_in_another_as_it_is (void **state)
{
    (void)state;
    static const struct field field[] = {{PACKED_LIST (marks, messages, message_count), .also = "answers"}};
    static const struct field outer[] = {
        {PACKED (marks, message), .also = "evidence"}, {PASSED_OVER ("by")}, {PASSED_OVER ("given_at")}};
    static const struct fields list = {FIELDS_OF (marks, field)}, one = {FIELDS_OF (marks, outer)};
    static const struct bytes status[] = {{"\x08\x01", 2}, {"\x08\x03", 2}};
    struct marks from = {.message = {"\x0a\x01z", 3}, .messages = status, .message_count = 2};
    Consentd__BatchReply *batch = sent (&list, &consentd__batch_reply__descriptor, &from);
    assert_int_equal (batch->n_answers, 2);
    assert_int_equal (batch->answers[1]->status, 3);
    consentd__batch_reply__free_unpacked (batch, NULL);
    Consentd__WrittenRequest *written = sent (&one, &consentd__written_request__descriptor, &from);
    assert_string_equal (written->evidence->reference, "z");
    consentd__written_request__free_unpacked (written, NULL);
    from.message.size = 0;
    written = sent (&one, &consentd__written_request__descriptor, &from);
    assert_null (written->evidence);
    consentd__written_request__free_unpacked (written, NULL);
}

static void test_a_table_of_a_part_reads_that_part_of_the_message (void **state)
{
    (void)state;
    static const struct field field[] = {{GROUP_IF (asking, evidence, has_evidence, &proof_fields)}};
    static const struct fields fields = {FIELDS_OF (asking, field)};
    struct message part = {
        .fields = &fields, .descriptor = &consentd__written_request__descriptor, .is_part = true};
    struct message whole = {.fields = &fields, .descriptor = &consentd__written_request__descriptor};
    assert_null (join (&part));
    assert_string_equal (join (&whole), "by");
    struct arena *arena = arena_new (ROOM);
    uint8_t bytes[] = {0x0a, 1, 'm', 0x12, 3, 0x0a, 1, 'r', 0x18, 9, 0x0a, 1, 'v'}, none[] = {0x18, 9};
    struct asking to;
    assert_true (fields_read (&part, arena, bytes, sizeof bytes, &to));
    assert_true (to.has_evidence);
    assert_string_equal (to.evidence.reference, "r");
    assert_true (fields_read (&part, arena, none, sizeof none, &to));
    assert_false (to.has_evidence);
    arena_destroy (&arena);
}

/* The bytes are moved to larger room more than once. */
static void test_a_long_message_is_written_as_a_short_one (void **state)
{
    (void)state;
    enum { MANY = 3000 };
    static const struct field field[] = {
        {TEXTS (asking, by)}, {GROUP (asking, evidence, &proof_fields)}, {MOMENT (asking, given_at)}};
    static const struct fields fields = {FIELDS_OF (asking, field)};
    static const char *by[MANY];
    for (size_t i = 0; i < MANY; i++)
        by[i] = i % 2 == 0 ? "moeder" : "vader";
    struct asking from = whole ();
    from.by = (struct text_set){by, MANY};
    Consentd__WrittenRequest *made = sent (&fields, &consentd__written_request__descriptor, &from);
    assert_int_equal (made->n_by, MANY);
    for (size_t i = 0; i < MANY; i++)
        assert_string_equal (made->by[i], by[i]);
    assert_string_equal (made->evidence->reference, "stuk-1");
    consentd__written_request__free_unpacked (made, NULL);
}

static void test_a_time_that_never_comes_is_zero_in_the_protocol (void **state)
{
    (void)state;
    static const struct field field[] = {
        {TEXTS (asking, by)}, {PASSED_OVER ("evidence")}, {MOMENT (asking, given_at)}};
    static const struct fields fields = {FIELDS_OF (asking, field)};
    static const moment sent_as[][2] = {{MOMENT_NEVER, 0}, {0, 0}, {-1, -1}, {MOMENT_NEVER - 1, MOMENT_NEVER - 1}};
    for (size_t i = 0; i < sizeof sent_as / sizeof *sent_as; i++) {
        struct asking from = {.given_at = sent_as[i][0]};
        Consentd__WrittenRequest *made = sent (&fields, &consentd__written_request__descriptor, &from);
        assert_true (made->given_at == sent_as[i][1]);
        consentd__written_request__free_unpacked (made, NULL);
    }
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_a_group_is_a_message_where_the_message_has_one_of_its_name),
        cmocka_unit_test (test_a_group_with_nothing_to_say_is_left_out_unless_it_is_required),
        cmocka_unit_test (test_a_group_is_written_only_where_its_flag_says_that_it_is_there),
        cmocka_unit_test (test_a_struct_that_is_pointed_to_is_followed_and_left_out_where_there_is_none),
        cmocka_unit_test (test_an_entry_of_the_table_goes_before_one_of_its_groups),
        cmocka_unit_test (test_of_two_entries_with_one_name_that_one_serves_which_is_of_the_type),
        cmocka_unit_test (test_what_is_passed_over_is_known_and_not_written),
        cmocka_unit_test (test_what_is_only_for_who_sees_all_is_not_written_for_others),
        cmocka_unit_test (test_what_stands_beside_one_that_is_not_shown_in_full_is_as_without_it),
        cmocka_unit_test (test_numbers_in_a_list_are_all_written_also_a_zero_at_the_end),
        cmocka_unit_test (test_codes_of_rules_are_numbers_of_an_enum),
        cmocka_unit_test (test_a_message_that_is_packed_already_stands_in_another_as_it_is),
        cmocka_unit_test (test_a_table_of_a_part_reads_that_part_of_the_message),
        cmocka_unit_test (test_a_long_message_is_written_as_a_short_one),
        cmocka_unit_test (test_a_time_that_never_comes_is_zero_in_the_protocol),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}

/* Structs read from bytes and written to them by their tables: what the generated code packs opens to the same
   struct, and what is written is what it would have packed. */
#include "fields/fields.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include "arena.h"
#include "codec/body_fields.h"
#include "envelope.pb-c.h"
#include "fields/joined.h"
#include "kept.h"
#include "record/record.h"
#include "record/record_parts.h"
#include "records.pb-c.h"
#include "verbs/verbs.h"

static struct arena *arena;

static int setup (void **state)
{
    (void)state;
    arena = arena_new (64 << 20);
    return 0;
}

static int teardown (void **state)
{
    (void)state;
    arena_destroy (&arena);
    return 0;
}

/* Messages of the generated code, filled by what their tables say of them */

enum { SPARE, LISTS_OF_ONE, FULL, FILLINGS };

/* What a filling has in every list; SPARE: only what may not be missing. */
static const size_t elements[FILLINGS] = {[SPARE] = 0, [LISTS_OF_ONE] = 1, [FULL] = 3};

static uint64_t seed;

static ProtobufCMessage *filled (const struct joined *joined, int filling);

static char *some_text (const struct slot *slot)
{
    seed++;
    if (slot->field->kind == FIELD_DAY)
        return arena_printf (arena, "20%02u-0%u-1%u", (unsigned)(seed % 90 + 10), (unsigned)(seed % 9 + 1),
                             (unsigned)(seed % 10));
    return arena_printf (arena, "%s-%u", slot->wire->name, (unsigned)seed);
}

static ProtobufCBinaryData some_bytes (const struct slot *slot)
{
    static const size_t codes = 5, any = 200;
    size_t size = slot->field->kind == FIELD_FIXED || slot->field->kind == FIELD_FIXED_LIST ? slot->field->size
                  : slot->field->kind == FIELD_FIXED_AT                                     ? slot->field->most
                  : slot->field->kind == FIELD_CODES_LIST                                   ? codes
                                                                                            : any;
    uint8_t *data = arena_alloc (arena, size);
    for (size_t i = 0; i < size; i++)
        data[i] = (uint8_t)(seed += 7);
    return (ProtobufCBinaryData){size, data};
}

static int64_t some_moment (void)
{
    static const int64_t moments[] = {1, -1, INT64_C (1795000000000), MOMENT_NEVER, MOMENT_ALWAYS};
    return moments[seed++ % 5];
}

static void put_value (const struct slot *slot, int filling, void *at)
{
    switch (slot->wire->type) {
    case PROTOBUF_C_TYPE_STRING:
        *(char **)at = some_text (slot);
        break;
    case PROTOBUF_C_TYPE_BYTES:
        *(ProtobufCBinaryData *)at = some_bytes (slot);
        break;
    case PROTOBUF_C_TYPE_MESSAGE:
        *(ProtobufCMessage **)at = filled (slot->inner, filling);
        break;
    case PROTOBUF_C_TYPE_BOOL:
        *(protobuf_c_boolean *)at = 1;
        break;
    case PROTOBUF_C_TYPE_UINT32:
        *(uint32_t *)at = slot->field->kind == FIELD_CHOICE && slot->field->most < UINT32_MAX
                              ? slot->field->most
                              : (uint32_t)(300 + seed++);
        break;
    case PROTOBUF_C_TYPE_UINT64:
        *(uint64_t *)at = UINT64_MAX - seed++;
        break;
    case PROTOBUF_C_TYPE_SINT64:
        *(int64_t *)at = some_moment ();
        break;
    default:
        fail_msg ("%s is of a type that no record has", slot->wire->name);
    }
}

static bool is_spared (const struct slot *slot, int filling)
{
    const struct field *field = slot->field;
    return filling == SPARE && !field->required && field->least == 0 &&
           (field->kind != FIELD_FIXED || field->has_beside);
}

static size_t size_of (const struct slot *slot)
{
    return slot->wire->type == PROTOBUF_C_TYPE_BYTES    ? sizeof (ProtobufCBinaryData)
           : slot->wire->type == PROTOBUF_C_TYPE_UINT32 ? sizeof (uint32_t)
                                                        : sizeof (void *);
}

static ProtobufCMessage *filled (const struct joined *joined, int filling)
{
    char *made = arena_alloc (arena, joined->descriptor->sizeof_message);
    protobuf_c_message_init (joined->descriptor, made);
    for (unsigned i = 0; i < joined->count; i++) {
        const struct slot *slot = &joined->slot[i];
        char *at = made + slot->wire->offset;
        if (is_spared (slot, filling))
            continue;
        if (!slot_is_list (slot)) {
            put_value (slot, filling, at);
            continue;
        }
        size_t count = elements[filling];
        char *items = arena_array (arena, count, size_of (slot));
        for (size_t j = 0; j < count; j++)
            put_value (slot, filling, items + j * size_of (slot));
        *(size_t *)(void *)(made + slot->wire->quantifier_offset) = count;
        *(char **)(void *)at = items;
    }
    return (ProtobufCMessage *)(void *)made;
}

struct packed {
    uint8_t *data;
    size_t size;
};

static struct packed packed (const ProtobufCMessage *message)
{
    struct packed made = {NULL, protobuf_c_message_get_packed_size (message)};
    made.data = arena_alloc (arena, made.size);
    protobuf_c_message_pack (message, made.data);
    return made;
}

static void *room_for (struct message *message)
{
    return arena_alloc (arena, message->fields->size);
}

/* The bytes are read in a copy of their own size, so that whoever reads past them is caught. */
static bool read_copy (struct message *message, const uint8_t *data, size_t size, void *to)
{
    uint8_t *copy = arena_memdup (arena, data, size);
    return fields_read (message, arena, copy, size, to);
}

static struct packed written (struct message *message, const void *from)
{
    struct bytes made = fields_write (message, from, arena);
    assert_int_equal (fields_size (message, from), made.size);
    return (struct packed){arena_memdup (arena, made.data, made.size), made.size};
}

static void test_every_record_agrees_with_its_table (void **state)
{
    (void)state;
    for (size_t i = 0; i < RECORD_SORTS; i++) {
        const char *fault = message_join (&records[i]);
        if (fault != NULL)
            fail_msg ("%s: %s", records[i].descriptor->name, fault);
    }
}

static void test_what_was_packed_before_is_read_and_written_the_same (void **state)
{
    (void)state;
    for (size_t i = 0; i < RECORD_SORTS; i++)
        for (int filling = 0; filling < FILLINGS; filling++) {
            struct packed before = packed (filled (message_joined (&records[i]), filling));
            void *read = room_for (&records[i]);
            assert_true (read_copy (&records[i], before.data, before.size, read));
            struct packed after = written (&records[i], read);
            if (records[i].joined->has_words) { /* which the generated code does not know; see test-fields-words.c */
                assert_true (read_copy (&records[i], after.data, after.size, read));
                before = after;
                after = written (&records[i], read);
            }
            assert_int_equal (after.size, before.size);
            assert_memory_equal (after.data, before.data, before.size);
        }
}

/* By hand, field by field: what the tables say is not asked. */
static void test_a_statement_is_what_its_record_says (void **state)
{
    (void)state;
    char *providers[] = {"kernteam", "zorgaanbieder"}, *recipients[] = {"cak"}, *categories[] = {"naw", "budget"};
    uint8_t hash[32] = {1, 2, 3};
    Records__Signature signature;
    Records__Signature *signatures[] = {&signature};
    records__signature__init (&signature);
    signature.signer = "subject";
    signature.given_at = 5;
    Records__Withdrawal withdrawal;
    Records__Withdrawal *withdrawals[] = {&withdrawal};
    records__withdrawal__init (&withdrawal);
    withdrawal.n_recipients = 1;
    withdrawal.recipients = recipients;
    withdrawal.withdrawn_by = "moeder";
    withdrawal.nobody_reason = "niemand";
    withdrawal.withdrawn_at = 6;
    withdrawal.recorded_at = 7;
    withdrawal.recorded_by = "kernteam";
    withdrawal.user = "u-2";
    withdrawal.number = 8;
    Records__Statement record;
    records__statement__init (&record);
    record.order = 9;
    record.refusal = true;
    record.n_providers = 2;
    record.providers = providers;
    record.n_recipients = 1;
    record.recipients = recipients;
    record.n_categories = 2;
    record.categories = categories;
    record.purpose = "toekenning";
    record.case_ref = "zaak-1";
    record.motivation = "want";
    record.form = FORM_DIGITAL;
    record.evidence_reference = "stuk-1";
    record.evidence_sha256 = (ProtobufCBinaryData){sizeof hash, hash};
    record.notice_id = "folder";
    record.notice_version = "2026-1";
    record.notice_language = "nl";
    record.notice_given_at = 10;
    record.n_signatures = 1;
    record.signatures = signatures;
    record.valid_from = 11;
    record.valid_until = MOMENT_NEVER;
    record.one_time = true;
    record.recorded_at = 12;
    record.recorded_by = "svb";
    record.user = "u-1";
    record.used_at = 13;
    record.used_by = 14;
    record.n_withdrawals = 1;
    record.withdrawals = withdrawals;
    record.under_secrecy = true;
    record.number = 15;

    struct packed bytes = packed (&record.base);
    struct statement read;
    memset (&read, 0xee, sizeof read);
    assert_true (read_copy (&records[RECORD_STATEMENT], bytes.data, bytes.size, &read));
    assert_int_equal (read.order, 9);
    assert_true (read.refusal && read.one_time && read.under_secrecy && read.has_evidence);
    assert_int_equal (read.scope.providers.count, 2);
    assert_string_equal (read.scope.providers.item[0], "kernteam");
    assert_string_equal (read.scope.providers.item[1], "zorgaanbieder");
    assert_int_equal (read.scope.recipients.count, 1);
    assert_string_equal (read.scope.recipients.item[0], "cak");
    assert_int_equal (read.scope.categories.count, 2);
    assert_string_equal (read.scope.categories.item[1], "budget");
    assert_int_equal (read.scope.origins.count, 0);
    assert_string_equal (read.scope.purpose, "toekenning");
    assert_string_equal (read.scope.case_ref, "zaak-1");
    assert_string_equal (read.motivation, "want");
    assert_int_equal (read.form, FORM_DIGITAL);
    assert_string_equal (read.evidence_reference, "stuk-1");
    assert_memory_equal (read.evidence_sha256, hash, sizeof hash);
    assert_string_equal (read.notice.id, "folder");
    assert_string_equal (read.notice.version, "2026-1");
    assert_string_equal (read.notice.language, "nl");
    assert_int_equal (read.notice.given_at, 10);
    assert_int_equal (read.signature_count, 1);
    assert_string_equal (read.signatures[0].signer, "subject");
    assert_int_equal (read.signatures[0].given_at, 5);
    assert_int_equal (read.valid_from, 11);
    assert_true (read.valid_until == MOMENT_NEVER);
    assert_int_equal (read.recorded_at, 12);
    assert_int_equal (read.number, 15);
    assert_string_equal (read.recorded_by, "svb");
    assert_string_equal (read.user, "u-1");
    assert_int_equal (read.used_at, 13);
    assert_int_equal (read.used_by, 14);
    assert_int_equal (read.withdrawal_count, 1);
    assert_int_equal (read.withdrawals[0].providers.count, 0);
    assert_string_equal (read.withdrawals[0].recipients.item[0], "cak");
    assert_string_equal (read.withdrawals[0].withdrawn_by, "moeder");
    assert_string_equal (read.withdrawals[0].nobody_reason, "niemand");
    assert_int_equal (read.withdrawals[0].withdrawn_at, 6);
    assert_int_equal (read.withdrawals[0].recorded_at, 7);
    assert_string_equal (read.withdrawals[0].recorded_by, "kernteam");
    assert_string_equal (read.withdrawals[0].user, "u-2");
    assert_int_equal (read.withdrawals[0].number, 8);
    assert_int_equal (read.lapses_at, 0); /* what no record has is zero */
}

/* By which a page of consents is kept within a message. */
static void test_a_consent_takes_no_more_in_an_answer_than_is_reckoned (void **state)
{
    (void)state;
    static struct message shown_consent = {.fields = &shown_consent_fields,
                                           .descriptor = &consentd__consent__descriptor};
    for (int filling = 0; filling < FILLINGS; filling++) {
        struct packed record = packed (filled (message_joined (&records[RECORD_STATEMENT]), filling));
        struct statement statement;
        assert_true (read_copy (&records[RECORD_STATEMENT], record.data, record.size, &statement));
        struct shown_consent shown = {.statement = &statement,
                                      .state = STATE_DEFERRED,
                                      .in_full = true,
                                      .asked_by = "a-party-of-thirty-two-characters",
                                      .asked_at = INT64_C (253402300799999)};
        assert_in_range (fields_size (&shown_consent, &shown), 1, consent_size (&statement));
    }
}

static void test_bytes_that_are_cut_off_or_flipped_are_read_or_refused (void **state)
{
    (void)state;
    size_t refused = 0;
    for (size_t i = 0; i < RECORD_SORTS; i++) {
        struct packed whole = packed (filled (message_joined (&records[i]), LISTS_OF_ONE));
        for (size_t at = 0; at < whole.size; at++) {
            struct arena_mark mark = arena_mark (arena);
            void *read = room_for (&records[i]);
            refused += !read_copy (&records[i], whole.data, at, read);
            for (unsigned bit = 0; bit < 8; bit++) {
                uint8_t *flipped = arena_memdup (arena, whole.data, whole.size);
                flipped[at] ^= (uint8_t)(1 << bit);
                if (!read_copy (&records[i], flipped, whole.size, read))
                    refused++;
                else
                    written (&records[i], read); /* what is read is a struct like another */
            }
            arena_release (arena, mark);
        }
    }
    assert_true (refused > 1000);
}

/* Bytes of records, by hand */

#define assert_read_as(sort, bytes, expected) \
    assert_int_equal (read_copy (&records[sort], (const uint8_t *)(bytes), sizeof (bytes) - 1, read), expected)

static void test_what_a_record_does_not_know_is_passed_over (void **state)
{
    (void)state;
    struct received *read = room_for (&records[RECORD_RECEIVED]);
    /* 1: "naw"; 99: a number, a fixed32, a text */
    assert_read_as (RECORD_RECEIVED, "\x0a\x03naw\x98\x06\x05\x9d\x06wxyz\x9a\x06\x02hi", true);
    assert_int_equal (read->categories.count, 1);
    assert_string_equal (read->categories.item[0], "naw");
}

static void test_elements_need_not_follow_each_other (void **state)
{
    (void)state;
    struct received *read = room_for (&records[RECORD_RECEIVED]);
    assert_read_as (RECORD_RECEIVED, "\012\001a\022\001b\012\000\012\001c", true);
    assert_int_equal (read->categories.count, 3);
    assert_string_equal (read->categories.item[0], "a");
    assert_string_equal (read->categories.item[1], "");
    assert_string_equal (read->categories.item[2], "c");
    assert_int_equal (read->informed.count, 1);
}

static void test_a_field_of_another_type_is_damaged (void **state)
{
    (void)state;
    void *read = room_for (&records[RECORD_STATEMENT]);
    assert_read_as (RECORD_STATEMENT, "\x08\x05", true); /* order */
    assert_read_as (RECORD_STATEMENT, "\x0a\x01x", false);
    assert_read_as (RECORD_STATEMENT, "\015abcd", false);
    assert_read_as (RECORD_STATEMENT, "\x3a\x01x", true); /* purpose */
    assert_read_as (RECORD_STATEMENT, "\x38\x05", false);
    assert_read_as (RECORD_STATEMENT, "\x18\x05", false); /* providers, a list */
}

static void test_what_is_out_of_its_limits_is_damaged (void **state)
{
    (void)state;
    struct statement *statement;
    void *read = statement = room_for (&records[RECORD_STATEMENT]);
    assert_read_as (RECORD_STATEMENT, "\x50\x03", true); /* form */
    assert_int_equal (statement->form, FORM_ORAL);
    assert_read_as (RECORD_STATEMENT, "\x50\x04", false);
    assert_read_as (RECORD_STATEMENT, "\x50\x81\x80\x80\x80\x10", false);                    /* 2^32 + 1 */
    assert_read_as (RECORD_STATEMENT, "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", true); /* order */
    assert_true (statement->order == UINT64_MAX);
    assert_read_as (RECORD_STATEMENT, "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", false);
    /* A hash that is none is not there. */
    assert_read_as (RECORD_STATEMENT, "\x62\x02xy", true);
    assert_false (statement->has_evidence);

    read = room_for (&records[RECORD_OBLIGATION]);
    assert_read_as (RECORD_OBLIGATION, "\x30\x01", true); /* ground */
    assert_read_as (RECORD_OBLIGATION, "\x30\x05", false);
    assert_read_as (RECORD_OBLIGATION, "", true); /* of no disclosure */

    read = room_for (&records[RECORD_SUBJECT]);
    assert_read_as (RECORD_SUBJECT, "\012\0122001-02-28", true); /* birth */
    assert_read_as (RECORD_SUBJECT, "\x0a\x00", true);
    assert_read_as (RECORD_SUBJECT, "\012\0122001-02-29", false);
    assert_read_as (RECORD_SUBJECT, "\012\0112001-02-2", false);
    assert_read_as (RECORD_SUBJECT, "\032\013\032\0112001-02-2", false); /* of a representative */

    struct party_text *party;
    read = party = room_for (&records[RECORD_PARTY]);
    assert_read_as (RECORD_PARTY, "\x6a\x06\x01\x02\x03\x04\x05\x06", true); /* limits */
    assert_int_equal (party->limits.subjects_per_hour, 6);
    assert_read_as (RECORD_PARTY, "\x6a\x07\x01\x02\x03\x04\x05\x06\x07", false);
    assert_read_as (RECORD_PARTY, "\x6a\x02\x01\x82", false);
}

static void test_a_record_without_what_it_needs_is_damaged (void **state)
{
    (void)state;
    void *read = room_for (&records[RECORD_REQUEST]);
    assert_read_as (RECORD_REQUEST, "\x12\x00", true); /* asked */
    assert_read_as (RECORD_REQUEST, "", false);
    assert_read_as (RECORD_REQUEST, "\x12\x00\x12\x00", false);

    static const char ids[] = "\x1a\x10"
                              "0123456789abcdef"
                              "\x22\x10"
                              "fedcba9876543210";
    read = room_for (&records[RECORD_EVENT]);
    assert_read_as (RECORD_EVENT, ids, true);
    assert_false (read_copy (&records[RECORD_EVENT], (const uint8_t *)ids, 18, read));
    assert_read_as (RECORD_EVENT, "\032\0200123456789abcdef\042\017fedcba987654321", false);
    assert_read_as (RECORD_EVENT, "\032\0210123456789abcdefg\042\020fedcba9876543210", false);
    read = room_for (&records[RECORD_EVIDENCE]);
    assert_read_as (RECORD_EVIDENCE, "\062\0200123456789abcdef", true); /* rested_on */
    assert_read_as (RECORD_EVIDENCE, "\062\0170123456789abcde", false);
    assert_read_as (RECORD_EVIDENCE, "\062\0210123456789abcdefg", false);
}

/* Tables that do not agree */

struct small {
    const char *signer;
    moment given_at;
    const char *more;
};

static const char *fault_of (const struct field *field, size_t count, bool is_record)
{
    const struct fields fields = {field, count, sizeof (struct small), 0};
    struct message message = {&fields, &records__signature__descriptor, is_record, NULL};
    const char *fault = message_join (&message);
    free ((void *)(uintptr_t)message.joined);
    return fault;
}

static void test_a_table_that_does_not_agree_is_found (void **state)
{
    (void)state;
    static const struct field good[] = {{TEXT (small, signer)}, {MOMENT (small, given_at)}, {TEXT (small, more)}};
    static const struct field other_kind[] = {{TEXT (small, signer)}, {TEXT (small, more), .also = "given_at"}};
    static const struct field twice[] = {
        {TEXT (small, signer)}, {MOMENT (small, given_at)}, {TEXT (small, more), .also = "signer"}};
    static const struct field unstored[] = {
        {TEXT (small, signer)}, {MOMENT (small, given_at)}, {TEXT (small, more), .unstored = true}};
    assert_null (fault_of (good, 2, true));
    assert_null (fault_of (good, 3, false));
    assert_string_equal (fault_of (good, 3, true), "more");
    assert_null (fault_of (unstored, 3, true));
    assert_string_equal (fault_of (good, 1, false), "given_at");
    assert_string_equal (fault_of (other_kind, 2, false), "given_at");
    assert_string_equal (fault_of (twice, 3, false), "signer");
}

int main (void)
{
#define TEST(name) cmocka_unit_test_setup_teardown (name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST (test_every_record_agrees_with_its_table),
        TEST (test_what_was_packed_before_is_read_and_written_the_same),
        TEST (test_a_statement_is_what_its_record_says),
        TEST (test_a_consent_takes_no_more_in_an_answer_than_is_reckoned),
        TEST (test_bytes_that_are_cut_off_or_flipped_are_read_or_refused),
        TEST (test_what_a_record_does_not_know_is_passed_over),
        TEST (test_elements_need_not_follow_each_other),
        TEST (test_a_field_of_another_type_is_damaged),
        TEST (test_what_is_out_of_its_limits_is_damaged),
        TEST (test_a_record_without_what_it_needs_is_damaged),
        TEST (test_a_table_that_does_not_agree_is_found),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}

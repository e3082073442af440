/* What the log shows of requests and answers, by their tables: nothing that a person is or wrote, and of every
   field somebody has said whether it is shown. */
#include "testing.h"

#include <stdio.h>
#include <string.h>
#include "arena.h"
#include "codec/body_fields.h"
#include "codec/codec.h"
#include "envelope.pb-c.h"
#include "fields/joined.h"

enum { DEPTH = 8 };

/* Wherever they stand: what a person is, and what people wrote. */
static const char *const personal[] = {
    "bsn",          "birth_date",
    "death_date",   "death_recorded_at",
    "motivation",   "nobody_reason",
    "contact",      "refused_reason",
    "no_manager",   "deferred_reason",
    "necessity",    "subsidiarity",
    "objections",   "proportionality",
    "inform_why",   "consent_sought",
    "no_other_way", "purpose_limitation",
    "serious_harm", "conflict_of_duties",
    "capabilities", "capable",
    "remove",       "representatives",
    "refused_from", "wish",
    "article",      "extension_reason",
    "note",         "came_note",
    "correction_reason", "care_ended",
};

static bool is_personal (const ProtobufCMessageDescriptor *message, const char *field)
{
    if (strcmp (field, "reason") == 0)
        return message != &consentd__urgent_reasons__descriptor; /* there it is a code of the pack */
    for (size_t i = 0; i < COUNT (personal); i++)
        if (strcmp (personal[i], field) == 0)
            return true;
    return false;
}

/* What is left out besides, since the log keeps no answer to what is only read, and of a batch each check apart.
 */
static bool is_never_kept (const ProtobufCMessageDescriptor *message, const char *field)
{
    static const char *const of_reply[] = {"listing",        "whoami",          "consent_show", "consent_list",
                                           "subscribe",      "acknowledge",     "audit_list",   "batch",
                                           "waiting_list",   "obligation_list", "event",        "due_list",
                                           "decision_show",  "backup",          "rights_list",  "overview",
                                           "log_checkpoint", "log_prove",       "log_lines",    "retention",
                                           "log_cosign",     "log_witnesses",   "log_pushed",   "receipt",
                                           "log_archive",    "log_copied",     "snapshot",
                                           "permits",        "party_identify",  "recorded",
                                           "policy_pack",    "config_diff",     "vocabulary",   "keys_list"};
    bool answered = message == &consentd__reply__descriptor;
    for (size_t i = 0; answered && i < COUNT (of_reply); i++)
        if (strcmp (of_reply[i], field) == 0)
            return true;
    return message == &consentd__batch_request__descriptor ||
           (message == &consentd__subject_show_reply__descriptor &&
            (strcmp (field, "restrictions") == 0 || strcmp (field, "holds") == 0));
}

static const ProtobufCMessageDescriptor *message_of (const ProtobufCFieldDescriptor *field)
{
    return field->type == PROTOBUF_C_TYPE_MESSAGE ? field->descriptor : NULL;
}

static size_t assert_decided (const struct joined *table, int depth)
{
    const ProtobufCMessageDescriptor *message = table->descriptor;
    size_t shown = 0;
    assert_true (depth < DEPTH);
    for (unsigned i = 0; i < table->count; i++) {
        const struct slot *slot = &table->slot[i];
        bool is_shown = slot_is_in_log (slot);
        if (is_shown == (is_personal (message, slot->wire->name) || is_never_kept (message, slot->wire->name)))
            fail_msg ("%s.%s is %s", message->short_name, slot->wire->name,
                      is_shown ? "personal, and shown" : "neither shown nor known as personal: decide");
        shown += is_shown;
        if (is_shown && slot->inner != NULL)
            shown += assert_decided (slot->inner, depth + 1);
    }
    return shown;
}

static void test_of_every_field_it_is_decided_whether_the_log_shows_it (void **state)
{
    (void)state;
    assert_in_range (assert_decided (message_joined (&request_message), 0), 100, 1000);
    assert_in_range (assert_decided (message_joined (&enveloped_message), 0), 100, 1000);
}

/* The log shows the field of this name. */
static bool is_in_log (struct message *message, const char *name)
{
    const struct joined *table = message_joined (message);
    for (unsigned i = 0; i < table->count; i++)
        if (strcmp (table->slot[i].wire->name, name) == 0)
            return slot_is_in_log (&table->slot[i]);
    fail_msg ("there is no %s", name);
    return false;
}

struct wrapped {
    const char *reference;
    uint8_t sha256[32];
    struct bytes evidence, checks;
};

static void test_what_bears_no_mark_is_not_shown (void **state)
{
    (void)state;
    static const struct field field[] = {{TEXT (wrapped, reference)}, {FIXED (wrapped, sha256), .in_log = true}};
    static const struct fields fields = {FIELDS_OF (wrapped, field)};
    static struct message evidence = {.fields = &fields, .descriptor = &consentd__evidence__descriptor};
    assert_false (is_in_log (&evidence, "reference"));
    assert_true (is_in_log (&evidence, "sha256"));
    /* Nor an answer of which nothing bears one. Of a request it is shown that it was made. */
    assert_false (is_in_log (&enveloped_message, "consent_show"));
    assert_true (is_in_log (&enveloped_message, "check"));
    assert_true (is_in_log (&request_message, "subject_show"));
}

/* Its fields have no marks that could be looked at. */
static void test_a_message_whose_table_is_not_known_is_not_shown (void **state)
{
    (void)state;
    static const struct field field[] = {{PASSED_OVER ("by"), .in_log = true},
                                         {PACKED (wrapped, evidence), .in_log = true},
                                         {PASSED_OVER ("given_at")}};
    static const struct fields fields = {FIELDS_OF (wrapped, field)};
    static struct message written = {.fields = &fields, .descriptor = &consentd__written_request__descriptor};
    assert_true (is_in_log (&written, "by"));
    assert_false (is_in_log (&written, "evidence"));
}

/* Every text is "message.field", so that it can be told from which it is. */
static ProtobufCMessage *filled (struct arena *arena, const ProtobufCMessageDescriptor *message, int depth);

static void fill_value (struct arena *arena, const ProtobufCMessageDescriptor *message,
                        const ProtobufCFieldDescriptor *field, void *at, int depth)
{
    const char *text = arena_printf (arena, "%s.%s", message->short_name, field->name);
    switch (field->type) {
    case PROTOBUF_C_TYPE_MESSAGE:
        *(ProtobufCMessage **)at = filled (arena, field->descriptor, depth + 1);
        return;
    case PROTOBUF_C_TYPE_STRING:
        *(char **)at = arena_strdup (arena, text);
        return;
    case PROTOBUF_C_TYPE_BYTES:
        *(ProtobufCBinaryData *)at =
            (ProtobufCBinaryData){strlen (text), arena_memdup (arena, text, strlen (text))};
        return;
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_UINT64:
        *(uint64_t *)at = 1;
        return;
    default:
        *(uint32_t *)at = 1;
    }
}

static void fill_field (struct arena *arena, ProtobufCMessage *message, const ProtobufCFieldDescriptor *field,
                        int depth)
{
    char *base = (char *)message;
    void *at = base + field->offset;
    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        *(size_t *)(void *)(base + field->quantifier_offset) = 1;
        *(void **)at = arena_alloc (arena, sizeof (ProtobufCBinaryData));
        at = *(void **)at;
    } else if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0)
        *(uint32_t *)(void *)(base + field->quantifier_offset) = field->id;
    fill_value (arena, message->descriptor, field, at, depth);
}

static ProtobufCMessage *filled (struct arena *arena, const ProtobufCMessageDescriptor *descriptor, int depth)
{
    ProtobufCMessage *message = arena_alloc (arena, descriptor->sizeof_message);
    protobuf_c_message_init (descriptor, message);
    for (unsigned i = 0; depth < DEPTH && i < descriptor->n_fields; i++)
        if ((descriptor->fields[i].flags & PROTOBUF_C_FIELD_FLAG_ONEOF) == 0)
            fill_field (arena, message, &descriptor->fields[i], depth);
    return message;
}

static struct bytes packed (struct arena *arena, const ProtobufCMessage *message)
{
    size_t size = protobuf_c_message_get_packed_size (message);
    uint8_t *data = arena_alloc (arena, size);
    protobuf_c_message_pack (message, data);
    return (struct bytes){data, size};
}

/* Whether the texts of a message are in what is told of it: of what is shown all, of the rest none. `table` NULL:
   none of the message is shown. */
static void assert_told (const char *told, const ProtobufCMessageDescriptor *message, const struct joined *table,
                         int depth)
{
    for (unsigned i = 0; depth < DEPTH && i < message->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->fields[i];
        bool is_shown = table != NULL && slot_is_in_log (&table->slot[i]);
        char text[128];
        snprintf (text, sizeof text, "\"%s.%s\"", message->short_name, field->name);
        if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0)
            continue;
        if (field->type == PROTOBUF_C_TYPE_STRING && (strstr (told, text) != NULL) != is_shown)
            fail_msg ("%s is %s: %s", text, is_shown ? "left out" : "shown", told);
        if (message_of (field) != NULL)
            assert_told (told, message_of (field), is_shown ? table->slot[i].inner : NULL, depth + 1);
    }
}

static void assert_nothing_personal (const char *told)
{
    for (size_t i = 0; i < COUNT (personal); i++) {
        char key[64];
        snprintf (key, sizeof key, "\"%s\":", personal[i]);
        if (strstr (told, key) != NULL)
            fail_msg ("%s stands in %s", personal[i], told);
    }
}

static void assert_each_body_is_told_by_its_table (struct message *whole, bool is_request)
{
    const struct joined *table = message_joined (whole);
    size_t bodies = 0;
    for (unsigned i = 0; i < table->count; i++) {
        const struct slot *body = &table->slot[i];
        if ((body->wire->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) == 0)
            continue;
        struct arena *arena = arena_new (1 << 22);
        ProtobufCMessage *message = filled (arena, table->descriptor, 0);
        fill_field (arena, message, body->wire, 0);
        struct bytes bytes = packed (arena, message), none = {NULL, 0};
        struct codec_evidence evidence = {.request = is_request ? bytes : none,
                                          .reply = is_request ? none : bytes};
        const char *told = codec_describe (arena, &evidence);
        assert_non_null (strstr (told, is_request ? "\"request\":" : "\"reply\":"));
        assert_told (told, table->descriptor, table, 0);
        assert_told (told, body->wire->descriptor, slot_is_in_log (body) ? body->inner : NULL, 1);
        assert_nothing_personal (told);
        arena_destroy (&arena);
        bodies++;
    }
    assert_in_range (bodies, 20, 100);
}

static void test_A3_nothing_that_a_person_is_or_wrote_is_shown_of_any_request (void **state)
{
    (void)state;
    assert_each_body_is_told_by_its_table (&request_message, true);
}

static void test_A3_nothing_that_a_person_is_or_wrote_is_shown_of_any_answer (void **state)
{
    (void)state;
    assert_each_body_is_told_by_its_table (&enveloped_message, false);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_of_every_field_it_is_decided_whether_the_log_shows_it),
        cmocka_unit_test (test_what_bears_no_mark_is_not_shown),
        cmocka_unit_test (test_a_message_whose_table_is_not_known_is_not_shown),
        cmocka_unit_test (test_A3_nothing_that_a_person_is_or_wrote_is_shown_of_any_request),
        cmocka_unit_test (test_A3_nothing_that_a_person_is_or_wrote_is_shown_of_any_answer),
    };
    return cmocka_run_group_tests_name ("codec-shown", tests, NULL, NULL);
}

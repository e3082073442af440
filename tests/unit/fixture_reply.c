#include "codec/wire.h"
#include "fixture_reply.h"
#include "testing.h"

struct arena *reply_arena;
struct reply reply;
struct bytes message;
struct checked checked;

static const struct wire_limits limits = {.longest = CODEC_MESSAGE_LIMIT, .most = CODEC_MESSAGE_LIMIT};

int fixture_reply_setup (void **state)
{
    (void)state;
    reply_arena = arena_new (16 * 1024 * 1024);
    return 0;
}

int fixture_reply_teardown (void **state)
{
    (void)state;
    arena_destroy (&reply_arena);
    return 0;
}

void fixture_prepare (enum reply_body body)
{
    reply = (struct reply){
        .idempotency_key = {7, [15] = 8},
        .has_key = true,
        .status = STATUS_OK,
        .epoch = {3},
        .revision = 42,
        .time = 1700000000000,
        .body = body,
    };
}

static void *arena_alloc_for (void *data, size_t size)
{
    (void)data;
    return arena_alloc (reply_arena, size);
}

static void keep (void *data, void *memory)
{
    (void)data;
    (void)memory;
}

const Consentd__Reply *fixture_received (void)
{
    struct wire_fault fault;
    struct syntax syntax = {.arena = reply_arena};
    const struct wire_reading reading = {message, &consentd__reply__descriptor, .limits = &limits,
                                         .syntax = &syntax};
    if (wire_read (&reading, &fault) != 0)
        fail_msg ("%s: %s", fault.field, fault.message);
    ProtobufCAllocator allocator = {arena_alloc_for, keep, NULL};
    const Consentd__Reply *wire = consentd__reply__unpack (&allocator, message.size, message.data);
    assert_non_null (wire);
    return wire;
}

const Consentd__Reply *fixture_sent (void)
{
    codec_write_reply (&reply, reply_arena, &message);
    const Consentd__Reply *wire = fixture_received ();
    /* The fields stand in their order, and what has nothing to say is left out: as generated code would pack it.
     */
    assert_int_equal (message.size, consentd__reply__get_packed_size (wire));
    uint8_t *packed = arena_alloc (reply_arena, message.size);
    consentd__reply__pack (wire, packed);
    assert_memory_equal (message.data, packed, message.size);
    return wire;
}

void fixture_assert_id (ProtobufCBinaryData data, const void *id)
{
    assert_int_equal (data.len, 16);
    assert_memory_equal (data.data, id, 16);
}

void fixture_prepare_check (void)
{
    fixture_prepare (REPLY_CHECK);
    static struct asked_item items[] = {{"naw", "wmo"}, {"bsn", ""}, {"gezondheid", "aanbieder"}};
    checked.asked = (struct check_request){.items = items, .item_count = 3};
    checked.decision = (struct decision){
        .verdict = VERDICT_PARTIAL,
        .items = {{.permit = true, .ground = POLICY_CONSENT, .consent = 1},
                  {.permit = true, .ground = POLICY_STATUTE, .statute = 1},
                  {.reasons = {3, {REVOKED, EXPIRED, SECRECY}}, .heard = {2, {EXPIRED, NO_FLOW}}}},
        .item_count = 3,
        .until = MOMENT_NEVER,
    };
    checked.statements[1] = (struct statement){.id = {0xc0, [15] = 0x01}};
    checked.statutes[1].entry.code = "wmo-5.1.1";
    checked.policy =
        (struct policy){.id = "kaag-en-braassem-2015/1", .statutes = checked.statutes, .statute_count = 2};
    checked.obligations = (struct obligations){.keep_secret = true};
    reply.as.check = (struct check_reply){&checked.asked,     &checked.decision,   &checked.policy,
                                          checked.statements, 1699999999999,       77,
                                          {{0xab}},           &checked.obligations};
}

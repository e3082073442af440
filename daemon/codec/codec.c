#include "codec.h"

#include <string.h>
#include "arena.h"
#include "codec_batch.h"
#include "body_fields.h"
#include "codec_body.h"
#include "envelope.pb-c.h"
#include "fields/joined.h"
#include "wire.h"

enum { VERSION = 1 };

static const char other_version[] = "The version is 1.";

static const struct wire_most lists[] = {
    {&consentd__item__descriptor, DECIDE_ITEMS},
    {&consentd__signature__descriptor, 8},
    {&consentd__representative__descriptor, 8},
    {&consentd__capability__descriptor, 16},
    {&consentd__care_end__descriptor, 16},
    {&consentd__check_request__descriptor, SIZE_MAX}, /* a batch counts its checks itself */
};

static const struct wire_limits limits = {
    .longest = SYNTAX_FREE_TEXT_LIMIT,
    .most = 256, /* parties and codes of a scope: more than any pack has */
    .lists = lists,
    .list_count = sizeof lists / sizeof *lists,
    .passed_over = &consentd__check_request__descriptor,
};

static bool is_body (const struct slot *slot)
{
    return (slot->wire->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0;
}

/* The verb of the body with this field number in the envelope. VERB_NONE: the field is no body. */
static enum verb verb_of (uint32_t number)
{
    const struct slot *slot = joined_slot (message_joined (&request_message), number);
    return slot != NULL && is_body (slot) ? (enum verb)slot->field->sort : VERB_NONE;
}

struct codec_peek codec_peek (struct bytes message)
{
    struct codec_peek peek = {.verb = VERB_NONE};
    struct wire_cursor cursor = wire_begin (message.data, message.size);
    struct wire_field one;
    unsigned keys = 0;
    while (wire_next (&cursor, &one) == 0) {
        if (peek.verb == VERB_NONE)
            peek.verb = verb_of (one.number);
        if (one.number == 1 && one.type == WIRE_VARINT)
            peek.has_other_version |= one.value != VERSION;
        if (one.number == 2 && one.type == WIRE_LENGTH && one.size == sizeof peek.key && keys++ == 0)
            memcpy (peek.key, one.data, one.size);
        if (one.type == WIRE_LENGTH && verb_of (one.number) == VERB_BATCH)
            peek.requests += codec_batch_count ((struct bytes){one.data, one.size});
    }
    peek.has_key = keys == 1;
    peek.requests += peek.requests == 0;
    return peek;
}

/* Says what is wrong with a message. A bad message may still give its key, so that its sender can match the
   answer, and a version that is not ours, which explains the fault. */
static int invalid (const struct codec_peek *peek, const char *field, const char *message,
                    struct codec_fault *fault)
{
    *fault = (struct codec_fault){.has_key = peek->has_key, .field = field, .message = message};
    memcpy (fault->idempotency_key, peek->key, sizeof peek->key);
    if (peek->has_other_version) {
        fault->field = "version";
        fault->message = other_version;
    }
    return CODEC_INVALID;
}

static void finish_envelope (struct syntax *syntax, const struct request *request)
{
    static const uint8_t zeroes[16];
    if (request->version != VERSION)
        syntax_fault (syntax, "version", other_version);
    if (!request->has_key)
        syntax_fault (syntax, "idempotency_key", "This is 16 bytes.");
    if (memcmp (request->idempotency_key, zeroes, sizeof zeroes) == 0)
        syntax_fault (syntax, "idempotency_key", "This is 16 random bytes, not all zero.");
    if (request->at_least_revision > 0 && !request->has_epoch)
        syntax_fault (syntax, "at_least_epoch", "This is 16 bytes.");
    if (request->at_least_revision == 0 && request->has_epoch)
        syntax_fault (syntax, "at_least_epoch", "This comes with at_least_revision only.");
}

/* The body of this verb, in the envelope. NULL: VERB_NONE has none. */
static const struct slot *body_of (enum verb verb)
{
    const struct joined *envelope = message_joined (&request_message);
    for (unsigned i = 0; i < envelope->count; i++)
        if (is_body (&envelope->slot[i]) && envelope->slot[i].field->sort == verb)
            return &envelope->slot[i];
    return NULL;
}

/* The body of this verb itself says who acts. */
static bool names_user (enum verb verb)
{
    const struct slot *body = body_of (verb);
    if (body == NULL || verb == VERB_BATCH)
        return verb == VERB_BATCH;
    return protobuf_c_message_descriptor_get_field_by_name (body->wire->descriptor, "user") != NULL;
}

/* A1: the envelope says who acts, if the body does not. */
static void finish_actor (struct syntax *syntax, struct request *request)
{
    if (request->envelope_user[0] == '\0')
        return;
    if (names_user (request->verb))
        syntax_fault (syntax, "user", "The body of this request says who acts.");
    else
        request->user = request->envelope_user;
}

/* The bytes have no fault. Judges what must hold between fields, and completes the request. */
static void finish (struct syntax *syntax, struct request *request)
{
    finish_envelope (syntax, request);
    if (request->verb == VERB_NONE)
        syntax_fault (syntax, "body", "There is no request in this message.");
    const char *fault = request->verb == VERB_BATCH
                            ? codec_batch_begin (request->message, syntax->arena, &request->as.batch)
                            : NULL;
    if (fault != NULL)
        syntax_fault (syntax, "batch.checks", fault);
    else if (request->verb != VERB_BATCH && syntax->field == NULL)
        codec_finish_body (syntax, request);
    finish_actor (syntax, request);
    request->references = syntax->references;
}

static const char too_large[] =
    "A message is at most 65536 bytes, and a batch that discloses all or nothing 1048576.";

int codec_read_request (const void *data, size_t size, struct arena *arena, struct request *request,
                        struct codec_fault *fault)
{
    *request = (struct request){.message = {data, size}, .bsn = "", .user = "", .envelope_user = ""};
    const struct codec_peek peek = codec_peek (request->message);
    if (size > (peek.verb == VERB_BATCH ? CODEC_TOGETHER_LIMIT : CODEC_MESSAGE_LIMIT))
        return invalid (&peek, "request", too_large, fault);
    struct syntax syntax = {.arena = arena};
    struct wire_reading reading = {.bytes = request->message,
                                   .descriptor = request_message.descriptor,
                                   .joined = message_joined (&request_message),
                                   .to = request,
                                   .limits = &limits,
                                   .syntax = &syntax};
    struct wire_fault wire_fault;
    if (wire_read (&reading, &wire_fault) != 0)
        return invalid (&peek, wire_fault.field, wire_fault.message, fault);
    request->verb = peek.verb;
    finish (&syntax, request);
    if (size > CODEC_MESSAGE_LIMIT && !request->as.batch.all_or_nothing)
        return invalid (&peek, "request", too_large, fault);
    return syntax.field ? invalid (&peek, syntax.field, syntax.message, fault) : 0;
}

int codec_read_check (const struct codec_place *place, struct arena *arena, struct request *request,
                      struct codec_fault *fault)
{
    const struct request *batch = place->batch;
    *request = (struct request){.verb = VERB_CHECK,
                                .bsn = "",
                                .user = "",
                                .envelope_user = "",
                                .at_least_revision = batch->at_least_revision};
    request->message = codec_batch_message (place, arena);
    struct codec_peek known = {.has_key = true};
    memcpy (known.key, place->key, sizeof known.key);
    memcpy (request->idempotency_key, place->key, sizeof place->key);
    memcpy (request->at_least_epoch, batch->at_least_epoch, sizeof batch->at_least_epoch);

    const struct slot *body = body_of (VERB_CHECK);
    struct syntax syntax = {.arena = arena};
    struct wire_reading reading = {.bytes = batch->as.batch.checks[place->index].bytes,
                                   .field = body->wire,
                                   .descriptor = body->wire->descriptor,
                                   .joined = body->inner,
                                   .to = request,
                                   .limits = &limits,
                                   .syntax = &syntax};
    struct wire_fault wire_fault;
    fields_clear (body->field->inner, request);
    if (wire_read (&reading, &wire_fault) != 0)
        return invalid (&known, wire_fault.field, wire_fault.message, fault);
    if (syntax.field == NULL)
        codec_finish_body (&syntax, request);
    if (batch->as.batch.all_or_nothing && request->is_trial)
        syntax_fault (&syntax, "check.mode", "A batch that discloses all or nothing asks no advice.");
    return syntax.field ? invalid (&known, syntax.field, syntax.message, fault) : 0;
}

struct bytes codec_write_listed (const struct request *request, struct arena *arena)
{
    const struct joined *body = body_of (request->verb)->inner;
    struct request whole = *request;
    whole.page = (struct page){.limit = 0};
    return joined_write (body, &whole, arena);
}

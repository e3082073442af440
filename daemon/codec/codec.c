#include "codec.h"

#include <string.h>
#include "arena_unpack.h"
#include "codec_batch.h"
#include "codec_body.h"
#include "wire.h"

enum { VERSION = 1 };

static const char other_version[] = "The version is 1.";

static const struct wire_most lists[] = {
    {&consentd__item__descriptor, DECIDE_ITEMS},      {&consentd__signature__descriptor, 8},
    {&consentd__representative__descriptor, 8},       {&consentd__capability__descriptor, 16},
    {&consentd__check_request__descriptor, SIZE_MAX}, /* of a batch, which counts them itself */
};

static const struct wire_limits limits = {
    .longest = SYNTAX_FREE_TEXT_LIMIT,
    .most = 256, /* parties and codes of a scope: more than any pack has */
    .lists = lists,
    .list_count = sizeof lists / sizeof *lists,
    .passed_over = &consentd__check_request__descriptor,
};

static void read_envelope (struct syntax *syntax, const Consentd__Request *wire, struct request *request)
{
    static const uint8_t zeroes[16];
    if (wire->version != VERSION)
        syntax_fault (syntax, "version", other_version);
    syntax_id (syntax, "idempotency_key", wire->idempotency_key.len, wire->idempotency_key.data,
               request->idempotency_key);
    if (memcmp (request->idempotency_key, zeroes, sizeof zeroes) == 0)
        syntax_fault (syntax, "idempotency_key", "This is 16 random bytes, not all zero.");
    request->at_least_revision = wire->at_least_revision;
    if (wire->at_least_revision > 0)
        syntax_id (syntax, "at_least_epoch", wire->at_least_epoch.len, wire->at_least_epoch.data,
                   request->at_least_epoch);
    else if (wire->at_least_epoch.len > 0)
        syntax_fault (syntax, "at_least_epoch", "This comes with at_least_revision only.");
}

struct codec_peek codec_peek (struct bytes message)
{
    struct codec_peek peek = {.verb = VERB_NONE};
    struct wire_cursor cursor = wire_begin (message.data, message.size);
    struct wire_field one;
    unsigned keys = 0;
    while (wire_next (&cursor, &one) == 0) {
        if (peek.verb == VERB_NONE)
            peek.verb = codec_body_verb (one.number);
        if (one.number == 1 && one.type == WIRE_VARINT)
            peek.has_other_version |= one.value != VERSION;
        if (one.number == 2 && one.type == WIRE_LENGTH && one.size == sizeof peek.key && keys++ == 0)
            memcpy (peek.key, one.data, one.size);
        if (one.type == WIRE_LENGTH && codec_body_verb (one.number) == VERB_BATCH)
            peek.requests += codec_batch_count ((struct bytes){one.data, one.size});
    }
    peek.has_key = keys == 1;
    peek.requests += peek.requests == 0;
    return peek;
}

/* Whether the body says itself who acts. */
static bool body_names_user (const Consentd__Request *wire)
{
    const ProtobufCFieldDescriptor *body =
        protobuf_c_message_descriptor_get_field (&consentd__request__descriptor, (unsigned)wire->body_case);
    return body && protobuf_c_message_descriptor_get_field_by_name (body->descriptor, "user");
}

/* A1: who acts, and of which listing this is a page. */
static void read_actor (struct syntax *syntax, const Consentd__Request *wire, struct request *request)
{
    syntax->body = NULL; /* these are fields of the envelope; the BSN that no reference holds is known by now */
    const char *user = syntax_optional (syntax, SYNTAX_REFERENCE, "user", wire->user);
    if (request->verb != VERB_BATCH && !body_names_user (wire))
        request->user = user;
    else if (wire->user[0] != '\0')
        syntax_fault (syntax, "user", "The body of this request says who acts.");
    request->listing = (struct bytes){wire->listing.data, wire->listing.len};
}

/* A fault, with what can be said of a bad message all the same: the key, so that its sender can match the answer;
   and a version that is not ours, which explains everything else. */
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

static void read_message (struct syntax *syntax, const Consentd__Request *wire, const char *batch_fault,
                          struct request *request)
{
    read_envelope (syntax, wire, request);
    if (batch_fault != NULL)
        syntax_fault (syntax, "batch.checks", batch_fault);
    if (request->verb != VERB_BATCH)
        codec_read_body (syntax, wire, request);
    read_actor (syntax, wire, request);
    request->references = syntax->references;
}

int codec_read_request (const void *data, size_t size, struct arena *arena, struct request *request,
                        struct codec_fault *fault)
{
    *request = (struct request){.message = {data, size}, .bsn = "", .user = ""};
    const struct codec_peek peek = codec_peek (request->message);
    if (size > CODEC_MESSAGE_LIMIT)
        return invalid (&peek, "request", "A message is at most 65536 bytes.", fault);
    struct wire_fault wire_fault;
    if (wire_check (&consentd__request__descriptor, data, size, &limits, arena, &wire_fault) != 0)
        return invalid (&peek, wire_fault.field, wire_fault.message, fault);

    struct bytes unpacked = request->message;
    const char *batch_fault = NULL;
    if (peek.verb == VERB_BATCH) {
        request->verb = VERB_BATCH;
        batch_fault = codec_batch_begin (request->message, arena, &request->as.batch, &unpacked);
    }
    const Consentd__Request *wire =
        arena_unpack (arena, &consentd__request__descriptor, unpacked.data, unpacked.size);
    if (!wire)
        return invalid (&peek, "request", "This message takes too much memory.", fault);
    struct syntax syntax = {.arena = arena};
    read_message (&syntax, wire, batch_fault, request);
    return syntax.field ? invalid (&peek, syntax.field, syntax.message, fault) : 0;
}

int codec_read_check (const struct codec_place *place, struct arena *arena, struct request *request,
                      struct codec_fault *fault)
{
    const struct request *batch = place->batch;
    struct bytes check = batch->as.batch.checks[place->index].bytes;
    *request = (struct request){.bsn = "", .user = "", .at_least_revision = batch->at_least_revision};
    request->message = codec_batch_message (place, arena);
    struct codec_peek known = {.has_key = true};
    memcpy (known.key, place->key, sizeof known.key);
    memcpy (request->idempotency_key, place->key, sizeof place->key);
    memcpy (request->at_least_epoch, batch->at_least_epoch, sizeof batch->at_least_epoch);

    Consentd__Request wire;
    consentd__request__init (&wire);
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field (wire.base.descriptor, CONSENTD__REQUEST__BODY_CHECK);
    struct wire_fault wire_fault = {"request", "This message takes too much memory."};
    if (wire_check_field (field, check.data, check.size, &limits, arena, &wire_fault) == 0)
        wire.check = arena_unpack (arena, field->descriptor, check.data, check.size);
    if (wire.check == NULL)
        return invalid (&known, wire_fault.field, wire_fault.message, fault);
    wire.body_case = CONSENTD__REQUEST__BODY_CHECK;
    struct syntax syntax = {.arena = arena};
    codec_read_body (&syntax, &wire, request);
    return syntax.field ? invalid (&known, syntax.field, syntax.message, fault) : 0;
}

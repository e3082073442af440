#include "codec.h"

#include <string.h>
#include "arena_unpack.h"
#include "codec_batch.h"
#include "codec_body.h"
#include "wire.h"

enum { VERSION = 1 };

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
        syntax_fault (syntax, "version", "The version is 1.");
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

enum verb codec_verb (const void *data, size_t size)
{
    struct wire_cursor cursor = wire_begin (data, size);
    struct wire_field one;
    enum verb verb = VERB_NONE;
    while (verb == VERB_NONE && wire_next (&cursor, &one) == 0)
        verb = codec_body_verb (one.number);
    return verb;
}

bool codec_key (const void *data, size_t size, uint8_t key[16])
{
    struct wire_cursor cursor = wire_begin (data, size);
    struct wire_field one;
    unsigned keys = 0;
    while (wire_next (&cursor, &one) == 0)
        if (one.number == 2 && one.type == WIRE_LENGTH && one.size == 16) {
            memcpy (key, one.data, one.size);
            keys++;
        }
    return keys == 1;
}

/* Whether the body says itself who acts. */
static bool body_names_user (const Consentd__Request *wire)
{
    const ProtobufCFieldDescriptor *body =
        protobuf_c_message_descriptor_get_field (&consentd__request__descriptor, (unsigned)wire->body_case);
    return body && protobuf_c_message_descriptor_get_field_by_name (body->descriptor, "user");
}

/* A1: who acts, and of which listing this is a page. */
static void read_actor (struct syntax *syntax, const Consentd__Request *wire, bool is_batch,
                        struct request *request)
{
    syntax->body = NULL; /* these are fields of the envelope; the BSN that no reference holds is known by now */
    request->user = syntax_optional (syntax, SYNTAX_REFERENCE, "user", wire->user);
    if (wire->user[0] != '\0' && (is_batch || body_names_user (wire)))
        syntax_fault (syntax, "user", "The body of this request says who acts.");
    request->listing = (struct bytes){wire->listing.data, wire->listing.len};
}

/* A fault, with as much of a bad message's envelope as can be read: the key, so that its sender can match the
   answer; and a version that is not ours, which explains everything else. */
static int invalid (const void *data, size_t size, const char *field, const char *message,
                    struct codec_fault *fault)
{
    *fault = (struct codec_fault){.field = field, .message = message};
    struct wire_cursor cursor = wire_begin (data, size);
    struct wire_field one;
    while (wire_next (&cursor, &one) == 0)
        if (one.number == 1 && one.type == WIRE_VARINT && one.value != VERSION) {
            fault->field = "version";
            fault->message = "The version is 1.";
        }
    fault->has_key = codec_key (data, size, fault->idempotency_key);
    return CODEC_INVALID;
}

static void read_batch (struct syntax *syntax, const void *data, size_t size, struct request *request)
{
    const char *message = codec_batch_read (data, size, syntax->arena, request);
    request->verb = VERB_BATCH;
    if (message)
        syntax_fault (syntax, "batch.checks", message);
}

int codec_read_request (const void *data, size_t size, struct arena *arena, struct request *request,
                        struct codec_fault *fault)
{
    memset (request, 0, sizeof *request);
    request->user = "";
    if (size > CODEC_MESSAGE_LIMIT)
        return invalid (data, size, "request", "A message is at most 65536 bytes.", fault);
    struct wire_fault wire_fault;
    if (wire_check (&consentd__request__descriptor, data, size, &limits, arena, &wire_fault) != 0)
        return invalid (data, size, wire_fault.field, wire_fault.message, fault);

    /* The checks of a batch are unpacked later, one by one: a fault in one does no harm to the others. */
    bool is_batch = codec_batch_is_one (data, size);
    struct bytes unpacked = is_batch ? codec_batch_envelope (data, size, arena) : (struct bytes){data, size};
    const Consentd__Request *wire =
        arena_unpack (arena, &consentd__request__descriptor, unpacked.data, unpacked.size);
    if (!wire)
        return invalid (data, size, "request", "This message takes too much memory.", fault);
    struct syntax syntax = {.arena = arena};
    read_envelope (&syntax, wire, request);
    if (is_batch)
        read_batch (&syntax, data, size, request);
    else
        codec_read_body (&syntax, wire, request);
    read_actor (&syntax, wire, is_batch, request);
    request->references = syntax.references;
    return syntax.field ? invalid (data, size, syntax.field, syntax.message, fault) : 0;
}

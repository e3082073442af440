/* The bodies of answers that are more than their tables. */
#include <assert.h>
#include <string.h>
#include "arena_unpack.h"
#include "body_fields.h"
#include "codec.h"
#include "codec_fill.h"
#include "fields/joined.h"

/* Bytes of a reply for the consents that still cover a withdrawal. 512 statements with every origin would not
   fit. */
enum { STILL_COVERING_LIMIT = 32 * 1024 };

static size_t still_covering_size (const struct scope *scope)
{
    size_t size = 32 + strlen (scope->case_ref);
    for (size_t i = 0; i < scope->origins.count; i++)
        size += 3 + strlen (scope->origins.item[i]);
    return size;
}

static const void *make_revoked (const struct reply *reply, struct arena *arena)
{
    size_t count = reply->as.revoke.still_covering_count, size = 0;
    struct revoked *made = arena_alloc (arena, sizeof *made);
    struct id *ids = arena_array (arena, count, sizeof *ids);
    struct still_covering *all = arena_array (arena, count, sizeof *all);
    *made = (struct revoked){reply->as.revoke.already, reply->as.revoke.informed, ids, count, all, 0};
    for (size_t i = 0; i < count; i++) {
        const struct statement *consent = reply->as.revoke.still_covering[i];
        memcpy (ids[i].bytes, consent->id, sizeof ids[i].bytes);
        all[i] = (struct still_covering){ids[i], consent->scope.case_ref, consent->scope.origins};
        size += still_covering_size (&consent->scope);
        if (size <= STILL_COVERING_LIMIT)
            made->still_covering_count = i + 1;
    }
    return made;
}

/* Nothing is told of a subject that is not known. */
static const void *make_subject (const struct shown_subject *shown, struct arena *arena)
{
    static const struct subject nothing;
    struct shown_subject *made = arena_memdup (arena, shown, sizeof *shown);
    made->has_ref = shown->subject->known;
    if (!made->has_ref)
        made->subject = &nothing;
    return made;
}

static const void *make_subject_show (const struct reply *reply, struct arena *arena)
{
    return make_subject (&reply->as.subject_show, arena);
}

void codec_fill_event (const struct reply *reply, struct arena *arena, Consentd__Reply *wire)
{
    const struct event *event = &reply->as.event;
    Consentd__EventPush *body = wire->event = arena_alloc (arena, sizeof *body);
    consentd__event_push__init (body);
    body->number = event->number;
    body->kind = (Consentd__EventKind)event->kind;
    body->time = codec_time (event->time);
    body->revision = event->revision;
    if (event->kind == EVENT_HEARTBEAT || event->kind == EVENT_ENDED || event->kind == EVENT_PASSED_OVER)
        return; /* it is about the subscription, not about anybody's data */
    body->alarm = codec_text (event->alarm);
    body->party = codec_text (event->party);
    if (event->kind == EVENT_REGISTRY_ALARM)
        return; /* it is about a party, not about anybody's data */
    if (event->kind != EVENT_DATA_RESTRICTED && event->kind != EVENT_RESTRICTION_LIFTED &&
        event->kind != EVENT_OBLIGATION_AROSE)
        body->consent_id = codec_id (&event->consent_id);
    body->subject_ref = codec_id (&event->subject_ref);
    body->n_providers = event->providers.count;
    body->providers = codec_texts (event->providers.item);
    body->n_recipients = event->recipients.count;
    body->recipients = codec_texts (event->recipients.item);
    body->n_categories = event->categories.count;
    body->categories = codec_texts (event->categories.item);
    body->purpose = codec_text (event->purpose);
    body->whole = event->whole;
    body->answer = (Consentd__Answer)event->answer;
    body->obligation = (Consentd__Obligation)event->obligation;
    body->decision = event->decision;
}

/* A body is written by its table, from the reply or from a struct that is made of it here. Or `fill` fills it, or
   `pack` has its bytes. */
static struct body {
    const char *name; /* of its field in the envelope, of which it is the message */
    void (*fill) (const struct reply *reply, struct arena *arena, Consentd__Reply *wire);
    struct bytes (*pack) (const struct reply *reply, struct arena *arena);
    struct message message;
    uint32_t number; /* of the field; 0: not looked up yet */
} bodies[REPLY_BODIES] = {
#define BODY_OF_LIST(NAME, name) [REPLY_##NAME] = {#name, .message = {.fields = &name##_told}},
    ANSWER_LIST (BODY_OF_LIST)
#undef BODY_OF_LIST
#define BODY_OF_LIST(NAME, name) [REPLY_##NAME] = {#name, codec_fill_##name},
        ANSWER_LIST_BY_HAND (BODY_OF_LIST)
#undef BODY_OF_LIST
#define BODY_OF_LIST(NAME, name) [REPLY_##NAME] = {#name, .pack = codec_pack_##name},
            ANSWER_LIST_PACKED (BODY_OF_LIST)
#undef BODY_OF_LIST
};

static const void *(*const makers[REPLY_BODIES]) (const struct reply *reply, struct arena *arena) = {
    [REPLY_REVOKE] = make_revoked,
    [REPLY_SUBJECT_SHOW] = make_subject_show,
};

static struct body *find_body (enum reply_body which)
{
    struct body *body = &bodies[which];
    if (body->number != 0)
        return body;
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name (&consentd__reply__descriptor, body->name);
    assert (field != NULL); /* codec_begin saw to it */
    body->message.descriptor = field->descriptor;
    body->number = field->id;
    return body;
}

/* Makes the generated struct, for a body that needs more than a table. */
static void *make_wire (struct message *message, const void *from, struct arena *arena)
{
    size_t size = fields_write (message, from, NULL);
    uint8_t *packed = arena_alloc (arena, size);
    fields_write (message, from, packed);
    void *made = arena_unpack (arena, message->descriptor, packed, size);
    return made != NULL ? made : arena_alloc (arena, message->descriptor->sizeof_message);
}

Consentd__Consent *codec_make_consent (const struct shown_consent *shown, struct arena *arena)
{
    return make_wire (&shown_consent_message, shown, arena);
}

Consentd__SubjectShowReply *codec_make_subject (const struct subject *subject, const struct id *subject_ref,
                                                struct arena *arena)
{
    const struct shown_subject shown = {.subject = subject, .subject_ref = *subject_ref};
    return make_wire (&find_body (REPLY_SUBJECT_SHOW)->message, make_subject (&shown, arena), arena);
}

void codec_begin (void)
{
    for (unsigned i = REPLY_NONE + 1; i < REPLY_BODIES; i++) {
        struct body *body = find_body ((enum reply_body)i);
        if (body->fill == NULL && body->pack == NULL)
            message_joined (&body->message);
    }
    message_joined (&shown_consent_message);
    message_joined (&request_message);
}

struct codec_body codec_make_body (const struct reply *reply, struct arena *arena, Consentd__Reply *wire)
{
    if (reply->body == REPLY_NONE)
        return (struct codec_body){.size = 0};
    struct body *body = find_body (reply->body);
    if (body->fill != NULL) {
        body->fill (reply, arena, wire);
        wire->body_case = (Consentd__Reply__BodyCase)body->number;
        return (struct codec_body){.size = 0};
    }
    if (body->pack != NULL) {
        struct bytes packed = body->pack (reply, arena);
        return (struct codec_body){.number = body->number, .from = packed.data, .size = packed.size};
    }
    struct codec_body made = {.number = body->number, .message = &body->message, .from = reply};
    if (makers[reply->body] != NULL)
        made.from = makers[reply->body](reply, arena);
    made.size = fields_write (made.message, made.from, NULL);
    return made;
}

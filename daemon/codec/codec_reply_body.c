/* The bodies of answers that are more than their tables. */
#include <string.h>
#include "arena_unpack.h"
#include "big_endian.h"
#include "codec.h"
#include "codec_fill.h"
#include "fields/joined.h"
#include "reply_fields.h"
#include "request_fields.h"

enum { OBLIGATION_NAME_SIZE = 8 + 1 };

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

static const void *make_obligation_page (const struct reply *reply, struct arena *arena)
{
    const struct obligation_list_reply *list = &reply->as.obligation_list;
    struct obligation_page *made = arena_alloc (arena, sizeof *made);
    *made = (struct obligation_page){list->duties, list->count, list->more, {NULL, 0}};
    if (list->more) {
        uint8_t *next = arena_alloc (arena, OBLIGATION_NAME_SIZE);
        put_be64 (next, list->next.decision);
        next[8] = (uint8_t)list->next.kind;
        made->next = (struct bytes){next, OBLIGATION_NAME_SIZE};
    }
    return made;
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
    return make_wire (&shown_subject_message, make_subject (&shown, arena), arena);
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

/* How each body is written: by its table, from the reply or from what `make` makes of it; or filled by hand. */
static const struct body {
    uint32_t number; /* of its field */
    struct message *message;
    const void *(*make) (const struct reply *reply, struct arena *arena);
    void (*fill) (const struct reply *reply, struct arena *arena, Consentd__Reply *wire);
} bodies[] = {
    [REPLY_WHOAMI] = {CONSENTD__REPLY__BODY_WHOAMI, &whoami_message},
    [REPLY_CHECK] = {CONSENTD__REPLY__BODY_CHECK, .fill = codec_fill_check},
    [REPLY_CONSENT_RECORDED] = {CONSENTD__REPLY__BODY_CONSENT_RECORDED, &consent_recorded_message},
    [REPLY_REVOKE] = {CONSENTD__REPLY__BODY_REVOKE, &revoked_message, make_revoked},
    [REPLY_CONSENT_SHOW] = {CONSENTD__REPLY__BODY_CONSENT_SHOW, &consent_show_message},
    [REPLY_CONSENT_LIST] = {CONSENTD__REPLY__BODY_CONSENT_LIST, &consent_list_message},
    [REPLY_SUBJECT_SHOW] = {CONSENTD__REPLY__BODY_SUBJECT_SHOW, &shown_subject_message, make_subject_show},
    [REPLY_RESTRICTION] = {CONSENTD__REPLY__BODY_RESTRICTION, &restriction_message},
    [REPLY_SUBSCRIBE] = {CONSENTD__REPLY__BODY_SUBSCRIBE, &subscribe_message},
    [REPLY_ACKNOWLEDGE] = {CONSENTD__REPLY__BODY_ACKNOWLEDGE, &acknowledge_message},
    [REPLY_STATUS] = {CONSENTD__REPLY__BODY_STATUS_REPORT, &status_message},
    [REPLY_PARTY_LIST] = {CONSENTD__REPLY__BODY_PARTY_LIST, &party_list_message},
    [REPLY_PARTY_APPLY] = {CONSENTD__REPLY__BODY_PARTY_APPLY, &party_apply_message},
    [REPLY_AUDIT_LIST] = {CONSENTD__REPLY__BODY_AUDIT_LIST, &audit_list_message},
    [REPLY_EVENTS_LAG] = {CONSENTD__REPLY__BODY_EVENTS_LAG, &events_lag_message},
    [REPLY_WAITING_LIST] = {CONSENTD__REPLY__BODY_WAITING_LIST, &waiting_list_message},
    [REPLY_DECISION_SHOW] = {CONSENTD__REPLY__BODY_DECISION_SHOW, .fill = codec_fill_decision_show},
    [REPLY_OBLIGATION] = {CONSENTD__REPLY__BODY_OBLIGATION, &obligation_message},
    [REPLY_OBLIGATION_LIST] = {CONSENTD__REPLY__BODY_OBLIGATION_LIST, &obligation_page_message,
                               make_obligation_page},
    [REPLY_DUE_LIST] = {CONSENTD__REPLY__BODY_DUE_LIST, &due_list_message},
    [REPLY_BATCH] = {CONSENTD__REPLY__BODY_BATCH, .fill = codec_fill_batch},
    [REPLY_EVENT] = {CONSENTD__REPLY__BODY_EVENT, .fill = codec_fill_event},
};

void codec_begin (void)
{
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
        if (bodies[i].message != NULL)
            message_joined (bodies[i].message);
    message_joined (&shown_consent_message);
    message_joined (&request_message);
}

struct codec_body codec_make_body (const struct reply *reply, struct arena *arena, Consentd__Reply *wire)
{
    const struct body *body = &bodies[reply->body];
    if (body->fill != NULL) {
        body->fill (reply, arena, wire);
        wire->body_case = (Consentd__Reply__BodyCase)body->number;
    }
    if (body->message == NULL)
        return (struct codec_body){.size = 0};
    struct codec_body made = {.number = body->number,
                              .message = body->message,
                              .from = body->make != NULL ? body->make (reply, arena) : reply};
    made.size = fields_write (made.message, made.from, NULL);
    return made;
}

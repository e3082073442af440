/* The bodies of answers that are more than their tables. */
#include <string.h>
#include "arena.h"
#include "body_fields.h"
#include "codec_reply_body.h"

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
static const void *make_subject_show (const struct reply *reply, struct arena *arena)
{
    static const struct subject nothing;
    struct shown_subject *made = arena_memdup (arena, &reply->as.subject_show, sizeof *made);
    made->has_ref = made->subject->known;
    if (!made->has_ref)
        made->subject = &nothing;
    return made;
}

/* An event of the subscription is about nobody's data; an alarm is about a party. Of a request of a subject only
   its number, kind and due date are told (V6). */
static const void *make_event (const struct reply *reply, struct arena *arena)
{
    const struct event *event = &reply->as.event;
    struct told_event *made = arena_alloc (arena, sizeof *made);
    made->event = (struct event){.number = event->number,
                                 .kind = event->kind,
                                 .time = event->time,
                                 .revision = event->revision,
                                 .effects_left_out = event->effects_left_out,
                                 .basis = event->basis,
                                 .stopped = event->stopped,
                                 .server_key_next = event->server_key_next};
    if (event->kind == EVENT_HEARTBEAT || event->kind == EVENT_ENDED || event->kind == EVENT_PASSED_OVER)
        return made;
    made->event.alarm = event->alarm;
    made->event.party = event->party;
    made->event.request = event->request;
    made->event.rights = event->rights;
    made->event.due = event->due;
    made->event.first_dropped = event->first_dropped;
    made->event.consumer = event->consumer;
    if (event->kind == EVENT_REGISTRY_ALARM || event->kind == EVENT_RIGHTS_OPENED ||
        event->kind == EVENT_RIGHTS_OVERDUE || event->kind == EVENT_EVENTS_DROPPED)
        return made;
    made->event = *event;
    made->has_subject = true;
    made->has_consent = event->kind != EVENT_DATA_RESTRICTED && event->kind != EVENT_RESTRICTION_LIFTED &&
                        event->kind != EVENT_OBLIGATION_AROSE && event->kind != EVENT_SUBJECT_ERASED &&
                        event->kind != EVENT_DATA_RECTIFIED && event->kind != EVENT_DATA_TO_ERASE;
    return made;
}

static const void *(*const makers[REPLY_BODIES]) (const struct reply *reply, struct arena *arena) = {
    [REPLY_CHECK] = codec_make_check,
    [REPLY_EVENT] = make_event,
    [REPLY_REVOKE] = make_revoked,
    [REPLY_SUBJECT_SHOW] = make_subject_show,
};

const void *codec_make_body (const struct reply *reply, struct arena *arena)
{
    return makers[reply->body] != NULL ? makers[reply->body](reply, arena) : reply;
}

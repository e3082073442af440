#include "big_endian.h"
#include "codec_fill.h"

enum { NAME_SIZE = 8 + 1 };

/* C15: to its holder, and to who may explain: nobody else is shown the obligation. */
static Consentd__DutyReport *make_report (const struct duty_report *report, struct arena *arena)
{
    if (report->reason == NULL || report->reason[0] == '\0')
        return NULL;
    Consentd__DutyReport *wire = arena_alloc (arena, sizeof *wire);
    consentd__duty_report__init (wire);
    wire->reason = codec_text (report->reason);
    wire->file = codec_text (report->file);
    wire->manager_consulted = codec_text (report->manager);
    return wire;
}

static Consentd__Duty *make_duty (const struct shown_duty *shown, struct arena *arena)
{
    const struct kept_duty *duty = &shown->duty;
    Consentd__Duty *wire = arena_alloc (arena, sizeof *wire);
    consentd__duty__init (wire);
    wire->decision = duty->decision;
    wire->kind = (Consentd__Obligation)duty->kind;
    wire->due = codec_time (duty->due);
    wire->holder = codec_text (duty->holder);
    wire->deferrable = duty->deferrable;
    wire->subject_ref = codec_id (&shown->subject_ref);
    wire->recipient = codec_text (duty->recipient);
    wire->purpose = codec_text (duty->purpose);
    wire->ground = (Consentd__Ground)duty->ground;
    wire->basis = codec_text (duty->basis);
    wire->made_at = codec_time (duty->made_at);
    wire->done_at = codec_time (duty->done_at);
    wire->done_by = codec_text (duty->done_by);
    wire->deferred_at = codec_time (duty->deferred_at);
    wire->report = make_report (&duty->report, arena);
    return wire;
}

void codec_fill_obligation (const struct reply *reply, struct arena *arena, Consentd__Reply *wire)
{
    wire->obligation = arena_alloc (arena, sizeof *wire->obligation);
    consentd__obligation_reply__init (wire->obligation);
    wire->obligation->duty = make_duty (&reply->as.obligation, arena);
}

void codec_fill_obligation_list (const struct reply *reply, struct arena *arena, Consentd__Reply *wire)
{
    const struct obligation_list_reply *list = &reply->as.obligation_list;
    Consentd__ObligationListReply *body = wire->obligation_list = arena_alloc (arena, sizeof *body);
    consentd__obligation_list_reply__init (body);
    body->n_duties = list->count;
    body->duties = arena_array (arena, list->count, sizeof *body->duties);
    for (size_t i = 0; i < list->count; i++)
        body->duties[i] = make_duty (&list->duties[i], arena);
    body->more = list->more;
    if (!list->more)
        return;
    uint8_t *next = arena_alloc (arena, NAME_SIZE);
    put_be64 (next, list->next.decision);
    next[8] = (uint8_t)list->next.kind;
    body->next = codec_binary (next, NAME_SIZE);
}

static Consentd__Due *make_due (const struct shown_due *due, struct arena *arena)
{
    Consentd__Due *wire = arena_alloc (arena, sizeof *wire);
    consentd__due__init (wire);
    wire->kind = (Consentd__DueKind)due->kind;
    wire->when = codec_time (due->when);
    if (due->kind == DUE_OBLIGATION)
        wire->duty = make_duty (&due->duty, arena);
    else
        wire->consent_id = codec_id (&due->consent_id);
    wire->subject_ref = codec_id (&due->subject_ref);
    wire->birthday = due->birthday;
    return wire;
}

void codec_fill_due_list (const struct reply *reply, struct arena *arena, Consentd__Reply *wire)
{
    size_t count = reply->as.due_list.count;
    Consentd__DueListReply *body = wire->due_list = arena_alloc (arena, sizeof *body);
    consentd__due_list_reply__init (body);
    body->n_entries = count;
    body->entries = arena_array (arena, count, sizeof *body->entries);
    for (size_t i = 0; i < count; i++)
        body->entries[i] = make_due (&reply->as.due_list.entries[i], arena);
    body->more = reply->as.due_list.more;
    if (body->more)
        body->next = codec_binary (reply->as.due_list.next.data, reply->as.due_list.next.size);
}

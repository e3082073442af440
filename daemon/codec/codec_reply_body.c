#include "codec_fill.h"

#include <string.h>

static ProtobufCBinaryData *make_ids (const struct id *ids, size_t count, struct arena *arena)
{
    ProtobufCBinaryData *wire = arena_array (arena, count, sizeof *wire);
    for (size_t i = 0; i < count; i++)
        wire[i] = codec_id (&ids[i]);
    return wire;
}

static void fill_whoami (const struct reply *reply, struct arena *arena, Consentd__Reply *wire)
{
    Consentd__WhoamiReply *body = wire->whoami = arena_alloc (arena, sizeof *body);
    consentd__whoami_reply__init (body);
    body->party = codec_text (reply->as.whoami.party);
    body->kind = codec_text (reply->as.whoami.kind);
    body->role = codec_text (reply->as.whoami.role);
    body->n_permissions = reply->as.whoami.permission_count;
    body->permissions = codec_texts (reply->as.whoami.permissions);
    body->policy = codec_text (reply->as.whoami.policy);
    body->policy_hash = codec_binary (reply->as.whoami.policy_hash, 32);
    body->server = codec_text (reply->as.whoami.server);
}

static void fill_consent_recorded (const struct reply *reply, struct arena *arena, Consentd__Reply *wire)
{
    Consentd__ConsentRecordedReply *body = wire->consent_recorded = arena_alloc (arena, sizeof *body);
    consentd__consent_recorded_reply__init (body);
    body->consent_id = codec_id (&reply->as.consent_recorded.consent_id);
    body->n_superseded = reply->as.consent_recorded.superseded_count;
    body->superseded = make_ids (reply->as.consent_recorded.superseded, body->n_superseded, arena);
    body->subject_ref = codec_id (&reply->as.consent_recorded.subject_ref);
}

/* Bytes of a reply that what still covers a withdrawal may take: of 512 statements, with every origin, it would be
   more than fits. */
enum { STILL_COVERING_LIMIT = 32 * 1024 };

static size_t still_covering_size (const struct scope *scope)
{
    size_t size = 32 + strlen (scope->case_ref);
    for (size_t i = 0; i < scope->origins.count; i++)
        size += 3 + strlen (scope->origins.item[i]);
    return size;
}

static void fill_still_covering (const struct reply *reply, struct arena *arena, Consentd__RevokeReply *body)
{
    size_t count = reply->as.revoke.still_covering_count, size = 0;
    body->n_still_covered_by = count;
    body->still_covered_by = arena_array (arena, count, sizeof *body->still_covered_by);
    body->still_covering = arena_array (arena, count, sizeof *body->still_covering);
    Consentd__StillCovering *all = arena_array (arena, count, sizeof *all);
    for (size_t i = 0; i < count; i++) {
        const struct statement *consent = reply->as.revoke.still_covering[i];
        consentd__still_covering__init (&all[i]);
        all[i].consent_id = body->still_covered_by[i] = codec_binary (consent->id, sizeof consent->id);
        all[i].case_ref = codec_text (consent->scope.case_ref);
        all[i].n_origins = consent->scope.origins.count;
        all[i].origins = codec_texts (consent->scope.origins.item);
        body->still_covering[i] = &all[i];
        size += still_covering_size (&consent->scope);
        if (size <= STILL_COVERING_LIMIT)
            body->n_still_covering = i + 1;
    }
}

static void fill_revoke (const struct reply *reply, struct arena *arena, Consentd__Reply *wire)
{
    Consentd__RevokeReply *body = wire->revoke = arena_alloc (arena, sizeof *body);
    consentd__revoke_reply__init (body);
    body->already = reply->as.revoke.already;
    fill_still_covering (reply, arena, body);
    body->n_informed = reply->as.revoke.informed_count;
    body->informed = codec_texts (reply->as.revoke.informed);
}

static void fill_subscribe (const struct reply *reply, struct arena *arena, Consentd__Reply *wire)
{
    Consentd__SubscribeReply *body = wire->subscribe = arena_alloc (arena, sizeof *body);
    consentd__subscribe_reply__init (body);
    body->next = reply->as.subscribe.next;
    body->newest = reply->as.subscribe.newest;
    body->acknowledged = reply->as.subscribe.acknowledged;
}

static void fill_acknowledge (const struct reply *reply, struct arena *arena, Consentd__Reply *wire)
{
    wire->acknowledge = arena_alloc (arena, sizeof *wire->acknowledge);
    consentd__acknowledge_reply__init (wire->acknowledge);
    wire->acknowledge->acknowledged = reply->as.acknowledge.acknowledged;
}

static void fill_alarms (const struct status_report *report, struct arena *arena, Consentd__StatusReply *body)
{
    Consentd__Alarm *alarms = arena_array (arena, report->alarm_count, sizeof *alarms);
    body->n_alarms = report->alarm_count;
    body->alarms = arena_array (arena, report->alarm_count, sizeof *body->alarms);
    for (size_t i = 0; i < report->alarm_count; i++) {
        consentd__alarm__init (&alarms[i]);
        alarms[i].kind = codec_text (report->alarms[i].kind);
        alarms[i].party = codec_text (report->alarms[i].party);
        alarms[i].time = codec_time (report->alarms[i].at);
        body->alarms[i] = &alarms[i];
    }
}

static void fill_status (const struct reply *reply, struct arena *arena, Consentd__Reply *wire)
{
    const struct status_report *report = &reply->as.status;
    Consentd__StatusReply *body = wire->status_report = arena_alloc (arena, sizeof *body);
    consentd__status_reply__init (body);
    body->server = codec_text (report->server);
    body->started_at = codec_time (report->started_at);
    body->policy = codec_text (report->policy);
    body->policy_hash = codec_binary (report->policy_hash, 32);
    body->policy_directory = codec_text (report->policy_directory);
    body->consents = report->consents;
    body->subjects = report->subjects;
    body->audit_entries = report->audit_entries;
    body->store_used = report->store_used;
    body->store_size = report->store_size;
    body->store_reserve = report->store_reserve;
    body->store_state = codec_text (report->store_state);
    body->store_operators = report->store_operators;
    body->store_operators_taken = report->store_operators_taken;
    body->store_withdrawals = report->store_withdrawals;
    body->store_withdrawals_taken = report->store_withdrawals_taken;
    body->store_refused = report->store_refused;
    body->failed_commits = report->failed_commits;
    body->parties = report->parties;
    body->turns = report->turns;
    body->requests = report->requests;
    body->messages_cut_off = report->messages_cut_off;
    body->turned_away = report->turned_away;
    body->dropped = report->dropped;
    body->last_reload = codec_text (report->last_reload);
    body->listen_requests = codec_text (report->listen_requests);
    body->listen_events = codec_text (report->listen_events);
    body->listen_operators = codec_text (report->listen_operators);
    body->n_unfit = report->unfit_count;
    body->unfit = codec_texts (report->unfit);
    body->clock_stopped = report->clock_stopped;
    body->kept_time = codec_time (report->kept_time);
    body->wall_time = codec_time (report->wall_time);
    fill_alarms (report, arena, body);
}

static Consentd__AuditEntry *make_audit_entry (const struct audit_line *line, struct arena *arena)
{
    Consentd__AuditEntry *wire = arena_alloc (arena, sizeof *wire);
    consentd__audit_entry__init (wire);
    wire->number = line->number;
    wire->time = codec_time (line->time);
    wire->party = codec_text (line->party);
    wire->action = codec_text (line->action);
    wire->result = codec_text (line->result);
    wire->origin = codec_text (line->origin);
    if (line->has_object)
        wire->object = codec_id (&line->object);
    wire->user = codec_text (line->user);
    wire->details = codec_text (line->details);
    wire->raw = codec_binary (line->raw, line->raw_size);
    wire->hash = codec_binary (line->raw ? line->hash : NULL, sizeof line->hash);
    return wire;
}

static void fill_audit_list (const struct reply *reply, struct arena *arena, Consentd__Reply *wire)
{
    size_t count = reply->as.audit_list.count;
    Consentd__AuditListReply *body = wire->audit_list = arena_alloc (arena, sizeof *body);
    consentd__audit_list_reply__init (body);
    body->n_entries = count;
    body->entries = arena_array (arena, count, sizeof *body->entries);
    for (size_t i = 0; i < count; i++)
        body->entries[i] = make_audit_entry (&reply->as.audit_list.lines[i], arena);
    body->more = reply->as.audit_list.more;
    body->newest = reply->as.audit_list.newest;
    body->looked_until = reply->as.audit_list.looked_until;
    body->newest_hash = codec_binary (reply->as.audit_list.newest_hash, sizeof reply->as.audit_list.newest_hash);
}

static void fill_events_lag (const struct reply *reply, struct arena *arena, Consentd__Reply *wire)
{
    size_t count = reply->as.events_lag.count;
    Consentd__EventsLagReply *body = wire->events_lag = arena_alloc (arena, sizeof *body);
    consentd__events_lag_reply__init (body);
    body->n_parties = count;
    body->parties = arena_array (arena, count, sizeof *body->parties);
    Consentd__PartyLag *parties = arena_array (arena, count, sizeof *parties);
    for (size_t i = 0; i < count; i++) {
        const struct party_lag *lag = &reply->as.events_lag.parties[i];
        consentd__party_lag__init (&parties[i]);
        parties[i].party = codec_text (lag->party);
        parties[i].newest = lag->newest;
        parties[i].acknowledged = lag->acknowledged;
        parties[i].oldest_waiting = codec_time (lag->oldest_waiting);
        parties[i].subscribed = lag->subscribed;
        parties[i].damaged = lag->damaged;
        body->parties[i] = &parties[i];
    }
}

static void fill_event (const struct reply *reply, struct arena *arena, Consentd__Reply *wire)
{
    const struct event *event = &reply->as.event;
    Consentd__EventPush *body = wire->event = arena_alloc (arena, sizeof *body);
    consentd__event_push__init (body);
    body->number = event->number;
    body->kind = (Consentd__EventKind)event->kind;
    body->time = codec_time (event->time);
    body->revision = event->revision;
    if (event->kind == EVENT_HEARTBEAT || event->kind == EVENT_ENDED || event->kind == EVENT_PASSED_OVER)
        return; /* about the subscription, and nobody's data */
    body->alarm = codec_text (event->alarm);
    body->party = codec_text (event->party);
    if (event->kind == EVENT_REGISTRY_ALARM)
        return; /* about a party, and nobody's data */
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

static const struct {
    Consentd__Reply__BodyCase body;
    void (*fill) (const struct reply *reply, struct arena *arena, Consentd__Reply *wire);
} bodies[] = {
    [REPLY_WHOAMI] = {CONSENTD__REPLY__BODY_WHOAMI, fill_whoami},
    [REPLY_CHECK] = {CONSENTD__REPLY__BODY_CHECK, codec_fill_check},
    [REPLY_CONSENT_RECORDED] = {CONSENTD__REPLY__BODY_CONSENT_RECORDED, fill_consent_recorded},
    [REPLY_REVOKE] = {CONSENTD__REPLY__BODY_REVOKE, fill_revoke},
    [REPLY_CONSENT_SHOW] = {CONSENTD__REPLY__BODY_CONSENT_SHOW, codec_fill_consent_show},
    [REPLY_CONSENT_LIST] = {CONSENTD__REPLY__BODY_CONSENT_LIST, codec_fill_consent_list},
    [REPLY_SUBJECT_SHOW] = {CONSENTD__REPLY__BODY_SUBJECT_SHOW, codec_fill_subject_show},
    [REPLY_RESTRICTION] = {CONSENTD__REPLY__BODY_RESTRICTION, codec_fill_restriction},
    [REPLY_SUBSCRIBE] = {CONSENTD__REPLY__BODY_SUBSCRIBE, fill_subscribe},
    [REPLY_ACKNOWLEDGE] = {CONSENTD__REPLY__BODY_ACKNOWLEDGE, fill_acknowledge},
    [REPLY_STATUS] = {CONSENTD__REPLY__BODY_STATUS_REPORT, fill_status},
    [REPLY_PARTY_LIST] = {CONSENTD__REPLY__BODY_PARTY_LIST, codec_fill_party_list},
    [REPLY_PARTY_APPLY] = {CONSENTD__REPLY__BODY_PARTY_APPLY, codec_fill_party_apply},
    [REPLY_AUDIT_LIST] = {CONSENTD__REPLY__BODY_AUDIT_LIST, fill_audit_list},
    [REPLY_EVENTS_LAG] = {CONSENTD__REPLY__BODY_EVENTS_LAG, fill_events_lag},
    [REPLY_WAITING_LIST] = {CONSENTD__REPLY__BODY_WAITING_LIST, codec_fill_waiting_list},
    [REPLY_DECISION_SHOW] = {CONSENTD__REPLY__BODY_DECISION_SHOW, codec_fill_decision_show},
    [REPLY_OBLIGATION] = {CONSENTD__REPLY__BODY_OBLIGATION, codec_fill_obligation},
    [REPLY_OBLIGATION_LIST] = {CONSENTD__REPLY__BODY_OBLIGATION_LIST, codec_fill_obligation_list},
    [REPLY_DUE_LIST] = {CONSENTD__REPLY__BODY_DUE_LIST, codec_fill_due_list},
    [REPLY_BATCH] = {CONSENTD__REPLY__BODY_BATCH, codec_fill_batch},
    [REPLY_EVENT] = {CONSENTD__REPLY__BODY_EVENT, fill_event},
};

void codec_fill_body (const struct reply *reply, struct arena *arena, Consentd__Reply *wire)
{
    if (reply->body == REPLY_NONE)
        return;
    bodies[reply->body].fill (reply, arena, wire);
    wire->body_case = bodies[reply->body].body;
}

#include "codec_fill.h"

enum { DAY_SIZE = 11 }; /* "YYYY-MM-DD" */

static Consentd__Scope *make_scope (const struct scope *scope, struct arena *arena)
{
    Consentd__Scope *wire = arena_alloc (arena, sizeof *wire);
    consentd__scope__init (wire);
    wire->n_providers = scope->providers.count;
    wire->providers = codec_texts (scope->providers.item);
    wire->n_recipients = scope->recipients.count;
    wire->recipients = codec_texts (scope->recipients.item);
    wire->n_categories = scope->categories.count;
    wire->categories = codec_texts (scope->categories.item);
    wire->purpose = codec_text (scope->purpose);
    wire->n_origins = scope->origins.count;
    wire->origins = codec_texts (scope->origins.item);
    wire->case_ref = codec_text (scope->case_ref);
    return wire;
}

static Consentd__Notice *make_notice (const struct statement *statement, struct arena *arena)
{
    if (!statement->notice.id || statement->notice.id[0] == '\0')
        return NULL;
    Consentd__Notice *wire = arena_alloc (arena, sizeof *wire);
    consentd__notice__init (wire);
    wire->id = codec_text (statement->notice.id);
    wire->version = codec_text (statement->notice.version);
    wire->language = codec_text (statement->notice.language);
    wire->given_at = codec_time (statement->notice.given_at);
    return wire;
}

static Consentd__Evidence *make_evidence (const struct statement *statement, struct arena *arena)
{
    if (!statement->has_evidence)
        return NULL;
    Consentd__Evidence *wire = arena_alloc (arena, sizeof *wire);
    consentd__evidence__init (wire);
    wire->reference = codec_text (statement->evidence_reference);
    wire->sha256 = codec_binary (statement->evidence_sha256, sizeof statement->evidence_sha256);
    return wire;
}

static void fill_signatures (const struct statement *statement, struct arena *arena, Consentd__Consent *wire)
{
    size_t count = statement->signature_count;
    wire->n_signatures = count;
    wire->signatures = arena_array (arena, count, sizeof *wire->signatures);
    Consentd__Signature *signatures = arena_array (arena, count, sizeof *signatures);
    for (size_t i = 0; i < count; i++) {
        consentd__signature__init (&signatures[i]);
        signatures[i].signer = codec_text (statement->signatures[i].signer);
        signatures[i].given_at = codec_time (statement->signatures[i].given_at);
        wire->signatures[i] = &signatures[i];
    }
}

static void fill_withdrawals (const struct shown_consent *shown, struct arena *arena, Consentd__Consent *wire)
{
    const struct statement *statement = shown->statement;
    size_t count = statement->withdrawal_count;
    wire->n_withdrawals = count;
    wire->withdrawals = arena_array (arena, count, sizeof *wire->withdrawals);
    Consentd__Withdrawal *withdrawals = arena_array (arena, count, sizeof *withdrawals);
    for (size_t i = 0; i < count; i++) {
        const struct withdrawal *withdrawal = &statement->withdrawals[i];
        Consentd__Withdrawal *one = wire->withdrawals[i] = &withdrawals[i];
        consentd__withdrawal__init (one);
        one->n_providers = withdrawal->providers.count;
        one->providers = codec_texts (withdrawal->providers.item);
        one->n_recipients = withdrawal->recipients.count;
        one->recipients = codec_texts (withdrawal->recipients.item);
        one->n_categories = withdrawal->categories.count;
        one->categories = codec_texts (withdrawal->categories.item);
        if (shown->in_full) { /* who of the parents it was is no more for others than who signed */
            one->withdrawn_by = codec_text (withdrawal->withdrawn_by);
            one->number = withdrawal->number;
        }
        one->withdrawn_at = codec_time (withdrawal->withdrawn_at);
        one->recorded_at = codec_time (withdrawal->recorded_at);
        one->recorded_by = codec_text (withdrawal->recorded_by);
    }
}

Consentd__Consent *codec_make_consent (const struct shown_consent *shown, struct arena *arena)
{
    const struct statement *statement = shown->statement;
    Consentd__Consent *wire = arena_alloc (arena, sizeof *wire);
    consentd__consent__init (wire);
    wire->consent_id = codec_binary (statement->id, sizeof statement->id);
    wire->state = (Consentd__Consent__State)shown->state;
    wire->scope = make_scope (&statement->scope, arena);
    wire->form = (Consentd__Form)statement->form;
    wire->notice = make_notice (statement, arena);
    if (shown->in_full) {
        wire->motivation = codec_text (statement->motivation);
        wire->evidence = make_evidence (statement, arena);
        fill_signatures (statement, arena, wire);
        wire->number = statement->number;
        wire->used_by = statement->used_by;
    }
    wire->valid_from = codec_time (statement->valid_from);
    wire->valid_until = codec_time (statement->valid_until);
    wire->one_time = statement->one_time;
    wire->recorded_at = codec_time (statement->recorded_at);
    wire->recorded_by = codec_text (statement->recorded_by);
    wire->used_at = codec_time (statement->used_at);
    fill_withdrawals (shown, arena, wire);
    wire->subject_ref = codec_id (&shown->subject_ref);
    wire->order = statement->order;
    wire->under_secrecy = statement->under_secrecy;
    wire->asked_by = codec_text (shown->asked_by);
    wire->asked_at = codec_time (shown->asked_at);
    return wire;
}

void codec_fill_consent_show (const struct reply *reply, struct arena *arena, Consentd__Reply *wire)
{
    wire->consent_show = arena_alloc (arena, sizeof *wire->consent_show);
    consentd__consent_show_reply__init (wire->consent_show);
    wire->consent_show->consent = codec_make_consent (&reply->as.consent_show, arena);
}

void codec_fill_consent_list (const struct reply *reply, struct arena *arena, Consentd__Reply *wire)
{
    size_t count = reply->as.consent_list.count;
    Consentd__ConsentListReply *body = wire->consent_list = arena_alloc (arena, sizeof *body);
    consentd__consent_list_reply__init (body);
    body->n_consents = count;
    body->consents = arena_array (arena, count, sizeof *body->consents);
    for (size_t i = 0; i < count; i++)
        body->consents[i] = codec_make_consent (&reply->as.consent_list.consents[i], arena);
    body->more = reply->as.consent_list.more;
}

static Consentd__Waiting *make_waiting (const struct shown_waiting *shown, struct arena *arena)
{
    const struct consent_request *request = shown->request;
    Consentd__Waiting *wire = arena_alloc (arena, sizeof *wire);
    consentd__waiting__init (wire);
    wire->consent_id = codec_id (&shown->consent_id);
    wire->asked_at = codec_time (shown->asked_at);
    if (request == NULL)
        return wire;
    wire->bsn = codec_text (request->bsn);
    wire->subject_ref = codec_id (&shown->subject_ref);
    wire->scope = make_scope (&request->asked.scope, arena);
    wire->motivation = codec_text (request->asked.motivation);
    wire->valid_from = codec_time (request->asked.valid_from);
    wire->valid_until = codec_time (request->asked.valid_until);
    wire->one_time = request->asked.one_time;
    wire->under_secrecy = request->asked.under_secrecy;
    wire->asked_by = codec_text (request->asked.recorded_by);
    wire->deferred_at = codec_time (request->deferred_at);
    wire->deferred_reason = codec_text (request->deferred_reason);
    return wire;
}

void codec_fill_waiting_list (const struct reply *reply, struct arena *arena, Consentd__Reply *wire)
{
    size_t count = reply->as.waiting_list.count;
    Consentd__WaitingListReply *body = wire->waiting_list = arena_alloc (arena, sizeof *body);
    consentd__waiting_list_reply__init (body);
    body->n_requests = count;
    body->requests = arena_array (arena, count, sizeof *body->requests);
    for (size_t i = 0; i < count; i++)
        body->requests[i] = make_waiting (&reply->as.waiting_list.requests[i], arena);
    body->more = reply->as.waiting_list.more;
    if (body->more)
        body->next = codec_binary (reply->as.waiting_list.next, sizeof reply->as.waiting_list.next);
}

static char *day_text (struct day day, struct arena *arena)
{
    if (day.month == 0)
        return codec_text (NULL);
    char *text = arena_alloc (arena, DAY_SIZE);
    calendar_format (day, text);
    return text;
}

static Consentd__Representative *make_representative (const struct representative *one, struct arena *arena)
{
    Consentd__Representative *wire = arena_alloc (arena, sizeof *wire);
    consentd__representative__init (wire);
    wire->reference = codec_text (one->reference);
    wire->kind = codec_text (one->kind);
    wire->from = day_text (one->from, arena);
    wire->until = day_text (one->until, arena);
    wire->refused_from = day_text (one->refused_from, arena);
    wire->refused_reason = codec_text (one->refused_reason);
    wire->from_recorded_at = codec_time (one->from_recorded);
    wire->until_recorded_at = codec_time (one->until_recorded);
    wire->refused_recorded_at = codec_time (one->refused_recorded);
    return wire;
}

static Consentd__Capability *make_capability (const struct capability *one, struct arena *arena)
{
    Consentd__Capability *wire = arena_alloc (arena, sizeof *wire);
    consentd__capability__init (wire);
    wire->from = day_text (one->from, arena);
    wire->capable = one->capable;
    wire->recorded_at = codec_time (one->recorded);
    return wire;
}

static Consentd__Restriction *make_restriction (const struct restriction *one, struct arena *arena)
{
    Consentd__Restriction *wire = arena_alloc (arena, sizeof *wire);
    consentd__restriction__init (wire);
    wire->category = codec_text (one->category);
    wire->since = codec_time (one->since);
    wire->next_order = one->next_order;
    wire->reason = codec_text (one->reason);
    wire->recorded_by = codec_text (one->recorded_by);
    return wire;
}

static Consentd__Restriction **make_restrictions (const struct subject *subject, struct arena *arena)
{
    Consentd__Restriction **all = arena_array (arena, subject->restriction_count, sizeof *all);
    for (size_t i = 0; i < subject->restriction_count; i++)
        all[i] = make_restriction (&subject->restrictions[i], arena);
    return all;
}

void codec_fill_restriction (const struct reply *reply, struct arena *arena, Consentd__Reply *wire)
{
    const struct subject *subject = reply->as.restriction.subject;
    Consentd__RestrictionReply *body = wire->restriction = arena_alloc (arena, sizeof *body);
    consentd__restriction_reply__init (body);
    body->already = reply->as.restriction.already;
    body->n_restrictions = subject->restriction_count;
    body->restrictions = make_restrictions (subject, arena);
    body->n_informed = reply->as.restriction.informed_count;
    body->informed = codec_texts (reply->as.restriction.informed);
    body->subject_ref = codec_id (&reply->as.restriction.subject_ref);
}

Consentd__SubjectShowReply *codec_make_subject (const struct subject *subject, const struct id *subject_ref,
                                                struct arena *arena)
{
    Consentd__SubjectShowReply *body = arena_alloc (arena, sizeof *body);
    consentd__subject_show_reply__init (body);
    if (!subject->known)
        return body; /* everything else stays empty */
    body->known = true;
    body->birth_date = day_text (subject->birth, arena);
    body->death_date = day_text (subject->death, arena);
    body->death_recorded_at = codec_time (subject->death_recorded);
    body->n_representatives = subject->representative_count;
    body->representatives = arena_array (arena, subject->representative_count, sizeof *body->representatives);
    for (size_t i = 0; i < subject->representative_count; i++)
        body->representatives[i] = make_representative (&subject->representatives[i], arena);
    body->n_capabilities = subject->capability_count;
    body->capabilities = arena_array (arena, subject->capability_count, sizeof *body->capabilities);
    for (size_t i = 0; i < subject->capability_count; i++)
        body->capabilities[i] = make_capability (&subject->capabilities[i], arena);
    body->n_restrictions = subject->restriction_count;
    body->restrictions = make_restrictions (subject, arena);
    body->subject_ref = codec_id (subject_ref);
    return body;
}

static ProtobufCBinaryData *make_ids (const struct id *ids, size_t count, struct arena *arena)
{
    ProtobufCBinaryData *made = arena_array (arena, count, sizeof *made);
    for (size_t i = 0; i < count; i++)
        made[i] = codec_id (&ids[i]);
    return made;
}

void codec_fill_subject_show (const struct reply *reply, struct arena *arena, Consentd__Reply *wire)
{
    const struct shown_subject *shown = &reply->as.subject_show;
    Consentd__SubjectShowReply *body = codec_make_subject (shown->subject, &shown->subject_ref, arena);
    wire->subject_show = body;
    if (shown->has_version)
        body->version = codec_id (&shown->version);
    body->n_ended = shown->ended_count;
    body->ended = make_ids (shown->ended, shown->ended_count, arena);
    body->n_restored = shown->restored_count;
    body->restored = make_ids (shown->restored, shown->restored_count, arena);
}

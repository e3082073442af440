/* Events that were missed: the registry dropped them, since nobody took them for too long. What is held needs
   none: it goes by a decision of the moment or not at all. But what went may have been withdrawn, and nobody was
   told. So all of it is looked through by what the registry says now, before its events are gone on with. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include "call.h"
#include "codec/document.h"
#include "held.h"
#include "spool_parts.h"
#include "went.h"

enum { TIMES = 5 /* that a snapshot is begun, since parties or the policy changed meanwhile */ };

struct look {
    struct spool *spool;
    json_t *standing;   /* consents: true, or false if a part was withdrawn */
    json_t *restricted; /* subjects */
    json_t
        *known; /* consents that do not stand: what the registry says of each; null: it was used as it was meant */
    json_t *messages;
    json_int_t went;
    bool away; /* the registry did not say */
};

static void note_standing (void *context, const struct consent_standing *standing)
{
    struct look *self = context;
    if (standing->kind == CONSENT_STANDING_RESTRICTION)
        json_object_set_new (self->restricted, standing->subject_ref, json_true ());
    else if (standing->kind == CONSENT_STANDING_CONSENT)
        json_object_set_new (self->standing, standing->consent_id, json_boolean (standing->withdrawn_count == 0));
}

/* --------------------------------------------------------------------------------------- one consent */

/* What became of one that stands no more. Caller owns it. */
static json_t *end_of_consent (const Consentd__Reply *reply)
{
    if (reply->status == CONSENTD__STATUS__NOT_FOUND)
        return json_string ("NOT_FOUND");
    if (reply->status != CONSENTD__STATUS__OK || reply->body_case != CONSENTD__REPLY__BODY_CONSENT_SHOW ||
        !reply->consent_show->consent)
        return json_string ("NOT_KNOWN");
    const Consentd__Consent *consent = reply->consent_show->consent;
    if (consent->state == CONSENTD__CONSENT__STATE__USED_UP && consent->n_withdrawals == 0)
        return json_null ();
    return json_string (consent_name (&consentd__consent__state__descriptor, (int)consent->state));
}

static json_t *ask_about (struct look *self, const char *consent_id)
{
    uint8_t id[LEDGER_KEY];
    Consentd__ConsentShowRequest body;
    Consentd__Request request;
    Consentd__Reply *reply;
    consentd__consent_show_request__init (&body);
    consentd__request__init (&request);
    consent_unhex (consent_id, id);
    body.consent_id = (ProtobufCBinaryData){sizeof id, id};
    request.body_case = CONSENTD__REQUEST__BODY_CONSENT_SHOW;
    request.consent_show = &body;
    if (consent_call (self->spool->calls, &request, &reply) != CONSENT_OK) {
        self->away = true;
        return json_null ();
    }
    json_t *end = end_of_consent (reply);
    consentd__reply__free_unpacked (reply, NULL);
    return end;
}

/* Why what went under it is to be seen to. NULL: it is not. */
static const char *why_of (struct look *self, const char *consent_id)
{
    json_t *standing = json_object_get (self->standing, consent_id);
    if (standing)
        return json_is_true (standing) ? NULL : "WITHDRAWN_IN_PART";
    if (!json_object_get (self->known, consent_id))
        json_object_set_new (self->known, consent_id, ask_about (self, consent_id));
    return json_string_value (json_object_get (self->known, consent_id));
}

/* ------------------------------------------------------------------------------------- what went */

static void tell (struct look *self, const json_t *record, const json_t *client, const char *consent_id,
                  const char *why)
{
    json_t *message = went_entry (record, client);
    json_object_set_new (message, "consent_id", consent_id ? json_string (consent_id) : json_null ());
    json_object_set_new (message, "why", json_string (why));
    json_array_append_new (self->messages, message);
}

static int look_at (void *context, const uint8_t key[LEDGER_KEY], json_t *record)
{
    (void)key;
    struct look *self = context;
    size_t index, at;
    json_t *client, *consent;
    self->went++;
    json_array_foreach (json_object_get (record, "clients"), index, client)
    {
        const char *subject = json_string_value (json_object_get (client, "subject"));
        if (subject && json_object_get (self->restricted, subject))
            tell (self, record, client, NULL, "RESTRICTED");
        json_array_foreach (json_object_get (client, "consents"), at, consent)
        {
            const char *why = why_of (self, json_string_value (consent));
            if (why)
                tell (self, record, client, json_string_value (consent), why);
        }
    }
    return self->away ? -EAGAIN : 0;
}

/* ---------------------------------------------------------------------------------------- the whole */

static int write_word (struct look *self, const struct consent_snapshot *snapshot)
{
    char base[FOLDERS_NAME];
    struct spool *spool = self->spool;
    snprintf (base, sizeof base, "%" PRIu64 "-gebeurtenissen-gemist", snapshot->number);
    json_t *notice = json_pack ("{s:s, s:I, s:I, s:o, s:s, s:I, s:O}", "missed", spool->missed, "number",
                                (json_int_t)snapshot->number, "goes_on_with", (json_int_t)spool->goes_on_with,
                                "as_of", document_time (snapshot->as_of), "epoch", snapshot->epoch, "went",
                                self->went, "messages", self->messages);
    int r = spool_write_notice (spool, base, notice);
    spool_say (
        spool, 0,
        "%zu of the %" JSON_INTEGER_FORMAT
        " messages that went need to be seen to. Whether data were corrected or erased meanwhile is not known",
        json_array_size (self->messages), self->went);
    return r;
}

/* What stands, of one moment. A status. */
static int ask_what_stands (struct look *self, struct consent_snapshot *snapshot)
{
    int status = CONSENT_RETRY;
    for (int i = 0; i < TIMES && status == CONSENT_RETRY; i++) {
        json_object_clear (self->standing);
        json_object_clear (self->restricted);
        status = consent_snapshot (self->spool->events, note_standing, self, snapshot);
    }
    return status;
}

/* On a connection of its own: the one before has ended. 0 or an exit code. */
static int open_anew (struct spool *self)
{
    consent_close (&self->events);
    int r = spool_open_registry (self, &self->events);
    if (r != 0)
        return r;
    return consent_set_consumer (self->events, self->order->consumer) == CONSENT_OK
               ? 0
               : spool_say (self, EX_CONFIG, "%s", consent_last_error (self->events));
}

static int look_through (struct look *self, struct consent_snapshot *snapshot)
{
    struct spool *spool = self->spool;
    int status = ask_what_stands (self, snapshot);
    if (status != CONSENT_OK) {
        spool_heed (spool, status, consent_last_error (spool->events));
        return 0; /* then later */
    }
    int r = ledger_each (spool->ledger, LEDGER_WENT, look_at, self);
    if (r == -EAGAIN && self->away) {
        spool_say_away (spool, consent_last_error (spool->calls));
        return 0;
    }
    if (r == 0)
        r = write_word (self, snapshot);
    if (r == 0)
        r = spool_wake_all (spool);
    if (r != 0)
        return spool_say_unwritable (spool, "notices", r);
    *spool->missed = 0;
    spool_say_there (spool);
    return 0;
}

int spool_begin_anew (struct spool *self)
{
    struct consent_snapshot snapshot;
    struct look look = {.spool = self,
                        .standing = json_object (),
                        .restricted = json_object (),
                        .known = json_object (),
                        .messages = json_array ()};
    int r = open_anew (self);
    if (r == 0)
        r = look_through (&look, &snapshot);
    if (r == 0 && !*self->missed)
        r = spool_subscribe (self, self->goes_on_with);
    json_decref (look.standing);
    json_decref (look.restricted);
    json_decref (look.known);
    json_decref (look.messages);
    return r;
}

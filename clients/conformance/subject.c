#include "subject.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include "allocate.h"
#include "call.h"
#include "text/burgerservicenummer.h"
#include "unconst.h"

enum { BSN_FIRST = 999900006, BSN_LAST = 999999990, DAY_MS = 86400000 };

static char user[] = "conformance";

/* Asks as the team. 0 with *reply_p, which the caller must free; or 1 with the sentence. */
static int ask (struct subject *self, Consentd__Request *request, const char *what, Consentd__Reply **reply_p)
{
    if (consent_call (self->team, request, reply_p) != CONSENT_OK) {
        snprintf (self->error, sizeof self->error, "%s: %s", what, consent_last_error (self->team));
        return 1;
    }
    const Consentd__Reply *reply = *reply_p;
    if (reply->status == CONSENTD__STATUS__OK)
        return 0;
    const char *refused =
        reply->n_refusals ? consent_name (&consentd__code__descriptor, (int)reply->refusals[0]->code) : "";
    snprintf (self->error, sizeof self->error, "%s: %s %s %s %s", what,
              consent_name (&consentd__status__descriptor, (int)reply->status), refused, reply->field,
              reply->message);
    consentd__reply__free_unpacked (*reply_p, NULL);
    return 1;
}

/* One that was not used before, most likely; whoever has it is an adult by what is recorded now. */
static void choose_bsn (struct subject *self)
{
    unsigned number = 0;
    do {
        if (getrandom (&number, sizeof number, 0) != (ssize_t)sizeof number)
            abort ();
        snprintf (self->bsn, sizeof self->bsn, "%u", BSN_FIRST + number % (BSN_LAST - BSN_FIRST + 1));
    } while (!bsn_is_valid (self->bsn));
}

int subject_begin (struct subject *self, consent_t *team, const struct asked *asked)
{
    enum { TRIES = 8 };
    char born[] = "1980-05-17";
    int error = 1;
    *self = (struct subject){.team = team, .asked = asked};
    for (int i = 0; error && i < TRIES; i++) { /* a record that is there already would have to be seen first */
        Consentd__SubjectSetRequest body;
        Consentd__Request request;
        Consentd__Reply *reply;
        consentd__subject_set_request__init (&body);
        consentd__request__init (&request);
        choose_bsn (self);
        body.bsn = self->bsn;
        body.birth_date = born;
        body.user = user;
        request.body_case = CONSENTD__REQUEST__BODY_SUBJECT_SET;
        request.subject_set = &body;
        error = ask (self, &request, "a subject cannot be recorded", &reply);
        if (!error)
            consentd__reply__free_unpacked (reply, NULL);
    }
    return error;
}

/* The registry's time, which is not this machine's. */
static int ask_time (struct subject *self, int64_t *now)
{
    struct consent_identity *identity;
    if (consent_whoami (self->team, &identity) != CONSENT_OK) {
        snprintf (self->error, sizeof self->error, "%s", consent_last_error (self->team));
        return 1;
    }
    *now = identity->time;
    consent_identity_destroy (&identity);
    return 0;
}

/* Sends the consent, signed an hour ago, for two weeks. */
static int grant (struct subject *self, Consentd__GrantRequest *body, int64_t now)
{
    uint8_t hash[32] = {1};
    char reference[] = "conformance", notice[] = "toestemming-sociaal-domein", version[] = "1", language[] = "nl";
    char signer[] = "subject", motivation[] = "beproeving van een client";
    Consentd__Evidence evidence;
    Consentd__Notice told;
    Consentd__Signature signature, *signatures[] = {&signature};
    Consentd__Request request;
    Consentd__Reply *reply;
    consentd__evidence__init (&evidence);
    consentd__notice__init (&told);
    consentd__signature__init (&signature);
    consentd__request__init (&request);
    evidence.reference = reference;
    evidence.sha256 = (ProtobufCBinaryData){sizeof hash, hash};
    told.id = notice;
    told.version = version;
    told.language = language;
    signature.signer = signer;
    told.given_at = signature.given_at = now - DAY_MS / 24;
    body->evidence = &evidence;
    body->notice = &told;
    body->signatures = signatures;
    body->n_signatures = 1;
    body->form = CONSENTD__FORM__WRITTEN;
    body->motivation = motivation;
    body->valid_until = now + INT64_C (14) * DAY_MS;
    body->user = user;
    request.body_case = CONSENTD__REQUEST__BODY_GRANT;
    request.grant = body;
    if (ask (self, &request, "a consent cannot be recorded", &reply))
        return 1;
    consent_hex (reply->consent_recorded->consent_id.data, reply->consent_recorded->consent_id.len,
                 self->consent_id);
    consentd__reply__free_unpacked (reply, NULL);
    return 0;
}

int subject_consent (struct subject *self, size_t count, bool one_time)
{
    const struct asked *asked = self->asked;
    char *providers[] = {unconst_text (asked->provider)}, *recipients[] = {unconst_text (asked->recipient)};
    char *categories[] = {unconst_text (asked->category[0]), unconst_text (asked->category[1])};
    Consentd__Scope scope;
    Consentd__GrantRequest body;
    int64_t now;
    consentd__scope__init (&scope);
    consentd__grant_request__init (&body);
    if (ask_time (self, &now))
        return 1;
    scope.providers = providers;
    scope.recipients = recipients;
    scope.categories = categories;
    scope.n_providers = scope.n_recipients = 1;
    scope.n_categories = count;
    scope.purpose = unconst_text (asked->purpose);
    body.bsn = self->bsn;
    body.scope = &scope;
    body.one_time = one_time;
    return grant (self, &body, now);
}

int subject_withdraw (struct subject *self)
{
    const struct consent_revocation revocation = {
        .consent_id = self->consent_id, .withdrawn_by = "subject", .user = user};
    if (consent_revoke (self->team, &revocation, NULL) == CONSENT_OK)
        return 0;
    snprintf (self->error, sizeof self->error, "%s", consent_last_error (self->team));
    return 1;
}

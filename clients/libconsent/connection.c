#include "connection.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <sodium.h>
#include <zmq.h>

#include "allocate.h"
#include "identifier.h"
#include "witness_key.h"

enum {
    TIMEOUT = 2000, /* ms */
    ATTEMPTS = 5,
    PATIENCE = 60000, /* ms */
    SILENCE = 15000,  /* ms; three heartbeats */
};

int connection_fail (consent_t *self, int status, const char *format, ...)
{
    va_list arguments;
    va_start (arguments, format);
    vsnprintf (self->error, sizeof self->error, format, arguments);
    va_end (arguments);
    return status;
}

bool connection_is_wary (const consent_t *self)
{
    return self->absent != CONSENT_ABSENT_WAIT && !self->has_met;
}

enum { TURNS = 3 }; /* both are tried twice: once may be a registry that stops just then */

bool connection_turns (consent_t *self, const struct link *link)
{
    if (link->strange == 0 && link->met)
        self->turned = 0;
    bool is_strange = link_is_open (link) && link->strange > 0; /* of one that is closed that was heard already */
    if (!is_strange || !self->key.server_key_next[0] || (connection_is_wary (self) && self->turned == TURNS))
        return false;
    self->turned++;
    key_file_turn (&self->key);
    return true;
}

void connection_hear_key (consent_t *self, const char *key)
{
    bool is_known = !strcmp (key, self->key.server_key) || !strcmp (key, self->key.server_key_next);
    snprintf (self->told_key, sizeof self->told_key, "%s", is_known ? "" : key);
}

const char *consent_server_key_to_come (const consent_t *self)
{
    return self->told_key;
}

int connection_fail_to_meet (consent_t *self, int status, const char *endpoint)
{
    if (status == CONSENT_ABSENT)
        return connection_fail (self, status, "no registry at %s: %s; nothing was sent", endpoint,
                                self->absent_why);
    return connection_fail (
        self, status,
        "who listens at %s closes the connection before it is secure: `server-key` of the key file "
        "is not its key, or it lets nobody in now; nothing was sent",
        endpoint);
}

/* The status of the wire, in the words of consent.h. An unknown one is no success. */
static int status_of (const Consentd__Reply *reply)
{
    if (reply->status == CONSENTD__STATUS__OK)
        return CONSENT_OK;
    if (reply->status >= CONSENTD__STATUS__REJECTED && reply->status <= CONSENTD__STATUS__UNAVAILABLE)
        return (int)reply->status;
    return CONSENT_BAD_REPLY;
}

/* The codes of a refused statement, each with its rule: "NOT_NEEDED (G3), TOO_LONG (G6)". */
static void print_refusals (const Consentd__Reply *reply, char *text, size_t size)
{
    text[0] = 0;
    for (size_t i = 0, length = 0; i < reply->n_refusals && length < size; i++) {
        const Consentd__Refusal *refusal = reply->refusals[i];
        const char *code = consent_name (&consentd__code__descriptor, (int)refusal->code);
        length += (size_t)snprintf (text + length, size - length, "%s%s (%s)", i ? ", " : "", code, refusal->rule);
    }
}

int connection_fail_reply (consent_t *self, const Consentd__Reply *reply)
{
    const char *name = consent_name (&consentd__status__descriptor, (int)reply->status);
    char refusals[256];
    print_refusals (reply, refusals, sizeof refusals);
    return connection_fail (self, status_of (reply), "%s%s%s%s%s%s%s", name, refusals[0] ? " " : "", refusals,
                            reply->field[0] ? " at " : "", reply->field, reply->message[0] ? ": " : "",
                            reply->message);
}

int connection_ask (consent_t *self, const Consentd__Request *request, Consentd__Reply__BodyCase body,
                    Consentd__Reply **reply_p)
{
    int result = consent_call (self, request, reply_p);
    if (result)
        return result;
    if ((*reply_p)->status != CONSENTD__STATUS__OK)
        result = connection_fail_reply (self, *reply_p);
    else if ((*reply_p)->body_case != body)
        result = connection_fail (self, CONSENT_BAD_REPLY, "the answer does not fit what was asked");
    else
        return CONSENT_OK;
    consentd__reply__free_unpacked (*reply_p, NULL);
    *reply_p = NULL;
    return result;
}

void connection_note (consent_t *self, const Consentd__Reply *reply)
{
    /* A replayed answer has the revision of the moment at which it was first given. */
    if (reply->replayed || reply->epoch.len != ID_BYTES)
        return;
    if (memcmp (self->epoch, reply->epoch.data, ID_BYTES)) {
        memcpy (self->epoch, reply->epoch.data, ID_BYTES);
        self->revision = reply->revision;
    } else if (reply->revision > self->revision) {
        self->revision = reply->revision;
    }
}

static void free_witness (consent_t *self)
{
    if (self->witness)
        note_signer_wipe (self->witness);
    free (self->witness);
    self->witness = NULL;
}

consent_t *consent_open (const char *key_file, char *error, size_t size)
{
    consent_t *self = allocate (1, sizeof *self);
    if (sodium_init () < 0)
        abort (); /* there is no randomness */
    if (key_file_read (&self->key, key_file, error, size)) {
        free (self);
        return NULL;
    }
    self->context = zmq_ctx_new ();
    if (!self->context) {
        snprintf (error, size, "no context for ZeroMQ: %s", strerror (errno));
        explicit_bzero (&self->key, sizeof self->key);
        free (self);
        return NULL;
    }
    self->timeout = TIMEOUT;
    self->attempts = ATTEMPTS;
    self->patience = PATIENCE;
    self->absent = CONSENT_ABSENT_WAIT;
    self->silence = SILENCE;
    self->window = CONSENT_WINDOW;
    self->pending = allocate (CONSENT_OUTSTANDING_MAX + 1, sizeof *self->pending);
    return self;
}

void consent_close (consent_t **self_p)
{
    consent_t *self = *self_p;
    if (!self)
        return;
    events_end (self);
    call_abandon (self);
    link_close (&self->calls);
    zmq_ctx_term (self->context);
    free (self->pending);
    explicit_bzero (&self->key, sizeof self->key);
    free_witness (self);
    free (self->former_file);
    free (self);
    *self_p = NULL;
}

void consent_set_timeout (consent_t *self, int milliseconds)
{
    self->timeout = milliseconds > 0 ? milliseconds : 1;
}

void consent_set_absent (consent_t *self, int milliseconds)
{
    bool is_known = milliseconds >= 0 || milliseconds == CONSENT_ABSENT_ALWAYS;
    self->absent = is_known ? milliseconds : CONSENT_ABSENT_WAIT;
}

void consent_set_attempts (consent_t *self, int attempts)
{
    self->attempts = attempts > 0 ? attempts : 1;
}

void consent_set_patience (consent_t *self, int milliseconds)
{
    self->patience = milliseconds > 0 ? milliseconds : 0;
}

void consent_set_window (consent_t *self, uint32_t events)
{
    self->window = events > 0 ? events : 1;
}

void consent_set_silence (consent_t *self, int milliseconds)
{
    self->silence = milliseconds > 0 ? milliseconds : 1;
}

const char *consent_endpoint (const consent_t *self)
{
    return self->key.operators[0] ? self->key.operators : self->key.requests;
}

void consent_tell_waiting (consent_t *self, consent_waiting_handler *tell, void *context)
{
    self->tell_waiting = tell;
    self->waiting_context = context;
}

const char *consent_party (const consent_t *self)
{
    return self->key.party;
}

const char *consent_last_error (const consent_t *self)
{
    return self->error;
}

void consent_revision (const consent_t *self, char epoch[CONSENT_ID_SIZE], uint64_t *revision)
{
    if (epoch)
        consent_hex (self->epoch, self->revision ? ID_BYTES : 0, epoch);
    if (revision)
        *revision = self->revision;
}

int consent_require_revision (consent_t *self, const char *epoch, uint64_t revision)
{
    uint8_t id[ID_BYTES] = {0};
    if (revision && !consent_unhex (epoch, id))
        return connection_fail (self, CONSENT_INVALID, "a revision is required of an epoch that is no identifier");
    memcpy (self->required_epoch, id, ID_BYTES);
    self->required = revision;
    return CONSENT_OK;
}

int consent_set_witness (consent_t *self, const char *key_file)
{
    char error[sizeof self->error];
    if (self->stream.begun)
        return connection_fail (self, CONSENT_INVALID, "a witness must be set before the subscription");
    free_witness (self);
    self->witness = allocate (1, sizeof *self->witness);
    if (!witness_key_read (self->witness, key_file, error, sizeof error))
        return CONSENT_OK;
    free_witness (self);
    return connection_fail (self, CONSENT_INVALID, "%s", error);
}

int consent_checkpoint (consent_t *self, struct consent_checkpoint *checkpoint)
{
    const struct log_seen *seen = &self->stream.position.log;
    *checkpoint =
        (struct consent_checkpoint){.origin = "", .keys = self->key_list, .refused = self->cosign_refused};
    for (size_t i = 0; i < seen->keys.count; i++) {
        note_key_write (&seen->keys.key[i], self->key_text[i]);
        self->key_list[i] = self->key_text[i];
    }
    self->key_list[seen->keys.count] = NULL;
    checkpoint->cosigned = self->cosigned;
    checkpoint->unanswered_since = self->unanswered_since;
    if (seen->note_size == 0)
        return CONSENT_NOT_FOUND;
    checkpoint->size = seen->checkpoint.size;
    checkpoint->seen_at = seen->at;
    checkpoint->origin = seen->checkpoint.origin;
    return CONSENT_OK;
}

bool consent_was_dropped (const consent_t *self, uint64_t *from_p)
{
    *from_p = self->stream.kept_from;
    return self->stream.final == CONSENT_GAP && self->stream.was_dropped && !self->stream.is_other_epoch;
}

const char *consent_former_position (const consent_t *self)
{
    return self->former_file ? self->former_file : "";
}

/* Requests and their answers (after the "lazy pirate" of the ZeroMQ guide).

   A request is sent. If its answer does not come in time, the socket is thrown away, with what was queued on it
   and whatever state it was in. On a fresh socket everything that has no answer yet is sent again, byte for byte
   the same. The registry knows each request by its key, so this is safe for every request. */
#include "connection.h"

#include <poll.h>
#include "allocate.h"
#include "attempt.h"
#include "identifier.h"
#include "problem.h"
#include "reply.h"

/* The states of a request:
   new ── send ──> sent ── answer ──────────────────────────> done
                     │ ── time-out, or UNAVAILABLE, RETRY,
                     │    or, to who asked for that, gone ──> waits for its turn ── send ──> sent
                     │ ── told to come back later ──────────> waits until then ── send ──> sent
                     │ ── the registry has forgotten the key > done
                     └ ── no answer in the last attempt ─────> done */

/* The registry knows a key for 24 hours (G11). Who was stopped for as long would have done again what was done,
   and nobody would notice. */
static const int64_t KEYS_ARE_KNOWN = 23 * INT64_C (3600000);

enum {
    LOOK_AGAIN = 100, /* ms, for a registry that is not there */
    TELL_WAITING = 1000,
    STRANGE = 2, /* connections in a row that were closed before they were secure */
};

static void tell_waiting (consent_t *self, int64_t since, const char *why, bool met)
{
    if (!self->tell_waiting || self->told_waiting || attempt_now () < since + TELL_WAITING)
        return;
    self->told_waiting = true;
    self->tell_waiting (self->waiting_context, consent_endpoint (self), why, met);
}

static void finish_call (struct pending *self, int status, Consentd__Reply *reply)
{
    self->done = true;
    self->status = status;
    self->reply = reply;
}

/* Opens the link, unless nobody is there to take the request, for as long as that is to be waited for. 0,
   CONSENT_ABSENT or -errno. */
static int open_link (consent_t *self, const struct pending *pending)
{
    if (link_is_open (&self->calls))
        return 0;
    bool looks = self->absent == CONSENT_ABSENT_ALWAYS || (connection_is_wary (self) && !pending->unheard);
    while (looks && presence_look (consent_endpoint (self), self->timeout, self->absent_why) == PRESENCE_ABSENT) {
        if (attempt_now () - pending->begun >= self->absent)
            return CONSENT_ABSENT;
        tell_waiting (self, pending->begun, self->absent_why, false);
        poll (NULL, 0, LOOK_AGAIN);
    }
    return link_open (&self->calls, self->context, &self->key, consent_endpoint (self));
}

/* Sends the request now. If the machine does not allow that, or nobody is there, the request fails. */
static void transmit (consent_t *self, struct pending *pending)
{
    int result = open_link (self, pending);
    if (result == CONSENT_ABSENT) {
        finish_call (pending, pending->unheard ? CONSENT_TIMEOUT : result, NULL);
        return;
    }
    if (!result)
        result = link_send (&self->calls, pending->bytes, pending->size);
    pending->attempts++;
    pending->sent = true;
    int64_t now = attempt_now ();
    pending->due = now + self->timeout;
    if (!pending->unheard)
        pending->unheard = now;
    if (result)
        finish_call (pending, result, NULL);
}

/* The connection was lost, and the caller wants to know soon if the registry is away. What was sent is sent again
   at once, if anybody is there. */
static void leave (consent_t *self)
{
    link_close (&self->calls);
    for (size_t i = 0; i < self->pending_count; i++) {
        struct pending *pending = &self->pending[i];
        if (pending->done || !pending->sent)
            continue;
        if (pending->attempts >= self->attempts)
            finish_call (pending, CONSENT_TIMEOUT, NULL);
        pending->sent = false;
        pending->due = attempt_now ();
    }
}

int call_start (consent_t *self, const Consentd__Request *request, uint64_t ticket)
{
    size_t ticketed = 0;
    for (size_t i = 0; i < self->pending_count; i++)
        ticketed += self->pending[i].ticket != 0;
    if (ticket && ticketed == CONSENT_OUTSTANDING_MAX)
        return connection_fail (self, CONSENT_BUSY, "%d questions are out", CONSENT_OUTSTANDING_MAX);
    struct pending *pending = &self->pending[self->pending_count];
    memset (pending, 0, sizeof *pending);
    if (request->idempotency_key.len == sizeof pending->key)
        memcpy (pending->key, request->idempotency_key.data, sizeof pending->key);
    else
        attempt_random (pending->key, sizeof pending->key);
    Consentd__Request envelope = *request;
    envelope.version = 1;
    envelope.idempotency_key = (ProtobufCBinaryData){sizeof pending->key, pending->key};
    envelope.at_least_revision = self->required;
    envelope.at_least_epoch = (ProtobufCBinaryData){self->required ? ID_BYTES : 0, self->required_epoch};
    pending->size = consentd__request__get_packed_size (&envelope);
    bool is_together = request->body_case == CONSENTD__REQUEST__BODY_BATCH && request->batch->all_or_nothing;
    if (pending->size > (is_together ? REQUEST_TOGETHER_MAX : REQUEST_MAX))
        return connection_fail (self, CONSENT_INVALID, "the request is larger than a message may be");
    pending->bytes = allocate (1, pending->size);
    consentd__request__pack (&envelope, pending->bytes);
    pending->ticket = ticket;
    pending->begun = attempt_now ();
    if (self->absent == CONSENT_ABSENT_ALWAYS && link_is_lost (&self->calls))
        leave (self);
    self->pending_count++;
    transmit (self, pending);
    return CONSENT_OK;
}

/* The answer is from before the revision that we require, and it is not the recorded answer to an earlier attempt.
   It does not count: a registry that knows less than we do must not permit. */
static bool is_stale (const consent_t *self, const Consentd__Reply *reply)
{
    if (!self->required || reply->status != CONSENTD__STATUS__OK || reply->replayed)
        return false;
    return reply->epoch.len != ID_BYTES || memcmp (reply->epoch.data, self->required_epoch, ID_BYTES) ||
           reply->revision < self->required;
}

/* The registry works, but says that we ask too much, and when to come back (L3). So this was no failed attempt.
   The request is not sent earlier. If that moment is later than our caller will wait, it is not sent again. */
static void put_off (const consent_t *self, struct pending *pending, Consentd__Reply *reply)
{
    int64_t due = attempt_now () + reply->retry_after_ms;
    if (due > pending->begun + self->patience) {
        finish_call (pending, CONSENT_OK, reply);
        return;
    }
    pending->attempts--;
    pending->sent = false;
    pending->due = due;
    consentd__reply__free_unpacked (reply, NULL);
}

static void take (consent_t *self, struct pending *pending, Consentd__Reply *reply)
{
    bool again = reply->status == CONSENTD__STATUS__UNAVAILABLE || reply->status == CONSENTD__STATUS__RETRY;
    pending->unheard = 0;
    if (reply->status == CONSENTD__STATUS__UNAVAILABLE && reply->retry_after_ms > 0) {
        put_off (self, pending, reply);
    } else if (again && pending->attempts < self->attempts) {
        pending->sent = false;
        pending->due = attempt_now () + attempt_pause (pending->attempts);
        consentd__reply__free_unpacked (reply, NULL);
    } else if (is_stale (self, reply)) {
        consentd__reply__free_unpacked (reply, NULL);
        finish_call (pending, CONSENT_BAD_REPLY, NULL);
    } else {
        finish_call (pending, CONSENT_OK, reply);
    }
}

/* A reply belongs to the request with the same key. If there is no such request, the reply is a second answer to
   one that was sent twice. */
static void match (consent_t *self, Consentd__Reply *reply)
{
    self->unreadable = self->told_waiting = false;
    connection_note (self, reply);
    for (size_t i = 0; i < self->pending_count && reply->idempotency_key.len == ID_BYTES; i++) {
        struct pending *pending = &self->pending[i];
        if (!pending->done && !memcmp (pending->key, reply->idempotency_key.data, ID_BYTES)) {
            take (self, pending, reply);
            return;
        }
    }
    consentd__reply__free_unpacked (reply, NULL);
}

static int receive_all (consent_t *self)
{
    for (;;) {
        Consentd__Reply *reply;
        int result = link_receive (&self->calls, &reply);
        if (result == LINK_SILENT)
            return 0;
        if (result < 0)
            return result;
        if (result == LINK_UNREADABLE)
            self->unreadable = true;
        else
            match (self, reply);
    }
}

static void fail_all (consent_t *self, int status)
{
    link_close (&self->calls);
    for (size_t i = 0; i < self->pending_count; i++)
        if (!self->pending[i].done)
            finish_call (&self->pending[i], status, NULL);
}

/* A request has waited in vain. Its socket is dropped, and with it everything that has no answer yet, so all of
   that is sent again. Only requests that have waited in vain have spent an attempt. */
static void start_over (consent_t *self, int64_t now)
{
    link_close (&self->calls);
    int spent = 1;
    for (size_t i = 0; i < self->pending_count; i++) {
        struct pending *pending = &self->pending[i];
        if (!pending->done && pending->sent && pending->due <= now && pending->attempts > spent)
            spent = pending->attempts;
    }
    int64_t resume = now + attempt_pause (spent);
    for (size_t i = 0; i < self->pending_count; i++) {
        struct pending *pending = &self->pending[i];
        if (pending->done || !pending->sent)
            continue;
        if (pending->due <= now && pending->attempts >= self->attempts) {
            finish_call (pending, self->unreadable ? CONSENT_BAD_REPLY : CONSENT_TIMEOUT, NULL);
            continue;
        }
        if (pending->due > now)
            pending->attempts--;
        pending->sent = false;
        pending->due = resume;
    }
}

/* The registry may have the other server key. What was sent is sent again; the first time that costs no attempt,
   as it has hardly come there. */
static void turn (consent_t *self)
{
    link_close (&self->calls);
    int64_t resume = attempt_now () + (self->turned > 1 ? attempt_pause (self->turned - 1) : 0);
    for (size_t i = 0; i < self->pending_count; i++) {
        struct pending *pending = &self->pending[i];
        if (pending->done || !pending->sent)
            continue;
        if (self->turned == 1)
            pending->attempts--;
        if (pending->attempts >= self->attempts && !connection_is_wary (self))
            finish_call (pending, CONSENT_TIMEOUT, NULL);
        pending->sent = false;
        pending->due = resume;
    }
}

static void do_what_is_due (consent_t *self)
{
    if (self->absent == CONSENT_ABSENT_ALWAYS && self->calls.lost)
        leave (self);
    int64_t now = attempt_now ();
    for (size_t i = 0; i < self->pending_count; i++)
        if (!self->pending[i].done && self->pending[i].sent && self->pending[i].due <= now) {
            start_over (self, now);
            break;
        }
    for (size_t i = 0; i < self->pending_count; i++) {
        struct pending *pending = &self->pending[i];
        if (pending->done || pending->sent || pending->due > now)
            continue;
        if (pending->unheard && now - pending->unheard >= KEYS_ARE_KNOWN)
            finish_call (pending, CONSENT_TIMEOUT, NULL);
        else
            transmit (self, pending);
    }
}

/* The index of a request of this sort that is done. -1: one has no answer yet. -2: there is none at all. */
static int find_done (const consent_t *self, bool ticketed)
{
    int found = -2;
    for (size_t i = 0; i < self->pending_count; i++) {
        const struct pending *pending = &self->pending[i];
        if ((pending->ticket != 0) != ticketed)
            continue;
        if (pending->done)
            return (int)i;
        found = -1;
    }
    return found;
}

/* When the next thing is due, of the requests without an answer; and since when the oldest of them waits. */
static int64_t next_due (const consent_t *self, int64_t *since)
{
    int64_t next = INT64_MAX;
    *since = INT64_MAX;
    for (size_t i = 0; i < self->pending_count; i++) {
        const struct pending *pending = &self->pending[i];
        if (!pending->done && pending->due < next)
            next = pending->due;
        if (!pending->done && pending->begun < *since)
            *since = pending->begun;
    }
    int64_t told = *since + TELL_WAITING;
    return self->tell_waiting && !self->told_waiting && told < next ? told : next;
}

/* Waits for one thing to happen, and handles it. Replies that have come are read before time-outs are judged: if
   our caller was away for long, the registry is not to blame. */
static void step (consent_t *self)
{
    int64_t since, next = next_due (self, &since);
    int result = link_wait (&self->calls, next - attempt_now ());
    self->has_met |= self->calls.met;
    if (result == LINK_MESSAGE)
        result = receive_all (self);
    if (result == LINK_REFUSED)
        fail_all (self, CONSENT_KEY_REFUSED);
    else if (connection_turns (self, &self->calls))
        turn (self);
    else if (connection_is_wary (self) && self->calls.strange >= STRANGE)
        fail_all (self, CONSENT_STRANGER);
    else if (result < 0)
        fail_all (self, result);
    else
        do_what_is_due (self);
    if (find_done (self, false) == -1 || find_done (self, true) == -1)
        tell_waiting (self, since, "", self->has_met);
}

/* Keeps the words for a request that ended without a reply. */
static void explain (consent_t *self, int status)
{
    if (status == CONSENT_TIMEOUT && self->absent_why[0])
        connection_fail (self, status, "the registry at %s went away before it answered: %s",
                         consent_endpoint (self), self->absent_why);
    else if (status == CONSENT_TIMEOUT)
        connection_fail (self, status, "no answer from the registry at %s in %d attempts of %d ms",
                         consent_endpoint (self), self->attempts, self->timeout);
    else if (status == CONSENT_KEY_REFUSED)
        connection_fail (self, status, "the registry at %s does not admit the key of %s there",
                         consent_endpoint (self), self->key.party);
    else if (status == CONSENT_ABSENT || status == CONSENT_STRANGER)
        connection_fail_to_meet (self, status, consent_endpoint (self));
    else if (status == CONSENT_BAD_REPLY)
        connection_fail (self, status, "the registry gave an answer that cannot be used");
    else
        connection_fail (self, status, "%s", problem_words (status));
}

bool call_wait (consent_t *self, bool ticketed, struct pending *done)
{
    int found;
    while ((found = find_done (self, ticketed)) == -1)
        step (self);
    if (found < 0)
        return false;
    *done = self->pending[found];
    self->pending[found] = self->pending[--self->pending_count];
    if (done->status)
        explain (self, done->status);
    return true;
}

bool call_has_something (consent_t *self)
{
    return find_done (self, true) != -1 || link_has_something (&self->calls);
}

void call_end (struct pending *self)
{
    if (self->reply)
        consentd__reply__free_unpacked (self->reply, NULL);
    explicit_bzero (self->bytes, self->size);
    free (self->bytes);
    memset (self, 0, sizeof *self);
}

void call_abandon (consent_t *self)
{
    while (self->pending_count)
        call_end (&self->pending[--self->pending_count]);
}

/* Gives the caller what came of the request, and ends it. */
static int hand_over (struct pending *done, Consentd__Reply **reply_p)
{
    int result = done->status;
    *reply_p = done->reply;
    done->reply = NULL;
    call_end (done);
    return result;
}

int consent_call (consent_t *self, const Consentd__Request *request, Consentd__Reply **reply_p)
{
    *reply_p = NULL;
    int result = call_start (self, request, 0);
    struct pending done;
    return result || !call_wait (self, false, &done) ? result : hand_over (&done, reply_p);
}

int consent_call_send (consent_t *self, const Consentd__Request *request, uint64_t *ticket)
{
    int result = call_start (self, request, self->last_ticket + 1);
    if (!result)
        *ticket = ++self->last_ticket;
    return result;
}

int consent_call_next (consent_t *self, uint64_t *ticket, Consentd__Reply **reply_p)
{
    struct pending done;
    *reply_p = NULL;
    *ticket = 0;
    if (!call_wait (self, true, &done))
        return CONSENT_NO_EVENT;
    *ticket = done.ticket;
    return hand_over (&done, reply_p);
}

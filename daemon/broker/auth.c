#include "auth.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>
#include "frame.h"
#include "limits/admission.h"
#include "audit/counted.h"
#include "permission.h"
#include "say.h"

enum {
    FRAMES = 9, /* route, delimiter, version, request id, domain, address, identity, mechanism, key */
    MINUTE_MS = 60000,
};

struct auth {
    void *socket;
    moment minute; /* the minute in which a stranger's key was last named */
};

struct sign_in {
    zmq_msg_t frames[FRAMES];
    char key[41];   /* Z85 */
    char party[33]; /* "": not known */
    enum channel channel;
    uint64_t number;    /* of the sign-in, if it is let in */
    const char *status; /* the status of ZAP */
    const char *reason;
};

int auth_new (struct auth **self_p, void *context)
{
    struct auth *self = calloc (1, sizeof *self);
    if (self == NULL)
        abort ();
    *self_p = self;
    self->socket = zmq_socket (context, ZMQ_ROUTER);
    int zero = 0;
    if (self->socket == NULL || zmq_setsockopt (self->socket, ZMQ_LINGER, &zero, sizeof zero) != 0 ||
        zmq_bind (self->socket, "inproc://zeromq.zap.01") != 0)
        return -errno;
    return 0;
}

void auth_destroy (struct auth **self_p)
{
    struct auth *self = *self_p;
    if (self == NULL)
        return;
    if (self->socket != NULL)
        zmq_close (self->socket);
    free (self);
    *self_p = NULL;
}

void *auth_socket (struct auth *self)
{
    return self->socket;
}

static bool frame_is (zmq_msg_t *frame, const char *text)
{
    return zmq_msg_size (frame) == strlen (text) && memcmp (zmq_msg_data (frame), text, strlen (text)) == 0;
}

static unsigned channel_of (zmq_msg_t *domain)
{
    for (unsigned channel = CHANNEL_REQUESTS; channel <= CHANNEL_OPERATORS; channel++)
        if (frame_is (domain, audit_origin_name ((enum audit_origin)channel)))
            return channel;
    return 0;
}

const struct party_entry *auth_party (const struct parties *parties, const char *key, enum channel channel,
                                      moment now)
{
    const struct party_entry *entry = parties_by_key (parties, key, now);
    if (entry == NULL || entry->permissions == 0)
        return NULL;
    return channel != CHANNEL_OPERATORS || (entry->permissions & PERMISSION_ADMIN) != 0 ? entry : NULL;
}

static void judge (struct sign_in *sign_in, unsigned frames, const struct auth_basis *basis)
{
    zmq_msg_t *frame = sign_in->frames;
    sign_in->status = "400";
    sign_in->reason = "refused";
    if (frames != FRAMES || !frame_is (&frame[2], "1.0") || !frame_is (&frame[7], "CURVE") ||
        zmq_msg_size (&frame[8]) != 32)
        return;
    unsigned channel = channel_of (&frame[4]);
    zmq_z85_encode (sign_in->key, zmq_msg_data (&frame[8]), 32);
    sign_in->channel = (enum channel)channel;
    const struct party_entry *entry = parties_by_key (basis->parties, sign_in->key, basis->now);
    if (entry != NULL)
        snprintf (sign_in->party, sizeof sign_in->party, "%s", entry->text.id);
    if (channel == 0 || auth_party (basis->parties, sign_in->key, sign_in->channel, basis->now) == NULL)
        return;
    sign_in->status = "200";
    sign_in->reason = "OK";
}

/* How many connections the party may have. */
static size_t most_of (const struct sign_in *sign_in, const struct auth_basis *basis)
{
    return admission_limits (basis->config, parties_find (basis->parties, sign_in->party)).connections;
}

/* Lets the connection in. It counts as one that says nothing until it says something. */
static void let_in (struct sign_in *sign_in, const struct auth_basis *basis)
{
    if (connections_silent (basis->connections, sign_in->key) < most_of (sign_in, basis)) {
        sign_in->number = connections_sign_in (basis->connections, sign_in->channel, sign_in->key, basis->steady);
        return;
    }
    sign_in->status = "300";
    sign_in->reason = "too many connections that say nothing: try again later";
}

/* Names a key that is no party's, for whoever is looking for a fault now. Of many in one minute only the first is
   named. */
static void name_stranger (struct auth *self, const struct sign_in *sign_in, moment steady)
{
    if (sign_in->status[0] != '4' || sign_in->party[0] != 0 || steady / MINUTE_MS == self->minute)
        return;
    self->minute = steady / MINUTE_MS;
    say (SAY_WARNING, "key-refused", "refused a key that is no party's: %s", sign_in->key);
}

struct sign_in *auth_receive (struct auth *self, const struct auth_basis *basis)
{
    struct sign_in *made = calloc (1, sizeof *made);
    if (made == NULL)
        abort ();
    for (unsigned i = 0; i < FRAMES; i++)
        zmq_msg_init (&made->frames[i]);
    unsigned count = 0;
    int more = 1;
    while (more) {
        zmq_msg_t spare;
        zmq_msg_init (&spare);
        zmq_msg_t *frame = count < FRAMES ? &made->frames[count] : &spare;
        if (zmq_msg_recv (frame, self->socket, ZMQ_DONTWAIT) < 0) {
            for (unsigned i = 0; i < FRAMES; i++)
                zmq_msg_close (&made->frames[i]);
            free (made);
            return NULL;
        }
        count++;
        more = zmq_msg_more (frame);
        zmq_msg_close (&spare);
    }
    judge (made, count, basis);
    if (made->status[0] == '2')
        let_in (made, basis);
    name_stranger (self, made, basis->steady);
    return made;
}

int auth_log (struct turn *turn, const struct sign_in *sign_in)
{
    bool accepted = sign_in->status[0] == '2';
    struct evidence evidence = {.note = sign_in->key};
    struct audit_head head = {
        .time = turn->now,
        .party = sign_in->party,
        .action = "sign-in",
        .result = accepted                    ? "accepted"
                  : sign_in->status[0] == '3' ? "postponed"
                                              : "refused",
        .origin = (enum audit_origin)sign_in->channel,
    };
    const struct party_entry *entry = parties_find (turn->parties, sign_in->party);
    if (accepted && entry != NULL && permission_is_health_alone (entry->permissions))
        return 0;
    /* A1: refusals are counted. So are the sign-ins of a party that comes and goes so often that it would fill the
       log. It is still let in: it may have something to withdraw. */
    if (!accepted || admission_log_is_spent (turn, sign_in->party, sign_in->channel))
        return counted_add (turn, &head);
    return counted_log (turn, &head, NULL, &evidence);
}

int auth_log_refused (struct turn *turn, const char *party, enum channel channel, const char *result)
{
    struct audit_head head = {.time = turn->now,
                              .party = party,
                              .action = "request",
                              .result = result,
                              .origin = (enum audit_origin)channel};
    return counted_add (turn, &head);
}

static void send_text (void *socket, const char *text, bool more)
{
    frame_send (socket, text, strlen (text), more);
}

/* Sends a property that comes back with every message of the connection: name and value, each after its length. */
static void send_number (void *socket, uint64_t number)
{
    static const char name[] = "Sign-In";
    char value[24];
    uint8_t frame[64] = {sizeof name - 1};
    uint8_t size = (uint8_t)snprintf (value, sizeof value, "%llu", (unsigned long long)number);
    size_t at = 1;
    memcpy (frame + at, name, sizeof name - 1);
    at += sizeof name - 1 + 4;
    frame[at - 1] = size;
    memcpy (frame + at, value, size);
    frame_send (socket, frame, at + size, false);
}

void auth_answer (struct auth *self, struct sign_in **sign_in_p, bool logged)
{
    struct sign_in *sign_in = *sign_in_p;
    const char *status = logged ? sign_in->status : "300";
    zmq_msg_send (&sign_in->frames[0], self->socket, ZMQ_DONTWAIT | ZMQ_SNDMORE);
    zmq_msg_send (&sign_in->frames[1], self->socket, ZMQ_DONTWAIT | ZMQ_SNDMORE);
    send_text (self->socket, "1.0", true);
    zmq_msg_send (&sign_in->frames[3], self->socket, ZMQ_DONTWAIT | ZMQ_SNDMORE);
    send_text (self->socket, status, true);
    send_text (self->socket, logged ? sign_in->reason : "unavailable", true);
    send_text (self->socket, status[0] == '2' ? sign_in->key : "", true);
    if (status[0] == '2')
        send_number (self->socket, sign_in->number);
    else
        send_text (self->socket, "", false);
    for (unsigned i = 0; i < FRAMES; i++)
        zmq_msg_close (&sign_in->frames[i]);
    free (sign_in);
    *sign_in_p = NULL;
}

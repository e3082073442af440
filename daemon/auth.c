#include "auth.h"
#include <czmq.h>
#include <sys/stat.h>
#include "audit/log.h"
#include "permission.h"

enum {
    FRAMES = 9,           /* route, delimiter, version, request id, domain, address, identity, mechanism, key */
    REFUSALS_LISTED = 32, /* a minute: strangers must not fill the store with lines */
    MINUTE_MS = 60000,
    REFILL_MS = 100, /* one more handshake is admitted every so often */
    BUCKETS = 256,
};

/* Handshakes that one key may still make in a row. */
struct bucket {
    char key[41];
    unsigned left;
    moment filled_at;
};

struct auth {
    void *socket;
    unsigned handshake_limit;
    struct bucket buckets[BUCKETS];
    moment minute; /* that `listed` is of */
    unsigned listed, unlisted;
};

struct sign_in {
    zmq_msg_t frames[FRAMES];
    char key[41];   /* Z85 */
    char party[33]; /* "": not known */
    enum channel channel;
    const char *status; /* of ZAP */
    const char *reason;
};

int auth_read_server_key (const char *path, char secret_key[41], struct settings_error *error)
{
    struct stat info;
    const char *wrong = NULL;
    if (stat (path, &info) != 0)
        wrong = "cannot be read";
    else if ((info.st_mode & 077) != 0)
        wrong = "is open to group or others: make it mode 0600";
    zcert_t *cert = wrong == NULL ? zcert_load (path) : NULL;
    if (wrong == NULL && (cert == NULL || zcert_secret_txt (cert)[0] == 0 ||
                          strcmp (zcert_secret_txt (cert), "0000000000000000000000000000000000000000") == 0))
        wrong = "is no certificate with a secret key";
    if (wrong == NULL) {
        memcpy (secret_key, zcert_secret_txt (cert), 41);
    } else
        snprintf (error->text, sizeof error->text, "%s: %s", path, wrong);
    zcert_destroy (&cert);
    return wrong == NULL ? 0 : SETTINGS_INVALID;
}

int auth_new (struct auth **self_p, void *context, unsigned handshake_limit)
{
    struct auth *self = calloc (1, sizeof *self);
    if (self == NULL)
        abort ();
    *self_p = self;
    self->handshake_limit = handshake_limit;
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

/* One handshake more for this key: false if it makes too many (connections of one party, facts on routing ids). */
static bool take_handshake (struct auth *self, const char *key, moment now)
{
    struct bucket *bucket = &self->buckets[0];
    for (size_t i = 0; i < BUCKETS; i++) {
        if (strcmp (self->buckets[i].key, key) == 0) {
            bucket = &self->buckets[i];
            break;
        }
        if (self->buckets[i].filled_at < bucket->filled_at)
            bucket = &self->buckets[i];
    }
    if (strcmp (bucket->key, key) != 0) {
        snprintf (bucket->key, sizeof bucket->key, "%s", key);
        bucket->left = self->handshake_limit;
        bucket->filled_at = now;
    }
    moment more = (now - bucket->filled_at) / REFILL_MS;
    if (more > 0) {
        uint64_t left = bucket->left + (uint64_t)more;
        bucket->left = left > self->handshake_limit ? self->handshake_limit : (unsigned)left;
        bucket->filled_at = now;
    }
    if (bucket->left == 0)
        return false;
    bucket->left--;
    return true;
}

static void judge (struct auth *self, struct sign_in *sign_in, unsigned frames, const struct parties *parties,
                   moment now)
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
    const struct party_entry *entry = parties_by_key (parties, sign_in->key);
    if (entry != NULL)
        snprintf (sign_in->party, sizeof sign_in->party, "%s", entry->text.id);
    if (channel == 0 || entry == NULL || entry->permissions == 0)
        return;
    if (channel == CHANNEL_OPERATORS && (entry->permissions & PERMISSION_ADMIN) == 0)
        return;
    if (!take_handshake (self, sign_in->key, now)) {
        sign_in->status = "300";
        sign_in->reason = "too many connections: try again later";
        return;
    }
    sign_in->status = "200";
    sign_in->reason = "OK";
}

struct sign_in *auth_receive (struct auth *self, const struct parties *parties, moment now)
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
    judge (self, made, count, parties, now);
    return made;
}

/* One more refusal, of many the first in a minute: false where it is only counted. The note says whose key it is,
   and how many were counted before. */
static bool list_refusal (struct auth *self, struct turn *turn, const char *key, const char **note)
{
    if (turn->now / MINUTE_MS != self->minute) {
        self->minute = turn->now / MINUTE_MS;
        self->listed = 0;
    }
    if (self->listed >= REFUSALS_LISTED || turn->store_full) {
        self->unlisted++;
        return false;
    }
    self->listed++;
    *note = self->unlisted == 0 ? key : arena_printf (turn->arena, "%s, and %u more before", key, self->unlisted);
    self->unlisted = 0;
    return true;
}

int auth_log (struct auth *self, struct turn *turn, const struct sign_in *sign_in)
{
    bool accepted = sign_in->status[0] == '2';
    struct evidence evidence = {.note = sign_in->key};
    /* Who may come in must be able to, to withdraw: even where only the reserve is left. Who may not, must not be
       able to fill that. */
    store_use_reserve (turn->txn, accepted);
    if (!accepted && !list_refusal (self, turn, sign_in->key, &evidence.note))
        return 0;
    struct audit_head head = {
        .time = turn->now,
        .party = sign_in->party,
        .action = "sign-in",
        .result = accepted                    ? "accepted"
                  : sign_in->status[0] == '3' ? "postponed"
                                              : "refused",
        .origin = (enum audit_origin)sign_in->channel,
    };
    return audit_append (turn, &head, NULL, &evidence);
}

int auth_log_stranger (struct auth *self, struct turn *turn, const char *key, enum channel channel)
{
    struct evidence evidence = {.note = key};
    if (!list_refusal (self, turn, key, &evidence.note))
        return 0;
    struct audit_head head = {.time = turn->now,
                              .party = "",
                              .action = "request",
                              .result = "refused",
                              .origin = (enum audit_origin)channel};
    return audit_append (turn, &head, NULL, &evidence);
}

static void send_text (void *socket, const char *text, bool more)
{
    zmq_send (socket, text, strlen (text), ZMQ_DONTWAIT | (more ? ZMQ_SNDMORE : 0));
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
    send_text (self->socket, "", false);
    for (unsigned i = 0; i < FRAMES; i++)
        zmq_msg_close (&sign_in->frames[i]);
    free (sign_in);
    *sign_in_p = NULL;
}

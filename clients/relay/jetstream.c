#include "jetstream.h"

#include <nats/nats.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct jetstream {
    const struct jetstream_to *to;
    natsConnection *connection;
    jsCtx *context;
    char why[256];
};

/* --- The connection ----------------------------------------------------------------------------------- */

/* The addresses of the servers, with a comma between them. */
static natsStatus set_servers (natsOptions *options, const char *urls)
{
    enum { SERVERS = 16 };
    const char *servers[SERVERS];
    int count = 0;
    char *text = strdup (urls), *rest = text;
    if (text == NULL)
        abort ();
    for (char *url; (url = strsep (&rest, ",")) != NULL && count < SERVERS; count++)
        servers[count] = url;
    natsStatus status = rest == NULL ? natsOptions_SetServers (options, servers, count) : NATS_INVALID_ARG;
    free (text);
    return status;
}

/* Reconnecting is the caller's: nothing may be sent that was asked of an earlier connection. */
static natsStatus set_connection (natsOptions *options, const char *urls)
{
    natsStatus status = natsOptions_SetName (options, "consent-relay");
    if (status == NATS_OK)
        status = natsOptions_SetAllowReconnect (options, false);
    if (status == NATS_OK)
        status = natsOptions_SetTimeout (options, JETSTREAM_PATIENCE);
    return status == NATS_OK ? set_servers (options, urls) : status;
}

static natsStatus set_identity (natsOptions *options, const struct jetstream_to *to)
{
    natsStatus status = NATS_OK;
    if (to->credentials != NULL)
        status = natsOptions_SetUserCredentialsFromFiles (options, to->credentials, NULL);
    if (status == NATS_OK && to->user != NULL)
        status = natsOptions_SetUserInfo (options, to->user, to->password);
    if (status == NATS_OK && (to->ca != NULL || to->certificate != NULL || strncmp (to->url, "tls:", 4) == 0))
        status = natsOptions_SetSecure (options, true);
    if (status == NATS_OK && to->ca != NULL)
        status = natsOptions_LoadCATrustedCertificates (options, to->ca);
    if (status == NATS_OK && to->certificate != NULL)
        status = natsOptions_LoadCertificatesChain (options, to->certificate, to->certificate_key);
    return status;
}

/* The options, or NULL with a sentence. */
static natsOptions *make_options (const struct jetstream_to *to, char *error, size_t size)
{
    natsOptions *options = NULL;
    natsStatus status = natsOptions_Create (&options);
    const char *what = "the address";
    if (status == NATS_OK)
        status = set_connection (options, to->url);
    if (status == NATS_OK) {
        what = "the credentials or certificates";
        status = set_identity (options, to);
    }
    if (status == NATS_OK)
        return options;
    snprintf (error, size, "%s for NATS cannot be used: %s", what, natsStatus_GetText (status));
    natsOptions_Destroy (options);
    return NULL;
}

struct jetstream *jetstream_connect (const struct jetstream_to *to, bool *is_wrong, char *error, size_t size)
{
    natsOptions *options = make_options (to, error, size);
    *is_wrong = options == NULL;
    if (options == NULL)
        return NULL;
    struct jetstream *self = calloc (1, sizeof *self);
    if (self == NULL)
        abort ();
    self->to = to;
    natsStatus status = natsConnection_Connect (&self->connection, options);
    natsOptions_Destroy (options);
    jsOptions patience;
    jsOptions_Init (&patience);
    patience.Wait = JETSTREAM_PATIENCE;
    if (status == NATS_OK)
        status = natsConnection_JetStream (&self->context, self->connection, &patience);
    if (status == NATS_OK)
        return self;
    snprintf (error, size, "%s", natsStatus_GetText (status));
    jetstream_destroy (&self);
    return NULL;
}

void jetstream_destroy (struct jetstream **self_p)
{
    if (*self_p == NULL)
        return;
    jsCtx_Destroy ((*self_p)->context);
    natsConnection_Destroy ((*self_p)->connection);
    free (*self_p);
    *self_p = NULL;
}

void jetstream_end (void)
{
    nats_CloseAndWait (JETSTREAM_PATIENCE);
}

/* --- What the server says ----------------------------------------------------------------------------- */

static int fail (struct jetstream *self, int outcome, natsStatus status)
{
    const char *more = nats_GetLastError (NULL), *end;
    if (more != NULL && *more == '(' && (end = strstr (more, "): ")) != NULL)
        more = end + 3; /* before that is a line of libnats' source */
    snprintf (self->why, sizeof self->why, "%s", more != NULL && *more ? more : natsStatus_GetText (status));
    return outcome;
}

/* Servers that were told to keep the stream too count when they have caught up with it. As long as they have not
   agreed on who leads, all are listed, as if they had. */
static bool is_replicated (const jsStreamInfo *info)
{
    enum { LEAST = 3 };
    const jsClusterInfo *cluster = info->Cluster;
    int64_t replicas = info->Config->Replicas, have = 1;
    if (replicas < LEAST || cluster == NULL || cluster->Leader == NULL || cluster->ReplicasLen != replicas - 1)
        return false;
    for (int i = 0; i < cluster->ReplicasLen; i++)
        have += cluster->Replicas[i]->Current && !cluster->Replicas[i]->Offline;
    return 2 * have > replicas;
}

/* The limit of a subject is kept by dropping, also where the stream refuses what is new, unless that is said too.
 */
static bool drops_oldest (const jsStreamConfig *config)
{
    bool refuses = config->Discard == js_DiscardNew;
    return config->MaxAge > 0 || (!refuses && (config->MaxBytes > 0 || config->MaxMsgs > 0)) ||
           (config->MaxMsgsPerSubject > 0 && !(refuses && config->DiscardNewPerSubject));
}

int jetstream_look (struct jetstream *self, struct jetstream_look *look)
{
    jsStreamInfo *info = NULL;
    jsErrCode code = 0;
    natsStatus status = js_GetStreamInfo (&info, self->context, self->to->stream, NULL, &code);
    if (status != NATS_OK)
        return fail (self, status == NATS_NOT_FOUND ? JETSTREAM_NO_STREAM : JETSTREAM_AWAY, status);
    const jsStreamConfig *config = info->Config;
    *look = (struct jetstream_look){
        .created = info->Created,
        .first = info->State.FirstSeq,
        .last = info->State.LastSeq,
        .replicas = config->Replicas,
        .is_replicated = is_replicated (info),
        .is_limits = config->Retention == js_LimitsPolicy,
        .is_file = config->Storage == js_FileStorage,
        .is_closed = config->Sealed || config->NoAck || config->Mirror != NULL,
        .drops_oldest = drops_oldest (config),
    };
    jsStreamInfo_Destroy (info);
    return 0;
}

/* Takes over the message, if there is one. */
static int take (struct jetstream *self, natsMsg *taken, natsStatus status, struct jetstream_message *message)
{
    if (status != NATS_OK)
        return fail (self, status == NATS_NOT_FOUND ? JETSTREAM_NOTHING : JETSTREAM_AWAY, status);
    const char *id = NULL;
    if (natsMsgHeader_Get (taken, "Nats-Msg-Id", &id) != NATS_OK || id == NULL ||
        strlen (id) >= sizeof message->id)
        id = "";
    message->sequence = natsMsg_GetSequence (taken);
    message->is_ours = strcmp (natsMsg_GetSubject (taken), self->to->subject) == 0;
    snprintf (message->id, sizeof message->id, "%s", id);
    natsMsg_Destroy (taken);
    return 0;
}

int jetstream_last (struct jetstream *self, struct jetstream_message *message)
{
    natsMsg *taken = NULL;
    jsErrCode code = 0;
    natsStatus status = js_GetLastMsg (&taken, self->context, self->to->stream, self->to->subject, NULL, &code);
    return take (self, taken, status, message);
}

int jetstream_read (struct jetstream *self, uint64_t sequence, struct jetstream_message *message)
{
    natsMsg *taken = NULL;
    jsErrCode code = 0;
    natsStatus status = js_GetMsg (&taken, self->context, self->to->stream, sequence, NULL, &code);
    return take (self, taken, status, message);
}

/* --- Publishing --------------------------------------------------------------------------------------- */

static natsMsg *make_message (const struct jetstream *self, const struct jetstream_text *text)
{
    natsMsg *message = NULL;
    if (natsMsg_Create (&message, self->to->subject, NULL, text->text, (int)strlen (text->text)) != NATS_OK ||
        natsMsgHeader_Set (message, "content-type", "application/cloudevents+json; charset=UTF-8") != NATS_OK)
        abort (); /* out of memory */
    return message;
}

/* What became of a message that has no acknowledgement. Where the server said nothing of it, it may come to be
   stored even now. */
static int judge (struct jetstream *self, natsStatus status, jsErrCode code)
{
    if (code == JSStreamWrongLastSequenceErr)
        return fail (self, JETSTREAM_OTHER_LAST, status);
    if (code != 0 || status == NATS_MAX_PAYLOAD)
        return fail (self, JETSTREAM_REFUSED, status);
    return fail (self, JETSTREAM_AWAY, status);
}

int jetstream_publish (struct jetstream *self, const struct jetstream_text *text, uint64_t last,
                       uint64_t *sequence)
{
    jsPubOptions options;
    jsPubOptions_Init (&options);
    options.MaxWait = JETSTREAM_PATIENCE;
    options.MsgId = text->id;
    options.ExpectStream = self->to->stream;
    options.ExpectLastSubjectSeq = last;
    options.ExpectNoMessage = last == 0;
    natsMsg *message = make_message (self, text);
    jsPubAck *taken = NULL;
    jsErrCode code = 0;
    natsStatus status = js_PublishMsg (&taken, self->context, message, &options, &code);
    natsMsg_Destroy (message);
    if (status != NATS_OK)
        return judge (self, status, code);
    *sequence = taken->Sequence;
    jsPubAck_Destroy (taken);
    return 0;
}

const char *jetstream_why (const struct jetstream *self)
{
    return self->why;
}

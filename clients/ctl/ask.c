#include "ask.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>
#include "call.h"
#include "check/code_words.h"
#include "codec/document.h"
#include "failure.h"
#include "lost.h"
#include "moments.h"
#include "table.h"

/* Who said that this is the key. */
static const char *who_named_the_key (const struct ctl *ctl)
{
    return ctl->key_named_by ? ctl->key_named_by
                             : "the default: neither --key nor CONSENT_KEY names another; 'consentctl setup "
                               "--default' makes one";
}

static const char *key_words (const struct ctl *ctl)
{
    return arena_printf (ctl->arena, "key %s (%s)", ctl->key_file, who_named_the_key (ctl));
}

/* A registry that is there and says nothing is news on any standard error; that its answer takes long only to a
   person who looks on. */
static void tell_waiting (void *context, const char *endpoint, const char *why, bool met)
{
    (void)context;
    if (*why)
        ctl_fail (0, "waiting for the registry at %s: %s", endpoint, why);
    else if (!met)
        ctl_fail (0, "waiting for the registry at %s: it takes the connection, and does not answer", endpoint);
    else if (isatty (STDERR_FILENO))
        ctl_fail (0, "waiting for the answer of the registry at %s", endpoint);
}

int ask_open (struct ctl *ctl)
{
    if (ctl->registry)
        return 0;
    char error[512];
    ctl->registry = consent_open (ctl->key_file, error, sizeof error);
    if (!ctl->registry)
        return ctl_fail (EX_CONFIG, "%s (%s)", error, who_named_the_key (ctl));
    consent_set_absent (ctl->registry, ctl->wait > 0 ? ctl->wait : CONSENT_ABSENT_FAIL);
    consent_tell_waiting (ctl->registry, tell_waiting, ctl);
    if (ctl->timeout > 0)
        consent_set_timeout (ctl->registry, ctl->timeout);
    return 0;
}

int ask_fail (struct ctl *ctl, int outcome)
{
    const char *said = consent_last_error (ctl->registry);
    switch (outcome) {
    case CONSENT_ABSENT:
        return ctl_fail (EX_UNAVAILABLE, "%s; %s; is consentd running there? --wait SECONDS waits for it", said,
                         key_words (ctl));
    case CONSENT_STRANGER:
        return ctl_fail (EX_CONFIG, "%s; %s", said, key_words (ctl));
    case CONSENT_KEY_REFUSED:
        return ctl_fail (EX_NOPERM, "%s; %s", said, key_words (ctl));
    case CONSENT_TIMEOUT:
        return ctl_fail (EX_UNAVAILABLE, "%s; %s", said, key_words (ctl));
    case CONSENT_INVALID: /* it was not sent */
        return ctl_fail (EX_DATAERR, "%s", said);
    default:
        return ctl_fail (outcome < 0 ? EX_IOERR : EX_SOFTWARE, "%s", said);
    }
}

bool ask_is_uncertain (int outcome)
{
    return outcome == CONSENT_TIMEOUT || outcome == CONSENT_BAD_REPLY || outcome < 0;
}

/* There is no reply, or none that can be read. */
static int fail_call (struct ctl *ctl, const Consentd__Request *request, int outcome)
{
    int code = ask_fail (ctl, outcome);
    if (ask_is_uncertain (outcome) && lost_is_recording (request))
        lost_explain (ctl, request, false);
    return code;
}

static int exit_code (Consentd__Status status)
{
    switch (status) {
    case CONSENTD__STATUS__REJECTED:
    case CONSENTD__STATUS__INVALID:
    case CONSENTD__STATUS__CONFLICT:
        return EX_DATAERR;
    case CONSENTD__STATUS__NOT_FOUND:
        return EX_NOINPUT;
    case CONSENTD__STATUS__FORBIDDEN:
        return EX_NOPERM;
    case CONSENTD__STATUS__RETRY:
        return EX_TEMPFAIL;
    case CONSENTD__STATUS__UNAVAILABLE:
        return EX_UNAVAILABLE;
    default:
        return EX_SOFTWARE;
    }
}

/* Prints each code that failed, in the order of the rules, with its meaning. */
static void print_refusals (struct ctl *ctl, const Consentd__Reply *reply)
{
    struct table table = table_start (ctl->arena, NULL, 3);
    for (size_t i = 0; i < reply->n_refusals; i++) {
        const Consentd__Refusal *one = reply->refusals[i];
        const char *words = code_words_in_both (ctl->arena, code_words_of (one->code));
        for (size_t j = 0; j < one->n_details; j++)
            words = arena_printf (ctl->arena, "%s%s %s", words, j > 0 ? ";" : ":", one->details[j]);
        table_add (&table,
                   (const char *[]){consent_name (&consentd__code__descriptor, one->code), one->rule, words});
    }
    table_print (&table, stderr);
}

static int fail_status (struct ctl *ctl, const Consentd__Request *request, const Consentd__Reply *reply)
{
    failure_refused (reply);
    const char *status = consent_name (&consentd__status__descriptor, (int)reply->status);
    const char *message = *reply->message ? reply->message : status_words (reply->status);
    if (*reply->field)
        ctl_fail (0, "%s: %s: %s", status, reply->field, message);
    else
        ctl_fail (0, "%s: %s", status, message);
    print_refusals (ctl, reply);
    if (reply->status == CONSENTD__STATUS__CONFLICT && ctl->key_given)
        lost_explain_conflict (request);
    bool later = reply->status == CONSENTD__STATUS__UNAVAILABLE || reply->status == CONSENTD__STATUS__RETRY;
    if (later && lost_is_recording (request))
        lost_explain (ctl, request, true);
    return exit_code (reply->status);
}

/* A1: names who reads. A request that records has its user in its body. */
static void name_user (struct ctl *ctl, Consentd__Request *request)
{
    const ProtobufCFieldDescriptor *body =
        protobuf_c_message_descriptor_get_field (request->base.descriptor, (unsigned)request->body_case);
    if (request->body_case != CONSENTD__REQUEST__BODY_BATCH &&
        !protobuf_c_message_descriptor_get_field_by_name (body->descriptor, "user"))
        request->user = arena_strdup (ctl->arena, ctl->user);
}

/* G11: gives the request its key. A command records at most one thing. */
static void name_key (struct ctl *ctl, Consentd__Request *request)
{
    if (!lost_is_recording (request))
        return;
    request->idempotency_key = (ProtobufCBinaryData){sizeof ctl->key, ctl->key};
    ctl->key_used = true;
}

/* Says that the answer is a recorded one, from the time when it was first given. */
static void tell_again (const Consentd__Reply *reply)
{
    char when[MOMENT_TEXT];
    if (reply->replayed)
        ctl_fail (0, "note: this was answered before, on %s: nothing is done twice",
                  moment_print (reply->time, when));
}

/* `may_be_absent`: NOT_FOUND is an answer too, and leaves *reply_p NULL. */
static int ask_for (struct ctl *ctl, Consentd__Request *request, Consentd__Reply__BodyCase body,
                    bool may_be_absent, Consentd__Reply **reply_p)
{
    *reply_p = NULL;
    int error = ask_open (ctl);
    if (error)
        return error;
    Consentd__Reply *reply;
    name_user (ctl, request);
    name_key (ctl, request);
    int outcome = consent_call (ctl->registry, request, &reply);
    if (outcome != CONSENT_OK)
        return fail_call (ctl, request, outcome);
    bool is_absent = may_be_absent && reply->status == CONSENTD__STATUS__NOT_FOUND;
    if (reply->status != CONSENTD__STATUS__OK && !is_absent)
        error = fail_status (ctl, request, reply);
    else if (reply->body_case != body && !is_absent)
        error = ctl_fail (EX_SOFTWARE, "the registry answered with something else than what was asked");
    if (error || is_absent) {
        consentd__reply__free_unpacked (reply, NULL);
        return error;
    }
    tell_again (reply);
    *reply_p = reply;
    return 0;
}

int ask (struct ctl *ctl, Consentd__Request *request, Consentd__Reply__BodyCase body, Consentd__Reply **reply_p)
{
    return ask_for (ctl, request, body, false, reply_p);
}

int ask_if_there (struct ctl *ctl, Consentd__Request *request, Consentd__Reply__BodyCase body,
                  Consentd__Reply **reply_p)
{
    return ask_for (ctl, request, body, true, reply_p);
}

bool ask_is_operator (struct ctl *ctl, int *error)
{
    Consentd__Whoami body;
    consentd__whoami__init (&body);
    Consentd__Request request = ASK_REQUEST (WHOAMI, whoami, &body);
    Consentd__Reply *reply;
    *error = ask (ctl, &request, CONSENTD__REPLY__BODY_WHOAMI, &reply);
    if (*error)
        return false;
    bool found = false;
    for (size_t i = 0; i < reply->whoami->n_permissions; i++)
        found = found || strcmp (reply->whoami->permissions[i], "admin") == 0;
    consentd__reply__free_unpacked (reply, NULL);
    return found;
}

void ask_print_json (const Consentd__Reply *reply)
{
    document_print (document_of_message (&reply->base));
}

int ask_tell (struct ctl *ctl, Consentd__Reply *reply,
              void (*print) (struct ctl *ctl, const Consentd__Reply *reply))
{
    if (ctl->json)
        ask_print_json (reply);
    else
        print (ctl, reply);
    consentd__reply__free_unpacked (reply, NULL);
    return 0;
}

int ask_and_tell (struct ctl *ctl, Consentd__Request *request, Consentd__Reply__BodyCase body,
                  void (*print) (struct ctl *ctl, const Consentd__Reply *reply))
{
    Consentd__Reply *reply;
    int error = ask (ctl, request, body, &reply);
    return error ? error : ask_tell (ctl, reply, print);
}

int ask_status (struct ctl *ctl, Consentd__Reply **reply_p)
{
    Consentd__StatusRequest body;
    consentd__status_request__init (&body);
    Consentd__Request request = ASK_REQUEST (STATUS, status, &body);
    return ask (ctl, &request, CONSENTD__REPLY__BODY_STATUS_REPORT, reply_p);
}

const char *ask_hex (struct ctl *ctl, const ProtobufCBinaryData *id)
{
    char *text = arena_alloc (ctl->arena, 2 * id->len + 1);
    consent_hex (id->data, id->len, text);
    return text;
}

/* The registry names the one that begins so, or says that there are more. */
static int find_id (struct ctl *ctl, const char *text, ProtobufCBinaryData *id)
{
    Consentd__ConsentShowRequest body;
    consentd__consent_show_request__init (&body);
    Consentd__Request request = ASK_REQUEST (CONSENT_SHOW, consent_show, &body);
    Consentd__Reply *reply;
    body.begins = arena_strdup (ctl->arena, text);
    int error = ask (ctl, &request, CONSENTD__REPLY__BODY_CONSENT_SHOW, &reply);
    if (error)
        return error;
    const Consentd__Consent *found = reply->consent_show->consent;
    if (found && found->consent_id.len == id->len)
        memcpy (id->data, found->consent_id.data, id->len);
    else
        error = ctl_fail (EX_SOFTWARE, "the registry answered with something else than what was asked");
    consentd__reply__free_unpacked (reply, NULL);
    return error;
}

int ask_id (struct ctl *ctl, const char *text, ProtobufCBinaryData *id)
{
    enum { SHORTEST = 8, LONGEST = 31 };
    size_t size = strspn (text, "0123456789abcdef");
    id->len = 16;
    id->data = arena_alloc (ctl->arena, id->len);
    if (consent_unhex (text, id->data))
        return 0;
    if (!text[size] && size >= SHORTEST && size <= LONGEST)
        return find_id (ctl, text, id);
    return ctl_fail (EX_USAGE,
                     "an ID is 32 hexadecimal digits, or at least the first 8 of them: those of a consent, a "
                     "refusal or a request");
}

#include "party_place.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include "ask.h"
#include "key_file.h"
#include "rules/calendar.h"
#include "text/escape.h"

static bool is_everywhere (const char *endpoint)
{
    static const char *const hosts[] = {"tcp://*:", "tcp://0.0.0.0:", "tcp://[::]:", "tcp://:::"};
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
        if (strncmp (endpoint, hosts[i], strlen (hosts[i])) == 0)
            return true;
    return false;
}

/* Of several endpoints the first one that others can reach; if none, the first. */
static const char *pick (struct ctl *ctl, const char *endpoints)
{
    const char *first = NULL;
    for (const char *at = endpoints + strspn (endpoints, " "); *at; at += strspn (at, " ")) {
        size_t size = strcspn (at, " ");
        const char *one = arena_strndup (ctl->arena, at, size);
        if (strncmp (one, "tcp://", 6) == 0 && !is_everywhere (one))
            return one;
        if (!first || is_everywhere (one))
            first = one;
        at += size;
    }
    return first ? first : "";
}

static int choose (struct ctl *ctl, const struct options *options, const char *option, const char *configured,
                   const char **chosen)
{
    *chosen = options_text (options, option);
    if (!*chosen)
        *chosen = pick (ctl, configured);
    if (is_everywhere (*chosen))
        return ctl_fail (EX_USAGE,
                         "the registry listens at %s, which is no address: say with --%s where it is reached",
                         *chosen, option);
    return 0;
}

/* Where the registry can be reached now, by its configuration or by --requests and --events; and the day by the
   registry's time. The arena's. */
struct party_place {
    struct secret_place place;
    char day[11];
};

/* By which keys the registry's log is believed: those that sign now. NULL: it has none, so no log that others can
   verify. The registry has answered on this connection before. */
static int ask_log_keys (struct ctl *ctl, const char **keys)
{
    Consentd__LogCheckpointRequest body;
    consentd__log_checkpoint_request__init (&body);
    Consentd__Request request = ASK_REQUEST (LOG_CHECKPOINT, log_checkpoint, &body);
    Consentd__Reply *reply;
    *keys = NULL;
    request.user = arena_strdup (ctl->arena, ctl->user);
    int outcome = consent_call (ctl->registry, &request, &reply);
    if (outcome != CONSENT_OK)
        return ask_fail (ctl, outcome);
    bool is_told =
        reply->status == CONSENTD__STATUS__OK && reply->body_case == CONSENTD__REPLY__BODY_LOG_CHECKPOINT;
    const Consentd__LogCheckpointReply *told = reply->log_checkpoint;
    for (size_t i = 0; is_told && i < told->n_keys; i++)
        *keys = arena_printf (ctl->arena, "%s%s%s", i ? *keys : "", i ? " " : "", told->keys[i]);
    consentd__reply__free_unpacked (reply, NULL);
    return 0;
}

/* Finds the place. 0, or an exit code with its line printed; also if the registry listens everywhere, since that
   is no address. */
static int ask_place (struct ctl *ctl, const struct options *options, bool is_operator, struct party_place *found)
{
    Consentd__StatusRequest body;
    consentd__status_request__init (&body);
    Consentd__Request request = ASK_REQUEST (STATUS, status, &body);
    Consentd__Reply *reply;
    struct key_file own;
    char wrong[512];
    if (key_file_read (&own, ctl->key_file, wrong, sizeof wrong) != 0)
        return ctl_fail (EX_CONFIG, "%s", wrong);
    found->place = (struct secret_place){.server_key = arena_strdup (ctl->arena, own.server_key)};
    explicit_bzero (&own, sizeof own);
    int error = ask (ctl, &request, CONSENTD__REPLY__BODY_STATUS_REPORT, &reply);
    if (error)
        return error;
    const Consentd__StatusReply *status = reply->status_report;
    error = choose (ctl, options, "requests", status->listen_requests, &found->place.requests);
    if (!error)
        error = choose (ctl, options, "events", status->listen_events, &found->place.events);
    if (is_operator)
        found->place.operators = pick (ctl, status->listen_operators);
    calendar_format (calendar_day (reply->time), found->day);
    consentd__reply__free_unpacked (reply, NULL);
    return error ? error : ask_log_keys (ctl, &found->place.log_key);
}

int party_make_key (struct ctl *ctl, const struct options *options, const struct party_new_key *wanted,
                    struct party_key *key)
{
    struct party_place found;
    int error = ask_place (ctl, options, wanted->is_operator, &found);
    if (error)
        return error;
    zcert_t *pair = zcert_new ();
    if (!pair)
        return ctl_fail (EX_SOFTWARE, "cannot make a key pair");
    *key =
        (struct party_key){wanted->name, arena_strdup (ctl->arena, zcert_public_txt (pair)),
                           *wanted->since ? wanted->since : arena_strdup (ctl->arena, found.day), wanted->until};
    error = secret_file_write (wanted->file, pair, wanted->party, &found.place);
    zcert_destroy (&pair);
    return error;
}

int party_key_refused (int error, const char *party, const char *file)
{
    if (error == EX_UNAVAILABLE || error == EX_IOERR || error == EX_SOFTWARE)
        return ctl_fail (error, "whether %s has the key of %s is not known: see 'consentctl party show %s'", party,
                         file, party);
    if (unlink (file) != 0)
        ctl_fail (EX_IOERR, "%s is of no use, and could not be removed: %s", file, strerror (errno));
    return error;
}

void party_say_key (const char *party, const char *file)
{
    putchar ('\n');
    escape_line (stdout, "The secret key is in %s, for %s alone: hand it over safely and keep no copy.", file,
                 party);
}

/* consentctl health: one line and an exit code, for what watches over machines. */
#include <inttypes.h>
#include <string.h>
#include "ask.h"
#include "call.h"
#include "ctl.h"
#include "table.h"

/* As plugins of Nagios and those after it end. */
enum level { LEVEL_OK, LEVEL_WARNING, LEVEL_CRITICAL, LEVEL_UNKNOWN };

/* The worst that was found, and all that was. */
struct health {
    struct arena *arena;
    enum level level;
    const char *words;
};

static void found (struct health *self, enum level level, const char *words)
{
    if (level > self->level)
        self->level = level;
    self->words = arena_printf (self->arena, "%s%s%s", self->words, *self->words ? "; " : "", words);
}

static void found_many (struct health *self, enum level level, size_t count, const char *words)
{
    if (count > 0)
        found (self, level, arena_printf (self->arena, "%s: %zu", words, count));
}

static void judge_store (struct health *self, const Consentd__StatusReply *status)
{
    if (strcmp (status->store_state, "full") == 0)
        found (self, LEVEL_CRITICAL, "the store is full: enlarge store/size and reload");
    else if (strcmp (status->store_state, "ample") != 0)
        found (self, LEVEL_WARNING,
               arena_printf (self->arena, "the store is more than %s full", status->store_state));
}

/* What does not pass by itself, since the start. */
static void judge_alarms (struct health *self, const Consentd__StatusReply *status)
{
    static const char *const grave[] = {"store-damaged", "log-forked", "archive-damaged"};
    for (size_t i = 0; i < sizeof grave / sizeof *grave; i++)
        for (size_t j = 0; j < status->n_alarms; j++)
            if (strcmp (status->alarms[j]->kind, grave[i]) == 0) {
                found (self, LEVEL_CRITICAL, grave[i]);
                break;
            }
}

static void judge (struct health *self, const Consentd__StatusReply *status)
{
    size_t behind = 0;
    if (status->clock_stopped)
        found (self, LEVEL_CRITICAL, "decisions are stopped: the clock jumped (consentctl clock)");
    judge_store (self, status);
    judge_alarms (self, status);
    found_many (self, LEVEL_CRITICAL, status->n_archive_faults, "files of the archive that cannot be used");
    if (*status->last_reload && strcmp (status->last_reload, "ok") != 0)
        found (self, LEVEL_WARNING, "the last reload changed nothing");
    for (size_t i = 0; i < status->n_copies; i++)
        behind += status->copies[i]->alarm || *status->copies[i]->fault;
    found_many (self, LEVEL_WARNING, behind, "copies of the log that are behind");
    found_many (self, LEVEL_WARNING, status->n_unheard, "consumers that left a withdrawal unheard");
    found_many (self, LEVEL_WARNING, status->n_events_waiting, "consumers with too many events waiting");
    found_many (self, LEVEL_WARNING, status->n_unfit, "parties that are unfit");
}

static int tell (const struct health *self)
{
    static const char *const names[] = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};
    printf ("%s - %s\n", names[self->level], table_clean (self->arena, self->words));
    return (int)self->level;
}

/* A registry that does not answer is not well, whatever else is; what is wrong with the key says nothing of it. */
static void judge_silence (struct health *self, struct ctl *ctl, int outcome)
{
    bool is_key = outcome == CONSENT_KEY_REFUSED || outcome == CONSENT_STRANGER || outcome == CONSENT_INVALID;
    found (self, is_key ? LEVEL_UNKNOWN : LEVEL_CRITICAL, consent_last_error (ctl->registry));
}

static void judge_reply (struct health *self, struct ctl *ctl, const Consentd__Reply *reply)
{
    const Consentd__StatusReply *status = reply->status_report;
    if (ctl->json)
        ask_print_json (reply);
    if (reply->status == CONSENTD__STATUS__UNAVAILABLE || reply->status == CONSENTD__STATUS__RETRY)
        found (self, LEVEL_CRITICAL, *reply->message ? reply->message : "the registry cannot answer now");
    else if (reply->status != CONSENTD__STATUS__OK || reply->body_case != CONSENTD__REPLY__BODY_STATUS_REPORT)
        found (self, LEVEL_UNKNOWN, *reply->message ? reply->message : "the registry does not tell how it is");
    else
        judge (self, status);
    if (self->level == LEVEL_OK)
        found (self, LEVEL_OK,
               arena_printf (self->arena, "%s, %s, %" PRIu64 " subjects, the store is ample", status->server,
                             status->policy, status->subjects));
}

static int run_health (struct ctl *ctl, const struct options *options)
{
    (void)options;
    struct health health = {.arena = ctl->arena, .words = ""};
    Consentd__StatusRequest body;
    consentd__status_request__init (&body);
    Consentd__Request request = ASK_REQUEST (STATUS, status, &body);
    Consentd__Reply *reply = NULL;
    if (ask_open (ctl) != 0)
        return LEVEL_UNKNOWN;
    consent_set_attempts (ctl->registry, 1);
    int outcome = consent_call (ctl->registry, &request, &reply);
    if (outcome != CONSENT_OK)
        judge_silence (&health, ctl, outcome);
    else
        judge_reply (&health, ctl, reply);
    if (reply)
        consentd__reply__free_unpacked (reply, NULL);
    return ctl->json && outcome == CONSENT_OK ? (int)health.level : tell (&health);
}

const struct command health_commands[] = {
    {"health", NULL, "whether all is well, in one line, for monitoring",
     "Ends with 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN (the key). For a key of the role 'monitor', whose "
     "requests\n"
     "have no line in the log, or an operator's.",
     NULL, run_health},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};

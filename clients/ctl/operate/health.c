/* consentctl health: one line and an exit code, for what watches over machines. */
#include <inttypes.h>
#include <string.h>
#include "ask.h"
#include "call.h"
#include "ctl.h"
#include "judged.h"
#include "table.h"

/* All that was found, in one line. */
static int tell (const struct judged *self)
{
    const char *words = "";
    for (size_t i = 0; i < self->count; i++)
        words = arena_printf (self->arena, "%s%s%s", words, i > 0 ? "; " : "", self->item[i].what);
    printf ("%s - %s\n", judged_name (self->level), table_clean (self->arena, words));
    return (int)self->level;
}

/* A registry that does not answer is not well, whatever else is; what is wrong with the key says nothing of it. */
static void judge_silence (struct judged *self, struct ctl *ctl, int outcome)
{
    bool is_key = outcome == CONSENT_KEY_REFUSED || outcome == CONSENT_STRANGER || outcome == CONSENT_INVALID;
    judged_add (self, is_key ? LEVEL_UNKNOWN : LEVEL_CRITICAL, consent_last_error (ctl->registry), NULL);
}

static void judge_reply (struct judged *self, struct ctl *ctl, const Consentd__Reply *reply)
{
    const Consentd__StatusReply *status = reply->status_report;
    if (ctl->json)
        ask_print_json (reply);
    if (reply->status == CONSENTD__STATUS__UNAVAILABLE || reply->status == CONSENTD__STATUS__RETRY)
        judged_add (self, LEVEL_CRITICAL, *reply->message ? reply->message : "the registry cannot answer now",
                    NULL);
    else if (reply->status != CONSENTD__STATUS__OK || reply->body_case != CONSENTD__REPLY__BODY_STATUS_REPORT)
        judged_add (self, LEVEL_UNKNOWN, *reply->message ? reply->message : "the registry does not tell how it is",
                    NULL);
    else
        judged_status (self, status);
    if (self->level == LEVEL_OK)
        judged_add (self, LEVEL_OK,
                    arena_printf (self->arena, "%s, %s, %" PRIu64 " subject%s, the store is ample", status->server,
                                  status->policy, status->subjects, status->subjects == 1 ? "" : "s"),
                    NULL);
}

static int run_health (struct ctl *ctl, const struct options *options)
{
    (void)options;
    struct judged health = {.arena = ctl->arena};
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

/* consentctl request make | list | show | defer: requests for consent. consent grant and consent refuse answer
   them, with --answers. */
#include "bsn.h"
#include "ctl.h"
#include "free_text.h"
#include "recorded.h"
#include "scope.h"
#include "shown.h"
#include "request_list.h"

static const struct option make_options[] = {
    BSN_OPTION, SCOPE_OPTIONS, MOTIVATION_OPTIONS, VALIDITY_OPTIONS, {NULL, NULL, NULL, 0},
};

static const struct option list_options[] = {
    {"subject", NULL, "only those of one subject; its BSN is asked", 0},
    BSN_OPTION,
    {NULL, NULL, NULL, 0},
};

static const struct option defer_options[] = {
    {"reason-file", "FILE", "why the subject has not decided; sealed: the asking party is not told", 0},
    {"reason", "TEXT", "--reason-file FILE", OPTION_PERSONAL},
    {NULL, NULL, NULL, 0},
};

static int run_make (struct ctl *ctl, const struct options *options)
{
    Consentd__Scope scope;
    Consentd__AskRequest body;
    consentd__ask_request__init (&body);
    Consentd__Request request = ASK_REQUEST (ASK, ask, &body);
    scope_read (ctl, options, &scope);
    body.scope = &scope;
    body.one_time = options_has (options, "one-time");
    body.under_secrecy = options_has (options, "under-secrecy");
    body.user = arena_strdup (ctl->arena, ctl->user);
    int error = motivation_read (ctl, options, false, &body.motivation);
    if (!error)
        error = validity_read (options, &body.valid_from, &body.valid_until);
    if (!error)
        error = bsn_ask (ctl, options, &body.bsn);
    return error ? error
                 : ask_recorded (ctl, &request, "Request",
                                 "It permits nothing until the social team records the subject's answer.");
}

static int run_list (struct ctl *ctl, const struct options *options)
{
    char *bsn = arena_strdup (ctl->arena, "");
    int error = 0;
    if (options_has (options, "subject") || options_has (options, "bsn-file"))
        error = bsn_ask (ctl, options, &bsn);
    return error ? error : request_list (ctl, bsn);
}

static int run_defer (struct ctl *ctl, const struct options *options)
{
    Consentd__DeferRequest body;
    consentd__defer_request__init (&body);
    Consentd__Request request = ASK_REQUEST (DEFER, defer, &body);
    body.user = arena_strdup (ctl->arena, ctl->user);
    int error = ask_id (ctl, options->arguments[0], &body.consent_id);
    if (!error)
        error = free_text_read (ctl, options, "reason-file", "Reason: ", &body.reason);
    return error ? error : ask_recorded (ctl, &request, "The delay of request", NULL);
}

const struct command request_commands[] = {
    {"request make", NULL, "ask the social team for a subject's consent",
     BSN_DETAILS "\nThe answer comes as an event; until then 'consentctl request show ID' says how it stands.\n"
                 "A request permits nothing by itself.",
     make_options, run_make},
    {"request list", NULL, "the requests that wait for a subject's answer, the oldest first",
     "For the social team alone: it says whom to ask. What the subject said is recorded with\n"
     "'consentctl consent grant --answers ID' or 'consentctl consent refuse --answers ID'.",
     list_options, run_list},
    {"request show", "ID", "one request, or the consent or refusal that it became", NULL, NULL, run_consent_show},
    {"request defer", "ID", "the subject has not decided yet", FREE_TEXT_DETAILS, defer_options, run_defer},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};

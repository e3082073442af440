/* consentctl hold set | lift | show */
#include "hold.h"

#include <stdio.h>
#include "ask.h"
#include "bsn.h"
#include "free_text.h"
#include "moments.h"
#include "table.h"

static const struct option change_options[] = {
    BSN_OPTION,
    {"reference", "REF", "of what it is for, such as a case before the court; an opaque reference of your own", 0},
    {"reason-file", "FILE", "file with the reason; '-': standard input, and the BSN from --bsn-file", 0},
    {NULL, NULL, NULL, 0},
};

static const struct option show_options[] = {
    BSN_OPTION,
    {NULL, NULL, NULL, 0},
};

const char *hold_describe (struct ctl *ctl, const Consentd__Hold *one)
{
    char since[MOMENT_TEXT];
    return arena_printf (ctl->arena, "%s since %s, by %s%s%s%s%s", one->reference,
                         moment_print (one->since, since), one->recorded_by, *one->user ? " " : "", one->user,
                         *one->reason ? ": " : "", one->reason);
}

static void print_holds (struct ctl *ctl, const Consentd__HoldReply *made)
{
    struct table facts = table_start (ctl->arena, NULL, 2);
    for (size_t i = 0; i < made->n_holds; i++)
        table_add_fact (&facts, "hold", hold_describe (ctl, made->holds[i]));
    table_print (&facts, stdout);
}

static void print_shown (struct ctl *ctl, const Consentd__Reply *reply)
{
    if (reply->hold->n_holds == 0)
        puts ("No legal hold stands.");
    print_holds (ctl, reply->hold);
}

static int ask_hold (struct ctl *ctl, Consentd__Request *request, const char *done)
{
    Consentd__Reply *reply;
    int error = ask (ctl, request, CONSENTD__REPLY__BODY_HOLD, &reply);
    if (error)
        return error;
    if (ctl->json)
        ask_print_json (reply);
    else {
        puts (reply->hold->already ? "There was nothing left to do." : done);
        print_holds (ctl, reply->hold);
    }
    consentd__reply__free_unpacked (reply, NULL);
    return 0;
}

/* Reads the options that both commands have. */
static int read_change (struct ctl *ctl, const struct options *options, Consentd__HoldSetRequest *body)
{
    body->reference = options_field (options, "reference");
    if (*body->reference == '\0')
        return ctl_fail (EX_USAGE, "--reference REF says for what the hold is");
    body->user = arena_strdup (ctl->arena, ctl->user);
    int error = free_text_read (ctl, options, "reason-file", "Reason: ", &body->reason);
    return error ? error : bsn_ask (ctl, options, &body->bsn);
}

static int run_set (struct ctl *ctl, const struct options *options)
{
    Consentd__HoldSetRequest body;
    consentd__hold_set_request__init (&body);
    Consentd__Request request = ASK_REQUEST (HOLD_SET, hold_set, &body);
    int error = read_change (ctl, options, &body);
    return error ? error : ask_hold (ctl, &request, "Held: nothing of this subject is erased or destroyed.");
}

static int run_lift (struct ctl *ctl, const struct options *options)
{
    Consentd__HoldSetRequest read;
    consentd__hold_set_request__init (&read);
    Consentd__HoldLiftRequest body;
    consentd__hold_lift_request__init (&body);
    Consentd__Request request = ASK_REQUEST (HOLD_LIFT, hold_lift, &body);
    int error = read_change (ctl, options, &read);
    body.bsn = read.bsn;
    body.reference = read.reference;
    body.reason = read.reason;
    body.user = read.user;
    return error ? error : ask_hold (ctl, &request, "Lifted.");
}

static int run_show (struct ctl *ctl, const struct options *options)
{
    Consentd__HoldShowRequest body;
    consentd__hold_show_request__init (&body);
    Consentd__Request request = ASK_REQUEST (HOLD_SHOW, hold_show, &body);
    int error = bsn_ask (ctl, options, &body.bsn);
    return error ? error : ask_and_tell (ctl, &request, CONSENTD__REPLY__BODY_HOLD, print_shown);
}

const struct command hold_commands[] = {
    {"hold set", NULL, "keep everything of a subject, whatever period is past (legal hold)",
     BSN_DETAILS "\nWhile a hold stands nothing of the subject is erased or destroyed. No party is told of it.",
     change_options, run_set},
    {"hold lift", NULL, "end a legal hold", BSN_DETAILS "\nEach hold is lifted by its own reference.",
     change_options, run_lift},
    {"hold show", NULL, "the legal holds of a subject that stand", BSN_DETAILS, show_options, run_show},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};

/* consentctl restriction set | lift */
#include "restriction.h"

#include <limits.h>
#include <stdio.h>
#include "ask.h"
#include "bsn.h"
#include "ctl.h"
#include "free_text.h"
#include "moments.h"
#include "table.h"

/* clang-format off */
#define OPTIONS_OF_BOTH                                                                                     \
    BSN_OPTION,                                                                                             \
    {"whole", NULL, "all data of the subject, or else:", 0},                                                \
    {"category", "CODE", "only this kind of data", OPTION_CODES},                                        \
    {"reason-file", "FILE", "file with the reason; '-': standard input, and the BSN from --bsn-file", 0}
/* clang-format on */

static const struct option set_options[] = {
    OPTIONS_OF_BOTH,
    {"request", "NUMBER", "the request of the subject on which it is done (rights open)", 0},
    {NULL, NULL, NULL, 0},
};

static const struct option lift_options[] = {
    OPTIONS_OF_BOTH,
    {NULL, NULL, NULL, 0},
};

const char *restriction_describe (struct ctl *ctl, const Consentd__Restriction *one)
{
    char since[MOMENT_TEXT];
    return arena_printf (ctl->arena, "%s since %s, by %s%s%s", *one->category ? one->category : "all data",
                         moment_print (one->since, since), one->recorded_by, *one->reason ? ": " : "",
                         one->reason);
}

static void print_restrictions (struct ctl *ctl, const Consentd__RestrictionReply *made, const char *done)
{
    puts (made->already ? "There was nothing left to do." : done);
    struct table facts = table_start (ctl->arena, NULL, 2);
    for (size_t i = 0; i < made->n_restrictions; i++)
        table_add_fact (&facts, "restricted", restriction_describe (ctl, made->restrictions[i]));
    table_add_fact (&facts, "told", table_join (ctl->arena, made->informed, made->n_informed));
    table_print (&facts, stdout);
}

static int ask_restriction (struct ctl *ctl, Consentd__Request *request, const char *done)
{
    Consentd__Reply *reply;
    int error = ask (ctl, request, CONSENTD__REPLY__BODY_RESTRICTION, &reply);
    if (error)
        return error;
    if (ctl->json)
        ask_print_json (reply);
    else
        print_restrictions (ctl, reply->restriction, done);
    consentd__reply__free_unpacked (reply, NULL);
    return 0;
}

/* Reads the options that both commands have. */
static int read_request (struct ctl *ctl, const struct options *options, Consentd__RestrictRequest *body)
{
    if (options_has (options, "whole") == options_has (options, "category"))
        return ctl_fail (EX_USAGE, "either --whole or --category CODE");
    body->whole = options_has (options, "whole");
    body->categories = options_list (options, "category", ctl->arena, &body->n_categories);
    body->user = arena_strdup (ctl->arena, ctl->user);
    int error = free_text_read (ctl, options, "reason-file", "Reason: ", &body->reason);
    return error ? error : bsn_ask (ctl, options, &body->bsn);
}

static int run_set (struct ctl *ctl, const struct options *options)
{
    Consentd__RestrictRequest body;
    consentd__restrict_request__init (&body);
    Consentd__Request request = ASK_REQUEST (RESTRICT_DATA, restrict_data, &body);
    unsigned long number = 0;
    int error = options_number (options, "request", 1, ULONG_MAX, &number);
    body.request = number;
    if (!error)
        error = read_request (ctl, options, &body);
    return error ? error : ask_restriction (ctl, &request, "Restricted: every check from now on knows it.");
}

static int run_lift (struct ctl *ctl, const struct options *options)
{
    Consentd__RestrictRequest read;
    consentd__restrict_request__init (&read);
    Consentd__LiftRequest body;
    consentd__lift_request__init (&body);
    Consentd__Request request = ASK_REQUEST (LIFT_RESTRICTION, lift_restriction, &body);
    int error = read_request (ctl, options, &read);
    if (error)
        return error;
    body.bsn = read.bsn;
    body.whole = read.whole;
    body.n_categories = read.n_categories;
    body.categories = read.categories;
    body.reason = read.reason;
    body.user = read.user;
    return ask_restriction (ctl, &request, "Lifted.");
}

const struct command restriction_commands[] = {
    {"restriction set", NULL, "stop disclosures about a subject (afscherming)",
     BSN_DETAILS
     "\nThe registry tells this to parties that received such data, or may receive it under a consent in force.",
     set_options, run_set},
    {"restriction lift", NULL, "end the restriction of all data, or of some categories",
     BSN_DETAILS "\nThe restriction of all data and that of each category are lifted separately.", lift_options,
     run_lift},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};

/* consentctl events lag, events skip */
#include <stdlib.h>
#include "ask.h"
#include "ctl.h"
#include "free_text.h"
#include "moments.h"
#include "table.h"

static void print_lag (struct ctl *ctl, const Consentd__Reply *reply)
{
    const Consentd__EventsLagReply *lag = reply->events_lag;
    static const char *const headings[] = {"PARTY",    ">NEWEST",      ">ACKNOWLEDGED",
                                           ">WAITING", "OLDEST SINCE", "LISTENING"};
    struct table table = table_start (ctl->arena, headings, 6);
    for (size_t i = 0; i < lag->n_parties; i++) {
        const Consentd__PartyLag *one = lag->parties[i];
        char since[MOMENT_TEXT];
        table_add (&table, (const char *[]){one->party, table_number (ctl->arena, one->newest),
                                            table_number (ctl->arena, one->acknowledged),
                                            table_number (ctl->arena, one->newest - one->acknowledged),
                                            one->damaged ? "damaged" : moment_print (one->oldest_waiting, since),
                                            one->subscribed ? "yes" : "no"});
    }
    table_print (&table, stdout);
}

static int run_lag (struct ctl *ctl, const struct options *options)
{
    (void)options;
    Consentd__EventsLagRequest body;
    consentd__events_lag_request__init (&body);
    Consentd__Request request = ASK_REQUEST (EVENTS_LAG, events_lag, &body);
    return ask_and_tell (ctl, &request, CONSENTD__REPLY__BODY_EVENTS_LAG, print_lag);
}

static int run_skip (struct ctl *ctl, const struct options *options)
{
    Consentd__EventsSkipRequest body;
    consentd__events_skip_request__init (&body);
    Consentd__Request request = ASK_REQUEST (EVENTS_SKIP, events_skip, &body);
    char *end = NULL;
    const char *number = options->arguments[1];
    body.party = arena_strdup (ctl->arena, options->arguments[0]);
    body.user = arena_strdup (ctl->arena, ctl->user);
    body.number = strtoull (number, &end, 10);
    if (*number < '0' || *number > '9' || *end != 0)
        return ctl_fail (EX_USAGE, "NUMBER is the number of an event: see consentctl events lag");
    int error = free_text_read (ctl, options, "reason-file", "Reason: ", &body.reason);
    return error ? error : ask_and_tell (ctl, &request, CONSENTD__REPLY__BODY_EVENTS_LAG, print_lag);
}

static const struct option skip_options[] = {
    {"reason-file", "FILE", "why it is passed over; '-': standard input", 0},
    {NULL, NULL, NULL, 0},
};

const struct command events_commands[] = {
    {"events lag", NULL, "which parties have not acknowledged what, and since when", NULL, NULL, run_lag},
    {"events skip", "PARTY NUMBER",
     "pass over an event that cannot be read, so that the party hears those after it",
     "The party hears instead that an event was passed over. An event that can be read is never passed over.\n"
     "'consentctl events lag' and the registry's standard error say which event it is.",
     skip_options, run_skip},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};

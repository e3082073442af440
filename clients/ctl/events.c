/* consentctl events lag */
#include "ask.h"
#include "ctl.h"
#include "moments.h"
#include "table.h"

static void print_lag (struct ctl *ctl, const Consentd__EventsLagReply *lag)
{
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
    Consentd__Reply *reply;
    int error = ask (ctl, &request, CONSENTD__REPLY__BODY_EVENTS_LAG, &reply);
    if (error)
        return error;
    if (ctl->json)
        ask_print_json (reply);
    else
        print_lag (ctl, reply->events_lag);
    consentd__reply__free_unpacked (reply, NULL);
    return 0;
}

const struct command events_commands[] = {
    {"events lag", NULL, "which parties have not acknowledged what, and since when", NULL, NULL, run_lag},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};

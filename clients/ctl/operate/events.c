/* consentctl events lag, events consumers, events skip, events forget */
#include <stdlib.h>
#include "ask.h"
#include "ctl.h"
#include "free_text.h"
#include "listing.h"
#include "moments.h"

static void print_lag (struct ctl *ctl, const Consentd__Reply *reply)
{
    const Consentd__EventsLagReply *lag = reply->events_lag;
    static const char *const headings[] = {"PARTY",    "->NEWEST",     "->ACKNOWLEDGED",
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

static const char *state_of (const Consentd__ConsumerState *one)
{
    if (one->damaged)
        return "damaged";
    if (one->forgotten_at)
        return "forgotten";
    if (one->last_dropped)
        return "events dropped";
    return one->unheard_since ? "unheard" : one->listening ? "listening" : "";
}

static void add_consumer (struct ctl *ctl, struct table *table, const void *item, int64_t now)
{
    const Consentd__ConsumerState *one = item;
    uint64_t waiting = one->forgotten_at || one->newest < one->acknowledged ? 0 : one->newest - one->acknowledged;
    char since[MOMENT_TEXT], seen[MOMENT_TEXT];
    (void)now;
    table_add (table,
               (const char *[]){
                   one->party, *one->consumer ? one->consumer : "-", table_number (ctl->arena, one->newest),
                   table_number (ctl->arena, one->acknowledged), table_number (ctl->arena, waiting),
                   moment_print (one->oldest_waiting, since), moment_print (one->seen_at, seen), state_of (one)});
}

static const char *const consumer_headings[] = {"PARTY",    "CONSUMER",     "->NEWEST",  "->ACKNOWLEDGED",
                                                ">WAITING", "OLDEST SINCE", "LAST SEEN", "STATE"};
static const struct listing consumers = {
    .paging = {CONSENTD__REPLY__BODY_EVENTS_CONSUMERS},
    .headings = consumer_headings,
    .columns = 8,
    .nothing = "There is none.",
    .add_row = add_consumer,
};

static int run_consumers (struct ctl *ctl, const struct options *options)
{
    enum { PAGE = 100 };
    Consentd__EventsConsumersRequest body;
    consentd__events_consumers_request__init (&body);
    Consentd__Request request = ASK_REQUEST (EVENTS_CONSUMERS, events_consumers, &body);
    if (options->arguments[0] != NULL)
        body.party = arena_strdup (ctl->arena, options->arguments[0]);
    body.waiting_only = options_has (options, "waiting");
    body.limit = PAGE;
    return listing_run (ctl, &request, &consumers);
}

static void print_forgotten (struct ctl *ctl, const Consentd__Reply *reply)
{
    struct table table = table_start (ctl->arena, consumer_headings, consumers.columns);
    for (size_t i = 0; i < reply->events_consumers->n_consumers; i++)
        add_consumer (ctl, &table, reply->events_consumers->consumers[i], reply->time);
    table_print (&table, stdout);
}

static int run_forget (struct ctl *ctl, const struct options *options)
{
    Consentd__EventsForgetRequest body;
    consentd__events_forget_request__init (&body);
    Consentd__Request request = ASK_REQUEST (EVENTS_FORGET, events_forget, &body);
    body.party = arena_strdup (ctl->arena, options->arguments[0]);
    body.consumer = arena_strdup (ctl->arena, options->arguments[1]);
    body.user = arena_strdup (ctl->arena, ctl->user);
    int error = free_text_read (ctl, options, "reason-file", "Reason: ", &body.reason);
    return error ? error : ask_and_tell (ctl, &request, CONSENTD__REPLY__BODY_EVENTS_CONSUMERS, print_forgotten);
}

static const struct option consumers_options[] = {
    {"waiting", NULL, "only those for which an event waits", 0},
    {NULL, NULL, NULL, 0},
};

static const struct option forget_options[] = {
    {"reason-file", "FILE", "why it is forgotten; '-': standard input", 0},
    {NULL, NULL, NULL, 0},
};

static const struct option skip_options[] = {
    {"reason-file", "FILE", "why it is passed over; '-': standard input", 0},
    {NULL, NULL, NULL, 0},
};

const struct command events_commands[] = {
    {"events lag", NULL, "which parties have not acknowledged what, and since when", NULL, NULL, run_lag},
    {"events consumers", "[PARTY]", "how far each system (consumer) of each party is", NULL, consumers_options,
     run_consumers},
    {"events forget", "PARTY CONSUMER", "a system of a party is gone for good: keep nothing for it any more",
     "Its events are kept only as long as other consumers of the party need them, and its subscription ends. If "
     "it\n"
     "subscribes again it begins as one that is new.",
     forget_options, run_forget},
    {"events skip", "PARTY NUMBER",
     "pass over an event that cannot be read, so that the party hears those after it",
     "The party hears instead that an event was passed over. An event that can be read is never passed over.\n"
     "'consentctl events lag' and the registry's standard error say which event it is.",
     skip_options, run_skip},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};

/* consentctl clock confirm, clock reset */
#include "agree.h"
#include "ask.h"
#include "ctl.h"
#include "moments.h"
#include "table.h"

static void print_clock (struct ctl *ctl, const Consentd__Reply *reply)
{
    const Consentd__StatusReply *report = reply->status_report;
    char kept[MOMENT_TEXT], wall[MOMENT_TEXT];
    struct table facts = table_start (ctl->arena, NULL, 2);
    table_add_fact (&facts, "decisions", report->clock_stopped ? "stopped" : "go on");
    table_add_fact (&facts, "registry's time", moment_print (report->kept_time, kept));
    table_add_fact (&facts, "machine's clock", moment_print (report->wall_time, wall));
    table_add_fact (&facts, "epoch", ask_hex (ctl, &reply->epoch));
    table_print (&facts, stdout);
}

static int run_confirm (struct ctl *ctl, const struct options *options)
{
    (void)options;
    Consentd__ClockConfirmRequest body;
    consentd__clock_confirm_request__init (&body);
    Consentd__Request request = ASK_REQUEST (CLOCK_CONFIRM, clock_confirm, &body);
    body.user = arena_strdup (ctl->arena, ctl->user);
    return ask_and_tell (ctl, &request, CONSENTD__REPLY__BODY_STATUS_REPORT, print_clock);
}

/* Prints what a reset would do: the two times as they are now. */
static int print_reset (struct ctl *ctl, const struct options *options)
{
    if (options_has (options, "yes"))
        return 0;
    Consentd__Reply *reply;
    int error = ask_status (ctl, &reply);
    if (error)
        return error;
    char kept[MOMENT_TEXT], wall[MOMENT_TEXT];
    fprintf (
        stderr,
        "This puts the registry's time from %s\nto that of the machine's clock, %s.\n"
        "What expired meanwhile may be in force again. A new epoch begins: every subscriber stops and must be\n"
        "started anew. Withdrawals, refusals and the use of one-time consents stand.\n",
        moment_print (reply->status_report->kept_time, kept),
        moment_print (reply->status_report->wall_time, wall));
    consentd__reply__free_unpacked (reply, NULL);
    return 0;
}

static int run_reset (struct ctl *ctl, const struct options *options)
{
    int refused = print_reset (ctl, options);
    if (refused == 0)
        refused = agree (options);
    if (refused != 0)
        return refused;
    Consentd__ClockResetRequest body;
    consentd__clock_reset_request__init (&body);
    Consentd__Request request = ASK_REQUEST (CLOCK_RESET, clock_reset, &body);
    body.user = arena_strdup (ctl->arena, ctl->user);
    return ask_and_tell (ctl, &request, CONSENTD__REPLY__BODY_STATUS_REPORT, print_clock);
}

static const struct option reset_options[] = {AGREE_OPTION, {NULL, NULL, NULL, 0}};

const struct command clock_commands[] = {
    {"clock confirm", NULL, "the machine's clock is right: decisions go on after a jump",
     "Look at the clock of the machine first: 'consentctl status' shows it beside the registry's time. If it is\n"
     "later, the registry takes it over; if it is earlier, the registry goes on with its own time, so that "
     "nothing\n"
     "that expired comes to life.",
     NULL, run_confirm},
    {"clock reset", NULL, "the registry's time was wrong: back to the machine's clock",
     "Consents that expired by the wrong time may be in force again. So a new epoch begins, and subscribers stop\n"
     "and must be started anew. Withdrawals, refusals and the use of one-time consents stand. It says what it\n"
     "will do, and asks. Refused where nothing is wrong: where decisions go on, and the registry's time is not\n"
     "ahead of the machine's clock.",
     reset_options, run_reset},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};

/* consentctl export ldv | adl | cloudevents */
#include "export.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "activity.h"
#include "codec/document.h"
#include "delivery/stopping.h"
#include "delivery/uri.h"
#include "moments.h"
#include "policy/pack.h"
#include "policy/policy_read.h"
#include "position.h"

enum { TIMEOUT = 30000 }; /* ms of a request to a collector */

#define FOLLOW_OPTION                                             \
    {                                                             \
        "follow", NULL, "go on with what comes, until SIGTERM", 0 \
    }
#define OUT_OPTION                                                                                        \
    {                                                                                                     \
        "out", "FILE",                                                                                    \
            "add to this file, or make it (else standard output); what is there is not exported again", 0 \
    }
#define SINCE_OPTION                                                                                           \
    {                                                                                                          \
        "since", "WHEN",                                                                                       \
            "where the first export begins: the number of a line, a day or a moment\n(else the first line)", 0 \
    }

static const struct option ldv_options[] = {
    {"activities", "URI", "what the URI of each processing activity begins with, before its code",
     OPTION_REQUIRED},
    {"policy", "DIR", "the pack of the register: an activity is then a row of `policy register`, else a purpose",
     0},
    SINCE_OPTION,
    FOLLOW_OPTION,
    OUT_OPTION,
    {"otlp", "URL", "send to this collector (OTLP over HTTP, URL/v1/traces) instead; needs --position", 0},
    {"position", "FILE", "keep here how far the export is", 0},
    {"ca", "FILE", "with --otlp: who vouches for the collector (PEM; else those of this machine)", 0},
    {"header-file", "FILE", "with --otlp: lines of a header, such as Authorization; only its owner may read it",
     0},
    {NULL, NULL, NULL, 0},
};

static const struct option adl_options[] = {
    SINCE_OPTION,          FOLLOW_OPTION, OUT_OPTION, {"position", "FILE", "keep here how far the export is", 0},
    {NULL, NULL, NULL, 0},
};

static const struct option cloudevents_options[] = {
    {"source", "URI",
     "the system that publishes them, such as\nurn:nld:oin:00000001234567890000:systeem:toestemmingen",
     OPTION_REQUIRED},
    {"consumer", "NAME",
     "which system of the party this is to the registry; each hears all of its events\n(else " EXPORT_CONSUMER ")",
     0},
    {"since", "NUMBER",
     "the first event wanted, where there is no position (else the first that was not\nacknowledged)", 0},
    FOLLOW_OPTION,
    {"out", "FILE",
     "add to this file, or make it (else standard output, if that is a file); what is there\nis not exported "
     "again",
     0},
    {"position", "FILE", "keep here which event was handled last (else the registry's own record counts)", 0},
    {NULL, NULL, NULL, 0},
};

/* --- What is asked ------------------------------------------------------------------------------------- */

/* NULL: not given, or no option of this form. */
static const char *text_of (const struct options *options, const char *name)
{
    for (const struct option *one = options->command->options; one->name; one++)
        if (strcmp (one->name, name) == 0)
            return options_text (options, name);
    return NULL;
}

static int read_since (const struct options *options, struct export_order *order)
{
    const char *since = options_text (options, "since");
    if (!since)
        return 0;
    if (strspn (since, "0123456789") == strlen (since)) {
        char *end;
        errno = 0;
        order->from = strtoull (since, &end, 10);
        return errno == 0 && order->from > 0 && *end == 0 ? 0
                                                          : ctl_fail (EX_USAGE, "--since: numbers begin with 1");
    }
    if (order->form == &cloudevent_form)
        return ctl_fail (EX_USAGE, "--since is the number of an event");
    return moment_parse (since, &order->since) && order->since > 0
               ? 0
               : ctl_fail (EX_USAGE, "--since: %s",
                           day_fault_or (since, "not the number of a line, a day (YYYY-MM-DD), nor a moment"));
}

static int read_uri (const struct options *options, const char *name, const char **uri)
{
    *uri = text_of (options, name);
    return !*uri || uri_is_absolute (*uri) ? 0 : ctl_fail (EX_USAGE, "--%s is a URI", name);
}

/* --- Where it goes ------------------------------------------------------------------------------------- */

static int open_collector (const struct options *options, struct export_order *order)
{
    const struct sink_collector where = {
        .url = order->to,
        .ca = options_text (options, "ca"),
        .headers = options_text (options, "header-file"),
        .kept = order->position ? arena_printf (order->ctl->arena, "%s.rejected", order->position) : "",
        .timeout = order->ctl->timeout > 0 ? order->ctl->timeout : TIMEOUT,
        .patient = order->follow,
    };
    int error;
    if (options_has (options, "out"))
        return ctl_fail (EX_USAGE, "--out and --otlp exclude each other");
    if (!order->position)
        return ctl_fail (EX_USAGE, "--otlp needs --position: else nothing knows what the collector has");
    order->sink = sink_to_collector (&where, &error);
    return order->sink ? 0 : error;
}

static int open_sink (const struct options *options, struct export_order *order)
{
    int error = 0;
    bool needs_otlp = text_of (options, "ca") || text_of (options, "header-file");
    order->to = text_of (options, "otlp");
    if (order->to)
        return open_collector (options, order);
    if (needs_otlp)
        return ctl_fail (EX_USAGE, "--ca and --header-file are for --otlp");
    order->to = options_text (options, "out");
    if (!order->to && order->ctl->json)
        return ctl_fail (EX_USAGE, "--json tells what came of an export to a file: give --out");
    order->sink = order->to ? sink_to_file (order->to, order->form, &order->last, &error) : sink_to_output ();
    return error;
}

/* --- What came of it ----------------------------------------------------------------------------------- */

static void tell (const struct export_order *order, const struct export_tally *tally)
{
    if (order->ctl->json)
        document_print (json_pack ("{s:s, s:o, s:I, s:I, s:I, s:I}", "form", order->form->name, "to",
                                   document_string (order->to), "records", (json_int_t)tally->records, "until",
                                   (json_int_t)tally->until, "unreadable", (json_int_t)tally->unreadable,
                                   "rejected", (json_int_t)order->sink->rejected));
    else if (order->to)
        printf ("%" PRIu64 " records of %s, up to %s %" PRIu64 ".\n", tally->records, order->form->name,
                order->form->make ? "line" : "event", tally->until);
    if (tally->unreadable > 0)
        ctl_fail (0, "%" PRIu64 " lines of the log are missing or damaged, and not exported", tally->unreadable);
}

/* The activities of ldv, and the pack whose flows they are. Caller owns the pack. */
static int read_activities (const struct options *options, struct activities *activities, struct policy **policy)
{
    const char *directory = text_of (options, "policy");
    int error = read_uri (options, "activities", &activities->base);
    if (!error && directory)
        error = pack_read (directory, policy);
    activities->policy = *policy;
    return error;
}

static int export_all (struct export_order *order)
{
    struct export_tally tally = {.records = 0};
    stopping_begin ();
    int error = order->form->make ? export_lines (order, &tally) : export_events (order, &tally);
    if (!error)
        tell (order, &tally);
    if (!error && (tally.unreadable > 0 || order->sink->rejected > 0))
        error = CTL_PARTLY;
    sink_close (&order->sink);
    return error;
}

/* Two that go on from one position would send everything twice. *lock is to be closed, if it is not -1. */
static int take_position (const char *position, int *lock)
{
    *lock = position != NULL ? export_position_lock (position) : -1;
    if (position == NULL || *lock >= 0)
        return 0;
    int rc = *lock;
    *lock = -1;
    return rc == -EWOULDBLOCK ? ctl_fail (EX_TEMPFAIL, "%s: another export goes on from it", position)
                              : ctl_fail (EX_IOERR, "cannot write %s.lock: %s", position, strerror (-rc));
}

static int run (struct ctl *ctl, const struct options *options, const struct export_form *form)
{
    struct activities activities = {.ctl = ctl};
    struct policy *policy = NULL;
    int lock = -1;
    struct export_order order = {.ctl = ctl,
                                 .form = form,
                                 .position = options_text (options, "position"),
                                 .follow = options_has (options, "follow"),
                                 .consumer = text_of (options, "consumer"),
                                 .activities = &activities};
    int error = read_since (options, &order);
    if (!error)
        error = read_uri (options, "source", &order.source);
    if (!error)
        error = read_activities (options, &activities, &policy);
    if (!error)
        error = take_position (order.position, &lock);
    if (!error)
        error = open_sink (options, &order);
    if (!error)
        error = export_all (&order);
    if (lock >= 0)
        close (lock);
    activities_free (&activities);
    policy_destroy (&policy);
    return error;
}

static int run_ldv (struct ctl *ctl, const struct options *options)
{
    return run (ctl, options, &ldv_form);
}

static int run_adl (struct ctl *ctl, const struct options *options)
{
    return run (ctl, options, &adl_form);
}

static int run_cloudevents (struct ctl *ctl, const struct options *options)
{
    return run (ctl, options, &cloudevent_form);
}

const struct command export_commands[] = {
    {"export ldv", NULL, "who processed what about whom, as Logboek Dataverwerkingen has it",
     "A record of JSON a line, for each line of the log that is about a subject. Subjects have the pseudonym that "
     "the\n"
     "party of the key knows them by, and who acted is not told. docs/exports.md has each field.",
     ldv_options, run_ldv},
    {"export adl", NULL, "what was decided and why, as an Authorization Decision Log",
     "A record of JSON a line, for each check that was decided, as AuthZEN has it.", adl_options, run_adl},
    {"export cloudevents", NULL, "the events of the party of the key, as NL GOV CloudEvents",
     "A record of JSON a line. An event is acknowledged when it is in the file. Without --follow it ends when "
     "none "
     "comes\n"
     "for a second.",
     cloudevents_options, run_cloudevents},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};

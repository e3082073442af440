/* consentctl obligation list | done | defer */
#include <errno.h>
#include <stdlib.h>
#include "bsn.h"
#include "ctl.h"
#include "duty.h"
#include "free_text.h"
#include "listing.h"
#include "moments.h"

enum { PAGE = 100 };

static const char kind_details[] =
    "DECISION is the number that the check answered, or that an event or `due` tells; KIND is inform-subject,\n"
    "inform-representative, inform-youth, record-in-plan, record-against-will or inform-of-source; of who\n"
    "received data that were corrected or erased, rectify-data or erase-data.";
static const char defer_details[] =
    "DECISION is the number that the check answered; KIND is inform-subject, inform-representative,\n"
    "inform-youth or inform-of-source.";

static const struct option list_options[] = {
    BSN_OPTION,
    {NULL, NULL, NULL, 0},
};

static const struct option done_options[] = {
    {"done-at", "WHEN", "when it was done (else now)", 0},
    {"holder", "PARTY", "whose it is, where several parties hold one (else your own)", 0},
    {"letter", "REF", "which letter went: a reference of your own", 0},
    {"reason-file", "FILE", "of record-against-will: file with the reason; '-': standard input", 0},
    {"recorded-in", "REF", "of record-against-will: the file that has the reason", 0},
    {"manager", "REF", "of record-against-will: the manager who was consulted", 0},
    {NULL, NULL, NULL, 0},
};

static const struct option defer_options[] = {
    {"until", "WHEN", "the new date: up to and including this day", OPTION_REQUIRED},
    {"reason-file", "FILE", "file with the reason; '-': standard input", 0},
    {NULL, NULL, NULL, 0},
};

static void add_row (struct ctl *ctl, struct table *table, const void *item, int64_t now)
{
    const Consentd__Duty *one = item;
    char due[MOMENT_TEXT];
    table_add (table, (const char *[]){table_number (ctl->arena, one->decision), duty_words (one->kind),
                                       moment_print_end (one->due, due), one->holder, one->recipient, one->purpose,
                                       duty_ground (ctl, one), duty_state (ctl, one, now)});
}

static const char *const headings[] = {">DECISION", "WHAT",    "LAST DAY", "HOLDER",
                                       "RECIPIENT", "PURPOSE", "-GROUND",  "STATE"};
static const struct listing obligations = {
    .paging = {CONSENTD__REPLY__BODY_OBLIGATION_LIST},
    .headings = headings,
    .columns = 8,
    .nothing = "No obligations about this subject.",
    .add_row = add_row,
};

static int run_list (struct ctl *ctl, const struct options *options)
{
    Consentd__ObligationListRequest body;
    consentd__obligation_list_request__init (&body);
    Consentd__Request request = ASK_REQUEST (OBLIGATION_LIST, obligation_list, &body);
    body.limit = PAGE;
    int error = bsn_ask (ctl, options, &body.bsn);
    return error ? error : listing_run (ctl, &request, &obligations);
}

/* Reads the two words that name an obligation. 0, or EX_USAGE with its line printed. */
static int read_name (const struct options *options, uint64_t *decision, Consentd__Obligation *kind)
{
    const char *text = options->arguments[0];
    char *end;
    errno = 0;
    *decision = strtoull (text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end || errno)
        return ctl_fail (EX_USAGE, "the decision is a number");
    if (!duty_parse_kind (options->arguments[1], kind))
        return ctl_fail (EX_USAGE, "the kind is inform-subject, inform-representative, inform-youth, "
                                   "record-in-plan, record-against-will, inform-of-source, rectify-data or "
                                   "erase-data");
    return 0;
}

static void print_duty (struct ctl *ctl, const Consentd__Reply *reply)
{
    const Consentd__Duty *duty = reply->obligation->duty;
    char when[MOMENT_TEXT];
    if (duty && duty->done_at)
        printf ("Reported: %s, %s.\n", duty_words (duty->kind),
                table_clean (ctl->arena, duty_state (ctl, duty, reply->time)));
    else if (duty)
        printf ("Put off: %s, by %s at the latest.\n", duty_words (duty->kind),
                moment_print_end (duty->due, when));
}

static int run_done (struct ctl *ctl, const struct options *options)
{
    Consentd__ObligationDoneRequest body;
    consentd__obligation_done_request__init (&body);
    Consentd__Request request = ASK_REQUEST (OBLIGATION_DONE, obligation_done, &body);
    const char *when = options_text (options, "done-at");
    moment at = 0;
    if (when && !moment_parse (when, &at))
        return ctl_fail (EX_USAGE, "--done-at: %s", moment_fault (when));
    body.done_at = at;
    body.user = arena_strdup (ctl->arena, ctl->user);
    body.file = options_field (options, "recorded-in");
    body.manager_consulted = options_field (options, "manager");
    body.letter = options_field (options, "letter");
    body.holder = options_field (options, "holder");
    int error = read_name (options, &body.decision, &body.kind);
    if (!error && options_has (options, "reason-file"))
        error = free_text_read (ctl, options, "reason-file", "Reason: ", &body.reason);
    return error ? error : ask_and_tell (ctl, &request, CONSENTD__REPLY__BODY_OBLIGATION, print_duty);
}

static int run_defer (struct ctl *ctl, const struct options *options)
{
    Consentd__ObligationDeferRequest body;
    consentd__obligation_defer_request__init (&body);
    Consentd__Request request = ASK_REQUEST (OBLIGATION_DEFER, obligation_defer, &body);
    moment until;
    if (!moment_parse_end (options_text (options, "until"), &until))
        return ctl_fail (EX_USAGE, "--until: %s", moment_fault (options_text (options, "until")));
    body.until = until;
    body.user = arena_strdup (ctl->arena, ctl->user);
    int error = read_name (options, &body.decision, &body.kind);
    if (!error)
        error = free_text_read (ctl, options, "reason-file", "Reason: ", &body.reason);
    return error ? error : ask_and_tell (ctl, &request, CONSENTD__REPLY__BODY_OBLIGATION, print_duty);
}

const struct command obligation_commands[] = {
    {"obligation list", NULL, "the obligations about a subject, also those that are done", BSN_DETAILS,
     list_options, run_list},
    {"obligation done", "DECISION KIND", "report that an obligation was met", kind_details, done_options,
     run_done},
    {"obligation defer", "DECISION KIND", "put informing off, with a reason, if its ground allows that",
     defer_details, defer_options, run_defer},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};

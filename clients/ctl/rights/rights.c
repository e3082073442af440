/* consentctl rights open | extend | hear | decide | erase | show | list: requests by which a subject exercises
 * rights (R2). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "bsn.h"
#include "ctl.h"
#include "free_text.h"
#include "listing.h"
#include "moments.h"
#include "rights_erase.h"
#include "rights_shown.h"
#include "rights_words.h"

enum { PAGE = 100 };

static const char number_details[] =
    "NUMBER is that of the request, which 'rights open' gave it.\n" FREE_TEXT_DETAILS;

static const struct option open_options[] = {
    BSN_OPTION,
    {"kind", "KIND",
     "access, rectification, completion, erasure, restriction, opposition;\nor objection, with "
     "--against",
     OPTION_REQUIRED, "access rectification completion erasure restriction opposition objection"},
    {"by", "REF", "who makes it: subject, or the reference of a representative", OPTION_REQUIRED},
    {"way", "WAY", "how it came: counter, post, e-mail, telephone, portal, conversation,\nother", OPTION_REQUIRED,
     "counter post e-mail telephone portal conversation other"},
    {"identity", "HOW", "how the identity was established: document, digid, known,\ncalled-back, signature, other",
     OPTION_REQUIRED, "document digid known called-back signature other"},
    {"evidence", "REF", "of the identity or the request: a reference; of --identity other\nrequired", 0},
    {"received", "DAY", "when it came (else today)", 0},
    {"wish-file", "FILE",
     "file with what is asked; '-': standard input, and the BSN from\n--bsn-file; needed, but "
     "for access",
     0},
    {"against", "NUMBER", "of an objection: the request that was refused", 0},
    {NULL, NULL, NULL, 0},
};

static const struct option extend_options[] = {
    {"until", "DAY", "the new last day (else as far as the pack allows)", 0},
    {"reason-file", "FILE", "file with the reason, for the letter; '-': standard input", 0},
    {NULL, NULL, NULL, 0},
};

static const struct option hear_options[] = {
    {"until", "DAY", "asks another: the answer waits for him up to and including\nthis day; or", 0},
    {"came", "WHAT", "what came of it: no-objection, objects or not-given", 0, "no-objection objects not-given"},
    {"note-file", "FILE", "file with who is asked and about what, or with what he said;\n'-': standard input", 0},
    {NULL, NULL, NULL, 0},
};

static const struct option decide_options[] = {
    {"outcome", "OUTCOME", "granted, in-part, refused, or withdrawn by who made it", OPTION_REQUIRED,
     "granted in-part refused withdrawn"},
    {"reason-file", "FILE",
     "file with the reason, for the letter; '-': standard input;\nneeded if it is refused, in part "
     "too",
     0},
    {"article", "TEXT", "on which a refusal rests: \"AVG 15.4\"; needed with it", 0},
    {"announced", "DAY", "when the decision was announced (else today)", 0},
    {NULL, NULL, NULL, 0},
};

static const struct option list_options[] = {
    {"subject", NULL, "those of one subject, decided ones too; its BSN is asked", 0},
    BSN_OPTION,
    {NULL, NULL, NULL, 0},
};

/* 0, or EX_USAGE with its line printed. */
static int read_number (const char *what, const char *text, uint64_t *number)
{
    char *end;
    errno = 0;
    *number = strtoull (text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end || errno)
        return ctl_fail (EX_USAGE, "%s is a number", what);
    return 0;
}

static int read_request (const struct options *options, uint64_t *number)
{
    return read_number ("NUMBER", options->arguments[0], number);
}

/* An exclusive end, if the option is given. */
static int read_end (const struct options *options, int64_t *end)
{
    const char *text = options_text (options, "until");
    moment when = 0;
    if (text && !moment_parse_end (text, &when))
        return ctl_fail (EX_USAGE, "--until: %s", moment_fault (text));
    *end = when;
    return 0;
}

static int read_wish (struct ctl *ctl, const struct options *options, Consentd__RightsOpenRequest *body)
{
    static const char question[] = "What is asked: ";
    if (body->kind == CONSENTD__RIGHTS_KIND__RIGHTS_ACCESS)
        return free_text_read_if_given (ctl, options, "wish-file", question, &body->wish);
    return free_text_read (ctl, options, "wish-file", question, &body->wish);
}

static int run_open (struct ctl *ctl, const struct options *options)
{
    Consentd__RightsOpenRequest body;
    consentd__rights_open_request__init (&body);
    Consentd__Request request = ASK_REQUEST (RIGHTS_OPEN, rights_open, &body);
    const char *against = options_text (options, "against");
    body.by = options_field (options, "by");
    body.evidence = options_field (options, "evidence");
    body.received = options_field (options, "received");
    body.user = arena_strdup (ctl->arena, ctl->user);
    int error = rights_read_kind (options_text (options, "kind"), &body.kind);
    if (!error)
        error = rights_read_way (options_text (options, "way"), &body.way);
    if (!error)
        error = rights_read_identity (options_text (options, "identity"), &body.identity);
    if (!error && against)
        error = read_number ("--against", against, &body.against);
    if (!error)
        error = read_wish (ctl, options, &body);
    if (!error)
        error = bsn_ask (ctl, options, &body.bsn);
    return error ? error : ask_and_tell (ctl, &request, CONSENTD__REPLY__BODY_RIGHTS, rights_print);
}

static int run_extend (struct ctl *ctl, const struct options *options)
{
    Consentd__RightsExtendRequest body;
    consentd__rights_extend_request__init (&body);
    Consentd__Request request = ASK_REQUEST (RIGHTS_EXTEND, rights_extend, &body);
    body.user = arena_strdup (ctl->arena, ctl->user);
    int error = read_request (options, &body.number);
    if (!error)
        error = read_end (options, &body.until);
    if (!error)
        error = free_text_read (ctl, options, "reason-file", "Reason: ", &body.reason);
    return error ? error : ask_and_tell (ctl, &request, CONSENTD__REPLY__BODY_RIGHTS, rights_print);
}

static int run_hear (struct ctl *ctl, const struct options *options)
{
    Consentd__RightsHearRequest body;
    consentd__rights_hear_request__init (&body);
    Consentd__Request request = ASK_REQUEST (RIGHTS_HEAR, rights_hear, &body);
    body.user = arena_strdup (ctl->arena, ctl->user);
    if (options_has (options, "until") == options_has (options, "came"))
        return ctl_fail (EX_USAGE, "either --until DAY or --came WHAT");
    int error = read_request (options, &body.number);
    if (!error && options_has (options, "came"))
        error = rights_read_came (options_text (options, "came"), &body.came);
    if (!error)
        error = read_end (options, &body.until);
    if (!error)
        error = free_text_read (ctl, options, "note-file", "Note: ", &body.note);
    return error ? error : ask_and_tell (ctl, &request, CONSENTD__REPLY__BODY_RIGHTS, rights_print);
}

static int run_decide (struct ctl *ctl, const struct options *options)
{
    Consentd__RightsDecideRequest body;
    consentd__rights_decide_request__init (&body);
    Consentd__Request request = ASK_REQUEST (RIGHTS_DECIDE, rights_decide, &body);
    body.article = options_field (options, "article");
    body.announced = options_field (options, "announced");
    body.user = arena_strdup (ctl->arena, ctl->user);
    int error = read_request (options, &body.number);
    if (!error)
        error = rights_read_outcome (options_text (options, "outcome"), &body.outcome);
    if (!error)
        error = free_text_read_if_given (ctl, options, "reason-file", "Reason: ", &body.reason);
    return error ? error : ask_and_tell (ctl, &request, CONSENTD__REPLY__BODY_RIGHTS, rights_print);
}

static int run_show (struct ctl *ctl, const struct options *options)
{
    Consentd__RightsShowRequest body;
    consentd__rights_show_request__init (&body);
    Consentd__Request request = ASK_REQUEST (RIGHTS_SHOW, rights_show, &body);
    int error = read_request (options, &body.number);
    return error ? error : ask_and_tell (ctl, &request, CONSENTD__REPLY__BODY_RIGHTS, rights_print);
}

static void add_row (struct ctl *ctl, struct table *table, const void *item, int64_t now)
{
    const Consentd__RightsRequest *one = item;
    char due[MOMENT_TEXT];
    table_add (table, (const char *[]){table_number (ctl->arena, one->number), rights_kind_word (one->kind),
                                       rights_state_words (ctl, one, now), one->received,
                                       moment_print_end (one->due, due), one->by,
                                       *one->bsn ? one->bsn : ask_hex (ctl, &one->subject_ref)});
}

static const char *const headings[] = {">NUMBER", "KIND", "STATE", "RECEIVED", "LAST DAY", "-BY", "#SUBJECT"};
static const struct listing requests = {
    .paging = {CONSENTD__REPLY__BODY_RIGHTS_LIST},
    .headings = headings,
    .columns = 7,
    .nothing = "No requests.",
    .add_row = add_row,
};

static int run_list (struct ctl *ctl, const struct options *options)
{
    Consentd__RightsListRequest body;
    consentd__rights_list_request__init (&body);
    Consentd__Request request = ASK_REQUEST (RIGHTS_LIST, rights_list, &body);
    int error = 0;
    body.limit = PAGE;
    if (options_has (options, "subject") || options_has (options, "bsn-file"))
        error = bsn_ask (ctl, options, &body.bsn);
    return error ? error : listing_run (ctl, &request, &requests);
}

const struct command rights_commands[] = {
    {"rights open", NULL, "record that a subject asks for access, correction, erasure ...",
     BSN_DETAILS
     "\nIn Dutch access is inzage, rectification verbetering, completion aanvulling, erasure verwijdering,\n"
     "restriction afscherming, opposition verzet, objection bezwaar.\n"
     "The request gets a number to hand out, and a due date, which the policy pack sets. It changes\n"
     "nothing by itself: what is done on it names its number (restriction set --request NUMBER, rights erase "
     "NUMBER).",
     open_options, run_open},
    {"rights extend", "NUMBER", "put a request off, once, if the policy pack allows that", number_details,
     extend_options, run_extend},
    {"rights hear", "NUMBER", "ask another for his view before access, or note what came", number_details,
     hear_options, run_hear},
    {"rights decide", "NUMBER", "grant or refuse a request, or note that it was withdrawn", number_details,
     decide_options, run_decide},
    {"rights erase", "NUMBER", "carry out an erasure that was granted, or say what it would do",
     rights_erase_details, rights_erase_options, run_rights_erase},
    {"rights show", "NUMBER", "one request, whole", NULL, NULL, run_show},
    {"rights list", NULL, "the requests that are open, by due date; or those of a subject",
     "'consentctl due' lists them with what else is due.", list_options, run_list},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};

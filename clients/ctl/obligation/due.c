/* consentctl due */
#include <inttypes.h>
#include "ctl.h"
#include "duty.h"
#include "listing.h"
#include "moments.h"
#include "rights/rights_words.h"

enum { PAGE = 100 };

static const struct option due_options[] = {
    {"until", "WHEN", "up to and including this day (else 30 days on)", 0},
    {NULL, NULL, NULL, 0},
};

static const char *what_is_due (const Consentd__Due *due)
{
    switch (due->kind) {
    case CONSENTD__DUE_KIND__CONSENT_ENDS:
        return "consent ends";
    case CONSENTD__DUE_KIND__CONSENT_LAPSES:
        return due->birthday ? "consent lapses: a birthday" : "consent lapses";
    case CONSENTD__DUE_KIND__RIGHTS_DUE:
        return due->rights ? rights_kind_word (due->rights->kind) : "a request of a subject";
    case CONSENTD__DUE_KIND__VIEW_DUE:
        return "view of another";
    default:
        return due->duty ? duty_words (due->duty->kind) : "a kind that this program is too old to name";
    }
}

static int by_moment (const void *a, const void *b)
{
    const Consentd__Due *one = *(Consentd__Due *const *)a, *other = *(Consentd__Due *const *)b;
    if (one->when != other->when)
        return one->when < other->when ? -1 : 1;
    return (int)one->kind - (int)other->kind;
}

static void add_row (struct ctl *ctl, struct table *table, const void *item, int64_t now)
{
    const Consentd__Due *due = item;
    const Consentd__Duty *duty = due->duty;
    const Consentd__RightsRequest *rights = due->rights;
    char when[MOMENT_TEXT];
    const char *about =
        duty     ? arena_printf (ctl->arena, "decision %" PRIu64 " to %s", duty->decision, duty->recipient)
        : rights ? arena_printf (ctl->arena, "request %" PRIu64 " of %s", rights->number, rights->received)
                 : arena_printf (ctl->arena, "consent %s", ask_hex (ctl, &due->consent_id));
    const char *state = duty ? duty_state (ctl, duty, now) : rights ? rights_state_words (ctl, rights, now) : "";
    const char *person = rights && *rights->bsn ? rights->bsn : ask_hex (ctl, &due->subject_ref);
    table_add (table, (const char *[]){moment_print_end (due->when, when), state, what_is_due (due),
                                       duty     ? duty->holder
                                       : rights ? rights->by
                                                : "",
                                       about, person});
}

static const char *const headings[] = {"LAST DAY", "STATE", "WHAT", "WHO", "#ABOUT", "-#SUBJECT"};
static const struct listing due_listing = {
    .paging = {CONSENTD__REPLY__BODY_DUE_LIST},
    .headings = headings,
    .columns = 6,
    .nothing = "Nothing is due.",
    .add_row = add_row,
    .order = by_moment,
};

static int run_due (struct ctl *ctl, const struct options *options)
{
    Consentd__DueListRequest body;
    consentd__due_list_request__init (&body);
    Consentd__Request request = ASK_REQUEST (DUE_LIST, due_list, &body);
    const char *text = options_text (options, "until");
    moment until = 0;
    if (text && !moment_parse_end (text, &until))
        return ctl_fail (EX_USAGE, "--until: %s", moment_fault (text));
    body.until = until;
    body.limit = PAGE;
    return listing_run (ctl, &request, &due_listing);
}

const struct command due_commands[] = {
    {"due", NULL, "what is coming: consents that end or lapse, obligations, requests",
     "Consents are listed for whoever grants, explains or operates; any other party sees its own obligations.\n"
     "Requests of subjects (rights) are listed for whoever keeps them, with the BSN for whoever may\n"
     "see subjects.\n"
     "What is overdue is listed until it is reported done, or decided.",
     due_options, run_due},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};

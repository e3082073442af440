/* consentctl subject who-may-receive; consentctl subject whom-may-i-ask */
#include <stdlib.h>
#include "ask.h"
#include "bsn.h"
#include "ctl.h"
#include "letter/letter_file.h"
#include "listing.h"
#include "moments.h"
#include "permits_picture.h"

enum { PAGE = 100 };

static const struct option who_options[] = {
    BSN_OPTION,
    {"provider", "PARTY", "only what this party may tell", 0},
    {"purpose", "CODE", "only for this purpose", 0},
    {"category", "CODE", "only this kind of data", 0},
    {"picture", "FILE", "draw it too, as SVG in this new file, mode 0600", 0},
    {"language", "nl|en", "of the picture: in Dutch or English; English unless given", 0},
    {NULL, NULL, NULL, 0},
};

static const struct option whom_options[] = {
    BSN_OPTION,
    {NULL, NULL, NULL, 0},
};

/* "naw (consent 4f..., up to and including 2027-03-31)" */
static const char *describe (struct ctl *ctl, const Consentd__PermittedCategory *one)
{
    char until[MOMENT_TEXT];
    const char *ground = one->ground == CONSENTD__GROUND__CONSENT
                             ? arena_printf (ctl->arena, "consent %s", ask_hex (ctl, &one->consent_id))
                             : arena_printf (ctl->arena, "statute %s", one->statute);
    return arena_printf (ctl->arena, "%s (%s%s%s)", one->category, ground, one->until ? ", until " : "",
                         one->until ? moment_print_end (one->until, until) : "");
}

static void add_row (struct ctl *ctl, struct table *table, const void *item, int64_t now)
{
    const Consentd__Permits *one = item;
    (void)now;
    for (size_t i = 0; i < one->n_categories; i++)
        table_add (table, (const char *[]){i ? "" : one->provider, i ? "" : one->recipient, i ? "" : one->purpose,
                                           i                ? ""
                                           : *one->case_ref ? one->case_ref
                                                            : "any",
                                           describe (ctl, one->categories[i])});
}

/* All pages are of one state, or the registry says so. */
static const char *const headings[] = {"PROVIDER", "RECIPIENT", "PURPOSE", "CASE", "MAY BE TOLD"};
static const struct listing permits = {
    .paging = {CONSENTD__REPLY__BODY_PERMITS},
    .headings = headings,
    .columns = 5,
    .nothing = "Nothing may be told.",
    .add_row = add_row,
};

static int write_picture (struct ctl *ctl, const char *file, const Consentd__Reply *reply, enum language language)
{
    char *text;
    size_t size;
    FILE *out = open_memstream (&text, &size);
    if (!out)
        abort ();
    permits_picture_write (reply->permits, language, ctl->arena, out);
    if (fclose (out) != 0)
        abort ();
    int error = letter_file_create (file, text, size);
    free (text);
    return error;
}

/* All pages, for the table and for the picture: one listing, and one line of the log. */
static int show_and_draw (struct ctl *ctl, const struct options *options, Consentd__Request *request)
{
    enum language language;
    const char *picture = options_text (options, "picture");
    Consentd__Reply *all;
    int error = language_read (options, &language);
    if (!error)
        error = pages_all (ctl, request, &permits.paging, &all);
    if (error)
        return error;
    if (picture)
        error = write_picture (ctl, picture, all, language);
    if (!error)
        listing_show (ctl, all, &permits);
    consentd__reply__free_unpacked (all, NULL);
    return error;
}

static int run_who (struct ctl *ctl, const struct options *options)
{
    Consentd__WhoMayReceiveRequest body;
    consentd__who_may_receive_request__init (&body);
    Consentd__Request request = ASK_REQUEST (WHO_MAY_RECEIVE, who_may_receive, &body);
    body.provider = options_field (options, "provider");
    body.purpose = options_field (options, "purpose");
    body.category = options_field (options, "category");
    body.limit = PAGE;
    int error = bsn_ask (ctl, options, &body.bsn);
    return error ? error : show_and_draw (ctl, options, &request);
}

static int run_whom (struct ctl *ctl, const struct options *options)
{
    Consentd__WhomMayIAskRequest body;
    consentd__whom_may_iask_request__init (&body);
    Consentd__Request request = ASK_REQUEST (WHOM_MAY_I_ASK, whom_may_i_ask, &body);
    body.purpose = arena_strdup (ctl->arena, options->arguments[0]);
    body.limit = PAGE;
    int error = bsn_ask (ctl, options, &body.bsn);
    return error ? error : listing_run (ctl, &request, &permits);
}

const struct command permits_commands[] = {
    {"subject who-may-receive", NULL, "to whom may which data of a subject be told now, by whom, for what?",
     BSN_DETAILS "\nEverything that a check (advice, without an origin or a claim) would permit at one moment.\n"
                 "CASE any: whatever case a check names; else what is permitted to a check that names that one.",
     who_options, run_who},
    {"subject whom-may-i-ask", "PURPOSE", "which parties may tell this party which data of a subject now?",
     BSN_DETAILS "\nIt tells no more than checks of this party would, asked one by one.", whom_options, run_whom},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};

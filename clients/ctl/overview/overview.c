/* consentctl overview: everything that is held about one subject, for the subject (R1). */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "bsn.h"
#include "ctl.h"
#include "letter/letter_file.h"
#include "letter/letter_folder.h"
#include "letter/letter_forms.h"
#include "moments.h"
#include "overview_data.h"
#include "overview_json.h"
#include "overview_letter.h"
#include "overview_shipped.h"
#include "pages.h"
#include "text/progress.h"

static const struct option overview_options[] = {
    BSN_OPTION,
    {"for", "WHO", "who reads it: a representative's reference, who exercises the rights (else 'subject')", 0},
    {"year", "YEAR", "only what happened in this year, and what was in force then", 0},
    {"case", "REFERENCE", "only what is about this case", 0},
    {"all", NULL, "also each disclosure apart, in an appendix (the JSON always has each)", 0},
    {"policy", "DIR", "the policy pack with the words (brieven/overzicht.txt) and the names of organisations", 0},
    {"out", "FILE", "new file for it, mode 0600 (else standard output)", 0},
    {"format", "FORM", "text, html, pdf or json (else as FILE ends: .html, .pdf, .json; else text)", 0,
     "text html pdf json"},
    {NULL, NULL, NULL, 0},
};

/* One run: what is asked, and what came of it. */
struct overview_run {
    struct ctl *ctl;
    const struct options *options;
    Consentd__OverviewRequest body;
    struct overview_letter_options letter;
    struct letter_folder folder; /* of --policy */
    struct overview *overview;
    struct overview_json *json; /* NULL: a letter */
};

static bool ends_in_json (const char *file)
{
    size_t size = file ? strlen (file) : 0;
    return size > 5 && strcmp (file + size - 5, ".json") == 0;
}

static bool is_json (const struct ctl *ctl, const struct options *options)
{
    const char *form = options_text (options, "format");
    return ctl->json || (form ? strcmp (form, "json") == 0 : ends_in_json (options_text (options, "out")));
}

/* The moments between which the year lies in Amsterdam. */
static int read_year (struct overview_run *self)
{
    unsigned long year = 0;
    char text[32];
    int error = options_number (self->options, "year", 1900, 2999, &year);
    if (error || year == 0)
        return error;
    self->letter.year = (int)year;
    snprintf (text, sizeof text, "%04lu-01-01", year);
    moment_parse (text, &self->body.since);
    snprintf (text, sizeof text, "%04lu-01-01", year + 1);
    moment_parse (text, &self->body.until);
    return 0;
}

static int read_options (struct overview_run *self)
{
    const struct options *options = self->options;
    consentd__overview_request__init (&self->body);
    const char *reader = options_text (options, "for");
    self->body.reader = arena_strdup (self->ctl->arena, reader && strcmp (reader, "subject") != 0 ? reader : "");
    self->letter.has_all = options_has (options, "all");
    int error = is_json (self->ctl, options) ? 0 : letter_file_check (options);
    if (!error)
        error = read_year (self);
    return error ? error : bsn_ask (self->ctl, options, &self->body.bsn);
}

static void show_progress (const struct overview *overview)
{
    progress_show ("%" PRIu64 " of %" PRIu64 " lines of the log", overview->looked_until, overview->newest);
}

/* Replies of which the overview has borrowed something. */
struct lent {
    Consentd__Reply **replies;
    size_t count;
};

static void lend (struct lent *lent, Consentd__Reply *reply)
{
    lent->replies = realloc (lent->replies, (lent->count + 1) * sizeof (Consentd__Reply *));
    if (!lent->replies)
        abort ();
    lent->replies[lent->count++] = reply;
}

static void give_back (struct lent *lent)
{
    for (size_t i = 0; i < lent->count; i++)
        consentd__reply__free_unpacked (lent->replies[i], NULL);
    free (lent->replies);
}

/* Reads every page. 0, or an exit code with its line printed. */
static int read_pages (struct overview_run *self, struct lent *lent)
{
    static const struct paging paging = {.body = CONSENTD__REPLY__BODY_OVERVIEW};
    Consentd__Request request = ASK_REQUEST (OVERVIEW, overview, &self->body);
    struct pages pages = pages_start (self->ctl, &request, &paging);
    while (pages.more) {
        Consentd__Reply *reply;
        int error = pages_next (&pages, &reply);
        if (error)
            return error;
        bool is_lent = overview_take (self->overview, reply);
        if (self->json)
            overview_json_take (self->json, self->overview, reply->overview);
        if (is_lent)
            lend (lent, reply);
        else
            consentd__reply__free_unpacked (reply, NULL);
        show_progress (self->overview);
    }
    return 0;
}

/* Takes the words of the pack, and the names of organisations, which the registry does not know. */
static int read_folder (struct overview_run *self)
{
    const char *directory = options_text (self->options, "policy");
    const struct letter_sender *sender = &self->folder.sender;
    int error = directory ? letter_folder_read (self->ctl, directory, &self->folder) : 0;
    if (!directory || error)
        return error;
    for (size_t i = 0; i < sender->organisation_count; i++)
        overview_name_party (self->overview, sender->organisations[i].name, sender->organisations[i].text);
    self->letter.sender = sender;
    self->letter.laws = &self->folder.laws;
    self->letter.template = letter_folder_template (&self->folder, letter_form_find (OVERVIEW_FORM));
    return 0;
}

static int write_letter (struct overview_run *self)
{
    if (!self->letter.template)
        overview_shipped_read (self->ctl->arena, self->overview->policy, &self->letter);
    struct letter_document document = overview_letter_make (self->overview, &self->letter);
    return letter_file_write (self->options, &document);
}

static int write_json (const struct overview_run *self)
{
    size_t size;
    char *text = overview_json_finish (self->json, self->overview, &size);
    int error = letter_file_write_text (self->options, text, size);
    explicit_bzero (text, size);
    free (text);
    return error;
}

static int run_overview (struct ctl *ctl, const struct options *options)
{
    struct overview_run self = {.ctl = ctl, .options = options};
    struct lent lent = {NULL, 0};
    int error = read_options (&self);
    if (error)
        return error;
    struct overview_part part = {self.body.since, self.body.until, options_field (options, "case")};
    self.overview = overview_new (ctl->arena, &part, self.body.reader);
    self.json = is_json (ctl, options) ? overview_json_new () : NULL;
    error = read_folder (&self);
    if (!error)
        error = read_pages (&self, &lent);
    progress_end ();
    if (!error)
        error = self.json ? write_json (&self) : write_letter (&self);
    overview_json_destroy (&self.json);
    overview_destroy (&self.overview);
    give_back (&lent);
    return error;
}

const struct command overview_commands[] = {
    {"overview", NULL, "everything that is held about one subject, as a letter to the subject or as data",
     "Needs the permission rights. A letter in plain Dutch: what was agreed, who got which data and why, who was\n"
     "refused, who was told of a withdrawal and has heard. What concerns another person is left out, and the "
     "letter\n"
     "says so: which people sign or represent (but for --for), who acted, and what professionals wrote of "
     "others.\n"
     "It tells when the last overview was made, and whether anything is new since. Without --policy the words "
     "are\n"
     "those that came with this program, and organisations have no names.\n"
     "\n" BSN_DETAILS,
     overview_options, run_overview},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};

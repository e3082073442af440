/* consentctl retention list | run */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "ask.h"
#include "ctl.h"
#include "moments.h"
#include "pages.h"
#include "table.h"
#include "text/progress.h"

enum { PAUSE_MS = 200, PAUSES = 300 /* without getting on: then it is given up */ };

static const char *const by_words[] = {
    [CONSENTD__RETAINED_BY__BY_CONSENT] = "consent in force",
    [CONSENTD__RETAINED_BY__BY_HOLD] = "legal hold",
    [CONSENTD__RETAINED_BY__BY_REFUSAL] = "refusal that stands",
    [CONSENTD__RETAINED_BY__BY_RESTRICTION] = "restriction",
    [CONSENTD__RETAINED_BY__BY_REQUEST] = "request of the subject",
    [CONSENTD__RETAINED_BY__BY_OBJECTION] = "time for an objection",
    [CONSENTD__RETAINED_BY__BY_OBLIGATION] = "open obligation",
    [CONSENTD__RETAINED_BY__BY_ASKING] = "consent that is asked for",
    [CONSENTD__RETAINED_BY__BY_EVENT] = "event not acknowledged",
    [CONSENTD__RETAINED_BY__BY_DAMAGE] = "what cannot be read",
};

static const char *join_reasons (struct ctl *ctl, const Consentd__RetentionEntry *entry)
{
    const char *joined = "";
    for (size_t i = 0; i < entry->n_kept_by; i++) {
        size_t by = (size_t)entry->kept_by[i];
        const char *word =
            by < sizeof by_words / sizeof *by_words && by_words[by] ? by_words[by] : "something else";
        joined = arena_printf (ctl->arena, "%s%s%s", joined, i > 0 ? ", " : "", word);
    }
    return joined;
}

/* --- What is printed ----------------------------------------------------------------------------------- */

static void print_table (struct ctl *ctl, const Consentd__RetentionReply *found)
{
    static const char *const headings[] = {"#SUBJECT",     "WHAT", "PAST SINCE", ">LINES",
                                           ">DISCLOSURES", "BY",   "KEPT BY"};
    struct table table = table_start (ctl->arena, headings, 7);
    for (size_t i = 0; i < found->n_entries; i++) {
        const Consentd__RetentionEntry *one = found->entries[i];
        char since[MOMENT_TEXT];
        table_add (&table,
                   (const char *[]){ask_hex (ctl, &one->subject_ref), one->extract ? "extract" : "file",
                                    moment_print (one->until, since), table_number (ctl->arena, one->lines),
                                    table_number (ctl->arena, one->disclosures),
                                    *one->source   ? one->source
                                    : one->extract ? "statute"
                                                   : "own choice",
                                    join_reasons (ctl, one)});
    }
    if (found->n_entries > 0)
        table_print (&table, stdout);
}

static size_t count_kept (const Consentd__RetentionReply *found)
{
    size_t kept = 0;
    for (size_t i = 0; i < found->n_entries; i++)
        kept += found->entries[i]->n_kept_by > 0;
    return kept;
}

/* "3 are destroyed." */
static void print_counts (const Consentd__RetentionReply *found, const char *done)
{
    const struct {
        uint64_t count;
        const char *words;
    } counts[] = {
        {found->n_entries - count_kept (found), done},
        {count_kept (found), "are past their period, and something keeps them"},
        {found->in_force, "have a consent in force"},
        {found->not_past, "are not past their period"},
        {found->without_end, "have no end yet: the birth date, or the day on which care ended, is not recorded"},
        {found->under_way, "are being destroyed"},
        {found->damaged, "cannot be read"},
    };
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        if (counts[i].count > 0 || i == 0)
            printf ("%" PRIu64 " %s.\n", counts[i].count, counts[i].words);
}

static void show_progress (uint64_t looked_at)
{
    progress_show ("%" PRIu64 " looked at", looked_at);
}

/* --- The pages ----------------------------------------------------------------------------------------- */

static uint64_t count_all (const Consentd__RetentionReply *one)
{
    return one->n_entries + one->in_force + one->not_past + one->without_end + one->under_way + one->damaged;
}

/* Puts the page into `all`, whose memory its entries become. */
static void add_page (Consentd__RetentionReply *all, Consentd__RetentionReply *page)
{
    all->entries = realloc (all->entries, (all->n_entries + page->n_entries + 1) * sizeof *all->entries);
    if (!all->entries)
        abort ();
    if (page->n_entries > 0)
        memcpy (all->entries + all->n_entries, page->entries, page->n_entries * sizeof *all->entries);
    all->n_entries += page->n_entries;
    page->n_entries = 0;
    all->in_force += page->in_force;
    all->not_past += page->not_past;
    all->without_end += page->without_end;
    all->under_way += page->under_way;
    all->damaged += page->damaged;
}

/* As many as may be are being destroyed: lets the registry get on. 0, or an exit code with its line printed. */
static int pause_for (unsigned *pauses, bool gets_on)
{
    *pauses = gets_on ? 0 : *pauses + 1;
    if (*pauses == PAUSES)
        return ctl_fail (EX_TEMPFAIL,
                         "the registry does not get on with destroying: look at its log, and run this "
                         "again later, which goes on");
    return nanosleep (&(struct timespec){.tv_nsec = PAUSE_MS * 1000000L}, NULL) == 0 ? 0 : EX_TEMPFAIL;
}

/* Reads every page into one reply. 0 with *all_p, which the caller frees; or an exit code with its line printed.
 */
static int read_pages (struct ctl *ctl, Consentd__Request *request, Consentd__Reply **all_p)
{
    static const struct paging paging = {.body = CONSENTD__REPLY__BODY_RETENTION};
    struct pages pages = pages_start (ctl, request, &paging);
    unsigned pauses = 0;
    int error = pages_next (&pages, all_p);
    if (error)
        return error;
    bool waits = (*all_p)->retention->wait, gets_on = true;
    while (pages.more) {
        Consentd__Reply *page;
        error = waits ? pause_for (&pauses, gets_on) : 0;
        if (!error)
            error = pages_next (&pages, &page);
        if (error)
            break;
        waits = page->retention->wait;
        gets_on = count_all (page->retention) > 0;
        add_page ((*all_p)->retention, page->retention);
        consentd__reply__free_unpacked (page, NULL);
        show_progress (count_all ((*all_p)->retention));
    }
    progress_end ();
    (*all_p)->retention->more = (*all_p)->retention->wait = false;
    (*all_p)->retention->next.len = 0;
    (*all_p)->listing.len = 0;
    if (error)
        consentd__reply__free_unpacked (*all_p, NULL);
    return error;
}

static int run_pages (struct ctl *ctl, Consentd__Request *request, const char *done)
{
    Consentd__Reply *all;
    int error = read_pages (ctl, request, &all);
    if (error)
        return error;
    if (ctl->json)
        ask_print_json (all);
    else {
        print_table (ctl, all->retention);
        print_counts (all->retention, done);
    }
    consentd__reply__free_unpacked (all, NULL);
    return 0;
}

/* --- The commands -------------------------------------------------------------------------------------- */

static const struct option list_options[] = {
    {"until", "DAY", "what is past by the end of this day; else now", 0},
    {NULL, NULL, NULL, 0},
};

static const struct option run_options[] = {
    {"dry-run", NULL, "say what would be destroyed, and destroy nothing", 0},
    {NULL, NULL, NULL, 0},
};

static int list (struct ctl *ctl, int64_t until, const char *done)
{
    Consentd__RetentionListRequest body;
    consentd__retention_list_request__init (&body);
    Consentd__Request request = ASK_REQUEST (RETENTION_LIST, retention_list, &body);
    body.until = until;
    return run_pages (ctl, &request, done);
}

static int run_list (struct ctl *ctl, const struct options *options)
{
    const char *text = options_text (options, "until");
    moment until = 0;
    if (text && !moment_parse_end (text, &until))
        return ctl_fail (EX_USAGE, "--until: %s", moment_fault (text));
    return list (ctl, until, text ? "would be destroyed by then" : "would be destroyed");
}

static int run_run (struct ctl *ctl, const struct options *options)
{
    Consentd__RetentionRunRequest body;
    consentd__retention_run_request__init (&body);
    Consentd__Request request = ASK_REQUEST (RETENTION_RUN, retention_run, &body);
    if (options_has (options, "dry-run"))
        return list (ctl, 0, "would be destroyed");
    return run_pages (ctl, &request, "are destroyed");
}

const struct command retention_commands[] = {
    {"retention list", NULL, "whose data are past their period (bewaartermijn), and what keeps some of them",
     "Of each: since when, how much, by which article, and what keeps it. Nobody is named.\n"
     "It needs the key of an operator.",
     list_options, run_list},
    {"retention run", NULL, "destroy what is past its period, and nothing keeps",
     "The same as 'retention list', and destroys. It may be stopped at any moment: the next run goes on.\n"
     "It needs the key of an operator.",
     run_options, run_run},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};

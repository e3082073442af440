#include "audit_list.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "audit_summary.h"
#include "audit_words.h"
#include "bsn.h"
#include "codec/document.h"
#include "log_pages.h"
#include "moments.h"
#include "party/party_ask.h"
#include "table.h"
#include "text/progress.h"

enum { PAGE = 100, LIMIT = 50, COLUMNS = 8, BETWEEN_LOOKS = 1 /* seconds */ };

const struct option audit_list_options[] = {
    {"after", "N", "entries after this number (else the newest)", 0},
    {"since", "WHEN", "entries from this day, or moment, on", 0},
    {"until", "WHEN", "entries up to and including this day, or before this moment", 0},
    {"party", "PARTY", "only what this party did", OPTION_CODES},
    {"action", "WORD", "only this action, as the list names it", OPTION_CODES, AUDIT_ACTIONS},
    {"result", "WORD", "only with this result, as the list names it", OPTION_CODES, AUDIT_RESULTS},
    {"by-user", "REF", "only where this user acted", 0},
    {"limit", "N", "at most so many; 50 unless given", 0},
    {"follow", NULL, "go on, and show what comes", 0},
    {"subject", NULL, "only entries about one subject, from the first on; its BSN is asked", 0},
    BSN_OPTION,
    {NULL, NULL, NULL, 0},
};

const char audit_list_details[] = "Without --after, --since and --subject these are the newest. A line that "
                                  "cannot be read is listed whatever is\n"
                                  "asked. Whoever acted in a line of which the subject was erased is not known "
                                  "any more: --by-user leaves it out.";

static const char *const headings[COLUMNS] = {">NUMBER", "TIME",   "PARTY",    "USER",
                                              "ACTION",  "RESULT", "#SUBJECT", "-ABOUT"};

/* What is asked of one listing, and what came of it. */
struct listed {
    struct ctl *ctl;
    Consentd__AuditListRequest body;
    Consentd__AuditEntry **entries; /* in the order of the log; those of the pages */
    size_t count, room;
    unsigned long limit;
    uint64_t newest; /* of the log, as the first page says */
    bool more;       /* there may be others behind them */
};

static void take_entry (struct listed *self, Consentd__AuditEntry **entry)
{
    if (self->count == self->room) {
        self->room = self->room ? 2 * self->room : PAGE;
        self->entries = realloc (self->entries, self->room * sizeof *self->entries);
        if (!self->entries)
            abort ();
    }
    self->entries[self->count++] = *entry;
    *entry = NULL;
}

static void free_entries (struct listed *self)
{
    for (size_t i = 0; i < self->count; i++)
        consentd__audit_entry__free_unpacked (self->entries[i], NULL);
    free (self->entries);
    self->entries = NULL;
    self->count = self->room = 0;
}

/* Takes the entries out of a page, as many as are still asked. */
static void take_page (struct listed *self, Consentd__AuditListReply *page)
{
    size_t kept = 0;
    for (size_t i = 0; i < page->n_entries; i++) {
        if (self->count < self->limit)
            take_entry (self, &page->entries[i]);
        else
            page->entries[kept++] = page->entries[i];
    }
    page->n_entries = kept;
}

static void turn_round (struct listed *self)
{
    for (size_t i = 0; i < self->count / 2; i++) {
        Consentd__AuditEntry *one = self->entries[i];
        self->entries[i] = self->entries[self->count - 1 - i];
        self->entries[self->count - 1 - i] = one;
    }
}

static int read_pages (struct listed *self)
{
    Consentd__Request request = ASK_REQUEST (AUDIT_LIST, audit_list, &self->body);
    struct pages pages = pages_start (self->ctl, &request, &log_paging);
    while (pages.more && self->count < self->limit) {
        Consentd__Reply *reply;
        unsigned long left = self->limit - self->count;
        self->body.limit = left < PAGE ? (uint32_t)left : PAGE;
        int error = pages_next (&pages, &reply);
        if (error)
            return error;
        self->newest = self->newest ? self->newest : reply->audit_list->newest;
        take_page (self, reply->audit_list);
        progress_show ("%" PRIu64 " of %" PRIu64 " lines looked at",
                       self->body.backwards ? self->newest - self->body.after : self->body.after, self->newest);
        consentd__reply__free_unpacked (reply, NULL);
    }
    self->more = pages.more;
    if (self->body.backwards)
        turn_round (self);
    return 0;
}

/* --- Shown ----------------------------------------------------------------------------------------------- */

static void add_row (struct ctl *ctl, struct table *table, const Consentd__AuditEntry *entry)
{
    char when[MOMENT_TEXT];
    table_add (table, (const char *[COLUMNS]){
                          table_number (ctl->arena, entry->number), moment_print (entry->time, when),
                          *entry->party ? entry->party : "(daemon)", entry->user, entry->action, entry->result,
                          ask_hex (ctl, &entry->object), audit_summary (ctl->arena, entry->details)});
}

static void print_table (const struct listed *self)
{
    struct table table = table_start (self->ctl->arena, headings, COLUMNS);
    for (size_t i = 0; i < self->count; i++)
        add_row (self->ctl, &table, self->entries[i]);
    if (self->count == 0)
        puts ("No lines.");
    else
        table_print (&table, stdout);
    if (self->count > 0 && self->more && !self->body.backwards)
        printf ("\nThere may be more: --after %" PRIu64 ".\n", self->entries[self->count - 1]->number);
}

static void print_document (const struct listed *self)
{
    json_t *entries = json_array ();
    for (size_t i = 0; i < self->count; i++)
        json_array_append_new (entries, log_entry_document (self->entries[i]));
    document_print (json_pack ("{s:o}", "entries", entries));
}

/* --- Followed -------------------------------------------------------------------------------------------- */

/* Lines as they come, below those that were shown. Nothing of them stays in memory. */
struct following {
    struct ctl *ctl;
    struct table_widths widths;
};

/* False if nobody reads any more. */
static bool print_more (struct following *self, Consentd__AuditEntry *const *entries, size_t count)
{
    struct table table = table_start (self->ctl->arena, headings, COLUMNS);
    for (size_t i = 0; i < count; i++) {
        if (self->ctl->json) {
            char *line = document_text (log_entry_document (entries[i]), 0);
            puts (line);
            free (line);
        } else
            add_row (self->ctl, &table, entries[i]);
    }
    if (table.first)
        table_print_on (&table, &self->widths, stdout);
    return fflush (stdout) == 0 && !ferror (stdout);
}

/* Looks again and again for what came after `body->after`. It ends with an error only. */
static int follow (struct following *self, Consentd__AuditListRequest *body)
{
    Consentd__Request request = ASK_REQUEST (AUDIT_LIST, audit_list, body);
    struct pages pages = pages_start (self->ctl, &request, &log_paging);
    body->follow = true;
    body->limit = PAGE;
    for (;;) {
        Consentd__Reply *reply;
        uint64_t before = body->after;
        struct arena_mark mark = arena_mark (self->ctl->arena);
        int error = pages_next (&pages, &reply);
        if (error)
            return error;
        bool is_read = print_more (self, reply->audit_list->entries, reply->audit_list->n_entries);
        consentd__reply__free_unpacked (reply, NULL);
        arena_release (self->ctl->arena, mark);
        if (!is_read)
            return EX_IOERR;
        if (body->after == before)
            nanosleep (&(struct timespec){.tv_sec = BETWEEN_LOOKS}, NULL);
    }
}

/* First what there is, as the listing without --follow; then what comes. */
static int list_and_follow (struct listed *self)
{
    struct following following = {.ctl = self->ctl};
    int error = self->body.backwards ? read_pages (self) : 0;
    progress_end ();
    if (!error && !print_more (&following, self->entries, self->count))
        error = EX_IOERR;
    free_entries (self);
    if (error)
        return error;
    if (self->body.backwards)
        self->body.after = self->newest;
    self->body.backwards = false;
    return follow (&following, &self->body);
}

/* --- The command ----------------------------------------------------------------------------------------- */

static bool is_about_subject (const struct options *options)
{
    return options_has (options, "subject") || options_has (options, "bsn-file");
}

/* Reads where to begin: after a line, at a moment, or with the newest lines. */
static int read_range (const struct options *options, struct listed *self)
{
    const char *since = options_text (options, "since"), *until = options_text (options, "until");
    unsigned long after = 0;
    moment from = 0, end = 0;
    int error = options_number (options, "after", 0, UINT64_MAX - 1, &after);
    if (error)
        return error;
    if (since && options_has (options, "after"))
        return ctl_fail (EX_USAGE, "--after and --since exclude each other");
    if (until && options_has (options, "follow"))
        return ctl_fail (EX_USAGE, "--until and --follow exclude each other");
    if (since && (!moment_parse (since, &from) || from < 1))
        return ctl_fail (EX_USAGE, "--since: %s", moment_fault (since));
    if (until && (!moment_parse_end (until, &end) || end < 1))
        return ctl_fail (EX_USAGE, "--until: %s", moment_fault (until));
    if (since && until && end <= from)
        return ctl_fail (EX_USAGE, "--until is not later than --since");
    self->body.after = after;
    self->body.since = from;
    self->body.until = end;
    self->body.backwards = !is_about_subject (options) && !since && !options_has (options, "after");
    return 0;
}

static int read_options (const struct options *options, struct listed *self)
{
    struct arena *arena = self->ctl->arena;
    Consentd__AuditListRequest *body = &self->body;
    body->parties = options_list (options, "party", arena, &body->n_parties);
    body->actions = options_list (options, "action", arena, &body->n_actions);
    body->results = options_list (options, "result", arena, &body->n_results);
    body->by_user = options_field (options, "by-user");
    int error = options_number (options, "limit", 1, 10000, &self->limit);
    if (!error)
        error = audit_words_judge (options, "action", arena);
    if (!error)
        error = audit_words_judge (options, "result", arena);
    if (!error)
        error = read_range (options, self);
    if (!error && is_about_subject (options))
        error = bsn_ask (self->ctl, options, &body->bsn);
    return error;
}

/* Of a party that is mistyped there would be no lines either. */
static int find_parties (struct ctl *ctl, const Consentd__AuditListRequest *body)
{
    int error = 0;
    for (size_t i = 0; i < body->n_parties && !error; i++) {
        Consentd__Reply *reply;
        error = party_ask_one (ctl, body->parties[i], &reply);
        if (!error)
            consentd__reply__free_unpacked (reply, NULL);
    }
    return error;
}

int audit_list_run (struct ctl *ctl, const struct options *options)
{
    struct listed self = {.ctl = ctl, .limit = LIMIT};
    consentd__audit_list_request__init (&self.body);
    int error = read_options (options, &self);
    if (!error)
        error = find_parties (ctl, &self.body);
    if (error)
        return error;
    if (options_has (options, "follow"))
        return list_and_follow (&self);
    error = read_pages (&self);
    progress_end ();
    if (!error && ctl->json)
        print_document (&self);
    else if (!error)
        print_table (&self);
    free_entries (&self);
    return error;
}

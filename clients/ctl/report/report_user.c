/* consentctl report user (A5): what one user did, by the lines of the log in which the user acted. */
#include <inttypes.h>
#include <string.h>
#include "audit/audit_summary.h"
#include "audit/log_pages.h"
#include "csv.h"
#include "report.h"
#include "report_output.h"
#include "table.h"

const struct option report_user_options[] = {
    {"party", "PARTY", "of this party: a reference means a user only within its own party", 0},
    REPORT_PERIOD_OPTIONS (0),
    REPORT_OUTPUT_OPTIONS ("text, csv or json", ".csv, .json", "text csv json"),
    {NULL, NULL, NULL, 0},
};

enum { COLUMNS = 8 };

static const char *const headings[COLUMNS] = {">NUMBER", "TIME",   "PARTY",     "--ENDPOINT",
                                              "ACTION",  "RESULT", "-#SUBJECT", "ABOUT"};
static const char *const csv_headings[COLUMNS] = {"number", "time",   "party",   "endpoint",
                                                  "action", "result", "subject", "about"};

struct user_report {
    struct ctl *ctl;
    const char *user, *party; /* `party` NULL: any */
    struct report_output output;
    struct table table; /* of REPORT_TEXT */
    json_t *entries;    /* of REPORT_JSON; else NULL */
    uint64_t lines, unreadable;
};

/* Writes what the form needs. A table is of the arena, and the other forms keep nothing else of the line. */
static void put_line (struct user_report *self, const Consentd__AuditEntry *entry)
{
    struct arena *arena = self->ctl->arena;
    struct arena_mark mark = arena_mark (arena);
    char when[MOMENT_TEXT];
    const char *cells[COLUMNS] = {table_number (arena, entry->number),
                                  moment_print (entry->time, when),
                                  entry->party,
                                  entry->origin,
                                  entry->action,
                                  entry->result,
                                  ask_hex (self->ctl, &entry->object),
                                  audit_summary (arena, entry->details)};
    bool is_kept = self->output.form == REPORT_TEXT && self->lines <= REPORT_TABLE_ROWS;
    if (is_kept)
        table_add (&self->table, cells);
    else if (self->output.form == REPORT_CSV)
        csv_put_row (self->output.out, cells, COLUMNS);
    else if (self->entries)
        json_array_append_new (self->entries, log_entry_document (entry));
    if (!is_kept)
        arena_release (arena, mark);
}

/* A5: what the user did. Of a line that cannot be read nobody can tell who acted: that is sealed. */
static void take (void *report, const Consentd__AuditEntry *entry, json_t *details)
{
    struct user_report *self = report;
    bool is_lost = entry->time == 0;
    if (!is_lost && (!*entry->party || (self->party && strcmp (self->party, entry->party) != 0)))
        return;
    if (is_lost || (!details && !*entry->user)) {
        self->unreadable++;
        return;
    }
    if (strcmp (entry->user, self->user) != 0)
        return;
    self->lines++;
    put_line (self, entry);
}

static void finish (struct user_report *self, const struct report_log *log)
{
    FILE *out = self->output.out;
    if (self->entries)
        report_output_document (
            &self->output,
            report_document (log,
                             json_pack ("{s:s, s:s, s:I, s:I, s:O}", "user", self->user, "party",
                                        self->party ? self->party : "", "lines", (json_int_t)self->lines,
                                        "unreadable", (json_int_t)self->unreadable, "entries", self->entries)));
    else if (self->output.form == REPORT_TEXT && self->lines == 0)
        fputs ("No lines.\n", out);
    else if (self->output.form == REPORT_TEXT) {
        report_output_table (&self->output, &self->table);
        report_tell_more (self->lines, out);
    }
}

int report_user_run (struct ctl *ctl, const struct options *options)
{
    struct user_report self = {
        .ctl = ctl, .user = options->arguments[0], .party = options_text (options, "party")};
    enum report_form form;
    struct report_log log = {.ctl = ctl, .bsn = "", .take = take, .report = &self};
    int error = report_form_read (ctl, options, REPORT_JSON, &form);
    if (!error)
        error = report_period_read (options, moment_now (), &log.period);
    if (!error && self.party)
        error = report_find_party (ctl, self.party);
    if (error)
        return error;
    report_output_open (&self.output, options, form);
    self.table = table_start (ctl->arena, headings, COLUMNS);
    self.entries = form == REPORT_JSON ? json_array () : NULL;
    if (form == REPORT_CSV)
        csv_put_row (self.output.out, csv_headings, COLUMNS);
    error = report_log_read (&log);
    if (!error)
        finish (&self, &log);
    error = report_output_close (&self.output, error);
    json_decref (self.entries);
    if (!error)
        report_tell_unreadable (self.unreadable);
    return error;
}

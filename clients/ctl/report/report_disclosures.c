/* consentctl report disclosures (A5, KB 18.4): what was disclosed about one subject, by whom, to whom, when and
   why.

   It reads the lines of the log about the subject, and not the overview (R1), which is for the subject: that
   leaves out who acted, and a later overview would take this one for an earlier request for access (R5). */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "bsn.h"
#include "codec/document.h"
#include "csv.h"
#include "report.h"
#include "report_check.h"
#include "report_output.h"
#include "table.h"
#include "tally.h"

const struct option report_disclosures_options[] = {
    {"subject", NULL, "may be given, and changes nothing: it is always about one subject", 0},
    BSN_OPTION,
    REPORT_PERIOD_OPTIONS (0),
    REPORT_OUTPUT_OPTIONS ("text, csv or json", ".csv, .json", "text csv json"),
    {NULL, NULL, NULL, 0},
};

enum { COLUMNS = 8, CSV_COLUMNS = 11 };

static const char *const headings[COLUMNS] = {">DECISION", "TIME",    "-ASKED BY", "FROM",
                                              "TO",        "PURPOSE", "DATA",      "--GROUND"};
static const char *const csv_headings[CSV_COLUMNS] = {
    "decision", "time", "asked by", "user", "from", "to", "purpose", "data", "ground", "against the will", "case"};

struct disclosures {
    struct ctl *ctl;
    struct report_output output;
    struct table table;  /* of REPORT_TEXT */
    json_t *disclosures; /* of REPORT_JSON; else NULL */
    uint64_t count, unreadable;
};

/* One line of the log. */
struct disclosure {
    const Consentd__AuditEntry *entry;
    const struct report_check *check;
    json_t *data, *grounds; /* tallies of "naw:wmo" and "statute wmo-2015" */
    bool against_will;
};

static void read_items (struct disclosure *self)
{
    json_t *item;
    size_t index;
    json_array_foreach (self->check->items, index, item)
    {
        char name[256];
        const char *origin = tally_text (item, "origin");
        if (!report_item_is_permitted (item))
            continue;
        snprintf (name, sizeof name, "%s%s%s", tally_text (item, "category"), *origin ? ":" : "", origin);
        char *ground = report_item_ground (item);
        tally_add (self->data, name, 1);
        tally_add (self->grounds, ground, 1);
        free (ground);
        self->against_will |= json_is_true (json_object_get (item, "against_will"));
    }
}

static void put_document (struct disclosures *self, const struct disclosure *one)
{
    const Consentd__AuditEntry *entry = one->entry;
    json_array_append_new (self->disclosures,
                           json_pack ("{s:I, s:o, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:b}", "decision",
                                      (json_int_t)entry->number, "time", document_time (entry->time), "asked_by",
                                      entry->party, "user", entry->user, "provider", one->check->provider,
                                      "recipient", one->check->recipient, "purpose", one->check->purpose,
                                      "case_ref", one->check->case_ref, "data", tally_names (one->data), "grounds",
                                      tally_names (one->grounds), "against_will", one->against_will));
}

static void put_row (struct disclosures *self, const struct disclosure *one)
{
    const Consentd__AuditEntry *entry = one->entry;
    const struct report_check *check = one->check;
    char when[MOMENT_TEXT], number[24], *data = tally_join (one->data, ", "),
                                        *grounds = tally_join (one->grounds, ", ");
    snprintf (number, sizeof number, "%" PRIu64, entry->number);
    moment_print (entry->time, when);
    if (self->output.form == REPORT_TEXT && self->count <= REPORT_TABLE_ROWS)
        table_add (&self->table, (const char *[COLUMNS]){number, when, entry->party, check->provider,
                                                         check->recipient, check->purpose, data, grounds});
    else if (self->output.form == REPORT_CSV)
        csv_put_row (self->output.out,
                     (const char *[CSV_COLUMNS]){number, when, entry->party, entry->user, check->provider,
                                                 check->recipient, check->purpose, data, grounds,
                                                 one->against_will ? "yes" : "no", check->case_ref},
                     CSV_COLUMNS);
    free (data);
    free (grounds);
}

static void take (void *report, const Consentd__AuditEntry *entry, json_t *details)
{
    struct disclosures *self = report;
    struct report_check check;
    if (entry->time != 0 && !report_check_permits (entry))
        return;
    if (entry->time == 0 || !report_check_read (details, &check)) {
        self->unreadable++;
        return;
    }
    if (!check.discloses)
        return;
    struct disclosure one = {entry, &check, json_object (), json_object (), false};
    read_items (&one);
    self->count++;
    if (self->disclosures)
        put_document (self, &one);
    else
        put_row (self, &one);
    json_decref (one.data);
    json_decref (one.grounds);
}

static void finish (struct disclosures *self, const struct report_log *log)
{
    if (self->disclosures)
        report_output_document (
            &self->output,
            report_document (log, json_pack ("{s:I, s:O}", "unreadable", (json_int_t)self->unreadable,
                                             "disclosures", self->disclosures)));
    else if (self->output.form == REPORT_TEXT && self->count == 0)
        fputs ("No disclosures.\n", self->output.out);
    else if (self->output.form == REPORT_TEXT) {
        report_output_table (&self->output, &self->table);
        report_tell_more (self->count, self->output.out);
    }
}

int report_disclosures_run (struct ctl *ctl, const struct options *options)
{
    struct disclosures self = {.ctl = ctl};
    enum report_form form;
    struct report_log log = {.ctl = ctl, .take = take, .report = &self};
    int error = report_form_read (ctl, options, REPORT_JSON, &form);
    if (!error)
        error = report_period_read (options, moment_now (), &log.period);
    if (!error)
        error = bsn_ask (ctl, options, &log.bsn);
    if (error)
        return error;
    report_output_open (&self.output, options, form);
    self.table = table_start (ctl->arena, headings, COLUMNS);
    self.disclosures = form == REPORT_JSON ? json_array () : NULL;
    if (form == REPORT_CSV)
        csv_put_row (self.output.out, csv_headings, CSV_COLUMNS);
    error = report_log_read (&log);
    if (!error)
        finish (&self, &log);
    error = report_output_close (&self.output, error);
    json_decref (self.disclosures);
    if (!error)
        report_tell_unreadable (self.unreadable);
    return error;
}

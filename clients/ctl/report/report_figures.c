/* consentctl report figures (A5): what a privacy officer publishes of a year, in Dutch. */
#include <inttypes.h>
#include <stdio.h>
#include "csv.h"
#include "figures.h"
#include "figures_svg.h"
#include "letter/letter_words.h"
#include "report.h"
#include "report_output.h"
#include "table.h"

const struct option report_figures_options[] = {
    {"year", "YEAR", "of this calendar year, as far as it has come", 0},
    REPORT_PERIOD_OPTIONS (0),
    REPORT_OUTPUT_OPTIONS ("text, csv, json or svg", ".csv, .json, .svg", "text csv json svg"),
    {NULL, NULL, NULL, 0},
};

/* A year, or the period of --from and --to. */
static int read_period (const struct options *options, struct report_period *period)
{
    unsigned long year = 0;
    bool has_period = options_has (options, "from") || options_has (options, "to");
    int error = options_number (options, "year", 2000, 9998, &year);
    if (error)
        return error;
    if (has_period == (year > 0))
        return ctl_fail (EX_USAGE, "give --year, or else --from and --to");
    return year > 0 ? report_period_of_year (year, moment_now (), period)
                    : report_period_read (options, moment_now (), period);
}

static const char *cell_of (struct arena *arena, const struct figures_row *row)
{
    return row->text ? row->text : table_number (arena, (uint64_t)row->number);
}

static void print_table (struct ctl *ctl, const struct figures_row *rows, size_t count,
                         struct report_output *output)
{
    static const char *const headings[] = {"ONDERDEEL", "WAT", ">AANTAL"};
    struct table table = table_start (ctl->arena, headings, 3);
    for (size_t i = 0; i < count; i++)
        table_add (&table, (const char *[]){rows[i].section, rows[i].label, cell_of (ctl->arena, &rows[i])});
    report_output_table (output, &table);
}

static void put_csv (struct ctl *ctl, const struct figures_row *rows, size_t count, FILE *out)
{
    csv_put_row (out, (const char *[]){"onderdeel", "wat", "aantal", "eenheid"}, 4);
    for (size_t i = 0; i < count; i++)
        csv_put_row (out,
                     (const char *[]){rows[i].section, rows[i].label, cell_of (ctl->arena, &rows[i]),
                                      rows[i].text ? "" : rows[i].unit},
                     4);
}

/* "1 januari 2026 tot en met 31 december 2026"; of a period that is not over, up to today. */
static const char *period_words (struct arena *arena, const struct report_period *period)
{
    moment now = moment_now ();
    bool is_over = period->until <= now;
    const char *end = is_over ? letter_last_day (arena, period->until) : letter_day (arena, now);
    return period->from > 0 ? arena_printf (arena, "%s tot en met %s", letter_day (arena, period->from), end)
                            : arena_printf (arena, "tot en met %s", end);
}

static int give_out (struct ctl *ctl, struct figures *self, const struct report_log *log,
                     struct report_output *output)
{
    size_t count;
    struct figures_row *rows = figures_rows (self, ctl->arena, &count);
    report_output_open (output, output->options, output->form);
    if (output->form == REPORT_TEXT)
        print_table (ctl, rows, count, output);
    else if (output->form == REPORT_CSV)
        put_csv (ctl, rows, count, output->out);
    else if (output->form == REPORT_JSON)
        report_output_document (output, report_document (log, figures_document (self)));
    else
        figures_svg_write (rows, count, "Toestemmingen en verstrekkingen in cijfers",
                           period_words (ctl->arena, &log->period), output->out);
    return report_output_close (output, 0);
}

int report_figures_run (struct ctl *ctl, const struct options *options)
{
    struct report_output output = {.options = options};
    struct figures figures;
    struct report_log log = {
        .ctl = ctl, .bsn = "", .has_tellings = true, .take = figures_take, .report = &figures};
    int error = report_form_read (ctl, options, REPORT_SVG, &output.form);
    if (!error)
        error = read_period (options, &log.period);
    if (error)
        return error;
    figures_start (&figures);
    error = report_log_read (&log);
    if (!error)
        error = give_out (ctl, &figures, &log, &output);
    if (!error)
        report_tell_unreadable (figures.unreadable);
    figures_end (&figures);
    return error;
}

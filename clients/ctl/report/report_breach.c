/* consentctl report breach (A5, AVG 33). */
#include <inttypes.h>
#include <stdlib.h>
#include "breach.h"
#include "breach_letters.h"
#include "csv.h"
#include "policy/pack.h"
#include "policy/policy_read.h"
#include "report.h"
#include "report_log.h"
#include "report_output.h"
#include "table.h"
#include "tally.h"

const struct option report_breach_options[] = {
    {"party", "PARTY", "to whom the data went; one that was removed too", OPTION_REQUIRED},
    REPORT_PERIOD_OPTIONS (OPTION_REQUIRED),
    {"policy", "DIR", "the pack that says which categories are special, with the letters\n(else the one in force)",
     0},
    BREACH_LETTER_OPTIONS,
    REPORT_OUTPUT_OPTIONS ("text, csv or json", ".csv, .json", "text csv json"),
    {NULL, NULL, NULL, 0},
};

/* --- For people ------------------------------------------------------------------------------------------ */

static void print_facts (struct ctl *ctl, const struct breach *self, struct report_output *output)
{
    struct table table = table_start (ctl->arena, NULL, 2);
    char first[MOMENT_TEXT], last[MOMENT_TEXT];
    table_add_fact (&table, "went to", self->party);
    table_add_fact (&table, "people", table_number (ctl->arena, json_object_size (self->people)));
    table_add_fact (&table, "of whom special data", table_number (ctl->arena, breach_special_people (self)));
    table_add_fact (&table, "disclosures", table_number (ctl->arena, self->disclosures));
    table_add_fact (&table, "first", moment_print (self->first, first));
    table_add_fact (&table, "last", moment_print (self->last, last));
    if (self->unreadable > 0)
        table_add_fact (&table, "lines that cannot be read", table_number (ctl->arena, self->unreadable));
    report_output_table (output, &table);
}

static void print_categories (struct ctl *ctl, const struct breach *self, struct report_output *output)
{
    static const char *const headings[] = {"CATEGORY", "IN WORDS", "SPECIAL", ">PEOPLE", ">DISCLOSURES"};
    struct table table = table_start (ctl->arena, headings, 5);
    const char *category;
    json_t *counts;
    json_object_foreach (self->categories, category, counts) table_add (
        &table, (const char *[]){category, breach_label (self, category), breach_special (self, category),
                                 table_number (ctl->arena, tally_of (counts, "people")),
                                 table_number (ctl->arena, tally_of (counts, "disclosures"))});
    fputc ('\n', output->out);
    report_output_table (output, &table);
}

static void print_grounds (struct ctl *ctl, const struct breach *self, struct report_output *output)
{
    static const char *const headings[] = {"GROUND", ">ITEMS"};
    struct table table = table_start (ctl->arena, headings, 2);
    const char *ground;
    json_t *count;
    json_object_foreach (self->grounds, ground, count)
        table_add (&table, (const char *[]){ground, table_number (ctl->arena, tally_of (self->grounds, ground))});
    fputc ('\n', output->out);
    report_output_table (output, &table);
}

static void print_text (struct ctl *ctl, const struct breach *self, struct report_output *output)
{
    print_facts (ctl, self, output);
    if (self->disclosures == 0)
        return;
    print_categories (ctl, self, output);
    print_grounds (ctl, self, output);
    fputs ("\nWho they are: --format csv has a line for each person.\n", output->out);
}

/* --- For spreadsheets ------------------------------------------------------------------------------------ */

enum { COLUMNS = 13 };

static const char *const csv_headings[COLUMNS] = {
    "subject", "known as", "disclosures", "first",    "last",  "categories",      "in words",
    "special", "grounds",  "providers",   "purposes", "cases", "against the will"};

/* "kernteam:5205643efad7e851627fe786239f209f" */
static char *known_as (json_t *person)
{
    json_t *all = json_object (), *reference;
    const char *party;
    json_object_foreach (tally_within (person, "known_as"), party, reference)
    {
        char name[128];
        snprintf (name, sizeof name, "%s:%s", party, json_string_value (reference));
        tally_add (all, name, 1);
    }
    char *text = tally_join (all, "; ");
    json_decref (all);
    return text;
}

static char *labels_of (const struct breach *self, json_t *person)
{
    json_t *all = json_object (), *count;
    const char *category;
    json_object_foreach (tally_within (person, "categories"), category, count)
        tally_add (all, breach_label (self, category), 1);
    char *text = tally_join (all, "; ");
    json_decref (all);
    return text;
}

static void put_person (const struct breach *self, const char *subject, json_t *person, FILE *out)
{
    char first[MOMENT_TEXT], last[MOMENT_TEXT], times[24];
    static const char *const lists[] = {"categories", "grounds", "providers", "purposes", "cases"};
    char *texts[7];
    for (size_t i = 0; i < 5; i++)
        texts[i] = tally_join (tally_within (person, lists[i]), "; ");
    texts[5] = known_as (person);
    texts[6] = labels_of (self, person);
    snprintf (times, sizeof times, "%" PRId64, tally_number (person, "disclosures"));
    csv_put_row (
        out,
        (const char *[COLUMNS]){subject, texts[5], times, moment_print (tally_number (person, "first"), first),
                                moment_print (tally_number (person, "last"), last), texts[0], texts[6],
                                breach_person_is_special (self, person) ? "yes" : "no", texts[1], texts[2],
                                texts[3], texts[4], tally_number (person, "against_will") > 0 ? "yes" : "no"},
        COLUMNS);
    for (size_t i = 0; i < 7; i++)
        free (texts[i]);
}

static void put_csv (const struct breach *self, FILE *out)
{
    const char *subject;
    json_t *person;
    csv_put_row (out, csv_headings, COLUMNS);
    json_object_foreach (self->people, subject, person) put_person (self, subject, person, out);
}

/* --- The command ----------------------------------------------------------------------------------------- */

static int give_out (struct ctl *ctl, struct breach *self, const struct report_log *log,
                     struct report_output *output)
{
    report_output_open (output, output->options, output->form);
    if (output->form == REPORT_TEXT)
        print_text (ctl, self, output);
    else if (output->form == REPORT_CSV)
        put_csv (self, output->out);
    else
        report_output_document (output, report_document (log, breach_document (self)));
    return report_output_close (output, 0);
}

/* The letters get their place last: where the report cannot be given out, there are none. */
static int with_letters (struct ctl *ctl, struct report_output *output, const struct report_period *period,
                         struct breach_letters *letters)
{
    struct breach breach;
    breach_start (&breach, options_text (output->options, "party"), letters->setting.policy);
    struct report_log log = {.ctl = ctl, .period = *period, .bsn = "", .take = breach_take, .report = &breach};
    int error = report_log_read (&log);
    if (!error)
        error = breach_letters_make (letters, &breach);
    if (!error)
        error = give_out (ctl, &breach, &log, output);
    error = breach_letters_close (letters, error);
    if (!error)
        report_tell_unreadable (breach.unreadable);
    breach_end (&breach);
    return error;
}

static int with_pack (struct ctl *ctl, struct report_output *output, const struct report_period *period,
                      const char *directory)
{
    struct policy *policy;
    struct breach_letters letters;
    int error = pack_read (directory, &policy);
    if (error)
        return error;
    error = breach_letters_open (&letters, ctl, output->options, policy, directory);
    if (!error)
        error = with_letters (ctl, output, period, &letters);
    policy_destroy (&policy);
    return error;
}

static int find_pack (struct ctl *ctl, const struct options *options, const char **directory)
{
    int error = 0;
    *directory = options_text (options, "policy");
    if (!*directory)
        *directory = pack_in_force (ctl, &error);
    if (!error && !*directory)
        return ctl_fail (EX_NOPERM, "only an operator may read the log, at the endpoint for operators");
    return error;
}

int report_breach_run (struct ctl *ctl, const struct options *options)
{
    struct report_output output = {.options = options};
    struct report_period period;
    const char *directory;
    int error = report_form_read (ctl, options, REPORT_JSON, &output.form);
    if (!error)
        error = report_period_read (options, moment_now (), &period);
    if (!error)
        error = find_pack (ctl, options, &directory);
    if (!error)
        error = report_find_party (ctl, options_text (options, "party"));
    return error ? error : with_pack (ctl, &output, &period, directory);
}

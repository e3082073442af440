/* consentctl policy register: the register of processing, of the pack and the parties. */
#include "policy_register.h"

#include <stdlib.h>
#include <string.h>
#include "codec/document.h"
#include "csv.h"
#include "ctl.h"
#include "letter/letter_document.h"
#include "letter/letter_file.h"
#include "letter/letter_folder.h"
#include "letter/letter_words.h"
#include "pack.h"
#include "party/party_ask.h"
#include "policy/policy_read.h"
#include "register_row.h"

const struct option policy_register_options[] = {
    {"out", "FILE", "new file for it, mode 0600 (else standard output)", 0},
    {"format", "FORM", "text, html, pdf or csv (else as FILE ends: .html, .pdf, .csv; else text)", 0,
     "text html pdf csv"},
    {NULL, NULL, NULL, 0},
};

static bool is_csv (const struct options *options)
{
    const char *form = options_text (options, "format"), *file = options_text (options, "out");
    size_t size = file ? strlen (file) : 0;
    return form ? strcmp (form, "csv") == 0 : size > 4 && strcmp (file + size - 4, ".csv") == 0;
}

/* --- As a document ------------------------------------------------------------------------------------- */

static void add_controller (struct letter_document *document, const struct register_setting *self)
{
    const struct letter_sender *sender = self->sender;
    letter_add_heading (document, 1, "Register van verwerkingen");
    letter_add_paragraph (document,
                          "Dit is het register van verwerkingsactiviteiten van artikel 30, eerste lid, van de "
                          "AVG, voor het sociaal domein. Het is gemaakt uit het beleidspakket en uit de "
                          "partijen van het register van toestemmingen.");
    letter_begin_facts (document);
    letter_add_fact (document, "Verantwoordelijke", sender->name);
    letter_add_fact (document, "Adres", register_join (self->arena, sender->address, sender->address_count, ", "));
    letter_add_fact (document, "Telefoon", sender->telephone);
    letter_add_fact (document, "E-mail", sender->mail);
    letter_add_fact (document, "Functionaris gegevensbescherming",
                     arena_printf (self->arena, "%s, %s", sender->officer, sender->officer_mail));
    letter_add_fact (document, "Beleidspakket",
                     arena_printf (self->arena, "%s (%s)", self->policy->label_nl, self->policy->id));
    letter_add_fact (document, "Datum", letter_day (self->arena, moment_now ()));
}

static void add_measures (struct letter_document *document, const struct register_setting *self)
{
    letter_add_heading (document, 2, "Beveiliging");
    letter_add_paragraph (document, "Voor elke verwerking gelden deze maatregelen.");
    letter_begin_list (document);
    for (size_t i = 0; i < self->sender->measure_count; i++)
        letter_add_line (document, self->sender->measures[i].text);
}

static void write_document (const struct register_setting *self, struct letter_document *document)
{
    add_controller (document, self);
    add_measures (document, self);
    letter_add_heading (document, 2, "Verwerkingen");
    for (size_t i = 0; i < self->policy->flow_count; i++) {
        const char *cells[REGISTER_COLUMNS];
        register_row (self, &self->policy->flows[i], cells);
        letter_add_heading (document, 3,
                            arena_printf (self->arena, "%s  %s", cells[REGISTER_CODE], cells[REGISTER_NAME]));
        letter_begin_facts (document);
        for (size_t column = REGISTER_PURPOSE; column < REGISTER_COLUMNS; column++)
            if (column != REGISTER_MEASURES) /* which stand above, once */
                letter_add_fact (document, register_headings[column], cells[column]);
    }
}

/* --- As a table for spreadsheets ----------------------------------------------------------------------- */

static int write_csv (const struct register_setting *self, const struct options *options)
{
    char *text;
    size_t size;
    FILE *out = open_memstream (&text, &size);
    if (!out)
        abort ();
    csv_put_row (out, register_headings, REGISTER_COLUMNS);
    for (size_t i = 0; i < self->policy->flow_count; i++) {
        const char *cells[REGISTER_COLUMNS];
        register_row (self, &self->policy->flows[i], cells);
        csv_put_row (out, cells, REGISTER_COLUMNS);
    }
    if (fclose (out) != 0)
        abort ();
    int error = letter_file_write_text (options, text, size);
    free (text);
    return error;
}

/* --- For programs -------------------------------------------------------------------------------------- */

static void print_json (const struct register_setting *self, const struct options *options)
{
    json_t *rows = json_array ();
    for (size_t i = 0; i < self->policy->flow_count; i++) {
        const char *cells[REGISTER_COLUMNS];
        register_row (self, &self->policy->flows[i], cells);
        json_t *row = json_array ();
        for (size_t column = 0; column < REGISTER_COLUMNS; column++)
            json_array_append_new (row, document_string (cells[column]));
        json_array_append_new (rows, row);
    }
    json_t *headings = json_array ();
    for (size_t column = 0; column < REGISTER_COLUMNS; column++)
        json_array_append_new (headings, json_string (register_headings[column]));
    document_print (json_pack ("{s:s, s:o, s:o, s:o}", "policy", self->policy->id, "file",
                               document_string (options_text (options, "out")), "headings", headings, "rows",
                               rows));
}

/* --- The command --------------------------------------------------------------------------------------- */

static int write_out (const struct register_setting *self, const struct ctl *ctl, const struct options *options)
{
    int error = 0;
    if (is_csv (options)) {
        error = ctl->json && !options_has (options, "out") ? 0 : write_csv (self, options);
    } else if (!ctl->json || options_has (options, "out")) {
        struct letter_document document = letter_document_start (self->arena);
        write_document (self, &document);
        error = letter_file_write (options, &document);
    }
    if (!error && ctl->json)
        print_json (self, options);
    return error;
}

static int with_pack (struct ctl *ctl, const struct options *options, const struct policy *policy)
{
    const char *directory = options->arguments[0];
    struct letter_folder letters;
    Consentd__Reply *parties;
    int error = letter_folder_read (ctl, directory, &letters);
    if (error)
        return error;
    const char *missing = letter_sender_lacks (&letters.sender);
    if (!missing && letters.sender.measure_count == 0)
        return ctl_fail (EX_CONFIG,
                         "%s/" LETTER_FOLDER
                         "/gemeente.txt has no \"maatregel\": the register tells how data are secured",
                         directory);
    if (missing)
        return ctl_fail (EX_CONFIG,
                         "%s/" LETTER_FOLDER "/gemeente.txt: \"gemeente\" has no \"%s\", which the register needs",
                         directory, missing);
    error = party_ask_all (ctl, &parties);
    if (error)
        return error;
    const struct register_setting self = {ctl->arena, policy, &letters.sender, parties->party_list};
    error = write_out (&self, ctl, options);
    consentd__reply__free_unpacked (parties, NULL);
    return error;
}

int policy_register_run (struct ctl *ctl, const struct options *options)
{
    struct policy *policy;
    int error = is_csv (options) ? 0 : letter_file_check (options);
    if (!error)
        error = pack_read (options->arguments[0], &policy);
    if (error)
        return error;
    error = with_pack (ctl, options, policy);
    policy_destroy (&policy);
    return error;
}

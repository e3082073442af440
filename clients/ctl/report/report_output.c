#include "report_output.h"

#include <stdlib.h>
#include <string.h>
#include "codec/document.h"
#include "letter/letter_file.h"

static const char *const names[REPORT_FORMS] = {"text", "csv", "json", "svg"};

/* The form with this name. REPORT_FORMS: none. */
static enum report_form form_of (const char *name)
{
    enum report_form form = REPORT_TEXT;
    while (form < REPORT_FORMS && strcmp (names[form], name) != 0)
        form++;
    return form;
}

int report_form_read (const struct ctl *ctl, const struct options *options, enum report_form last,
                      enum report_form *form)
{
    const char *name = options_text (options, "format"), *file = options_text (options, "out");
    const char *end = file ? strrchr (file, '.') : NULL;
    *form = ctl->json ? REPORT_JSON : name ? form_of (name) : end ? form_of (end + 1) : REPORT_TEXT;
    if (*form <= last)
        return 0;
    if (name)
        return ctl_fail (EX_USAGE, "--format is text, csv%s", last == REPORT_SVG ? ", json or svg" : " or json");
    *form = REPORT_TEXT; /* a file that ends otherwise */
    return 0;
}

void report_output_open (struct report_output *self, const struct options *options, enum report_form form)
{
    *self = (struct report_output){.options = options, .form = form};
    self->out = open_memstream (&self->text, &self->size);
    if (!self->out)
        abort ();
}

void report_output_table (struct report_output *self, const struct table *table)
{
    table_print_within (table, self->out, options_has (self->options, "out") ? 0 : table_room (stdout));
}

void report_output_document (struct report_output *self, json_t *document)
{
    char *text = document_text (document, 2);
    fputs (text, self->out);
    free (text);
}

int report_output_close (struct report_output *self, int error)
{
    if (fclose (self->out) != 0)
        abort ();
    if (!error)
        error = letter_file_write_text (self->options, self->text, self->size);
    free (self->text);
    return error;
}

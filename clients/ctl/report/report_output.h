/* In which form a report is given out, and where to. */
#pragma once
#include <jansson.h>
#include <stdio.h>
#include "ctl.h"
#include "table.h"

enum report_form { REPORT_TEXT, REPORT_CSV, REPORT_JSON, REPORT_SVG, REPORT_FORMS };

/* clang-format off */
#define REPORT_OUTPUT_OPTIONS(forms, ends, words)                                          \
    {"out", "FILE", "new file for it, mode 0600 (else standard output)", 0},              \
    {"format", "FORM", forms " (else as FILE ends: " ends "; else text)", 0, words}
/* clang-format on */

/* A report that is written: nothing of it is given out before all of it is there. */
struct report_output {
    const struct options *options;
    enum report_form form;
    FILE *out; /* text, CSV or SVG is written here */
    char *text;
    size_t size;
};

/* The form that the options ask; `last` is the last one that this report has. 0, or EX_USAGE with its line
 * printed. */
int report_form_read (const struct ctl *ctl, const struct options *options, enum report_form last,
                      enum report_form *form);
void report_output_open (struct report_output *self, const struct options *options, enum report_form form);
/* Writes a table, for REPORT_TEXT. */
void report_output_table (struct report_output *self, const struct table *table);
/* Writes a document, for REPORT_JSON. Takes over the caller's reference. */
void report_output_document (struct report_output *self, json_t *document);
/* Gives out what was written, or nothing if there was an error already. Returns that, or an exit code with its
   line printed. */
int report_output_close (struct report_output *self, int error);

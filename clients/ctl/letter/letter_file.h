/* Gives out a document in the form that was asked for: on standard output, or as a new file that is there whole or
   not at all, mode 0600. */
#pragma once
#include "ctl.h"
#include "options.h"

struct letter_document;

enum letter_file_form { FILE_TEXT, FILE_HTML, FILE_PDF, FILE_FORMS };

/* The options of every command that makes a document. */
/* clang-format off */
#define LETTER_FILE_OPTIONS                                                                                       \
    {"out", "FILE", "new file for it, mode 0600 (else standard output)", 0},                                      \
    {"format", "FORM", "text, html or pdf (else as FILE ends: .html, .pdf; else text)", 0, "text html pdf"}
/* clang-format on */

/* The options are right, before anything is asked of the registry. 0, or an exit code with its line printed. */
int letter_file_check (const struct options *options);
/* The form with this name: text, html or pdf. FILE_FORMS: there is none. */
enum letter_file_form letter_file_form (const char *name);
/* The one that was asked for, or follows from the name of the file. */
enum letter_file_form letter_file_form_of (const struct options *options);
/* Gives the document a form, in memory. Caller owns *data_p, and must wipe and free it. Returns as above. */
int letter_file_make (const struct letter_document *document, enum letter_file_form form, char **data_p,
                      size_t *size_p);
/* Writes the document. Returns as above; after a failure nothing is written. */
int letter_file_write (const struct options *options, const struct letter_document *document);
/* The same into a new file, in the form that its name says: .html, .pdf, or text. */
int letter_file_write_as (const struct letter_document *document, const char *file);
/* Makes a new file of these bytes, whole or not at all, mode 0600. Returns as above. */
int letter_file_create (const char *file, const char *text, size_t size);
/* The same for a text that is no document: CSV. */
int letter_file_write_text (const struct options *options, const char *text, size_t size);

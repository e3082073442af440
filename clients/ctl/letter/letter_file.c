#include "letter_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "config/file_write.h"
#include "letter_document.h"
#include "letter_html.h"
#include "letter_pdf.h"
#include "letter_text.h"

static const char *const forms[FILE_FORMS] = {"text", "html", "pdf"};

static bool ends_in (const char *text, const char *end)
{
    size_t size = strlen (text), end_size = strlen (end);
    return size > end_size && strcmp (text + size - end_size, end) == 0;
}

enum letter_file_form letter_file_form (const char *name)
{
    enum letter_file_form form = FILE_TEXT;
    while (form < FILE_FORMS && strcmp (forms[form], name) != 0)
        form++;
    return form;
}

static enum letter_file_form form_of_file (const char *file)
{
    return ends_in (file, ".html") ? FILE_HTML : ends_in (file, ".pdf") ? FILE_PDF : FILE_TEXT;
}

enum letter_file_form letter_file_form_of (const struct options *options)
{
    const char *name = options_text (options, "format"), *file = options_text (options, "out");
    if (name)
        return letter_file_form (name);
    return file ? form_of_file (file) : FILE_TEXT;
}

int letter_file_check (const struct options *options)
{
    enum letter_file_form form = letter_file_form_of (options);
    if (form == FILE_FORMS)
        return ctl_fail (EX_USAGE, "--format is text, html, pdf, or csv for a register");
    if (form == FILE_PDF && !options_has (options, "out") && isatty (STDOUT_FILENO))
        return ctl_fail (EX_USAGE, "a PDF is not for a terminal: give --out FILE");
    return 0;
}

int letter_file_create (const char *file, const char *text, size_t size)
{
    int error = file_create (file, text, size);
    return error == 0 ? 0
                      : ctl_fail (file_is_no_name (error) ? EX_CANTCREAT : EX_IOERR,
                                  "cannot make %s: %s; nothing is written", file, strerror (-error));
}

int letter_file_write_text (const struct options *options, const char *text, size_t size)
{
    const char *file = options_text (options, "out");
    if (file)
        return letter_file_create (file, text, size);
    fwrite (text, 1, size, stdout); /* that all of it is written is seen at the end of the program */
    return 0;
}

int letter_file_make (const struct letter_document *document, enum letter_file_form form, char **data_p,
                      size_t *size_p)
{
    char *text;
    size_t size;
    FILE *out = open_memstream (&text, &size);
    if (!out)
        abort ();
    if (form == FILE_TEXT)
        letter_text_write (document, out);
    else
        letter_html_write (document, out);
    if (fclose (out) != 0)
        abort ();
    *data_p = text;
    *size_p = size;
    if (form != FILE_PDF)
        return 0;
    int error = letter_pdf_make (text, size, data_p, size_p);
    explicit_bzero (text, size);
    free (text);
    return error;
}

int letter_file_write_as (const struct letter_document *document, const char *file)
{
    char *data;
    size_t size;
    int error = letter_file_make (document, form_of_file (file), &data, &size);
    if (error)
        return error;
    error = letter_file_create (file, data, size);
    explicit_bzero (data, size);
    free (data);
    return error;
}

int letter_file_write (const struct options *options, const struct letter_document *document)
{
    char *data;
    size_t size;
    int error = letter_file_make (document, letter_file_form_of (options), &data, &size);
    if (error)
        return error;
    error = letter_file_write_text (options, data, size);
    explicit_bzero (data, size);
    free (data);
    return error;
}

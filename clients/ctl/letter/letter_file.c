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

enum form { TEXT, HTML, PDF, FORMS };

static const char *const forms[FORMS] = {"text", "html", "pdf"};

static bool ends_in (const char *text, const char *end)
{
    size_t size = strlen (text), end_size = strlen (end);
    return size > end_size && strcmp (text + size - end_size, end) == 0;
}

/* FORMS: none of that name. */
static enum form form_of (const struct options *options)
{
    const char *name = options_text (options, "format"), *file = options_text (options, "out");
    enum form form = TEXT;
    if (!name)
        return file && ends_in (file, ".html") ? HTML : file && ends_in (file, ".pdf") ? PDF : TEXT;
    while (form < FORMS && strcmp (forms[form], name) != 0)
        form++;
    return form;
}

int letter_file_check (const struct options *options)
{
    enum form form = form_of (options);
    if (form == FORMS)
        return ctl_fail (EX_USAGE, "--format is text, html, pdf, or csv for a register");
    if (form == PDF && !options_has (options, "out") && isatty (STDOUT_FILENO))
        return ctl_fail (EX_USAGE, "a PDF is not for a terminal: give --out FILE");
    return 0;
}

int letter_file_write_text (const struct options *options, const char *text, size_t size)
{
    const char *file = options_text (options, "out");
    if (!file) { /* that all of it is written is seen at the end of the program */
        fwrite (text, 1, size, stdout);
        return 0;
    }
    int error = file_create (file, text, size);
    return error == 0 ? 0
                      : ctl_fail (file_is_no_name (error) ? EX_CANTCREAT : EX_IOERR,
                                  "cannot make %s: %s; nothing is written", file, strerror (-error));
}

static int write_pdf (const struct options *options, const char *html, size_t size)
{
    char *pdf;
    size_t pdf_size;
    int error = letter_pdf_make (html, size, &pdf, &pdf_size);
    if (error)
        return error;
    error = letter_file_write_text (options, pdf, pdf_size);
    free (pdf);
    return error;
}

int letter_file_write (const struct options *options, const struct letter_document *document)
{
    enum form form = form_of (options);
    char *text;
    size_t size;
    FILE *out = open_memstream (&text, &size);
    if (!out)
        abort ();
    if (form == TEXT)
        letter_text_write (document, out);
    else
        letter_html_write (document, out);
    if (fclose (out) != 0)
        abort ();
    int error = form == PDF ? write_pdf (options, text, size) : letter_file_write_text (options, text, size);
    explicit_bzero (text, size);
    free (text);
    return error;
}

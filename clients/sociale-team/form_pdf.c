#include "form_pdf.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "form_pdf_fields.h"
#include "form_pdf_places.h"
#include "tool.h"

enum { BROKEN = 2, MENDED = 3 /* with which qpdf ends */ };

bool form_is_pdf (struct bytes file)
{
    static const char mark[] = "%PDF-";
    return file.size >= sizeof mark - 1 && memcmp (file.data, mark, sizeof mark - 1) == 0;
}

/* --- What a form has no need of ------------------------------------------------------------------------ */

static bool is_among (const char *name, const char *const *names)
{
    while (*names && strcmp (*names, name) != 0)
        names++;
    return *names;
}

/* It would be run, opened or sent by a viewer. What is run can show something else than is recorded. */
static bool is_active (const char *name, const json_t *value)
{
    static const char *const names[] = {"/JS", "/EF", "/EmbeddedFiles", "/RichMedia", "/RichMediaContent", NULL};
    static const char *const actions[] = {"/JavaScript", "/Launch",      "/SubmitForm", "/ImportData",
                                          "/GoToR",      "/GoToE",       "/Movie",      "/Rendition",
                                          "/Hide",       "/SetOCGState", NULL};
    const char *text = json_string_value (value);
    return is_among (name, names) || (text && strcmp (name, "/S") == 0 && is_among (text, actions));
}

static const char *find_fault (json_t *one);

static const char *find_fault_in_object (json_t *one)
{
    const char *fault = NULL;
    for (void *at = json_object_iter (one); at && !fault; at = json_object_iter_next (one, at)) {
        const char *name = json_object_iter_key (at);
        json_t *value = json_object_iter_value (at);
        if (strcmp (name, "/XFA") == 0)
            fault = "is van een soort die niet gelezen wordt (XFA)";
        else if (strcmp (name, "/OCProperties") == 0)
            fault = "heeft lagen, die te zien kunnen zijn of niet";
        else
            fault = is_active (name, value) ? "bevat een programma of een bijlage" : find_fault (value);
    }
    return fault;
}

/* As deep as jansson reads. */
static const char *find_fault (json_t *one)
{
    const char *fault = NULL;
    for (size_t i = 0; i < json_array_size (one) && !fault; i++)
        fault = find_fault (json_array_get (one, i));
    return json_is_object (one) ? find_fault_in_object (one) : fault;
}

/* --- The file ------------------------------------------------------------------------------------------ */

static int refuse (struct form_reading *self, const char *fault)
{
    self->problems[self->problem_count++] =
        (struct form_problem){"", arena_printf (self->arena, "Het PDF-bestand: %s", fault)};
    return -EINVAL;
}

/* What qpdf said is not repeated: it may quote the file. */
static int refuse_of_qpdf (struct form_reading *self, int rc, const struct tool_output *output)
{
    if (rc == TOOL_ABSENT)
        return rc;
    if (rc != 0)
        return refuse (self, "is te groot of te ingewikkeld om te lezen");
    bool is_closed = strstr (output->said, "invalid password") != NULL;
    return refuse (self, is_closed ? "is beveiligd met een wachtwoord" : "is beschadigd");
}

static int read_parts (struct form_reading *self, const json_t *parts, json_t **form_p)
{
    const json_t *fields = json_object_get (json_object_get (parts, "acroform"), "fields");
    const char *fault = find_fault (json_object_get (parts, "qpdf"));
    if (!fault)
        fault = form_pdf_places_fault (parts);
    if (fault)
        return refuse (self, fault);
    if (json_array_size (fields) == 0)
        return refuse (self, "heeft geen velden: het is niet het formulier, of het is afgedrukt of gescand");
    *form_p = json_object ();
    form_pdf_fields_read (self, parts, *form_p);
    return 0;
}

int form_pdf_read (struct form_reading *self, struct bytes file, json_t **form_p)
{
    char *argv[] = {(char[]){"qpdf"},
                    (char[]){"--json=2"},
                    (char[]){"--json-key=acroform"},
                    (char[]){"--json-key=pages"},
                    (char[]){"--json-key=qpdf"},
                    (char[]){"/dev/stdin"},
                    NULL};
    struct tool_output output;
    int rc = tool_run (argv, TOOL_SECONDS, file, &output);
    json_t *parts = rc == 0 && output.code == 0 ? json_loadb (output.text, output.size, 0, NULL) : NULL;
    *form_p = NULL;
    rc = parts ? read_parts (self, parts, form_p) : refuse_of_qpdf (self, rc, &output);
    json_decref (parts);
    free (output.text);
    return rc;
}

/* libFuzzer: any bytes as a filled-in consent form in JSON, and as what qpdf tells of the fields of a PDF.
   Whatever it holds: what was read is a request, or something is told to be wrong; and what is told holds no BSN,
   and names only fields that the form has. */
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "form_fields.h"
#include "form_pdf_fields.h"
#include "text/burgerservicenummer.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

enum { ARENA_LIMIT = 16 * 1024 * 1024 };

static void must (bool it)
{
    if (!it)
        abort ();
}

static bool holds_bsn (const char *text)
{
    for (; *text; text += *text != '\0') {
        size_t digits = strspn (text, "0123456789");
        char number[BSN_SIZE + 1] = "";
        if (digits == BSN_SIZE && bsn_is_valid (memcpy (number, text, BSN_SIZE)))
            return true;
        text += digits;
        if (!*text)
            return false;
    }
    return false;
}

/* 0 has a request with its BSN; a failure has at least one problem. */
static void judge (const struct form_reading *form, int rc, const Consentd__Request *request)
{
    must ((rc == 0) == (form->problem_count == 0));
    for (size_t i = 0; i < form->problem_count; i++)
        must (*form->problems[i].words && !holds_bsn (form->problems[i].words) &&
              !holds_bsn (form->problems[i].path));
    if (rc == 0 && request->body_case == CONSENTD__REQUEST__BODY_GRANT)
        must (bsn_is_valid (request->grant->bsn) && request->grant->n_signatures > 0);
    else if (rc == 0)
        must (bsn_is_valid (request->refuse->bsn));
}

static void try_fields (struct form_reading *form, const json_t *fields)
{
    Consentd__Request *request = NULL;
    json_t *told = json_object ();
    form_pdf_fields_read (form, fields, told);
    int rc = form_read_json (form, told, &request);
    json_decref (told);
    judge (form, rc, request);
}

static void try_json (struct form_reading *form, struct bytes text)
{
    Consentd__Request *request = NULL;
    int rc = form_read (form, text, &request);
    judge (form, rc, request);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    if (size > FORM_SIZE_MAX)
        return 0;
    struct arena *arena = arena_new (ARENA_LIMIT);
    struct form_reading form = {.arena = arena, .now = 1795478400000};
    json_t *fields = json_loadb ((const char *)data, size, 0, NULL);
    if (json_is_array (fields))
        try_fields (&form, fields);
    else
        try_json (&form, (struct bytes){data, size});
    json_decref (fields);
    arena_erase (&arena);
    return 0;
}

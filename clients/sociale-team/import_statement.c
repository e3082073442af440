#include "import_statement.h"
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include "form.h"
#include "text/burgerservicenummer.h"

static const char reference_words[] =
    "is geen kenmerk: hoogstens 64 letters, cijfers of de tekens . _ : - met een letter of cijfer voorop, en geen "
    "burgerservicenummer";

static void copy (char *to, size_t size, const char *text)
{
    snprintf (to, size, "%s", text);
}

void import_line_bad (struct import_line *line, const char *field, const char *message)
{
    line->outcome = IMPORT_BAD;
    copy (line->field, sizeof line->field, field);
    copy (line->message, sizeof line->message, message);
}

static bool is_reference (const char *text)
{
    size_t size = strlen (text), at = 0;
    char number[BSN_SIZE + 1];
    if (size == 0 || size >= IMPORT_REFERENCE || !isalnum ((unsigned char)*text))
        return false;
    for (const char *c = text; *c; c++)
        if ((unsigned char)*c > 127 || (!isalnum ((unsigned char)*c) && !strchr ("._:-", *c)))
            return false;
    while (bsn_next (text, &at, number))
        if (number[0] != '0') /* eight digits are as often a day */
            return false;
    return true;
}

/* Takes the file's own reference out of the form. It is repeated in the result only if it says nothing of anybody.
 */
static bool take_reference (json_t *form, struct import_line *line)
{
    const json_t *value = json_object_get (form, "kenmerk");
    const char *text = json_string_value (value), *bsn = json_string_value (json_object_get (form, "bsn"));
    char number[BSN_SIZE + 1];
    bool is_fine = !value || (text && is_reference (text));
    if (is_fine && text && bsn && bsn_is_valid (bsn)) {
        snprintf (number, sizeof number, "%s%s", strlen (bsn) == BSN_SIZE - 1 ? "0" : "", bsn);
        is_fine = !bsn_is_within (text, number);
    }
    if (!is_fine)
        import_line_bad (line, "kenmerk", reference_words);
    else if (text)
        copy (line->reference, sizeof line->reference, text);
    json_object_del (form, "kenmerk");
    return is_fine;
}

/* Names the field of the first problem, and tells all, as far as there is room. */
static void tell_problems (const struct form_reading *form, struct import_line *line)
{
    import_line_bad (line, form->problems[0].path, form->problems[0].words);
    for (size_t i = 1; i < form->problem_count; i++) {
        size_t used = strlen (line->message), more = strlen (form->problems[i].words);
        if (used + more + 3 > sizeof line->message)
            break;
        snprintf (line->message + used, sizeof line->message - used, "; %s", form->problems[i].words);
    }
}

const char *import_bsn (const Consentd__Request *request)
{
    return import_is_refusal (request) ? request->refuse->bsn : request->grant->bsn;
}

const Consentd__Scope *import_scope (const Consentd__Request *request)
{
    return import_is_refusal (request) ? request->refuse->scope : request->grant->scope;
}

static moment last_signature (const Consentd__Request *request)
{
    bool is_refusal = import_is_refusal (request);
    size_t count = is_refusal ? request->refuse->n_signatures : request->grant->n_signatures;
    Consentd__Signature **all = is_refusal ? request->refuse->signatures : request->grant->signatures;
    moment last = 0;
    for (size_t i = 0; i < count; i++)
        if (all[i]->given_at > last)
            last = all[i]->given_at;
    return last;
}

/* The request is packed in the order of its fields, so what says the same has the same bytes. */
static void make_marks (struct import_statement *self, const struct import_secret *secret, struct arena *arena)
{
    size_t size = consentd__request__get_packed_size (self->request);
    uint8_t *packed = arena_alloc (arena, size);
    consentd__request__pack (self->request, packed);
    import_secret_mark (secret, "said", (struct bytes){packed, size}, self->said);
    explicit_bzero (packed, size);
    const char *bsn = import_bsn (self->request);
    struct bytes person = {bsn, strlen (bsn)};
    import_secret_mark (secret, "person", person, self->person);
    import_secret_mark (secret, "yes", person, self->yes);
    import_secret_mark (secret, "no", person, self->no);
}

bool import_statement_read (struct import_statement *self, const struct import_record *record,
                            const struct import_secret *secret, struct arena *arena, struct import_line *line)
{
    *line = (struct import_line){.number = record->number, .line = record->line};
    if (!record->form) {
        import_line_bad (line, "", record->words);
        return false;
    }
    /* A duration is that for which was signed: it does not begin with the import. */
    struct form_reading form = {.arena = arena, .now = 0};
    if (!take_reference (record->form, line))
        return false;
    if (form_read_json (&form, record->form, &self->request) != 0) {
        tell_problems (&form, line);
        return false;
    }
    line->is_refusal = import_is_refusal (self->request);
    self->signed_at = last_signature (self->request);
    make_marks (self, secret, arena);
    return true;
}

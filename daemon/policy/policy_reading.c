/* What becomes of a fault: it is told with its place, and ends the part in which it is (policy_value.h). */
#include "policy_error.h"
#include "policy_value.h"

/* In which stanza and field of the file the line is. */
static void tell_place (const struct policy_document *document, unsigned line, struct policy_error *error)
{
    const struct policy_stanza *stanza = NULL;
    const struct policy_field *field = NULL;
    for (size_t i = 0; i < document->stanza_count && document->stanzas[i].line <= line; i++)
        stanza = &document->stanzas[i];
    if (stanza == NULL)
        return;
    for (size_t i = 0; i < stanza->field_count && stanza->fields[i].line <= line; i++)
        field = &stanza->fields[i];
    policy_error_place (error, stanza->sort, stanza->name, field != NULL ? field->key : "");
}

void policy_part (struct policy_reading *self)
{
    if (self->goes_on)
        self->failed = false;
    self->field = NULL;
}

bool policy_field_begin (struct policy_reading *self, const struct policy_field *field)
{
    if (self->field != field)
        policy_part (self);
    self->field = field;
    if ((field == NULL || field->refused) && !self->failed)
        policy_fail_silently (self);
    return !self->failed;
}

void policy_fail (struct policy_reading *self, unsigned line, const char *format, ...)
{
    if (self->failed)
        return;
    self->failed = true;
    self->failures++;
    struct policy_error error;
    va_list list;
    va_start (list, format);
    policy_error_vset (&error, self->file, line, format, list);
    va_end (list);
    if (self->document != NULL)
        tell_place (self->document, line, &error);
    policy_faults_add (self->faults, &error);
}

void policy_fail_silently (struct policy_reading *self)
{
    self->failed = true;
    self->failures++;
}

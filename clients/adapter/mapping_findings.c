#include "mapping_findings.h"
#include "text/escape.h"
#include <stdarg.h>
#include <stdlib.h>

/* Adds it behind those of the lines before, and of its own. */
__attribute__ ((format (printf, 3, 0))) static void
add (struct mapping_findings *self, struct mapping_finding finding, const char *format, va_list list)
{
    self->list = realloc (self->list, (self->count + 1) * sizeof *self->list);
    if (!self->list || vasprintf (&finding.text, format, list) < 0)
        abort ();
    size_t place = self->count++;
    for (; place > 0 && self->list[place - 1].line > finding.line; place--)
        self->list[place] = self->list[place - 1];
    self->list[place] = finding;
    self->faults += finding.fault;
}

void mapping_fault (struct mapping_findings *self, size_t line, const char *format, ...)
{
    va_list list;
    va_start (list, format);
    add (self, (struct mapping_finding){.fault = true, .line = line}, format, list);
    va_end (list);
}

void mapping_note (struct mapping_findings *self, size_t line, const char *format, ...)
{
    va_list list;
    va_start (list, format);
    add (self, (struct mapping_finding){.fault = false, .line = line}, format, list);
    va_end (list);
}

void mapping_findings_print (const struct mapping_findings *self, const char *name, FILE *out)
{
    for (size_t i = 0; i < self->count; i++) {
        const struct mapping_finding *finding = &self->list[i];
        const char *kind = finding->fault ? "" : "note: ";
        if (finding->line > 0)
            escape_line (out, "%s:%zu: %s%s", name, finding->line, kind, finding->text);
        else
            escape_line (out, "%s: %s%s", name, kind, finding->text);
    }
}

void mapping_findings_clear (struct mapping_findings *self)
{
    for (size_t i = 0; i < self->count; i++)
        free (self->list[i].text);
    free (self->list);
    *self = (struct mapping_findings){0};
}

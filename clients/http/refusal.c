#include "refusal.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

bool refuse (struct refusal *self, int status, const char *format, ...)
{
    if (self->status != 0)
        return false;
    va_list values;
    va_start (values, format);
    vsnprintf (self->text, sizeof self->text, format, values);
    va_end (values);
    self->status = status;
    return false;
}

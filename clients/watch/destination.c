#include "destination.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void *destination_new (size_t size)
{
    void *self = calloc (1, size);
    if (!self)
        abort ();
    return self;
}

void destination_close (struct destination **self_p)
{
    struct destination *self = *self_p;
    if (self) {
        self->close (self);
        free (self);
    }
    *self_p = NULL;
}

void destination_say (struct destination_answer *answer, enum destination_outcome outcome, const char *format, ...)
{
    va_list arguments;
    answer->outcome = outcome;
    va_start (arguments, format);
    vsnprintf (answer->fault.sentence, sizeof answer->fault.sentence, format, arguments);
    va_end (arguments);
}

void destination_break (struct destination_answer *answer, int code, const char *format, ...)
{
    va_list arguments;
    answer->outcome = DESTINATION_BROKEN;
    answer->fault.code = code;
    va_start (arguments, format);
    vsnprintf (answer->fault.sentence, sizeof answer->fault.sentence, format, arguments);
    va_end (arguments);
}

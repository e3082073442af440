#include "fault.h"

#include <stdarg.h>
#include <stdio.h>

int fault_set (struct fault *fault, int code, const char *format, ...)
{
    va_list arguments;
    va_start (arguments, format);
    vsnprintf (fault->sentence, sizeof fault->sentence, format, arguments);
    va_end (arguments);
    return fault->code = code;
}

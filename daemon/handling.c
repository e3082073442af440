#include "handling.h"

int handling_status (struct handling *handling, enum status status, const char *message)
{
    handling->reply.status = status;
    handling->reply.message = message;
    return 0;
}

int handling_invalid (struct handling *handling, const char *field, const char *message)
{
    handling->reply.field = field;
    return handling_status (handling, STATUS_INVALID, message);
}

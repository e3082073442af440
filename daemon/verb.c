#include "verb.h"

int outcome_status (struct outcome *outcome, enum status status, const char *message)
{
    outcome->reply.status = status;
    outcome->reply.message = message;
    return 0;
}

int outcome_invalid (struct outcome *outcome, const char *field, const char *message)
{
    outcome->reply.field = field;
    return outcome_status (outcome, STATUS_INVALID, message);
}

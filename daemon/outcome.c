#include "outcome.h"
#include <errno.h>
#include <string.h>
#include <zmq.h>

/* ZeroMQ has numbers of its own. Of any other number it says that it is unknown, and prints it. */
static const char *system_sentence (int number)
{
    if (number == EFSM || number == ENOCOMPATPROTO || number == ETERM || number == EMTHREAD)
        return zmq_strerror (number);
    const char *known = strerrordesc_np (number);
    return known != NULL ? known : "the system failed in a way that it has no name for";
}

#define OUTCOME_CASE(name, sentence) \
    case name:                       \
        return sentence;

const char *outcome_sentence (int outcome)
{
    switch (outcome) {
    case 0:
        return "done";
        OUTCOMES_FATAL (OUTCOME_CASE)
        OUTCOMES_HANDLED (OUTCOME_CASE)
    default:
        return outcome < 0 ? system_sentence (-outcome) : "an internal failure";
    }
}

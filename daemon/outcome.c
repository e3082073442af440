#include "outcome.h"
#include <errno.h>
#include <string.h>
#include <zmq.h>
#include "record/record.h"
#include "registry/state.h"
#include "store/store.h"

/* ZeroMQ has numbers of its own, and of any other says that it is unknown, with the number. */
static const char *system_sentence (int number)
{
    if (number == EFSM || number == ENOCOMPATPROTO || number == ETERM || number == EMTHREAD)
        return zmq_strerror (number);
    const char *known = strerrordesc_np (number);
    return known != NULL ? known : "the system failed in a way that it has no name for";
}

const char *outcome_sentence (int outcome)
{
    switch (outcome) {
    case 0:
        return "done";
    case STORE_NOT_FOUND:
        return "something that must be in the store is not there";
    case STORE_FULL:
        return "the store is full";
    case STORE_DEAD:
        return "the store died of a write that failed: nothing can be recorded until the daemon is started again";
    case STORE_DAMAGED:
        return "the store is damaged: its pages contradict each other";
    case STORE_MISUSED:
        return "the store was asked something that it cannot do, which is a fault of this program";
    case RECORD_DAMAGED:
        return "a record is damaged and cannot be read";
    case STATE_OTHER_VAULT:
        return "the store was made under another vault key";
    default:
        return outcome < 0 ? system_sentence (-outcome) : "an internal failure";
    }
}

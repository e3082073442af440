#include "share.h"
#include "permission.h"
#include "registry/withdrawn.h"

const char share_is_taken[] =
    "the store is full, and this party has taken its part of what is kept for withdrawals: an "
    "operator must make room, or withdraw for it";

enum { READING_PART = 4 }; /* a quarter of the operators' share is kept from reading */

/* How a request is recorded where there is no room outside the reserve. */
enum way { NOT_AT_ALL, COUNTED, AS_WITHDRAWAL, AS_READING, AS_MENDING };

/* One place for all verbs. What is not here is refused. */
static enum way recorded_of (enum verb verb, bool by_operator)
{
    switch (verb) {
    case VERB_WHOAMI:
    case VERB_SUBSCRIBE:
    case VERB_STATUS:
    case VERB_EVENTS_LAG:
        return COUNTED;
    case VERB_REVOKE:
    case VERB_RESTRICT:
    case VERB_ACKNOWLEDGE:
        return AS_WITHDRAWAL;
    case VERB_AUDIT_LIST:
    case VERB_PARTY_LIST:
    case VERB_CONSENT_LIST:
    case VERB_CONSENT_SHOW:
    case VERB_SUBJECT_SHOW:
        return by_operator ? AS_READING : NOT_AT_ALL;
    case VERB_PARTY_REMOVE:
    case VERB_PARTY_APPLY: /* a key that was lost */
    case VERB_EVENTS_SKIP:
    case VERB_CLOCK_CONFIRM:
        return by_operator ? AS_MENDING : NOT_AT_ALL;
    default:
        return NOT_AT_ALL;
    }
}

static bool begin_as_operator (struct turn *turn, uint64_t kept)
{
    if (!store_has_room (turn->txn, STORE_OPERATORS, WITHDRAWN_ROOM + kept))
        return false;
    store_use_share (turn->txn, STORE_OPERATORS);
    return true;
}

static uint64_t kept_from_reading (const struct turn *turn)
{
    uint64_t share =
        store_share_taken (turn->txn, STORE_OPERATORS) + store_share_left (turn->txn, STORE_OPERATORS);
    return share / READING_PART;
}

bool share_begin (struct turn *turn, const struct caller *caller, enum verb verb)
{
    withdrawn_close (turn->withdrawn, turn->txn); /* of the request before */
    store_use_share (turn->txn, STORE_GENERAL);
    if (store_has_room (turn->txn, STORE_GENERAL, WITHDRAWN_ROOM))
        return true;
    bool by_operator =
        caller->channel == CHANNEL_OPERATORS && (caller->party->permissions & PERMISSION_ADMIN) != 0;
    switch (recorded_of (verb, by_operator)) {
    case COUNTED:
    case AS_WITHDRAWAL:
        return true;
    case AS_READING:
        return begin_as_operator (turn, kept_from_reading (turn));
    case AS_MENDING:
        return begin_as_operator (turn, 0);
    default:
        return false;
    }
}

bool share_take_withdrawal (struct turn *turn, const struct caller *caller)
{
    return withdrawn_take (turn->withdrawn, turn->txn, caller->party->text.id);
}

int share_refuse (struct turn *turn, struct outcome *outcome, const char *message)
{
    turn->refused++;
    return outcome_status (outcome, STATUS_UNAVAILABLE, message);
}

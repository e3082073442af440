#include "share.h"
#include "permission.h"
#include "registry/withdrawn.h"

const char share_is_taken[] =
    "the store is full, and this party has taken its part of what is kept for withdrawals: an "
    "operator must make room, or withdraw for it";

enum { READING_PART = 4 }; /* reading leaves a quarter of the operators' share */

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

bool share_begin (struct turn *turn, const struct caller *caller, enum share_way when_full)
{
    withdrawn_close (turn->withdrawn, turn->txn); /* closes that of the request before */
    store_use_share (turn->txn, STORE_GENERAL);
    if (store_has_room (turn->txn, STORE_GENERAL, WITHDRAWN_ROOM))
        return true;
    bool by_operator =
        caller->channel == CHANNEL_OPERATORS && (caller->party->permissions & PERMISSION_ADMIN) != 0;
    switch (when_full) {
    case SHARE_COUNTED:
    case SHARE_OF_WITHDRAWALS:
        return true;
    case SHARE_OF_READING:
        return by_operator && begin_as_operator (turn, kept_from_reading (turn));
    case SHARE_OF_MENDING:
        return by_operator && begin_as_operator (turn, 0);
    default:
        return false;
    }
}

bool share_take_withdrawal (struct turn *turn, const struct caller *caller)
{
    return withdrawn_take (turn->withdrawn, turn->txn, caller->party->text.id);
}

int share_refuse (struct turn *turn, struct handling *handling, const char *message)
{
    turn->refused++;
    return handling_status (handling, STATUS_UNAVAILABLE, message);
}

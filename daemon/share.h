/* The share of the store from which a request is recorded, when only the reserve is left (L2, L5).

   - A withdrawal or restriction that changes something, and an acknowledgement of events: the share of
     withdrawals. The verb itself says so, once it knows. A party may never have taken more of that share than is
     left for all others, until there is room again. So a party that withdraws whatever it can leaves half of it,
     and a second one leaves a quarter.
   - What an operator needs in order to see and mend a full registry: the share of operators. Reading takes at most
     three quarters of it, so that a party can still be removed after somebody has looked too often.
   - What changes nothing and must still be answered: counted (audit/counted.h), which takes no room. That is a
     withdrawal that is repeated, refused or answered again, subscribing, status, how far the parties are with
     their events, and who am I.
   - Everything else is refused, and counted as refused. */
#pragma once
#include "caller.h"
#include "handling.h"
#include "turn.h"

/* How a request is recorded if there is no room outside the reserve. */
enum share_way { SHARE_REFUSED, SHARE_COUNTED, SHARE_OF_WITHDRAWALS, SHARE_OF_READING, SHARE_OF_MENDING };

/* To be called before a request is handled. The table of verbs gives `when_full`. True: the transaction uses the
   request's share. False: there is no room. */
bool share_begin (struct turn *turn, const struct caller *caller, enum share_way when_full);
/* This party's request is a withdrawal or restriction that changes something. True: what is written from here on
   is of the share of withdrawals. False: the party has taken its part. */
bool share_take_withdrawal (struct turn *turn, const struct caller *caller);
extern const char share_is_taken[]; /* the message if the party has taken its part */
/* Answers a request for which there is no room: UNAVAILABLE. Returns 0. */
int share_refuse (struct turn *turn, struct handling *handling, const char *message);

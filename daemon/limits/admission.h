/* Whether a party may be served now, or asks more than it may (L3). Operators, withdrawals, restrictions and
   acknowledgements are never judged here: see the table of verbs. */
#pragma once
#include <stdbool.h>
#include "caller.h"
#include "config/config.h"
#include "reply.h"
#include "turn.h"

/* The limits of this party: those of its own record, and where that gives none, those of the configuration. */
struct config_limits admission_limits (const struct config *config, const struct party_entry *party);

/* Charges the caller for its `count` requests. False, with the answer and nothing charged, if it must come back
   later. */
bool admission_judge (struct turn *turn, const struct caller *caller, size_t count, struct reply *reply);
/* The party has written as much into the log as it may. Requests that are never delayed and change nothing then
   get no line of their own. */
bool admission_log_is_spent (struct turn *turn, const char *party, enum channel channel);

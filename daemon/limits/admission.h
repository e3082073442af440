/* Whether a party may be served now, or asks more than it may (L3); operators, withdrawals, restrictions and
   acknowledgements are never asked that: see the table of verbs. */
#pragma once
#include <stdbool.h>
#include "caller.h"
#include "config.h"
#include "reply.h"
#include "turn.h"

/* What this party may take: as its own record says, and where that says nothing as configured. */
struct config_limits admission_limits (const struct config *config, const struct party_entry *party);

/* False, with the answer, where this caller is to come back later with its `count` requests; else they are
 * charged. */
bool admission_judge (struct turn *turn, const struct caller *caller, size_t count, struct reply *reply);
/* Whether this party has written as much into the log as it may: what is never put off, and changes nothing, then
   has no line of its own. */
bool admission_log_is_spent (struct turn *turn, const char *party, enum channel channel);

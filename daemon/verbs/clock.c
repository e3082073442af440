/* What an operator does about a clock that jumped (C14). The broker sees from the turn that decisions go on. */
#include "registry/renewal.h"
#include "registry/state.h"
#include "registry/subject_cache.h"
#include "verbs.h"

enum { AHEAD_MS = 60000 }; /* the registry's time may be ahead of the machine's clock by so much */

/* Answers with the new status. The log says what the kept time was. */
static int go_on (struct turn *turn, const struct caller *caller, const struct request *request, moment kept,
                  struct handling *handling)
{
    handling->note = arena_printf (turn->arena, "kept time was %lld", (long long)kept);
    turn->state.clock_stopped = false;
    int rc = state_keep_clock (turn);
    return rc == 0 ? verb_status (turn, caller, request, handling) : rc;
}

int verb_clock_confirm (struct turn *turn, const struct caller *caller, const struct request *request,
                        struct handling *handling)
{
    moment kept = turn->now;
    if (turn->wall > kept)
        turn->now = turn->wall;
    handling->result = "confirmed";
    return go_on (turn, caller, request, kept, handling);
}

/* C14: a reset may bring expired consents to life, so it is only for a registry whose time is wrong. The time is
   wrong if decisions have stopped, or if it is ahead of the machine's clock and so stands still. A clock that is
   kept right also steps back a little at times; that is over before anybody has typed the command. */
static bool is_wrong (const struct turn *turn)
{
    return turn->state.clock_stopped || turn->now - turn->wall > AHEAD_MS;
}

int verb_clock_reset (struct turn *turn, const struct caller *caller, const struct request *request,
                      struct handling *handling)
{
    moment kept = turn->now;
    if (!is_wrong (turn))
        return handling_invalid (
            handling, "clock_reset",
            "nothing is wrong with the clock: decisions go on, and the registry's time is not "
            "ahead of the machine's clock");
    turn->now = turn->wall;
    subject_cache_clear (turn->cache); /* it holds moments that are now perhaps in the future */
    int rc = state_new_epoch (turn);
    if (rc == 0)
        rc = renewal_begin (turn, turn->now);
    handling->result = "reset";
    return rc == 0 ? go_on (turn, caller, request, kept, handling) : rc;
}

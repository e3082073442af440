/* When it is forgotten what went: after --ledger-days.

   A notice may be owed for what went until then. So nothing is forgotten before all events were heard that there
   are: one may have been made in time, and lain unheard since. And not by this machine's clock alone, which may be
   wrong by years: the registry's must have come as far. */
#include "connection.h"
#include "spool_parts.h"
#include "went.h"

static const int64_t DAY = 86400000;

int spool_forget (struct spool *self)
{
    int64_t now = spool_now (), kept = self->order->ledger_days * DAY;
    int64_t there = spool_time (self), moment = (there < now ? there : now) - kept;
    if (!spool_knows_time (self) || moment / DAY <= self->forgotten || *self->missed ||
        !events_are_all_here (self->events))
        return 0;
    int r = went_forget_before (self->ledger, moment);
    if (r == 0)
        self->forgotten = moment / DAY;
    return r < 0 ? spool_say_unwritable (self, "ledger", r) : 0;
}

/* Who has left an event unheard for too long that ends or limits something (V8): operators and the social team are
   told, once an episode, and the status has who it is now.

   What of the events was looked at already is known in memory only: after a start they are looked at again. Whom
   operators were told of stands in the record of the consumer. */
#pragma once
#include "bodies.h"
#include "turn.h"

struct unheard;
/* Caller owns it. */
struct unheard *unheard_new (void);
void unheard_destroy (struct unheard **self_p);

struct unheard_found {
    bool is_told; /* it is to be told: the record of the consumer says that it was */
    bool more;    /* there are events that were not looked at yet */
    uint64_t number;
    moment since; /* of the oldest event that is overdue; 0: none is */
};
/* Looks at a bounded number of events of a consumer, or of nobody's (events/consumers.h): of an active party whose
   role hears events; of others nothing is overdue. `consumer` and `cursor` are as they were read in this turn.
   While the clock is in doubt nothing is overdue that was not before. 0 or a failure. */
int unheard_look (struct turn *turn, const char *party, struct consumer *consumer, const struct cursor *cursor,
                  struct unheard_found *found);
/* Every consumer was looked at that is behind, or that operators were told of. Who was not is no longer there. */
void unheard_end_round (struct unheard *self);

/* Lists those who are overdue, the longest first, at most `room`. Returns how many are listed. The texts are
   borrowed until the next look. */
size_t unheard_list (const struct unheard *self, struct consumer_warning *list, size_t room);

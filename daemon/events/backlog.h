/* What waits for the consumers of a party, and for how long: what nobody needs is deleted, what waits beyond a
   limit is dropped, and who comes near one is found (V7).

   What is dropped is never dropped in silence: each consumer that did not have it is told so before anything else
   (broker/push.c, verbs/events.c), and operators are. */
#pragma once
#include "bodies.h"
#include "consumers.h"

/* Deletes, of one party, a bounded number of events: those that every consumer has acknowledged, those that nobody
   will ever ask for, and those beyond the limits of the configuration (events/keep, events/keep-days). `*cursor`
   and `*all` are as they were read in this turn, and are then as they are. *dropped: some went that somebody had
   not acknowledged. *more: there is more to delete. 0 or a failure. */
struct backlog_cleared {
    bool dropped, more;
};
int backlog_clear (struct turn *turn, const char *party, struct cursor *cursor, struct consumers *all,
                   struct backlog_cleared *cleared);

struct backlog_found {
    bool is_near, is_dropped; /* operators must be told so: the record says that they were */
    uint64_t waiting;
    moment since; /* of the oldest that waits; 0: none does, or it cannot be read */
};
/* Looks at one live consumer after that, or at nobody's. 0 or a failure. */
int backlog_look (struct turn *turn, const char *party, struct consumer *consumer, const struct cursor *cursor,
                  struct backlog_found *found);

/* Lists the consumers of all parties that are near a limit, at most `room`. 0 or a failure. */
int backlog_list (struct turn *turn, struct consumer_warning *list, size_t room, size_t *count);

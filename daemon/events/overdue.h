/* Whether a consumer has left an event unheard for too long that ends or limits something (V8). Pure: events go in
   in their order, one by one; what to tell comes out. */
#pragma once
#include "kept.h"

/* What is known of one consumer. Begin with zeroes. */
struct overdue {
    uint64_t looked; /* up to this event none protects that it has not acknowledged */
    uint64_t number; /* of the oldest that protects, that it has not acknowledged and that is overdue; 0: none is
                        known */
    moment since;    /* of that event */
};

/* The consumer has acknowledged its events up to this one, or they are no longer kept. */
void overdue_pass (struct overdue *self, uint64_t acknowledged);
/* Takes the event after `looked`, which is overdue if it is not later than `before`. True: the next one is wanted.
   False: one was found, or this one is not overdue, nor any behind it. */
bool overdue_take (struct overdue *self, const struct event *event, moment before);

enum overdue_word {
    OVERDUE_NOTHING, /* is to be told */
    OVERDUE_BEGINS,  /* operators are told, once an episode */
    OVERDUE_ENDS,    /* the consumer has caught up */
};
/* `told`: the event about which they were told in this episode; 0: they were not. `is_whole`: all events were
   taken that can be overdue. */
enum overdue_word overdue_judge (const struct overdue *self, uint64_t told, bool is_whole);

/* The consumers of a party: named systems, each with a position of its own (V7).

   One comes to be when it first subscribes, and is there until an operator forgets it. An event is kept until each
   consumer that was not forgotten has acknowledged it. A party that had none yet keeps its events for the first
   one that comes, while it is active.

   A store of before consumers had names knows one position of each party. It is that of CONSUMER_DEFAULT, from
   which the first writing makes a record. A record that is damaged, missing or older than it must be counts as one
   that has acknowledged nothing that is kept, until it is written anew: its consumer hears some events again, and
   none is lost. */
#pragma once
#include "outbox.h"

enum {
    CONSUMERS_OF_PARTY = 16,  /* that were not forgotten */
    CONSUMERS_FORGOTTEN = 48, /* that are still known; of more, the one that was forgotten first is no longer */
    CONSUMERS_LISTED = CONSUMERS_OF_PARTY + CONSUMERS_FORGOTTEN,
};

struct consumers {
    struct consumer item[CONSUMERS_LISTED]; /* forgotten ones too, by name */
    size_t count, live;
    uint32_t missing; /* so many records of live ones are not there */
};

/* A party whose position is one of before consumers had names. */
bool consumers_is_of_before (const struct cursor *cursor);
/* All of a party, whose cursor the caller has read. 0 or a failure. */
int consumers_list (struct turn *turn, const char *party, const struct cursor *cursor, struct consumers *all);
/* The one of this name, in the list; NULL: there is none. */
struct consumer *consumers_of_name (struct consumers *all, const char *name);
/* Finds one, forgotten or not. 0, CONSUMERS_NONE or a failure. */
int consumers_find (struct turn *turn, const char *party, const char *name, const struct cursor *cursor,
                    struct consumer *found);
/* What is kept in the place of a consumer, of a party that has none. */
struct consumer consumers_nobody (const struct cursor *cursor);
/* Up to which event every live consumer has acknowledged; what is kept of those may go. */
uint64_t consumers_least (const struct consumers *all, const struct cursor *cursor);

/* Where a consumer that is new begins. */
struct consumer_start {
    const char *party, *name;
    uint64_t from; /* number of its first event: one that is kept, or the next one; 0: the oldest that is kept */
};
/* Finds a consumer, or makes it, also one that was forgotten. `*cursor` is the party's, and is written if the
   consumer is new. 0, CONSUMERS_TOO_MANY or a failure. */
int consumers_begin (struct turn *turn, const struct consumer_start *start, struct cursor *cursor,
                     struct consumer *found);
/* The consumer subscribed: keeps when it was last seen, where there is room for that. 0 or a failure. */
int consumers_seen (struct turn *turn, const char *party, struct consumer *consumer);
/* The consumer has stored its events up to `number`, which the party has. Deletes those that every consumer has
   acknowledged, a bounded part of them (outbox_clear). Less than it acknowledged before changes nothing. 0 or a
   failure. */
int consumers_acknowledge (struct turn *turn, const char *party, struct consumer *consumer, uint64_t number);
/* The consumer is gone for good: nothing is kept for it any more. 0, CONSUMERS_NONE or a failure. */
int consumers_forget (struct turn *turn, const char *party, const char *name, struct consumer *forgotten);
/* Writes the record of a consumer that was listed, whatever stood there; that of nobody is part of the cursor. 0
   or a failure. */
int consumers_put (struct turn *turn, const char *party, const struct consumer *consumer);
/* Fills in of a cursor that cannot be read what the table says. 0 or a failure. */
int consumers_recount (struct turn *turn, const char *party, struct cursor *cursor);

/* The messages that lie in a folder, the one that was written first before the others: so they are decided in the
   order in which their senders wrote them, whatever the order in which a directory gives its names. What takes
   back is then decided after what it takes back.

   They are given in rounds: in one each that is there at its begin, once. What comes meanwhile has its turn after
   that. Names are looked up by many at once, and kept until each was given; however many there are, no more than a
   bounded number is remembered: the oldest, and with the next look of the same round those that follow them. So
   however many stay there that nobody can take, all others have their turn. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ARRIVALS_MAX = 16384 /* names that are remembered */ };

struct arrival {
    int64_t came; /* when it was last written, in ns since 1970 */
    char *name;
};

struct arrivals {
    struct arrival *list; /* sorted; those before `next` were given */
    size_t count, next, room;
    bool goes_on;         /* there is more in this round, for another look */
    struct arrival after; /* then: the last one that was remembered. Owned */
    int64_t until;        /* of this round: when the newest was written that was there at its begin */
};

/* Looks the folder through, if all that was found before was given: for what follows in this round, or for the
   beginning of a new one. `most` is ARRIVALS_MAX, unless it is a test. True: there is at least one. False: nothing
   follows in this round any more, or there is nothing; a folder that cannot be read has nothing. */
bool arrivals_look (struct arrivals *self, int folder, size_t most);
/* The next name, of whatever sort of file; NULL: none is left. Valid until the next look. It may be gone by now.
 */
const char *arrivals_next (struct arrivals *self);
void arrivals_clear (struct arrivals *self);

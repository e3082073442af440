/* The messages that lie in a folder, the one that was written first before the others: so they are decided in the
   order in which their senders wrote them, whatever the order in which a directory gives its names. What takes
   back is then decided after what it takes back.

   Names are looked up by many at once, and kept until each was given: what comes meanwhile has its turn after
   these. However many there are, no more than a bounded number is remembered: the oldest. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

enum { ARRIVALS_MAX = 16384 /* names that are remembered */ };

struct arrival;

struct arrivals {
    struct arrival *list; /* sorted; those before `next` were given */
    size_t count, next, room;
};

/* Looks the folder through, if all that was found before was given. `most` is ARRIVALS_MAX, unless it is a test.
   True: there is at least one. A folder that cannot be read has none. */
bool arrivals_look (struct arrivals *self, int folder, size_t most);
/* The next name, of whatever sort of file; NULL: none is left. Valid until the next look. It may be gone by now.
 */
const char *arrivals_next (struct arrivals *self);
void arrivals_clear (struct arrivals *self);

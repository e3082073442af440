/* A listing in pages is one line of the log (A1): that of its first page.

   The answer to a page of which there is more has a ticket, with which the next page is asked. It names the line
   of the first page and is authenticated by the registry for one place: the same party, user, verb, filters and
   endpoint, in the same epoch, right behind the page before. So nothing is read without a line that says who reads
   what: a ticket leads forward only, and for LISTING_PAUSE. */
#pragma once
#include "caller.h"
#include "reply.h"
#include "turn.h"

enum { LISTING_PAUSE = 15 * 60 * 1000 }; /* ms from one page to the next */

enum listing {
    LISTING_BEGINS,  /* a first page, or one that is asked too late: it has a line of its own */
    LISTING_GOES_ON, /* a page of the listing that began in line *line */
    LISTING_FOREIGN, /* the ticket is forged, or another's, or of another place */
};

/* What the request is to a listing, by its ticket. */
enum listing listing_of (const struct turn *turn, const struct caller *caller, const struct request *request,
                         uint64_t *line);

/* The ticket to the page behind this answer, of a listing that began in `line`; 0: in the one that this request
   will have. Size 0 where there is none. The arena's. */
struct bytes listing_ticket (struct turn *turn, const struct caller *caller, const struct request *request,
                             const struct reply *reply, uint64_t line);

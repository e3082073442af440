/* A listing in pages is one line of the log (A1): the line of its first page.

   The answer to a page, if there are more, has a ticket for the next page. The ticket names the line of the first
   page, and the registry authenticates it for one place: the same party, user, verb, filters and endpoint, in the
   same epoch, right after the page before. So nothing is read without a line that says who reads what: a ticket
   only leads forward, and only for LISTING_PAUSE.

   No verb is named here. A verb reads `page` of its request, and sets `more` and `next` of its reply. */
#pragma once
#include "caller.h"
#include "reply.h"
#include "turn.h"

enum { LISTING_PAUSE = 15 * 60 * 1000 }; /* ms from one page to the next */

enum listing {
    LISTING_BEGINS,  /* a first page, or a page asked too late: it gets a line of its own */
    LISTING_GOES_ON, /* a page of the listing that began in line *line */
    LISTING_FOREIGN, /* the ticket is forged, or for another caller or another place */
};

/* Whether the request begins a listing or goes on with one, by its ticket. */
enum listing listing_of (const struct turn *turn, const struct caller *caller, const struct request *request,
                         uint64_t *line);

/* The ticket for the page after this answer. The listing began in `line`; 0: in the line that this request will
   have. Size 0 if there is no further page. The arena's. */
struct bytes listing_ticket (struct turn *turn, const struct caller *caller, const struct request *request,
                             const struct reply *reply, uint64_t line);

#include "listing.h"
#include <string.h>
#include "audit/log.h"
#include "big_endian.h"
#include "codec/codec.h"

/* A ticket: the line of the first page, the moment at which the ticket was given, and a code that authenticates
   both for one place in the listing. */
enum { AT_GIVEN = 8, AT_CODE = 16, TICKET_SIZE = AT_CODE + VAULT_ID_SIZE };

static bool is_first (const struct listing_place *place)
{
    return place->order == 0 && place->line == 0 && !place->statements && place->bytes.size == 0 &&
           (place->text == NULL || place->text[0] == '\0');
}

/* The bytes that stand for a place in a listing. */
static struct bytes place_bytes (const struct listing_place *place, struct arena *arena)
{
    const char *text =
        arena_printf (arena, "%llu %llu %d %s", (unsigned long long)place->order, (unsigned long long)place->line,
                      place->statements, place->text != NULL ? place->text : "");
    size_t size = strlen (text) + 1;
    uint8_t *bytes = arena_alloc (arena, size + place->bytes.size);
    memcpy (bytes, text, size);
    if (place->bytes.size > 0)
        memcpy (bytes + size, place->bytes.data, place->bytes.size);
    return (struct bytes){bytes, size + place->bytes.size};
}

/* The code of a ticket that leads to this place of this listing. What is listed is all that the request says
   besides the page: so no field of a request can be forgotten here. */
static void authenticate (const struct turn *turn, const struct caller *caller, const struct request *request,
                          const struct listing_place *place, uint8_t ticket[TICKET_SIZE])
{
    enum { HEAD = sizeof turn->state.epoch + AT_CODE };
    const char *who = arena_printf (turn->arena, "%s %d %d %s", caller->party->text.id, (int)caller->channel,
                                    (int)request->verb, request->user);
    struct bytes listed = codec_write_listed (request, turn->arena);
    size_t size = strlen (who) + 1;
    uint8_t *what = arena_alloc (turn->arena, HEAD + size + listed.size);
    memcpy (what, turn->state.epoch, sizeof turn->state.epoch);
    memcpy (what + sizeof turn->state.epoch, ticket, AT_CODE);
    memcpy (what + HEAD, who, size);
    memcpy (what + HEAD + size, listed.data, listed.size);
    vault_fingerprint (turn->vault, "listing", (struct bytes){what, HEAD + size + listed.size},
                       place_bytes (place, turn->arena), ticket + AT_CODE);
}

enum listing listing_of (const struct turn *turn, const struct caller *caller, const struct request *request,
                         uint64_t *line)
{
    if (request->listing.size == 0)
        return LISTING_BEGINS;
    if (request->listing.size != TICKET_SIZE || is_first (&request->page.after)) /* no ticket leads there */
        return LISTING_FOREIGN;
    const uint8_t *given = request->listing.data;
    uint8_t ticket[TICKET_SIZE];
    memcpy (ticket, given, AT_CODE);
    authenticate (turn, caller, request, &request->page.after, ticket);
    if (!vault_equal (ticket, given, TICKET_SIZE))
        return LISTING_FOREIGN;
    *line = get_be64 (ticket);
    moment when = (moment)get_be64 (ticket + AT_GIVEN);
    return turn->now - when <= LISTING_PAUSE ? LISTING_GOES_ON : LISTING_BEGINS;
}

struct bytes listing_ticket (struct turn *turn, const struct caller *caller, const struct request *request,
                             const struct reply *reply, uint64_t line)
{
    if (reply->status != STATUS_OK || !reply->more)
        return (struct bytes){"", 0};
    uint8_t *ticket = arena_alloc (turn->arena, TICKET_SIZE);
    put_be64 (ticket, line != 0 ? line : audit_promise_line (turn));
    put_be64 (ticket + AT_GIVEN, (uint64_t)turn->now);
    authenticate (turn, caller, request, &reply->next, ticket);
    return (struct bytes){ticket, TICKET_SIZE};
}

#include "listing.h"
#include <string.h>
#include "audit/log.h"
#include "big_endian.h"
#include "permission.h"

/* A ticket: the line of the first page, the moment at which the ticket was given, and a code that authenticates
   both for one place in the listing. */
enum { AT_GIVEN = 8, AT_CODE = 16, TICKET_SIZE = AT_CODE + VAULT_ID_SIZE };

static struct bytes number_bytes (struct arena *arena, uint64_t number)
{
    uint8_t *bytes = arena_alloc (arena, 8);
    put_be64 (bytes, number);
    return (struct bytes){bytes, 8};
}

static struct bytes text_bytes (const char *text)
{
    return (struct bytes){text, strlen (text)};
}

/* The place of an obligation among those of its subject. */
static struct bytes name_bytes (struct arena *arena, struct obligation_name name)
{
    uint8_t *bytes = arena_alloc (arena, 8 + 1);
    put_be64 (bytes, name.decision);
    bytes[8] = (uint8_t)name.kind;
    return (struct bytes){bytes, 8 + 1};
}

/* What is listed: everything that the request says, except where the page begins and how long it is. NULL: the
   request is no listing. */
static const char *filters_of (const struct request *request, struct arena *arena)
{
    switch (request->verb) {
    case VERB_CONSENT_LIST:
        return request->bsn;
    case VERB_WAITING_LIST:
        return request->bsn;
    case VERB_OBLIGATION_LIST:
        return request->bsn;
    case VERB_DUE_LIST:
        return arena_printf (arena, "%lld", (long long)request->as.due_list.until);
    case VERB_PARTY_LIST:
        return request->as.party_list.id;
    case VERB_AUDIT_LIST:
        return arena_printf (arena, "%s %d", request->bsn, request->as.audit_list.raw);
    case VERB_DECISION_SHOW: /* first its facts, then the statements that were seen */
        return arena_printf (arena, "%llu", (unsigned long long)request->as.decision_show.number);
    default:
        return NULL;
    }
}

/* Where the page begins that this request asks for. Size 0: at the beginning; no ticket leads there. */
static struct bytes place_of (const struct request *request, struct arena *arena)
{
    switch (request->verb) {
    case VERB_CONSENT_LIST:
        return (struct bytes){request->as.consent_list.after, request->as.consent_list.has_after ? 16 : 0};
    case VERB_WAITING_LIST:
        return (struct bytes){request->as.waiting_list.after,
                              request->as.waiting_list.has_after ? sizeof request->as.waiting_list.after : 0};
    case VERB_OBLIGATION_LIST:
        return name_bytes (arena, request->as.obligation_list.after);
    case VERB_DUE_LIST:
        return request->as.due_list.after;
    case VERB_PARTY_LIST:
        return text_bytes (request->as.party_list.after);
    case VERB_AUDIT_LIST:
        return number_bytes (arena, request->as.audit_list.after);
    case VERB_DECISION_SHOW:
        if (request->as.decision_show.statements)
            return number_bytes (arena, request->as.decision_show.after);
        return (struct bytes){"", 0};
    default:
        return (struct bytes){"", 0};
    }
}

static struct bytes id_bytes (const struct shown_consent *shown)
{
    return (struct bytes){shown->statement->id, sizeof shown->statement->id};
}

/* After the facts of a decision come the statements that were seen, for a caller that may explain. */
static struct bytes place_in_decision (const struct caller *caller, const struct request *request,
                                       const struct shown_decision *shown, struct arena *arena)
{
    bool explains = (caller->party->permissions & (PERMISSION_EXPLAIN | PERMISSION_ADMIN)) != 0;
    if (!request->as.decision_show.statements && explains)
        return number_bytes (arena, 0);
    if (shown->more && shown->statement_count > 0)
        return number_bytes (arena, shown->statements[shown->statement_count - 1].statement->order);
    return (struct bytes){"", 0};
}

/* Where the page after this answer begins. Size 0: there is none. */
static struct bytes place_behind (const struct caller *caller, const struct request *request,
                                  const struct reply *reply, struct arena *arena)
{
    switch (reply->body) {
    case REPLY_CONSENT_LIST:
        if (reply->as.consent_list.more && reply->as.consent_list.count > 0)
            return id_bytes (&reply->as.consent_list.consents[reply->as.consent_list.count - 1]);
        break;
    case REPLY_WAITING_LIST:
        if (reply->as.waiting_list.more)
            return (struct bytes){reply->as.waiting_list.next, sizeof reply->as.waiting_list.next};
        break;
    case REPLY_OBLIGATION_LIST:
        if (reply->as.obligation_list.more)
            return name_bytes (arena, reply->as.obligation_list.next);
        break;
    case REPLY_DUE_LIST:
        if (reply->as.due_list.more)
            return reply->as.due_list.next;
        break;
    case REPLY_PARTY_LIST:
        if (reply->as.party_list.more && reply->as.party_list.count > 0)
            return text_bytes (reply->as.party_list.parties[reply->as.party_list.count - 1].text.id);
        break;
    case REPLY_AUDIT_LIST:
        if (reply->as.audit_list.more)
            return number_bytes (arena, reply->as.audit_list.looked_until);
        break;
    case REPLY_DECISION_SHOW:
        return place_in_decision (caller, request, &reply->as.decision_show, arena);
    default:
        break;
    }
    return (struct bytes){"", 0};
}

/* The code of a ticket that leads to this place of this listing. */
static void authenticate (const struct turn *turn, const struct caller *caller, const struct request *request,
                          struct bytes place, uint8_t ticket[TICKET_SIZE])
{
    const char *who = arena_printf (turn->arena, "%s %d %d %s %s", caller->party->text.id, (int)caller->channel,
                                    (int)request->verb, request->user, filters_of (request, turn->arena));
    size_t size = strlen (who) + 1;
    uint8_t *what = arena_alloc (turn->arena, sizeof turn->state.epoch + AT_CODE + size);
    memcpy (what, turn->state.epoch, sizeof turn->state.epoch);
    memcpy (what + sizeof turn->state.epoch, ticket, AT_CODE);
    memcpy (what + sizeof turn->state.epoch + AT_CODE, who, size);
    vault_fingerprint (turn->vault, "listing", (struct bytes){what, sizeof turn->state.epoch + AT_CODE + size},
                       place, ticket + AT_CODE);
}

enum listing listing_of (const struct turn *turn, const struct caller *caller, const struct request *request,
                         uint64_t *line)
{
    if (request->listing.size == 0)
        return LISTING_BEGINS;
    struct bytes place = place_of (request, turn->arena);
    if (request->listing.size != TICKET_SIZE || place.size == 0 || filters_of (request, turn->arena) == NULL)
        return LISTING_FOREIGN;
    const uint8_t *given = request->listing.data;
    uint8_t ticket[TICKET_SIZE];
    memcpy (ticket, given, AT_CODE);
    authenticate (turn, caller, request, place, ticket);
    if (!vault_equal (ticket, given, TICKET_SIZE))
        return LISTING_FOREIGN;
    *line = get_be64 (ticket);
    moment when = (moment)get_be64 (ticket + AT_GIVEN);
    return turn->now - when <= LISTING_PAUSE ? LISTING_GOES_ON : LISTING_BEGINS;
}

struct bytes listing_ticket (struct turn *turn, const struct caller *caller, const struct request *request,
                             const struct reply *reply, uint64_t line)
{
    if (reply->status != STATUS_OK || filters_of (request, turn->arena) == NULL)
        return (struct bytes){"", 0};
    struct bytes place = place_behind (caller, request, reply, turn->arena);
    if (place.size == 0)
        return (struct bytes){"", 0};
    uint8_t *ticket = arena_alloc (turn->arena, TICKET_SIZE);
    put_be64 (ticket, line != 0 ? line : audit_promise_line (turn));
    put_be64 (ticket + AT_GIVEN, (uint64_t)turn->now);
    authenticate (turn, caller, request, place, ticket);
    return (struct bytes){ticket, TICKET_SIZE};
}

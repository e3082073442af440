#include "party_ask.h"
#include <string.h>
#include "pages.h"
#include "table.h"

/* --- Reading ------------------------------------------------------------------------------------------- */

int party_ask_one (struct ctl *ctl, const char *id, Consentd__Reply **reply_p)
{
    Consentd__PartyListRequest body;
    consentd__party_list_request__init (&body);
    Consentd__Request request = ASK_REQUEST (PARTY_LIST, party_list, &body);
    body.id = arena_strdup (ctl->arena, id);
    return ask (ctl, &request, CONSENTD__REPLY__BODY_PARTY_LIST, reply_p);
}

/* The next page begins after the last party. */
static bool go_on (struct pages *pages, const Consentd__Reply *page)
{
    const Consentd__PartyListReply *list = page->party_list;
    if (list->n_parties == 0)
        return false;
    pages->request->party_list->after = arena_strdup (pages->ctl->arena, list->parties[list->n_parties - 1]->id);
    return true;
}

static bool is_of_same_table (const Consentd__Reply *first, const Consentd__Reply *page)
{
    const ProtobufCBinaryData *a = &first->party_list->table, *b = &page->party_list->table;
    return a->len == b->len && memcmp (a->data, b->data, a->len) == 0;
}

/* If parties change between two pages, all pages are read again, so that what is shown was true at one moment. */
int party_ask_all (struct ctl *ctl, Consentd__Reply **all_p)
{
    enum { TRIES = 8 };
    static const struct paging parties = {CONSENTD__REPLY__BODY_PARTY_LIST, go_on, is_of_same_table};
    for (int i = 0; i < TRIES; i++) {
        Consentd__PartyListRequest body;
        consentd__party_list_request__init (&body);
        Consentd__Request request = ASK_REQUEST (PARTY_LIST, party_list, &body);
        int error = pages_all (ctl, &request, &parties, all_p);
        if (error != PAGES_CHANGED)
            return error;
    }
    return ctl_fail (EX_TEMPFAIL, "the parties change all the time: try again");
}

/* --- Text and wire ------------------------------------------------------------------------------------- */

struct party_text party_from_wire (const Consentd__Party *wire, struct arena *arena)
{
    struct party_key *keys = arena_array (arena, wire->n_keys, sizeof *keys);
    for (size_t i = 0; i < wire->n_keys; i++)
        keys[i] = (struct party_key){wire->keys[i]->name, wire->keys[i]->public_key, wire->keys[i]->since,
                                     wire->keys[i]->until};
    struct party_text party = {.id = wire->id,
                               .kind = wire->kind,
                               .role = wire->role,
                               .secrecy = wire->secrecy,
                               .agreement_from = wire->agreement_from,
                               .agreement_until = wire->agreement_until,
                               .agreement_reference = wire->agreement_reference,
                               .contact = wire->contact,
                               .agb = wire->agb,
                               .gemeentecode = wire->gemeentecode,
                               .oin = wire->oin,
                               .keys = keys,
                               .key_count = wire->n_keys,
                               .active = wire->active};
    const Consentd__PartyLimits *limits = wire->limits;
    if (limits)
        party.limits =
            (struct party_limits){limits->requests_per_second, limits->requests_burst, limits->log_per_second,
                                  limits->log_burst,           limits->connections,    limits->subjects_per_hour};
    return party;
}

static Consentd__PartyLimits *limits_to_wire (const struct party_limits *limits, struct arena *arena)
{
    static const struct party_limits none = {0};
    if (memcmp (limits, &none, sizeof none) == 0)
        return NULL;
    Consentd__PartyLimits *wire = arena_alloc (arena, sizeof *wire);
    consentd__party_limits__init (wire);
    wire->requests_per_second = limits->requests_per_second;
    wire->requests_burst = limits->requests_burst;
    wire->log_per_second = limits->log_per_second;
    wire->log_burst = limits->log_burst;
    wire->connections = limits->connections;
    wire->subjects_per_hour = limits->subjects_per_hour;
    return wire;
}

static Consentd__PartyKey *key_to_wire (const struct party_key *key, struct arena *arena)
{
    Consentd__PartyKey *wire = arena_alloc (arena, sizeof *wire);
    consentd__party_key__init (wire);
    wire->name = arena_strdup (arena, key->name);
    wire->public_key = arena_strdup (arena, key->public_key);
    wire->since = arena_strdup (arena, key->since);
    wire->until = arena_strdup (arena, key->until);
    return wire;
}

Consentd__Party *party_to_wire (const struct party_text *given, struct arena *arena)
{
    struct party_text party = party_text_copy (given, arena);
    Consentd__Party *wire = arena_alloc (arena, sizeof *wire);
    consentd__party__init (wire);
    wire->id = arena_strdup (arena, party.id);
    wire->kind = arena_strdup (arena, party.kind);
    wire->role = arena_strdup (arena, party.role);
    wire->secrecy = arena_strdup (arena, party.secrecy);
    wire->agreement_from = arena_strdup (arena, party.agreement_from);
    wire->agreement_until = arena_strdup (arena, party.agreement_until);
    wire->agreement_reference = arena_strdup (arena, party.agreement_reference);
    wire->contact = arena_strdup (arena, party.contact);
    wire->agb = arena_strdup (arena, party.agb);
    wire->gemeentecode = arena_strdup (arena, party.gemeentecode);
    wire->oin = arena_strdup (arena, party.oin);
    wire->active = party.active;
    wire->limits = limits_to_wire (&party.limits, arena);
    wire->n_keys = party.key_count;
    wire->keys = arena_array (arena, party.key_count, sizeof *wire->keys);
    for (size_t i = 0; i < party.key_count; i++)
        wire->keys[i] = key_to_wire (&party.keys[i], arena);
    return wire;
}

/* --- Changing ------------------------------------------------------------------------------------------ */

int party_ask_apply (struct ctl *ctl, const struct party_plan *plan, bool trial, Consentd__Reply **reply_p)
{
    enum { MOST = 256, SIZE_MOST = 64 * 1024 };
    Consentd__PartyApplyRequest body;
    consentd__party_apply_request__init (&body);
    Consentd__Request request = ASK_REQUEST (PARTY_APPLY, party_apply, &body);
    body.parties = arena_array (ctl->arena, plan->count, sizeof *body.parties);
    body.n_parties = plan->count;
    for (size_t i = 0; i < plan->count; i++)
        body.parties[i] = party_to_wire (&plan->parties[i], ctl->arena);
    body.trial = trial;
    body.table = *plan->table;
    enum { ENVELOPE = 256 };
    if (plan->count > MOST || consentd__request__get_packed_size (&request) > SIZE_MOST - ENVELOPE)
        return ctl_fail (
            EX_DATAERR,
            "%zu parties change, more than fit in one request (256, and 64 KiB), and so not all or none: "
            "apply them in parts",
            plan->count);
    return ask (ctl, &request, CONSENTD__REPLY__BODY_PARTY_APPLY, reply_p);
}

void party_print_changes (struct ctl *ctl, const Consentd__Reply *reply)
{
    const Consentd__PartyApplyReply *changes = reply->party_apply;
    for (size_t i = 0; i < changes->n_changes; i++) {
        const Consentd__PartyChange *one = changes->changes[i];
        printf ("%s: %s%s%s\n", table_clean (ctl->arena, one->id), table_clean (ctl->arena, one->change),
                *one->what ? ": " : "", table_clean (ctl->arena, one->what));
    }
}

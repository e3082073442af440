#include "party_ask.h"
#include <stdlib.h>
#include <string.h>
#include "convert.h"
#include "fields/tables.h"
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

/* A party, and what else the registry tells about it. */
struct told_party {
    struct party_text text;
    const char *unfit;
};

static const struct field told_party[] = {
    {GROUP (told_party, text, &party_text_fields)},
    {TEXT (told_party, unfit)},
};
static const struct fields told_party_fields = {FIELDS_OF (told_party, told_party)};
static struct message party_message = {&told_party_fields, &consentd__party__descriptor};

struct party_text party_from_wire (const Consentd__Party *wire, struct arena *arena)
{
    struct told_party told;
    if (!convert_from_message (&party_message, &wire->base, arena, &told))
        abort (); /* no party can fail to fit: so memory is lacking */
    return told.text;
}

Consentd__Party *party_to_wire (const struct party_text *party, struct arena *arena)
{
    struct told_party told = {.text = party_text_copy (party, arena)};
    return convert_to_message (&party_message, &told, arena);
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

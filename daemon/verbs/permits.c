/* Many checks at once: who may receive what about a subject, and whom a party may ask (C1 to C9). What is listed
   is what an ADVISE of the same moment would permit; nothing is used, opened or recorded but the question.

   All pages tell of one state and one moment, those of the first page. Where something has changed since, the
   listing must begin anew: half of it would be of another state. */
#include <string.h>
#include "audit/log.h"
#include "big_endian.h"
#include "codec/codec.h"
#include "registry/permitted.h"
#include "verbs.h"

enum {
    LOOKED_AT = 1 << 14,     /* pairs of parties and purposes for one page, at most */
    WORK_A_PAGE = 1 << 19,   /* of decisions */
    SIZE_A_PAGE = 40 * 1024, /* bytes of what is listed, about */
    SIZE_OF_ROW = 160,
    SIZE_OF_CATEGORY = 140,
};

/* Where a page begins: at this case of what is permitted for this purpose between these two of the parties. */
struct place {
    uint32_t provider, recipient, purpose, row;
};

/* What a cursor holds: the state that is listed, and the place. */
enum {
    AT_STATE = 0,
    AT_MOMENT = AT_STATE + VAULT_ID_SIZE,
    AT_REVISION = AT_MOMENT + 8,
    AT_PLACE = AT_REVISION + 8,
    CURSOR_PLAIN = AT_PLACE + 4 * 4,
    CURSOR_SIZE = CURSOR_PLAIN + VAULT_SEAL_OVERHEAD,
};

/* The page that is made. Of both parties NULL: all of them. */
struct permits_page {
    struct turn *turn;
    const struct caller *caller;
    const char *body; /* of the request */
    const struct party *provider, *recipient;
    code purpose; /* CODE_NONE: all */
    struct permitted_wish wish;
    struct decide_facts facts;
    uint64_t revision;
    uint8_t state[VAULT_ID_SIZE];
    struct place at;
    unsigned limit;
    struct permitted *rows;
    size_t count, size, looked;
    uint64_t work_before;
};

static int invalid (const struct permits_page *page, struct handling *handling, const char *field,
                    const char *message)
{
    return handling_invalid (handling, arena_printf (page->turn->arena, "%s.%s", page->body, field), message);
}

/* --- Which state is listed ----------------------------------------------------------------------------- */

/* All on which a page depends, but for the moment: what is listed, for whom, the subject, the parties, the pack.
 */
static void find_state (struct permits_page *page, const struct request *request, const struct subject_file *file)
{
    struct turn *turn = page->turn;
    struct bytes listed = codec_write_listed (request, turn->arena);
    enum { EPOCH = sizeof turn->state.epoch, HASH = sizeof turn->policy->hash, NUMBERS = 3 * 8 };
    uint8_t *all = arena_alloc (turn->arena, EPOCH + HASH + PARTIES_HASH + NUMBERS + listed.size), *at = all;
    memcpy (at, turn->state.epoch, EPOCH);
    memcpy (at += EPOCH, turn->policy->hash, HASH);
    memcpy (at += HASH, parties_hash (turn->parties), PARTIES_HASH);
    put_be64 (at += PARTIES_HASH, file->generation);
    put_be64 (at + 8, file->since);
    put_be64 (at + 16, page->caller->party->permissions);
    memcpy (at += NUMBERS, listed.data, listed.size);
    vault_fingerprint (turn->vault, "permits", (struct bytes){file->id, sizeof file->id},
                       (struct bytes){all, (size_t)(at - all) + listed.size}, page->state);
}

static struct vault_binding binding_of (const struct permits_page *page)
{
    const char *party = page->caller->party->text.id;
    return (struct vault_binding){page->body, 1, party, strlen (party)};
}

static struct bytes seal_cursor (const struct permits_page *page)
{
    uint8_t plain[CURSOR_PLAIN], *sealed = arena_alloc (page->turn->arena, CURSOR_SIZE);
    struct vault_binding binding = binding_of (page);
    const uint32_t place[] = {page->at.provider, page->at.recipient, page->at.purpose, page->at.row};
    memcpy (plain + AT_STATE, page->state, sizeof page->state);
    put_be64 (plain + AT_MOMENT, (uint64_t)page->facts.now);
    put_be64 (plain + AT_REVISION, page->revision);
    memcpy (plain + AT_PLACE, place, sizeof place);
    vault_seal (vault_system_key (page->turn->vault), &binding, plain, sizeof plain, sealed);
    return (struct bytes){sealed, CURSOR_SIZE};
}

/* Reads where the page begins, and when the listing did. True if it can be gone on with; else the answer says why
   not. */
static bool open_cursor (struct permits_page *page, struct bytes cursor, struct handling *handling)
{
    uint8_t plain[CURSOR_PLAIN];
    struct vault_binding binding = binding_of (page);
    uint32_t place[4];
    if (cursor.size == 0)
        return true;
    if (cursor.size != CURSOR_SIZE ||
        vault_unseal (vault_system_key (page->turn->vault), &binding, cursor.data, cursor.size, plain) != 0)
        return invalid (page, handling, "after", "not a cursor of this party's") != 0;
    if (!vault_equal (plain + AT_STATE, page->state, sizeof page->state))
        return invalid (page, handling, "after",
                        "what is asked, the subject, the parties or the pack changed since the first page: begin "
                        "anew") != 0;
    page->facts.now = (moment)get_be64 (plain + AT_MOMENT);
    page->revision = get_be64 (plain + AT_REVISION);
    memcpy (place, plain + AT_PLACE, sizeof place);
    page->at = (struct place){place[0], place[1], place[2], place[3]};
    return true;
}

/* --- What is on it ------------------------------------------------------------------------------------- */

static bool is_full (const struct permits_page *page)
{
    return page->looked >= LOOKED_AT || page->turn->work - page->work_before >= WORK_A_PAGE;
}

/* Takes the rows from that of the place on. False: there is no room for all of them, and the place is the first
   that was left. */
static bool take (struct permits_page *page, const struct permitted_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct permitted *row = &list->items[i];
        page->at.row = (uint32_t)row->index;
        size_t size = SIZE_OF_ROW + row->category_count * SIZE_OF_CATEGORY;
        if (page->count == page->limit || (page->count > 0 && page->size + size > SIZE_A_PAGE))
            return false;
        page->rows[page->count++] = *row;
        page->size += size;
    }
    page->at.row = list->left_out ? (uint32_t)list->next : 0;
    return !list->left_out;
}

/* From the purpose of the place on. As take (). */
static bool look_at_pair (struct permits_page *page, const struct party *provider, const struct party *recipient)
{
    const struct policy *policy = page->facts.policy;
    for (; page->at.purpose < policy->purpose_count; page->at.purpose++) {
        struct permit_question question = {provider, recipient, (code)page->at.purpose, ""};
        if ((page->purpose != CODE_NONE && page->purpose != question.purpose) ||
            !permits_are_possible (policy, provider->kind, recipient->kind, question.purpose))
            continue;
        if (is_full (page))
            return false;
        page->looked++;
        page->wish.first = page->at.row;
        struct permitted_list list = permitted_between (page->turn, &page->facts, &question, &page->wish);
        if (!take (page, &list))
            return false;
    }
    page->at.purpose = 0;
    return true;
}

/* C2: a party whose kind the pack does not know is not known to a check. */
static bool is_asked (const struct party *asked, const struct party *party)
{
    return (asked == NULL || asked == party) && party->kind != CODE_NONE;
}

/* With this provider, from the recipient of the place on. */
static bool look_at_provider (struct permits_page *page, const struct party *provider)
{
    const struct party_entry *entry;
    for (; (entry = parties_at (page->turn->parties, page->at.recipient)) != NULL; page->at.recipient++) {
        const struct party *recipient = &entry->party;
        if (!is_asked (page->recipient, recipient) || recipient == provider)
            continue;
        if (is_full (page))
            return false;
        page->looked++;
        if (!look_at_pair (page, provider, recipient))
            return false;
    }
    page->at.recipient = 0;
    return true;
}

/* True: there is no further page. */
static bool look (struct permits_page *page)
{
    const struct party_entry *entry;
    for (; (entry = parties_at (page->turn->parties, page->at.provider)) != NULL; page->at.provider++)
        if (is_asked (page->provider, &entry->party) && !look_at_provider (page, &entry->party))
            return false;
    return true;
}

/* C9: a statement that does not name the caller changes nothing of what it may be told. So it must not change how
   long the answer takes either, by which the caller would learn that there is such a statement. */
static void look_at_own (struct permits_page *page, const char *party)
{
    struct decide_facts *facts = &page->facts;
    struct statement *own = arena_array (page->turn->arena, facts->statement_count, sizeof *own);
    size_t count = 0;
    for (size_t i = 0; i < facts->statement_count; i++)
        if (statement_names_party (&facts->statements[i], party))
            own[count++] = facts->statements[i];
    facts->statements = own;
    facts->statement_count = count;
}

static int answer (struct permits_page *page, const struct request *request, struct handling *handling)
{
    struct turn *turn = page->turn;
    struct reply *reply = &handling->reply;
    int rc = subject_file_open (turn, request->bsn, &handling->file);
    if (rc != 0)
        return rc;
    handling->has_file = true;
    page->facts = subject_file_facts (turn, &handling->file);
    page->revision = turn->state.revision;
    page->limit = request->page.limit;
    page->work_before = turn->work;
    if (page->recipient != NULL)
        look_at_own (page, page->recipient->id);
    find_state (page, request, &handling->file);
    if (!open_cursor (page, request->page.after.bytes, handling))
        return 0;
    page->rows = arena_array (turn->arena, page->limit, sizeof *page->rows);
    reply->more = !look (page);
    turn->work += page->looked;
    if (reply->more)
        reply->next.bytes = seal_cursor (page);
    reply->body = REPLY_PERMITS;
    reply->as.permits.permits = page->rows;
    reply->as.permits.count = page->count;
    reply->as.permits.revision = page->revision;
    reply->as.permits.as_of = page->facts.now;
    return 0;
}

/* --- The verbs ----------------------------------------------------------------------------------------- */

/* Looks up what the listing is narrowed to, as verbs/check.c does. "": nothing. */
static const struct party *find_party (struct permits_page *page, const char *id, struct handling *handling)
{
    const struct party *party = id[0] != '\0' ? parties_lookup (page->turn->parties, id) : NULL;
    if (id[0] != '\0' && (party == NULL || party->kind == CODE_NONE))
        invalid (page, handling, "provider", "unknown party");
    return party;
}

static code find_code (struct permits_page *page, const char *name, const char *field, struct handling *handling)
{
    bool is_purpose = strcmp (field, "purpose") == 0;
    code found = name[0] == '\0' ? CODE_NONE
                 : is_purpose    ? policy_purpose (page->turn->policy, name)
                                 : policy_category (page->turn->policy, name);
    if (name[0] != '\0' && found == CODE_NONE)
        invalid (page, handling, field, is_purpose ? "unknown purpose" : "unknown category");
    return found;
}

int verb_who_may_receive (struct turn *turn, const struct caller *caller, const struct request *request,
                          struct handling *handling)
{
    struct permits_page page = {.turn = turn, .caller = caller, .body = "who_may_receive"};
    page.provider = find_party (&page, request->as.permits.provider, handling);
    page.purpose = find_code (&page, request->as.permits.purpose, "purpose", handling);
    page.wish.category = find_code (&page, request->as.permits.category, "category", handling);
    return handling->reply.status == STATUS_OK ? answer (&page, request, handling) : 0;
}

/* C1: the recipient is the caller. */
int verb_whom_may_i_ask (struct turn *turn, const struct caller *caller, const struct request *request,
                         struct handling *handling)
{
    struct permits_page page = {.turn = turn,
                                .caller = caller,
                                .body = "whom_may_i_ask",
                                .recipient = parties_lookup (turn->parties, caller->party->text.id),
                                .wish = {.category = CODE_NONE, .most_work = WORK_A_PAGE}};
    page.purpose = find_code (&page, request->as.permits.purpose, "purpose", handling);
    return handling->reply.status == STATUS_OK ? answer (&page, request, handling) : 0;
}

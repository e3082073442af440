/* Parties: operators add, change, list and remove them; a party asks what is known about itself. */
#include <string.h>
#include "audit/log.h"
#include "config/config.h"
#include "permission.h"
#include "registry/party_change.h"
#include "registry/party_table.h"
#include "rules/policy.h"
#include "verbs.h"

/* The key of this connection, or NULL. */
static const struct party_key *key_of (const struct caller *caller)
{
    const struct party_text *text = &caller->party->text;
    for (size_t i = 0; i < text->key_count; i++)
        if (strcmp (text->keys[i].public_key, caller->key) == 0)
            return &text->keys[i];
    return NULL;
}

int verb_whoami (struct turn *turn, const struct caller *caller, const struct request *request,
                 struct handling *handling)
{
    const char **permissions = arena_array (turn->arena, PERMISSION_COUNT, sizeof *permissions);
    size_t count = 0;
    for (unsigned i = 0; i < PERMISSION_COUNT; i++)
        if ((caller->party->permissions & UINT32_C (1) << i) != 0)
            permissions[count++] = permission_name (i);
    handling->reply.body = REPLY_WHOAMI;
    handling->reply.as.whoami.party = caller->party->text.id;
    handling->reply.as.whoami.kind = caller->party->text.kind;
    handling->reply.as.whoami.role = caller->party->text.role;
    handling->reply.as.whoami.permissions = (struct text_set){permissions, count};
    handling->reply.as.whoami.policy = turn->policy->id;
    handling->reply.as.whoami.policy_hash = turn->policy->hash;
    handling->reply.as.whoami.server = "consentd " CONSENTD_VERSION;
    const struct party_key *key = key_of (caller);
    handling->reply.as.whoami.endpoint = audit_origin_name ((enum audit_origin)caller->channel);
    handling->reply.as.whoami.key = key != NULL ? key->name : "";
    handling->reply.as.whoami.key_until = key != NULL ? key->until : "";
    handling->reply.as.whoami.controller = turn->config->controller;
    handling->reply.as.whoami.protocol = request->version;
    handling->reply.as.whoami.server_key_next = turn->report != NULL ? turn->report->server_key_next : "";
    return 0;
}

bool verb_takes_part (const struct party_entry *entry)
{
    return entry->party.active && entry->unfit.message == NULL && entry->party.kind != CODE_NONE;
}

/* The place of this identifier in a party's settings. The codec has judged its name. */
static size_t identifier_setting (struct turn *turn, const char *name)
{
    const char *path = arena_printf (turn->arena, "identifiers/%s", name);
    size_t index = 0;
    while (index + 1 < PARTY_SETTINGS && strcmp (party_settings[index].name, path) != 0)
        index++;
    return index;
}

int verb_party_identify (struct turn *turn, const struct caller *caller, const struct request *request,
                         struct handling *handling)
{
    (void)caller;
    const struct identify_request *asked = &request->as.identify;
    bool by_id = asked->parties.count > 0;
    size_t setting = by_id ? 0 : identifier_setting (turn, asked->identifier), count = 0;
    size_t candidates = by_id ? asked->parties.count : parties_count (turn->parties);
    struct party_text *found = arena_array (turn->arena, candidates, sizeof *found);
    for (size_t i = 0; i < candidates; i++) {
        const struct party_entry *entry =
            by_id ? parties_find (turn->parties, asked->parties.item[i]) : parties_at (turn->parties, i);
        if (entry != NULL && verb_takes_part (entry) &&
            (by_id || strcmp (party_setting (&entry->text, setting), asked->value) == 0))
            found[count++] = entry->text;
    }
    turn->work += candidates;
    handling->reply.body = REPLY_PARTY_IDENTIFY;
    handling->reply.as.identify.parties = found;
    handling->reply.as.identify.count = count;
    return 0;
}

/* Parties that are to change, and where the request names them. */
struct wanted {
    const char *body; /* "party_apply" */
    const char *path; /* "parties[#]" */
    const struct party_text *parties;
    size_t count;
};

static const char *path_of (struct turn *turn, const struct wanted *wanted, size_t index)
{
    return strchr (wanted->path, '#') == NULL ? arena_printf (turn->arena, "%s.%s", wanted->body, wanted->path)
                                              : arena_printf (turn->arena, "%s.parties[%zu]", wanted->body, index);
}

/* Judges the parties as they would be after the change. They must fit the roles, the pack and each other. The
   caller, if it is among them, must stay an operator who can go on with its present key. False, with the answer,
   if they do not fit. */
static bool is_fit (struct turn *turn, const struct caller *caller, const struct wanted *wanted,
                    const struct parties *trial, struct handling *handling)
{
    for (size_t i = 0; i < wanted->count; i++) {
        const struct party_entry *entry = parties_find (trial, wanted->parties[i].id);
        const char *path = path_of (turn, wanted, i);
        if (entry->unfit.message != NULL) {
            handling_invalid (handling, party_fault_field (path, &entry->unfit, turn->arena),
                              arena_strdup (turn->arena, entry->unfit.message));
            return false;
        }
        if (strcmp (entry->text.id, caller->party->text.id) == 0 &&
            ((entry->permissions & PERMISSION_ADMIN) == 0 ||
             parties_by_key (trial, caller->key, turn->now) != entry)) {
            handling_invalid (handling, path,
                              "an operator cannot remove itself, nor its role or the key that it asks with");
            return false;
        }
    }
    return true;
}

static bool may_become (struct turn *turn, const struct caller *caller, const struct wanted *wanted,
                        struct handling *handling)
{
    const struct parties_basis basis = {turn->config, turn->policy};
    struct parties *trial = parties_with (turn->parties, &basis, wanted->parties, wanted->count);
    bool fit = is_fit (turn, caller, wanted, trial, handling);
    parties_take_back (&trial, turn->parties);
    return fit;
}

static int change (struct turn *turn, const struct caller *caller, const struct wanted *wanted, const char *user)
{
    struct party_author author = {caller->party->text.id, user, (enum audit_origin)caller->channel};
    return party_table_change (turn, &author, wanted->parties, wanted->count);
}

static void show_one (struct turn *turn, const char *id, struct handling *handling)
{
    const struct party_entry *entry = parties_find (turn->parties, id);
    struct shown_party *shown = arena_alloc (turn->arena, sizeof *shown);
    *shown = (struct shown_party){entry->text, entry->unfit.message};
    handling->note = arena_strdup (turn->arena, id);
    handling->reply.body = REPLY_PARTY_LIST;
    handling->reply.as.party_list.parties = shown;
    handling->reply.as.party_list.count = 1;
    handling->reply.as.party_list.table = parties_hash (turn->parties);
}

int verb_party_add (struct turn *turn, const struct caller *caller, const struct request *request,
                    struct handling *handling)
{
    const struct wanted wanted = {"party_add", "party", request->as.parties.parties, 1};
    const struct party_entry *known = parties_find (turn->parties, wanted.parties->id);
    if (known != NULL && known->text.active)
        return handling_invalid (handling, "party_add.party.id",
                                 "this party exists: change it, or remove it first to give it new keys");
    if (!may_become (turn, caller, &wanted, handling))
        return 0;
    int rc = change (turn, caller, &wanted, request->user);
    if (rc == 0)
        show_one (turn, wanted.parties->id, handling);
    return rc;
}

int verb_party_remove (struct turn *turn, const struct caller *caller, const struct request *request,
                       struct handling *handling)
{
    const char *id = request->as.party_remove.id;
    const struct party_entry *known = parties_find (turn->parties, id);
    if (known == NULL)
        return handling_status (handling, STATUS_NOT_FOUND, "no such party");
    struct party_text text = known->text;
    const struct wanted wanted = {"party_remove", "id", &text, 1};
    bool was_active = text.active;
    text.active = false;
    text.key_count = 0;
    if (!may_become (turn, caller, &wanted, handling))
        return 0;
    int rc = was_active ? change (turn, caller, &wanted, request->user) : 0;
    if (rc == 0)
        show_one (turn, id, handling);
    return rc;
}

enum { CHANGE_SIZE = PARTY_CHANGE_TOLD + 64, ANSWER_LIMIT = 60 * 1024 };
_Static_assert(PARTIES_A_REQUEST *CHANGE_SIZE <= ANSWER_LIMIT, "the answer to the largest request is a message");

/* Shows what the change does to each party. Parties that do not differ are left out. */
static void show_changes (struct turn *turn, const struct wanted *wanted, struct handling *handling)
{
    struct shown_party_change *changes = arena_array (turn->arena, wanted->count, sizeof *changes);
    size_t count = 0;
    for (size_t i = 0; i < wanted->count; i++) {
        const struct party_entry *known = parties_find (turn->parties, wanted->parties[i].id);
        const struct party_text *before = known != NULL ? &known->text : NULL, *after = &wanted->parties[i];
        enum party_change kind = party_change_of (before, after);
        if (kind != PARTY_SAME)
            changes[count++] = (struct shown_party_change){after->id, party_change_name (kind),
                                                           party_change_tell (before, after, turn->arena)};
    }
    handling->reply.body = REPLY_PARTY_APPLY;
    handling->reply.as.party_apply.changes = changes;
    handling->reply.as.party_apply.count = count;
}

int verb_party_apply (struct turn *turn, const struct caller *caller, const struct request *request,
                      struct handling *handling)
{
    const struct party_change_request *asked = &request->as.parties;
    const struct wanted wanted = {"party_apply", "parties[#]", asked->parties, asked->count};
    if (asked->has_table && memcmp (asked->table, parties_hash (turn->parties), PARTIES_HASH) != 0)
        return handling_invalid (handling, "party_apply.table",
                                 "the parties were changed since these were looked at");
    if (!may_become (turn, caller, &wanted, handling))
        return 0;
    show_changes (turn, &wanted, handling);
    size_t count = handling->reply.as.party_apply.count;
    handling->note = arena_printf (turn->arena, "%zu %s%s", count, count == 1 ? "party" : "parties",
                                   request->is_trial ? ", on trial" : "");
    int rc = request->is_trial || count == 0 ? 0 : change (turn, caller, &wanted, request->user);
    handling->reply.as.party_apply.table = parties_hash (turn->parties);
    return rc;
}

/* About as many bytes as the party takes on the wire. */
static size_t wire_size (const struct party_text *text)
{
    enum { OVERHEAD = 128, KEY_OVERHEAD = 100 };
    size_t size = OVERHEAD + strlen (text->id);
    for (size_t i = 0; i < PARTY_SETTINGS; i++)
        size += strlen (party_setting (text, i)) + 4;
    for (size_t i = 0; i < text->key_count; i++)
        size += strlen (text->keys[i].name) + KEY_OVERHEAD;
    return size;
}

int verb_party_list (struct turn *turn, const struct caller *caller, const struct request *request,
                     struct handling *handling)
{
    (void)caller;
    enum { PAGE = 100, PAGE_SIZE = 48 * 1024 }; /* a page must fit in one message */
    if (request->as.party_list.id[0] != 0) {
        if (parties_find (turn->parties, request->as.party_list.id) == NULL)
            return handling_status (handling, STATUS_NOT_FOUND, "no such party");
        show_one (turn, request->as.party_list.id, handling);
        return 0;
    }
    struct shown_party *page = arena_array (turn->arena, PAGE, sizeof *page);
    size_t count = 0, index = 0, size = 0;
    const struct party_entry *entry;
    while ((entry = parties_at (turn->parties, index)) != NULL &&
           strcmp (entry->text.id, request->page.after.text) <= 0)
        index++;
    while (count < PAGE && (entry = parties_at (turn->parties, index)) != NULL) {
        size += wire_size (&entry->text);
        if (size > PAGE_SIZE)
            break;
        page[count++] = (struct shown_party){entry->text, entry->unfit.message};
        index++;
    }
    handling->reply.body = REPLY_PARTY_LIST;
    handling->reply.as.party_list.parties = page;
    handling->reply.as.party_list.count = count;
    handling->reply.more = parties_at (turn->parties, index) != NULL;
    if (count > 0)
        handling->reply.next.text = page[count - 1].text.id;
    handling->reply.as.party_list.table = parties_hash (turn->parties);
    return 0;
}

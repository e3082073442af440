/* Parties as operators add, list and remove them; and what a party is told of itself. */
#include <string.h>
#include "../permission.h"
#include "../rules/policy.h"
#include "verbs.h"

int verb_whoami (struct turn *turn, const struct caller *caller, const struct request *request,
                 struct outcome *outcome)
{
    (void)request;
    const char **permissions = arena_array (turn->arena, PERMISSION_COUNT, sizeof *permissions);
    size_t count = 0;
    for (unsigned i = 0; i < PERMISSION_COUNT; i++)
        if ((caller->party->permissions & UINT32_C (1) << i) != 0)
            permissions[count++] = permission_name (i);
    outcome->reply.body = REPLY_WHOAMI;
    outcome->reply.as.whoami.party = caller->party->text.id;
    outcome->reply.as.whoami.kind = caller->party->text.kind;
    outcome->reply.as.whoami.role = caller->party->text.role;
    outcome->reply.as.whoami.permissions = permissions;
    outcome->reply.as.whoami.permission_count = count;
    outcome->reply.as.whoami.policy = turn->policy->id;
    outcome->reply.as.whoami.policy_hash = turn->policy->hash;
    outcome->reply.as.whoami.server = "consentd " CONSENTD_VERSION;
    return 0;
}

static void show_one (struct turn *turn, const struct party_text *text, struct outcome *outcome)
{
    outcome->reply.body = REPLY_PARTY_LIST;
    outcome->reply.as.party_list.parties = arena_memdup (turn->arena, text, sizeof *text);
    outcome->reply.as.party_list.count = 1;
}

/* Writes the party's file; the broker reads the table anew as soon as this turn is durable. A table that cannot be
   read now would not be then, and the answer OK would be false: a removed key would still be let in. */
static int write_party (struct turn *turn, const struct party_text *text, struct outcome *outcome)
{
    struct parties *before = NULL;
    struct settings_error error = {""};
    int rc = parties_read (&before, turn->config, turn->policy, &error);
    parties_destroy (&before);
    if (rc != 0)
        return outcome_status (outcome, STATUS_UNAVAILABLE, arena_strdup (turn->arena, error.text));
    rc = parties_write (turn->config, text);
    if (rc != 0)
        return outcome_status (outcome, STATUS_UNAVAILABLE, "the party's file cannot be written");
    turn->parties_changed = true;
    turn->state.revision++;
    turn->changed = true;
    outcome->note = arena_strdup (turn->arena, text->id);
    show_one (turn, text, outcome);
    return 0;
}

int verb_party_add (struct turn *turn, const struct caller *caller, const struct request *request,
                    struct outcome *outcome)
{
    (void)caller;
    struct party_text text = request->as.party_add;
    const struct party_entry *known = parties_find (turn->parties, text.id);
    text.active = true;
    if (known != NULL && known->party.active)
        return outcome_invalid (outcome, "party_add.party.id",
                                "this party exists; remove it first to give it a new key");
    if (strcmp (text.kind, "operator") != 0 && policy_kind (turn->policy, text.kind) == CODE_NONE)
        return outcome_invalid (outcome, "party_add.party.kind", "the policy pack has no such party kind");
    if (config_role (turn->config, text.role) == NULL)
        return outcome_invalid (outcome, "party_add.party.role", "the configuration has no such role");
    if (parties_by_key (turn->parties, text.public_key) != NULL)
        return outcome_invalid (outcome, "party_add.party.public_key", "another party has this key");
    if (strchr (text.contact, '"') !=
        NULL) /* the file's syntax has no way to write one: it could not be read again */
        return outcome_invalid (outcome, "party_add.party.contact",
                                "a double quote cannot be kept: use single ones");
    return write_party (turn, &text, outcome);
}

int verb_party_remove (struct turn *turn, const struct caller *caller, const struct request *request,
                       struct outcome *outcome)
{
    const struct party_entry *known = parties_find (turn->parties, request->as.party_remove.id);
    if (known == NULL)
        return outcome_status (outcome, STATUS_NOT_FOUND, "no such party");
    if (known == caller->party)
        return outcome_invalid (outcome, "party_remove.id", "an operator cannot remove itself");
    struct party_text text = known->text;
    if (!text.active) {
        show_one (turn, &text, outcome);
        return 0;
    }
    text.active = false;
    text.public_key = "";
    return write_party (turn, &text, outcome);
}

/* About as many bytes as a party takes on the wire. */
static size_t wire_size (const struct party_text *text)
{
    const char *const texts[] = {text->id,
                                 text->kind,
                                 text->role,
                                 text->public_key,
                                 text->secrecy,
                                 text->agreement_from,
                                 text->agreement_until,
                                 text->agreement_reference,
                                 text->contact};
    size_t size = 8;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        size += strlen (texts[i]) + 4;
    return size;
}

int verb_party_list (struct turn *turn, const struct caller *caller, const struct request *request,
                     struct outcome *outcome)
{
    (void)caller;
    enum { PAGE = 100, PAGE_SIZE = 48 * 1024 }; /* a page must fit in one message */
    struct party_text *page = arena_array (turn->arena, PAGE, sizeof *page);
    size_t count = 0, index = 0, size = 0;
    const struct party_entry *entry;
    while ((entry = parties_at (turn->parties, index)) != NULL &&
           strcmp (entry->text.id, request->as.party_list.after) <= 0)
        index++;
    while (count < PAGE && (entry = parties_at (turn->parties, index)) != NULL) {
        size += wire_size (&entry->text);
        if (size > PAGE_SIZE)
            break;
        page[count++] = entry->text;
        index++;
    }
    outcome->reply.body = REPLY_PARTY_LIST;
    outcome->reply.as.party_list.parties = page;
    outcome->reply.as.party_list.count = count;
    outcome->reply.as.party_list.more = parties_at (turn->parties, index) != NULL;
    return 0;
}

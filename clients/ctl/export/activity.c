#include "activity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "form.h"
#include "party/party_ask.h"
#include "policy/policy_read.h"
#include "report/report_check.h"
#include "report/tally.h"
#include "rules/policy.h"

/* What is about no purpose of the pack is the keeping of the register itself. */
#define OWN_ACTIVITY "toestemmingenregister"

/* --- What was asked ------------------------------------------------------------------------------------ */

/* What was asked was done or decided, so each code in it is one of the pack: else it may be any text. */
static bool has_known_codes (const Consentd__AuditEntry *entry)
{
    static const char *const results[] = {"ok", "permit", "partial", "deny"};
    for (size_t i = 0; i < sizeof results / sizeof *results; i++)
        if (strcmp (entry->result, results[i]) == 0)
            return true;
    return false;
}

/* A check, or the scope of a consent that was asked for, given or refused. NULL: neither. */
static json_t *asked_in (json_t *details)
{
    const char *verb;
    json_t *asked;
    json_object_foreach (json_object_get (details, "request"), verb, asked)
    {
        json_t *scope = json_object_get (asked, "scope");
        if (json_is_object (asked)) /* else it is of the envelope */
            return scope ? scope : asked;
    }
    return NULL;
}

static const char *first_of (const json_t *asked, const char *name, const char *list)
{
    const char *first = json_string_value (json_array_get (json_object_get (asked, list), 0));
    return first ? first : tally_text (asked, name);
}

/* --- The flow ------------------------------------------------------------------------------------------ */

static const Consentd__Party *known_party (const struct activities *self, const char *id)
{
    const Consentd__PartyListReply *list = self->parties ? self->parties->party_list : NULL;
    for (size_t i = 0; list && i < list->n_parties; i++)
        if (strcmp (list->parties[i]->id, id) == 0)
            return list->parties[i];
    return NULL;
}

/* A party that is not in the list was added since it was asked: none is ever deleted. */
static const Consentd__Party *find_party (struct activities *self, const char *id)
{
    const Consentd__Party *found = *id ? known_party (self, id) : NULL;
    if (found || !*id)
        return found;
    activities_free (self);
    return party_ask_all (self->ctl, &self->parties) == 0 ? known_party (self, id) : NULL;
}

static code kind_of (struct activities *self, const char *party)
{
    const Consentd__Party *found = find_party (self, party);
    return found ? policy_kind (self->policy, found->kind) : CODE_NONE;
}

/* The first flow of the pack for this purpose that carries this category between these kinds. NULL: none. */
static const char *flow_for (const struct policy *policy, const code kinds[2], code purpose, code category)
{
    for (size_t i = 0; i < policy->flow_count; i++)
        if (policy->flows[i].purpose == purpose &&
            policy_flow_carries (policy, &policy->flows[i], kinds[0], kinds[1], category))
            return policy->flows[i].entry.code;
    return NULL;
}

/* The flow of its first category that has one. */
static const char *flow_of (struct activities *self, const json_t *asked)
{
    const code kinds[2] = {kind_of (self, first_of (asked, "provider", "providers")),
                           kind_of (self, first_of (asked, "recipient", "recipients"))};
    code purpose = policy_purpose (self->policy, tally_text (asked, "purpose"));
    json_t *items = json_object_get (asked, "items"), *item;
    const char *flow = NULL;
    size_t index;
    if (!items)
        items = json_object_get (asked, "categories");
    json_array_foreach (items, index, item)
    {
        const char *category = json_is_string (item) ? json_string_value (item) : tally_text (item, "category");
        if (!flow)
            flow = flow_for (self->policy, kinds, purpose, policy_category (self->policy, category));
    }
    return flow;
}

/* It was decided under this pack, or by none. */
static bool is_under (const struct policy *policy, json_t *details)
{
    const char *decided = tally_text (json_object_get (json_object_get (details, "reply"), "check"), "policy");
    return !*decided || strcmp (decided, policy->id) == 0;
}

char *activities_uri (struct activities *self, const Consentd__AuditEntry *entry)
{
    char *uri;
    json_t *details = has_known_codes (entry) ? export_details (entry) : NULL, *asked = asked_in (details);
    const char *purpose = tally_text (asked, "purpose");
    const char *flow = *purpose && self->policy && is_under (self->policy, details) ? flow_of (self, asked) : NULL;
    if (asprintf (&uri, "%s%s", self->base, flow ? flow : *purpose ? purpose : OWN_ACTIVITY) < 0)
        abort ();
    json_decref (details);
    return uri;
}

void activities_free (struct activities *self)
{
    if (self->parties)
        consentd__reply__free_unpacked (self->parties, NULL);
    self->parties = NULL;
}

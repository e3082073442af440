#include "disclosed.h"
#include <string.h>
#include "audit/recorded.h"
#include "codec/codec_recorded.h"
#include "history.h"
#include "rules/retention.h"

/* The kind that the party had then. */
static int find_kind (struct turn *turn, const char *party, uint64_t line, code *kind)
{
    struct party_text text;
    int rc = history_party_at (turn, party, line, &text);
    *kind = rc == 0 ? policy_kind (turn->policy, text.kind) : CODE_NONE;
    return rc == STORE_NOT_FOUND || rc == RECORD_DAMAGED ? 0 : rc;
}

static code_set every_law (const struct policy *policy)
{
    code_set laws = {{0}};
    for (size_t i = 0; i < policy->origin_count; i++)
        code_set_add (&laws, (code)i);
    return laws;
}

/* Under which law an item was. If it was not said, it is the one that the flow has for such items. Where nobody
   can tell (the pack had other laws or flows then) it counts under each: what may have to be kept is kept. */
static code_set laws_of (const struct policy *policy, const struct disclosed *self,
                         const struct check_request *asked, size_t item)
{
    code_set laws = {{0}};
    code purpose = policy_purpose (policy, asked->purpose);
    code category = policy_category (policy, asked->items[item].category);
    code_set_add (&laws, policy_origin (policy, asked->items[item].origin));
    for (size_t i = 0; i < policy->flow_count && asked->items[item].origin[0] == 0; i++)
        if (policy->flows[i].purpose == purpose &&
            policy_flow_carries (policy, &policy->flows[i], self->provider, self->recipient, category))
            code_set_add (&laws, policy->flows[i].default_origin);
    return code_set_is_empty (&laws) ? every_law (policy) : laws;
}

static void take_items (struct turn *turn, const struct check_request *asked, struct bytes answer,
                        struct disclosed *self)
{
    bool permitted[DECIDE_ITEMS];
    codec_read_permitted (answer, permitted, asked->item_count);
    for (size_t i = 0; i < asked->item_count; i++)
        if (permitted[i]) {
            code_set laws = laws_of (turn->policy, self, asked, i);
            self->is_one = true;
            code_set_add_all (&self->laws, &laws);
        }
}

/* A line of what a party asked, and was answered for the first time. */
static bool may_be_one (const struct audit_head *head)
{
    return head->subject_key && strcmp (head->action, "check") == 0 && strcmp (head->result, "deny") != 0;
}

int disclosed_read (struct turn *turn, const struct audit_record *line, struct disclosed *self)
{
    struct evidence evidence;
    struct shown_decision shown = {0};
    *self = (struct disclosed){.at = line->head.time};
    if (!may_be_one (&line->head))
        return 0;
    int rc = recorded_open (turn, line, &evidence);
    if (rc != 0)
        return rc;
    struct recorded_check recorded = {evidence.request, evidence.reply};
    if (codec_read_recorded (&recorded, turn->arena, &shown) != 0)
        return 0; /* a refusal, which is no check that was answered */
    const struct check_request *asked = &shown.asked->as.check;
    if (asked->mode != MODE_DISCLOSE)
        return 0;
    self->rested_on = evidence.rested_on;
    self->rested_count = evidence.rested_count;
    rc = find_kind (turn, asked->provider, line->head.number, &self->provider);
    if (rc == 0)
        rc = find_kind (turn, asked->recipient, line->head.number, &self->recipient);
    if (rc == 0)
        take_items (turn, asked, shown.answer, self);
    return rc;
}

size_t disclosed_periods (const struct policy *policy, const struct disclosed *self,
                          struct record_period periods[DISCLOSED_PERIODS])
{
    const code holders[] = {self->provider, self->recipient};
    size_t count = 0, holder_count = self->provider == self->recipient ? 1 : 2;
    for (size_t holder = 0; holder < holder_count; holder++)
        for (size_t law = 0; law < policy->origin_count; law++) {
            if (!code_set_has (&self->laws, (code)law))
                continue;
            const struct policy_retention *entry = retention_of_record (policy, holders[holder], (code)law);
            if (entry != NULL)
                periods[count++] = (struct record_period){entry, holders[holder], (code)law};
        }
    return count;
}

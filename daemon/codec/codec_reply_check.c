/* The answer to a check, made of the decision for its table (fields_check.c). */
#include "arena.h"
#include "codec_reply_body.h"
#include "rules/codes.h"

/* C15: what is missing if a manager must be consulted first, and what an ADVISE asks for. */
static const char *manager_consulted[] = {"manager_consulted"};
static const struct text_set manager = {manager_consulted, 1};

/* The missing parts of the triage decision by name. They are the same for every item. */
static struct text_set list_missing (triage_parts missing, struct arena *arena)
{
    struct text_set names = {NULL, 0};
    if (missing == 0)
        return names;
    names.item = arena_array (arena, TRIAGE_PARTS, sizeof *names.item);
    for (unsigned i = 0; i < TRIAGE_PARTS; i++)
        if ((missing >> i & 1) != 0)
            names.item[names.count++] = triage_names[i];
    return names;
}

/* C9: a caller sees only the reasons that it may hear. */
static void tell_reasons (const struct item_decision *decided, const struct text_set *missing, struct arena *arena,
                          struct told_item *item)
{
    const struct rule_codes *heard = &decided->heard;
    struct told_reason *reasons = arena_array (arena, heard->count, sizeof *reasons);
    for (size_t i = 0; i < heard->count; i++) {
        reasons[i].code = (enum rule_code)heard->code[i];
        reasons[i].rule = rule_code_rule (reasons[i].code);
        if (reasons[i].code != TRIAGE_INCOMPLETE)
            continue;
        reasons[i].details = decided->manager_missing ? manager : *missing;
        if (decided->manager_missing)
            reasons[i].rule = "C15";
    }
    item->reasons = reasons;
    item->reason_count = heard->count;
}

static void tell_ground (const struct check_reply *check, const struct item_decision *decided,
                         struct told_item *item)
{
    switch (decided->ground) {
    case POLICY_CONSENT:
        item->ground = DUTY_CONSENT;
        item->consent_id = check->statements[decided->consent].id;
        break;
    case POLICY_STATUTE:
        item->ground = DUTY_STATUTE;
        item->statute = check->policy->statutes[decided->statute].entry.code;
        break;
    case POLICY_WITHOUT_CONSENT:
        item->ground = decided->urgent_reason == CODE_NONE ? DUTY_WRITTEN_REQUEST : DUTY_URGENT_REASONS;
        if (decided->urgent_reason != CODE_NONE)
            item->urgent_reason = check->policy->urgent_reasons[decided->urgent_reason].entry.code;
        break;
    case POLICY_GROUNDS:
        break; /* there is no permit */
    }
}

static void tell_items (const struct check_reply *check, struct arena *arena, struct told_check *told)
{
    size_t count = check->decision->item_count;
    struct told_item *items = arena_array (arena, count, sizeof *items);
    uint32_t *permitted = arena_array (arena, 2 * count, sizeof *permitted), *denied = permitted + count;
    struct text_set missing = list_missing (check->decision->triage_missing, arena);
    for (size_t i = 0; i < count; i++) {
        const struct item_decision *decided = &check->decision->items[i];
        items[i].category = check->request->items[i].category;
        items[i].origin = check->request->items[i].origin;
        if (decided->permit) {
            items[i].verdict = VERDICT_PERMIT;
            tell_ground (check, decided, &items[i]);
            items[i].against_will = decided->against_will_heard;
            permitted[told->permitted_count++] = (uint32_t)i;
        } else {
            items[i].verdict = VERDICT_DENY;
            tell_reasons (decided, &missing, arena, &items[i]);
            denied[told->denied_count++] = (uint32_t)i;
        }
    }
    told->items = items;
    told->item_count = count;
    told->permitted = permitted;
    told->denied = denied;
}

/* C10: each duty has its due date. In an ADVISE it has no decision, since there is none. */
static void tell_obligations (const struct check_reply *check, struct arena *arena, struct told_check *told)
{
    const struct obligations *from = check->obligations;
    struct kept_duty *duties = arena_array (arena, from->duty_count, sizeof *duties);
    uint32_t *all = arena_array (arena, 2 + OBLIGATIONS_DUTIES, sizeof *all);
    if (from->keep_secret)
        all[told->obligation_count++] = OBLIGATION_KEEP_SECRET;
    if (from->one_time)
        all[told->obligation_count++] = OBLIGATION_ONE_TIME;
    for (size_t i = 0; i < from->duty_count; i++) {
        const struct duty *duty = &from->duties[i];
        duties[i].decision = check->request->mode == MODE_DISCLOSE ? check->number : 0;
        duties[i].kind = duty->kind;
        duties[i].due = duty->due;
        duties[i].holder = duty->holder_is_recipient ? check->request->recipient : check->request->provider;
        duties[i].deferrable = duty->deferrable;
        duties[i].done_at = duty->done ? check->evaluated_at : 0;
        all[told->obligation_count++] = duty->kind;
    }
    told->obligations = all;
    told->duties = duties;
    told->duty_count = from->duty_count;
}

const void *codec_make_check (const struct reply *reply, struct arena *arena)
{
    const struct check_reply *check = &reply->as.check;
    struct told_check *told = arena_alloc (arena, sizeof *told);
    told->verdict = check->decision->verdict;
    tell_items (check, arena, told);
    tell_obligations (check, arena, told);
    if (check->decision->manager_asked)
        told->asked = manager;
    told->evaluated_at = check->evaluated_at;
    told->until = check->decision->until;
    told->decision = check->number;
    told->subject_ref = check->subject_ref;
    told->policy = check->policy->id;
    return told;
}

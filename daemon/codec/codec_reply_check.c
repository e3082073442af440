/* The answer to a check: what it says of the decision, and that for its table (fields_check.c). */
#include <string.h>
#include "arena.h"
#include "codec.h"
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

/* The index of the consent among those that the answer rests on, where it is added if it is new. */
static uint32_t rest_on (struct id *rested_on, size_t *count, const uint8_t id[16])
{
    size_t i = 0;
    while (i < *count && memcmp (rested_on[i].bytes, id, sizeof rested_on[i].bytes) != 0)
        i++;
    if (i == *count)
        memcpy (rested_on[(*count)++].bytes, id, sizeof rested_on->bytes);
    return (uint32_t)i;
}

static void answer_ground (const struct check_reply *check, const struct item_decision *decided,
                           struct id *rested_on, size_t *rested_count, struct answered_item *item)
{
    switch (decided->ground) {
    case POLICY_CONSENT:
        item->ground = DUTY_CONSENT;
        item->consent = rest_on (rested_on, rested_count, check->statements[decided->consent].id);
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

static void answer_items (const struct check_reply *check, struct arena *arena, struct check_answer *answer)
{
    size_t count = check->decision->item_count;
    struct answered_item *items = arena_array (arena, count, sizeof *items);
    struct id *rested_on = arena_array (arena, count, sizeof *rested_on);
    struct rule_codes *heard = arena_array (arena, count, sizeof *heard);
    for (size_t i = 0; i < count; i++) {
        const struct item_decision *decided = &check->decision->items[i];
        if (decided->permit) {
            answer_ground (check, decided, rested_on, &answer->rested_count, &items[i]);
            items[i].against_will = decided->against_will_heard;
        } else {
            heard[i] = decided->heard;
            items[i].manager_missing = decided->manager_missing;
            answer->heard_count = count;
        }
    }
    answer->items = items;
    answer->item_count = count;
    answer->heard = heard;
    answer->rested_on = rested_on;
}

static void answer_obligations (const struct check_reply *check, struct arena *arena, struct check_answer *answer)
{
    const struct obligations *from = check->obligations;
    struct kept_duty *duties = arena_array (arena, from->duty_count, sizeof *duties);
    for (size_t i = 0; i < from->duty_count; i++) {
        const struct duty *duty = &from->duties[i];
        duties[i].kind = duty->kind;
        duties[i].due = duty->due;
        duties[i].holder = duty->holder_is_recipient ? check->request->recipient : check->request->provider;
        duties[i].deferrable = duty->deferrable;
        duties[i].done_at = duty->done ? check->evaluated_at : 0;
    }
    answer->keep_secret = from->keep_secret;
    answer->one_time = from->one_time;
    answer->duties = duties;
    answer->duty_count = from->duty_count;
}

const struct check_answer *codec_answer_check (const struct check_reply *check, struct arena *arena)
{
    const struct decision *decision = check->decision;
    struct check_answer *answer = arena_alloc (arena, sizeof *answer);
    answer->verdict = decision->verdict;
    answer->missing = list_missing (decision->triage_missing, arena);
    answer->manager_asked = decision->manager_asked;
    answer->until = decision->until != MOMENT_NEVER ? decision->until : 0;
    answer_items (check, arena, answer);
    answer_obligations (check, arena, answer);
    return answer;
}

/* C9: a caller sees only the reasons that it may hear. */
static void tell_reasons (const struct check_answer *answer, size_t index, struct arena *arena,
                          struct told_item *item)
{
    const struct rule_codes *heard = &answer->heard[index];
    bool manager_missing = answer->items[index].manager_missing;
    struct told_reason *reasons = arena_array (arena, heard->count, sizeof *reasons);
    for (size_t i = 0; i < heard->count; i++) {
        reasons[i].code = (enum rule_code)heard->code[i];
        reasons[i].rule = rule_code_rule (reasons[i].code);
        if (reasons[i].code != TRIAGE_INCOMPLETE)
            continue;
        reasons[i].details = manager_missing ? manager : answer->missing;
        if (manager_missing)
            reasons[i].rule = "C15";
    }
    item->reasons = reasons;
    item->reason_count = heard->count;
}

static void tell_ground (const struct check_answer *answer, const struct answered_item *answered,
                         struct told_item *item)
{
    item->ground = answered->ground;
    item->statute = answered->statute;
    item->urgent_reason = answered->urgent_reason;
    item->against_will = answered->against_will;
    if (answered->ground == DUTY_CONSENT)
        item->consent_id = answer->rested_on[answered->consent].bytes;
}

static void tell_items (const struct check_answer *answer, const struct check_request *asked, struct arena *arena,
                        struct told_check *told)
{
    size_t count = answer->item_count;
    struct told_item *items = arena_array (arena, count, sizeof *items);
    uint32_t *permitted = arena_array (arena, 2 * count, sizeof *permitted), *denied = permitted + count;
    for (size_t i = 0; i < count; i++) {
        items[i].category = asked->items[i].category;
        items[i].origin = asked->items[i].origin;
        if (answer->items[i].ground != 0) {
            items[i].verdict = VERDICT_PERMIT;
            tell_ground (answer, &answer->items[i], &items[i]);
            permitted[told->permitted_count++] = (uint32_t)i;
        } else {
            items[i].verdict = VERDICT_DENY;
            tell_reasons (answer, i, arena, &items[i]);
            denied[told->denied_count++] = (uint32_t)i;
        }
    }
    told->items = items;
    told->item_count = count;
    told->permitted = permitted;
    told->denied = denied;
}

/* C10: each duty has its due date. In an ADVISE it has no decision, since there is none. */
static void tell_obligations (const struct check_reply *check, const struct check_answer *answer,
                              struct arena *arena, struct told_check *told)
{
    struct kept_duty *duties = arena_array (arena, answer->duty_count, sizeof *duties);
    uint32_t *all = arena_array (arena, 2 + answer->duty_count, sizeof *all);
    if (answer->keep_secret)
        all[told->obligation_count++] = OBLIGATION_KEEP_SECRET;
    if (answer->one_time)
        all[told->obligation_count++] = OBLIGATION_ONE_TIME;
    for (size_t i = 0; i < answer->duty_count; i++) {
        duties[i] = answer->duties[i];
        duties[i].decision = check->request->mode == MODE_DISCLOSE ? check->number : 0;
        all[told->obligation_count++] = duties[i].kind;
    }
    told->obligations = all;
    told->duties = duties;
    told->duty_count = answer->duty_count;
}

const void *codec_make_check (const struct reply *reply, struct arena *arena)
{
    const struct check_reply *check = &reply->as.check;
    const struct check_answer *answer = check->answer != NULL ? check->answer : codec_answer_check (check, arena);
    struct told_check *told = arena_alloc (arena, sizeof *told);
    told->verdict = answer->verdict;
    tell_items (answer, check->request, arena, told);
    tell_obligations (check, answer, arena, told);
    if (answer->manager_asked)
        told->asked = manager;
    told->evaluated_at = check->evaluated_at;
    told->until = answer->until;
    told->decision = check->number;
    told->subject_ref = check->subject_ref;
    told->policy = check->answer != NULL ? check->policy_id : check->policy->id;
    return told;
}

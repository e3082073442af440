#include "codec_fill.h"

#include "rules/codes.h"

struct missing_list {
    char **names;
    size_t count;
};

/* Lists the missing parts of the triage decision by name. The list is the same for every item. */
static void list_missing (triage_parts missing, struct arena *arena, struct missing_list *list)
{
    list->names = arena_array (arena, TRIAGE_PARTS, sizeof *list->names);
    for (unsigned i = 0; i < TRIAGE_PARTS; i++)
        if ((missing >> i & 1) != 0)
            list->names[list->count++] = codec_text (triage_names[i]);
}

/* C15: what is missing if a manager must be consulted first, and what an ADVISE asks for. */
static char manager[] = "manager_consulted", *manager_consulted[] = {manager};

/* C9: a caller sees only the reasons that it may hear. */
static void fill_reasons (const struct item_decision *decided, const struct missing_list *missing,
                          struct arena *arena, Consentd__ItemVerdict *item)
{
    const struct rule_codes *heard = &decided->heard;
    if (heard->count == 0)
        return;
    item->n_reasons = heard->count;
    item->reasons = arena_array (arena, heard->count, sizeof *item->reasons);
    Consentd__Reason *reasons = arena_array (arena, heard->count, sizeof *reasons);
    for (size_t i = 0; i < heard->count; i++) {
        enum rule_code one = (enum rule_code)heard->code[i];
        consentd__reason__init (&reasons[i]);
        reasons[i].code = (Consentd__Code)one;
        reasons[i].rule = codec_text (rule_code_rule (one));
        if (one == TRIAGE_INCOMPLETE && decided->manager_missing) {
            reasons[i].rule = codec_text ("C15");
            reasons[i].n_details = 1;
            reasons[i].details = manager_consulted;
        } else if (one == TRIAGE_INCOMPLETE) {
            reasons[i].n_details = missing->count;
            reasons[i].details = missing->names;
        }
        item->reasons[i] = &reasons[i];
    }
}

static void fill_ground (const struct check_reply *check, const struct item_decision *decided,
                         Consentd__ItemVerdict *item)
{
    switch (decided->ground) {
    case POLICY_CONSENT:
        item->ground = CONSENTD__GROUND__CONSENT;
        item->consent_id = codec_binary (check->statements[decided->consent].id, 16);
        break;
    case POLICY_STATUTE:
        item->ground = CONSENTD__GROUND__STATUTE;
        item->statute = codec_text (check->policy->statutes[decided->statute].entry.code);
        break;
    case POLICY_WITHOUT_CONSENT:
        item->ground = decided->urgent_reason == CODE_NONE ? CONSENTD__GROUND__WRITTEN_REQUEST
                                                           : CONSENTD__GROUND__URGENT_REASONS;
        if (decided->urgent_reason != CODE_NONE)
            item->urgent_reason = codec_text (check->policy->urgent_reasons[decided->urgent_reason].entry.code);
        break;
    case POLICY_GROUNDS:
        break; /* there is no permit */
    }
}

static void fill_items (const struct check_reply *check, struct arena *arena, Consentd__CheckReply *wire)
{
    size_t count = check->decision->item_count;
    wire->n_items = count;
    wire->items = arena_array (arena, count, sizeof *wire->items);
    wire->permitted = arena_array (arena, count, sizeof *wire->permitted);
    wire->denied = arena_array (arena, count, sizeof *wire->denied);
    Consentd__ItemVerdict *items = arena_array (arena, count, sizeof *items);
    struct missing_list missing = {.count = 0};
    list_missing (check->decision->triage_missing, arena, &missing);
    for (size_t i = 0; i < count; i++) {
        const struct item_decision *decided = &check->decision->items[i];
        Consentd__ItemVerdict *item = wire->items[i] = &items[i];
        consentd__item_verdict__init (item);
        item->category = codec_text (check->request->items[i].category);
        item->origin = codec_text (check->request->items[i].origin);
        if (decided->permit) {
            item->verdict = CONSENTD__VERDICT__PERMIT;
            fill_ground (check, decided, item);
            item->against_will = decided->against_will_heard;
            wire->permitted[wire->n_permitted++] = (uint32_t)i;
        } else {
            item->verdict = CONSENTD__VERDICT__DENY;
            fill_reasons (decided, &missing, arena, item);
            wire->denied[wire->n_denied++] = (uint32_t)i;
        }
    }
}

/* C10: each duty has its due date. In an ADVISE it has no decision, since there is none. */
static void fill_duties (const struct check_reply *check, struct arena *arena, Consentd__CheckReply *wire)
{
    const struct obligations *from = check->obligations;
    Consentd__Duty *duties = arena_array (arena, from->duty_count, sizeof *duties);
    wire->duties = arena_array (arena, from->duty_count, sizeof *wire->duties);
    for (size_t i = 0; i < from->duty_count; i++) {
        Consentd__Duty *duty = wire->duties[wire->n_duties++] = &duties[i];
        consentd__duty__init (duty);
        duty->decision = check->request->mode == MODE_DISCLOSE ? check->number : 0;
        duty->kind = (Consentd__Obligation)from->duties[i].kind;
        duty->due = codec_time (from->duties[i].due);
        duty->holder = codec_text (from->duties[i].holder_is_recipient ? check->request->recipient
                                                                       : check->request->provider);
        duty->deferrable = from->duties[i].deferrable;
        duty->done_at = from->duties[i].done ? check->evaluated_at : 0;
        wire->obligations[wire->n_obligations++] = duty->kind;
    }
}

static void fill_obligations (const struct check_reply *check, struct arena *arena, Consentd__CheckReply *wire)
{
    wire->obligations = arena_array (arena, 2 + OBLIGATIONS_DUTIES, sizeof *wire->obligations);
    if (check->obligations->keep_secret)
        wire->obligations[wire->n_obligations++] = CONSENTD__OBLIGATION__KEEP_SECRET;
    if (check->obligations->one_time)
        wire->obligations[wire->n_obligations++] = CONSENTD__OBLIGATION__ONE_TIME;
    fill_duties (check, arena, wire);
}

void codec_fill_check (const struct reply *reply, struct arena *arena, Consentd__Reply *wire)
{
    const struct check_reply *check = &reply->as.check;
    Consentd__CheckReply *body = wire->check = arena_alloc (arena, sizeof *body);
    consentd__check_reply__init (body);
    body->verdict = (Consentd__Verdict)check->decision->verdict;
    fill_items (check, arena, body);
    fill_obligations (check, arena, body);
    if (check->decision->manager_asked) {
        body->n_asked = 1;
        body->asked = manager_consulted;
    }
    body->evaluated_at = codec_time (check->evaluated_at);
    body->until = codec_time (check->decision->until);
    body->decision = check->number;
    body->subject_ref = codec_id (&check->subject_ref);
    body->policy = codec_text (check->policy->id);
}

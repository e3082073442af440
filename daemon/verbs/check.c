/* The disclosure check. C1 and C2 are judged here, C3 to C9 in rules/decide.c. C11 is kept by the turn's
   transaction. */
#include <string.h>
#include "audit/log.h"
#include "codec/codec.h"
#include "permission.h"
#include "registry/decided.h"
#include "disclose.h"
#include "verbs.h"

static const char *path (struct turn *turn, size_t index, const char *field)
{
    return arena_printf (turn->arena, "check.items[%zu].%s", index, field);
}

/* The party with this id. NULL if it is not known, or the pack does not know its kind. */
static const struct party *known_party (const struct turn *turn, const char *id)
{
    const struct party *party = parties_lookup (turn->parties, id);
    return party != NULL && party->kind != CODE_NONE ? party : NULL;
}

/* C2: looks up the parties and codes. True if all are known. */
static bool look_up (struct turn *turn, const struct check_request *request, struct check *check,
                     struct handling *handling)
{
    const struct policy *policy = turn->policy;
    check->provider = known_party (turn, request->provider);
    check->recipient = known_party (turn, request->recipient);
    check->purpose = policy_purpose (policy, request->purpose);
    if (check->provider == NULL)
        handling_invalid (handling, "check.provider", "unknown party");
    else if (check->recipient == NULL)
        handling_invalid (handling, "check.recipient", "unknown party");
    else if (check->provider == check->recipient)
        handling_invalid (handling, "check.recipient", "provider and recipient are the same");
    else if (check->purpose == CODE_NONE)
        handling_invalid (handling, "check.purpose", "unknown purpose");
    if (handling->reply.status != STATUS_OK)
        return false;
    check->item_count = request->item_count;
    for (size_t i = 0; i < request->item_count; i++) {
        const char *origin = request->items[i].origin;
        check->items[i].category = policy_category (policy, request->items[i].category);
        check->items[i].origin = origin[0] != 0 ? policy_origin (policy, origin) : CODE_NONE;
        if (check->items[i].category == CODE_NONE)
            return handling_invalid (handling, path (turn, i, "category"), "unknown category") != 0;
        if (origin[0] != 0 && check->items[i].origin == CODE_NONE)
            return handling_invalid (handling, path (turn, i, "origin"), "unknown origin") != 0;
    }
    check->case_ref = request->case_ref;
    check->mode = request->mode;
    check->all_or_nothing = request->all_or_nothing;
    check->under_secrecy = request->under_secrecy;
    check->manager_consulted = request->manager_consulted[0] != 0;
    check->no_manager = request->no_manager[0] != 0;
    if (request->claim.kind == CLAIM_WRITTEN_REQUEST && request->claim.given_at > turn->now)
        return handling_invalid (handling, "check.written_request.given_at", "in the future") != 0;
    /* A reason that the pack does not have is judged by C8. */
    check->claim = request->claim;
    check->claim.reason = policy_urgent_reason (policy, request->urgent_reason);
    return true;
}

/* C9: what the log needs besides the answer: all reasons, where the caller heard fewer. */
static void note_reasons (struct turn *turn, const struct decision *decision, struct handling *handling)
{
    struct rule_codes *reasons = arena_array (turn->arena, decision->item_count, sizeof *reasons);
    for (size_t i = 0; i < decision->item_count; i++) {
        const struct item_decision *item = &decision->items[i];
        reasons[i] = item->reasons;
        if (item->reasons.count != item->heard.count ||
            memcmp (item->reasons.code, item->heard.code, item->reasons.count) != 0)
            handling->all_reasons = reasons;
    }
    handling->reason_count = decision->item_count;
}

static const char *verdict_name (enum verdict verdict)
{
    return verdict == VERDICT_PERMIT ? "permit" : verdict == VERDICT_PARTIAL ? "partial" : "deny";
}

/* C10: what the subject was already informed of. */
static struct informed informed_before (struct turn *turn, const struct subject_file *file,
                                        const struct check_request *asked)
{
    const struct received *received = received_find (file->received, file->received_count, asked->recipient);
    struct informed informed = {.of_statute =
                                    received != NULL && text_set_has (&received->informed, asked->purpose)};
    /* A source is told to the subject once, whichever party received the data. */
    const char *source = disclosure_source (turn, asked);
    for (size_t i = 0; i < file->received_count && !informed.of_source; i++)
        informed.of_source = text_set_has (&file->received[i].sources, source);
    return informed;
}

/* C9: a duty tells of age, representatives and refusals. So only its holder hears of it, and whoever may
   explain. */
static const struct obligations *heard_obligations (struct turn *turn, const struct caller *caller,
                                                    const struct check_request *asked,
                                                    const struct obligations *found)
{
    const char *party = caller->party->text.id;
    if ((caller->party->permissions & PERMISSION_EXPLAIN) != 0)
        return found;
    struct obligations *heard = arena_memdup (turn->arena, found, sizeof *heard);
    heard->duty_count = 0;
    for (size_t i = 0; i < found->duty_count; i++) {
        const char *holder = found->duties[i].holder_is_recipient ? asked->recipient : asked->provider;
        if (strcmp (party, holder) == 0)
            heard->duties[heard->duty_count++] = found->duties[i];
    }
    return heard;
}

/* A batch that discloses all or nothing is in this phase. */
static bool is_in_phase (const struct request *request, enum together_phase phase)
{
    return request->together != NULL && request->together->phase == phase;
}

/* C11: the one-time consents that this check would use up. For the checks behind it they are. */
static void note_used (struct together *together, const struct subject_file *file, const struct decision *decision)
{
    for (size_t i = 0; i < decision->item_count; i++) {
        const struct item_decision *item = &decision->items[i];
        const struct statement *consent = item->ground == POLICY_CONSENT ? &file->statements[item->consent] : NULL;
        if (consent != NULL && consent->one_time) {
            struct used_consent *used = &together->used[together->used_count++];
            memcpy (used->subject.bytes, file->id, sizeof file->id);
            used->index = item->consent;
        }
    }
}

/* A check of a batch that discloses all or nothing counts for all of it only if it is permitted whole. */
static void count_together (const struct request *request, const struct subject_file *file,
                            const struct decision *decision)
{
    struct together *together = request->together;
    if (together == NULL || decision->verdict != VERDICT_PERMIT)
        return;
    together->permitted++;
    if (together->phase == TOGETHER_TRY)
        note_used (together, file, decision);
}

/* Opens the file, and the record of who has none, where that is disclosed. 0 or a failure. */
static int open_file (struct turn *turn, const struct request *request, struct handling *handling)
{
    struct subject_file *file = &handling->file;
    int rc = subject_file_open (turn, request->bsn, file);
    if (rc != 0)
        return rc;
    if (is_in_phase (request, TOGETHER_TRY))
        subject_file_imagine_used (turn, file, request->together->used, request->together->used_count);
    else if (request->as.check.mode == MODE_DISCLOSE && !is_in_phase (request, TOGETHER_NONE))
        subject_file_ensure (turn, file);
    handling->has_file = true;
    return 0;
}

/* What was decided, and on what. */
struct judgement {
    const struct check *check;
    struct decide_facts facts;
    struct decision *decision;
};

/* Makes the answer, and what a disclosure leaves behind. 0 or a failure. */
static int answer (struct turn *turn, const struct caller *caller, const struct request *request,
                   const struct judgement *made, struct handling *handling)
{
    const struct check_request *asked = &request->as.check;
    const struct subject_file *file = &handling->file;
    const struct decision *decision = made->decision;
    const char *party = caller->party->text.id;
    note_reasons (turn, decision, handling);

    /* C10: what this decision brings, or in an ADVISE would bring. */
    struct obligations *obligations = arena_alloc (turn->arena, sizeof *obligations);
    obligations_find (&made->facts, made->check, decision, informed_before (turn, file, asked), obligations);
    uint64_t number = audit_promise_line (turn);
    struct check_reply *reply = &handling->reply.as.check;
    handling->result = verdict_name (decision->verdict);
    handling->reply.body = REPLY_CHECK;
    *reply = (struct check_reply){
        .request = asked,
        .decision = decision,
        .policy = turn->policy,
        .statements = file->statements,
        .evaluated_at = turn->now,
        .number = number,
        .obligations = heard_obligations (turn, caller, asked, obligations),
    };
    vault_subject_ref (turn->vault, file->id, party, reply->subject_ref.bytes);
    reply->answer = codec_answer_check (reply, turn->arena);
    reply->policy_id = turn->policy->id;
    handling->rested_on = reply->answer->rested_on;
    handling->rested_count = reply->answer->rested_count;
    /* C11: in the same transaction as the line in the log. A denial has its line as well. */
    struct disclosure disclosure = {asked, decision, obligations, number, party, request->user};
    return asked->mode == MODE_DISCLOSE ? disclose (turn, &handling->file, &disclosure) : 0;
}

int verb_check (struct turn *turn, const struct caller *caller, const struct request *request,
                struct handling *handling)
{
    const struct check_request *asked = &request->as.check;
    const char *party = caller->party->text.id;
    /* C1: the caller is the party of its key. dispatch has checked that it is active and may check at all. */
    bool concerned = strcmp (party, asked->provider) == 0 || strcmp (party, asked->recipient) == 0;
    if (!concerned && (caller->party->permissions & PERMISSION_CHECK_FOR_OTHERS) == 0)
        return handling_status (handling, STATUS_FORBIDDEN, "this party is neither provider nor recipient");

    struct check *check = arena_alloc (turn->arena, sizeof *check);
    if (!look_up (turn, asked, check, handling))
        return 0;
    check->withheld = is_in_phase (request, TOGETHER_NONE);
    int rc = open_file (turn, request, handling);
    if (rc != 0)
        return rc;
    struct judgement made = {.check = check, .facts = subject_file_facts (turn, &handling->file)};
    made.facts.listener = (struct listener){party, (caller->party->permissions & PERMISSION_EXPLAIN) != 0};
    made.decision = arena_alloc (turn->arena, decision_size (check->item_count));
    if (decided_decide (turn, &handling->file, &made.facts, check, made.decision))
        turn->work += made.decision->work;
    count_together (request, &handling->file, made.decision);
    return is_in_phase (request, TOGETHER_TRY) ? 0 : answer (turn, caller, request, &made, handling);
}

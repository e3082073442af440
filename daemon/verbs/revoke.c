/* Withdrawal, whole or in part (V1 to V4, M8). Its events reach every party concerned. */
#include <string.h>
#include "audit/log.h"
#include "permission.h"
#include "rules/own_part.h"
#include "rules/represent.h"
#include "share.h"
#include "events/tell.h"
#include "verbs.h"

/* The most partial withdrawals of one consent, so that it can still be shown. Withdrawing the whole is always
   admitted. */
enum { WITHDRAWALS = 64 };

/* The items of the withdrawal that the caller may know of. A party may know of its own items. */
static struct tell_items seen_of (struct turn *turn, const struct caller *caller, const struct tell_items *taken)
{
    struct tell_items seen = *taken;
    const struct scope *scope = &taken->consent->scope;
    size_t categories = scope->categories.count, pairs = scope->providers.count * scope->recipients.count;
    if (verb_sees_whole (caller))
        return seen;
    seen.flags = arena_array (turn->arena, pairs, categories * sizeof *seen.flags);
    seen.count = 0;
    for (size_t i = 0; i < pairs; i++) {
        const char *provider = scope->providers.item[i / scope->recipients.count];
        const char *recipient = scope->recipients.item[i % scope->recipients.count];
        for (size_t c = 0; c < categories && own_part_has (caller->party->text.id, provider, recipient); c++) {
            seen.flags[i * categories + c] = taken->flags[i * categories + c];
            seen.count += seen.flags[i * categories + c];
        }
    }
    return seen;
}

/* V2: lists the other consents that still cover items of the withdrawal. The caller hears of those that cover an
   item which it sees. */
static void list_still_covered (struct turn *turn, const struct subject_file *file, size_t revoked,
                                const struct tell_items *seen, struct handling *handling)
{
    struct decide_facts facts = subject_file_facts (turn, file);
    const struct scope *scope = &seen->consent->scope;
    struct decide_grid grid = {scope->providers, scope->recipients, scope->categories, seen->flags,
                               scope->purpose_code};
    bool *in_force = arena_array (turn->arena, file->statement_count, sizeof *in_force);
    decide_in_force (&facts, &grid, in_force);
    const struct statement **still = arena_array (turn->arena, file->statement_count, sizeof *still);
    size_t count = 0;
    for (size_t i = 0; i < file->statement_count; i++)
        if (i != revoked && in_force[i])
            still[count++] = &file->statements[i];
    handling->reply.as.revoke.still_covering = still;
    handling->reply.as.revoke.still_covering_count = count;
}

/* Lists the parties that were told. The caller hears of a party if they share an item of the withdrawal. */
static void list_informed (struct turn *turn, const struct caller *caller, const struct text_set *informed,
                           const struct tell_items *seen, struct handling *handling)
{
    const struct scope *scope = &seen->consent->scope;
    size_t categories = scope->categories.count;
    struct text_set shown = {arena_array (turn->arena, informed->count, sizeof (char *)), 0};
    for (size_t i = 0; i < informed->count; i++) {
        bool shares = verb_sees_whole (caller);
        for (size_t at = 0; at < scope->providers.count * scope->recipients.count * categories && !shares; at++)
            shares = seen->flags[at] && (strcmp (scope->providers.item[at / categories / scope->recipients.count],
                                                 informed->item[i]) == 0 ||
                                         strcmp (scope->recipients.item[at / categories % scope->recipients.count],
                                                 informed->item[i]) == 0);
        if (shares)
            shown.item[shown.count++] = informed->item[i];
    }
    handling->reply.as.revoke.informed = shown;
}

/* V2: each name that is withdrawn must be in what the caller sees of the consent. True if all are. */
static bool is_named (struct turn *turn, const struct text_set *part, const struct text_set *whole,
                      const char *field, struct handling *handling)
{
    for (size_t i = 0; i < part->count; i++)
        if (!text_set_has (whole, part->item[i]))
            return handling_invalid (handling, arena_printf (turn->arena, "revoke.%s[%zu]", field, i),
                                     "not named in this consent") != 0;
    return true;
}

static int reject (struct turn *turn, struct handling *handling, const char *message)
{
    struct grant_refusal *refusal = arena_alloc (turn->arena, sizeof *refusal);
    *refusal = (struct grant_refusal){.code = REPRESENTATION_MISSING, .rule = "M8"};
    handling->reply.refusals = refusal;
    handling->reply.refusal_count = 1;
    return handling_status (handling, STATUS_REJECTED, message);
}

/* M8: says why this person may not withdraw, and what to do: whom to ask, or what to correct. M9: only those who
   record how the subject is represented are told how he is. */
static const char *way_out (const struct turn *turn, const struct caller *caller, const struct subject *subject)
{
    if (represent_is_dead (subject, turn->now))
        return "the subject has died: all consents have lapsed, and nobody withdraws any more (M10)";
    if ((caller->party->permissions & (PERMISSION_GRANT | PERMISSION_SUBJECT)) == 0)
        return "this person may not withdraw. Those may who represent the subject now, those who signed, and the "
               "subject from the age of 12; the social team knows who they are";
    if (represent_nobody_can (turn->policy, subject, turn->now))
        return "nobody can exercise the rights now: record the withdrawal with nobody_reason and without "
               "withdrawn_by, "
               "or put the record of the subject right first (subject_set)";
    struct signers signers = represent_signers (turn->policy, subject, turn->now);
    if (signers.subject && !signers.representatives)
        return "the subject alone exercises the rights now: withdrawn_by is \"subject\"; if the record of the "
               "subject "
               "is wrong, put that right first (subject_set)";
    if (signers.representatives)
        return "this person may not withdraw. A representative may who has authority now, or who signed and is "
               "not "
               "refused; if one is missing in the record, put that right first (subject_set)";
    return "this person may not withdraw: the subject may; if a representative is missing in the record, put that "
           "right "
           "first (subject_set)";
}

/* M8: the person who withdrew may do so. True if the withdrawal stands. */
static bool may_withdraw (struct turn *turn, const struct caller *caller, const struct statement *consent,
                          const struct withdrawal *withdrawal, struct handling *handling)
{
    const struct subject *subject = &handling->file.subject;
    if (withdrawal->withdrawn_by[0] != 0) {
        if (represent_may_take_back (turn->policy, subject, consent, withdrawal->withdrawn_by, turn->now))
            return true;
        return reject (turn, handling, way_out (turn, caller, subject)) != 0;
    }
    if (withdrawal->nobody_reason[0] == 0)
        return handling_invalid (handling, "revoke.withdrawn_by", "who withdrew is missing") != 0;
    if ((caller->party->permissions & PERMISSION_GRANT) == 0)
        return handling_status (handling, STATUS_FORBIDDEN,
                                "only the social team may withdraw where nobody can") != 0;
    if (represent_nobody_can (turn->policy, subject, turn->now))
        return true;
    return reject (turn, handling,
                   represent_is_dead (subject, turn->now)
                       ? way_out (turn, caller, subject)
                       : "there is somebody who can exercise the rights: withdrawn_by says who withdrew") != 0;
}

/* The withdrawal is well formed for this consent, and may be made. */
static bool is_admitted (struct turn *turn, const struct caller *caller, const struct statement *consent,
                         const struct withdrawal *withdrawal, struct handling *handling)
{
    bool whole = withdrawal->providers.count + withdrawal->recipients.count + withdrawal->categories.count == 0;
    if (consent->refusal)
        return handling_invalid (handling, "revoke.consent_id",
                                 "a refusal is lifted only by a later consent (G12)") != 0;
    /* V3: withdrawn_at is for the record only, so a clock that is in doubt (C14) refuses no withdrawal. */
    if (withdrawal->withdrawn_at > turn->now && !turn->state.clock_stopped)
        return handling_invalid (handling, "revoke.withdrawn_at", "in the future") != 0;
    if (!whole && (consent->withdrawal_count >= WITHDRAWALS ||
                   consent_size (consent) + consent_withdrawal_size (withdrawal) > CONSENT_SIZE_LIMIT ||
                   handling->file.size + consent_withdrawal_size (withdrawal) > SUBJECT_FILE_BYTES))
        return handling_invalid (handling, "revoke.categories", "too many parts withdrawn: withdraw the whole") !=
               0;
    /* V2: a party that may pass on any withdrawal may name any part. Another party may name what is its own, or
       withdraw the whole. */
    struct statement seen = *consent;
    if ((caller->party->permissions & PERMISSION_REVOKE) == 0)
        seen = own_part_of (consent, caller->party->text.id, turn->arena);
    return is_named (turn, &withdrawal->providers, &seen.scope.providers, "providers", handling) &&
           is_named (turn, &withdrawal->recipients, &seen.scope.recipients, "recipients", handling) &&
           is_named (turn, &withdrawal->categories, &seen.scope.categories, "categories", handling) &&
           may_withdraw (turn, caller, consent, withdrawal, handling);
}

static int withdraw (struct turn *turn, const struct caller *caller, size_t index, const struct withdrawal *given,
                     struct handling *handling)
{
    struct subject_file *file = &handling->file;
    struct statement *consent = arena_memdup (turn->arena, &file->statements[index], sizeof *consent);
    struct tell_items taken; /* items that were not withdrawn before */
    struct text_set informed = {NULL, 0};
    tell_find_items (turn, consent, given, &taken);
    if (taken.count > 0 && !share_take_withdrawal (turn, caller))
        return share_refuse (turn, handling, share_is_taken);
    struct tell_items seen = seen_of (turn, caller, &taken);
    handling->reply.body = REPLY_REVOKE;
    handling->reply.as.revoke.already = seen.count == 0;
    if (taken.count == 0)
        return 0;
    struct withdrawal *all = arena_array (turn->arena, consent->withdrawal_count + 1, sizeof *all);
    if (consent->withdrawal_count > 0)
        memcpy (all, consent->withdrawals, consent->withdrawal_count * sizeof *all);
    struct withdrawal *made = &all[consent->withdrawal_count++];
    *made = *given;
    made->recorded_at = turn->now; /* V3: it counts from now, whatever day the subject says */
    made->recorded_by = caller->party->text.id;
    made->number = audit_promise_line (turn);
    if (made->withdrawn_at == 0)
        made->withdrawn_at = turn->now;
    consent->withdrawals = all;
    statement_resolve (consent, turn->policy);
    turn->state.revision++;

    subject_file_rewrite (turn, file, index, consent);
    int rc = tell_consent (turn, subject_file_about (file), EVENT_CONSENT_REVOKED, &taken, &informed);
    if (rc == 0) {
        list_still_covered (turn, file, index, &seen, handling);
        list_informed (turn, caller, &informed, &seen, handling);
    }
    return rc;
}

int verb_revoke (struct turn *turn, const struct caller *caller, const struct request *request,
                 struct handling *handling)
{
    const struct revoke_request *asked = &request->as.revoke;
    size_t index = 0;
    int rc = subject_file_open_by_consent (turn, asked->consent_id, &handling->file, &index);
    if (rc == SUBJECT_FILE_NOT_FOUND)
        return handling_status (handling, STATUS_NOT_FOUND, "no such consent");
    if (rc != 0)
        return rc;
    handling->has_file = true;
    const struct statement *consent = &handling->file.statements[index];
    /* V1: the caller may revoke, or is named in the consent. To anyone else the consent does not exist. */
    if ((caller->party->permissions & PERMISSION_REVOKE) == 0 &&
        !statement_names_party (consent, caller->party->text.id))
        return handling_status (handling, STATUS_NOT_FOUND, "no such consent");
    if (verb_names_own_bsn (turn, request, handling))
        return 0;
    struct withdrawal withdrawal = asked->withdrawal;
    withdrawal.user = request->user;
    if (!is_admitted (turn, caller, consent, &withdrawal, handling))
        return 0;
    struct id *rested = arena_memdup (turn->arena, consent->id, sizeof *rested);
    handling->rested_on = rested;
    handling->rested_count = 1;
    return withdraw (turn, caller, index, &withdrawal, handling);
}

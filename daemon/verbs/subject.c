/* Subjects: birth date, capability, representatives (rules, section 4). */
#include <string.h>
#include "../permission.h"
#include "../rules/policy.h"
#include "verbs.h"

/* What only the clock and the pack can judge. True if all is well. */
static bool is_admitted (struct turn *turn, const struct subject *subject, struct outcome *outcome)
{
    struct day today = calendar_day (turn->now);
    if (subject->birth.month != 0 && calendar_compare (subject->birth, today) > 0)
        return outcome_invalid (outcome, "subject_set.birth_date", "in the future") != 0;
    if (subject->death.month != 0 && calendar_compare (subject->death, today) > 0)
        return outcome_invalid (outcome, "subject_set.death_date", "in the future") != 0;
    for (size_t i = 0; i < subject->representative_count; i++)
        if (policy_representative (turn->policy, subject->representatives[i].kind) == CODE_NONE)
            return outcome_invalid (outcome,
                                    arena_printf (turn->arena, "subject_set.representatives[%zu].kind", i),
                                    "unknown kind of representative") != 0;
    return true;
}

/* Why something was restricted is for those who decide about it. */
static const struct subject *as_shown (struct turn *turn, const struct caller *caller,
                                       const struct subject *subject)
{
    if ((caller->party->permissions & (PERMISSION_RIGHTS | PERMISSION_EXPLAIN | PERMISSION_ADMIN)) != 0)
        return subject;
    struct subject *copy = arena_memdup (turn->arena, subject, sizeof *copy);
    copy->restrictions = arena_array (turn->arena, copy->restriction_count, sizeof *copy->restrictions);
    for (size_t i = 0; i < copy->restriction_count; i++) {
        copy->restrictions[i] = subject->restrictions[i];
        copy->restrictions[i].reason = "";
    }
    return copy;
}

static void show (struct turn *turn, const struct caller *caller, struct outcome *outcome)
{
    outcome->reply.body = REPLY_SUBJECT_SHOW;
    outcome->reply.as.subject_show.subject = as_shown (turn, caller, &outcome->file.subject);
    vault_subject_ref (turn->vault, outcome->file.id, caller->party->text.id,
                       outcome->reply.as.subject_show.subject_ref.bytes);
}

int verb_subject_set (struct turn *turn, const struct caller *caller, const struct request *request,
                      struct outcome *outcome)
{
    const struct subject_set_request *asked = &request->as.subject_set;
    if (!is_admitted (turn, &asked->subject, outcome))
        return 0;
    int rc = subject_file_open (turn, asked->bsn, &outcome->file);
    struct subject subject = asked->subject;
    subject.restrictions = outcome->file.subject.restrictions; /* by verbs of their own */
    subject.restriction_count = outcome->file.subject.restriction_count;
    if (rc == 0)
        rc = subject_file_put_subject (turn, &outcome->file, &subject);
    if (rc != 0)
        return rc;
    outcome->has_file = true;
    turn->state.revision++;
    show (turn, caller, outcome);
    return 0;
}

/* M9: the representatives, and why one of them was refused, are shown to those alone who record them. No verb
   shows anything to a representative. */
int verb_subject_show (struct turn *turn, const struct caller *caller, const struct request *request,
                       struct outcome *outcome)
{
    int rc = subject_file_open (turn, request->as.subject_show.bsn, &outcome->file);
    if (rc != 0)
        return rc;
    outcome->has_file = true;
    show (turn, caller, outcome);
    return 0;
}

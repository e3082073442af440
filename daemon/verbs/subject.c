/* Subjects: birth date, capability, representatives (rules, section 4), the end of care (T1), and what is
   corrected of them (R4). */
#include <string.h>
#include "permission.h"
#include "record/record.h"
#include "registry/recipients.h"
#include "rules/decide.h"
#include "done_on.h"
#include "verbs.h"

static int invalid (struct turn *turn, struct handling *handling, const char *field, const char *message)
{
    return handling_invalid (handling, arena_printf (turn->arena, "subject_set.%s", field), message);
}

/* Judges what only the pack can judge. True if all is well. */
static bool are_codes_known (struct turn *turn, const struct subject_change *change, struct handling *handling)
{
    for (size_t i = 0; i < change->representative_count; i++) {
        const char *kind = change->representatives[i].kind;
        if (kind[0] != 0 && policy_representative (turn->policy, kind) == CODE_NONE)
            return invalid (turn, handling, arena_printf (turn->arena, "representatives[%zu].kind", i),
                            "unknown kind of representative") != 0;
    }
    for (size_t i = 0; i < change->care_ended_count; i++)
        if (policy_origin (turn->policy, change->care_ended[i].law) == CODE_NONE)
            return invalid (turn, handling, arena_printf (turn->arena, "care_ended[%zu].law", i),
                            "unknown law: the pack has no such origin") != 0;
    return true;
}

/* The reason of a restriction or a hold is shown only to those who decide about it. */
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
    copy->holds = arena_array (turn->arena, copy->hold_count, sizeof *copy->holds);
    for (size_t i = 0; i < copy->hold_count; i++) {
        copy->holds[i] = subject->holds[i];
        copy->holds[i].reason = copy->holds[i].user = "";
    }
    return copy;
}

/* Makes the version of what is shown. A change names the version that its author saw, so two people cannot change
   the same record at once without noticing. */
static void find_version (struct turn *turn, const struct subject_file *file, struct shown_subject *shown)
{
    shown->has_version = file->known && subject_has_facts (&file->subject);
    if (!shown->has_version)
        return;
    struct bytes facts = record_subject_facts (turn->arena, &file->subject);
    vault_fingerprint (turn->vault, "subject-version", (struct bytes){file->id, sizeof file->id}, facts,
                       shown->version.bytes);
}

static void show (struct turn *turn, const struct caller *caller, const struct subject_file *file,
                  struct handling *handling)
{
    struct shown_subject *shown = &handling->reply.as.subject_show;
    handling->reply.body = REPLY_SUBJECT_SHOW;
    shown->subject = as_shown (turn, caller, &file->subject);
    shown->in_full = true;
    vault_subject_ref (turn->vault, file->id, caller->party->text.id, shown->subject_ref.bytes);
}

/* M5: what the change does to the consents at this moment. */
static void list_effects (struct turn *turn, const struct subject_file *before, const struct subject_file *after,
                          struct shown_subject *shown)
{
    struct decide_facts then = subject_file_facts (turn, before), now = subject_file_facts (turn, after);
    struct id *ended = arena_array (turn->arena, before->statement_count, sizeof *ended);
    struct id *restored = arena_array (turn->arena, before->statement_count, sizeof *restored);
    for (size_t i = 0; i < before->statement_count; i++) {
        bool was = decide_state (&then, i) == STATE_GRANTED, is = decide_state (&now, i) == STATE_GRANTED;
        if (was && !is)
            memcpy (ended[shown->ended_count++].bytes, before->statements[i].id, sizeof ended->bytes);
        if (is && !was)
            memcpy (restored[shown->restored_count++].bytes, before->statements[i].id, sizeof restored->bytes);
    }
    shown->ended = ended;
    shown->restored = restored;
}

/* The record that is changed is the one that the caller saw. True if it is. */
static bool is_expected (struct turn *turn, const struct subject_set_request *asked, bool changes,
                         struct handling *handling)
{
    const struct shown_subject *now = &handling->reply.as.subject_show;
    if (asked->has_expected &&
        !(now->has_version && vault_equal (asked->expected, now->version.bytes, sizeof asked->expected)))
        return invalid (turn, handling, "expected", "the record has changed since: look at it again") != 0;
    if (changes && now->has_version && !asked->has_expected)
        return invalid (turn, handling, "expected",
                        "this subject is known: say which version of the record is changed (consentctl: subject "
                        "set)") != 0;
    return true;
}

/* R4: who received what the change corrects. `tells`: they are told. 0 or a failure. */
static int find_recipients (struct turn *turn, const struct subject_file *file, unsigned facts, bool tells,
                            struct handling *handling)
{
    struct text_set categories;
    struct text_set *informed = &handling->reply.as.subject_show.informed;
    const struct text_set *of = recipients_categories (turn, facts, &categories) ? &categories : NULL;
    *informed = recipients_find (turn, file, of);
    return tells ? recipients_tell (turn, file, OBLIGATION_RECTIFY_DATA, of, NULL) : 0;
}

/* Makes the change. */
static int put (struct turn *turn, const struct caller *caller, const struct subject *subject,
                const struct done_on *done_on, struct handling *handling)
{
    struct subject_file before = handling->file;
    unsigned facts = record_changed_facts (turn->arena, &before.subject, subject);
    int rc = subject_file_put_subject (turn, &handling->file, subject);
    if (rc != 0)
        return rc;
    turn->state.revision++;
    list_effects (turn, &before, &handling->file, &handling->reply.as.subject_show);
    find_version (turn, &handling->file, &handling->reply.as.subject_show);
    if (done_on->number != 0)
        rc = find_recipients (turn, &handling->file, facts, true, handling);
    if (rc == 0)
        rc = done_on_note (turn, done_on, "subject-set", handling);
    show (turn, caller, &handling->file, handling);
    return rc;
}

/* Says what the change would be, and do. 0 or a failure. */
static int try (struct turn *turn, const struct caller *caller, const struct subject *subject,
                const struct done_on *done_on, struct handling *handling)
{
    const struct subject_file *file = &handling->file;
    struct subject_file *imagined = arena_alloc (turn->arena, sizeof *imagined); /* the answer borrows it */
    *imagined = subject_file_imagine (turn, file, subject);
    handling->result = "advised";
    list_effects (turn, file, imagined, &handling->reply.as.subject_show);
    show (turn, caller, imagined, handling);
    if (done_on->number == 0)
        return 0;
    return find_recipients (turn, file, record_changed_facts (turn->arena, &file->subject, subject), false,
                            handling);
}

int verb_subject_set (struct turn *turn, const struct caller *caller, const struct request *request,
                      struct handling *handling)
{
    const struct subject_set_request *asked = &request->as.subject_set;
    struct subject_file *file = &handling->file;
    struct done_on done_on = {.number = asked->request, .action = RIGHTS_RECTIFY, .field = "subject_set.request"};
    if (!are_codes_known (turn, &asked->change, handling))
        return 0;
    int rc = subject_file_open (turn, request->bsn, file);
    if (rc != 0)
        return rc;
    handling->has_file = true;
    rc = done_on_open (turn, caller, &done_on, handling);
    if (rc != 0 || handling->reply.status != STATUS_OK)
        return rc;
    struct subject_edit edit = {
        .before = &file->subject, .change = &asked->change, .now = turn->now, .arena = turn->arena};
    if (!subject_edit (&edit))
        return invalid (turn, handling, edit.field, edit.message);
    bool changes = !file->known || !subject_has_same_facts (&edit.after, &file->subject);
    find_version (turn, file, &handling->reply.as.subject_show);
    if (request->is_trial)
        return try (turn, caller, &edit.after, &done_on, handling);
    if (!is_expected (turn, asked, changes, handling))
        return 0;
    if (changes)
        return put (turn, caller, &edit.after, &done_on, handling);
    show (turn, caller, file, handling);
    return 0;
}

/* M9: only those who record the representatives see them, and see why one of them was refused. No verb shows
   anything to a representative. */
int verb_subject_show (struct turn *turn, const struct caller *caller, const struct request *request,
                       struct handling *handling)
{
    int rc = subject_file_open (turn, request->bsn, &handling->file);
    if (rc != 0)
        return rc;
    handling->has_file = true;
    find_version (turn, &handling->file, &handling->reply.as.subject_show);
    show (turn, caller, &handling->file, handling);
    return 0;
}

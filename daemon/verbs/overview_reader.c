/* R6, M9: what of a record its reader may see. The reader is the subject, or a representative who exercises the
   rights; and nobody reads about others. */
#include <string.h>
#include "overview.h"
#include "rules/represent.h"

static const char subject_word[] = "subject";

static const struct representative *find (const struct subject *subject, const char *reference)
{
    for (size_t i = 0; i < subject->representative_count; i++)
        if (strcmp (subject->representatives[i].reference, reference) == 0)
            return &subject->representatives[i];
    return NULL;
}

bool overview_reader_is_right (struct turn *turn, const char *reader, const char *field, struct handling *handling)
{
    static const struct grant_refusal refusal = {.code = REPRESENTATION_MISSING, .rule = "M9"};
    const struct subject *subject = &handling->file.subject;
    if (reader[0] == 0 || strcmp (reader, subject_word) == 0)
        return true;
    const struct representative *one = find (subject, reader);
    if (one == NULL)
        return handling_invalid (handling, field, "no representative of this subject") != 0;
    if (represent_counts (turn->policy, one, turn->now) &&
        represent_signers (turn->policy, subject, turn->now).representatives)
        return true;
    handling->reply.refusals = &refusal;
    handling->reply.refusal_count = 1;
    return handling_status (handling, STATUS_REJECTED, "this representative does not exercise the rights now") !=
           0;
}

/* Who this is, where the reader may know. */
static const char *see_person (const struct overview_page *self, const char *who, bool *left_out)
{
    if (who[0] == 0 || strcmp (who, subject_word) == 0 || strcmp (who, self->reader) == 0)
        return who;
    *left_out = true;
    return "";
}

/* A text that somebody wrote about others, or may have. */
static const char *leave_out (const char *text, bool *left_out)
{
    *left_out |= text != NULL && text[0] != 0;
    return "";
}

/* M9: the subject sees that there are representatives, of which kind, and since when; not who they are, nor that
   one is refused (M7). A representative sees himself alone. */
struct subject *overview_see_subject (const struct overview_page *self, const struct subject *subject,
                                      bool *left_out)
{
    struct arena *arena = self->turn->arena;
    struct subject *seen = arena_memdup (arena, subject, sizeof *seen);
    struct representative *all = arena_array (arena, subject->representative_count, sizeof *all);
    bool is_subject = strcmp (self->reader, subject_word) == 0;
    seen->representatives = all;
    seen->representative_count = 0;
    for (size_t i = 0; i < subject->representative_count; i++) {
        const struct representative *one = &subject->representatives[i];
        bool is_reader = strcmp (one->reference, self->reader) == 0;
        *left_out |= !is_reader;
        if (!is_reader && !is_subject)
            continue;
        struct representative *shown = &all[seen->representative_count++];
        *shown = *one;
        shown->refused_from = (struct day){0};
        shown->refused_reason = "";
        shown->refused_recorded = 0;
        if (!is_reader)
            shown->reference = "";
    }
    return seen;
}

struct statement *overview_see_statement (const struct overview_page *self, const struct statement *statement,
                                          bool *left_out)
{
    struct arena *arena = self->turn->arena;
    struct statement *seen = arena_memdup (arena, statement, sizeof *seen);
    seen->correction_reason = leave_out (statement->correction_reason, left_out);
    seen->signatures = arena_array (arena, statement->signature_count, sizeof *seen->signatures);
    for (size_t i = 0; i < statement->signature_count; i++) {
        seen->signatures[i] = statement->signatures[i];
        seen->signatures[i].signer = see_person (self, statement->signatures[i].signer, left_out);
    }
    seen->withdrawals = arena_array (arena, statement->withdrawal_count, sizeof *seen->withdrawals);
    for (size_t i = 0; i < statement->withdrawal_count; i++) {
        struct withdrawal *one = &seen->withdrawals[i];
        *one = statement->withdrawals[i];
        one->withdrawn_by = see_person (self, one->withdrawn_by, left_out);
        one->nobody_reason = leave_out (one->nobody_reason, left_out);
    }
    return seen;
}

/* KB 13.3: what another said before access is about that other. What another representative asked is his own, and
   so is what he was answered. */
struct rights_request overview_see_request (const struct overview_page *self, const struct rights_request *request,
                                            bool *left_out)
{
    struct rights_request seen = *request;
    seen.about = seen.evidence = seen.user = seen.extended_user = seen.decided_user = "";
    seen.by = see_person (self, request->by, left_out);
    if (seen.by[0] == 0) {
        seen.wish = leave_out (request->wish, left_out);
        seen.reason = leave_out (request->reason, left_out);
        seen.extension_reason = leave_out (request->extension_reason, left_out);
    }
    seen.views = NULL;
    seen.view_count = 0;
    *left_out |= request->view_count > 0;
    return seen;
}

struct kept_duty overview_see_duty (const struct kept_duty *duty, bool *left_out)
{
    struct kept_duty seen = *duty;
    seen.done_by = seen.deferred_by = "";
    seen.defer_reason = leave_out (duty->defer_reason, left_out);
    seen.report = (struct duty_report){leave_out (duty->report.reason, left_out), duty->report.file, ""};
    return seen;
}

const struct request *overview_see_check (const struct overview_page *self, const struct request *asked,
                                          bool *left_out)
{
    struct arena *arena = self->turn->arena;
    struct request *seen = arena_memdup (arena, asked, sizeof *seen);
    struct check_request *check = &seen->as.check;
    const struct text_set *by = &asked->as.check.claim.by;
    seen->bsn = seen->user = "";
    *left_out |= check->is_urgent || check->no_manager[0] != 0;
    check->manager_consulted = check->no_manager = "";
    memset (&check->claim.triage, 0, sizeof check->claim.triage);
    check->claim.by = (struct text_set){arena_array (arena, by->count, sizeof *by->item), by->count};
    for (size_t i = 0; i < by->count; i++)
        check->claim.by.item[i] = see_person (self, by->item[i], left_out);
    return seen;
}

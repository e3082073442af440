/* An erasure that was granted is carried out (R7, KB 14, AVG 17): what is held of the subject is destroyed, but
   for what a statute requires to be kept. First it can be tried, which tells what would be destroyed and what
   kept. */
#include <string.h>
#include "audit/archive.h"
#include "audit/extract.h"
#include "events/tell.h"
#include "registry/changes.h"
#include "registry/erasure.h"
#include "registry/keeping.h"
#include "registry/recipients.h"
#include "registry/rights_request.h"
#include "rights.h"
#include "verbs.h"

static const char field[] = "rights_erase.number";

/* What would be done */

/* How many requests there are of the subject. 0, RECORD_DAMAGED or a failure. */
static int count_requests (struct turn *turn, const struct subject_file *file, uint64_t *count)
{
    struct rights_request request = {0};
    int rc = rights_request_check (turn, file);
    for (*count = 0; rc == 0 && (rc = rights_request_next (turn, file, request.number, &request)) == 0; ++*count)
        ;
    return rc == RIGHTS_NOT_FOUND ? 0 : rc;
}

/* T1: what must be kept now. *kept is the arena's. */
static size_t show_kept (struct turn *turn, const struct kept_parts *found, const struct shown_kept **kept)
{
    struct shown_kept *all = arena_array (turn->arena, found->count, sizeof *all);
    size_t count = 0;
    for (size_t i = 0; i < found->count; i++) {
        const struct kept_part *part = &found->parts[i];
        if (part->until > turn->now)
            all[count++] = (struct shown_kept){.entry = part->entry,
                                               .source = part->source,
                                               .holder = part->holder,
                                               .law = part->law,
                                               .disclosures = part->disclosures,
                                               .first = part->first,
                                               .last = part->last,
                                               .until = part->until == MOMENT_NEVER ? 0 : part->until};
    }
    *kept = all;
    return count;
}

static int find_kept (struct turn *turn, const struct subject_file *file, struct shown_erasure *plan)
{
    struct kept_parts found = {.lines = 0};
    int rc = keeping_find (turn, file->id, &found);
    plan->unfinished = rc == KEEPING_LATER;
    plan->lines = found.lines;
    plan->unreadable = found.unreadable;
    if (rc == 0)
        plan->kept_count = show_kept (turn, &found, &plan->kept);
    return rc == KEEPING_LATER ? 0 : rc;
}

/* What was kept when the subject was erased before is no part of the present life, and stays. */
static int find_earlier (struct turn *turn, const struct subject_file *file, moment *until)
{
    struct extract before = {.until = turn->now}, found;
    memcpy (before.subject, file->id, sizeof before.subject);
    int rc;
    while ((rc = extract_next_of (turn, &before, &found)) == 0) {
        *until = found.until;
        before = found;
    }
    return rc == STORE_NOT_FOUND ? 0 : rc;
}

/* The matters for the sake of which nothing may be destroyed. */
static struct text_set find_holds (struct turn *turn, const struct subject *subject)
{
    struct text_set found = {arena_array (turn->arena, subject->hold_count, sizeof *found.item), 0};
    for (size_t i = 0; i < subject->hold_count; i++)
        found.item[found.count++] = subject->holds[i].reference;
    return found;
}

static int make_plan (struct turn *turn, const struct rights_request *request, const struct subject_file *file,
                      struct shown_erasure *plan)
{
    plan->number = request->number;
    int rc = find_kept (turn, file, plan);
    if (rc != 0 || plan->unfinished)
        return rc;
    plan->statements = file->statement_count;
    plan->held = find_holds (turn, &file->subject);
    plan->told = recipients_find (turn, file, NULL);
    rc = find_earlier (turn, file, &plan->earlier_until);
    if (rc != 0)
        return rc;
    return count_requests (turn, file, &plan->requests);
}

/* Whether it may be done */

static const char *name_kept (struct arena *arena, const struct shown_kept *kept)
{
    char until[11] = "";
    if (kept->until != 0)
        calendar_format (calendar_day (kept->until - 1), until);
    return arena_printf (arena, "decide it again, in part: what was disclosed must be kept (%s, %s, by %s), %s%s",
                         kept->law, kept->source, kept->holder,
                         kept->until != 0 ? "up to and including " : "without end", until);
}

/* A file of the archive can be put back; else only a backup has them. */
static const char *name_unreadable (const struct turn *turn)
{
    const struct archive_fault *fault = archive_fault (turn->archive, 0);
    const char *what = fault != NULL ? arena_printf (turn->arena, "put the file of the log's archive back: %s %s",
                                                     fault->path, fault->why)
                                     : "restore a backup";
    return arena_printf (
        turn->arena,
        "lines of the log about the subject cannot be read, and nobody knows whether they must be "
        "kept: %s",
        what);
}

/* R7: when in doubt nothing is destroyed; and who was told that all is, of whom a statute keeps something, must be
   told otherwise first. The answer stays OK if nothing stands in the way. */
static bool may_erase (const struct turn *turn, const struct rights_request *request,
                       const struct shown_erasure *plan, struct handling *handling)
{
    if (plan->held.count > 0)
        handling_invalid (
            handling, field,
            arena_printf (turn->arena, "nothing is destroyed under a legal hold (%s)", plan->held.item[0]));
    else if (plan->unreadable > 0)
        handling_invalid (handling, field, name_unreadable (turn));
    else if (plan->kept_count > 0 && request->outcome == RIGHTS_GRANTED)
        handling_invalid (handling, field, name_kept (turn->arena, &plan->kept[0]));
    return handling->reply.status == STATUS_OK;
}

/* The request may be carried out; or, to try, it may be once it is granted. */
static bool is_to_be_erased (const struct turn *turn, const struct request *request,
                             const struct rights_request *found, struct handling *handling)
{
    struct rights_request tried = *found;
    if (request->is_trial && found->outcome == 0)
        tried.outcome = RIGHTS_GRANTED;
    return rights_may (turn, &tried, RIGHTS_ERASE, field, handling);
}

/* Doing it */

static void add_others (struct text_set *all, const struct text_set *parties, const struct text_set *told)
{
    for (size_t i = 0; i < parties->count; i++)
        if (!text_set_has (told, parties->item[i]) && !text_set_has (all, parties->item[i]))
            all->item[all->count++] = parties->item[i];
}

/* The parties that a statement names, but for those that are told otherwise. */
static struct text_set others_named (struct turn *turn, const struct subject_file *file,
                                     const struct text_set *told)
{
    size_t most = 0;
    for (size_t i = 0; i < file->statement_count; i++)
        most += file->statements[i].scope.providers.count + file->statements[i].scope.recipients.count;
    struct text_set all = {arena_array (turn->arena, most, sizeof *all.item), 0};
    for (size_t i = 0; i < file->statement_count; i++) {
        add_others (&all, &file->statements[i].scope.providers, told);
        add_others (&all, &file->statements[i].scope.recipients, told);
    }
    return all;
}

/* V5: they hear that no statement of the subject counts any more. */
static int tell_others (struct turn *turn, const struct subject_file *file, const struct text_set *told)
{
    struct text_set others = others_named (turn, file, told);
    int rc = 0;
    for (size_t i = 0; i < others.count && rc == 0; i++) {
        struct event event = {.kind = EVENT_SUBJECT_ERASED, .purpose = "", .whole = true};
        rc = tell_party (turn, subject_file_about (file), others.item[i], &event);
    }
    return rc;
}

/* R4: who received data is told to erase them too. */
static int tell_all (struct turn *turn, const struct subject_file *file, struct shown_erasure *erasure)
{
    int rc = recipients_tell (turn, file, OBLIGATION_ERASE_DATA, NULL, &erasure->told);
    return rc == 0 ? tell_others (turn, file, &erasure->told) : rc;
}

/* From here on nobody opens the subject's file, so all that is written of the subject is written in this turn. The
   request is done, whatever is kept of it. */
static int note_done (struct turn *turn, const struct subject_file *file, const struct rights_request *before)
{
    struct rights_request now = *before;
    now.erased_at = turn->now;
    int rc = rights_request_rewrite (turn, file, before, &now);
    return rc == 0 ? rights_request_note_followed (turn, file, &now, "rights-erase") : rc;
}

/* The answer stays, as the line of the log: it has nothing that tells more of the subject than what is kept, and
   who was told, which stay too. */
static struct shown_erasure what_outlives (struct turn *turn, const struct shown_erasure *plan)
{
    struct shown_kept *kept = arena_array (turn->arena, plan->kept_count, sizeof *kept);
    for (size_t i = 0; i < plan->kept_count; i++) {
        kept[i] = plan->kept[i];
        kept[i].disclosures = 0;
        kept[i].first = kept[i].last = 0;
    }
    return (struct shown_erasure){.number = plan->number,
                                  .done = true,
                                  .kept = kept,
                                  .kept_count = plan->kept_count,
                                  .earlier_until = plan->earlier_until,
                                  .told = plan->told};
}

static int carry_out (struct turn *turn, const struct rights_request *request, struct handling *handling)
{
    const struct subject_file *file = &handling->file;
    struct shown_erasure *erasure = &handling->reply.as.rights_erase;
    struct erasure_mark mark = {.kind = ERASURE_OF_SUBJECT, .request = request->number};
    memcpy (mark.subject, file->id, sizeof mark.subject);
    int rc = erasure_mark (turn, &mark);
    if (rc == ERASURE_FULL)
        return handling_status (handling, STATUS_UNAVAILABLE, "too many are being erased just now: ask again");
    if (rc == 0)
        rc = note_done (turn, file, request);
    if (rc == 0)
        rc = tell_all (turn, file, erasure);
    changes_note (turn->changes, file->id);
    turn->state.revision++;
    handling->outlives_subject = true;
    *erasure = what_outlives (turn, erasure);
    return rc;
}

int verb_rights_erase (struct turn *turn, const struct caller *caller, const struct request *request,
                       struct handling *handling)
{
    const struct rights_request *found;
    struct shown_erasure *erasure = &handling->reply.as.rights_erase;
    int rc = rights_find (turn, request, handling, &found);
    (void)caller;
    if (rc != 0 || found == NULL || !is_to_be_erased (turn, request, found, handling))
        return rc;
    rc = make_plan (turn, found, &handling->file, erasure);
    handling->is_unfinished = handling->counted = erasure->unfinished;
    if (rc == 0 && !erasure->unfinished && !request->is_trial && may_erase (turn, found, erasure, handling))
        rc = carry_out (turn, found, handling);
    if (handling->reply.status == STATUS_OK)
        handling->reply.body = REPLY_RIGHTS_ERASE;
    return rc;
}

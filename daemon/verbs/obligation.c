/* Obligations: reported done, deferred and shown (C10, R4). */
#include <string.h>
#include "audit/log.h"
#include "big_endian.h"
#include "permission.h"
#include "registry/obligation.h"
#include "verbs.h"

enum { LOOKED_AT = 1024 }; /* the most obligations looked at for one page, to bound the work */

size_t verb_obligation_size (const struct kept_duty *duty)
{
    enum { ITS_NUMBERS_AND_CODES = 400, A_CATEGORY = 64 };
    return ITS_NUMBERS_AND_CODES + A_CATEGORY * duty->categories.count + strlen (duty->report.reason);
}

bool verb_obligation_is_shown (const struct caller *caller, const struct kept_duty *duty)
{
    return (caller->party->permissions & (PERMISSION_EXPLAIN | PERMISSION_ADMIN)) != 0 ||
           strcmp (duty->holder, caller->party->text.id) == 0;
}

/* The holder reports an obligation done, or a party that may explain. */
static bool may_report (const struct caller *caller, const struct kept_duty *duty)
{
    return (caller->party->permissions & PERMISSION_EXPLAIN) != 0 ||
           strcmp (duty->holder, caller->party->text.id) == 0;
}

struct choice {
    const struct kept_duty *duty; /* NULL: there is none that the caller may report */
    bool several;                 /* and it is not said which */
};

static int not_found (struct handling *handling)
{
    return handling_status (handling, STATUS_NOT_FOUND, "no such obligation");
}

/* Of those that the line brought, the one that is meant: the holder's that is named, the caller's own, or the only
   one that the caller may report. 0 or a failure. */
static int choose_duty (struct turn *turn, const struct caller *caller, const struct request *request,
                        const struct subject_file *file, struct choice *choice)
{
    const char *named = request->as.obligation.holder, *own = caller->party->text.id;
    struct duty_name at = {request->as.obligation.decision, request->as.obligation.kind - 1, UINT16_MAX};
    int rc;
    for (;;) {
        struct kept_duty *duty = arena_alloc (turn->arena, sizeof *duty);
        rc = obligation_next (turn, file, at, duty);
        if (rc != 0 || duty->decision != at.decision || duty->kind != request->as.obligation.kind)
            break;
        at = obligation_name (duty);
        if (!may_report (caller, duty) || (named[0] != '\0' && strcmp (duty->holder, named) != 0))
            continue;
        choice->several = choice->duty != NULL;
        choice->duty = duty;
        if (strcmp (duty->holder, named[0] != '\0' ? named : own) == 0) {
            choice->several = false;
            break;
        }
    }
    return rc == OBLIGATION_NOT_FOUND ? 0 : rc;
}

/* Finds the duty by the line of the log that brought it. *duty_p is the arena's; NULL, with the answer, if it is
   not there or the caller may not report it. Whom it is about may have been erased by that line. */
static int find_duty (struct turn *turn, const struct caller *caller, const struct request *request,
                      struct handling *handling, const struct kept_duty **duty_p)
{
    struct audit_record record;
    struct choice choice = {NULL, false};
    *duty_p = NULL;
    int rc = audit_find (turn, request->as.obligation.decision, &record);
    if (rc == AUDIT_NOT_FOUND || (rc == 0 && !record.head.has_object))
        return not_found (handling);
    if (rc == 0)
        rc = subject_file_open_by_id (turn, record.head.object, &handling->file);
    if (rc == 0)
        rc = choose_duty (turn, caller, request, &handling->file, &choice);
    if (rc != 0)
        return rc;
    handling->has_file = handling->file.known || choice.duty != NULL;
    if (choice.duty == NULL)
        return not_found (handling);
    if (choice.several)
        return handling_invalid (handling, "obligation_done.holder", "several parties hold it: say whose it is");
    if (!verb_names_own_bsn (turn, request, handling))
        *duty_p = choice.duty;
    return 0;
}

static int show (struct turn *turn, const struct caller *caller, const struct kept_duty *duty,
                 struct handling *handling)
{
    struct shown_duty *shown = &handling->reply.as.obligation;
    handling->reply.body = REPLY_OBLIGATION;
    shown->duty = *duty;
    vault_subject_ref (turn->vault, handling->file.id, caller->party->text.id, shown->subject_ref.bytes);
    return 0;
}

int verb_obligation_done (struct turn *turn, const struct caller *caller, const struct request *request,
                          struct handling *handling)
{
    const struct kept_duty *before;
    int rc = find_duty (turn, caller, request, handling, &before);
    if (rc != 0 || before == NULL)
        return rc;
    moment done_at = request->as.obligation.when;
    if (done_at > turn->now)
        return handling_invalid (handling, "obligation_done.done_at", "in the future");
    if (before->done_at != 0)
        return show (turn, caller, before, handling);
    struct kept_duty now = *before;
    now.done_at = done_at != 0 ? done_at : turn->now;
    now.done_by = request->user;
    now.report = (struct duty_report){request->as.obligation.reason, request->as.obligation.file,
                                      request->as.obligation.manager};
    now.letter = request->as.obligation.letter;
    turn->state.revision++;
    rc = obligation_rewrite (turn, &handling->file, before, &now);
    return rc == 0 ? show (turn, caller, &now, handling) : rc;
}

int verb_obligation_defer (struct turn *turn, const struct caller *caller, const struct request *request,
                           struct handling *handling)
{
    const struct kept_duty *before;
    int rc = find_duty (turn, caller, request, handling, &before);
    if (rc != 0 || before == NULL)
        return rc;
    moment until = request->as.obligation.when;
    if (before->done_at != 0)
        return handling_invalid (handling, "obligation_defer.kind", "this obligation is done");
    if (!before->deferrable)
        return handling_invalid (handling, "obligation_defer.kind",
                                 "the ground of this obligation does not let it be put off");
    if (until <= turn->now || until <= before->due)
        return handling_invalid (handling, "obligation_defer.until",
                                 "not later than now and than the date before");
    struct kept_duty now = *before;
    now.due = until;
    now.deferred_at = turn->now;
    now.deferred_by = request->user;
    now.defer_reason = request->as.obligation.reason;
    turn->state.revision++;
    rc = obligation_rewrite (turn, &handling->file, before, &now);
    return rc == 0 ? show (turn, caller, &now, handling) : rc;
}

/* The codec has checked the size and the kind. */
static struct duty_name read_cursor (struct bytes cursor)
{
    const uint8_t *bytes = cursor.data;
    if (cursor.size == 0)
        return (struct duty_name){0};
    return (struct duty_name){get_be64 (bytes), (enum obligation)bytes[8], (uint16_t)(bytes[9] << 8 | bytes[10])};
}

static struct bytes make_cursor (struct arena *arena, struct duty_name name)
{
    uint8_t *bytes = arena_alloc (arena, DUTY_CURSOR_SIZE);
    put_be64 (bytes, name.decision);
    bytes[8] = (uint8_t)name.kind;
    bytes[9] = (uint8_t)(name.nth >> 8);
    bytes[10] = (uint8_t)name.nth;
    return (struct bytes){bytes, DUTY_CURSOR_SIZE};
}

/* Shows a page of the subject's obligations. */
static int show_page (struct turn *turn, const struct caller *caller, const struct page *page,
                      struct handling *handling)
{
    struct reply *reply = &handling->reply;
    struct shown_duty *shown = arena_array (turn->arena, page->limit, sizeof *shown);
    struct duty_name at = read_cursor (page->after.bytes), next = {0};
    size_t count = 0, size = 0;
    int rc = 0;
    for (unsigned looked = 0; !reply->more; looked++) {
        struct kept_duty duty;
        rc = obligation_next (turn, &handling->file, at, &duty);
        if (rc != 0)
            break;
        bool is_shown = verb_obligation_is_shown (caller, &duty);
        if (looked == LOOKED_AT)
            next = at;
        at = obligation_name (&duty);
        /* C9: the next page begins behind the last obligation that the caller sees. It need not hear of the
           others. */
        size += is_shown ? verb_obligation_size (&duty) : 0;
        bool is_full = count == page->limit || (count > 0 && size > DUTY_SIZE_LIMIT);
        reply->more = looked == LOOKED_AT || (is_shown && is_full);
        if (reply->more || !is_shown)
            continue;
        next = at;
        shown[count].duty = duty;
        vault_subject_ref (turn->vault, handling->file.id, caller->party->text.id,
                           shown[count++].subject_ref.bytes);
    }
    reply->body = REPLY_OBLIGATION_LIST;
    reply->as.obligation_list.duties = shown;
    reply->as.obligation_list.count = count;
    if (reply->more)
        reply->next.bytes = make_cursor (turn->arena, next);
    return rc == OBLIGATION_NOT_FOUND ? 0 : rc;
}

int verb_obligation_list (struct turn *turn, const struct caller *caller, const struct request *request,
                          struct handling *handling)
{
    int rc = subject_file_open (turn, request->bsn, &handling->file);
    if (rc != 0)
        return rc;
    handling->has_file = true;
    return show_page (turn, caller, &request->page, handling);
}

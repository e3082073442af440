/* Requests by which a subject exercises rights (R2, KB 13-15): put off, heard of others, decided, shown. Nothing
   follows from a decision by itself: what is done on a request names it. */
#include "rights.h"
#include <string.h>
#include "permission.h"
#include "registry/rights_request.h"
#include "rules/represent.h"
#include "verbs.h"

/* Finding and showing */

static int show (struct turn *turn, const struct caller *caller, const struct rights_request *request,
                 struct handling *handling)
{
    handling->reply.body = REPLY_RIGHTS;
    handling->reply.as.rights = rights_shown (turn, caller, handling->file.id, request, true);
    return 0;
}

int rights_show_changed (struct turn *turn, const struct caller *caller, const struct rights_request *request,
                         struct handling *handling)
{
    show (turn, caller, request, handling);
    handling->reply.as.rights.bsn = "";
    turn->state.revision++;
    return 0;
}

int rights_find (struct turn *turn, const struct request *request, struct handling *handling,
                 const struct rights_request **found_p)
{
    struct rights_request *found = arena_alloc (turn->arena, sizeof *found);
    *found_p = NULL;
    int rc = rights_request_open (turn, request->as.rights.number, &handling->file, found);
    if (rc == RIGHTS_NOT_FOUND)
        return handling_status (handling, STATUS_NOT_FOUND, "no such request");
    if (rc != 0)
        return rc;
    handling->has_file = true;
    if (!verb_names_own_bsn (turn, request, handling))
        *found_p = found;
    return 0;
}

bool rights_may (const struct turn *turn, const struct rights_request *request, enum rights_action action,
                 const char *field, struct handling *handling)
{
    bool is_stake = action == RIGHTS_GRANT_PART || action == RIGHTS_ERASE;
    enum rights_kind kind = is_stake && request->kind == RIGHTS_OBJECTION ? request->stake : request->kind;
    const char *why = rights_why_not (kind, rights_request_state (request, turn->now), action);
    if (why == NULL && is_stake && request->erased_at != 0)
        why = "this erasure was carried out already";
    if (why != NULL)
        handling_invalid (handling, field, why);
    return why == NULL;
}

/* Who may make one */

/* Says why this person does not exercise the rights, and what to do. M9: only those who record how the subject is
   represented are told how he is. */
static const char *way_out (const struct turn *turn, const struct caller *caller, const struct subject *subject,
                            moment when)
{
    if (represent_is_dead (subject, when))
        return "the subject has died: nobody exercises the rights any more (M10)";
    if ((caller->party->permissions & PERMISSION_SUBJECT) == 0)
        return "this person does not exercise the rights of the subject; the social team knows who does";
    struct signers signers = represent_signers (turn->policy, subject, when);
    if (signers.nobody)
        return "nobody can exercise the rights as the subject is recorded: a birth date or a representative is "
               "missing; put that right first (subject_set). Without a birth date the subject may still ask for "
               "access";
    if (!signers.representatives)
        return "the subject alone exercises the rights: `by` is \"subject\"";
    return "this person does not exercise the rights, or is refused (M7); if a representative is missing in the "
           "record of the subject, put that right first (subject_set)";
}

bool rights_may_ask (struct turn *turn, const struct caller *caller, const struct rights_request *request,
                     enum rights_kind kind, struct handling *handling)
{
    const struct subject *subject = &handling->file.subject;
    moment when = request->number == 0 ? rights_made_at (request->received, turn->now) : turn->now;
    if (rights_may_be_made (turn->policy, subject, kind, request->by, when))
        return true;
    struct grant_refusal *refusal = arena_alloc (turn->arena, sizeof *refusal);
    *refusal = (struct grant_refusal){.code = REPRESENTATION_MISSING, .rule = "R2"};
    handling->reply.refusals = refusal;
    handling->reply.refusal_count = 1;
    handling_status (handling, STATUS_REJECTED, way_out (turn, caller, subject, when));
    return false;
}

/* Putting off */

/* R2: once, before it is due, and as far as the pack allows. NULL, or the field that stands in the way. */
static const char *why_not_extended (const struct turn *turn, const struct rights_request *request, moment until,
                                     const char **why_p)
{
    static const char number[] = "rights_extend.number", end[] = "rights_extend.until";
    moment latest = rights_latest_due (turn->policy, request->due);
    if (request->due_before != 0)
        return *why_p = "was put off once already", number;
    if (latest == request->due)
        return *why_p = "the pack in force lets no request be put off", number;
    if (request->due <= turn->now)
        return *why_p = "is overdue: a request is put off before it is due", number;
    if (until <= request->due)
        return *why_p = "not later than the due date", end;
    if (until > latest)
        return *why_p = "later than the pack in force allows", end;
    return NULL;
}

int verb_rights_extend (struct turn *turn, const struct caller *caller, const struct request *request,
                        struct handling *handling)
{
    const struct rights_request *before;
    const char *why;
    int rc = rights_find (turn, request, handling, &before);
    if (rc != 0 || before == NULL || !rights_may (turn, before, RIGHTS_EXTEND, "rights_extend.number", handling))
        return rc;
    moment until = request->as.rights.until;
    if (until == 0)
        until = rights_latest_due (turn->policy, before->due);
    const char *field = why_not_extended (turn, before, until, &why);
    if (field != NULL)
        return handling_invalid (handling, field, why);
    struct rights_request *now = arena_memdup (turn->arena, before, sizeof *now);
    now->due_before = before->due;
    now->due = until;
    now->extended_at = turn->now;
    now->extension_reason = request->as.rights.text;
    now->extended_user = request->user;
    rc = rights_request_rewrite (turn, &handling->file, before, now);
    return rc == 0 ? rights_show_changed (turn, caller, now, handling) : rc;
}

/* The view of another */

/* KB 13.3: the request waits until then for the view of another. The answer stays OK if it may. */
static bool may_wait (const struct turn *turn, const struct rights_request *request, moment until,
                      struct handling *handling)
{
    static const char end[] = "rights_hear.until";
    if (!rights_may (turn, request, RIGHTS_ASK_VIEW, "rights_hear.number", handling))
        return false;
    if (until <= turn->now)
        handling_invalid (handling, end, "not later than now");
    else if (until > rights_latest_view (turn->policy, turn->now))
        handling_invalid (handling, end, "later than a request that comes today is due");
    else if (request->view_count == RIGHTS_VIEWS)
        handling_invalid (handling, "rights_hear.number", "as many views were asked as may be");
    return handling->reply.status == STATUS_OK;
}

static void ask_view (const struct turn *turn, const struct request *request, struct rights_view *view)
{
    *view = (struct rights_view){.asked_at = turn->now,
                                 .until = request->as.rights.until,
                                 .note = request->as.rights.text,
                                 .user = request->user,
                                 .came_note = "",
                                 .came_user = ""};
}

static void note_view (const struct turn *turn, const struct request *request, struct rights_view *view)
{
    view->came = request->as.rights.came;
    view->came_at = turn->now;
    view->came_note = request->as.rights.text;
    view->came_user = request->user;
}

int verb_rights_hear (struct turn *turn, const struct caller *caller, const struct request *request,
                      struct handling *handling)
{
    const struct rights_request *before;
    bool asks = request->as.rights.came == VIEW_AWAITED;
    int rc = rights_find (turn, request, handling, &before);
    if (rc != 0 || before == NULL)
        return rc;
    if (asks ? !may_wait (turn, before, request->as.rights.until, handling)
             : !rights_may (turn, before, RIGHTS_NOTE_VIEW, "rights_hear.number", handling))
        return 0;
    struct rights_request *now = arena_memdup (turn->arena, before, sizeof *now);
    struct rights_view *views = arena_array (turn->arena, before->view_count + 1, sizeof *views);
    if (before->view_count > 0)
        memcpy (views, before->views, before->view_count * sizeof *views);
    if (asks)
        ask_view (turn, request, &views[now->view_count++]);
    else
        note_view (turn, request, &views[now->view_count - 1]);
    now->views = views;
    rc = rights_request_rewrite (turn, &handling->file, before, now);
    return rc == 0 ? rights_show_changed (turn, caller, now, handling) : rc;
}

/* Deciding */

static enum rights_action action_of (enum rights_state outcome)
{
    return outcome == RIGHTS_GRANTED   ? RIGHTS_GRANT
           : outcome == RIGHTS_IN_PART ? RIGHTS_GRANT_PART
           : outcome == RIGHTS_REFUSED ? RIGHTS_REFUSE
                                       : RIGHTS_WITHDRAW;
}

/* The kind of what is decided: of an objection, that of the request that was refused. */
static int find_stake (struct turn *turn, const struct subject_file *file, const struct rights_request *request,
                       enum rights_kind *kind)
{
    struct rights_request refused;
    *kind = request->kind == RIGHTS_OBJECTION ? request->stake : request->kind;
    if (*kind != 0)
        return 0; /* else the objection was recorded by an earlier program */
    int rc = rights_request_read (turn, file, request->against, &refused);
    *kind = refused.kind;
    return rc == RIGHTS_NOT_FOUND ? RECORD_DAMAGED : rc;
}

/* What is granted goes to who asked: so that person must exercise the rights still. The answer stays OK. 0 or a
   failure. */
static int judge_grant (struct turn *turn, const struct caller *caller, const struct rights_request *request,
                        struct handling *handling, enum rights_kind *stake)
{
    int rc = find_stake (turn, &handling->file, request, stake);
    if (rc == 0)
        rights_may_ask (turn, caller, request, *stake, handling);
    return rc;
}

static bool is_announced (const struct turn *turn, const struct rights_request *request, struct day announced,
                          struct handling *handling)
{
    static const char field[] = "rights_decide.announced";
    if (calendar_compare (announced, calendar_day (turn->now)) > 0)
        handling_invalid (handling, field, "in the future");
    else if (calendar_compare (announced, request->received) < 0)
        handling_invalid (handling, field, "before the request was received");
    return handling->reply.status == STATUS_OK;
}

/* KB 15: after a refusal, in part too, the subject may object. */
static struct rights_request *decided (const struct turn *turn, const struct caller *caller,
                                       const struct request *request, const struct rights_request *before,
                                       struct day announced)
{
    const struct rights_asked *asked = &request->as.rights;
    struct rights_request *now = arena_memdup (turn->arena, before, sizeof *now);
    now->outcome = asked->outcome;
    now->decided_at = turn->now;
    now->announced = announced;
    now->reason = asked->text;
    now->article = asked->article;
    now->decided_by = caller->party->text.id;
    now->decided_user = request->user;
    if (rights_refuses (asked->outcome) && before->kind != RIGHTS_OBJECTION)
        now->objection_until = rights_objection_end (turn->policy, announced);
    return now;
}

int verb_rights_decide (struct turn *turn, const struct caller *caller, const struct request *request,
                        struct handling *handling)
{
    const struct rights_asked *asked = &request->as.rights;
    enum rights_action action = action_of (asked->outcome);
    struct day announced = asked->announced.month != 0 ? asked->announced : calendar_day (turn->now);
    const struct rights_request *before;
    enum rights_kind stake = 0;
    int rc = rights_find (turn, request, handling, &before);
    if (rc != 0 || before == NULL || !rights_may (turn, before, action, "rights_decide.number", handling) ||
        !is_announced (turn, before, announced, handling))
        return rc;
    if (action == RIGHTS_GRANT || action == RIGHTS_GRANT_PART)
        rc = judge_grant (turn, caller, before, handling, &stake);
    if (rc != 0 || handling->reply.status != STATUS_OK)
        return rc;
    struct rights_request *now = decided (turn, caller, request, before, announced);
    if (now->kind == RIGHTS_OBJECTION && stake != 0)
        now->stake = stake;
    rc = rights_request_rewrite (turn, &handling->file, before, now);
    return rc == 0 ? rights_show_changed (turn, caller, now, handling) : rc;
}

int verb_rights_show (struct turn *turn, const struct caller *caller, const struct request *request,
                      struct handling *handling)
{
    const struct rights_request *found;
    int rc = rights_find (turn, request, handling, &found);
    return rc == 0 && found != NULL ? show (turn, caller, found, handling) : rc;
}

/* A request by which a subject exercises rights is opened: it gets its number and its due date (R2), and an
   objection the refusal that it is against (KB 15). */
#include "registry/rights_request.h"
#include "rights.h"
#include "verbs.h"

static bool is_received (const struct turn *turn, const struct rights_request *made, struct handling *handling)
{
    const char *why = rights_why_not_received (made->received, turn->now);
    if (why != NULL)
        handling_invalid (handling, "rights_open.received", why);
    return why == NULL;
}

/* KB 15: an objection names a request of this subject of which something was refused. One that comes late is
   recorded as late. The answer stays OK. 0 or a failure. */
static int judge_objection (struct turn *turn, struct rights_request *made, struct handling *handling,
                            struct rights_request *refused)
{
    static const char field[] = "rights_open.against";
    int rc = rights_request_read (turn, &handling->file, made->against, refused);
    if (rc == RIGHTS_NOT_FOUND)
        return handling_invalid (handling, field, "no such request of this subject");
    if (rc != 0 || !rights_may (turn, refused, RIGHTS_OBJECT, field, handling))
        return rc;
    if (calendar_compare (made->received, refused->announced) < 0)
        return handling_invalid (handling, "rights_open.received", "before the refusal was announced");
    made->stake = refused->kind;
    made->late = rights_is_late (refused->objection_until, made->received);
    return 0;
}

static struct rights_request made_of (const struct turn *turn, const struct caller *caller,
                                      const struct request *request)
{
    struct rights_request made = request->as.rights.made;
    made.about = request->bsn;
    made.opened_at = turn->now;
    made.opened_by = caller->party->text.id;
    made.user = request->user;
    if (made.received.month == 0)
        made.received = calendar_day (turn->now);
    made.due = rights_due (turn->policy, made.received);
    return made;
}

/* R2: a request of the subject gets a number and a due date. */
int verb_rights_open (struct turn *turn, const struct caller *caller, const struct request *request,
                      struct handling *handling)
{
    struct rights_request *made = arena_alloc (turn->arena, sizeof *made), refused;
    *made = made_of (turn, caller, request);
    int rc = subject_file_open (turn, request->bsn, &handling->file);
    if (rc != 0)
        return rc;
    handling->has_file = true;
    if (!is_received (turn, made, handling))
        return 0;
    bool objects = made->kind == RIGHTS_OBJECTION;
    if (objects)
        rc = judge_objection (turn, made, handling, &refused);
    if (rc != 0 || handling->reply.status != STATUS_OK)
        return rc;
    if (!rights_may_ask (turn, caller, made, objects ? refused.kind : made->kind, handling))
        return 0;
    rc = rights_request_add (turn, &handling->file, made);
    if (rc == 0 && objects)
        rc = rights_request_note_followed (turn, &handling->file, &refused, "rights-open");
    return rc == 0 ? rights_show_changed (turn, caller, made, handling) : rc;
}

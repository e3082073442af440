#include "rights.h"
#include <string.h>
#include "represent.h"

enum { RECEIVED_MONTHS_BACK = 12 }; /* a request that was found later than this has a slip in its date */

static const char closed[] = "this request was decided or withdrawn already";
static const char none_asked[] = "nobody was asked for his view of this request";
static const char awaited[] = "the view of another is awaited: say first what came of it, or wait for its date";
static const char nothing_refused[] = "nothing of this request was refused";
static const char not_decided[] = "this request is not decided yet";
static const char not_kept[] = "this request was refused or withdrawn: nothing is done on it";

/* R2: states and actions. NULL: it may be done. */
static const char *const moves[RIGHTS_STATES][RIGHTS_ACTIONS] = {
    [RIGHTS_OPEN] =
        {[RIGHTS_NOTE_VIEW] = none_asked, [RIGHTS_OBJECT] = nothing_refused, [RIGHTS_ERASE] = not_decided},
    /* KB 13.3: nothing is told of the data before the other was heard. To refuse tells nothing of them. */
    [RIGHTS_WAITING] = {[RIGHTS_ASK_VIEW] = awaited,
                        [RIGHTS_GRANT] = awaited,
                        [RIGHTS_GRANT_PART] = awaited,
                        [RIGHTS_OBJECT] = nothing_refused,
                        [RIGHTS_ERASE] = not_decided},
    [RIGHTS_UNANSWERED] = {[RIGHTS_OBJECT] = nothing_refused, [RIGHTS_ERASE] = not_decided},
    [RIGHTS_GRANTED] = {closed, closed, closed, closed, closed, closed, closed, nothing_refused},
    [RIGHTS_IN_PART] = {closed, closed, closed, closed, closed, closed, closed},
    [RIGHTS_REFUSED] = {closed, closed, closed, closed, closed, closed, closed, NULL, not_kept, not_kept,
                        not_kept},
    [RIGHTS_WITHDRAWN] = {closed, closed, closed, closed, closed, closed, closed, nothing_refused, not_kept,
                          not_kept, not_kept},
};

const char *rights_why_not (enum rights_kind kind, enum rights_state state, enum rights_action action)
{
    if (kind == RIGHTS_ERASURE && state == RIGHTS_GRANTED && action == RIGHTS_GRANT_PART)
        return NULL;
    if (action == RIGHTS_ERASE && kind != RIGHTS_ERASURE)
        return "this is no request for erasure";
    if (moves[state][action] != NULL)
        return moves[state][action];
    if (action == RIGHTS_ASK_VIEW && kind != RIGHTS_ACCESS)
        return "only a request for access waits for the view of another (KB 13.3)";
    if (action == RIGHTS_OBJECT && kind == RIGHTS_OBJECTION)
        return "the decision on an objection is not objected to: who disagrees goes to the court";
    if (action == RIGHTS_CARRY_OUT && kind == RIGHTS_ACCESS)
        return "a request for access changes nothing that is held";
    if (action == RIGHTS_RECTIFY &&
        (kind == RIGHTS_ACCESS || kind == RIGHTS_ERASURE || kind == RIGHTS_RESTRICTION))
        return "this request asks for no correction";
    return NULL;
}

bool rights_is_closed (enum rights_state state)
{
    return state >= RIGHTS_GRANTED;
}

bool rights_refuses (enum rights_state outcome)
{
    return outcome == RIGHTS_IN_PART || outcome == RIGHTS_REFUSED;
}

const char *rights_why_not_received (struct day received, moment now)
{
    struct day today = calendar_day (now);
    if (calendar_compare (received, today) > 0)
        return "in the future";
    if (calendar_compare (calendar_add_months (received, RECEIVED_MONTHS_BACK), today) < 0)
        return "more than a year ago";
    return NULL;
}

moment rights_due (const struct policy *policy, struct day received)
{
    return calendar_end_after_days (calendar_start (received), policy->due.request_days);
}

moment rights_latest_due (const struct policy *policy, moment due)
{
    return calendar_end_after_months (due - 1, policy->due.extension_months);
}

moment rights_latest_view (const struct policy *policy, moment now)
{
    return calendar_end_after_days (now, policy->due.request_days);
}

moment rights_objection_end (const struct policy *policy, struct day announced)
{
    return calendar_end_after_days (calendar_start (announced), policy->due.objection_days);
}

bool rights_is_late (moment objection_end, struct day received)
{
    return calendar_start (received) >= objection_end;
}

moment rights_made_at (struct day received, moment now)
{
    moment end = calendar_start (calendar_next (received)) - 1;
    return end < now ? end : now;
}

/* KB 13.1: also who has no birth date in the registry is told whether anything is held. */
static bool asks_what_is_held (const struct subject *subject, const char *who, moment when)
{
    return strcmp (who, "subject") == 0 && subject->birth.month == 0 && !represent_is_dead (subject, when) &&
           represent_is_capable (subject, when);
}

bool rights_may_be_made (const struct policy *policy, const struct subject *subject, enum rights_kind kind,
                         const char *who, moment when)
{
    return represent_exercises (policy, subject, who, when) ||
           (kind == RIGHTS_ACCESS && asks_what_is_held (subject, who, when));
}

#include "log_filter.h"
#include <string.h>
#include "outcome.h"

enum { COST_OF_OPENING = 4 };

bool log_filter_is_set (const struct request *request)
{
    return request->as.audit_list.parties.count + request->as.audit_list.actions.count +
                   request->as.audit_list.results.count >
               0 ||
           request->as.audit_list.by_user[0] != 0;
}

unsigned log_filter_cost (const struct request *request)
{
    return request->as.audit_list.by_user[0] != 0 ? COST_OF_OPENING : 1;
}

static bool is_among (const struct text_set *set, const char *text)
{
    return set->count == 0 || text_set_has (set, text);
}

/* The user stands in the sealed part. */
static int judge_user (struct turn *turn, const char *user, const struct audit_record *record, bool *is_asked)
{
    struct evidence evidence = {0};
    int rc = audit_open (turn, record, &evidence);
    *is_asked = rc == 0 && evidence.user != NULL && strcmp (evidence.user, user) == 0;
    return rc == AUDIT_NOT_FOUND || rc == RECORD_DAMAGED ? 0 : rc;
}

int log_filter_judge (struct turn *turn, const struct request *request, const struct audit_record *record,
                      bool *is_asked)
{
    const struct audit_head *head = &record->head;
    *is_asked = is_among (&request->as.audit_list.parties, head->party) &&
                is_among (&request->as.audit_list.actions, head->action) &&
                is_among (&request->as.audit_list.results, head->result);
    const char *user = request->as.audit_list.by_user;
    return *is_asked && user[0] != 0 ? judge_user (turn, user, record, is_asked) : 0;
}

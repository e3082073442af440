#include "done_on.h"
#include "permission.h"
#include "registry/rights_request.h"

int done_on_open (struct turn *turn, const struct caller *caller, struct done_on *self, struct handling *handling)
{
    if (self->number == 0)
        return 0;
    if ((caller->party->permissions & PERMISSION_RIGHTS) == 0)
        return handling_status (handling, STATUS_FORBIDDEN,
                                "a request of a subject is named by those who record such requests");
    int rc = rights_request_read (turn, &handling->file, self->number, &self->request);
    if (rc == RIGHTS_NOT_FOUND)
        return handling_invalid (handling, self->field, "no such request of this subject");
    if (rc != 0)
        return rc;
    enum rights_state state = rights_request_state (&self->request, turn->now);
    const char *why = rights_why_not (self->request.kind, state, self->action);
    return why != NULL ? handling_invalid (handling, self->field, why) : 0;
}

int done_on_note (struct turn *turn, const struct done_on *self, const char *what, const struct handling *handling)
{
    return self->number == 0 ? 0 : rights_request_note_followed (turn, &handling->file, &self->request, what);
}

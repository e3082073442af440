#include "log_pages.h"

/* The next page begins after the last line that was looked at: a page may hold no lines about a subject. */
static bool go_on (struct pages *pages, const Consentd__Reply *page)
{
    Consentd__AuditListRequest *body = pages->request->audit_list;
    bool moves = page->audit_list->looked_until > body->after;
    body->after = page->audit_list->looked_until;
    body->last = 0;
    body->since = 0;
    return moves;
}

const struct paging log_paging = {.body = CONSENTD__REPLY__BODY_AUDIT_LIST, .go_on = go_on};

#include "log_pages.h"

#include "codec/document.h"

/* The next page begins after the last line that was looked at, or backwards before it: a page may hold none of the
   lines that were asked. */
static bool go_on (struct pages *pages, const Consentd__Reply *page)
{
    Consentd__AuditListRequest *body = pages->request->audit_list;
    uint64_t until = page->audit_list->looked_until;
    bool moves = body->backwards ? body->after == 0 || until < body->after : until > body->after;
    body->after = page->audit_list->looked_until;
    body->last = 0;
    body->since = 0;
    return moves;
}

const struct paging log_paging = {.body = CONSENTD__REPLY__BODY_AUDIT_LIST, .go_on = go_on};

json_t *log_entry_document (const Consentd__AuditEntry *entry)
{
    json_t *object = document_of_message (&entry->base);
    json_object_del (object, "raw");
    json_object_del (object, "hash");
    json_object_del (object, "record_is_older");
    json_object_del (object, "tellings");
    json_object_del (object, "subject_ref");
    json_t *details = json_loads (entry->details, JSON_REJECT_DUPLICATES, NULL);
    json_object_set_new (object, "details", details ? details : json_null ());
    return object;
}

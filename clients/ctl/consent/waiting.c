#include "waiting.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE = 32 };

static int ask_page (struct ctl *ctl, struct ask_pages *pages, char *bsn, const Consentd__WaitingListReply *before,
                     Consentd__Reply **reply_p)
{
    Consentd__WaitingListRequest body;
    consentd__waiting_list_request__init (&body);
    Consentd__Request request = ASK_REQUEST (WAITING_LIST, waiting_list, &body);
    body.bsn = bsn;
    body.limit = PAGE;
    if (before)
        body.after = before->next;
    return ask_next (ctl, pages, &request, CONSENTD__REPLY__BODY_WAITING_LIST, reply_p);
}

/* The next page is put behind the others, so that one table, or one document, tells all. */
static void append_page (Consentd__WaitingListReply *all, Consentd__WaitingListReply *page)
{
    size_t count = all->n_requests + page->n_requests;
    Consentd__Waiting **requests = realloc (all->requests, (count + 1) * sizeof *requests);
    if (!requests)
        abort ();
    if (page->n_requests > 0)
        memcpy (requests + all->n_requests, page->requests, page->n_requests * sizeof *requests);
    all->requests = requests;
    all->n_requests = count;
    page->n_requests = 0;
    ProtobufCBinaryData passed = all->next;
    all->next = page->next;
    page->next = passed;
    all->more = page->more && page->next.len > 0;
}

int waiting_list (struct ctl *ctl, char *bsn, Consentd__Reply **reply_p)
{
    struct ask_pages pages = {.size = 0};
    Consentd__Reply *page;
    int error = ask_page (ctl, &pages, bsn, NULL, reply_p);
    while (!error && (*reply_p)->waiting_list->more) {
        error = ask_page (ctl, &pages, bsn, (*reply_p)->waiting_list, &page);
        if (error) {
            consentd__reply__free_unpacked (*reply_p, NULL);
            break;
        }
        append_page ((*reply_p)->waiting_list, page->waiting_list);
        consentd__reply__free_unpacked (page, NULL);
    }
    return error;
}

int waiting_find (struct ctl *ctl, char *bsn, const ProtobufCBinaryData *id, Consentd__Reply **reply_p,
                  const Consentd__Waiting **found_p)
{
    int error = waiting_list (ctl, bsn, reply_p);
    if (error)
        return error;
    const Consentd__WaitingListReply *list = (*reply_p)->waiting_list;
    for (size_t i = 0; i < list->n_requests; i++) {
        const Consentd__Waiting *one = list->requests[i];
        if (one->scope && one->consent_id.len == id->len && !memcmp (one->consent_id.data, id->data, id->len)) {
            *found_p = one;
            return 0;
        }
    }
    consentd__reply__free_unpacked (*reply_p, NULL);
    return ctl_fail (
        EX_NOINPUT,
        "no such request waits for an answer of this subject: 'consentctl request show ID' says whether it "
        "was answered");
}

#include "request_list.h"

#include <string.h>
#include "moments.h"

enum { PAGE = 32, REASON_WIDTH = 32 /* --json shows all of it */ };

static const char *between (struct ctl *ctl, const Consentd__Scope *scope)
{
    return arena_printf (ctl->arena, "%s > %s", table_join (ctl->arena, scope->providers, scope->n_providers),
                         table_join (ctl->arena, scope->recipients, scope->n_recipients));
}

static const char *state_of (struct ctl *ctl, const Consentd__Waiting *one)
{
    char deferred[MOMENT_TEXT];
    if (!one->scope)
        return "cannot be read";
    if (!one->deferred_at)
        return "waits";
    return arena_printf (ctl->arena, "deferred %s: %s", moment_print (one->deferred_at, deferred),
                         table_cut (ctl->arena, one->deferred_reason, REASON_WIDTH));
}

static void add_row (struct ctl *ctl, struct table *table, const void *item, int64_t now)
{
    const Consentd__Waiting *one = item;
    const Consentd__Scope *scope = one->scope;
    char asked[MOMENT_TEXT];
    (void)now;
    table_add (table, (const char *[]){
                          ask_hex (ctl, &one->consent_id), moment_print (one->asked_at, asked), one->asked_by,
                          one->bsn, scope ? scope->purpose : "", scope ? between (ctl, scope) : "",
                          scope ? table_join (ctl->arena, scope->categories, scope->n_categories) : "",
                          state_of (ctl, one)});
}

static const char *const headings[] = {"#ID",     "-ASKED",  "--BY",       "BSN",
                                       "PURPOSE", "BETWEEN", "CATEGORIES", "STATE"};
static const struct listing requests = {
    .paging = {CONSENTD__REPLY__BODY_WAITING_LIST},
    .headings = headings,
    .columns = 8,
    .nothing = "No request waits for an answer.",
    .add_row = add_row,
};

int request_list (struct ctl *ctl, char *bsn)
{
    Consentd__WaitingListRequest body;
    consentd__waiting_list_request__init (&body);
    Consentd__Request request = ASK_REQUEST (WAITING_LIST, waiting_list, &body);
    body.bsn = bsn;
    body.limit = PAGE;
    return listing_run (ctl, &request, &requests);
}

int request_find (struct ctl *ctl, char *bsn, const ProtobufCBinaryData *id, Consentd__Reply **reply_p,
                  const Consentd__Waiting **found_p)
{
    Consentd__WaitingListRequest body;
    consentd__waiting_list_request__init (&body);
    Consentd__Request request = ASK_REQUEST (WAITING_LIST, waiting_list, &body);
    body.bsn = bsn;
    body.limit = PAGE;
    int error = pages_all (ctl, &request, &requests.paging, reply_p);
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

#include "report_log.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "audit/log_pages.h"
#include "text/progress.h"

enum { PAGE = 100 };

static void show_progress (const struct report_log *self, uint64_t number)
{
    progress_show ("%" PRIu64 " of %" PRIu64 " lines of the log", number, self->newest);
}

/* A line that is missing or damaged has no time: it may be of the period. */
static bool is_of_period (const struct report_log *self, const Consentd__AuditEntry *entry)
{
    return entry->time == 0 || (entry->time >= self->period.from && entry->time < self->period.until);
}

static void take_page (struct report_log *self, const Consentd__AuditListReply *page)
{
    if (self->newest == 0)
        self->newest = page->newest;
    for (size_t i = 0; i < page->n_entries; i++) {
        const Consentd__AuditEntry *entry = page->entries[i];
        if (entry->number > self->newest || !is_of_period (self, entry))
            continue;
        json_t *details = json_loads (entry->details, JSON_REJECT_DUPLICATES, NULL);
        self->take (self->report, entry, details);
        json_decref (details);
    }
}

static int read_pages (struct report_log *self, Consentd__AuditListRequest *body)
{
    Consentd__Request request = ASK_REQUEST (AUDIT_LIST, audit_list, body);
    struct pages pages = pages_start (self->ctl, &request, &log_paging);
    while (pages.more && (self->newest == 0 || body->after < self->newest)) {
        Consentd__Reply *reply;
        int error = pages_next (&pages, &reply);
        if (error)
            return error;
        take_page (self, reply->audit_list);
        consentd__reply__free_unpacked (reply, NULL);
        show_progress (self, body->after);
    }
    return 0;
}

int report_log_read (struct report_log *self)
{
    Consentd__AuditListRequest body;
    consentd__audit_list_request__init (&body);
    body.limit = PAGE;
    body.bsn = self->bsn;
    body.since = self->period.from;
    body.tellings = self->has_tellings;
    int error = read_pages (self, &body);
    progress_end ();
    return error;
}

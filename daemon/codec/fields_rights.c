/* Requests by which a subject exercises rights (R2). */
#include "body_fields.h"
#include "reply.h"
#include "request.h"

/* Asked */

static const struct field rights_open_asks[] = {
    OF_SUBJECT,
    {CHOICE (request, as.rights.made.kind, 0, RIGHTS_OPPOSITION), .in_log = true},
    {TEXT (request, as.rights.made.by), .sort = SYNTAX_REFERENCE, .needed = true, .in_log = true},
    {TEXT (request, as.rights.made.wish), .sort = SYNTAX_TEXT},
    {CHOICE (request, as.rights.made.identity, 0, IDENTITY_OTHER), .in_log = true},
    {TEXT (request, as.rights.made.evidence), .sort = SYNTAX_REFERENCE, .in_log = true},
    {CHOICE (request, as.rights.made.way, 0, WAY_OTHER), .in_log = true},
    {DAY (request, as.rights.made.received), .in_log = true},
    {NUMBER (request, as.rights.made.against), .in_log = true},
    BY_USER,
};
ASKED (rights_open, rights_open_asks);

static const struct field rights_extend_asks[] = {
    {NUMBER (request, as.rights.number), .in_log = true},
    {MOMENT (request, as.rights.until), .in_log = true},
    {TEXT (request, as.rights.text), .also = "reason", .sort = SYNTAX_TEXT, .needed = true},
    BY_USER,
};
ASKED (rights_extend, rights_extend_asks);

static const struct field rights_hear_asks[] = {
    {NUMBER (request, as.rights.number), .in_log = true},
    {MOMENT (request, as.rights.until), .in_log = true},
    {CHOICE (request, as.rights.came, VIEW_AWAITED, VIEW_NOT_GIVEN), .in_log = true},
    {TEXT (request, as.rights.text), .also = "note", .sort = SYNTAX_TEXT, .needed = true},
    BY_USER,
};
ASKED (rights_hear, rights_hear_asks);

static const struct field rights_decide_asks[] = {
    {NUMBER (request, as.rights.number), .in_log = true},
    {CHOICE (request, as.rights.outcome, 0, RIGHTS_WITHDRAWN), .in_log = true},
    {TEXT (request, as.rights.text), .also = "reason", .sort = SYNTAX_TEXT},
    {TEXT (request, as.rights.article), .sort = SYNTAX_LINE},
    {DAY (request, as.rights.announced), .in_log = true},
    BY_USER,
};
ASKED (rights_decide, rights_decide_asks);

static const struct field rights_show_asks[] = {{NUMBER (request, as.rights.number), .in_log = true}};
ASKED (rights_show, rights_show_asks);

static const struct field rights_list_asks[] = {
    OF_SUBJECT_OR_ALL,
    {BYTES (request, page.after.bytes), .also = "after", .in_log = true},
    {NUMBER_IN (request, page.limit, 1, ENTRIES_A_PAGE, ENTRIES_A_PAGE_DEFAULT), .in_log = true},
};
ASKED (rights_list, rights_list_asks);

static const struct field rights_erase_asks[] = {
    {NUMBER (request, as.rights.number), .in_log = true},
    {FLAG (request, is_trial), .also = "dry_run", .in_log = true},
    BY_USER,
};
ASKED (rights_erase, rights_erase_asks);

/* Told */

static const struct field shown_rights_field[] = {
    {GROUP_AT (shown_rights, request, &rights_request_fields), .in_log = true},
    {CHOICE (shown_rights, state, 0, RIGHTS_WITHDRAWN), .in_log = true},
    {FLAG (shown_rights, to_be_erased), .in_log = true},
    {FIXED (shown_rights, subject_ref), .in_log = true},
    {TEXT (shown_rights, bsn)},
};
const struct fields shown_rights_fields = {FIELDS_OF (shown_rights, shown_rights_field),
                                           .full = offsetof (struct shown_rights, in_full)};

static const struct field rights_tells[] = {
    {GROUP (reply, as.rights, &shown_rights_fields), .also = "request", .in_log = true},
};
TOLD (rights, reply, rights_tells);

static const struct field rights_list_tells[] = {
    {LIST (reply, as.rights_list.requests, as.rights_list.count, &shown_rights_fields)},
    {FLAG (reply, more)},
    {BYTES (reply, next.bytes), .also = "next"},
};
TOLD (rights_list, reply, rights_list_tells);

static const struct field shown_kept_field[] = {
    {TEXT (shown_kept, entry), .in_log = true},         {TEXT (shown_kept, source), .in_log = true},
    {TEXT (shown_kept, holder), .in_log = true},        {TEXT (shown_kept, law), .in_log = true},
    {NUMBER (shown_kept, disclosures), .in_log = true}, {MOMENT (shown_kept, first), .in_log = true},
    {MOMENT (shown_kept, last), .in_log = true},        {MOMENT (shown_kept, until), .in_log = true},
};
static const struct fields shown_kept_fields = {FIELDS_OF (shown_kept, shown_kept_field)};

static const struct field rights_erase_tells[] = {
    {NUMBER (reply, as.rights_erase.number), .in_log = true},
    {FLAG (reply, as.rights_erase.done), .in_log = true},
    {FLAG (reply, as.rights_erase.unfinished), .in_log = true},
    {NUMBER (reply, as.rights_erase.lines), .in_log = true},
    {NUMBER (reply, as.rights_erase.unreadable), .in_log = true},
    {MOMENT (reply, as.rights_erase.earlier_until), .in_log = true},
    {NUMBER (reply, as.rights_erase.statements), .in_log = true},
    {NUMBER (reply, as.rights_erase.requests), .in_log = true},
    {LIST (reply, as.rights_erase.kept, as.rights_erase.kept_count, &shown_kept_fields), .in_log = true},
    {TEXTS (reply, as.rights_erase.told), .in_log = true},
    {TEXTS (reply, as.rights_erase.held), .in_log = true},
};
TOLD (rights_erase, reply, rights_erase_tells);

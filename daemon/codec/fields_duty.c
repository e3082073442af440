/* Obligations, and what is due. */
#include "body_fields.h"
#include "reply.h"
#include "request.h"

/* Asked */

static const struct field obligation_done_asks[] = {
    {NUMBER (request, as.obligation.decision), .in_log = true},
    {CHOICE (request, as.obligation.kind, 0, OBLIGATIONS - 1), .in_log = true},
    {MOMENT (request, as.obligation.when), .also = "done_at", .in_log = true},
    BY_USER,
    {TEXT (request, as.obligation.reason), .sort = SYNTAX_TEXT},
    {TEXT (request, as.obligation.file), .sort = SYNTAX_REFERENCE, .in_log = true},
    {TEXT (request, as.obligation.manager), .also = "manager_consulted", .sort = SYNTAX_REFERENCE, .in_log = true},
    {TEXT (request, as.obligation.letter), .sort = SYNTAX_REFERENCE, .in_log = true},
    {TEXT (request, as.obligation.holder), .sort = SYNTAX_PARTY, .in_log = true},
};
ASKED (obligation_done, obligation_done_asks);

static const struct field obligation_defer_asks[] = {
    {NUMBER (request, as.obligation.decision), .in_log = true},
    {CHOICE (request, as.obligation.kind, 0, OBLIGATIONS - 1), .in_log = true},
    {MOMENT (request, as.obligation.when), .also = "until", .in_log = true},
    {TEXT (request, as.obligation.reason), .sort = SYNTAX_TEXT, .needed = true},
    BY_USER,
    {TEXT (request, as.obligation.file)}, /* never given: "" */
    {TEXT (request, as.obligation.manager)},
    {TEXT (request, as.obligation.letter)},
    {TEXT (request, as.obligation.holder)},
};
ASKED (obligation_defer, obligation_defer_asks);

static const struct field obligation_list_asks[] = {
    OF_SUBJECT,
    {BYTES (request, page.after.bytes), .also = "after", .in_log = true},
    {NUMBER_IN (request, page.limit, 1, ENTRIES_A_PAGE, ENTRIES_A_PAGE_DEFAULT), .in_log = true},
};
ASKED (obligation_list, obligation_list_asks);

static const struct field due_list_asks[] = {
    {MOMENT (request, as.due_list.until), .in_log = true},
    {BYTES (request, page.after.bytes), .also = "after", .in_log = true},
    {NUMBER_IN (request, page.limit, 1, ENTRIES_A_PAGE, ENTRIES_A_PAGE_DEFAULT), .in_log = true},
};
ASKED (due_list, due_list_asks);

/* Told */

static const struct field shown_duty_field[] = {
    {GROUP (shown_duty, duty, &kept_duty_fields)},
    {FIXED (shown_duty, subject_ref), .in_log = true},
};
const struct fields shown_duty_fields = {FIELDS_OF (shown_duty, shown_duty_field)};

static const struct field obligation_tells[] = {
    {GROUP (reply, as.obligation, &shown_duty_fields), .also = "duty", .in_log = true},
};
TOLD (obligation, reply, obligation_tells);

static const struct field obligation_list_tells[] = {
    {LIST (reply, as.obligation_list.duties, as.obligation_list.count, &shown_duty_fields)},
    {FLAG (reply, more)},
    {BYTES (reply, next.bytes), .also = "next"},
};
TOLD (obligation_list, reply, obligation_list_tells);

static const struct field shown_due_field[] = {
    {CHOICE (shown_due, kind, DUE_CONSENT_ENDS, DUE_VIEW)},
    {MOMENT (shown_due, when)},
    {FIXED_IF (shown_due, consent_id, has_consent)},
    {GROUP_IF (shown_due, duty, has_duty, &shown_duty_fields)},
    {GROUP_IF (shown_due, rights, has_rights, &shown_rights_fields)},
    {FIXED (shown_due, subject_ref)},
    {FLAG (shown_due, birthday)},
};
static const struct fields shown_due_fields = {FIELDS_OF (shown_due, shown_due_field)};
static const struct field due_list_tells[] = {
    {LIST (reply, as.due_list.entries, as.due_list.count, &shown_due_fields)},
    {FLAG (reply, more)},
    {BYTES (reply, next.bytes), .also = "next"},
};
TOLD (due_list, reply, due_list_tells);

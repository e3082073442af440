/* Access: everything about one subject. */
#include "body_fields.h"
#include "reply.h"
#include "request.h"

/* Asked */

static const struct field overview_asks[] = {
    OF_SUBJECT,
    {BYTES (request, page.after.bytes), .also = "after", .in_log = true},
    {TEXT (request, as.overview.reader), .sort = SYNTAX_REFERENCE, .in_log = true},
    {MOMENT (request, as.overview.since), .in_log = true},
    {MOMENT (request, as.overview.until), .in_log = true},
    {NUMBER_IN (request, page.limit, 1, ENTRIES_A_PAGE, ENTRIES_A_PAGE), .in_log = true},
};
ASKED (overview, overview_asks);

/* Told */

static const struct field overview_telling_field[] = {
    {TEXT (overview_telling, party)},
    {FLAG (overview_telling, heard)},
    {MOMENT (overview_telling, heard_at)},
    {FLAG (overview_telling, unknown)},
    {LIST (overview_telling, consumers, consumer_count, &hearing_fields)},
    {NUMBER32 (overview_telling, consumers_left_out)},
};
const struct fields overview_telling_fields = {FIELDS_OF (overview_telling, overview_telling_field)};

static const struct field overview_line_field[] = {
    {NUMBER (overview_line, number)},
    {MOMENT (overview_line, time)},
    {TEXT (overview_line, party)},
    {TEXT (overview_line, action)},
    {TEXT (overview_line, result)},
    {GROUP_AT (overview_line, asked, &check_asked), .also = "check"},
    {PACKED (overview_line, answer), .also = "reply"},
    {LIST (overview_line, all_reasons, reason_count, &all_reasons_fields)},
    {LIST (overview_line, tellings, telling_count, &overview_telling_fields)},
    {FIXED_IF (overview_line, consent_id, has_consent)},
    {FLAG (overview_line, kept)},
    {MOMENT (overview_line, kept_until)},
    {TEXTS (overview_line, kept_by)},
};
static const struct fields overview_line_fields = {FIELDS_OF (overview_line, overview_line_field)};

static const struct field overview_entry_field[] = {
    {GROUP_AT (overview_entry, subject, &subject_show_told)},
    {GROUP_AT (overview_entry, consent, &shown_consent_fields)},
    {GROUP_AT (overview_entry, obligation, &shown_duty_fields)},
    {GROUP_AT (overview_entry, line, &overview_line_fields)},
    {GROUP_AT (overview_entry, request, &shown_rights_fields)},
    {FLAG (overview_entry, left_out)},
};
static const struct fields overview_entry_fields = {FIELDS_OF (overview_entry, overview_entry_field)};

static const struct field overview_label_field[] = {
    {CHOICE (overview_label, kind, LABEL_CATEGORY, LABEL_PARTY)},
    {TEXT (overview_label, code)},
    {TEXT (overview_label, label)},
};
const struct fields overview_label_fields = {FIELDS_OF (overview_label, overview_label_field)};

static const struct field overview_tells[] = {
    {LIST (reply, as.overview.entries, as.overview.entry_count, &overview_entry_fields)},
    {FLAG (reply, more)},
    {BYTES (reply, next.bytes), .also = "next"},
    {LIST (reply, as.overview.labels, as.overview.label_count, &overview_label_fields)},
    {TEXT (reply, as.overview.controller)},
    {TEXT (reply, as.overview.policy)},
    {FLAG (reply, as.overview.known)},
    {NUMBER (reply, as.overview.newest)},
    {NUMBER (reply, as.overview.looked_until)},
    {NUMBER (reply, as.overview.unreadable)},
};
TOLD (overview, reply, overview_tells);

/* Subjects, restrictions and holds. */
#include "body_fields.h"
#include "reply.h"
#include "request.h"

/* Asked. The rules set the moments of recording. */

static const struct field removal[] = {
    {FLAG (subject_removal, birth_date)},
    {FLAG (subject_removal, death_date)},
    {TEXTS (subject_removal, representatives), .sort = SYNTAX_REFERENCE},
    {TEXTS (subject_removal, untils), .sort = SYNTAX_REFERENCE},
    {TEXTS (subject_removal, refusals), .sort = SYNTAX_REFERENCE},
    {TEXTS (subject_removal, capabilities), .sort = SYNTAX_DAY, .as_given = true},
    {TEXTS (subject_removal, care_ended), .sort = SYNTAX_CODE},
};
static const struct fields removal_fields = {FIELDS_OF (subject_removal, removal)};

static const struct field subject_set_asks[] = {
    OF_SUBJECT,
    {DAY (request, as.subject_set.change.birth), .also = "birth_date"},
    {DAY (request, as.subject_set.change.death), .also = "death_date"},
    {LIST (request, as.subject_set.representatives, as.subject_set.change.representative_count,
           &representative_fields)},
    {LIST (request, as.subject_set.capabilities, as.subject_set.change.capability_count, &capability_fields)},
    {LIST (request, as.subject_set.care_ended, as.subject_set.change.care_ended_count, &care_end_fields)},
    BY_USER_OR_NONE,
    {GROUP_IF (request, as.subject_set.remove, as.subject_set.has_removal, &removal_fields)},
    {FLAG (request, as.subject_set.change.whole), .in_log = true},
    {FIXED_IF (request, as.subject_set.expected, as.subject_set.has_expected), .in_log = true},
    {FLAG (request, is_trial), .also = "advise", .in_log = true},
    {NUMBER (request, as.subject_set.request), .in_log = true},
};
ASKED (subject_set, subject_set_asks);

static const struct field subject_show_asks[] = {OF_SUBJECT};
ASKED (subject_show, subject_show_asks);

static const struct field restriction_asks[] = {
    OF_SUBJECT,
    {FLAG (request, as.restriction.whole), .in_log = true},
    {TEXTS (request, as.restriction.categories), .sort = SYNTAX_CODE, .as_given = true, .in_log = true},
    {TEXT (request, as.restriction.reason), .sort = SYNTAX_TEXT, .needed = true},
    BY_USER,
    {NUMBER (request, as.restriction.request), .in_log = true}, /* to restrict */
};
ASKED (restrict_data, restriction_asks);
ASKED (lift_restriction, restriction_asks);

static const struct field hold_asks[] = {
    OF_SUBJECT,
    {TEXT (request, as.hold.reference), .sort = SYNTAX_REFERENCE, .needed = true, .in_log = true},
    {TEXT (request, as.hold.reason), .sort = SYNTAX_TEXT, .needed = true},
    BY_USER,
};
ASKED (hold_set, hold_asks);
ASKED (hold_lift, hold_asks);

static const struct field hold_show_asks[] = {OF_SUBJECT};
ASKED (hold_show, hold_show_asks);

/* Told */

static const struct field shown_subject_field[] = {
    {GROUP_AT (shown_subject, subject, &subject_fields)},
    {FIXED_IF (shown_subject, subject_ref, has_ref), .in_log = true},
    {FIXED_IF (shown_subject, version, has_version), .in_log = true},
    {FIXED_LIST (shown_subject, ended, ended_count), .in_log = true},
    {FIXED_LIST (shown_subject, restored, restored_count), .in_log = true},
    {TEXTS (shown_subject, informed), .in_log = true},
};
const struct fields subject_show_told = {FIELDS_OF (shown_subject, shown_subject_field),
                                         .full = offsetof (struct shown_subject, in_full)};

/* The log shows the restrictions as an order left them, and not as part of a record that was read. */
static const struct field restrictions_left[] = {
    {LIST (subject, restrictions, restriction_count, &restriction_fields), .in_log = true},
};
static const struct fields restrictions_left_fields = {FIELDS_OF (subject, restrictions_left)};
static const struct field restriction_tells[] = {
    {FLAG (reply, as.restriction.already), .in_log = true},
    {GROUP_AT (reply, as.restriction.subject, &restrictions_left_fields)},
    {TEXTS (reply, as.restriction.informed), .in_log = true},
    {FIXED (reply, as.restriction.subject_ref), .in_log = true},
};
TOLD (restriction, reply, restriction_tells);

static const struct field holds_left[] = {
    {LIST (subject, holds, hold_count, &hold_fields), .in_log = true},
};
static const struct fields holds_left_fields = {FIELDS_OF (subject, holds_left)};
static const struct field hold_tells[] = {
    {FLAG (reply, as.hold.already), .in_log = true},
    {GROUP_AT (reply, as.hold.subject, &holds_left_fields)},
    {FIXED (reply, as.hold.subject_ref), .in_log = true},
};
TOLD (hold, reply, hold_tells);

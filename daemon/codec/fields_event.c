/* Subscriptions, and how far parties are with their events. */
#include "body_fields.h"
#include "reply.h"
#include "request.h"

enum { CREDIT_LIMIT = 1024 };

/* Asked */

NOTHING_ASKED (events_lag);

static const struct field subscribe_asks[] = {
    {NUMBER (request, as.subscribe.from), .in_log = true},
    {NUMBER_IN (request, as.subscribe.credit, 1, CREDIT_LIMIT, 0), .in_log = true},
    {TEXT (request, as.subscribe.consumer), .sort = SYNTAX_CONSUMER, .in_log = true},
    {FLAG (request, as.subscribe.effects), .in_log = true},
};
ASKED (subscribe, subscribe_asks);

static const struct field acknowledge_asks[] = {
    {NUMBER (request, as.acknowledge.number), .in_log = true},
    {NUMBER_IN (request, as.acknowledge.credit, 0, CREDIT_LIMIT, 0), .in_log = true},
};
ASKED (acknowledge, acknowledge_asks);

static const struct field events_skip_asks[] = {
    {TEXT (request, as.events_skip.party), .sort = SYNTAX_PARTY, .needed = true, .in_log = true},
    {NUMBER (request, as.events_skip.number), .in_log = true},
    {TEXT (request, as.events_skip.reason), .sort = SYNTAX_TEXT, .needed = true},
    BY_USER,
};
ASKED (events_skip, events_skip_asks);

static const struct field snapshot_asks[] = {
    {TEXT (request, as.snapshot.consumer), .sort = SYNTAX_CONSUMER, .in_log = true},
    {FLAG (request, as.snapshot.permits), .in_log = true},
    {BYTES (request, page.after.bytes), .also = "after", .in_log = true},
    {NUMBER_IN (request, page.limit, 1, ENTRIES_A_PAGE, ENTRIES_A_PAGE_DEFAULT), .in_log = true},
};
ASKED (snapshot, snapshot_asks);

static const struct field events_consumers_asks[] = {
    {TEXT (request, as.events_consumers.party), .sort = SYNTAX_PARTY, .in_log = true},
    {FLAG (request, as.events_consumers.waiting_only), .in_log = true},
    {BYTES (request, page.after.bytes), .also = "after", .in_log = true},
    {NUMBER_IN (request, page.limit, 1, ENTRIES_A_PAGE, ENTRIES_A_PAGE_DEFAULT), .in_log = true},
};
ASKED (events_consumers, events_consumers_asks);

static const struct field events_forget_asks[] = {
    {TEXT (request, as.events_forget.party), .sort = SYNTAX_PARTY, .needed = true, .in_log = true},
    {TEXT (request, as.events_forget.consumer), .sort = SYNTAX_CONSUMER, .in_log = true},
    {TEXT (request, as.events_forget.reason), .sort = SYNTAX_TEXT, .needed = true},
    BY_USER,
};
ASKED (events_forget, events_forget_asks);

/* Told */

static const struct field subscribe_tells[] = {
    {NUMBER (reply, as.subscribe.next)},         {NUMBER (reply, as.subscribe.newest)},
    {NUMBER (reply, as.subscribe.acknowledged)}, {NUMBER (reply, as.subscribe.first_dropped)},
    {NUMBER (reply, as.subscribe.last_dropped)},
};
TOLD (subscribe, reply, subscribe_tells);

static const struct field acknowledge_tells[] = {
    {NUMBER (reply, as.acknowledge.acknowledged)},
};
TOLD (acknowledge, reply, acknowledge_tells);

static const struct field party_lag_field[] = {
    {TEXT (party_lag, party), .in_log = true},          {NUMBER (party_lag, newest), .in_log = true},
    {NUMBER (party_lag, acknowledged), .in_log = true}, {MOMENT (party_lag, oldest_waiting), .in_log = true},
    {FLAG (party_lag, subscribed), .in_log = true},     {FLAG (party_lag, damaged), .in_log = true},
};
static const struct fields party_lag_fields = {FIELDS_OF (party_lag, party_lag_field)};
static const struct field events_lag_tells[] = {
    {LIST (reply, as.events_lag.parties, as.events_lag.count, &party_lag_fields), .in_log = true},
};
TOLD (events_lag, reply, events_lag_tells);

static const struct field shown_consumer_field[] = {
    {TEXT (shown_consumer, party), .in_log = true},
    {TEXT (shown_consumer, consumer), .in_log = true},
    {NUMBER (shown_consumer, first), .in_log = true},
    {NUMBER (shown_consumer, newest), .in_log = true},
    {NUMBER (shown_consumer, acknowledged), .in_log = true},
    {MOMENT (shown_consumer, oldest_waiting), .in_log = true},
    {MOMENT (shown_consumer, since), .in_log = true},
    {MOMENT (shown_consumer, seen_at), .in_log = true},
    {FLAG (shown_consumer, listening), .in_log = true},
    {FLAG (shown_consumer, damaged), .in_log = true},
    {MOMENT (shown_consumer, forgotten_at), .in_log = true},
    {NUMBER (shown_consumer, first_dropped), .in_log = true},
    {NUMBER (shown_consumer, last_dropped), .in_log = true},
    {MOMENT (shown_consumer, unheard_since), .in_log = true},
};
static const struct fields shown_consumer_fields = {FIELDS_OF (shown_consumer, shown_consumer_field)};
static const struct field events_consumers_tells[] = {
    {LIST (reply, as.events_consumers.consumers, as.events_consumers.count, &shown_consumer_fields),
     .in_log = true},
    {FLAG (reply, more), .in_log = true},
    {BYTES (reply, next.bytes), .also = "next", .in_log = true},
};
TOLD (events_consumers, reply, events_consumers_tells);

static const struct field told_event_field[] = {
    {GROUP (told_event, event, &event_fields)},
    {FIXED_IF (told_event, event.consent_id, has_consent)},
    {FIXED_IF (told_event, event.subject_ref, has_subject)},
};
TOLD (event, told_event, told_event_field);

static const struct field shown_restriction_field[] = {
    {FIXED (shown_restriction, subject_ref)},
    {TEXTS (shown_restriction, categories)},
    {FLAG (shown_restriction, whole)},
    {MOMENT (shown_restriction, since)},
};
static const struct fields shown_restriction_fields = {FIELDS_OF (shown_restriction, shown_restriction_field)};

static const struct field shown_permits_field[] = {
    {FIXED (shown_permits, subject_ref)},
    {LIST (shown_permits, permits, count, &permitted_fields)},
    {FLAG (shown_permits, left_out)},
};
static const struct fields shown_permits_fields = {FIELDS_OF (shown_permits, shown_permits_field)};

static const struct field snapshot_entry_field[] = {
    {GROUP_AT (snapshot_entry, consent, &shown_consent_fields)},
    {GROUP_AT (snapshot_entry, restriction, &shown_restriction_fields)},
    {GROUP_AT (snapshot_entry, permits, &shown_permits_fields)},
};
static const struct fields snapshot_entry_fields = {FIELDS_OF (snapshot_entry, snapshot_entry_field)};

static const struct field snapshot_tells[] = {
    {NUMBER (reply, as.snapshot.number)},
    {NUMBER (reply, as.snapshot.revision)},
    {MOMENT (reply, as.snapshot.as_of)},
    {LIST (reply, as.snapshot.entries, as.snapshot.count, &snapshot_entry_fields)},
    {FLAG (reply, more)},
    {BYTES (reply, next.bytes), .also = "next"},
    {NUMBER (reply, as.snapshot.basis)},
    {NUMBER (reply, as.snapshot.unreadable)},
};
TOLD (snapshot, reply, snapshot_tells);

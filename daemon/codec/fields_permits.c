/* What may flow about a subject, asked the other way round. */
#include "body_fields.h"
#include "reply.h"
#include "request.h"

/* Asked */

static const struct field who_may_receive_asks[] = {
    OF_SUBJECT,
    {TEXT (request, as.permits.provider), .sort = SYNTAX_PARTY, .in_log = true},
    {TEXT (request, as.permits.purpose), .sort = SYNTAX_CODE, .in_log = true},
    {TEXT (request, as.permits.category), .sort = SYNTAX_CODE, .in_log = true},
    {BYTES (request, page.after.bytes), .also = "after", .in_log = true},
    {NUMBER_IN (request, page.limit, 1, ENTRIES_A_PAGE, ENTRIES_A_PAGE_DEFAULT), .in_log = true},
};
ASKED (who_may_receive, who_may_receive_asks);

static const struct field whom_may_i_ask_asks[] = {
    OF_SUBJECT,
    {TEXT (request, as.permits.purpose), .sort = SYNTAX_CODE, .needed = true, .in_log = true},
    {BYTES (request, page.after.bytes), .also = "after", .in_log = true},
    {NUMBER_IN (request, page.limit, 1, ENTRIES_A_PAGE, ENTRIES_A_PAGE_DEFAULT), .in_log = true},
};
ASKED (whom_may_i_ask, whom_may_i_ask_asks);

/* Told */

static const struct field permits_tells[] = {
    {LIST (reply, as.permits.permits, as.permits.count, &permitted_fields)},
    {FLAG (reply, more)},
    {BYTES (reply, next.bytes), .also = "next"},
    {NUMBER (reply, as.permits.revision)},
    {MOMENT (reply, as.permits.as_of)},
};
TOLD (permits, reply, permits_tells);

/* The log as evidence for others. */
#include "body_fields.h"
#include "reply.h"
#include "request.h"

enum { LINES_A_PAGE_OF_LOG = 65536 };

/* Asked */

static const struct field log_checkpoint_asks[] = {
    {NUMBER (request, as.log_checkpoint.earlier), .in_log = true},
};
ASKED (log_checkpoint, log_checkpoint_asks);

static const struct field log_prove_asks[] = {
    {NUMBER (request, as.log_prove.number), .in_log = true},
};
ASKED (log_prove, log_prove_asks);

static const struct field log_lines_asks[] = {
    {NUMBER (request, page.after.order), .also = "after", .in_log = true},
    {NUMBER (request, as.log_lines.until), .in_log = true},
    {NUMBER_IN (request, page.limit, 1, LINES_A_PAGE_OF_LOG, LINES_A_PAGE_OF_LOG), .in_log = true},
};
ASKED (log_lines, log_lines_asks);

/* Told */

static const struct field log_checkpoint_tells[] = {
    {BYTES (reply, as.log_checkpoint.checkpoint)},
    {NUMBER (reply, as.log_checkpoint.size)},
    {BYTES (reply, as.log_checkpoint.proof)},
    {TEXTS (reply, as.log_checkpoint.keys)},
};
TOLD (log_checkpoint, reply, log_checkpoint_tells);

static const struct field log_prove_tells[] = {
    {BYTES (reply, as.log_prove.line)},
    {BYTES (reply, as.log_prove.proof)},
    {BYTES (reply, as.log_prove.checkpoint)},
};
TOLD (log_prove, reply, log_prove_tells);

static const struct field log_lines_tells[] = {
    {BYTES (reply, as.log_lines.lines)},
    {FLAG (reply, more)},
    {NUMBER (reply, next.order), .also = "looked_until"},
};
TOLD (log_lines, reply, log_lines_tells);

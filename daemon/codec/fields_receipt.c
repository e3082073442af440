/* Receipts. */
#include "body_fields.h"
#include "reply.h"
#include "request.h"

/* Asked */

static const struct field receipt_asks[] = {
    {FIXED_IF (request, as.receipt.consent_id, as.receipt.has_consent), .in_log = true},
    {NUMBER (request, as.receipt.decision), .in_log = true},
    {TEXT (request, as.receipt.reader), .sort = SYNTAX_REFERENCE, .in_log = true},
    {TEXTS (request, as.receipt.wish.keys), .also = "witnesses", .sort = SYNTAX_LINE, .in_log = true},
    {NUMBER32 (request, as.receipt.wish.needed), .in_log = true},
};
ASKED (receipt, receipt_asks);

/* Told */

static const struct field receipt_line_field[] = {
    {NUMBER (receipt_line, number)},
    {BYTES (receipt_line, line)},
    {BYTES (receipt_line, key)},
    {BYTES (receipt_line, proof)},
};
static const struct fields receipt_line_fields = {FIELDS_OF (receipt_line, receipt_line_field)};

static const struct field receipt_tells[] = {
    {BYTES (reply, as.receipt.checkpoint)},
    {LIST (reply, as.receipt.lines, as.receipt.line_count, &receipt_line_fields)},
    {LIST (reply, as.receipt.labels, as.receipt.label_count, &overview_label_fields)},
    {TEXT (reply, as.receipt.controller)},
};
TOLD (receipt, reply, receipt_tells);

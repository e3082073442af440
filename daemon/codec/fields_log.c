/* The log as evidence for others. */
#include "body_fields.h"
#include "reply.h"
#include "request.h"

enum { LINES_A_PAGE_OF_LOG = 65536, BUNDLES_A_PAGE = 4 };

/* Asked */

static const struct field log_checkpoint_asks[] = {
    {NUMBER (request, as.log_checkpoint.earlier), .in_log = true},
    {TEXTS (request, as.log_checkpoint.wish.keys), .also = "witnesses", .sort = SYNTAX_LINE, .in_log = true},
    {NUMBER32 (request, as.log_checkpoint.wish.needed), .in_log = true},
};
ASKED (log_checkpoint, log_checkpoint_asks);

static const struct field log_prove_asks[] = {
    {NUMBER (request, as.log_prove.number), .in_log = true},
    {TEXTS (request, as.log_prove.wish.keys), .also = "witnesses", .sort = SYNTAX_LINE, .in_log = true},
    {NUMBER32 (request, as.log_prove.wish.needed), .in_log = true},
};
ASKED (log_prove, log_prove_asks);

static const struct field log_lines_asks[] = {
    {NUMBER (request, page.after.order), .also = "after", .in_log = true},
    {NUMBER (request, as.log_lines.until), .in_log = true},
    {NUMBER_IN (request, page.limit, 1, LINES_A_PAGE_OF_LOG, LINES_A_PAGE_OF_LOG), .in_log = true},
    {FLAG (request, as.log_lines.follow), .in_log = true},
};
ASKED (log_lines, log_lines_asks);

static const struct field log_watch_asks[] = {
    {NUMBER (request, as.log_watch.earlier), .in_log = true},
};
ASKED (log_watch, log_watch_asks);

static const struct field log_cosign_asks[] = {
    {TEXT (request, as.log_cosign.key), .sort = SYNTAX_LINE, .needed = true, .in_log = true},
    {NUMBER (request, as.log_cosign.size), .in_log = true},
    {TEXT (request, as.log_cosign.signature), .sort = SYNTAX_LINE, .needed = true, .in_log = true},
};
ASKED (log_cosign, log_cosign_asks);

static const struct field log_witnesses_asks[] = {
    {BYTES (request, page.after.bytes), .also = "after", .in_log = true},
    {NUMBER_IN (request, page.limit, 1, ENTRIES_A_PAGE, ENTRIES_A_PAGE_DEFAULT), .in_log = true},
};
ASKED (log_witnesses, log_witnesses_asks);

static const struct field log_archive_asks[] = {
    {NUMBER (request, page.after.order), .also = "after", .in_log = true},
    {NUMBER (request, as.log_archive.until), .in_log = true},
    {NUMBER_IN (request, page.limit, 1, BUNDLES_A_PAGE, 1), .in_log = true},
};
ASKED (log_archive, log_archive_asks);

static const struct field log_copied_asks[] = {
    {TEXT (request, as.log_copied.name), .in_log = true, .sort = SYNTAX_PARTY, .needed = true},
    {FIXED (request, as.log_copied.copier), .in_log = true, .needed = true},
    {NUMBER (request, as.log_copied.number), .in_log = true},
    {TEXT (request, as.log_copied.fault), .in_log = true, .sort = SYNTAX_CODE},
    {NUMBER (request, as.log_copied.checkpoint), .in_log = true},
};
ASKED (log_copied, log_copied_asks);

/* Told */

static const struct field log_checkpoint_tells[] = {
    {BYTES (reply, as.log_checkpoint.checkpoint)}, {NUMBER (reply, as.log_checkpoint.size)},
    {BYTES (reply, as.log_checkpoint.proof)},      {TEXTS (reply, as.log_checkpoint.keys)},
    {BYTES (reply, as.log_checkpoint.cosigned)},
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

static const struct field log_cosign_tells[] = {
    {NUMBER (reply, as.log_cosign.size)},
};
TOLD (log_cosign, reply, log_cosign_tells);

static const struct field witness_field[] = {
    {TEXT (shown_witness, party)},       {TEXT (shown_witness, key)},        {NUMBER (shown_witness, size)},
    {MOMENT (shown_witness, signed_at)}, {MOMENT (shown_witness, heard_at)}, {FLAG (shown_witness, watches)},
};
static const struct fields witness_fields = {FIELDS_OF (shown_witness, witness_field)};

static const struct field log_witnesses_tells[] = {
    {LIST (reply, as.log_witnesses.witnesses, as.log_witnesses.count, &witness_fields)},
    {FLAG (reply, more)},
    {BYTES (reply, next.bytes), .also = "next"},
    {NUMBER (reply, as.log_witnesses.size)},
};
TOLD (log_witnesses, reply, log_witnesses_tells);

static const struct field log_pushed_tells[] = {
    {BYTES (reply, as.log_pushed.checkpoint)},
    {NUMBER (reply, as.log_pushed.size)},
};
TOLD (log_pushed, reply, log_pushed_tells);

static const struct field log_archive_tells[] = {
    {TEXT (reply, as.log_archive.directory)},
    {NUMBER (reply, as.log_archive.archived)},
    {NUMBER (reply, as.log_archive.until)},
    {FLAG (reply, more)},
};
TOLD (log_archive, reply, log_archive_tells);

static const struct field log_copied_tells[] = {
    {BYTES (reply, as.log_copied.checkpoint)},
    {NUMBER (reply, as.log_copied.newest)},
};
TOLD (log_copied, reply, log_copied_tells);

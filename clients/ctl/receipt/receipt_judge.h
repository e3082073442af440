/* Verifies a receipt with nothing but its file and a key that signs the log. Pure.

   The checkpoint must be signed; each line must stand in the tree that it signs; each line that has a key must
   open with it; and every field of the receipt must be what the lines say. So what is left to believe is the key.
 */
#pragma once
#include "audit/log_trust.h"
#include "receipt_claims.h"
#include "receipt_file.h"

struct receipt_judged {
    struct bytes note; /* the checkpoint with its signatures */
    struct checkpoint checkpoint;
    struct receipt_seen seen[RECEIPT_FILE_LINES];
    struct receipt_lines lines; /* of `seen` */
};

/* NULL: all of it holds, and *judged says what it tells, which lives as long as the arena. Else what does not fit:
   a sentence in Dutch, without its end. */
const char *receipt_judge (const struct receipt_file *file, const struct log_trust *trust, struct arena *arena,
                           struct receipt_judged *judged);
/* For whoever makes a receipt: sets the claims of a file that has only its proofs, and judges all but by whom the
   checkpoint is signed. Returns as above. */
const char *receipt_make (struct receipt_file *file, struct arena *arena, struct receipt_judged *judged);

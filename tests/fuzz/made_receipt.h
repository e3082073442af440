/* Receipts without a registry: lines that are sealed here, in a small log that is signed here. For unit tests and
   for fuzzing. All memory is the arena's, except for the file that is made. */
#pragma once
#include "receipt/receipt_judge.h"

enum made_kind {
    MADE_CONSENT, /* with all that a consent can have, and two withdrawals, of which one is in part */
    MADE_REVOKED, /* a consent that a representative signed and withdrew, and another that nobody could withdraw */
    MADE_REFUSAL,
    MADE_CORRECTION, /* a consent in the place of one that was recorded wrongly */
    MADE_DECISION,   /* an item by each ground, and one that is denied */
    MADE_DENIAL,     /* whose caller heard fewer reasons than there were */
    MADE_CLOSED,     /* MADE_CONSENT without keys */
    MADE_KINDS,
};

/* The trust that has signed all of them. */
struct log_trust made_trust (void);
/* A line as it is stored, of this number, action and result, in which `evidence` is sealed; and its own key. */
struct bytes made_line (struct arena *arena, const struct audit_head *head, struct bytes evidence,
                        uint8_t key[RECEIPT_KEY_SIZE]);

/* Lines of a log, which has others beside them. */
struct made_log {
    struct bytes line[RECEIPT_FILE_LINES];
    struct bytes plain[RECEIPT_FILE_LINES]; /* what is sealed in it */
    uint8_t key[RECEIPT_FILE_LINES][RECEIPT_KEY_SIZE];
    uint64_t number[RECEIPT_FILE_LINES]; /* rising */
    size_t count;
    bool is_closed;
};
void made_lines (struct arena *arena, enum made_kind kind, struct made_log *log);
/* The proofs of all of them by the newest checkpoint, as a file without claims. */
void made_proofs (struct arena *arena, const struct made_log *log, struct receipt_file *file);
/* A receipt of this kind, as text. Caller must free it. */
char *made_receipt (struct arena *arena, enum made_kind kind);

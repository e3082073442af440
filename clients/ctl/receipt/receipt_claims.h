/* What a receipt says, made of nothing but the lines that it has: a consent receipt of ISO/IEC TS 27560 as
   JSON-LD, by the W3C's guide for that with the Data Privacy Vocabulary (DPV). So whoever has the lines makes it
   again, and finds each word in which a receipt says something else. Pure. */
#pragma once
#include <jansson.h>
#include "receipt_seen.h"

/* The lines of a receipt. The first is that of a statement, and those after it of its withdrawals; or it is that
   of a decision, and alone. */
struct receipt_lines {
    struct arena *arena;
    const struct receipt_seen *line;
    size_t count;       /* 1 or more */
    const char *origin; /* of the log, as its checkpoint says */
};

/* NULL, or why they do not belong together: a sentence in Dutch, without its end. */
const char *receipt_lines_fault (const struct receipt_lines *self);
/* Both this line and the first tell of which consent they are; receipt_lines_fault has found that it is the same. Else
   it is proven only that they are about the same person. */
bool receipt_is_of_first (const struct receipt_lines *self, const struct receipt_seen *line);
/* The line that the receipt is about: the newest. */
const struct receipt_seen *receipt_newest (const struct receipt_lines *self);
/* Caller owns the return value and must json_decref it. */
json_t *receipt_claims (const struct receipt_lines *self);

/* The parts of it that statements and decisions share (receipt_claims.c, receipt_claims_decision.c). */
json_t *claim_coded (const char *type, const char *name); /* something that has a code */
json_t *claim_coded_list (const char *type, char *const *codes, size_t count);
json_t *claim_storage (void);                                              /* dpv:hasStorageCondition */
json_t *claim_record (const struct receipt_lines *self, const char *type); /* whom and whose it is, and when */
json_t *claim_decision (const struct receipt_lines *self);                 /* the record of a decision */

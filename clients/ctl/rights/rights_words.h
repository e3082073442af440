/* Requests by which a subject exercises rights (R2), as a person reads and names them. */
#pragma once
#include "ask.h"

/* "rectification" */
const char *rights_kind_word (Consentd__RightsKind kind);
/* "granted in part"; of an erasure that is not carried out: "granted, not erased yet". With `now`, and a due date
   that is past, of a request that is not done: "open, overdue". The arena's. */
const char *rights_state_words (struct ctl *ctl, const Consentd__RightsRequest *request, int64_t now);
/* "at the counter", "an identity document was seen", "objects" */
const char *rights_way_words (Consentd__RightsWay way);
const char *rights_identity_words (Consentd__RightsIdentity identity);
const char *rights_came_words (Consentd__RightsViewCame came);

/* Each reads a word of the command line. 0 with *value set, or EX_USAGE with its line printed. */
int rights_read_kind (const char *text, Consentd__RightsKind *value);
int rights_read_way (const char *text, Consentd__RightsWay *value);
int rights_read_identity (const char *text, Consentd__RightsIdentity *value);
int rights_read_came (const char *text, Consentd__RightsViewCame *value);
int rights_read_outcome (const char *text, Consentd__RightsState *value);

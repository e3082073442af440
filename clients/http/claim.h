/* A ground without consent that a question claims: context.beroep_op, a written request or urgent reasons. Pure.
 */
#pragma once
#include <jansson.h>
#include <stdbool.h>
#include "consent.h"
#include "refusal.h"

enum { CLAIM_BY = 8 /* who asked in writing, at most */ };

struct claim {
    struct consent_written_request written;
    struct consent_urgent_reasons urgent;
    const char *by[CLAIM_BY + 1];
    uint8_t sha256[32];
};

/* Reads it into the question, if there is one. Its texts are those of the JSON. False with the refusal. `place` is
   that of the context. `self` must stay where it is: the question points to it. */
bool claim_read (struct claim *self, struct consent_question *asked, const json_t *context, const char *place,
                 struct refusal *refusal);
/* What a field of the registry, "check.urgent_reasons.triage.inform_by", is called here. NULL: it is none of a
   claim. Static. */
const char *claim_field (const char *theirs);

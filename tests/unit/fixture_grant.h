/* What is to be recorded, and what the rules of section 2 say of it, on top of the small pack. */
#pragma once
#include "fixture_policy.h"

/* A consent that is admitted: recorded now, signed and notified now, until 2026-08-01. */
struct statement *fixture_new_consent (struct fixture *self, const char *provider, const char *recipient,
                                       const char *categories, const char *purpose);
/* A refusal that is: of naw, kernteam to horizon, toekenning. */
struct statement *fixture_new_refusal (struct fixture *self);

struct grant_outcome fixture_judge_grant (struct fixture *self, struct statement *statement);
/* "" if admitted, "INVALID field", or the codes with their rules: "G3 NOT_NEEDED, G6 TOO_LONG". */
const char *fixture_grant_outcome (struct fixture *self, struct statement *statement);
/* The details of the one code that it is refused with, with ", " between. */
const char *fixture_grant_details (struct fixture *self, struct statement *statement);

/* The codes of the protocol in words, for people. */
#pragma once
#include "codes.pb-c.h"
#include "envelope.pb-c.h"

struct arena;

struct explanation {
    Consentd__Code code;
    const char *rule;    /* the rule that gives it: "C7" */
    const char *article; /* the article that the rule is from: "KB 11.1.a" */
    const char *english; /* a short clause */
    const char *dutch;   /* the same in plain Dutch */
};

/* Never NULL. A code of a newer daemon is explained as unknown. */
const struct explanation *explain_code (Consentd__Code code);
/* "no consent (er is geen toestemming)". If that is too wide, two lines, the second indented by `indent` columns.
   The arena's. */
const char *explain_in_both (struct arena *arena, const struct explanation *words, size_t indent);
/* One clause for a status that came without a message. */
const char *explain_status (Consentd__Status status);

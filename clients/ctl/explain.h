/* The codes of the protocol in words, for people. */
#pragma once
#include "codes.pb-c.h"
#include "envelope.pb-c.h"

struct explanation {
    Consentd__Code code;
    const char *english; /* a short clause */
    const char *dutch;   /* the term that a social team would use */
};

/* Never NULL: for a code of a newer daemon it says that. */
const struct explanation *explain_code (Consentd__Code code);
/* One clause for a status that came without a message. */
const char *explain_status (Consentd__Status status);

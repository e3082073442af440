/* The codes of the protocol in words, for people. */
#pragma once
#include "codes.pb-c.h"
#include "envelope.pb-c.h"

struct arena;

struct code_words {
    Consentd__Code code;
    const char *rule;    /* the rule that gives it: "C7" */
    const char *article; /* the article that the rule is from: "KB 11.1.a" */
    const char *english; /* a short clause */
    const char *dutch;   /* the same in plain Dutch */
};

/* Never NULL. A code of a newer daemon is explained as unknown. */
const struct code_words *code_words_of (Consentd__Code code);
/* "no consent (er is geen toestemming)". The arena's. */
const char *code_words_in_both (struct arena *arena, const struct code_words *words);
/* One clause for a status that came without a message. */
const char *status_words (Consentd__Status status);

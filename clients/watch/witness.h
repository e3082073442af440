/* What consent-watch says on stderr of the registry's log, and the key of a witness. */
#pragma once
#include "consent.h"

/* What was said already. Begins zeroed. */
struct witness_told {
    bool former, unanswered;
    char refused[256];
};

enum { WITNESS_PATIENCE = 600000 }; /* ms: a registry that has not answered about its log for so long is named */

/* Says once where a former position is kept, once each reason for which the registry took no cosignature, and once
   that it does not answer about its log. */
void witness_tell (consent_t *registry, struct witness_told *told);

/* The stream has ended with CONSENT_CONTRADICTED: says so, and what to do. */
void witness_shout (const consent_t *registry);

/* Makes a new key in a new file, and prints its verifier key on stdout. An exit code; unless it is 0, a sentence
   was printed on stderr. */
int witness_make_key (const char *file, const char *name);

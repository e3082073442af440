/* A disclosure of the past, as a line of the log tells it, and which periods of retention it has (T1, KB 20). */
#pragma once
#include "audit/log.h"
#include "rules/policy.h"

struct disclosed {
    bool is_one; /* else: something else, or nothing was permitted. The rest is then not set */
    moment at;
    code provider, recipient;   /* kinds; CODE_NONE: the party, or its kind, is not known any more */
    code_set laws;              /* under which its data were */
    const struct id *rested_on; /* the consents that it rested on; the arena's */
    size_t rested_count;
};

/* Reads a line about a subject. 0; AUDIT_NOT_FOUND: it was erased; RECORD_DAMAGED or a failure. */
int disclosed_read (struct turn *turn, const struct audit_record *line, struct disclosed *self);

/* What one party holds of a disclosure under one law, and the entry of the pack that says how long. */
struct record_period {
    const struct policy_retention *entry;
    code holder, law; /* holder: kind of the party */
};
enum { DISCLOSED_PERIODS = 2 * CODE_LIMIT };
/* All of them, each once. Returns how many. */
size_t disclosed_periods (const struct policy *policy, const struct disclosed *self,
                          struct record_period periods[DISCLOSED_PERIODS]);

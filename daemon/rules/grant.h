/* May this statement be recorded? Rules G2 to G9 and G12. Pure. */
#pragma once
#include "codes.h"
#include "party.h"
#include "statement.h"
#include "subject.h"

struct arena;

/* What one failing rule says. */
struct grant_refusal {
    enum rule_code code;
    const char *rule;     /* "G3" */
    const char **details; /* codes and party ids only; in the arena */
    size_t detail_count;
};

enum { GRANT_REFUSALS = 16 };

/* The outcome. One of: nothing (admitted), invalid_field (status INVALID), refusals (status REJECTED). What is
   admitted may come with a warning, for the answer to say. */
struct grant_outcome {
    const char *invalid_field; /* path within the request: "scope.providers[1]"; NULL: well formed */
    const char *invalid_message;
    struct grant_refusal refusals[GRANT_REFUSALS]; /* in rule order; G2 alone if it fails */
    size_t refusal_count;
    bool has_warning; /* G9, where the pack does not refuse */
    struct grant_refusal warning;
};

/* The parties that the daemon knows, active or not. */
struct grant_parties {
    const struct party *(*find) (const void *table, const char *id); /* NULL: not known */
    const void *table;
};

struct grant_facts {
    const struct policy *policy;
    const struct subject *subject;
    struct grant_parties parties;
    moment now;
};

/* Is G2's blanket consent: judged on the text as it came, before anything is looked up. */
bool grant_is_blanket (const struct statement *statement);
/* Judges a consent or a refusal that is well formed in syntax; resolves its codes. `recorded_at` must be set. */
void grant_judge (const struct grant_facts *facts, struct statement *statement, struct arena *arena,
                  struct grant_outcome *outcome);
/* Judges a request for a consent (G1): G2, G3, G6, G7 and G9, for form, notice and signatures come with the
   answer. `recorded_at` is the moment of asking. */
void grant_judge_request (const struct grant_facts *facts, struct statement *statement, struct arena *arena,
                          struct grant_outcome *outcome);

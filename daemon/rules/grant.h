/* May this statement be recorded? Rules G2 to G9 and G12. Pure. */
#pragma once
#include "codes.h"
#include "party.h"
#include "statement.h"
#include "subject.h"

struct arena;

/* What one rule says that fails. */
struct grant_refusal {
    enum rule_code code;
    const char *rule;        /* "G3" */
    struct text_set details; /* codes and party ids only, in the order in which they were found; in the arena */
};

enum { GRANT_REFUSALS = 16 };

/* The outcome is one of three: nothing is set (admitted), invalid_field is set (status INVALID), or there are
   refusals (status REJECTED). A statement that is admitted may have a warning, which the answer passes on. */
struct grant_outcome {
    const char *invalid_field; /* path within the request: "scope.providers[1]"; NULL: well formed */
    const char *invalid_message;
    struct grant_refusal refusals[GRANT_REFUSALS]; /* in rule order; G2 alone if it fails */
    size_t refusal_count;
    bool has_warning; /* G9, where the pack accepts the consent */
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

/* G2: the statement is a blanket consent. This is judged on the text as it came, before anything is looked up. */
bool grant_is_blanket (const struct statement *statement);
/* Judges a consent or a refusal whose syntax is right, and resolves its codes. `recorded_at` must be set. */
void grant_judge (const struct grant_facts *facts, struct statement *statement, struct arena *arena,
                  struct grant_outcome *outcome);
/* Judges a request for a consent (G1) by G2, G3, G6, G7 and G9. Form, notice and signatures are judged later, when
   the answer comes. `recorded_at` is the moment of asking. */
void grant_judge_request (const struct grant_facts *facts, struct statement *statement, struct arena *arena,
                          struct grant_outcome *outcome);

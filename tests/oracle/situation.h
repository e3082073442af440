/* The facts of a situation of the oracle, as scenarios.md has them in words. */
#pragma once
#include "rules/decide.h"

enum { SITUATION_STATEMENTS = 3, SITUATION_NAMES = 64 };

/* What the statements are about: the categories of one half, and the other half; both sorted. */
struct situation_cell {
    const struct policy *policy;
    const char *purpose;
    struct text_set half, other_half;
    bool one_time; /* G7 asks it of the provider or the flow */
};

struct situation {
    struct subject subject;
    struct representative representatives[3];
    struct capability capabilities[3];
    struct restriction restrictions[SITUATION_NAMES];
    struct statement statements[SITUATION_STATEMENTS];
    size_t statement_count;
    const char *case_ref; /* of the request */
    /* Written requests: by whom; NULL: nobody such. */
    const char *one_who_must, *somebody_else;
    /* What the statements borrow. */
    struct signature signatures[SITUATION_STATEMENTS][3];
    struct withdrawal withdrawals[SITUATION_STATEMENTS];
    const char *names[SITUATION_STATEMENTS][SITUATION_NAMES], *providers[SITUATION_STATEMENTS],
        *recipients[SITUATION_STATEMENTS];
};

/* The moment of the check. */
moment situation_now (void);
/* So many times 24 hours later. */
moment situation_day (int days);

/* Fills the subject and his statements, prepared, without restrictions. False if there is no such age or scenario.
   Borrows the cell, whose provider and recipient are the parties "provider" and "recipient". */
bool situation_build (struct situation *self, const struct situation_cell *cell, const char *age,
                      const char *scenario);
/* Restricts nothing ("none"), the subject, these categories ("category"), or one of the other half
   ("another-category"). False if there is no such restriction. */
bool situation_restrict (struct situation *self, const struct situation_cell *cell, const char *restriction,
                         const struct text_set *categories);
/* Fills the claim of this name. `turn` chooses between claims that must come out alike: what of an incomplete
   triage is missing, when the subject is informed. False if there is no such claim. */
bool situation_claim (const struct situation *self, const struct policy *policy, bool secrecy, const char *name,
                      size_t turn, struct claim *claim);

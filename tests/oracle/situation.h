/* The facts of a situation of the oracle: who the subject is, and what he stated. facts_lines.py says what a line
   of them holds, scenarios.md what each situation is. */
#pragma once
#include "rules/decide.h"

enum { SITUATION_STATEMENTS = 3, SITUATION_NAMES = 64, SITUATION_LIST = 4 };

/* What the statements are about: the categories of one half, and the other half; both sorted. */
struct situation_cell {
    const struct policy *policy;
    const char *purpose;
    struct text_set half, other_half;
    bool one_time; /* G7 asks it of the provider or the flow */
};

struct situation_list {
    const char *item[SITUATION_LIST];
    size_t count;
};

/* Of a statement, what depends on the cell, and what it borrows. */
struct situation_statement {
    struct situation_list providers, recipients, origins, categories, withdrawn_providers, withdrawn_categories;
    const char *purpose;   /* a code, "asked" or "another" */
    bool one_time_as_cell; /* as G7 asks it of the cell */
    struct signature signatures[SITUATION_LIST];
    struct withdrawal withdrawal;
    const char *names[SITUATION_NAMES];
};

struct situation {
    struct subject subject;
    struct representative representatives[SITUATION_LIST];
    struct capability capabilities[SITUATION_LIST];
    struct restriction restrictions[SITUATION_NAMES];
    size_t restricted_after; /* so many statements */
    struct statement statements[SITUATION_STATEMENTS];
    struct situation_statement of[SITUATION_STATEMENTS];
    size_t statement_count;
    const char *case_ref;       /* of the request */
    struct situation_list must; /* those who must consent at the check; empty: nobody can */
};

/* The moment of the check. */
moment situation_now (void);
/* So many times 24 hours later. */
moment situation_day (int days);

/* Takes up one line of the facts, which are zero before the first; borrows its words, and changes it. False if it
   is none. */
bool situation_take_line (struct situation *self, char *line);
/* Makes *self the facts that were read, about this cell: statements resolved and prepared, without restrictions.
   Borrows both; the provider and the recipient of the cell are the parties "provider" and "recipient". */
void situation_build (struct situation *self, const struct situation *read, const struct situation_cell *cell);
/* Restricts nothing ("none"; `turn` chooses whether one of the other half is), the subject, or these categories
   ("category"). False if there is no such restriction. */
bool situation_restrict (struct situation *self, const struct situation_cell *cell, const char *restriction,
                         const struct text_set *categories, size_t turn);

/* NULL: there is no such claim. */
const struct situation_claim_kind *situation_claim_named (const char *name);

/* Fills the claim. `turn` chooses between claims that must come out alike: what of an incomplete triage is
   missing, when the subject is informed, who the others are that ask. */
struct situation_claim {
    const char *by[SITUATION_LIST];
    struct claim claim;
};
void situation_claim (const struct situation *self, const struct policy *policy, bool secrecy,
                      const struct situation_claim_kind *kind, size_t turn, struct situation_claim *claim);

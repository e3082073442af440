/* A policy pack as one sheet, as article 8 of a regulation prints it: a row for each flow, a column for each sort
   of data, and in each cell whether it may be told, and on which ground. Pure. */
#pragma once
#include <stddef.h>
#include "policy/policy_read.h"

/* On which ground, as two questions: by consent, and by a statute that carries the category. */
enum matrix_statute {
    MATRIX_NO_STATUTE,
    MATRIX_STATUTE_LIMITED, /* by or to some of the flow's parties only */
    MATRIX_STATUTE,         /* between any of them; of data from which laws, the statute says */
};

struct matrix_cell {
    bool carried; /* else it is not in the flow, or may go to none of its recipients; the rest is then false */
    bool consent; /* false: the flow is about others, for whom the subject cannot consent (G3) */
    bool to_some; /* a special category, which some of the recipients may not have (KB 9.2) */
    enum matrix_statute statute;
};

/* The cell of this flow and this category. */
struct matrix_cell policy_matrix_cell (const struct policy *policy, const struct policy_flow *flow, code category);
/* Some flow carries the category to somebody. */
bool policy_matrix_has (const struct policy *policy, code category);

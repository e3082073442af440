/* What may flow: all that checks from one party to another would permit, at once. Pure, as decide.h.

   It is what an ADVISE would say of each category that a flow of the pack carries, asked without an origin, a
   claim or secrecy of the professional who acts; and until when, and from when where that is still to come.
   Nothing is weighed here: decide () is asked. */
#pragma once
#include "decide.h"

/* Which checks. A check that names a case is permitted all that one without a case is, and what consents for that
 * case carry. */
struct permit_question {
    const struct party *provider, *recipient; /* two parties */
    code purpose;
    const char *case_ref; /* "": none */
};

/* A category that is permitted, now or from a known moment on. */
struct permit {
    code category;
    moment from;  /* the question's moment, or a later one */
    moment until; /* exclusive: the first known moment after `from` at which it is not permitted; MOMENT_NEVER:
                     none. Earlier, where too much is to come to look at all of it */
    enum policy_ground ground; /* at `from`; with it one of: */
    size_t consent;            /* index in statements */
    code statute;
};

/* A flow of the pack joins these two kinds for this purpose. Where none does, nothing is permitted, whatever the
   subject says. */
bool permits_are_possible (const struct policy *policy, code provider_kind, code recipient_kind, code purpose);

/* Fills `permits` (room for CODE_LIMIT) in the order of the pack's categories, and returns how many there are. The
   facts' listener hears nothing by this: what is permitted is told to both parties. Adds to *work what was done
   (struct decision). */
size_t permits_find (const struct decide_facts *facts, const struct permit_question *question,
                     struct permit *permits, size_t *work);

/* The cases that consents of the subject are bound to, which name both parties and serve the purpose: each once,
   in the order of recording. A check that names another case is permitted nothing that one without a case is not,
   but for what a refusal for a case shuts out. Returns how many; `cases` has room for facts->statement_count. */
size_t permits_cases (const struct decide_facts *facts, const struct permit_question *question,
                      const char **cases);

/* Does a statute of the flow carry an item? These are the conditions of C6; G9 asks the same. Pure. */
#pragma once
#include "codes.h"
#include "party.h"
#include "trace.h"

struct statute_item {
    const struct policy *policy;
    const struct policy_flow *flow;
    const struct party *provider, *recipient;
    code category;
    code origin;               /* the origin by which the item is judged; CODE_NONE: not known */
    bool bound_by_secrecy;     /* the provider is bound, or the professional who acts (G7) */
    bool under_failed_gate;    /* C3, C5: only a statute that passes a restriction holds */
    const struct trace *trace; /* NULL: nobody asked for the steps */
};

struct statute_finding {
    bool tried;             /* a statute is in scope, and may pass the gates that failed */
    code statute;           /* the first statute of the flow that holds; CODE_NONE: none does */
    enum rule_code failing; /* the code to give, where a statute was tried and none holds */
};

struct statute_finding statute_find (const struct statute_item *item);

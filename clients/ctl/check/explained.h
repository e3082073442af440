/* What consentctl explain has found out about a decision, and how it is shown. */
#pragma once
#include "decision.h"
#include "rules/trace.h"

enum language { ENGLISH, DUTCH, LANGUAGES };

struct explained_steps { /* in the order in which they were taken */
    struct arena *arena;
    struct trace_step *all;
    size_t count, room;
};

struct explained {
    struct ctl *ctl;
    enum language language;
    struct past_decision past;
    struct policy *policy; /* that decided; NULL: not at hand */
    const char *why_not;   /* it is not at hand */
    struct inquiry_again again;
    struct decision decision;
    struct explained_steps steps;
};

void explained_print (const struct explained *self);
void explained_print_json (const struct explained *self);

/* What consentctl explain has found about a decision, and how it is shown. */
#pragma once
#include "decision.h"
#include "language.h"
#include "rules/trace.h"

struct explanation_steps { /* in the order in which they were taken */
    struct arena *arena;
    struct trace_step *all;
    size_t count, room;
};

struct explanation {
    struct ctl *ctl;
    enum language language;
    struct past_decision past;
    struct policy *policy; /* the pack that decided; NULL: not available */
    const char *why_not;   /* why the pack is not available */
    struct inquiry_again again;
    struct decision decision;
    struct explanation_steps steps;
};

void explanation_print (const struct explanation *self);
void explanation_print_json (const struct explanation *self);

/* The steps of a decision, told one by one to whoever wants to explain it. A plain decision has no trace. Internal
   to the rules, except for the reader of the steps. */
#pragma once
#include <stddef.h>
#include "codes.h"

/* What was looked at. `position` says which one of them. */
enum trace_about {
    TRACE_AGREEMENT,   /* C3; 0: the provider's, 1: the recipient's */
    TRACE_FLOW,        /* C4; position in policy->flows, or none */
    TRACE_RESTRICTION, /* C5; no position */
    TRACE_STATUTE,     /* C6; position in policy->statutes, or none: the flow names no statute */
    TRACE_REFUSAL,     /* C7, G10; position in facts->statements */
    TRACE_CONSENT,     /* C7; position in facts->statements, or none: there is no consent to look at */
    TRACE_CLAIM,       /* C8; no position */
    TRACE_WHOLE,       /* C11: all or nothing; no position */
    TRACE_WILL,        /* C15: against the subject's will; position of the refusal in facts->statements */
    TRACE_MANAGER,     /* C15: a manager consulted first; no position */
};

/* What was concluded. */
enum trace_outcome {
    TRACE_PASSES,       /* the gate is open, or the ground holds */
    TRACE_FAILS,        /* `codes` says why */
    TRACE_OUT_OF_SCOPE, /* a statute that is not by or to these kinds: as if not named */
    TRACE_BEHIND_GATE,  /* it may hold, but does not pass the gate that failed before */
    TRACE_SUPERSEDED,   /* a consent that a later one replaced */
    TRACE_SHUT_OUT,     /* a consent before the latest refusal */
    TRACE_SHUTS_OUT,    /* the latest refusal, which shuts out the consents before it */
    TRACE_NOT_CLAIMED,  /* a ground without consent that nobody claimed */
    TRACE_NOT_ADMITTED, /* consents are not looked at: the flow is never carried by consent (G3) */
};

enum { TRACE_NO_POSITION = -1 };

struct trace_step {
    enum trace_about about;
    long position; /* TRACE_NO_POSITION: none */
    enum trace_outcome outcome;
    struct rule_codes codes; /* where it fails */
    size_t item;             /* of the check; filled in by trace_tell */
};

struct trace {
    void (*tell) (void *reader, const struct trace_step *step);
    void *reader;
    size_t item;
};

static inline void trace_tell (const struct trace *self, struct trace_step step)
{
    step.item = self->item;
    self->tell (self->reader, &step);
}

/* Tells a step that gives one code, or none (0). Does nothing where `self` is NULL. */
static inline void trace_tell_one (const struct trace *self, enum trace_about about, long position,
                                   enum trace_outcome outcome, enum rule_code one)
{
    if (self == NULL)
        return;
    struct trace_step step = {.about = about, .position = position, .outcome = outcome};
    if (one != 0)
        rule_codes_add (&step.codes, one);
    trace_tell (self, step);
}

/* The walk of a decision, told step by step to whoever wants to explain it; who only decides has none. Internal to
   the rules but for the reader of the steps. */
#pragma once
#include <stddef.h>
#include "codes.h"

/* What was looked at; `position` says which one. */
enum trace_about {
    TRACE_AGREEMENT,   /* C3; 0: of the provider, 1: of the recipient */
    TRACE_FLOW,        /* C4; in policy->flows, or none */
    TRACE_RESTRICTION, /* C5; none */
    TRACE_STATUTE,     /* C6; in policy->statutes, or none: the flow names none */
    TRACE_REFUSAL,     /* C7, G10; in facts->statements */
    TRACE_CONSENT,     /* C7; in facts->statements, or none: there is none to look at */
    TRACE_CLAIM,       /* C8; none */
    TRACE_WHOLE,       /* C11: all or nothing; none */
    TRACE_WILL,        /* C15: against the subject's will; the refusal, in facts->statements */
    TRACE_MANAGER,     /* C15: consulted first; none */
};

/* What was concluded. */
enum trace_outcome {
    TRACE_PASSES,       /* the gate is open, or the ground holds */
    TRACE_FAILS,        /* for `codes` */
    TRACE_OUT_OF_SCOPE, /* a statute that is not by or to these kinds: as if not named */
    TRACE_BEHIND_GATE,  /* it may hold, but passes not the gate that failed before */
    TRACE_SUPERSEDED,   /* a consent that a later one replaced */
    TRACE_SHUT_OUT,     /* a consent before the latest refusal */
    TRACE_SHUTS_OUT,    /* that refusal */
    TRACE_NOT_CLAIMED,  /* a ground without consent that nobody claimed */
    TRACE_NOT_ADMITTED, /* consents, where the flow is never carried by consent (G3) */
};

enum { TRACE_NO_POSITION = -1 };

struct trace_step {
    enum trace_about about;
    long position; /* TRACE_NO_POSITION: none */
    enum trace_outcome outcome;
    struct rule_codes codes; /* of TRACE_FAILS */
    size_t item;             /* of the check; filled in on the way */
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

/* A step that gives one code, or (0) none; to nobody where `self` is NULL. */
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

#include "passage_parts.h"
#include "allocate.h"
#include <stdio.h>

enum { ARENA_MAX = 256 * 1024 * 1024 }; /* bytes: more than any message within its limits brings */

static void end_with (struct passage *self, enum passage_outcome outcome)
{
    self->result.outcome = outcome;
    self->stage = PASSAGE_DONE;
}

static void hold (struct passage *self, enum passage_code code, const char *why)
{
    self->result.code = code;
    snprintf (self->result.error, PASSAGE_ERROR, "%s", why);
    end_with (self, PASSAGE_HELD);
}

static void begin_attempt (struct passage *self)
{
    if (self->attempt == PASSAGE_ATTEMPTS_MAX) {
        hold (self, PASSAGE_CHANGED, "what the registry permits changed each time while it was asked");
        return;
    }
    self->attempt++;
    passage_ask (self, CONSENT_ADVISE);
    self->stage = PASSAGE_ADVISE;
}

struct passage *passage_new (const struct passage_order *order, const char *text, size_t size)
{
    struct passage *self = allocate (1, sizeof *self);
    self->order = order;
    self->arena = arena_new (ARENA_MAX);
    enum passage_outcome outcome = passage_read (self, text, size);
    if (outcome == PASSAGE_PASSED)
        begin_attempt (self);
    else
        end_with (self, outcome);
    return self;
}

void passage_destroy (struct passage **self_p)
{
    if (!*self_p)
        return;
    elements_destroy (&(*self_p)->result.elements);
    passage_forget (*self_p);
    free ((*self_p)->output);
    free (*self_p);
    *self_p = NULL;
}

void passage_step (struct passage *self, struct passage_need *need)
{
    bool asks = self->stage == PASSAGE_ADVISE || self->stage == PASSAGE_DISCLOSE;
    *need = (struct passage_need){
        .kind = self->stage,
        .questions = asks ? self->questions : NULL,
        .question_count = asks ? self->question_count : 0,
        .output = self->output,
        .output_size = self->output ? self->output_size : 0,
    };
}

/* The outcome is known, but it has not happened. */
static void build (struct passage *self)
{
    enum passage_outcome outcome = passage_build (self);
    self->result.outcome = outcome;
    self->stage = outcome <= PASSAGE_THINNED ? PASSAGE_WRITE : PASSAGE_DONE;
}

void passage_tell_answers (struct passage *self, const struct consent_answer *const *answers)
{
    if (!passage_hear (self, answers))
        end_with (self, PASSAGE_NO_ANSWER);
    else if (self->stage == PASSAGE_ADVISE)
        build (self);
    else if (passage_may_go (self))
        self->stage = PASSAGE_GO;
    else
        begin_attempt (self);
}

void passage_tell_done (struct passage *self, const char *problem)
{
    if (problem) {
        hold (self, PASSAGE_UNWRITABLE, problem);
    } else if (self->stage == PASSAGE_WRITE) {
        passage_ask (self, CONSENT_DISCLOSE);
        self->stage = PASSAGE_DISCLOSE;
    } else {
        self->stage = PASSAGE_DONE;
    }
}

const struct passage_result *passage_result (const struct passage *self)
{
    return &self->result;
}

const struct passage_order *passage_order (const struct passage *self)
{
    return self->order;
}

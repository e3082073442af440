/* Reads a check, and its answer, as the log keeps them. */
#pragma once
#include "bytes.h"
#include "outcome.h"
#include "reply.h"

struct arena;

struct recorded_check {
    struct bytes request, reply; /* as on the wire, with blanks for the BSN; size 0: not kept */
};

/* Sets what was asked, without its BSN, and what was answered. Borrows from `recorded` and the arena. 0, or
   CODEC_INVALID: the request is not kept, or is no check; what was asked is then not set. */
int codec_read_recorded (const struct recorded_check *recorded, struct arena *arena, struct shown_decision *shown);

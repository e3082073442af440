/* A check and its answer, as the log keeps them. */
#pragma once
#include "bytes.h"
#include "outcome.h"
#include "reply.h"

struct arena;

/* What is kept of a check that was read: its bytes, without what the line of the log says besides (version, key,
   user), and without its BSN, which is not in it. The arena's. */
struct bytes codec_keep_check (struct bytes message, struct arena *arena);

/* What is kept of both, with what the line of the log says of them. */
struct codec_kept {
    struct bytes asked; /* codec_keep_check */
    const char *user;
    struct reply reply; /* a check: `answer` and all that is not made of it; its request is set here */
};

/* Makes both again, as on the wire: the request without its BSN, the reply with the bytes that it had. 0, or
   CODEC_INVALID: they do not fit each other. The arena's. */
int codec_restore_check (struct codec_kept *kept, struct arena *arena, struct bytes *request, struct bytes *reply);

/* The packed answer to a check without the pseudonym that whoever asked has of the subject: it is nobody else's. The
   arena's. */
struct bytes codec_answer_without_ref (struct bytes answer, struct arena *arena);

/* What the log keeps of the answer to a request that changed something, as far as an overview tells of it. */
struct recorded_change {
    bool has_consent;
    uint8_t consent[16];      /* the statement, or the request for consent, that was recorded */
    struct text_set informed; /* parties that were told of a withdrawal or a restriction */
};
/* Reads it from the answer as on the wire (size 0: not kept). The arena's. */
void codec_read_change (struct bytes reply, struct arena *arena, struct recorded_change *change);

struct recorded_check {
    struct bytes request, reply; /* as on the wire, without its BSN; size 0: not kept */
};

/* Sets what was asked, without its BSN, and what was answered. Borrows from `recorded` and the arena. 0, or
   CODEC_INVALID: the request is not kept, or is no check; what was asked is then not set. */
int codec_read_recorded (const struct recorded_check *recorded, struct arena *arena, struct shown_decision *shown);

/* The number of the request of a subject (R2) that this request is about, as the log keeps it; 0: it is about
   none. */
uint64_t codec_read_request_number (struct bytes request, struct arena *arena);

/* Of the packed answer to a check: says of each of these items whether it was permitted. */
void codec_read_permitted (struct bytes answer, bool *permitted, size_t item_count);

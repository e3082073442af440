/* The body of an answer, for codec_reply.c. */
#pragma once
#include "body_fields.h"
#include "reply.h"

struct codec_body {
    uint32_t number; /* of its field in the envelope; 0: there is no body */
    struct bytes bytes;
};

/* Writes the body into the arena, by its table. */
struct codec_body codec_write_body (const struct reply *reply, struct arena *arena);

/* Makes struct told_check. */
const void *codec_make_check (const struct reply *reply, struct arena *arena);

/* The bodies of answers that are more than their tables. */
#pragma once
#include "body_fields.h"
#include "reply.h"

/* What the table of the body is written from: the reply, or a struct that is made of it in the arena. */
const void *codec_make_body (const struct reply *reply, struct arena *arena);

/* Makes struct told_check, of the answer if it is made already. */
const void *codec_make_check (const struct reply *reply, struct arena *arena);

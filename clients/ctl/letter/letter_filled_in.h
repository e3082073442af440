/* A file that whoever writes letters fills in, in the language of policy packs: who sends them, how laws are
   called, what happened. Pure. */
#pragma once
#include "policy/policy_read.h"
#include "policy/policy_stanza.h"

struct arena;

/* Takes apart a copy of the text, which may be any bytes; `name` is that of error messages. 0 or POLICY_INVALID,
   with what is wrong added. In both cases the caller clears *document with policy_document_clear; its texts are
   the arena's. */
int letter_filled_in_parse (struct policy_document *document, struct arena *arena, const char *name,
                            const struct policy_text *text, struct policy_faults *faults);

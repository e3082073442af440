/* Inputs for a reader by tables: messages that are right, and such as are right but for little. What fields there
   are, and what each may be, is said by the tables alone, so a field that is added there is tried at once. */
#pragma once
#include "bytes.h"
#include "fields/joined.h"

struct arena;

/* A message, and who reads it. */
struct mutated {
    const struct joined *joined;
    /* Which field of the message the reader refuses, as a path: "check.items[2].category". NULL: it takes the
       message. So a new message is mended until it is taken: tables do not say what must hold between fields.
       NULL: a reader that knows tables alone. */
    const char *(*fault) (struct bytes message, struct arena *arena);
};

/* Changes the message in `data` in a few places, or writes a new one there. Arguments and result are those of
   LLVMFuzzerCustomMutator. */
size_t mutate_message (const struct mutated *self, uint8_t *data, size_t size, size_t room, unsigned seed);

/* Writes the first message to `to`, with a field from the second. For LLVMFuzzerCustomCrossOver. */
size_t mutate_by_other (const struct mutated *self, const struct bytes messages[2], uint8_t *to, size_t room,
                        unsigned seed);

/* A proof that the log has a line, as the text of one file: C2SP tlog-proof, with the line itself as its `extra`.
   So one file is all that is needed to verify it. */
#pragma once
#include <stdint.h>
#include "bytes.h"

struct arena;

/* What the registry tells of a line: the line as it is stored, the hashes of its proof one behind the other, and
   the signed checkpoint. */
struct proven_line {
    uint64_t number;
    struct bytes line, proof, checkpoint;
};
/* The text, in the arena. Size 0: it cannot be written. */
struct bytes proof_text (struct arena *arena, const struct proven_line *proven);

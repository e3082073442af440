/* What is the same for many lines of the log, and is kept once: from which line on it was so. */
#pragma once
#include "turn.h"

enum since {
    SINCE_EPOCH = 1,  /* 16 bytes: the registry's epoch (C13) */
    SINCE_POLICY = 2, /* the pack: its hash (32 bytes), then its id */
};

/* From the next line on it is this, if it is not so already. 0 or a failure. */
int since_note (struct turn *turn, enum since what, struct bytes value);
/* Lends what it was for this line, as store_get does. 0; STORE_NOT_FOUND: it was not noted; or a failure. */
int since_find (struct turn *turn, enum since what, uint64_t line, struct bytes *value);
/* Notes the pack that decides in this turn, and keeps it (packs.h). Costs nothing if it was noted before. 0 or a failure. */
int since_note_policy (struct turn *turn);

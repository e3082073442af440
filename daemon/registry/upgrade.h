/* Takes up what an earlier program left in the store (schema 2 or 3). There a subject had a record for the facts,
   one for each statement, and one for each party that received something; now all of it is one record.

   It is done in steps, each a transaction of its own. Whenever it is cut off, it goes on from where it was: what
   was taken up is known by its form. */
#pragma once
#include "turn.h"

struct upgrade {
    uint8_t last[VAULT_ID_SIZE]; /* the subject that was looked at last */
    bool is_begun, is_done;
    uint64_t taken_up, unreadable; /* subjects, so far, also by an upgrade that was cut off */
};

/* Takes up a bounded part of what is left, beginning with a zeroed struct. Writes a line of the log of it.
   Subjects whose records cannot be read are left as they are: their records cannot be read after it either. 0 or a
   failure. */
int upgrade_step (struct turn *turn, struct upgrade *self);

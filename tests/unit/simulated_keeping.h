/* Erases people in a simulation, of whom a statute requires that something is kept. */
#pragma once
#include "registry/erasure.h"
#include "simulation_verbs.h"

/* Marks the subject, in a turn of its own. `request`: on which it is done; 0: none. What erasure_mark returns. */
int simulated_mark (struct simulation *sim, const char *bsn, enum erasure_kind kind, uint64_t request);
/* Goes on with the round until nothing is due. Returns how many steps it took. */
int simulated_rounds (struct simulation *sim);
/* A consent, a disclosure on it that a statute requires to be kept, and an erasure. The number of the decision. */
uint64_t simulated_life_that_is_kept (struct simulation *sim, const char *bsn);
/* "check 7, grant 9": the lines about the subject up to this one that were sealed under its key and can be opened,
   with their numbers. */
const char *simulated_lines_that_open (struct simulation *sim, const char *bsn, uint64_t up_to);

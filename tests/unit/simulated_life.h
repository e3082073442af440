/* The life of a subject in a simulation, at random, and the same in every run: consents, refusals, withdrawals,
   uses, restrictions, changes and corrections of the subject and of what was signed, changes of a party, and time.
 */
#pragma once
#include "simulation_verbs.h"

enum { LIFE_CONSENTS = 64 };

struct life {
    struct simulation *sim;
    unsigned next_bsn;
    const char *bsn; /* of the present life; the rest is its own too */
    const uint8_t *consents[LIFE_CONSENTS];
    size_t consent_count;
    uint64_t rectification; /* the request on which corrections are made; 0: none yet */
};

/* Begins the life of another subject, an adult of whom nothing is stated. */
void simulated_life_begin (struct life *life);
/* One act at random, a minute of time, and what follows by itself. What was done, in words. */
const char *simulated_life_act (struct life *life);

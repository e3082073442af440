/* A simulation with two people whose keys are wrapped under the same key of the keyring, one of whom is erased,
   and with one of another bucket. */
#pragma once
#include "keyring.h"
#include "record/subject_key.h"
#include "registry/erasure.h"
#include "simulation_verbs.h"

enum {
    PEOPLE = 9000, /* of simulation_bsn: these three are among them */
    STEPS_LIMIT = 64,
};

extern const char *erased, *neighbour, *stranger; /* BSNs; the neighbour comes first in the bucket */

void find_people (struct simulation *sim);
/* cmocka's setup: of each of the three there is a record with a consent. */
int simulated_erasure_setup (void **state);
/* Makes such a record. */
void record (struct simulation *sim, const char *bsn);
/* erasure_mark in a turn of its own. */
int mark (struct simulation *sim, const char *bsn);
/* One step of a round, and all that are left. */
void step (struct simulation *sim);
void go_to_end (struct simulation *sim);
/* A check is permitted on the consent of that record. */
bool can_be_read (struct simulation *sim, const char *bsn);
/* Opens the key of a subject as it stands in the store: what subject_key_read_any returns. */
int open_key (struct simulation *sim, const char *bsn);

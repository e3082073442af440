/* How many different subjects each party asks about in an hour, and how many of those the registry does not know
   (L6). Operators are told of a party that tries many numbers to see who is registered, or asks about a whole
   town.

   Of each subject the first bytes of its pseudonym are kept, only for the hour. For each party no more are kept
   than its limit; above it operators are told once. The hours are those of a clock that never stands still. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "rules/calendar.h"
#include "vault.h"

enum { ASKERS_HOUR = 3600000 }; /* ms */

enum askers_sort { ASKERS_SUBJECTS, ASKERS_UNKNOWN, ASKERS_SORTS };

/* Operators are told if there are more different subjects than this in an hour. */
struct askers_limits {
    size_t most[ASKERS_SORTS];
};

/* All parties. */
struct askers;

/* Caller owns it. */
struct askers *askers_new (void);
void askers_destroy (struct askers **self_p);
/* Sets the time for the calls that follow. */
void askers_set_time (struct askers *self, moment steady);

/* The party asked about this subject. To ask again about the same subject in the same hour counts for nothing. */
void askers_note (struct askers *self, const char *party, const struct askers_limits *limits,
                  const uint8_t subject[VAULT_ID_SIZE], bool unknown);

/* A party that asked too much in this hour, of which operators were not told yet. */
struct askers_alarm {
    const char *party; /* borrowed until the next note */
    enum askers_sort sort;
    size_t most;
};
/* Finds an alarm. False: there is none. Finds the same alarm again until askers_told is called for it. */
bool askers_next (const struct askers *self, struct askers_alarm *alarm);
void askers_told (struct askers *self, const struct askers_alarm *alarm);

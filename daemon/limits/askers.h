/* How many different subjects each party asks about in an hour, and how many of them the registry does not know
   (L6): who goes through numbers to see who is registered, or through a whole town, is told to operators.

   Of each subject the first bytes of its pseudonym are kept, for the hour only; never more of them for a party
   than its limit, beyond which it is told once. Hours are those of a clock that never stands still. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "rules/calendar.h"
#include "vault.h"

enum { ASKERS_HOUR = 3600000 }; /* ms */

enum askers_sort { ASKERS_SUBJECTS, ASKERS_UNKNOWN, ASKERS_SORTS };

/* More than so many different ones in an hour are told. */
struct askers_limits {
    size_t most[ASKERS_SORTS];
};

/* Of every party. */
struct askers;

/* Caller owns it. */
struct askers *askers_new (void);
void askers_destroy (struct askers **self_p);
/* What time it is from here on. */
void askers_set_time (struct askers *self, moment steady);

/* The party asked about this subject. Asking again about the same one in the hour counts for nothing. */
void askers_note (struct askers *self, const char *party, const struct askers_limits *limits,
                  const uint8_t subject[VAULT_ID_SIZE], bool unknown);

/* A party that asked too much in this hour, which was not told yet. */
struct askers_alarm {
    const char *party; /* borrowed until the next note */
    enum askers_sort sort;
    size_t most;
};
/* False: there is none. The same until it is said to have been told. */
bool askers_next (const struct askers *self, struct askers_alarm *alarm);
void askers_told (struct askers *self, const struct askers_alarm *alarm);

/* What is done with the store while no daemon has it, and then ends: each says on standard error what it did, or
   why not. */
#pragma once
#include <stdbool.h>
#include "in_force.h"

/* Takes up the store of an earlier version (registry/upgrade.h). 0; SETTINGS_INVALID: there is no store; or as
   registry_upgrade. */
int offline_upgrade (const struct in_force *in_force);
/* The same with a copy of the store beside it, which is gone afterwards: says whether the store could be taken up,
   how long that takes, and of how many subjects a record cannot be read. The store is not changed. As
   offline_upgrade. */
int offline_try_upgrade (const struct in_force *in_force);
/* Puts a backup in the place of the store (registry/restoring.h). As registry_restore. */
int offline_restore (const struct in_force *in_force, const char *backup, bool without_list);

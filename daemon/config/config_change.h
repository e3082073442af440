/* What differs between two configurations, setting by setting, as people write them; and when each counts. */
#pragma once
#include "arena.h"
#include "config.h"

enum config_when {
    CONFIG_AT_RELOAD,
    CONFIG_AT_START, /* what was bound, opened or set aside at the start */
    CONFIG_NEVER,    /* it would have to become smaller */
};

struct config_change {
    const char *setting;        /* "limits/cache", or "roles/partner" */
    const char *before, *after; /* as in the file; "" where it is not given, or there is no such role */
    enum config_when when;
};

enum { CONFIG_CHANGES = 64 + 2 * CONFIG_ROLES }; /* at most */

/* Writes what differs, in the order of the file, to `changes`, which has room for CONFIG_CHANGES. Its texts are
   the arena's. Returns how many there are. */
size_t config_compare (const struct config *in_force, const struct config *fresh, struct arena *arena,
                       struct config_change *changes);
/* What a reload does not take up stays in `fresh` as it is in force, so that the configuration in force says what
   counts now. */
void config_keep_started (struct config *in_force, struct config *fresh);

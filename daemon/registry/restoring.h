/* Puts a backup in the place of the store, while no daemon runs: in a new epoch, whole or not at all.

   The copy is made beside the store, and opened there as a start with --restored opens it: who was erased since is
   taken out, the epoch begins, and the log is followed from its first line. Only then the two directories change
   places, in one step, and what was the store stays beside it, under another name. Whatever cuts it off, one of
   them is the store. */
#pragma once
#include "audit/log.h"
#include "registry.h"

struct restoring {
    const char *backup; /* a directory that consentctl backup made, or the file in it */
    struct registry_options options;
    const struct in_force *in_force;
    moment wall;
};

struct restored {
    struct audit_end log; /* of the backup */
    uint64_t subjects, statements;
    char aside[512]; /* where what was the store is now; "": there was none */
};

/* 0; REGISTRY_IN_USE: a daemon has the store; REGISTRY_CANNOT_OPEN: it cannot be put there, or is no backup of
   this registry; or negative; each with one line in `error`, and then the store is what it was. */
int registry_restore (const struct restoring *self, struct restored *told, struct settings_error *error);

/* A registry as an earlier program left it (schema 3): for the subject's facts, for each statement, and for each
   party that received something a record of its own; cursors in clear; no consumers, generations, sums,
   seal, or index of answers; and lines of the log that hold request and reply whole. */
#pragma once
#include "in_force.h"
#include "registry/registry.h"

/* Makes it so, in one transaction. The registry can then only be closed. 0 or a failure. */
int earlier_store_make (struct registry *registry, const struct in_force *in_force);

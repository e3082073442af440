/* A log in a directory, an export or a copy, verified without the registry. */
#pragma once
#include "ctl.h"

/* As `audit fsck`, and the chain of hashes too, for `audit verify DIR`. The exit code. */
int audit_fsck_with_chain (struct ctl *ctl, const struct options *options);

/* consentctl policy fetch: a pack that decided, from the registry, which keeps it. */
#pragma once
#include "ctl.h"

int policy_fetch_run (struct ctl *ctl, const struct options *options);

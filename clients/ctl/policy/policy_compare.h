/* consentctl policy diff. */
#pragma once
#include "ctl.h"

extern const struct option policy_compare_options[];
int policy_compare_run (struct ctl *ctl, const struct options *options);

/* consentctl policy show: a pack as text, as JSON, and as one sheet of paper. */
#pragma once
#include "ctl.h"

extern const struct option policy_show_options[];

int policy_show_run (struct ctl *ctl, const struct options *options);

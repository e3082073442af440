/* consentctl policy replay. */
#pragma once
#include "ctl.h"

extern const struct option policy_replay_options[];
int policy_replay_run (struct ctl *ctl, const struct options *options);

/* The register of processing (verwerkingsregister) that a controller keeps (KB 21, AVG 30). */
#pragma once
#include "options.h"

struct ctl;

extern const struct option policy_register_options[];

/* Runs a command whose argument is the directory of a pack. */
int policy_register_run (struct ctl *ctl, const struct options *options);

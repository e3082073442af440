/* What is in force: configuration, policy pack and parties, taken up together or not at all. */
#pragma once
#include "config.h"
#include "parties.h"
#include "rules/policy.h"
#include "settings.h"

struct in_force {
    struct config *config;
    struct policy *policy;
    struct parties *parties;
};

/* Reads all three. 0, or SETTINGS_INVALID with one line that names file and line; then nothing is taken up. */
int in_force_read (struct in_force *self, const char *config_path, struct settings_error *error);
void in_force_release (struct in_force *self);

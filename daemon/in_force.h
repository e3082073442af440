/* What is in force of what people edit: configuration and policy pack, taken up together or not at all. */
#pragma once
#include "config.h"
#include "rules/policy.h"
#include "settings.h"

struct in_force {
    struct config *config;
    struct policy *policy;
};

/* Reads both. 0, or SETTINGS_INVALID with one line that names file and line; then nothing is taken up. */
int in_force_read (struct in_force *self, const char *config_path, struct settings_error *error);
void in_force_release (struct in_force *self);

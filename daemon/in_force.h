/* What people edit and what is in force: configuration, policy pack, and the keys that sign the log. They are taken
   up together, or none of them. */
#pragma once
#include "config/config.h"
#include "log_key.h"
#include "rules/policy.h"
#include "config/settings.h"

struct in_force {
    struct config *config;
    struct policy *policy;
    struct log_key *log_key; /* NULL: none is configured */
};

/* Reads all of it. 0; SETTINGS_INVALID with one line that names file and line; or negative if the system fails, also
   with one. After a failure *self is empty. */
int in_force_read (struct in_force *self, const char *config_path, struct settings_error *error);
void in_force_release (struct in_force *self);

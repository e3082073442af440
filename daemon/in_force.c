#include "in_force.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "policy/policy_read.h"
#include "vault.h"

static int read_policy (struct in_force *self, struct settings_error *error)
{
    struct policy_error wrong;
    const char *directory = self->config->policy_directory;
    int rc = policy_read (&self->policy, directory, vault_hash, &wrong);
    if (rc == 0)
        return 0;
    bool named = wrong.file[0] != 0 && strcmp (wrong.file, directory) != 0;
    snprintf (error->text, sizeof error->text, "%s%s%s", directory, named ? "/" : "", named ? wrong.file : "");
    size_t used = strlen (error->text);
    if (wrong.line > 0)
        snprintf (error->text + used, sizeof error->text - used, ":%u: %s", wrong.line, wrong.message);
    else
        snprintf (error->text + used, sizeof error->text - used, ": %s", wrong.message);
    return rc == -EIO || rc == -EMFILE || rc == -ENFILE || rc == -ENOMEM ? rc : SETTINGS_INVALID;
}

static int read_log_key (struct in_force *self, struct settings_error *error)
{
    const struct config *config = self->config;
    if (config->log_key == NULL)
        return 0;
    int rc = log_key_read (&self->log_key, config->log_key, config->log_origin, error->text, sizeof error->text);
    return rc <= 0 ? rc : SETTINGS_INVALID;
}

int in_force_read (struct in_force *self, const char *config_path, struct settings_error *error)
{
    memset (self, 0, sizeof *self);
    int rc = config_read (&self->config, config_path, error);
    if (rc == 0)
        rc = read_policy (self, error);
    if (rc == 0)
        rc = read_log_key (self, error);
    if (rc != 0)
        in_force_release (self);
    return rc;
}

void in_force_release (struct in_force *self)
{
    log_key_destroy (&self->log_key);
    policy_destroy (&self->policy);
    config_destroy (&self->config);
}

#include "in_force.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "policy/policy_read.h"
#include "vault.h"

static int read_policy (struct in_force *self, struct settings_error *error)
{
    struct policy_error wrong;
    struct policy_faults faults = POLICY_FIRST (&wrong);
    char text[POLICY_ERROR_TEXT], more[80] = "";
    const char *directory = self->config->policy_directory;
    int rc = policy_read_all (&self->policy, directory, vault_hash, true, &faults);
    if (rc == 0)
        return 0;
    policy_error_text (&wrong, directory, text);
    if (faults.count > 1)
        snprintf (more, sizeof more, " (and %zu more: consentctl policy check)", faults.count - 1);
    if (snprintf (error->text, sizeof error->text, "%s%s%s", directory, text, more) >= (int)sizeof error->text)
        strcpy (error->text + sizeof error->text - sizeof "...", "...");
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

#include "key_files.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The keyring is looked for beside the vault's key. */
static bool is_beside (const struct keyring *keyring, const char *vault_key)
{
    const struct keyring_place there = {.vault_key = vault_key};
    char *now = keyring_path_of (keyring_place (keyring), KEYRING_NAME);
    char *then = keyring_path_of (&there, KEYRING_NAME);
    bool is_same = strcmp (now, then) == 0;
    free (now);
    free (then);
    return is_same;
}

static int judge_vault (const struct key_files *self, const char *path, const struct vault *in_use,
                        const struct keyring *keyring, struct settings_error *error)
{
    if (!is_beside (keyring, path))
        snprintf (error->text, sizeof error->text,
                  "%s: not in the directory of the key in use, beside which the keyring is", path);
    else if (self->is_other && !vault_was_keyed_as (self->vault, in_use))
        snprintf (error->text, sizeof error->text, "%s: %s", path, outcome_sentence (REGISTRY_OTHER_VAULT));
    else
        return 0;
    return REGISTRY_OTHER_VAULT;
}

int key_files_open (struct key_files *self, const struct config *config, const struct vault *in_use,
                    const struct keyring *keyring, struct settings_error *error)
{
    *self = (struct key_files){.vault = NULL};
    int rc = config->server_next != NULL
                 ? server_key_read_public (config->server_next, self->server_key_next, error)
                 : 0;
    if (rc == 0)
        rc = vault_open_both (&self->vault, config->vault_key, config->vault_former, error->text,
                              sizeof error->text);
    if (rc != 0)
        return rc;
    self->is_other = !vault_is_keyed_as (self->vault, in_use);
    rc = judge_vault (self, config->vault_key, in_use, keyring, error);
    if (rc != 0)
        key_files_close (self);
    return rc;
}

void key_files_close (struct key_files *self)
{
    vault_destroy (&self->vault);
}

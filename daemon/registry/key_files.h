/* The key files that are configured, as a reload opens them: for the reload, and for who wants to know before what
   it would find. */
#pragma once
#include <stdbool.h>
#include "config/config.h"
#include "keyring.h"
#include "server_key.h"

struct key_files {
    struct vault *vault;
    bool is_other;                         /* the vault's key is another than the one in use */
    char server_key_next[SERVER_KEY_TEXT]; /* the public half of the pair to come; "": none is configured */
};

/* Opens them, and judges them against the vault in use and its keyring. 0: to be closed; SETTINGS_INVALID,
   VAULT_INVALID: a file is not as it must be; REGISTRY_OTHER_VAULT: the key in use is not the former one that is
   configured, or the file lies in another directory than the keyring; or negative; each with one line in `error`.
 */
int key_files_open (struct key_files *self, const struct config *config, const struct vault *in_use,
                    const struct keyring *keyring, struct settings_error *error);
void key_files_close (struct key_files *self);

/* The root of the registry's own keys (vault.h), where it is not the key in the vault's key file.

   It is the file subjects/subjects.root, mode 0600, sealed under the vault, and written over when that gets
   another key. A new registry has one of random bytes from its first start. One that was made before there were
   such keeps the key of its first key file as its root, and has no such file until it gets another vault key. */
#pragma once
#include "keyring.h"

#define KEYRING_ROOT_NAME "subjects/subjects.root" /* in the directory of the vault's key */

/* For a registry that has no store yet: makes a root, and keeps it. Where a root or a keyring is there already, it
   is keyring_root_find. Returns as that does. */
int keyring_root_make (struct vault *vault, const struct keyring_place *place);
/* Has the vault use the root that is kept; where none is, that of the key file under which the keyring opens. To
   be called before anything is opened with the vault, which must be the place's. Nothing is sealed anew: where
   what is kept is sealed under the former key, the vault goes back to that one (vault_go_back), until
   registry_change_vault. 0: also where there is no keyring, or it opens under neither key, which who opens it
   says; VAULT_INVALID: the file is not as it must be, or of another vault; or negative, both with one sentence in
   `error`. */
int keyring_root_find (struct vault *vault, const struct keyring_place *place);
/* Keeps the vault's root, sealed under its key, durably. What was kept before is written over. 0, or negative with
   one sentence in `error`: then the file is as it was, or as it must be. */
int keyring_root_keep (const struct keyring_place *place);

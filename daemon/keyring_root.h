/* The root of the registry's own keys (vault.h), where it is not the key in the vault's key file.

   It is the file subjects/subjects.root, mode 0600, sealed under the vault. A registry that never had another
   vault key has none. */
#pragma once
#include "keyring.h"

#define KEYRING_ROOT_NAME "subjects/subjects.root" /* in the directory of the vault's key */

/* Has the vault use the root that is kept; where none is, that of the key file under which the keyring opens. To
   be called before anything is opened with the vault, which must be the place's. What is sealed under the former
   key is sealed anew. 0: also where there is no keyring, or it opens under neither key, which who opens it says;
   VAULT_INVALID: the file is not as it must be, or of another vault; or negative, both with one sentence in
   `error`. */
int keyring_root_find (struct vault *vault, const struct keyring_place *place);
/* Keeps the vault's root, sealed under its key, durably. What was kept before is written over. 0, or negative with
   one sentence in `error`: then the file is as it was, or as it must be. */
int keyring_root_keep (const struct keyring_place *place);

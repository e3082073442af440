/* The key of a witness: by it a subscriber says that it has seen a checkpoint of the registry's log. In a file of
   one line, for its owner alone: PRIVATE+KEY+name+hash+base64, of the sort cosignature/v1. */
#pragma once
#include "merkle/note.h"

enum { WITNESS_KEY_INVALID = 1 };

/* 0, or WITNESS_KEY_INVALID with one sentence in `error`, which names the file and never quotes it. Wipe *self
   with note_signer_wipe after use. */
int witness_key_read (struct note_signer *self, const char *path, char *error, size_t size);

/* Makes a new key in a new file. 0 and the verifier key; WITNESS_KEY_INVALID: the name is none that a key may
   have; or -errno, and no file is left. */
int witness_key_create (const char *path, const char *name, struct note_key *key);

/* The keys that are destroyed in order to erase (R7).

   A subject's own key, under which everything about the subject is sealed, is stored in front of its record,
   wrapped. What a store has held once can be on its disk for years, and is in every backup. So the wrapping keys
   are not in the store. They are random, 65,536 of them, and each wraps the keys of the subjects whose pseudonyms
   begin with the same 16 bits. To erase a subject the key of its bucket is replaced: those who share the bucket
   are wrapped anew, and then the former key is destroyed. From then on nobody can unwrap what older pages,
   journals and backups hold.

   They are in one file beside the vault's key, subjects/subjects.keys, mode 0600, which holds them twice, each
   time sealed under the vault. To change it the two copies are written over where they lie, one after the other,
   each durable before the next: one of them is whole whenever the machine stops, and what was destroyed lies in
   neither. A copy of the file elsewhere undoes erasures: docs/operations.md says which copies may be kept. */
#pragma once
#include "vault.h"

struct keyring;

#define KEYRING_NAME "subjects/subjects.keys" /* in the directory of the vault's key */

enum {
    KEYRING_BUCKETS = 1 << 16,
    KEYRING_FIRST = 1,             /* the generation of a new one */
    KEYRING_REPLACED_LIMIT = 1024, /* keys that can be replaced at once */
};

struct keyring_place {
    const struct vault *vault; /* must live as long as the keyring */
    const char *vault_key;     /* its path; copied */
    char *error;               /* one sentence, with the path, for whatever is not 0 or KEYRING_MISSING */
    size_t error_size;
};

/* Makes a new file, and its directory where there is none. 0 or negative. */
int keyring_create (const struct keyring_place *place);
/* Makes its directory, where there is none. 0 or negative. */
int keyring_make_directory (const struct keyring_place *place);
/* Reads the file, which opens under the vault's key or its former one, and is then sealed under the former no
   more. 0; KEYRING_MISSING: there is no such file; VAULT_INVALID: it is not as it must be, or of another vault; or
   negative. Caller owns *self_p. */
int keyring_open (struct keyring **self_p, const struct keyring_place *place);
void keyring_destroy (struct keyring **self_p);

/* In the file that is there is a copy that opens under the vault's former key, and not under its present one.
   False also where it cannot be read. */
bool keyring_is_under_former (const struct keyring_place *place);
/* Writes the file anew, after its vault got another key: then nothing in it opens under the one before. 0: it is
   durable; or negative, with one sentence in `error`: then each copy in the file is sealed under the one or the
   other. */
int keyring_seal_anew (struct keyring *self);
/* Says in `error` that the keyring is refused, with its path and the outcome's sentence. Returns the outcome. */
int keyring_refuse (const struct keyring_place *place, int outcome);

/* As it was opened. Lent as long as the keyring. */
const struct keyring_place *keyring_place (const struct keyring *self);
/* The path of a file of this name in the directory of the vault's key. The caller frees it. */
char *keyring_path_of (const struct keyring_place *place, const char *name);

/* Which keyring it is, 16 random bytes. Valid as long as the keyring. */
const uint8_t *keyring_id (const struct keyring *self);
/* Rises by one each time that keys are replaced; from KEYRING_FIRST. */
uint64_t keyring_generation (const struct keyring *self);

/* The key that wraps the key of this subject. Valid until the next keyring_replace or keyring_destroy. */
const struct vault_key *keyring_key (const struct keyring *self, const uint8_t subject_id[VAULT_ID_SIZE]);
/* The one before it, while that is not destroyed yet; else NULL. */
const struct vault_key *keyring_former_key (const struct keyring *self, const uint8_t subject_id[VAULT_ID_SIZE]);
/* The bucket of a subject: the first 16 bits of its pseudonym. */
uint16_t keyring_bucket (const uint8_t subject_id[VAULT_ID_SIZE]);

/* Makes new keys for these buckets, at most KEYRING_REPLACED_LIMIT and no bucket twice. The former ones are kept
   until keyring_destroy_former, and none may be kept now. 0: it is durable; or negative, with one sentence in
   `error`: then this keyring has not changed, and the file may have the new keys with the former ones. */
int keyring_replace (struct keyring *self, const uint16_t *buckets, size_t count);
/* The buckets that have a former key, in *buckets_p, lent until the next change. */
size_t keyring_formers (const struct keyring *self, const uint16_t **buckets_p);
/* Destroys the former keys, in the file as on the disk: what was wrapped under them is gone for ever. 0: that is
   durable; or negative, with one sentence in `error`; then they may be there still, and it must be called again.
 */
int keyring_destroy_former (struct keyring *self);

/* The only module that knows cryptography: pseudonyms, sealed records, subject keys, hashes, random bytes.

   A BSN is never stored. A subject is found by a keyed BLAKE2b hash of it, whose key is outside the database; a
   hash without a key could be undone in minutes. Data about a subject are sealed (XChaCha20-Poly1305) under the
   subject's own random key, which is stored wrapped under a key of the keyring (keyring.h). */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "bytes.h"
#include "outcome.h"

enum {
    VAULT_ID_SIZE = 16, /* subject ids, subject references, consent ids, idempotency keys, epochs */
    VAULT_HASH_SIZE = 32,
    VAULT_MAC_SIZE = 16,
    VAULT_SEAL_OVERHEAD = 40, /* nonce 24, tag 16 */
    VAULT_WRAPPED_KEY_SIZE = 32 + VAULT_SEAL_OVERHEAD,
};

struct vault;

/* A key in memory. Wipe it with vault_key_wipe after use. */
struct vault_key {
    uint8_t bytes[32];
};

/* Memory for many keys: in no core dump, between guard pages, and locked if the limits of the process allow that.
   Aborts if there is none. vault_memory_free wipes it. */
void *vault_memory_new (size_t size);
void vault_memory_free (void *memory);

/* Writes a new key file, mode 0600. Refuses to replace one. 0 or -errno. */
int vault_create (const char *path);
/* Reads the key file: one line of 64 hexadecimal digits. Refuses a file that group or others can read. 0;
   VAULT_INVALID: the file is missing, is no key, or is open to others, with one sentence in `error` (it names the
   path, never the content); or negative. Caller
   owns *self_p. */
int vault_open (struct vault **self_p, const char *path, char *error, size_t error_size);
/* The same with the key file of before: what is sealed under either opens. `former_path` may be NULL. */
int vault_open_both (struct vault **self_p, const char *path, const char *former_path, char *error,
                     size_t error_size);
void vault_destroy (struct vault **self_p);

/* The registry's pseudonym of a BSN (nine digits). */
void vault_subject_id (const struct vault *self, const char *bsn, uint8_t id[VAULT_ID_SIZE]);
enum { VAULT_PARTY_LIMIT = 32 }; /* bytes of a party id */

/* The pseudonym of a subject for one party. Two parties cannot compare their pseudonyms. */
void vault_subject_ref (const struct vault *self, const uint8_t subject_id[VAULT_ID_SIZE], const char *party,
                        uint8_t ref[VAULT_ID_SIZE]);

/* Makes a new random key for a subject. */
void vault_subject_key_new (struct vault_key *key);
/* The key of a subject, wrapped under another key (keyring.h) and bound to the subject id. */
void vault_subject_key_wrap (const struct vault_key *under, const uint8_t subject_id[VAULT_ID_SIZE],
                             const struct vault_key *key, uint8_t wrapped[VAULT_WRAPPED_KEY_SIZE]);
/* 0, or VAULT_TAMPERED: the key is damaged or swapped, or wrapped under another key (C12). */
int vault_subject_key_unwrap (const struct vault_key *under, const uint8_t subject_id[VAULT_ID_SIZE],
                              const uint8_t wrapped[VAULT_WRAPPED_KEY_SIZE], struct vault_key *key);
/* The key under which all keys of subjects were wrapped before schema 4 of the store. Valid as long as the vault.
 */
const struct vault_key *vault_earlier_wrapping_key (const struct vault *self);
/* The key that seals the keyring, which follows from the key file. Valid as long as the vault. */
const struct vault_key *vault_keyring_key (const struct vault *self);
/* The same of the key file of before. NULL: there is none. */
const struct vault_key *vault_former_keyring_key (const struct vault *self);
/* The key of the list beside the keyring. Valid as long as the vault. */
const struct vault_key *vault_list_key (const struct vault *self);
/* The key for records that are not about a subject. Valid as long as the vault. */
const struct vault_key *vault_system_key (const struct vault *self);
/* The key of the store's journal. Valid as long as the vault. */
const struct vault_key *vault_journal_key (const struct vault *self);
void vault_key_wipe (struct vault_key *key);
/* By which people tell key files apart. It says nothing of the key. */
void vault_key_name (const struct vault_key *key, uint8_t name[VAULT_ID_SIZE]);

/* The key file can be replaced, and what is in store and log cannot be sealed anew. So all other keys follow from
   a root (keyring_root.h): random bytes, or, of a registry that was made before those were kept, the key of its
   first key file. A vault that was opened takes its own key file for the root. */
const struct vault_key *vault_root (const struct vault *self);
/* No key file is the root. */
bool vault_has_own_root (const struct vault *self);
void vault_use_root (struct vault *self, const struct vault_key *root, bool is_own);
void vault_use_new_root (struct vault *self);
void vault_use_key_as_root (struct vault *self);
/* The two key files change places: that of before, which must have been given, is the one in use. The root
   stays. */
void vault_go_back (struct vault *self);
/* Both have the same key file; or `self` has as its former one that of `other`. */
bool vault_is_keyed_as (const struct vault *self, const struct vault *other);
bool vault_was_keyed_as (const struct vault *self, const struct vault *other);
/* Gives each the key files of the other. Their roots stay. */
void vault_exchange_keys (struct vault *self, struct vault *other);

/* What a sealed record is bound to, so that no record can be swapped for another or for one of an older format. */
struct vault_binding {
    const char *table; /* name of the table */
    uint16_t version;  /* of the record's format */
    const void *key;   /* the record's key in that table */
    size_t key_size;
};

/* Seals `size` bytes into `sealed`, which must have room for size + VAULT_SEAL_OVERHEAD. */
void vault_seal (const struct vault_key *key, const struct vault_binding *binding, const void *plain, size_t size,
                 uint8_t *sealed);
/* Opens `size` sealed bytes into `plain` (size - VAULT_SEAL_OVERHEAD bytes). 0 or VAULT_TAMPERED; then `plain` is
   zero. */
int vault_unseal (const struct vault_key *key, const struct vault_binding *binding, const uint8_t *sealed,
                  size_t size, uint8_t *plain);

/* A sealed record has a key of its own, which follows from the key that sealed it and the record's nonce. It opens
   that one record, and tells nothing of the key that it comes from, nor of any other record under that key. So one
   record can be kept readable when the key that sealed it is destroyed. `sealed` is as vault_seal made it. */
void vault_record_key (const struct vault_key *key, const uint8_t sealed[VAULT_SEAL_OVERHEAD],
                       struct vault_key *record);
/* As vault_unseal, with the key of this one record. */
int vault_unseal_record (const struct vault_key *record, const struct vault_binding *binding,
                         const uint8_t *sealed, size_t size, uint8_t *plain);

/* BLAKE2b-256 over a and then b (b may be empty). */
void vault_hash (const void *a, size_t a_size, const void *b, size_t b_size, uint8_t hash[VAULT_HASH_SIZE]);
/* Says of bytes who wrote them: nobody who does not have `key` finds the mac of a `head` and a `content`. It is
   Poly1305 of the content, under a key that keyed BLAKE2b makes of the head: half a microsecond, and then a sixth
   of the time that vault_hash takes. Under one key, no head may ever come with two contents. `key` NULL: it finds
   accidents only. */
void vault_mac (const struct vault_key *key, struct bytes head, struct bytes content, uint8_t mac[VAULT_MAC_SIZE]);
/* SHA-256 of what an open file holds, which names an evidence (G5). 0, or -errno, and then `hash` is not set.
   -ENODATA: the file is empty, and proves nothing. */
int vault_sha256_fd (int fd, uint8_t hash[VAULT_HASH_SIZE]);
/* Keyed BLAKE2b, 16 bytes, over a label, a and b. For fingerprints of texts that may hold personal data. */
void vault_fingerprint (const struct vault *self, const char *label, struct bytes a, struct bytes b,
                        uint8_t fingerprint[VAULT_ID_SIZE]);
/* Keyed SipHash of a few bytes. For tables in memory whose keys a peer chooses. */
uint64_t vault_tag (const struct vault *self, const void *data, size_t size);
/* Keyed SipHash of 128 bits, under a key of its own. For the sums over small entries of the store. */
void vault_sum (const struct vault *self, const void *data, size_t size, uint8_t sum[VAULT_ID_SIZE]);
void vault_random (void *out, size_t size);
/* Compares in constant time. */
bool vault_equal (const void *a, const void *b, size_t size);

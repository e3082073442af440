/* How the ledger hides what it keeps: by keys that only the holder of the party's key file has.

   The ledger has a random key of its own, which lies in it sealed under one that follows from the party's secret
   key. So a new key file of the party opens it with the former one once, and need not have all of it written anew.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>
#include "bytes.h"

enum {
    SEAL_KEY = 32,
    SEAL_HASH = 16,
    SEAL_OVERHEAD = 40,                      /* nonce 24, tag 16 */
    SEAL_WRAPPED = SEAL_KEY + SEAL_OVERHEAD, /* a key under a key */
    SEAL_TAMPERED = 1,
};

struct seal_keys {
    uint8_t seal[SEAL_KEY]; /* of the records */
    uint8_t name[SEAL_KEY]; /* of the hashes under which they are found */
};

/* The key that follows from a party's secret key, as text of its key file, for this one use. */
void seal_key_of_party (const char *secret_key, uint8_t key[SEAL_KEY]);
/* Makes a new random key. */
void seal_key_new (uint8_t key[SEAL_KEY]);
/* A key under the party's. */
void seal_key_wrap (const uint8_t party[SEAL_KEY], const uint8_t key[SEAL_KEY], uint8_t wrapped[SEAL_WRAPPED]);
/* 0, or SEAL_TAMPERED: it is no such key, or under another key of the party. */
int seal_key_unwrap (const uint8_t party[SEAL_KEY], const uint8_t wrapped[SEAL_WRAPPED], uint8_t key[SEAL_KEY]);
/* Both keys follow from the one. */
void seal_keys_of (const uint8_t key[SEAL_KEY], struct seal_keys *keys);

/* What a text is found by, which tells nothing of the text. `kind` says what sort of text it is. */
void seal_name (const struct seal_keys *keys, const char *kind, const char *text, uint8_t hash[SEAL_HASH]);
/* Seals `plain`, bound to its table and key. `sealed` has room for SEAL_OVERHEAD more. */
void seal_close (const struct seal_keys *keys, struct bytes place, struct bytes plain, uint8_t *sealed);
/* Opens `sealed` into `plain`, which has room for SEAL_OVERHEAD less. 0 or SEAL_TAMPERED. */
int seal_open (const struct seal_keys *keys, struct bytes place, struct bytes sealed, uint8_t *plain);

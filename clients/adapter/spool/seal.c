#include "seal.h"

#include <sodium.h>
#include <string.h>

enum { NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES };
_Static_assert(NONCE + TAG == SEAL_OVERHEAD, "the size of a seal");

static const char of_party[] = "consentd adapter ledger 1";
static const char of_seal[] = "consentd adapter ledger 1: seal";
static const char of_name[] = "consentd adapter ledger 1: name";
static const struct bytes place_of_key = {"key", 3};

void seal_key_of_party (const char *secret_key, uint8_t key[SEAL_KEY])
{
    crypto_generichash (key, SEAL_KEY, (const uint8_t *)of_party, sizeof of_party, (const uint8_t *)secret_key,
                        strnlen (secret_key, crypto_generichash_KEYBYTES_MAX));
}

static void close_under (const uint8_t key[SEAL_KEY], struct bytes place, struct bytes plain, uint8_t *sealed)
{
    randombytes_buf (sealed, NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt (sealed + NONCE, NULL, plain.data, plain.size, place.data,
                                                place.size, NULL, sealed, key);
}

static int open_under (const uint8_t key[SEAL_KEY], struct bytes place, struct bytes sealed, uint8_t *plain)
{
    const uint8_t *bytes = sealed.data;
    if (sealed.size < SEAL_OVERHEAD)
        return SEAL_TAMPERED;
    return crypto_aead_xchacha20poly1305_ietf_decrypt (plain, NULL, NULL, bytes + NONCE, sealed.size - NONCE,
                                                       place.data, place.size, bytes, key) == 0
               ? 0
               : SEAL_TAMPERED;
}

void seal_key_new (uint8_t key[SEAL_KEY])
{
    randombytes_buf (key, SEAL_KEY);
}

void seal_key_wrap (const uint8_t party[SEAL_KEY], const uint8_t key[SEAL_KEY], uint8_t wrapped[SEAL_WRAPPED])
{
    close_under (party, place_of_key, (struct bytes){key, SEAL_KEY}, wrapped);
}

int seal_key_unwrap (const uint8_t party[SEAL_KEY], const uint8_t wrapped[SEAL_WRAPPED], uint8_t key[SEAL_KEY])
{
    return open_under (party, place_of_key, (struct bytes){wrapped, SEAL_WRAPPED}, key);
}

void seal_keys_of (const uint8_t key[SEAL_KEY], struct seal_keys *keys)
{
    crypto_generichash (keys->seal, SEAL_KEY, (const uint8_t *)of_seal, sizeof of_seal, key, SEAL_KEY);
    crypto_generichash (keys->name, SEAL_KEY, (const uint8_t *)of_name, sizeof of_name, key, SEAL_KEY);
}

void seal_name (const struct seal_keys *keys, const char *kind, const char *text, uint8_t hash[SEAL_HASH])
{
    crypto_generichash_state state;
    crypto_generichash_init (&state, keys->name, SEAL_KEY, SEAL_HASH);
    crypto_generichash_update (&state, (const uint8_t *)kind, strlen (kind) + 1);
    crypto_generichash_update (&state, (const uint8_t *)text, strlen (text));
    crypto_generichash_final (&state, hash, SEAL_HASH);
}

void seal_close (const struct seal_keys *keys, struct bytes place, struct bytes plain, uint8_t *sealed)
{
    close_under (keys->seal, place, plain, sealed);
}

int seal_open (const struct seal_keys *keys, struct bytes place, struct bytes sealed, uint8_t *plain)
{
    return open_under (keys->seal, place, sealed, plain);
}

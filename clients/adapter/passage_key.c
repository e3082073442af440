#include "passage_key.h"
#include <sodium.h>
#include <string.h>
#include "connection.h"

static const char domain[] = "consentd passage 1";

void passage_secret_of (const char *secret_key, uint8_t secret[PASSAGE_SECRET])
{
    crypto_generichash (secret, PASSAGE_SECRET, (const uint8_t *)domain, sizeof domain,
                        (const uint8_t *)secret_key, strlen (secret_key));
}

void passage_secret (const consent_t *connection, uint8_t secret[PASSAGE_SECRET])
{
    passage_secret_of (connection->key.secret_key, secret);
}

void passage_digest (const char *text, size_t size, uint8_t digest[PASSAGE_DIGEST])
{
    crypto_generichash (digest, PASSAGE_DIGEST, (const uint8_t *)text, size, NULL, 0);
}

/* Each text with its NUL, so that no two lists of texts are the same bytes. */
static void add_text (crypto_generichash_state *state, const char *text)
{
    crypto_generichash_update (state, (const uint8_t *)text, strlen (text) + 1);
}

void passage_key (const uint8_t secret[PASSAGE_SECRET], const struct passage_name *name, char key[CONSENT_ID_SIZE])
{
    crypto_generichash_state state;
    uint8_t hash[PASSAGE_DIGEST];
    uint64_t numbers[2] = {name->client, name->attempt};
    crypto_generichash_init (&state, secret, PASSAGE_SECRET, sizeof hash);
    add_text (&state, domain);
    for (const char *const *text = name->texts; *text; text++)
        add_text (&state, *text);
    crypto_generichash_update (&state, name->digest, PASSAGE_DIGEST);
    crypto_generichash_update (&state, (const uint8_t *)numbers, sizeof numbers);
    crypto_generichash_final (&state, hash, sizeof hash);
    consent_hex (hash, ID_BYTES, key);
}

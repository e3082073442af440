#include "import_secret.h"
#include <errno.h>
#include <sodium.h>
#include <string.h>
#include "key_file.h"

static const char domain[] = "consentd import 1";

int import_secret_read (struct import_secret *self, const char *key_file, char error[IMPORT_SECRET_ERROR])
{
    struct key_file party;
    if (key_file_read (&party, key_file, error, IMPORT_SECRET_ERROR) != 0)
        return -EINVAL;
    crypto_generichash (self->key, sizeof self->key, (const uint8_t *)domain, sizeof domain,
                        (const uint8_t *)party.secret_key, strlen (party.secret_key));
    explicit_bzero (&party, sizeof party);
    return 0;
}

void import_secret_random (struct import_secret *self)
{
    randombytes_buf (self->key, sizeof self->key);
}

static void begin (const struct import_secret *self, const char *label, crypto_generichash_state *state)
{
    crypto_generichash_init (state, self->key, sizeof self->key, IMPORT_MARK);
    crypto_generichash_update (state, (const uint8_t *)label, strlen (label) + 1);
}

void import_secret_mark (const struct import_secret *self, const char *label, struct bytes content,
                         uint8_t mark[IMPORT_MARK])
{
    crypto_generichash_state state;
    begin (self, label, &state);
    crypto_generichash_update (&state, content.data, content.size);
    crypto_generichash_final (&state, mark, IMPORT_MARK);
    sodium_memzero (&state, sizeof state);
}

int import_secret_mark_file (const struct import_secret *self, FILE *file, uint8_t mark[IMPORT_MARK])
{
    crypto_generichash_state state;
    uint8_t part[65536];
    size_t size;
    rewind (file);
    begin (self, "file", &state);
    while ((size = fread (part, 1, sizeof part, file)) > 0)
        crypto_generichash_update (&state, part, size);
    crypto_generichash_final (&state, mark, IMPORT_MARK);
    sodium_memzero (&state, sizeof state);
    sodium_memzero (part, sizeof part);
    return ferror (file) ? -EIO : 0;
}

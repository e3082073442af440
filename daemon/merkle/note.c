#include "note.h"
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include "lines.h"
#include "text/utf8.h"

_Static_assert(NOTE_KEY_SIZE == crypto_sign_ed25519_PUBLICKEYBYTES, "key size");
_Static_assert(NOTE_SECRET_SIZE == crypto_sign_ed25519_SEEDBYTES, "secret size");

enum { SIGNATURE_SIZE = crypto_sign_ed25519_BYTES, TIME_SIZE = 8, DECODED_LIMIT = 8192 };

static const char line_start[] = "\xe2\x80\x94 "; /* em dash, space */

const char *note_outcome_text (enum note_outcome outcome)
{
    static const char *const texts[] = {
        [NOTE_OK] = "is signed",
        [NOTE_TOO_LONG] = "is longer, or has more signatures, than a note may have",
        [NOTE_MALFORMED] = "is not a signed note",
        [NOTE_SPOILT] = "has a signature of a known key that does not fit",
        [NOTE_NOT_SIGNED] = "is not signed by a known key",
    };
    return texts[outcome];
}

/* --- Keys --------------------------------------------------------------------------------------------- */

/* What Unicode calls a space. */
static bool is_space (uint32_t point)
{
    return point <= ' ' || point == 0x7f || point == 0x85 || point == 0xa0 || point == 0x1680 ||
           (point >= 0x2000 && point <= 0x200a) || point == 0x2028 || point == 0x2029 || point == 0x202f ||
           point == 0x205f || point == 0x3000;
}

bool note_is_name (const char *name, size_t size)
{
    if (size == 0 || size > NOTE_NAME_SIZE)
        return false;
    for (size_t at = 0, step; at < size; at += step) {
        uint32_t point;
        step = utf8_decode (name + at, size - at, &point);
        if (step == 0 || is_space (point) || point == '+')
            return false;
    }
    return true;
}

static void make_id (struct note_key *key)
{
    uint8_t hash[crypto_hash_sha256_BYTES], middle[2] = {'\n', (uint8_t)key->algorithm};
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init (&state);
    crypto_hash_sha256_update (&state, (const uint8_t *)key->name, strlen (key->name));
    crypto_hash_sha256_update (&state, middle, sizeof middle);
    crypto_hash_sha256_update (&state, key->public_key, NOTE_KEY_SIZE);
    crypto_hash_sha256_final (&state, hash);
    memcpy (key->id, hash, NOTE_ID_SIZE);
}

static bool set_name (struct note_key *key, const char *name, size_t size, enum note_algorithm algorithm)
{
    *key = (struct note_key){.algorithm = algorithm};
    if (!note_is_name (name, size))
        return false;
    memcpy (key->name, name, size);
    return true;
}

bool note_signer_of (struct note_signer *self, const char *name, enum note_algorithm algorithm,
                     const uint8_t secret[NOTE_SECRET_SIZE])
{
    uint8_t both[crypto_sign_ed25519_SECRETKEYBYTES];
    if (!set_name (&self->key, name, strlen (name), algorithm))
        return false;
    memcpy (self->secret, secret, NOTE_SECRET_SIZE);
    crypto_sign_ed25519_seed_keypair (self->key.public_key, both, self->secret);
    sodium_memzero (both, sizeof both);
    make_id (&self->key);
    return true;
}

bool note_signer_new (struct note_signer *self, const char *name, enum note_algorithm algorithm)
{
    uint8_t secret[NOTE_SECRET_SIZE];
    randombytes_buf (secret, sizeof secret);
    bool made = note_signer_of (self, name, algorithm, secret);
    sodium_memzero (secret, sizeof secret);
    return made;
}

void note_signer_wipe (struct note_signer *self)
{
    sodium_memzero (self, sizeof *self);
}

/* The parts of name+hash+base64. */
struct key_text {
    const char *name;
    size_t name_size;
    uint8_t id[NOTE_ID_SIZE], key[1 + NOTE_KEY_SIZE]; /* the key after its algorithm */
};

static bool read_parts (const char *text, struct key_text *parts)
{
    size_t size;
    const char *hex = strchr (text, '+'), *base64 = hex != NULL ? strchr (hex + 1, '+') : NULL;
    if (base64 == NULL || base64 - hex != 1 + 2 * NOTE_ID_SIZE ||
        sodium_hex2bin (parts->id, sizeof parts->id, hex + 1, 2 * NOTE_ID_SIZE, NULL, &size, NULL) != 0 ||
        size != sizeof parts->id)
        return false;
    parts->name = text;
    parts->name_size = (size_t)(hex - text);
    return lines_base64 ((struct bytes){base64 + 1, strlen (base64 + 1)}, parts->key, sizeof parts->key, &size) &&
           size == sizeof parts->key && (parts->key[0] == NOTE_ED25519 || parts->key[0] == NOTE_COSIGNATURE);
}

static void write_parts (const struct note_key *key, const uint8_t bytes[NOTE_KEY_SIZE], const char *before,
                         char text[NOTE_KEY_TEXT_SIZE])
{
    uint8_t whole[1 + NOTE_KEY_SIZE] = {(uint8_t)key->algorithm};
    char hex[2 * NOTE_ID_SIZE + 1],
        base64[sodium_base64_ENCODED_LEN (sizeof whole, sodium_base64_VARIANT_ORIGINAL)];
    memcpy (whole + 1, bytes, NOTE_KEY_SIZE);
    sodium_bin2hex (hex, sizeof hex, key->id, NOTE_ID_SIZE);
    sodium_bin2base64 (base64, sizeof base64, whole, sizeof whole, sodium_base64_VARIANT_ORIGINAL);
    snprintf (text, NOTE_KEY_TEXT_SIZE, "%s%s+%s+%s", before, key->name, hex, base64);
    sodium_memzero (whole, sizeof whole);
    sodium_memzero (base64, sizeof base64);
}

bool note_key_read (struct note_key *self, const char *text)
{
    struct key_text parts;
    if (!read_parts (text, &parts) ||
        !set_name (self, parts.name, parts.name_size, (enum note_algorithm)parts.key[0]))
        return false;
    memcpy (self->public_key, parts.key + 1, NOTE_KEY_SIZE);
    make_id (self);
    return memcmp (self->id, parts.id, sizeof parts.id) == 0;
}

void note_key_write (const struct note_key *self, char text[NOTE_KEY_TEXT_SIZE])
{
    write_parts (self, self->public_key, "", text);
}

static const char is_secret[] = "PRIVATE+KEY+";

bool note_signer_read (struct note_signer *self, const char *text)
{
    struct key_text parts;
    char name[NOTE_NAME_SIZE + 1] = "";
    if (strncmp (text, is_secret, sizeof is_secret - 1) != 0 ||
        !read_parts (text + sizeof is_secret - 1, &parts) || parts.name_size > NOTE_NAME_SIZE)
        return false;
    memcpy (name, parts.name, parts.name_size);
    bool made = note_signer_of (self, name, (enum note_algorithm)parts.key[0], parts.key + 1) &&
                memcmp (self->key.id, parts.id, sizeof parts.id) == 0;
    sodium_memzero (&parts, sizeof parts);
    return made;
}

void note_signer_write (const struct note_signer *self, char text[NOTE_KEY_TEXT_SIZE])
{
    write_parts (&self->key, self->secret, is_secret, text);
}

/* --- Notes -------------------------------------------------------------------------------------------- */

/* No control characters but newlines, and valid UTF-8. */
static bool is_text (struct bytes raw)
{
    const char *text = raw.data;
    for (size_t i = 0; i < raw.size; i++)
        if ((uint8_t)text[i] < ' ' && text[i] != '\n')
            return false;
    return raw.size > 0 && utf8_is_valid (text, raw.size);
}

/* Where the signature lines begin, behind the last empty line; 0: there is none. */
static size_t find_lines (struct bytes raw)
{
    const char *text = raw.data;
    for (size_t at = raw.size; at >= 2; at--)
        if (text[at - 1] == '\n' && text[at - 2] == '\n')
            return at;
    return 0;
}

/* Reads one line, without its newline. */
static bool read_line (struct note_signature *made, const char *line, size_t size)
{
    static const size_t start = sizeof line_start - 1;
    uint8_t decoded[DECODED_LIMIT];
    size_t decoded_size;
    if (size < start || memcmp (line, line_start, start) != 0)
        return false;
    const char *name = line + start, *end = memchr (name, ' ', size - start);
    if (end == NULL || !note_is_name (name, (size_t)(end - name)))
        return false;
    struct bytes value = {end + 1, size - (size_t)(end + 1 - line)};
    if (!lines_base64 (value, decoded, sizeof decoded, &decoded_size) || decoded_size <= NOTE_ID_SIZE)
        return false;
    *made = (struct note_signature){.name = {name, (size_t)(end - name)}};
    memcpy (made->id, decoded, NOTE_ID_SIZE);
    if (decoded_size - NOTE_ID_SIZE <= sizeof made->value) {
        made->size = decoded_size - NOTE_ID_SIZE;
        memcpy (made->value, decoded + NOTE_ID_SIZE, made->size);
    }
    return true;
}

enum note_outcome note_read (struct note *self, struct bytes raw)
{
    self->count = 0;
    if (raw.size > NOTE_SIZE)
        return NOTE_TOO_LONG;
    size_t at = is_text (raw) ? find_lines (raw) : 0;
    if (at < 2 || at == raw.size)
        return NOTE_MALFORMED;
    self->text = (struct bytes){raw.data, at - 1};
    for (const char *line = (const char *)raw.data + at, *end = (const char *)raw.data + raw.size; line < end;) {
        const char *newline = memchr (line, '\n', (size_t)(end - line));
        if (newline == NULL)
            return NOTE_MALFORMED;
        if (self->count == NOTE_SIGNATURES)
            return NOTE_TOO_LONG;
        if (!read_line (&self->signature[self->count++], line, (size_t)(newline - line)))
            return NOTE_MALFORMED;
        line = newline + 1;
    }
    return NOTE_OK;
}

/* What a cosignature signs stands before the text. Returns its length. */
static size_t cosigned_head (uint64_t time, char head[64])
{
    return (size_t)snprintf (head, 64, "cosignature/v1\ntime %llu\n", (unsigned long long)time);
}

static uint64_t read_time (const uint8_t *from)
{
    uint64_t time = 0;
    for (size_t i = 0; i < TIME_SIZE; i++)
        time = time << 8 | from[i];
    return time;
}

static bool fits (const struct note_signature *signature, const struct note_key *key, struct bytes text)
{
    uint8_t signed_text[64 + NOTE_SIZE];
    bool is_timed = key->algorithm == NOTE_COSIGNATURE;
    size_t before = is_timed ? TIME_SIZE : 0, head = 0;
    if (signature->size != before + SIGNATURE_SIZE || text.size > NOTE_SIZE)
        return false;
    if (is_timed)
        head = cosigned_head (read_time (signature->value), (char *)signed_text);
    memcpy (signed_text + head, text.data, text.size);
    return crypto_sign_ed25519_verify_detached (signature->value + before, signed_text, head + text.size,
                                                key->public_key) == 0;
}

enum note_outcome note_verify (const struct note *self, const struct note_key *key, uint64_t *time)
{
    enum note_outcome outcome = NOTE_NOT_SIGNED;
    for (size_t i = 0; i < self->count; i++) {
        const struct note_signature *signature = &self->signature[i];
        if (signature->name.size != strlen (key->name) ||
            memcmp (signature->name.data, key->name, signature->name.size) != 0 ||
            memcmp (signature->id, key->id, sizeof key->id) != 0)
            continue;
        if (!fits (signature, key, self->text))
            return NOTE_SPOILT;
        if (outcome != NOTE_OK && time != NULL)
            *time = key->algorithm == NOTE_COSIGNATURE ? read_time (signature->value) : 0;
        outcome = NOTE_OK;
    }
    return outcome;
}

static void make_signature (const struct note_signer *signer, struct bytes text, uint64_t time, uint8_t *made)
{
    uint8_t signed_text[64 + NOTE_SIZE], both[crypto_sign_ed25519_SECRETKEYBYTES], unused[NOTE_KEY_SIZE];
    size_t head = 0;
    if (signer->key.algorithm == NOTE_COSIGNATURE) {
        head = cosigned_head (time, (char *)signed_text);
        for (size_t i = 0; i < TIME_SIZE; i++)
            *made++ = (uint8_t)(time >> (56 - 8 * i));
    }
    memcpy (signed_text + head, text.data, text.size);
    crypto_sign_ed25519_seed_keypair (unused, both, signer->secret);
    crypto_sign_ed25519_detached (made, NULL, signed_text, head + text.size, both);
    sodium_memzero (both, sizeof both);
}

size_t note_sign (const struct note_signer *signer, struct bytes text, uint64_t time, char *line, size_t size)
{
    uint8_t value[NOTE_ID_SIZE + TIME_SIZE + SIGNATURE_SIZE];
    size_t value_size = sizeof value - (signer->key.algorithm == NOTE_COSIGNATURE ? 0 : TIME_SIZE);
    char base64[sodium_base64_ENCODED_LEN (sizeof value, sodium_base64_VARIANT_ORIGINAL)];
    if (text.size > NOTE_SIZE)
        return 0;
    memcpy (value, signer->key.id, NOTE_ID_SIZE);
    make_signature (signer, text, time, value + NOTE_ID_SIZE);
    sodium_bin2base64 (base64, sizeof base64, value, value_size, sodium_base64_VARIANT_ORIGINAL);
    int made = snprintf (line, size, "%s%s %s\n", line_start, signer->key.name, base64);
    return made > 0 && (size_t)made < size ? (size_t)made : 0;
}

#include "key_file.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <zmq.h>
#include "key_text.h"
#include "private_file.h"

enum { SIZE_MAX_BYTES = 16384, LOG_KEYS_TEXT = LOG_KEYS_KNOWN * NOTE_KEY_TEXT_SIZE };

/* Reads the text of the file into `text`. KEY_FILE_INVALID with `error` set: it is no key file. */
static int load (const char *path, char text[SIZE_MAX_BYTES + 1], char *error, size_t size)
{
    if (private_file_read (path, text, SIZE_MAX_BYTES, error, size))
        return KEY_FILE_INVALID;
    unsigned line = key_text_fault (text);
    if (line)
        snprintf (error, size, "%s:%u: not a line of a key file", path, line);
    return line ? KEY_FILE_INVALID : 0;
}

static bool is_key (const char *text)
{
    uint8_t bytes[32];
    bool valid = strlen (text) == KEY_FILE_KEY - 1 && zmq_z85_decode (bytes, text);
    explicit_bzero (bytes, sizeof bytes);
    return valid;
}

/* The keys that sign the log, with blanks between them. */
static bool read_log_keys (struct log_keys *keys, const char *text)
{
    char all[LOG_KEYS_TEXT], *rest = NULL;
    if (!key_text_copy (text, "metadata", "log-key", all, sizeof all))
        return false;
    for (char *one = strtok_r (all, " ", &rest); one; one = strtok_r (NULL, " ", &rest))
        if (keys->count == LOG_KEYS_KNOWN || !log_key_text_read (&keys->key[keys->count++], one))
            return false;
    return true;
}

/* What is wrong. NULL: nothing. */
static const char *complaint (struct key_file *self, const char *text)
{
    if (!key_text_copy (text, "metadata", "party", self->party, sizeof self->party) ||
        !key_text_copy (text, "metadata", "requests", self->requests, sizeof self->requests) ||
        !key_text_copy (text, "metadata", "events", self->events, sizeof self->events) ||
        !key_text_copy (text, "metadata", "operators", self->operators, sizeof self->operators))
        return "a value is too long";
    if (!self->party[0])
        return "metadata/party is missing";
    if (!self->requests[0] && !self->operators[0])
        return "metadata/requests is missing";
    if (!key_text_copy (text, "metadata", "server-key", self->server_key, sizeof self->server_key) ||
        !is_key (self->server_key))
        return "metadata/server-key is not a key of 40 characters";
    if (!key_text_copy (text, "metadata", "server-key-next", self->server_key_next,
                        sizeof self->server_key_next) ||
        (self->server_key_next[0] && !is_key (self->server_key_next)))
        return "metadata/server-key-next is not a key of 40 characters";
    if (!read_log_keys (&self->log_keys, text))
        return "metadata/log-key is not a key that signs a log, or several: name+hash+base64";
    if (!key_text_copy (text, "curve", "secret-key", self->secret_key, sizeof self->secret_key) ||
        !is_key (self->secret_key))
        return "curve/secret-key is not a key of 40 characters: this is not the secret certificate";
    char public_key[KEY_FILE_KEY];
    if (!key_text_copy (text, "curve", "public-key", self->public_key, sizeof self->public_key) ||
        zmq_curve_public (public_key, self->secret_key) || strcmp (public_key, self->public_key))
        return "curve/public-key does not belong to the secret key";
    return NULL;
}

int key_file_read (struct key_file *self, const char *path, char *error, size_t size)
{
    char text[SIZE_MAX_BYTES + 1];
    memset (self, 0, sizeof *self);
    int result = load (path, text, error, size);
    const char *wrong = result ? NULL : complaint (self, text);
    explicit_bzero (text, sizeof text);
    if (wrong) {
        snprintf (error, size, "%s: %s", path, wrong);
        result = KEY_FILE_INVALID;
    }
    if (result)
        explicit_bzero (self, sizeof *self);
    return result;
}

void key_file_turn (struct key_file *self)
{
    char other[KEY_FILE_KEY];
    if (!self->server_key_next[0])
        return;
    memcpy (other, self->server_key_next, sizeof other);
    memcpy (self->server_key_next, self->server_key, sizeof other);
    memcpy (self->server_key, other, sizeof other);
}

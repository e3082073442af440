#include "key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>
#include "key_text.h"

enum { SIZE_MAX_BYTES = 16384 };

/* The permissions are those of the open descriptor, so the file that is checked is the file that is read. */
static int open_private (const char *path, char *error, size_t size)
{
    int file = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat about;
    if (file < 0 || fstat (file, &about) < 0) {
        snprintf (error, size, "%s: %s", path, strerror (errno));
    } else if (!S_ISREG (about.st_mode)) {
        snprintf (error, size, "%s: not a regular file", path);
    } else if (about.st_mode & 077) {
        snprintf (error, size, "%s: others can read this secret key; chmod 600", path);
    } else if (about.st_size > SIZE_MAX_BYTES) {
        snprintf (error, size, "%s: too large for a key file", path);
    } else {
        return file;
    }
    if (file >= 0)
        close (file);
    return -1;
}

/* Reads the text of the file into `text`. KEY_FILE_INVALID with `error` set: it is no key file. */
static int load (const char *path, char text[SIZE_MAX_BYTES + 1], char *error, size_t size)
{
    int file = open_private (path, error, size);
    if (file < 0)
        return KEY_FILE_INVALID;
    size_t length = 0;
    ssize_t got;
    while (length < SIZE_MAX_BYTES && (got = read (file, text + length, SIZE_MAX_BYTES - length)) > 0)
        length += (size_t)got;
    close (file);
    text[length] = 0;
    unsigned line = key_text_fault (text);
    if (strlen (text) != length)
        snprintf (error, size, "%s: holds a NUL byte, and is no key file", path);
    else if (line)
        snprintf (error, size, "%s:%u: not a line of a key file", path, line);
    else
        return 0;
    return KEY_FILE_INVALID;
}

static bool is_key (const char *text)
{
    uint8_t bytes[32];
    bool valid = strlen (text) == KEY_FILE_KEY - 1 && zmq_z85_decode (bytes, text);
    explicit_bzero (bytes, sizeof bytes);
    return valid;
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

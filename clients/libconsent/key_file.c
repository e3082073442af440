#include "key_file.h"

#include <czmq.h>
#include <fcntl.h>
#include <sys/stat.h>

enum { SIZE_MAX_BYTES = 16384 };

/* What is checked is the file that is read: the permissions are those of the open descriptor. */
static int open_private (const char *path, char *error, size_t size)
{
    int file = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat about;
    if (file < 0 || fstat (file, &about) < 0) {
        snprintf (error, size, "%s: %s", path, strerror (errno));
    } else if (!S_ISREG (about.st_mode)) {
        snprintf (error, size, "%s: not a regular file", path);
    } else if (about.st_mode & 077) {
        snprintf (error, size, "%s: a secret key that others can read is none; chmod 600", path);
    } else if (about.st_size > SIZE_MAX_BYTES) {
        snprintf (error, size, "%s: too large for a key file", path);
    } else {
        return file;
    }
    if (file >= 0)
        close (file);
    return -1;
}

/* NULL with `error` set. Caller must destroy what is returned. */
static zconfig_t *load (const char *path, char *error, size_t size)
{
    int file = open_private (path, error, size);
    if (file < 0)
        return NULL;
    char text[SIZE_MAX_BYTES + 1];
    size_t length = 0;
    ssize_t got;
    while (length < SIZE_MAX_BYTES && (got = read (file, text + length, SIZE_MAX_BYTES - length)) > 0)
        length += (size_t)got;
    close (file);
    text[length] = 0;
    zconfig_t *root = strlen (text) == length ? zconfig_str_load (text) : NULL;
    explicit_bzero (text, sizeof text);
    if (!root)
        snprintf (error, size, "%s: not a key file", path);
    return root;
}

/* Copies a value of the certificate; "" where there is none. False if it is too long. */
static bool copy (zconfig_t *root, const char *name, char *text, size_t size)
{
    return (size_t)snprintf (text, size, "%s", zconfig_get (root, name, "")) < size;
}

static bool is_key (const char *text)
{
    uint8_t bytes[32];
    bool valid = strlen (text) == KEY_FILE_KEY - 1 && zmq_z85_decode (bytes, text);
    explicit_bzero (bytes, sizeof bytes);
    return valid;
}

/* NULL if all is well, else what is wrong. */
static const char *complaint (struct key_file *self, zconfig_t *root)
{
    if (!copy (root, "/metadata/party", self->party, sizeof self->party) ||
        !copy (root, "/metadata/requests", self->requests, sizeof self->requests) ||
        !copy (root, "/metadata/events", self->events, sizeof self->events) ||
        !copy (root, "/metadata/operators", self->operators, sizeof self->operators))
        return "a value is too long";
    if (!self->party[0])
        return "metadata/party is missing";
    if (!self->requests[0] && !self->operators[0])
        return "metadata/requests is missing";
    if (!copy (root, "/metadata/server-key", self->server_key, sizeof self->server_key) ||
        !is_key (self->server_key))
        return "metadata/server-key is not a key of 40 characters";
    if (!copy (root, "/curve/secret-key", self->secret_key, sizeof self->secret_key) || !is_key (self->secret_key))
        return "curve/secret-key is not a key of 40 characters: this is not the secret certificate";
    char public_key[KEY_FILE_KEY];
    if (!copy (root, "/curve/public-key", self->public_key, sizeof self->public_key) ||
        zmq_curve_public (public_key, self->secret_key) || strcmp (public_key, self->public_key))
        return "curve/public-key does not belong to the secret key";
    return NULL;
}

int key_file_read (struct key_file *self, const char *path, char *error, size_t size)
{
    memset (self, 0, sizeof *self);
    zconfig_t *root = load (path, error, size);
    if (!root)
        return KEY_FILE_INVALID;
    const char *wrong = complaint (self, root);
    zconfig_destroy (&root);
    if (!wrong)
        return 0;
    snprintf (error, size, "%s: %s", path, wrong);
    explicit_bzero (self, sizeof *self);
    return KEY_FILE_INVALID;
}

#include "server_key.h"
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <zmq.h>

/* Reads the secret key of a key file: 40 characters of Z85 that are not all zero. */
static int take_secret (struct settings *settings, char secret_key[41], struct settings_error *error)
{
    uint8_t decoded[32];
    const char *text = settings_get (settings, "curve/secret-key");
    if (text == NULL)
        return settings_fault (settings, "curve/secret-key", error, "is no key file: it has no curve/secret-key");
    if (strlen (text) != 40 || strspn (text, "0") == 40 || zmq_z85_decode (decoded, text) == NULL)
        return settings_fault (settings, "curve/secret-key", error, "this is no secret key");
    memcpy (secret_key, text, 41);
    explicit_bzero (decoded, sizeof decoded);
    return 0;
}

int server_key_read (const char *path, char secret_key[41], struct settings_error *error)
{
    struct stat info;
    struct settings *settings = NULL;
    const char *wrong = stat (path, &info) != 0     ? "cannot be read"
                        : (info.st_mode & 077) != 0 ? "is open to group or others: make it mode 0600"
                                                    : NULL;
    if (wrong != NULL) {
        snprintf (error->text, sizeof error->text, "%s: %s", path, wrong);
        return SETTINGS_INVALID;
    }
    int rc = settings_read (&settings, path, error);
    if (rc == 0)
        rc = take_secret (settings, secret_key, error);
    settings_destroy (&settings);
    return rc;
}

int server_key_read_public (const char *path, char public_key[41], struct settings_error *error)
{
    char secret_key[41] = "";
    int rc = server_key_read (path, secret_key, error);
    if (rc == 0 && zmq_curve_public (public_key, secret_key) != 0) {
        snprintf (error->text, sizeof error->text, "%s: this is no secret key", path);
        rc = SETTINGS_INVALID;
    }
    explicit_bzero (secret_key, sizeof secret_key);
    return rc;
}

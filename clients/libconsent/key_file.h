/* The key file of a party: a CZMQ secret certificate whose metadata say where the registry is and what its key is.
 */
#pragma once
#include <stddef.h>

enum {
    KEY_FILE_INVALID = 1, /* not there, not a key file, or open to others; `error` says which */
};

enum {
    KEY_FILE_TEXT = 256, /* longest endpoint or name, with the NUL */
    KEY_FILE_KEY = 41,   /* a Z85 key, with the NUL */
};

struct key_file {
    char party[KEY_FILE_TEXT];
    char requests[KEY_FILE_TEXT]; /* endpoints; "" where the file names none */
    char events[KEY_FILE_TEXT];
    char operators[KEY_FILE_TEXT];
    char server_key[KEY_FILE_KEY];
    char public_key[KEY_FILE_KEY];
    char secret_key[KEY_FILE_KEY];
};

/* Reads and checks the whole of it. 0, or KEY_FILE_INVALID with one sentence in `error` that names the file and
   never quotes it; then *self is zero. Wipe *self with explicit_bzero when done. */
int key_file_read (struct key_file *self, const char *path, char *error, size_t size);

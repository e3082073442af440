/* The key file of a party: a CZMQ secret certificate. Its metadata say where the registry is, and what the
   registry's key is. */
#pragma once
#include <stddef.h>
#include "inner.h"
#include "log_seen.h"

enum {
    KEY_FILE_TEXT = 256, /* longest endpoint or name, with the NUL */
    KEY_FILE_KEY = 41,   /* a Z85 key, with the NUL */
};

struct key_file {
    char party[KEY_FILE_TEXT];
    char requests[KEY_FILE_TEXT]; /* endpoints; "" if the file has none */
    char events[KEY_FILE_TEXT];
    char operators[KEY_FILE_TEXT];
    char server_key[KEY_FILE_KEY];
    char server_key_next[KEY_FILE_KEY]; /* that the registry will have, or has already; "": none is known */
    char public_key[KEY_FILE_KEY];
    char secret_key[KEY_FILE_KEY];
    struct log_keys log_keys; /* that the registry's log is believed by; none if the file has none */
};

/* Reads and checks the whole file. 0, or KEY_FILE_INVALID with one sentence in `error`, which names the file and
   never quotes it; *self is then zero. Wipe *self with explicit_bzero after use. */
int key_file_read (struct key_file *self, const char *path, char *error, size_t size);
/* The two server keys change places, where there are two: the next connection is made with the other. */
void key_file_turn (struct key_file *self);

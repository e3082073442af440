/* The daemon's CURVE key pair, in a certificate file of CZMQ with mode 0600. */
#pragma once
#include "config/settings.h"

enum { SERVER_KEY_TEXT = 41 }; /* Z85, with its end */

/* Reads the secret half. 0, or SETTINGS_INVALID with the reason, which names the file and never what is in it. */
int server_key_read (const char *path, char secret_key[SERVER_KEY_TEXT], struct settings_error *error);
/* The public half of the pair in such a file. The same. */
int server_key_read_public (const char *path, char public_key[SERVER_KEY_TEXT], struct settings_error *error);

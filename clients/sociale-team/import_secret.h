/* Marks by which an import knows again what it has seen, without keeping it: of the file, of what a record says,
   of whom it is about. Nobody makes them who does not have the secret key of the party, for a BSN could otherwise
   be found by trying all of them. */
#pragma once
#include <stdint.h>
#include <stdio.h>
#include "bytes.h"

enum { IMPORT_MARK = 16, IMPORT_SECRET_ERROR = 512 };

/* Wipe it with explicit_bzero after use. */
struct import_secret {
    uint8_t key[32];
};

/* Derives the secret from the key file of the party. 0; or -EINVAL with one sentence in `error`, which names the
   file. */
int import_secret_read (struct import_secret *self, const char *key_file, char error[IMPORT_SECRET_ERROR]);
/* Makes one that nobody has again. */
void import_secret_random (struct import_secret *self);

/* The mark of this content. Marks of different labels have nothing in common. */
void import_secret_mark (const struct import_secret *self, const char *label, struct bytes content,
                         uint8_t mark[IMPORT_MARK]);
/* The mark of all that is in the file, which is read from its beginning. 0 or -errno. */
int import_secret_mark_file (const struct import_secret *self, FILE *file, uint8_t mark[IMPORT_MARK]);

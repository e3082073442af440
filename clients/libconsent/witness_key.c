#include "witness_key.h"

#include <stdio.h>
#include <string.h>
#include "config/file_write.h"
#include "private_file.h"

enum { LIMIT = NOTE_KEY_TEXT_SIZE + 1 };

int witness_key_read (struct note_signer *self, const char *path, char *error, size_t size)
{
    char text[LIMIT + 1];
    int result = private_file_read (path, text, LIMIT, error, size);
    text[strcspn (text, "\n")] = 0;
    if (!result && (!note_signer_read (self, text) || self->key.algorithm != NOTE_COSIGNATURE)) {
        snprintf (error, size, "%s: not the secret key of a witness", path);
        result = WITNESS_KEY_INVALID;
    }
    explicit_bzero (text, sizeof text);
    if (result)
        note_signer_wipe (self);
    return result;
}

int witness_key_create (const char *path, const char *name, struct note_key *key)
{
    struct note_signer signer;
    char line[LIMIT];
    if (!note_signer_new (&signer, name, NOTE_COSIGNATURE))
        return WITNESS_KEY_INVALID;
    note_signer_write (&signer, line);
    strcat (line, "\n");
    int result = file_create (path, line, strlen (line));
    *key = signer.key;
    note_signer_wipe (&signer);
    explicit_bzero (line, sizeof line);
    return result;
}

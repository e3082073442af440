#include "log_key.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "config/file.h"
#include "config/file_write.h"
#include "vault.h"

enum { FILE_LIMIT = LOG_KEYS * NOTE_KEY_TEXT_SIZE };

/* Reads all lines. NULL: they are keys of this origin; else what is wrong. */
static const char *read_lines (struct log_key *self, char *text, const char *origin)
{
    char *rest = NULL;
    for (char *line = strtok_r (text, "\n", &rest); line != NULL; line = strtok_r (NULL, "\n", &rest)) {
        if (self->count == LOG_KEYS)
            return "has more than four keys";
        struct note_signer *signer = &self->signer[self->count++];
        if (!note_signer_read (signer, line) || signer->key.algorithm != NOTE_ED25519)
            return "has a line that is no signing key: PRIVATE+KEY+name+hash+base64";
        if (strcmp (signer->key.name, origin) != 0)
            return "has a key whose name is not the log/origin of the configuration";
    }
    return self->count > 0 ? NULL : "has no key";
}

int log_key_read (struct log_key **self_p, const char *path, const char *origin, char *error, size_t error_size)
{
    struct file_why why;
    char *text = NULL;
    size_t size;
    *self_p = NULL;
    int rc = file_read_private (path, FILE_LIMIT, &text, &size, &why);
    if (rc != 0) {
        snprintf (error, error_size, "%s: %s", path, why.text);
        return rc;
    }
    struct log_key *self = vault_memory_new (sizeof *self);
    *self = (struct log_key){.count = 0};
    const char *wrong = strlen (text) == size ? read_lines (self, text, origin) : "has a NUL in it";
    explicit_bzero (text, size);
    free (text);
    *self_p = self;
    if (wrong == NULL)
        return 0;
    snprintf (error, error_size, "%s: %s", path, wrong);
    log_key_destroy (self_p);
    return FILE_REFUSED;
}

void log_key_destroy (struct log_key **self_p)
{
    if (*self_p != NULL)
        vault_memory_free (*self_p);
    *self_p = NULL;
}

int log_key_create (const char *path, const char *origin)
{
    struct note_signer signer;
    char line[NOTE_KEY_TEXT_SIZE + 1];
    if (!note_signer_new (&signer, origin, NOTE_ED25519))
        return FILE_REFUSED;
    note_signer_write (&signer, line);
    strcat (line, "\n");
    int rc = file_create (path, line, strlen (line));
    note_signer_wipe (&signer);
    explicit_bzero (line, sizeof line);
    return rc;
}

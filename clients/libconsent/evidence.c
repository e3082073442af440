#include "evidence.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "allocate.h"
#include "config/file_write.h"
#include "input.h"
#include "merkle/lines.h"

enum {
    NAMES = 100, /* of one suffix: whoever looks for none in them has evidence enough */
    PROOF_HASHES = MERKLE_PATH_LIMIT + 1, /* of a proof, at most: so many prove nothing, whatever follows */
    TEXT_SIZE = 4 * NOTE_SIZE,
};

static char *name_of (const char *path, const char *suffix, int number)
{
    char *name;
    int made =
        number == 1 ? asprintf (&name, "%s.%s", path, suffix) : asprintf (&name, "%s.%s-%d", path, suffix, number);
    if (made < 0)
        abort ();
    return name;
}

/* --- A contradiction ---------------------------------------------------------------------------------- */

static void put_note (FILE *out, const char *word, struct bytes note)
{
    fprintf (out, "%s %zu\n", word, note.size);
    if (note.size > 0)
        fwrite (note.data, 1, note.size, out);
}

/* Everything that somebody needs who judges it without us. */
static size_t print_contradiction (const struct contradiction *self, char *text)
{
    FILE *out = fmemopen (text, TEXT_SIZE, "w");
    if (!out)
        abort ();
    fprintf (out, "consent-contradiction 1\nwhat %s\n", self->sentence);
    for (size_t i = 0; i < self->seen->keys.count; i++) {
        char key[NOTE_KEY_TEXT_SIZE];
        note_key_write (&self->seen->keys.key[i], key);
        fprintf (out, "log-key %s\n", key);
    }
    const struct bytes *proof = &self->told->proof;
    size_t most = (size_t)PROOF_HASHES * MERKLE_HASH_SIZE, shown = proof->size < most ? proof->size : most;
    for (size_t at = 0; at + MERKLE_HASH_SIZE <= shown; at += MERKLE_HASH_SIZE) {
        struct merkle_hash hash;
        char line[LINES_HASH_SIZE];
        memcpy (&hash, (const char *)proof->data + at, sizeof hash);
        lines_put_hash (&hash, line);
        fprintf (out, "proof %s\n", line);
    }
    put_note (out, "seen", (struct bytes){self->seen->note, self->seen->note_size});
    put_note (out, "told", self->told->note.size <= NOTE_SIZE ? self->told->note : (struct bytes){NULL, 0});
    fflush (out);
    long size = ftell (out);
    fclose (out);
    return size > 0 ? (size_t)size : 0;
}

/* The file has just this. What is no file has not, and is not waited for. */
static bool holds (const char *name, const char *text, size_t size)
{
    struct stat about;
    if (stat (name, &about) != 0 || !S_ISREG (about.st_mode))
        return false;
    char *found = allocate (1, TEXT_SIZE);
    ssize_t length = input_read (name, found, TEXT_SIZE);
    bool same = length == (ssize_t)size && memcmp (found, text, size) == 0;
    free (found);
    return same;
}

int evidence_write (const char *path, const struct contradiction *self, char **name_p)
{
    char *text = allocate (1, TEXT_SIZE);
    size_t size = print_contradiction (self, text);
    int result = -EEXIST;
    *name_p = NULL;
    for (int number = 1; result == -EEXIST && number <= NAMES; number++) {
        free (*name_p);
        *name_p = name_of (path, "contradiction", number);
        result = holds (*name_p, text, size) ? 0 : file_create (*name_p, text, size);
    }
    free (text);
    if (result) {
        free (*name_p);
        *name_p = NULL;
    }
    return result;
}

/* --- A former position -------------------------------------------------------------------------------- */

int evidence_keep (const char *path, const char *suffix, char **name_p)
{
    int result = -EEXIST;
    *name_p = NULL;
    for (int number = 1; result == -EEXIST && number <= NAMES; number++) {
        free (*name_p);
        *name_p = name_of (path, suffix, number);
        result = link (path, *name_p) ? -errno : file_sync_directory_of (*name_p);
    }
    if (result) {
        free (*name_p);
        *name_p = NULL;
    }
    return result;
}

#include "keyring.h"
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "big_endian.h"
#include "config/file.h"
#include "config/file_write.h"

enum {
    FORMAT = 1,
    HEAD_SIZE = 10,                /* of the file: magic (8), format (be16) */
    AT_GENERATION = VAULT_ID_SIZE, /* in a copy, behind the id; each a be64 */
    AT_WRITTEN = AT_GENERATION + 8,
    AT_FORMERS = AT_WRITTEN + 8, /* how many there are */
    PLAIN_HEAD = AT_FORMERS + 8,
    KEY_SIZE = sizeof (struct vault_key),
    KEYS_SIZE = KEYRING_BUCKETS * KEY_SIZE,
    FORMER_SIZE = 8 + KEY_SIZE, /* bucket (be64), key */
    PLAIN_SIZE = PLAIN_HEAD + KEYS_SIZE + KEYRING_REPLACED_LIMIT * FORMER_SIZE,
    COPY_SIZE = PLAIN_SIZE + VAULT_SEAL_OVERHEAD,
    COPIES = 2,
    FILE_SIZE = HEAD_SIZE + COPIES * COPY_SIZE,
};

static const uint8_t head[HEAD_SIZE] = {'c', 'o', 'n', 's', 'e', 'n', 't', 'K', 0, FORMAT};

struct keyring {
    struct keyring_place place;
    char *vault_key; /* of the place: its own copy, since the configuration may be taken up anew */
    char *path;
    uint8_t id[VAULT_ID_SIZE];
    uint64_t generation, written; /* how often the file was written */
    struct vault_key *keys;       /* KEYRING_BUCKETS, in memory of the vault */
    struct vault_key *formers;    /* one for each of `replaced`, in memory of the vault */
    uint16_t replaced[KEYRING_REPLACED_LIMIT];
    size_t replaced_count;
    bool is_under_former; /* a copy in the file is sealed under the vault's former key */
};

static int fail (const struct keyring_place *place, const char *path, int outcome, const char *why, ...)
    __attribute__ ((format (printf, 4, 5)));

static int fail (const struct keyring_place *place, const char *path, int outcome, const char *why, ...)
{
    char text[200];
    va_list arguments;
    va_start (arguments, why);
    vsnprintf (text, sizeof text, why, arguments);
    va_end (arguments);
    snprintf (place->error, place->error_size, "%s: %s", path, text);
    return outcome;
}

char *keyring_path_of (const struct keyring_place *place, const char *name)
{
    char *vault_key = strdup (place->vault_key), *path = NULL;
    if (vault_key == NULL || asprintf (&path, "%s/%s", dirname (vault_key), name) < 0)
        abort ();
    free (vault_key);
    return path;
}

static struct keyring *make (const struct keyring_place *place)
{
    struct keyring *self = calloc (1, sizeof *self);
    if (self == NULL)
        abort ();
    self->place = *place;
    self->place.vault_key = self->vault_key = strdup (place->vault_key);
    if (self->vault_key == NULL)
        abort ();
    self->path = keyring_path_of (place, KEYRING_NAME);
    self->keys = vault_memory_new (KEYS_SIZE);
    return self;
}

static void drop_formers (struct keyring *self)
{
    vault_memory_free (self->formers);
    self->formers = NULL;
    self->replaced_count = 0;
}

void keyring_destroy (struct keyring **self_p)
{
    struct keyring *self = *self_p;
    if (self == NULL)
        return;
    drop_formers (self);
    vault_memory_free (self->keys);
    free (self->vault_key);
    free (self->path);
    free (self);
    *self_p = NULL;
}

/* --- A copy in the file ------------------------------------------------------------------------------- */

static struct vault_binding binding (void)
{
    return (struct vault_binding){.table = "keyring", .version = FORMAT, .key = head, .key_size = sizeof head};
}

static void put_plain (const struct keyring *self, uint8_t *plain)
{
    memcpy (plain, self->id, VAULT_ID_SIZE);
    put_be64 (plain + AT_GENERATION, self->generation);
    put_be64 (plain + AT_WRITTEN, self->written);
    put_be64 (plain + AT_FORMERS, self->replaced_count);
    memcpy (plain + PLAIN_HEAD, self->keys, KEYS_SIZE);
    uint8_t *at = plain + PLAIN_HEAD + KEYS_SIZE;
    for (size_t i = 0; i < self->replaced_count; i++, at += FORMER_SIZE) {
        put_be64 (at, self->replaced[i]);
        memcpy (at + 8, self->formers[i].bytes, KEY_SIZE);
    }
}

static void take_formers (struct keyring *self, const uint8_t *at, size_t count)
{
    drop_formers (self);
    self->formers = vault_memory_new (KEYRING_REPLACED_LIMIT * sizeof *self->formers);
    self->replaced_count = count;
    for (size_t i = 0; i < count; i++, at += FORMER_SIZE) {
        self->replaced[i] = (uint16_t)get_be64 (at);
        memcpy (self->formers[i].bytes, at + 8, KEY_SIZE);
    }
}

static void take (struct keyring *self, const uint8_t *plain)
{
    uint64_t formers = get_be64 (plain + AT_FORMERS);
    memcpy (self->id, plain, VAULT_ID_SIZE);
    self->generation = get_be64 (plain + AT_GENERATION);
    self->written = get_be64 (plain + AT_WRITTEN);
    memcpy (self->keys, plain + PLAIN_HEAD, KEYS_SIZE);
    take_formers (self, plain + PLAIN_HEAD + KEYS_SIZE,
                  formers <= KEYRING_REPLACED_LIMIT ? (size_t)formers : KEYRING_REPLACED_LIMIT);
}

/* Takes the keys from a copy, if it was written later than what was taken so far. `plain` has room for PLAIN_SIZE
   bytes of the vault's memory. As return when it was written: 0 if the copy does not open. */
static uint64_t take_copy (struct keyring *self, const uint8_t *copy, uint8_t *plain)
{
    const struct vault_binding bound = binding ();
    const struct vault *vault = self->place.vault;
    const struct vault_key *former = vault_former_keyring_key (vault);
    uint64_t written = 0;
    bool opens = vault_unseal (vault_keyring_key (vault), &bound, copy, COPY_SIZE, plain) == 0;
    if (!opens && former != NULL && vault_unseal (former, &bound, copy, COPY_SIZE, plain) == 0)
        opens = self->is_under_former = true;
    if (opens)
        written = get_be64 (plain + AT_WRITTEN);
    if (written > self->written)
        take (self, plain);
    return written;
}

/* Of both copies in the file. False: they are not equal. */
static bool take_copies (struct keyring *self, const uint8_t *copies)
{
    uint8_t *plain = vault_memory_new (PLAIN_SIZE);
    uint64_t one = take_copy (self, copies, plain), other = take_copy (self, copies + COPY_SIZE, plain);
    vault_memory_free (plain);
    return one == other;
}

/* Seals the keys into `copies` of COPY_SIZE bytes. */
static void seal (const struct keyring *self, uint8_t *copies, size_t count)
{
    const struct vault_binding bound = binding ();
    uint8_t *plain = vault_memory_new (PLAIN_SIZE);
    put_plain (self, plain);
    for (size_t i = 0; i < count; i++)
        vault_seal (vault_keyring_key (self->place.vault), &bound, plain, PLAIN_SIZE, copies + i * COPY_SIZE);
    vault_memory_free (plain);
}

/* --- The file ----------------------------------------------------------------------------------------- */

static uint8_t *allocate (size_t size)
{
    uint8_t *made = malloc (size);
    if (made == NULL)
        abort ();
    return made;
}

/* Both copies are written where they lie, so that nothing is left of what they held. */
static int write_copies (const struct keyring *self, int fd)
{
    uint8_t *copy = allocate (COPY_SIZE);
    int rc = 0;
    for (size_t i = 0; i < COPIES && rc == 0; i++) {
        seal (self, copy, 1);
        off_t at = HEAD_SIZE + (off_t)(i * COPY_SIZE);
        rc = lseek (fd, at, SEEK_SET) < 0 ? -errno : file_write_all (fd, copy, COPY_SIZE);
        if (rc == 0 && fdatasync (fd) < 0)
            rc = -errno;
    }
    free (copy);
    return rc;
}

static int write_over (struct keyring *self)
{
    int fd = open (self->path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
    self->written++;
    int rc = fd < 0 ? -errno : write_copies (self, fd);
    if (fd >= 0)
        close (fd);
    if (rc < 0)
        fail (&self->place, self->path, rc, "cannot be written: %s", outcome_sentence (rc));
    return rc;
}

/* Closed to others, and its name durable. */
int keyring_make_directory (const struct keyring_place *place)
{
    char *path = keyring_path_of (place, KEYRING_NAME);
    const char *directory = dirname (path);
    int rc = mkdir (directory, 0700) < 0 ? -errno : file_sync_directory_of (directory);
    if (rc == -EEXIST)
        rc = 0;
    if (rc < 0)
        fail (place, directory, rc, "the directory cannot be made: %s", outcome_sentence (rc));
    free (path);
    return rc;
}

int keyring_create (const struct keyring_place *place)
{
    struct keyring *self = make (place);
    vault_random (self->id, sizeof self->id);
    vault_random (self->keys, KEYS_SIZE);
    self->generation = KEYRING_FIRST;
    self->written = 1;
    int rc = keyring_make_directory (place);
    if (rc == 0) {
        uint8_t *file = allocate (FILE_SIZE);
        memcpy (file, head, HEAD_SIZE);
        seal (self, file + HEAD_SIZE, COPIES);
        rc = file_create (self->path, file, FILE_SIZE);
        if (rc < 0)
            fail (place, self->path, rc, "cannot be made: %s", outcome_sentence (rc));
        free (file);
    }
    keyring_destroy (&self);
    return rc;
}

/* Copies that differ are made equal: the process before this one may have ended between the two, and what it
   destroyed may still lie in one. What is sealed under the vault's former key is sealed anew. */
static int take_file (struct keyring *self, const uint8_t *file, size_t size)
{
    if (size != FILE_SIZE || memcmp (file, head, HEAD_SIZE) != 0)
        return fail (&self->place, self->path, VAULT_INVALID,
                     "truncated, or not the keys of a registry's subjects as this program keeps them");
    bool are_equal = take_copies (self, file + HEAD_SIZE);
    if (self->written == 0)
        return fail (&self->place, self->path, VAULT_INVALID, "damaged, or made under another vault key");
    return are_equal && !self->is_under_former ? 0 : write_over (self);
}

static int read_file (struct keyring *self)
{
    struct file_why why;
    struct stat status;
    char *file = NULL;
    size_t size;
    if (lstat (self->path, &status) < 0 && (errno == ENOENT || errno == ENOTDIR))
        return KEYRING_MISSING;
    int rc = file_check_writers (self->path, &why);
    if (rc == 0)
        rc = file_read (self->path, FILE_SIZE, &file, &size, &why);
    if (rc != 0)
        return fail (&self->place, self->path, rc < 0 ? rc : VAULT_INVALID, "%.180s", why.text);
    rc = take_file (self, (const uint8_t *)file, size);
    free (file);
    return rc;
}

int keyring_open (struct keyring **self_p, const struct keyring_place *place)
{
    struct keyring *self = make (place);
    int rc = read_file (self);
    if (rc != 0)
        keyring_destroy (&self);
    *self_p = self;
    return rc;
}

/* It mends nothing: what it would seal anew, nobody knows the root of yet. */
bool keyring_is_under_former (const struct keyring_place *place)
{
    struct keyring *self = make (place);
    struct file_why why;
    char *file = NULL;
    size_t size = 0;
    if (file_read (self->path, FILE_SIZE, &file, &size, &why) == 0 && size == FILE_SIZE)
        take_copies (self, (const uint8_t *)file + HEAD_SIZE);
    bool is_so = self->is_under_former;
    free (file);
    keyring_destroy (&self);
    return is_so;
}

int keyring_refuse (const struct keyring_place *place, int outcome)
{
    char *path = keyring_path_of (place, KEYRING_NAME);
    fail (place, path, outcome, "%s", outcome_sentence (outcome));
    free (path);
    return outcome;
}

/* --- The keys ----------------------------------------------------------------------------------------- */

const struct keyring_place *keyring_place (const struct keyring *self)
{
    return &self->place;
}

const uint8_t *keyring_id (const struct keyring *self)
{
    return self->id;
}

uint64_t keyring_generation (const struct keyring *self)
{
    return self->generation;
}

uint16_t keyring_bucket (const uint8_t subject_id[VAULT_ID_SIZE])
{
    return (uint16_t)(subject_id[0] << 8 | subject_id[1]);
}

const struct vault_key *keyring_key (const struct keyring *self, const uint8_t subject_id[VAULT_ID_SIZE])
{
    return &self->keys[keyring_bucket (subject_id)];
}

const struct vault_key *keyring_former_key (const struct keyring *self, const uint8_t subject_id[VAULT_ID_SIZE])
{
    uint16_t bucket = keyring_bucket (subject_id);
    for (size_t i = 0; i < self->replaced_count; i++)
        if (self->replaced[i] == bucket)
            return &self->formers[i];
    return NULL;
}

size_t keyring_formers (const struct keyring *self, const uint16_t **buckets_p)
{
    *buckets_p = self->replaced;
    return self->replaced_count;
}

int keyring_seal_anew (struct keyring *self)
{
    return write_over (self);
}

/* --- Replacing them ----------------------------------------------------------------------------------- */

int keyring_replace (struct keyring *self, const uint16_t *buckets, size_t count)
{
    assert (self->replaced_count == 0 && count <= KEYRING_REPLACED_LIMIT);
    self->formers = vault_memory_new (KEYRING_REPLACED_LIMIT * sizeof *self->formers);
    self->replaced_count = count;
    for (size_t i = 0; i < count; i++) {
        self->replaced[i] = buckets[i];
        self->formers[i] = self->keys[buckets[i]];
        vault_random (&self->keys[buckets[i]], KEY_SIZE);
    }
    self->generation++;
    int rc = write_over (self);
    if (rc == 0)
        return 0;
    for (size_t i = 0; i < count; i++)
        self->keys[buckets[i]] = self->formers[i];
    self->generation--;
    drop_formers (self);
    return rc;
}

int keyring_destroy_former (struct keyring *self)
{
    size_t count = self->replaced_count;
    if (count == 0)
        return 0;
    self->replaced_count = 0;
    int rc = write_over (self);
    if (rc == 0)
        drop_formers (self);
    else
        self->replaced_count = count;
    return rc;
}

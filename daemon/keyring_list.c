#include "keyring_list.h"
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
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
    AT_ID = 10, /* of the file, behind magic (8) and format (be16); in clear, as each piece is bound to it */
    AT_GENERATION = AT_ID + VAULT_ID_SIZE,
    HEAD_SIZE = AT_GENERATION + 8,

    PIECE_HEAD = 9, /* before each piece: how long it is (be64), and whether it is the last (1) */
    PLAIN_LIMIT = 128 << 10,
    PIECE_LIMIT = PLAIN_LIMIT + VAULT_SEAL_OVERHEAD,
    BOUND_SIZE =
        HEAD_SIZE + 8 + 1, /* what a piece is bound to: the head, its number (be64), whether it is the last */

    AT_TABLE = 8, /* of an entry, behind its round (be64); each 1 byte */
    AT_KEY_SIZE,
    AT_VALUE_SIZE, /* a be64; then key and value */
    ENTRY_HEAD = AT_VALUE_SIZE + 8,
};
_Static_assert(ENTRY_HEAD + KEYRING_LIST_KEY_LIMIT + KEYRING_LIST_VALUE_LIMIT <= PLAIN_LIMIT, "an entry fits");

static const uint8_t magic[AT_ID] = {'c', 'o', 'n', 's', 'e', 'n', 't', 'L', 0, FORMAT};

/* The pieces of a list, while it is read or written. */
struct pieces {
    const struct keyring *keyring;
    char *path; /* of the list */
    int file;
    uint8_t bound[BOUND_SIZE];
    uint64_t number; /* of the next piece */
    uint8_t *plain;  /* of the present one, PLAIN_LIMIT bytes */
    uint8_t *sealed; /* PIECE_HEAD + PIECE_LIMIT bytes */
    size_t size;     /* bytes of `plain` that are in use */
};

static int refuse (const struct pieces *self, int outcome)
{
    const struct keyring_place *place = keyring_place (self->keyring);
    snprintf (place->error, place->error_size, "%s: %s", self->path, outcome_sentence (outcome));
    return outcome;
}

static void open_pieces (struct pieces *self, const struct keyring *keyring)
{
    self->keyring = keyring;
    self->path = keyring_path_of (keyring_place (keyring), KEYRING_LIST_NAME);
    self->file = -1;
    self->plain = malloc (PLAIN_LIMIT);
    self->sealed = malloc (PIECE_HEAD + PIECE_LIMIT);
    if (self->plain == NULL || self->sealed == NULL)
        abort ();
}

static void close_pieces (struct pieces *self)
{
    if (self->file >= 0)
        close (self->file);
    free (self->plain);
    free (self->sealed);
    free (self->path);
}

static struct vault_binding bind (struct pieces *self, bool is_last)
{
    put_be64 (self->bound + HEAD_SIZE, self->number++);
    self->bound[HEAD_SIZE + 8] = is_last;
    return (struct vault_binding){"keyring-list", FORMAT, self->bound, BOUND_SIZE};
}

static const struct vault_key *key_of (const struct pieces *self)
{
    return vault_list_key (keyring_place (self->keyring)->vault);
}

/* --- Reading ------------------------------------------------------------------------------------------ */

struct keyring_list {
    struct pieces pieces;
    size_t at; /* in the present piece */
    bool is_last;
};

/* 0, KEYRING_LIST_DAMAGED: the file ends before; or negative. */
static int read_all (int file, uint8_t *to, size_t size)
{
    while (size > 0) {
        ssize_t got = read (file, to, size);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got < 0 ? -errno : KEYRING_LIST_DAMAGED;
        to += got;
        size -= (size_t)got;
    }
    return 0;
}

static int read_head (struct pieces *self)
{
    int rc = read_all (self->file, self->bound, HEAD_SIZE);
    if (rc == 0 && memcmp (self->bound, magic, sizeof magic) != 0)
        rc = KEYRING_LIST_DAMAGED;
    if (rc == 0 && memcmp (self->bound + AT_ID, keyring_id (self->keyring), VAULT_ID_SIZE) != 0)
        rc = KEYRING_LIST_OTHER;
    return rc;
}

static int open_file (struct pieces *self)
{
    struct file_why why;
    struct stat status;
    self->file = open (self->path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (self->file < 0)
        return errno == ENOENT || errno == ENOTDIR ? KEYRING_LIST_MISSING : -errno;
    if (fstat (self->file, &status) < 0)
        return -errno;
    int rc = S_ISREG (status.st_mode) ? file_check_writers (self->path, &why) : KEYRING_LIST_DAMAGED;
    if (rc > 0)
        rc = KEYRING_LIST_DAMAGED;
    return rc == 0 ? read_head (self) : rc;
}

int keyring_list_open (struct keyring_list **self_p, const struct keyring *keyring)
{
    struct keyring_list *self = calloc (1, sizeof *self);
    if (self == NULL)
        abort ();
    open_pieces (&self->pieces, keyring);
    int rc = open_file (&self->pieces);
    if (rc != 0) {
        refuse (&self->pieces, rc);
        keyring_list_close (&self);
    }
    *self_p = self;
    return rc;
}

void keyring_list_close (struct keyring_list **self_p)
{
    if (*self_p != NULL)
        close_pieces (&(*self_p)->pieces);
    free (*self_p);
    *self_p = NULL;
}

uint64_t keyring_list_generation (const struct keyring_list *self)
{
    return get_be64 (self->pieces.bound + AT_GENERATION);
}

/* Behind the last piece there is nothing. */
static int end_file (struct keyring_list *self)
{
    uint8_t more;
    int rc = read_all (self->pieces.file, &more, 1);
    return rc == KEYRING_LIST_DAMAGED ? KEYRING_LIST_END : rc == 0 ? KEYRING_LIST_DAMAGED : rc;
}

static int read_piece (struct keyring_list *self)
{
    struct pieces *pieces = &self->pieces;
    uint8_t *sealed = pieces->sealed;
    if (self->is_last)
        return end_file (self);
    int rc = read_all (pieces->file, sealed, PIECE_HEAD);
    uint64_t size = get_be64 (sealed);
    if (rc == 0 && (size < VAULT_SEAL_OVERHEAD || size > PIECE_LIMIT || sealed[8] > 1))
        rc = KEYRING_LIST_DAMAGED;
    self->is_last = rc == 0 && sealed[8];
    if (rc == 0)
        rc = read_all (pieces->file, sealed, size);
    if (rc != 0)
        return rc;
    const struct vault_binding binding = bind (pieces, self->is_last);
    self->at = 0;
    pieces->size = size - VAULT_SEAL_OVERHEAD;
    return vault_unseal (key_of (pieces), &binding, sealed, size, pieces->plain) == 0 ? 0 : KEYRING_LIST_DAMAGED;
}

/* What is sealed was written whole: only another program could have written it otherwise. */
static int take (struct keyring_list *self, struct keyring_listed *entry)
{
    const uint8_t *at = self->pieces.plain + self->at;
    size_t left = self->pieces.size - self->at;
    size_t key_size = left >= ENTRY_HEAD ? at[AT_KEY_SIZE] : 0;
    if (key_size < VAULT_ID_SIZE || left - ENTRY_HEAD < key_size ||
        left - ENTRY_HEAD - key_size < get_be64 (at + AT_VALUE_SIZE))
        return KEYRING_LIST_DAMAGED;
    *entry = (struct keyring_listed){.round = get_be64 (at), .table = at[AT_TABLE]};
    entry->key = (struct bytes){at + ENTRY_HEAD, key_size};
    entry->value = (struct bytes){at + ENTRY_HEAD + key_size, get_be64 (at + AT_VALUE_SIZE)};
    self->at += ENTRY_HEAD + entry->key.size + entry->value.size;
    return 0;
}

int keyring_list_next (struct keyring_list *self, struct keyring_listed *entry)
{
    int rc = 0;
    while (rc == 0 && self->at == self->pieces.size)
        rc = read_piece (self);
    if (rc == 0)
        rc = take (self, entry);
    return rc == 0 || rc == KEYRING_LIST_END ? rc : refuse (&self->pieces, rc);
}

/* --- Writing ------------------------------------------------------------------------------------------ */

struct keyring_list_draft {
    struct pieces pieces;
    char *beside; /* the name under which it is written; NULL: no such file */
};

/* One that a process before this one left behind is written over. */
static int make_file (struct keyring_list_draft *self)
{
    struct pieces *pieces = &self->pieces;
    memcpy (pieces->bound, magic, sizeof magic);
    memcpy (pieces->bound + AT_ID, keyring_id (pieces->keyring), VAULT_ID_SIZE);
    put_be64 (pieces->bound + AT_GENERATION, keyring_generation (pieces->keyring));
    if (asprintf (&self->beside, "%s.new", pieces->path) < 0)
        abort ();
    if (unlink (self->beside) < 0 && errno != ENOENT)
        return -errno;
    pieces->file = open (self->beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (pieces->file < 0 || fchmod (pieces->file, 0600) < 0)
        return -errno;
    return file_write_all (pieces->file, pieces->bound, HEAD_SIZE);
}

int keyring_list_begin (struct keyring_list_draft **self_p, const struct keyring *keyring)
{
    struct keyring_list_draft *self = calloc (1, sizeof *self);
    if (self == NULL)
        abort ();
    open_pieces (&self->pieces, keyring);
    int rc = make_file (self);
    if (rc != 0) {
        refuse (&self->pieces, rc);
        keyring_list_drop (&self);
    }
    *self_p = self;
    return rc;
}

void keyring_list_drop (struct keyring_list_draft **self_p)
{
    struct keyring_list_draft *self = *self_p;
    if (self == NULL)
        return;
    if (self->beside != NULL)
        unlink (self->beside);
    free (self->beside);
    close_pieces (&self->pieces);
    free (self);
    *self_p = NULL;
}

static int write_piece (struct pieces *self, bool is_last)
{
    const struct vault_binding binding = bind (self, is_last);
    size_t size = self->size + VAULT_SEAL_OVERHEAD;
    put_be64 (self->sealed, size);
    self->sealed[8] = is_last;
    vault_seal (key_of (self), &binding, self->plain, self->size, self->sealed + PIECE_HEAD);
    self->size = 0;
    return file_write_all (self->file, self->sealed, PIECE_HEAD + size);
}

int keyring_list_put (struct keyring_list_draft *self, const struct keyring_listed *entry)
{
    struct pieces *pieces = &self->pieces;
    size_t size = ENTRY_HEAD + entry->key.size + entry->value.size;
    assert (entry->key.size <= KEYRING_LIST_KEY_LIMIT && entry->value.size <= KEYRING_LIST_VALUE_LIMIT);
    int rc = pieces->size + size > PLAIN_LIMIT ? write_piece (pieces, false) : 0;
    if (rc != 0)
        return refuse (pieces, rc);
    uint8_t *at = pieces->plain + pieces->size;
    put_be64 (at, entry->round);
    at[AT_TABLE] = entry->table;
    at[AT_KEY_SIZE] = (uint8_t)entry->key.size;
    put_be64 (at + AT_VALUE_SIZE, entry->value.size);
    memcpy (at + ENTRY_HEAD, entry->key.data, entry->key.size);
    if (entry->value.size > 0)
        memcpy (at + ENTRY_HEAD + entry->key.size, entry->value.data, entry->value.size);
    pieces->size += size;
    return 0;
}

int keyring_list_finish (struct keyring_list_draft *self)
{
    struct pieces *pieces = &self->pieces;
    int rc = write_piece (pieces, true);
    if (rc == 0 && fsync (pieces->file) < 0)
        rc = -errno;
    if (rc == 0 && rename (self->beside, pieces->path) < 0)
        rc = -errno;
    if (rc == 0) {
        free (self->beside);
        self->beside = NULL;
        rc = file_sync_directory_of (pieces->path);
    }
    return rc == 0 ? 0 : refuse (pieces, rc);
}

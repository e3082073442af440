#include "journal.h"
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>
#include "big_endian.h"
#include "config/file_write.h"
#include "journal_parts.h"
#include "unconst.h"
#include "vault.h"

const uint8_t journal_frame_magic[8] = "consentF";
static const uint8_t file_magic[8] = "consentJ";
static const uint8_t zeroes[JOURNAL_PAGE];

/* In the first page. Its mac is over all before it, and says whose key the frames have. */
enum {
    FORMAT = 3,
    AT_FORMAT = 8,
    AT_FILE_SIZE = 16,
    AT_ID = 24,
    AT_FILE_MAC = AT_ID + JOURNAL_ID_SIZE,
    FILE_HEAD_SIZE = AT_FILE_MAC + JOURNAL_MAC_SIZE,
};

static int refuse (const struct journal_options *options, int outcome, const char *why, ...)
    __attribute__ ((format (printf, 3, 4)));

static int refuse (const struct journal_options *options, int outcome, const char *why, ...)
{
    char text[200];
    va_list arguments;
    va_start (arguments, why);
    vsnprintf (text, sizeof text, why, arguments);
    va_end (arguments);
    snprintf (options->error, options->error_size, "%s/" JOURNAL_FILE_NAME ": %s", options->directory, text);
    return outcome;
}

static int refuse_errno (const struct journal_options *options, int number, const char *step)
{
    return refuse (options, -number, "%s: %s", step, outcome_sentence (-number));
}

/* --- Making one --------------------------------------------------------------------------------------- */

/* Zeroes are written, and not only set aside: else the first write to each page would also change what the file
   system knows of the file, and the sync would have to write that too. */
static int write_zeroes (int fd, uint64_t from, uint64_t to)
{
    enum { CHUNK = 1 << 20 };
    uint8_t *chunk = calloc (1, CHUNK);
    if (chunk == NULL)
        abort ();
    int rc = 0;
    for (uint64_t at = from; rc == 0 && at < to; at += CHUNK)
        rc = file_write_all_at (fd, chunk, to - at < CHUNK ? (size_t)(to - at) : CHUNK, at);
    free (chunk);
    return rc;
}

static void make_file_mac (const struct journal_options *options, const uint8_t head[FILE_HEAD_SIZE],
                           uint8_t mac[JOURNAL_MAC_SIZE])
{
    vault_mac (options->key, (struct bytes){head, AT_FILE_MAC}, (struct bytes){NULL, 0}, mac);
}

static int write_empty (int fd, const struct journal_options *options)
{
    uint64_t size = options->size / JOURNAL_PAGE * JOURNAL_PAGE;
    uint8_t head[JOURNAL_PAGE] = {0};
    memcpy (head, file_magic, sizeof file_magic);
    put_be64 (head + AT_FORMAT, FORMAT);
    put_be64 (head + AT_FILE_SIZE, size);
    memcpy (head + AT_ID, options->id, JOURNAL_ID_SIZE);
    make_file_mac (options, head, head + AT_FILE_MAC);
    int rc = file_write_all_at (fd, head, sizeof head, 0);
    if (rc == 0)
        rc = write_zeroes (fd, FIRST_FRAME, size);
    return rc == 0 && fsync (fd) < 0 ? -errno : rc;
}

int journal_create (const struct journal_options *options)
{
    int directory = options->directory_fd;
    assert (options->size >= JOURNAL_SMALLEST);
    if (unlinkat (directory, JOURNAL_FRESH_NAME, 0) < 0 && errno != ENOENT)
        return refuse_errno (options, errno, "cannot remove " JOURNAL_FRESH_NAME);
    int fd = openat (directory, JOURNAL_FRESH_NAME, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return refuse_errno (options, errno, "cannot be made");
    int rc = write_empty (fd, options);
    close (fd);
    if (rc == 0 &&
        (renameat (directory, JOURNAL_FRESH_NAME, directory, JOURNAL_FILE_NAME) < 0 || fsync (directory) < 0))
        rc = -errno;
    if (rc == 0)
        return 0;
    unlinkat (directory, JOURNAL_FRESH_NAME, 0); /* only the first failure is told */
    return refuse_errno (options, -rc, "cannot be made");
}

/* --- Opening ------------------------------------------------------------------------------------------ */

static int check_file (const struct journal_options *options, int fd, uint64_t *size)
{
    struct stat status;
    if (fstat (fd, &status) < 0)
        return refuse_errno (options, errno, "cannot be examined");
    if (!S_ISREG (status.st_mode))
        return refuse (options, STORE_INVALID, "not a regular file");
    if (status.st_uid != geteuid ())
        return refuse (options, STORE_INVALID, "belongs to another user (%lu)", (unsigned long)status.st_uid);
    if (status.st_mode & 077)
        return refuse (options, STORE_INVALID, "open to others (mode %04o); it must be 0600",
                       (unsigned)status.st_mode & 07777);
    *size = (uint64_t)status.st_size;
    return 0;
}

static int check_head (const struct journal_options *options, int fd, uint64_t size)
{
    uint8_t head[FILE_HEAD_SIZE], mac[JOURNAL_MAC_SIZE];
    ssize_t count = pread (fd, head, sizeof head, 0);
    if (count < 0)
        return refuse_errno (options, errno, "cannot be read");
    if (count < (ssize_t)sizeof head || memcmp (head, file_magic, sizeof file_magic) != 0)
        return refuse (options, STORE_INVALID, "not a journal of the registry, or its first page is damaged");
    if (get_be64 (head + AT_FORMAT) != FORMAT)
        return refuse (options, STORE_INVALID, "of another version than this program knows");
    if (memcmp (head + AT_ID, options->id, JOURNAL_ID_SIZE) != 0)
        return refuse (options, STORE_INVALID, "belongs to another store than the one beside it");
    if (get_be64 (head + AT_FILE_SIZE) != size || size < JOURNAL_SMALLEST)
        return refuse (options, STORE_INVALID, "truncated or changed: it has not the size with which it was made");
    make_file_mac (options, head, mac);
    if (!vault_equal (mac, head + AT_FILE_MAC, sizeof mac))
        return refuse (options, STORE_OTHER_VAULT,
                       "was made under another vault key than keys/vault names, or subjects/subjects.root beside "
                       "that is missing, or its first page is damaged");
    return 0;
}

int journal_open (struct journal **self_p, const struct journal_options *options)
{
    int fd = openat (options->directory_fd, JOURNAL_FILE_NAME, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT)
        return STORE_NOT_FOUND;
    if (fd < 0 && errno == ELOOP)
        return refuse (options, STORE_INVALID, "may not be a symbolic link");
    if (fd < 0)
        return refuse_errno (options, errno, "cannot be opened");
    uint64_t size = 0;
    int rc = check_file (options, fd, &size);
    if (rc == 0)
        rc = check_head (options, fd, size);
    if (rc != 0) {
        close (fd);
        return rc;
    }
    struct journal *self = calloc (1, sizeof *self);
    if (self == NULL)
        abort ();
    self->fd = fd;
    self->key = options->key;
    self->size = size;
    self->end = FIRST_FRAME;
    vault_random (self->life, sizeof self->life);
    journal_sync_prepare (self);
    *self_p = self;
    return 0;
}

void journal_close (struct journal **self_p)
{
    struct journal *self = *self_p;
    if (self == NULL)
        return;
    journal_sync_end (self);
    close (self->fd);
    free (self);
    *self_p = NULL;
}

/* --- Appending ---------------------------------------------------------------------------------------- */

uint64_t journal_size (const struct journal *self)
{
    return self->size;
}

uint64_t journal_room (const struct journal *self)
{
    uint64_t left = self->size - self->end;
    return left > AT_CONTENT ? left - AT_CONTENT : 0;
}

uint64_t journal_used (const struct journal *self)
{
    return self->end - FIRST_FRAME;
}

const struct journal_point *journal_last (const struct journal *self)
{
    return &self->last;
}

/* The frame that was made last is not appended. The next one has its number, and must have another head
   (vault_mac). */
static void renew_life (struct journal *self)
{
    vault_random (self->life, sizeof self->life);
}

/* The frame did not come whole. What came of it may not be found after a crash, because the turn is told to have
   failed. */
static int take_back (struct journal *self, int failure)
{
    renew_life (self);
    self->is_dead =
        file_write_all_at (self->fd, zeroes, sizeof zeroes, self->end) != 0 || fdatasync (self->fd) != 0;
    return self->is_dead ? STORE_DEAD : failure;
}

/* Writes what is left of `parts` after a write that came short. */
static int write_rest (struct journal *self, struct iovec *parts, int count, size_t written)
{
    uint64_t offset = self->end;
    int rc = 0;
    for (int i = 0; rc == 0 && i < count; i++) {
        size_t done = written < parts[i].iov_len ? written : parts[i].iov_len;
        rc = file_write_all_at (self->fd, (const char *)parts[i].iov_base + done, parts[i].iov_len - done,
                                offset + done);
        written -= done;
        offset += parts[i].iov_len;
    }
    return rc;
}

/* Whole pages are written, so that the kernel need not read what was there. */
static int write_frame (struct journal *self, const uint8_t head[AT_CONTENT], struct bytes content)
{
    size_t size = AT_CONTENT + content.size, whole = (size_t)frame_size (content.size);
    struct iovec parts[] = {
        {unconst (head), AT_CONTENT}, {unconst (content.data), content.size}, {unconst (zeroes), whole - size}};
    ssize_t written;
    do
        written = pwritev (self->fd, parts, 3, (off_t)self->end);
    while (written < 0 && errno == EINTR);
    if (written == (ssize_t)whole)
        return 0;
    return written < 0 ? -errno : write_rest (self, parts, 3, (size_t)written);
}

/* The head of the frame that comes after the last one. */
static void make_head (const struct journal *self, struct bytes content, uint64_t durable,
                       uint8_t head[AT_CONTENT])
{
    memcpy (head + AT_MAGIC, journal_frame_magic, sizeof journal_frame_magic);
    put_be64 (head + AT_SIZE, content.size);
    put_be64 (head + AT_NUMBER, self->last.number + 1);
    put_be64 (head + AT_DURABLE, durable);
    memcpy (head + AT_LIFE, self->life, JOURNAL_LIFE_SIZE);
    memcpy (head + AT_PREVIOUS, self->last.mac, JOURNAL_MAC_SIZE);
    vault_mac (self->key, (struct bytes){head, AT_MAC}, content, head + AT_MAC);
}

int journal_append (struct journal *self, struct bytes content)
{
    assert (content.size <= journal_room (self));
    uint64_t durable;
    if (journal_durable (self, &durable) != 0)
        return STORE_DEAD;
    uint8_t head[AT_CONTENT];
    make_head (self, content, durable, head);
    int rc = write_frame (self, head, content);
    if (rc != 0)
        return take_back (self, rc);
    self->last.number++;
    memcpy (self->last.mac, head + AT_MAC, JOURNAL_MAC_SIZE);
    self->end += frame_size (content.size);
    return 0;
}

struct journal_point journal_point_of (struct journal *self, struct bytes content)
{
    uint8_t head[AT_CONTENT];
    struct journal_point point = {.number = self->last.number + 1};
    make_head (self, content, self->last.number, head);
    renew_life (self);
    memcpy (point.mac, head + AT_MAC, sizeof point.mac);
    return point;
}

void journal_restart (struct journal *self, const struct journal_point *point)
{
    assert (self->durable == self->last.number);
    self->last = *point;
    self->durable = point->number;
    self->end = FIRST_FRAME;
}

#include "store_witness.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "big_endian.h"
#include "vault.h"

#define FRESH_NAME STORE_WITNESS_NAME ".new"

/* A place: the hash is over all before it. */
enum {
    AT_MAGIC = 0,
    AT_ID = AT_MAGIC + 8,
    AT_NUMBER = AT_ID + JOURNAL_ID_SIZE,
    AT_MAC = AT_NUMBER + 8,
    AT_MARK_NUMBER = AT_MAC + JOURNAL_MAC_SIZE,
    AT_MARK_HASH = AT_MARK_NUMBER + 8,
    AT_DURABLE = AT_MARK_HASH + STORE_MARK_HASH_SIZE,
    AT_CHECK = AT_DURABLE + 8,
    PLACE_SIZE = AT_CHECK + VAULT_HASH_SIZE,
    SYNCED = 2, /* places that are written with a sync; behind them are those that are not */
    PLACES = 2 * SYNCED,
    PLACE_AT = 4096, /* between two places: no write touches both */
};

static const uint8_t magic[8] = "consentV";

static void write_place (const struct store_witness *witness, uint8_t place[PLACE_SIZE])
{
    memcpy (place + AT_MAGIC, magic, sizeof magic);
    memcpy (place + AT_ID, witness->id, JOURNAL_ID_SIZE);
    put_be64 (place + AT_NUMBER, witness->point.number);
    memcpy (place + AT_MAC, witness->point.mac, JOURNAL_MAC_SIZE);
    put_be64 (place + AT_MARK_NUMBER, witness->mark.number);
    memcpy (place + AT_MARK_HASH, witness->mark.hash, STORE_MARK_HASH_SIZE);
    put_be64 (place + AT_DURABLE, witness->durable);
    vault_hash (place, AT_CHECK, NULL, 0, place + AT_CHECK);
}

static bool read_place (int fd, int index, struct store_witness *witness)
{
    uint8_t place[PLACE_SIZE], check[VAULT_HASH_SIZE];
    if (pread (fd, place, sizeof place, (off_t)index * PLACE_AT) != (ssize_t)sizeof place)
        return false;
    vault_hash (place, AT_CHECK, NULL, 0, check);
    if (memcmp (place + AT_MAGIC, magic, sizeof magic) != 0 || memcmp (place + AT_CHECK, check, sizeof check) != 0)
        return false;
    memcpy (witness->id, place + AT_ID, JOURNAL_ID_SIZE);
    witness->point.number = get_be64 (place + AT_NUMBER);
    memcpy (witness->point.mac, place + AT_MAC, JOURNAL_MAC_SIZE);
    witness->mark.number = get_be64 (place + AT_MARK_NUMBER);
    memcpy (witness->mark.hash, place + AT_MARK_HASH, STORE_MARK_HASH_SIZE);
    witness->durable = get_be64 (place + AT_DURABLE);
    return true;
}

static bool is_newer (const struct store_witness *a, const struct store_witness *b)
{
    if (a->point.number != b->point.number)
        return a->point.number > b->point.number;
    return a->mark.number != b->mark.number ? a->mark.number > b->mark.number : a->durable > b->durable;
}

/* Of `count` places from `first` on, the one that has the newest witness; -1: none has one. */
static int find_newest (int fd, int first, int count, struct store_witness *newest)
{
    int found = -1;
    for (int i = first; i < first + count; i++) {
        struct store_witness one;
        if (!read_place (fd, i, &one) || (found >= 0 && !is_newer (&one, newest)))
            continue;
        *newest = one;
        found = i;
    }
    return found;
}

static int write_at (int fd, int index, const struct store_witness *witness)
{
    uint8_t place[PLACE_SIZE];
    write_place (witness, place);
    ssize_t written = pwrite (fd, place, sizeof place, (off_t)index * PLACE_AT);
    return written == (ssize_t)sizeof place ? 0 : written < 0 ? -errno : -EIO;
}

static int write_synced (int fd, int index, const struct store_witness *witness)
{
    int rc = write_at (fd, index, witness);
    return rc == 0 && fdatasync (fd) < 0 ? -errno : rc;
}

int store_witness_write (int fd, const struct store_witness *witness)
{
    struct store_witness newest;
    return write_synced (fd, find_newest (fd, 0, SYNCED, &newest) == 0 ? 1 : 0, witness);
}

int store_witness_note (int fd, const struct store_witness *witness, uint64_t nth)
{
    return write_at (fd, SYNCED + (int)(nth % (PLACES - SYNCED)), witness);
}

int store_witness_create (const struct store_file *file, const struct store_witness *witness)
{
    int directory = file->directory_fd, rc = 0;
    int fd = openat (directory, FRESH_NAME, O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        rc = -errno;
    for (int i = 0; rc == 0 && i < PLACES; i++) /* all, so that a full disk has room for each later */
        rc = write_synced (fd, i, witness);
    if (rc == 0 && (fsync (fd) < 0 || renameat (directory, FRESH_NAME, directory, STORE_WITNESS_NAME) < 0 ||
                    fsync (directory) < 0))
        rc = -errno;
    if (fd >= 0)
        close (fd);
    return rc == 0 ? 0
                   : store_file_refuse (file, rc, "its witness " STORE_WITNESS_NAME " cannot be made: %s",
                                        outcome_sentence (rc));
}

int store_witness_open (const struct store_file *file, struct store_witness *witness, int *fd)
{
    int opened = openat (file->directory_fd, STORE_WITNESS_NAME, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (opened < 0 && errno == ENOENT)
        return store_file_refuse (file, STORE_INVALID,
                                  "its witness " STORE_WITNESS_NAME
                                  " is missing, so nobody knows whether it is the newest");
    struct stat status;
    if (opened < 0 || fstat (opened, &status) < 0 || !S_ISREG (status.st_mode) ||
        find_newest (opened, 0, PLACES, witness) < 0) {
        if (opened >= 0)
            close (opened);
        return store_file_refuse (file, STORE_INVALID, "its witness " STORE_WITNESS_NAME " cannot be read");
    }
    *fd = opened;
    return 0;
}

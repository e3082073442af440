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
    NO_PLACE = -1,
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

/* 0; STORE_INVALID: there is none; or -EIO. */
static int read_place (int fd, int index, struct store_witness *witness)
{
    uint8_t place[PLACE_SIZE], check[VAULT_HASH_SIZE];
    ssize_t got = pread (fd, place, sizeof place, (off_t)index * PLACE_AT);
    if (got != (ssize_t)sizeof place)
        return got < 0 && errno == EIO ? -EIO : STORE_INVALID;
    vault_hash (place, AT_CHECK, NULL, 0, check);
    if (memcmp (place + AT_MAGIC, magic, sizeof magic) != 0 || memcmp (place + AT_CHECK, check, sizeof check) != 0)
        return STORE_INVALID;
    memcpy (witness->id, place + AT_ID, JOURNAL_ID_SIZE);
    witness->point.number = get_be64 (place + AT_NUMBER);
    memcpy (witness->point.mac, place + AT_MAC, JOURNAL_MAC_SIZE);
    witness->mark.number = get_be64 (place + AT_MARK_NUMBER);
    memcpy (witness->mark.hash, place + AT_MARK_HASH, STORE_MARK_HASH_SIZE);
    witness->durable = get_be64 (place + AT_DURABLE);
    return 0;
}

static bool is_newer (const struct store_witness *a, const struct store_witness *b)
{
    if (a->point.number != b->point.number)
        return a->point.number > b->point.number;
    return a->mark.number != b->mark.number ? a->mark.number > b->mark.number : a->durable > b->durable;
}

/* Of `count` places from `first` on, the one that has the newest witness; NO_PLACE: none has one; or -EIO: one
   that cannot be read may have a newer one. */
static int find_newest (int fd, int first, int count, struct store_witness *newest)
{
    int found = NO_PLACE;
    for (int i = first; i < first + count; i++) {
        struct store_witness one;
        int rc = read_place (fd, i, &one);
        if (rc < 0)
            return rc;
        if (rc != 0 || (found >= 0 && !is_newer (&one, newest)))
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
    int place = find_newest (fd, 0, SYNCED, &newest);
    return place == -EIO ? place : write_synced (fd, place == 0 ? 1 : 0, witness);
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
    int place = opened < 0 && errno == EIO ? -EIO : NO_PLACE;
    if (opened >= 0 && fstat (opened, &status) == 0 && S_ISREG (status.st_mode))
        place = find_newest (opened, 0, PLACES, witness);
    if (place >= 0) {
        *fd = opened;
        return 0;
    }
    if (opened >= 0)
        close (opened);
    int rc = place == -EIO ? -EIO : STORE_INVALID;
    return store_file_refuse (file, rc, "its witness " STORE_WITNESS_NAME " cannot be read%s%s",
                              rc == -EIO ? ": " : "", rc == -EIO ? outcome_sentence (rc) : "");
}

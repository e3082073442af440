/* A disk that is watched: what a process asks of the files of one directory is recorded, step by step, so that the
   disk can be made as a power cut after any step may leave it. And it fails when it is told to.

   disk_calls.c takes the place of the C library's calls, for LMDB too. disk_image.c makes images. One directory is
   watched at a time; no other file is touched. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    DISK_FILES = 16,
    DISK_DIRECTORY = 0, /* the number of the directory itself among the files */
    DISK_NAME = 32,     /* bytes of a name, with its end */
};

enum disk_kind {
    DISK_WRITE,      /* offset, size, data */
    DISK_TRUNCATE,   /* size */
    DISK_ALLOCATE,   /* size: a shorter file gets it */
    DISK_LINK,       /* name: the file was made under it */
    DISK_RENAME,     /* name, to */
    DISK_UNLINK,     /* name */
    DISK_SYNC,       /* done: what was asked of this file before step `since` is durable */
    DISK_SYNC_RANGE, /* done: step `since`, a write, is durable (O_DSYNC) */
    DISK_LOST,       /* the sync failed: what was asked before step `since` may never get there */
    DISK_BEGUN,      /* mark: the turn may be found from here on */
    DISK_TOLD,       /* mark: the turn was acknowledged */
};

struct disk_step {
    enum disk_kind kind;
    int file;
    bool is_data; /* of a sync: by fdatasync or O_DSYNC, and not by fsync */
    uint64_t offset, size, turn;
    size_t since;
    uint8_t *data; /* owned by the trace */
    char name[DISK_NAME], to[DISK_NAME];
};

struct disk_content {
    uint8_t *data; /* owned */
    uint64_t size, room;
};

/* A name of the directory, and the file that has it. An empty name: none. */
struct disk_name {
    char name[DISK_NAME];
    int file;
};

struct disk_state {
    struct disk_content files[DISK_FILES];
    struct disk_name names[DISK_FILES];
};

struct disk_trace {
    struct disk_state before; /* what was there, and durable, when the watch began */
    uint64_t told, begun;     /* of before it */
    char first_name[DISK_FILES][DISK_NAME];
    int files;
    struct disk_step *steps;
    size_t count, room;
};

/* Begins to record in `trace`, which is overwritten. The directory has ordinary files only. */
void disk_watch (struct disk_trace *trace, const char *directory);
/* Ends it. False: the files are not what the steps make of them, so that some call was missed. */
bool disk_end_watch (void);
void disk_trace_free (struct disk_trace *trace);
void disk_mark (enum disk_kind kind, uint64_t turn);

/* The next fdatasync of another thread than this one does not come back before disk_release, or a tenth of a
   second (where this thread waits for it). disk_await_held waits until it is there. */
void disk_hold (void);
void disk_await_held (void);
void disk_release (void);

/* --- Faults: call number `at` (from 0) of those on the watched files fails --- */

enum disk_fault {
    DISK_FAILS,          /* and nothing of it happens */
    DISK_FAILS_LATE,     /* and yet it happened: the kernel has it, and whether the disk has it nobody knows */
    DISK_FAILS_ALL,      /* as DISK_FAILS, and so do all calls after it that write or sync */
    DISK_FAILS_LATE_ALL, /* as DISK_FAILS_LATE, and all calls after it that write or sync as DISK_FAILS */
    DISK_IS_SHORT,       /* a read or a write has only half of it; other calls succeed */
};

void disk_fail (long at, enum disk_fault fault, int error);
/* Ends that. How many calls there were since disk_fail; whether one of them was made to fail. */
long disk_end_fail (bool *failed);

/* --- Images --- */

/* What the disk has of the steps before `at`, and what may be there of them besides. */
struct disk {
    const struct disk_trace *trace;
    struct disk_state state;
    size_t *pending; /* steps that no sync has made durable, in order */
    size_t at, pending_count, pending_room;
    uint64_t told, begun; /* the newest turns that were acknowledged, or begun */
    /* Controls. Syncs of data of a file whose first name begins so are not done, though they came back. NULL:
       none. */
    const char *ignores;
    uint64_t seed; /* of what a failed sync leaves */
};

void disk_start (struct disk *disk, const struct disk_trace *trace);
/* Does one more step. False: there is none. */
bool disk_step (struct disk *disk);
void disk_free (struct disk *disk);
/* Writes the disk as a cut now may leave it to `directory`, whose files are replaced. What it leaves is decided by
   `seed` alone. */
void disk_cut (const struct disk *disk, uint64_t seed, const char *directory);

/* The next number of a series that begins with any seed. */
uint64_t disk_random (uint64_t *seed);

/* What the files of a directory are, and the other way round: they are replaced. */
void disk_state_read (struct disk_state *state, const char *directory);
void disk_state_write (const struct disk_state *state, const char *directory);
void disk_state_free (struct disk_state *state);

/* disk_image.c, for disk_calls.c. */
void disk_state_apply (struct disk_state *state, const struct disk_step *step);
bool disk_state_is_equal (const struct disk_state *a, const struct disk_state *b);

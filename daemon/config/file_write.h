/* Writes files that are whole or not there at all, for the daemon and its clients. A file is written under a
   temporary name in the same directory (PATH and seven more characters; a crash leaves it behind). It is synced
   and read back, and only then gets its name. Then the directory is synced. Mode 0600, whatever the umask. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Makes a new file. 0: it survives a power cut. Else -errno, and nothing is left; -EEXIST: something has that
   name, even a link that leads nowhere. */
int file_create (const char *path, const void *data, size_t size);
/* Replaces the file with that name, or makes it. 0: it survives a power cut. Else -errno, and there is the old
   file or the new one, whole. */
int file_replace (const char *path, const void *data, size_t size);
/* For -errno of the two functions above: no file can have this name here. Else the file could not be written. */
bool file_is_no_name (int error);

/* Makes durable that a file or a directory has this name. 0 or -errno. */
int file_sync_directory_of (const char *path);
/* Whether an open file or directory still has this name. If not, whoever looks for it there finds nothing of what is
   written to it, or something else: it was moved or removed, or another disk is mounted there. */
bool file_has_name (int file, const char *path);
/* Writes all bytes to an open file. 0, or -errno: some of them may then be written. */
int file_write_all (int file, const void *data, size_t size);
/* The same from `offset` on; where the file stands does not change. */
int file_write_all_at (int file, const void *data, size_t size, uint64_t offset);
/* Copies what is left of one open file to another, and syncs that. Shows a person how far it is. 0, or -errno:
   then part of it may be there. */
int file_copy (int from, int to);

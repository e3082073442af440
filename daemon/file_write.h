/* Files that are there whole or not at all, of the daemon and its clients. They are written under a name of their
   own beside (PATH and seven signs more, which a crash leaves behind), synced, read back, and only then given
   their name; then the directory is synced. Mode 0600, whatever the umask. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

/* Makes a file that is not there yet. 0: it survives a power cut. Else -errno, and nothing is left; -EEXIST:
   something has that name, be it a link that leads nowhere. */
int file_create (const char *path, const void *data, size_t size);
/* Puts the file in the place of the one that has the name, if any. 0: it survives a power cut. Else -errno, and
   there is the old one or the new one, whole. */
int file_replace (const char *path, const void *data, size_t size);
/* Of -errno of these two: no file can have this name here. Else it could not be written. */
bool file_is_no_name (int error);

/* Writes all of it to what is open. 0 or -errno, and then some of it may be written. */
int file_write_all (int file, const void *data, size_t size);

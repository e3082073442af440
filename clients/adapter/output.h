/* Files with personal data. They are whole or not there at all, and only their owner can read them. */
#pragma once
#include <stddef.h>

/* Writes a file of mode 0600, under another name first, and then renames it. NULL: standard output. 0 or
   -errno. */
int output_write (const char *file, const char *data, size_t size);

/* Files with personal data: there whole or not at all, and for their owner only. */
#pragma once
#include <stddef.h>

/* Writes a file of mode 0600, built beside and renamed into place; NULL: standard output. 0 or -errno. */
int output_write (const char *file, const char *data, size_t size);

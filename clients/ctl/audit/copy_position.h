/* How far a copy that goes into a pipe has come, in a small file of its own, which is always whole or not there:
   the tree over the lines that were taken, and the tree as far as it was compared with the registry. */
#pragma once
#include "ctl.h"
#include "merkle/lines.h"

struct copy_position {
    struct merkle_edge now, sure;
};

enum { COPY_POSITION_SIZE = 2 * (64 + MERKLE_LEVELS * LINES_HASH_SIZE) };

/* Returns the size of the text. */
size_t copy_position_print (const struct copy_position *self, char text[COPY_POSITION_SIZE]);
/* False: the text is none that the function above prints. */
bool copy_position_parse (struct copy_position *self, struct bytes text);

/* Zeroes where there is no file. 0, or an exit code with its line printed. */
int copy_position_read (struct copy_position *self, const char *path);
/* Writes it durably. The same. */
int copy_position_write (const struct copy_position *self, const char *path);

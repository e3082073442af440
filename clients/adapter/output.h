/* Files with personal data. They are whole or not there at all, and only their owner can read them. */
#pragma once
#include <stddef.h>

/* What is stored, and gets its place later: a file beside its place, under its name with ".part". */
struct output;

/* Stores a file of mode 0600 durably beside its place, so that to let it go needs no more room. A FIFO or a device
   is opened, and written to when it is let go; so is standard output (NULL). 0, or -errno and *self_p NULL. Caller
   owns *self_p, and must drop it. What stands beside from a run that was killed is replaced. */
int output_store (const char *file, const char *data, size_t size, struct output **self_p);

/* Stores something else in its stead, which must be no longer. 0 or -errno. */
int output_change (struct output *self, const char *data, size_t size);

/* Gives it its place, durably. Only once. 0 or -errno. */
int output_let_go (struct output *self);

/* Sets *self_p to NULL. What was not let go is gone. */
void output_drop (struct output **self_p);

/* Stores it, and lets it go. 0 or -errno. */
int output_write (const char *file, const char *data, size_t size);

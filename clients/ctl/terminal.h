/* What a person answers at the terminal, or what comes on stdin instead. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Asks at the terminal that controls this program, and reads one line. `seen`: what is typed is shown. A signal
   that ends or stops the program waits until the terminal is back in its state. Returns the number of bytes, or
   -errno. */
ssize_t terminal_ask (const char *question, bool seen, char *text, size_t size);
/* Reads an open file to its end, as far as there is room. Returns the number of bytes, or -errno. */
ssize_t terminal_read (int fd, char *text, size_t size);

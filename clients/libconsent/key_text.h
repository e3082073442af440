/* The text of a key file: sections with names and values, as CZMQ writes certificates (ZPL). It is read here,
   since CZMQ prints what it cannot read, and that may be the secret key. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

/* The number of the first line that is none of such a text; 0: every line is. */
unsigned key_text_fault (const char *text);

/* Copies the value of `name` in `section`; "" where there is none. The text is without fault. False, and "": it is
   `size` bytes or longer. */
bool key_text_copy (const char *text, const char *section, const char *name, char *value, size_t size);

/* The text of a key file: sections with names and values, as CZMQ writes certificates (ZPL). CZMQ does not read
   it, since CZMQ prints what it cannot read, and that may be the secret key. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

/* The number of the first line that is not in this syntax. 0: every line is. */
unsigned key_text_fault (const char *text);

/* Copies the value of `name` in `section`; "" if there is none. The text must have no fault. False, and "", if the
   value has `size` bytes or more. */
bool key_text_copy (const char *text, const char *section, const char *name, char *value, size_t size);

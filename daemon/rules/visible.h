/* Whether a text shows anything to whoever reads it. A motivation, a reason or a name of which nothing is visible,
   whatever the script, is missing (G2). */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The code point of the UTF-8 sequence at `at`, of at most `left` bytes (1 or more). Its length in bytes; 0 where
   it is not valid UTF-8. */
size_t visible_decode (const char *at, size_t left, uint32_t *point);
/* Not a space, a control, a character that only steers how others are shown, a mark that stands on another
   character, or no character at all. */
bool visible_is_shown (uint32_t point);
/* Something of the text, which is valid UTF-8, is visible. */
bool visible_has_any (const char *text);

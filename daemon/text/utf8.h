/* UTF-8: the only decoder of the house. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads the code point of the sequence at `at`. `left` bytes are left, at least 1. Returns the length of the
   sequence in bytes. 0: it is not valid UTF-8; overlong forms, surrogates and points above U+10FFFF are not
   valid. */
size_t utf8_decode (const char *at, size_t left, uint32_t *point);
/* All of the text is valid UTF-8; a NUL counts as a character. */
bool utf8_is_valid (const char *text, size_t size);
/* The bytes of the mark (U+FEFF) that some editors put before a text: 3, or 0 where it has none. It means nothing
   in what people write. */
size_t utf8_mark (const char *text, size_t size);

/* Whether a reader sees anything of a text. A motivation, reason or name that shows nothing, in whatever script,
   counts as missing (G2). */
#pragma once
#include <stdbool.h>
#include <stdint.h>

/* The code point shows something by itself. These do not: a space, a control character, a character that only
   steers how others are shown, a mark that is put on another character, and a point that is no character. */
bool visible_is_shown (uint32_t point);
/* Something of the text is visible. The text is valid UTF-8. */
bool visible_has_any (const char *text);

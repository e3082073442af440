/* The encodings in which a message may come: UTF-8, UTF-16, ISO-8859-1 and US-ASCII. */
#pragma once
#include "bytes.h"

/* Makes UTF-8 of a message, without a byte order mark. Which encoding it has say its first bytes, then its
   declaration; where the two, or the bytes that follow, contradict each other it is refused: nobody may read it
   otherwise than it was written. 0: *text is UTF-8, either as it was, or in *converted_p, which the caller must
   free; or -EINVAL with one sentence in `error`, of MESSAGE_ERROR characters. */
int encoding_to_utf8 (struct bytes *text, char **converted_p, char *error);

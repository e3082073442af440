/* Reads the lines of a text whose every line ends in a newline, as the formats of C2SP are made. */
#pragma once
#include "merkle.h"

/* The next line, without its newline. Moves *rest behind it. False: there is none. */
bool lines_next (struct bytes *rest, struct bytes *line);
/* A number in decimal, without zeroes before it, less than 2^63. */
bool lines_number (struct bytes line, uint64_t *number);
/* Decodes base64 in the one way in which it is written. False: it is not so, or has more than `limit` bytes. */
bool lines_base64 (struct bytes text, uint8_t *out, size_t limit, size_t *size);
/* The base64 of one hash. */
bool lines_hash (struct bytes line, struct merkle_hash *hash);
enum { LINES_HASH_SIZE = 45 }; /* of a hash as base64, with its end */
void lines_put_hash (const struct merkle_hash *hash, char text[LINES_HASH_SIZE]);

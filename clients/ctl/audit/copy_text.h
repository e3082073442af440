/* A line of the log as a line of text, in a copy of the log: its number, a space, and the line as it is stored, in
   base64. Or as a message of syslog, with the same in its structured data. Both are ASCII. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "bytes.h"

enum { COPY_LINE_LIMIT = 1 << 20 }; /* bytes of a line, at most */
/* What a text takes, with its newline and its end, for a line of `size` bytes. */
enum { COPY_TEXT_BESIDE = 256 };
#define COPY_TEXT_SIZE(size) ((size) / 3 * 4 + 4 + COPY_TEXT_BESIDE)

/* Writes the text with its newline. Returns its size. */
size_t copy_text_write (char *to, uint64_t number, struct bytes line);
/* Reads it, without its newline. The line goes into `to`, which has room for text.size bytes. False: it is none.
 */
bool copy_text_read (struct bytes text, uint64_t *number, uint8_t *to, size_t *size);

/* Whether this can be what a crash left of the text of that line: its beginning, and zeroes where nothing was written.
   Else it is something else, of somebody else. */
bool copy_text_is_part (struct bytes text, uint64_t number);

/* Who sends a message: RFC 5424, HOSTNAME, and the number that IANA gave to an enterprise, for the name of the
   structured data. */
struct copy_sender {
    char host[64];
    unsigned enterprise;
};
/* Writes the message with its newline. Its time is that of the line; "-" where the line does not say it. */
size_t copy_text_syslog (char *to, const struct copy_sender *sender, uint64_t number, struct bytes line);

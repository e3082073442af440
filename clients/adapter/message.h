/* A message as bytes and as a tree. It is read with distrust, and written anew.

   Error sentences name lines of the file and nothing of its content: a message is full of personal data. */
#pragma once
#include <libxml/tree.h>
#include <stddef.h>
#include "bytes.h"

enum {
    MESSAGE_SIZE_MAX = 8 * 1024 * 1024,
    MESSAGE_DEPTH_MAX = 32,
    MESSAGE_ELEMENTS_MAX = 50000,
    MESSAGE_ATTRIBUTES_MAX = 32, /* of one element: libxml2 compares each attribute with every other */
};

/* What was removed from a message, because no message of this kind has it. */
struct message_extras {
    size_t attributes, comments, instructions;
};

/* Judges the bytes before any parser sees them: size, NUL, UTF-8 (declared and real), document type declarations,
   depth, number of elements and attributes. 0, or -EINVAL with one sentence in `error`. */
int message_scan (const char *text, size_t size, char *error, size_t error_size);

/* Scans and parses, without network, entities, inclusion or document type. Removes attributes, comments and
   processing instructions: elements and text are left. 0, or -EINVAL with one sentence in `error`. Caller owns
   *document_p and must free it with xmlFreeDoc. */
int message_read (struct bytes text, xmlDoc **document_p, struct message_extras *extras, char *error,
                  size_t error_size);

/* Writes a tree as text, indented, in UTF-8. Caller owns the return value and must free it. */
char *message_write (xmlDoc *document, size_t *size_p);

/* A message as bytes and as a tree. It is read with distrust, and written anew.

   Error sentences name lines of the file and nothing of its content: a message is full of personal data. */
#pragma once
#include <libxml/tree.h>
#include <stddef.h>
#include "bytes.h"

enum {
    MESSAGE_ERROR = 512,
    MESSAGE_LIMIT = 8 * 1024 * 1024, /* bytes, unless somebody says otherwise */
    MESSAGE_LIMIT_MAX = 256 * 1024 * 1024,
    MESSAGE_DEPTH_MAX = 32,
    MESSAGE_BYTES_OF_ELEMENT =
        160, /* an element may be so small on the average that as many bytes of the limit are one */
    MESSAGE_ATTRIBUTES_MAX = 32, /* of one element: libxml2 compares each attribute with every other */
};

/* What was removed from a message, because no message of this kind has it. */
struct message_extras {
    size_t attributes, comments, instructions;
};

/* Judges UTF-8 before any parser sees it: NUL, document type declarations, depth, number of elements (which grows
   with the limit) and attributes. 0, or -EINVAL with one sentence in `error`. */
int message_scan (struct bytes text, size_t limit, char error[MESSAGE_ERROR]);

/* Scans and parses a message of at most `limit` bytes, in one of the encodings of encoding.h, without network,
   entities, inclusion or document type. Removes attributes, comments and processing instructions: elements and
   text are left. 0, or -EINVAL with one sentence in `error`. Caller owns *document_p and must free it with
   xml_memory_free. */
int message_read (struct bytes text, size_t limit, xmlDoc **document_p, struct message_extras *extras,
                  char error[MESSAGE_ERROR]);

/* Writes a tree as message_read gives one, of elements and text alone: nothing else of a tree is written.
   Indented, in UTF-8. Caller owns the return value and must free it. */
char *message_write (const xmlDoc *document, size_t *size_p);

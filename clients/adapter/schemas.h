/* XML Schemas, each read once however many messages are held against it. */
#pragma once
#include <libxml/tree.h>
#include <stddef.h>

struct schemas;

/* Caller owns the return value and must destroy it. */
struct schemas *schemas_new (void);
void schemas_destroy (struct schemas **self_p);

/* Validates against the XML Schema in a file, also on several threads at once. Files that it includes are read
   too, but never from the network. 0; 1: not valid; -EINVAL: the schema cannot be used. One sentence in `error`,
   which names an element only if it is the value that is wrong. */
int schemas_validate (struct schemas *self, const char *file, xmlDoc *document, char *error, size_t error_size);

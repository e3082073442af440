/* Who a letter may name, by who reads it (M9). The subject may know that a representative signed; a representative
   may know of the subject and of himself, and nothing of another representative. Nobody is named: the registry
   keeps references, and no reference stands in a letter. */
#pragma once
#include <stdbool.h>

/* "u", "een vertegenwoordiger" or "degene die u vertegenwoordigt"; NULL: this may not be told to this reader.
   `signer` and `reader` are "subject" or references. */
const char *letter_reader_says (const char *reader, const char *signer);

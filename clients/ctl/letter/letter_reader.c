#include "letter_reader.h"

#include <stddef.h>
#include <string.h>

const char *letter_reader_says (const char *reader, const char *signer)
{
    if (strcmp (reader, signer) == 0)
        return "u";
    if (strcmp (reader, "subject") == 0)
        return "een vertegenwoordiger";
    return strcmp (signer, "subject") == 0 ? "degene die u vertegenwoordigt" : NULL;
}

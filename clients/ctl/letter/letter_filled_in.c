#include "letter_filled_in.h"

#include <string.h>
#include "arena.h"

int letter_filled_in_parse (struct policy_document *document, struct arena *arena, const char *name,
                            const struct policy_text *text, struct policy_faults *faults)
{
    char *copy = arena_alloc (arena, text->size + 1); /* not as a string: a NUL in it is told as what is wrong */
    if (text->size > 0)
        memcpy (copy, text->data, text->size);
    return policy_document_parse (document, name, copy, text->size, faults);
}

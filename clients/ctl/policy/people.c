#include "people.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

static int compare (const void *a, const void *b)
{
    return memcmp (a, b, PEOPLE_REF);
}

void people_add (struct people *self, const uint8_t ref[PEOPLE_REF])
{
    void **found = tsearch (ref, &self->seen, compare);
    if (!found)
        abort ();
    if (*found != (const void *)ref) /* somebody who was counted */
        return;
    *found = malloc (PEOPLE_REF);
    if (!*found)
        abort ();
    memcpy (*found, ref, PEOPLE_REF);
    self->count++;
}

void people_clear (struct people *self)
{
    tdestroy (self->seen, free);
    *self = (struct people){0};
}

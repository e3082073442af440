#include "meters.h"
#include <stdlib.h>
#include <string.h>

/* The last one is for words beyond the table, which the verbs do not have. */
static unsigned index_of (struct meters *self, const char *result)
{
    unsigned i = 0;
    while (i < METERS_RESULTS - 1 && self->results[i] != NULL && self->results[i] != result &&
           strcmp (self->results[i], result) != 0)
        i++;
    if (self->results[i] == NULL)
        self->results[i] = i < METERS_RESULTS - 1 ? result : "other";
    return i;
}

void meters_note (struct meters *self, enum verb verb, const char *result)
{
    if (self == NULL)
        return;
    if (self->noted_count == self->noted_room) {
        self->noted_room = 2 * self->noted_room + 256;
        self->noted = realloc (self->noted, self->noted_room * sizeof *self->noted);
        if (self->noted == NULL)
            abort ();
    }
    self->noted[self->noted_count].verb = verb;
    self->noted[self->noted_count++].result = index_of (self, result);
}

void meters_settle (struct meters *self, bool happened)
{
    for (size_t i = 0; happened && i < self->noted_count; i++)
        self->requests[self->noted[i].verb][self->noted[i].result]++;
    self->noted_count = 0;
}

void meters_release (struct meters *self)
{
    free (self->noted);
    self->noted = NULL;
}

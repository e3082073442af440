#include "subject.h"
#include <string.h>

/* C5: all of the subject, or this category. */
bool subject_is_restricted (const struct subject *self, const char *category, moment *since)
{
    bool found = false;
    for (size_t i = 0; i < self->restriction_count; i++) {
        const struct restriction *one = &self->restrictions[i];
        if (one->category[0] != '\0' && strcmp (one->category, category) != 0)
            continue;
        if (!found || one->since > *since)
            *since = one->since;
        found = true;
    }
    return found;
}

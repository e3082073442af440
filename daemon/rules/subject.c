#include "subject.h"
#include <string.h>

/* C5: a restriction is on all data of the subject, or on this category. */
bool subject_is_restricted (const struct subject *self, const char *category, uint64_t *passed_from)
{
    bool found = false;
    for (size_t i = 0; i < self->restriction_count; i++) {
        const struct restriction *one = &self->restrictions[i];
        if (one->category[0] != '\0' && strcmp (one->category, category) != 0)
            continue;
        uint64_t from = one->next_order != 0 ? one->next_order : UINT64_MAX;
        if (!found || from > *passed_from)
            *passed_from = from;
        found = true;
    }
    return found;
}

#include "subject.h"
#include <string.h>

/* C5: all of the subject, or this category. */
bool subject_is_restricted (const struct subject *self, const char *category, struct restricted_since *since)
{
    bool found = false;
    for (size_t i = 0; i < self->restriction_count; i++) {
        const struct restriction *one = &self->restrictions[i];
        if (one->category[0] != '\0' && strcmp (one->category, category) != 0)
            continue;
        if (!found)
            *since = (struct restricted_since){one->since, one->next_order};
        if (one->since > since->at)
            since->at = one->since;
        if (one->next_order > since->next_order)
            since->next_order = one->next_order;
        found = true;
    }
    return found;
}

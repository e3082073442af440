/* Whether what is held about a subject is past its period, and what stands in the way of destroying it (T1, T2,
   KB 20). A subject's file is destroyed as a whole, by the same erasure as on request (erasure.h).

   It is kept until the longest period of its records (keeping.h) is past: what has no period of its own, such as a
   refused check, as long as these. Where none of them has a period it is kept for the shortest that the pack has
   in years, from the last line about the subject (own choice). */
#pragma once
#include "rules/retention.h"
#include "turn.h"

struct retained {
    bool by[RETAINED_BY];
    bool is_found;      /* the rest; not where a consent is in force, or the record cannot be read */
    moment until;       /* the first moment at which no period keeps it; MOMENT_NEVER */
    const char *source; /* the article by which it was kept longest; "": by own choice. The pack's */
    uint64_t lines;     /* about the subject */
    uint64_t disclosures;
};

/* Something of the above keeps it, whatever period is past. */
bool retained_is_kept (const struct retained *self);
/* Looks at one subject, who need not have a record. 0; KEEPING_LATER: ask again, as keeping_find says;
   SUBJECT_FILE_ERASING: it is being destroyed; or a failure. */
int retained_find (struct turn *turn, const uint8_t subject[VAULT_ID_SIZE], struct retained *self);

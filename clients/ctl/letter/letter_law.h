/* The laws and regulations that letters name: brieven/wetten.txt of a pack, in the language of the pack's other
   files.

       wet AVG
           naam  de AVG, de wet over privacy

   A pack names those on which it rests. */
#pragma once
#include <stddef.h>
#include "policy/policy_read.h"

struct arena;

struct letter_law {
    const char *code; /* "AVG": the first word of an article as it is recorded, "AVG 15" */
    const char *name; /* "de AVG, de wet over privacy" */
};

struct letter_laws {
    struct letter_law *list;
    size_t count;
};

/* Reads the file; `name` is that of error messages. 0 or POLICY_INVALID, with all that is wrong added. Texts are
 * the arena's.
 */
int letter_laws_read (struct letter_laws *self, struct arena *arena, const char *name,
                      const struct policy_text *text, struct policy_faults *faults);
/* The article alone, as letter_law_article takes it: "Wmo 5.3.4" of "LAW Wmo 5.3.4(1)", and of "Wmo 5.3.4 as in
   2015 (KB 20 toelichting)". A pack names its sources for those who keep it. */
const char *letter_law_of_source (struct arena *arena, const char *source);
/* "artikel 13.4 van ons privacyreglement" of "KB 13.4". An article that does not begin with a code and a number is
   as it was written. NULL: a code that the pack has no name for. */
const char *letter_law_article (const struct letter_laws *self, struct arena *arena, const char *article);

/* What the registry cannot know of a breach, and the letters to the subjects must tell (AVG 34.2): a file that
   whoever writes them fills in, in the language of policy packs.

       datalek
           wat           Een medewerker stuurde een lijst naar een verkeerd adres.
           wanneer       op 18 november 2026
           ontdekt-op    2026-11-20
           gemeld-op     2026-11-21
           gevolg        Iemand kan weten dat u hulp krijgt.
           maatregel     De lijst is gewist.
           advies        Krijgt u een vreemd bericht? Antwoord dan niet.
           bel           14 0123

   `gevolg`, `maatregel` and `advies` may stand more than once; `wanneer`, `gemeld-op` and `bel` may be left out.
   Pure.
 */
#pragma once
#include <stddef.h>
#include "policy/policy_read.h"
#include "rules/calendar.h"

struct arena;
struct letter_values;

enum { INCIDENT_LINES = 12 };

struct incident_lines {
    const char *texts[INCIDENT_LINES];
    size_t count;
};

struct incident {
    const char *what, *when, *telephone;                  /* NULL: not given; `what` always is */
    struct day found, reported;                           /* month 0: not given; `found` always is */
    struct incident_lines consequences, measures, advice; /* one or more of each */
};

/* Reads the file; the name of the text is that of error messages. A day after `today` is refused. 0 or
   POLICY_INVALID, with `error` filled. Texts are the arena's. */
int incident_read (struct incident *self, struct arena *arena, const struct policy_text *text, struct day today,
                   struct policy_error *error);
/* Sets the fields of the letter "datalek" that are filled in. */
void incident_tell (const struct incident *self, struct letter_values *values);

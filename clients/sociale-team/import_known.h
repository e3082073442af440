/* Whether the registry has a statement already, for what may have been sent so long ago that it does not know the
   idempotency key any more (G11). */
#pragma once
#include "call.h"
#include "import_statement.h"

/* Looks among the statements about this person for one that says exactly the same: scope, motivation, signatures,
   and of a consent also its form, evidence, notice and validity; whatever became of it since. 0: *found_p says
   whether there is one, and then the line has its id. An exit code (sysexits.h): it cannot be known; *words (valid
   until the next call on the connection) says why. */
int import_known_find (consent_t *registry, const struct import_statement *statement, struct import_line *line,
                       bool *found_p, const char **words);

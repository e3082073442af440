/* sociale-team import: records the consents and refusals that are on paper, from a table or JSON; docs/forms.md.
 */
#pragma once
#include "options.h"

/* Its exit code: 0 every record was accepted, 1 none, 2 some; else one of sysexits.h. */
extern const struct command import_command;

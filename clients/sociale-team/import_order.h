/* What is said of one person is recorded in the order in which it was said: the registry counts what was recorded
   last (G10). Judged by what was seen of the file. Each returns 0, or -errno of what is kept of that. */
#pragma once
#include <stdbool.h>
#include "import_seen.h"
#include "import_statement.h"

/* Another record of this file says the same, or somebody signed the opposite later, though it stands earlier: then
 *finished is true, and the line is finished. Else it is seen from now on. */
int import_order_judge (struct import_seen *seen, const struct import_statement *said, struct import_line *line,
                        bool *finished);

/* Finishes the line as IMPORT_UNAVAILABLE: what the registry has of this person cannot be read now. */
int import_order_pass_over (struct import_seen *seen, const struct import_statement *said,
                            struct import_line *line);
/* Something about this person was passed over: then so must be what follows on it. */
int import_order_has_passed_over (struct import_seen *seen, const struct import_statement *said, bool *has);

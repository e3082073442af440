/* What went, in the ledger: to whom, when, about whom, and under which consents. */
#pragma once
#include "ledger.h"
#include "passage.h"

/* Within a change: keeps what the ledger must know of a message that goes as `file`. */
void went_put (struct ledger *ledger, const struct passage *passage, const char *file);

/* What went under a consent, or about a subject, as a list for a notice: file, decision, recipient, purpose,
   moment. 0 or -errno. Caller owns *list_p. */
int went_list (struct ledger *ledger, const struct ledger_mark *mark, json_t **list_p);

/* Within a change: forgets what went about a subject. 0 or -errno. */
int went_forget (struct ledger *ledger, const char *subject_ref);

/* What went, in the ledger: to whom, when, about whom, and under which consents. */
#pragma once
#include "ledger.h"
#include "passage.h"

/* Within a change: keeps what the ledger must know of a message that goes as `file`. */
void went_put (struct ledger *ledger, struct passage *passage, const char *file);

enum { WENT_BSN = 16 };

/* Whether a message that the passage may answer went before: by one of the identifications and roots of its need,
   from the party to whom it goes to the party from whom it comes, and about everybody whom the passage's message
   is about. Without a ledger: no. */
bool went_knows (struct ledger *ledger, const struct passage *passage, const struct passage_need *need);
/* Whom the request with one of these references was about, which went the other way. False: nobody, or several. */
bool went_subject (struct ledger *ledger, const struct passage *passage, const char *const *references,
                   char bsn[WENT_BSN]);

/* What went under a consent, or about a subject, as a list for a notice: file, decision, recipient, purpose,
   moment. 0 or -errno. Caller owns *list_p. */
int went_list (struct ledger *ledger, const struct ledger_mark *mark, json_t **list_p);

/* The entry of one client of a record of LEDGER_WENT in such a list. Caller owns it. */
json_t *went_entry (const json_t *record, const json_t *client);

/* Within a change: forgets what went about a subject. 0 or -errno. */
int went_forget (struct ledger *ledger, const char *subject_ref);

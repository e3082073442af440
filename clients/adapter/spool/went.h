/* What went, in the ledger: to whom, when, about whom, and under which consents. */
#pragma once
#include "ledger.h"
#include "passage.h"

enum {
    WENT_BSN = 16,
    WENT_DAY = 24,
    WENT_BESIDE = 4096, /* decisions that follow each other, of which the records lie together, */
    WENT_PREFIX = 4,    /* by so many bytes that their keys begin with */
    WENT_DAYS = 7305, /* how long it is known, unless said otherwise: 20 years, as files of the Jeugdwet (7.3.8) */
    WENT_DAYS_MAX = 36525,
    WENT_MORE = 1 /* result */
};

#define WENT_DAY_MARK "day"

/* Within a change: keeps what the ledger must know of a message that goes as `file`. The same message that goes
   there again by the same decision is kept once. */
void went_put (struct ledger *ledger, struct passage *passage, const char *file);

/* The same before there is a change, on any thread. Caller owns the return value, which is put then. */
struct ledger_entry *went_seal (const struct ledger *ledger, struct passage *passage, const char *file);

/* When it goes: now, or when the registry decided it, if its clock is ahead of ours. */
int64_t went_moment (const struct passage *passage);
/* The day of a moment, as the text of its mark. Returns `day`. */
const char *went_day (int64_t at, char day[WENT_DAY]);
/* Forgets a bounded part of what went on the days before that of `moment`. To be called outside of a change. 0:
   there is no more of it; WENT_MORE; -errno. */
int went_forget_before (struct ledger *ledger, int64_t moment);

/* went_before.c: what identifies a message, or a request in it, between two parties. Caller owns it. */
char *went_between (const char *from, const char *to, const char *root, const char *text);

/* Whether a message that the passage may answer went before: by one of the identifications and roots of its need,
   from the party to whom it goes to the party from whom it comes, and about everybody whom the passage's message
   is about. Without a ledger: no. */
bool went_knows (struct ledger *ledger, const struct passage *passage, const struct passage_need *need);
/* Whom all requests were about that went the other way, by the references and roots of the passage's need. False:
   nobody, or several. */
bool went_subject (struct ledger *ledger, const struct passage *passage, const struct passage_need *need,
                   char bsn[WENT_BSN]);

/* What went under a consent, or about a subject, as a list for a notice: file, decision, recipient, purpose,
   moment; how many products were told, and how many of them were taken back since. 0 or -errno. Caller owns
   *list_p. */
int went_list (struct ledger *ledger, const struct ledger_mark *mark, json_t **list_p);

/* The entry of one client of a record of LEDGER_WENT in such a list. Caller owns it. */
json_t *went_entry (const json_t *record, const json_t *client);

/* Within a change: forgets what went about a subject. 0 or -errno. */
int went_forget (struct ledger *ledger, const char *subject_ref);

/* What was taken back, for what comes later though it was written before: a message that lay elsewhere, or whose
   sender writes it once more as it was. The standard says of it that it is as if it was never sent, whichever of
   the two the spool saw first.

   Of each product is kept until which moment what was written is taken back, by the time of the file that takes
   back. Nothing else is: the product is a keyed hash (products.h). It is forgotten with what went (went_days.c),
   and with the subject, if it is known who that is. */
#pragma once
#include "ledger.h"

/* One product, between two parties. All is borrowed. */
struct taken_back {
    const char *recipient;
    const char *product; /* its id */
    const char *by; /* the message that takes it back, or that is asked about: it takes back nothing of itself */
    int64_t came;   /* when that was written, in ns since 1970 */
};

/* Within a change: remembers it. `subject_ref` is NULL where nobody knows whom it is about; `at` is when this was
   decided, in ms since 1970. */
void taken_back_put (struct ledger *ledger, const struct taken_back *self, const char *subject_ref, int64_t at);
/* Whether another message took it back that was not written before this one. 1, 0 or -errno. */
int taken_back_later (struct ledger *ledger, const struct taken_back *self);
/* Within a change: forgets what is known to be about a subject. 0 or -errno. */
int taken_back_forget (struct ledger *ledger, const char *subject_ref);

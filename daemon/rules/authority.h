/* What the record of a subject says at one moment: how old he is, whether he is capable and alive, and which of
   his representatives have authority. Pure. represent.c says what follows from it.

   The record holds days. A day that was already past when it was recorded is a correction: it counts from the
   beginning of that day, as if it had always been known. A day that was still to come counts from its own
   beginning. A day that was recorded on that same day has two readings, because M5 says two things about it:

     as recorded         a change begins with its recording: a change of today ends nothing before that
     from the daybreak   an authority that begins today counts from the beginning of the day, so also for
                         signatures of this morning; an authority that ends still ends with its recording

   A change of capability both begins and ends authorities; in the second reading it counts from the beginning of
   the day. A birthday is not a change: it comes with its day. */
#pragma once
#include "policy.h"
#include "subject.h"

enum authority_reading { AUTHORITY_AS_RECORDED, AUTHORITY_FROM_DAYBREAK };

/* The record, read at one moment. */
struct authority {
    const struct policy *policy;
    const struct subject *subject;
    enum authority_reading reading;
    moment when;
    struct day day; /* of `when` */
};

/* The result borrows `policy` and `subject`. */
struct authority authority_at (const struct policy *policy, const struct subject *subject,
                               enum authority_reading reading, moment when);

/* M10: the subject is dead. */
bool authority_is_dead (const struct authority *self);
/* M4: what the latest entry of the dated history says. Before the first entry the subject is capable. */
bool authority_is_capable (const struct authority *self);
/* False where the birth date is not known. */
bool authority_has_age (const struct authority *self, unsigned years);
/* M1 to M3: the age band of the pack in which the subject is. NULL: he is not born yet, or his birth date is not
   known. */
const struct policy_age_band *authority_band (const struct authority *self);
/* M6: the representative has authority, and is of a kind that counts. */
bool authority_is_registered (const struct authority *self, const struct representative *one);
/* M7: a professional refuses this representative. */
bool authority_is_refused (const struct authority *self, const struct representative *one);
/* The first moment after `when` at which any answer above may change. MOMENT_NEVER: none is known. */
moment authority_next_change (const struct authority *self);
/* The moment from which the subject is dead. MOMENT_NEVER: no death is known. */
moment authority_death (const struct subject *subject);

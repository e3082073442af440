/* What the record of a subject says at one moment: how old he is, whether he is capable and alive, and which of
   his representatives have authority. Pure; for represent.c, which says what follows from it.

   The record has days. A day that is past when it is recorded is a correction: it holds from the beginning of that
   day, as if it had always been known. One that is to come begins with itself. Of a change of the very day on
   which it is recorded M5 says two things, and so there are two readings of that day:

     as recorded       what changes, changes with its recording: a change of today ends nothing before that
     from the daybreak what begins, began with the day: an authority that begins today counts for signatures of
   this morning. What ends, ends with its recording all the same.

   Capability both begins and ends somebody's authority, so in the second reading it changes with the day. A
   birthday is no change: it comes with its day. */
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

/* Borrows. */
struct authority authority_at (const struct policy *policy, const struct subject *subject,
                               enum authority_reading reading, moment when);

/* M10. */
bool authority_is_dead (const struct authority *self);
/* M4: what the latest of the dated history says; capable before the first. */
bool authority_is_capable (const struct authority *self);
/* False where the birth date is not known. */
bool authority_has_age (const struct authority *self, unsigned years);
/* M1 to M3: the band of the pack in which the subject is; NULL: not born, or birth date not known. */
const struct policy_age_band *authority_band (const struct authority *self);
/* M6: has authority, and is of a kind that counts. */
bool authority_is_registered (const struct authority *self, const struct representative *one);
/* M7: a professional refuses this one. */
bool authority_is_refused (const struct authority *self, const struct representative *one);
/* The first moment after `when` at which any of this may be otherwise; MOMENT_NEVER: none known. */
moment authority_next_change (const struct authority *self);
/* From which moment the subject is dead; MOMENT_NEVER: not as far as is known. */
moment authority_death (const struct subject *subject);

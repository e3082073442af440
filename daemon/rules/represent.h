/* Who exercises the subject's rights (rules, section 4). Pure. */
#pragma once
#include "statement.h"
#include "subject.h"

/* Who must sign at `when`. */
struct signers {
    bool nobody; /* birth date not known, dead, or representatives needed and none registered */
    bool subject;
    bool representatives; /* represent_counts says which */
};

struct signers represent_signers (const struct policy *policy, const struct subject *subject, moment when);
/* This representative has authority at `when`, is of a kind that counts, and is not refused (M6, M7). */
bool represent_counts (const struct policy *policy, const struct representative *one, moment when);
/* The subject has died by the day of `when` (M10). */
bool represent_is_dead (const struct subject *subject, moment when);
/* The subject is capable on the day of `when` (M4). */
bool represent_is_capable (const struct subject *subject, moment when);
/* The subject has reached this age at `when`. False where the birth date is not known. */
bool represent_has_age (const struct subject *subject, unsigned years, moment when);
/* All who must sign have signed (G8, M5, M6), by what the record tells now. A signature stands if its signer had
   the right at the moment of that signature: he was a representative who counted, or the subject, old enough and
   capable. A signature that does not stand is ignored. The statement is complete if everyone who must sign at the
   moment of the latest signature that stands has a signature that stands. For example: one parent signed before
   the child's 12th birthday, and one after it. Then the child must have signed as well. A change that was recorded
   on its own day is read in the two ways of authority.h, and one of them suffices. */
bool represent_is_signed (const struct policy *policy, const struct subject *subject,
                          const struct signature *signatures, size_t count);
/* This person is one of those who exercise the rights at `when` (M1-M7): the subject where his own signature is
   required, a representative where those of the representatives are. `who` as in represent_may_withdraw. */
bool represent_exercises (const struct policy *policy, const struct subject *subject, const char *who,
                          moment when);
/* This person may withdraw, or refuse, at `when`, whatever he has signed (M8, G12). `who` is "subject", or the
   reference of a representative. */
bool represent_may_withdraw (const struct policy *policy, const struct subject *subject, const char *who,
                             moment when);
/* This person may withdraw this consent (M8). That is who may withdraw anyway, and also whoever's signature stands
   under the consent, even if he has lost his authority since. A representative may not while the subject alone
   exercises the rights, nor if he is refused by now. */
bool represent_may_take_back (const struct policy *policy, const struct subject *subject,
                              const struct statement *consent, const char *who, moment when);
/* These persons are exactly those who must consent at `when` (C8). Where any one representative suffices, they are
   one or more of the representatives. Each text in `who` is as above. */
bool represent_are_signers (const struct policy *policy, const struct subject *subject, const struct text_set *who,
                            moment when);
/* The first moment after `after` at which other people may have to consent: a birthday, or another day on which
   something recorded about the subject begins or ends. MOMENT_NEVER: none known. */
moment represent_next_change (const struct policy *policy, const struct subject *subject, moment after);
/* Nobody can exercise the rights at `when`, though the subject lives. The social team may then record the
   withdrawal (M8). */
bool represent_nobody_can (const struct policy *policy, const struct subject *subject, moment when);
/* The moment from which the consent has lapsed (M5, M10). Only a correction can undo it. MOMENT_NEVER: no such
   moment is known now. MOMENT_ALWAYS: the consent never counted, because not all who had to sign did. A correction
   can have this result, since it is judged as if it had always been known. It is also the result where the birth
   date is not known (any more): nobody can then tell who had to sign. */
moment represent_lapses_at (const struct policy *policy, const struct subject *subject,
                            const struct statement *consent);

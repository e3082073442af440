/* Who exercises the subject's rights (rules, section 4). Pure. */
#pragma once
#include "statement.h"
#include "subject.h"

/* Who must sign at `when`. */
struct signers {
    bool nobody; /* birth date not known, dead, or representatives needed and none registered */
    bool subject;
    bool representatives; /* see represent_counts for which */
};

struct signers represent_signers (const struct policy *policy, const struct subject *subject, moment when);
/* This representative has authority at `when`, is of a kind that counts, and is not refused (M6, M7). */
bool represent_counts (const struct policy *policy, const struct representative *one, moment when);
/* The subject has died by the day of `when` (M10). */
bool represent_is_dead (const struct subject *subject, moment when);
/* The subject is capable on the day of `when` (M4). */
bool represent_is_capable (const struct subject *subject, moment when);
/* The subject has reached this age at `when`; false where the birth date is not known. */
bool represent_has_age (const struct subject *subject, unsigned years, moment when);
/* Signed by all who must (G8, M5, M6), as the record tells it. A signature stands if its signer had the right at
   the moment of that very signature: a representative who counted, or the subject old enough and capable; what
   does not stand is as if not there. The statement is complete at the latest signature that stands: everyone who
   must sign at that moment has a signature that stands. So parents' signatures from before a 12th birthday do not
   make up for the child's own if one of them came after it. A change of the day on which it was recorded is read
   in the two ways of authority.h, and one of them suffices: it ends nothing before its recording, and an authority
   that it begins counts for signatures from the beginning of the day. */
bool represent_is_signed (const struct policy *policy, const struct subject *subject,
                          const struct signature *signatures, size_t count);
/* This person may withdraw, or refuse, at `when`, whatever he signed (M8, G12). `who` is "subject" or a
   representative's reference. */
bool represent_may_withdraw (const struct policy *policy, const struct subject *subject, const char *who,
                             moment when);
/* The same of this very consent (M8): also one whose signature stands under it, and who lost his authority since.
   A representative not while the subject alone exercises the rights, nor where he is refused by now. */
bool represent_may_take_back (const struct policy *policy, const struct subject *subject,
                              const struct statement *consent, const char *who, moment when);
/* These persons are those who must consent at `when`, all of them and nobody else; where any one representative
   does, one or more of those (C8). Each as above. */
bool represent_are_signers (const struct policy *policy, const struct subject *subject, const struct text_set *who,
                            moment when);
/* The first moment after `after` at which someone else may have to consent: a birthday, or another day on which
   what is recorded of the subject begins or ends; MOMENT_NEVER: none known. */
moment represent_next_change (const struct policy *policy, const struct subject *subject, moment after);
/* Nobody exercises the rights at `when`, though the subject lives (M8: then the social team may record the
   withdrawal). */
bool represent_nobody_can (const struct policy *policy, const struct subject *subject, moment when);
/* The moment from which the consent has lapsed, for good but for a correction (M5, M10). MOMENT_NEVER: not as far
   as is known now. MOMENT_ALWAYS: it never counted, since not all who had to sign did: a correction says so, as if
   it had always been known. That is so as well where the birth date is not known (any more): then nobody can tell
   who had to. */
moment represent_lapses_at (const struct policy *policy, const struct subject *subject,
                            const struct statement *consent);

#include "represent.h"
#include <string.h>
#include "authority.h"

static const char the_subject[] = "subject";

/* Each question is answered by either reading of the day of a change (authority.h). */
static const enum authority_reading readings[] = {AUTHORITY_AS_RECORDED, AUTHORITY_FROM_DAYBREAK};
enum { READINGS = sizeof readings / sizeof *readings };

/* M6, M7: the representative counts. */
static bool counts (const struct authority *at, const struct representative *one)
{
    return authority_is_registered (at, one) && !authority_is_refused (at, one);
}

struct tally {
    bool registered; /* at least one has authority and is of a kind that counts */
    bool counted;    /* and at least one of those is not refused */
};

static struct tally count_representatives (const struct authority *at)
{
    struct tally tally = {false, false};
    const struct subject *subject = at->subject;
    for (size_t i = 0; i < subject->representative_count; i++) {
        tally.registered = tally.registered || authority_is_registered (at, &subject->representatives[i]);
        tally.counted = tally.counted || counts (at, &subject->representatives[i]);
    }
    return tally;
}

/* M7: all representatives are refused, and the subject is old enough to take their place. */
static bool signs_alone (const struct authority *at)
{
    struct tally tally = count_representatives (at);
    return tally.registered && !tally.counted && authority_has_age (at, at->policy->withdraws_from);
}

/* M2, M3, M7: the subject's own signature is required, whoever else must sign. */
static bool subject_must_sign (const struct authority *at)
{
    const struct policy_age_band *band = authority_band (at);
    if (band == NULL || authority_is_dead (at) || !authority_is_capable (at))
        return false;
    return band->subject || signs_alone (at);
}

static struct signers signers_at (const struct authority *at)
{
    const struct signers nobody = {.nobody = true};
    /* M10: dead. M6: the birth date is not known. */
    const struct policy_age_band *band = authority_band (at);
    if (band == NULL || authority_is_dead (at))
        return nobody;
    /* M1 to M4: by age and capability. */
    bool capable = authority_is_capable (at);
    struct signers signers = {.subject = capable && band->subject,
                              .representatives = !capable || band->representatives};
    if (signers.representatives) {
        struct tally tally = count_representatives (at);
        /* M6: no representative is registered. */
        if (!tally.registered)
            return nobody;
        /* M7: all representatives are refused. */
        if (!tally.counted)
            signers = (struct signers){.subject = capable && signs_alone (at)};
    }
    signers.nobody = !signers.subject && !signers.representatives;
    return signers;
}

/* The record at `when`, as a check sees it. */
static struct authority present (const struct policy *policy, const struct subject *subject, moment when)
{
    return authority_at (policy, subject, AUTHORITY_AS_RECORDED, when);
}

struct signers represent_signers (const struct policy *policy, const struct subject *subject, moment when)
{
    struct authority at = present (policy, subject, when);
    return signers_at (&at);
}

bool represent_counts (const struct policy *policy, const struct representative *one, moment when)
{
    struct authority at = present (policy, NULL, when);
    return counts (&at, one);
}

bool represent_is_dead (const struct subject *subject, moment when)
{
    return authority_death (subject) <= when;
}

bool represent_is_capable (const struct subject *subject, moment when)
{
    struct authority at = present (NULL, subject, when);
    return authority_is_capable (&at);
}

bool represent_has_age (const struct subject *subject, unsigned years, moment when)
{
    struct authority at = present (NULL, subject, when);
    return authority_has_age (&at, years);
}

/* The person counts as a representative. The same person may be registered for several periods. */
static bool is_representative (const struct authority *at, const char *who)
{
    const struct subject *subject = at->subject;
    for (size_t i = 0; i < subject->representative_count; i++)
        if (strcmp (subject->representatives[i].reference, who) == 0 && counts (at, &subject->representatives[i]))
            return true;
    return false;
}

/* --- Signatures --------------------------------------------------------------------------------------- */

/* What is signed, and the reading of the record by which it is judged. */
struct signing {
    const struct policy *policy;
    const struct subject *subject;
    enum authority_reading reading;
    const struct signature *signatures;
    size_t count;
};

/* M5: the signer had the right to sign at the moment of this signature. */
static bool stands (const struct signing *self, const struct signature *signature)
{
    struct authority at = authority_at (self->policy, self->subject, self->reading, signature->given_at);
    if (strcmp (signature->signer, the_subject) == 0)
        return subject_must_sign (&at);
    return !authority_is_dead (&at) && is_representative (&at, signature->signer);
}

static bool has_signed (const struct signing *self, const char *who)
{
    for (size_t i = 0; i < self->count; i++)
        if (strcmp (self->signatures[i].signer, who) == 0 && stands (self, &self->signatures[i]))
            return true;
    return false;
}

/* The moment of the latest signature that stands. MOMENT_ALWAYS: none stands. */
static moment signed_at (const struct signing *self)
{
    moment latest = MOMENT_ALWAYS;
    for (size_t i = 0; i < self->count; i++)
        if (self->signatures[i].given_at > latest && stands (self, &self->signatures[i]))
            latest = self->signatures[i].given_at;
    return latest;
}

static bool representatives_signed (const struct signing *self, const struct authority *at)
{
    bool all = true, any = false;
    const struct subject *subject = self->subject;
    for (size_t i = 0; i < subject->representative_count; i++) {
        if (!counts (at, &subject->representatives[i]))
            continue;
        bool found = has_signed (self, subject->representatives[i].reference);
        all = all && found;
        any = any || found;
    }
    return any && (all || self->policy->any_representative);
}

/* Everyone who must sign at the moment of the latest signature that stands has a signature that stands. *at is set
   to the record at that moment. */
static bool is_complete (const struct signing *self, struct authority *at)
{
    moment when = signed_at (self);
    if (when == MOMENT_ALWAYS)
        return false;
    *at = authority_at (self->policy, self->subject, self->reading, when);
    struct signers signers = signers_at (at);
    if (signers.nobody || (signers.subject && !has_signed (self, the_subject)))
        return false;
    return !signers.representatives || representatives_signed (self, at);
}

bool represent_is_signed (const struct policy *policy, const struct subject *subject,
                          const struct signature *signatures, size_t count)
{
    struct authority unused;
    for (size_t i = 0; i < READINGS; i++) {
        struct signing signing = {policy, subject, readings[i], signatures, count};
        if (is_complete (&signing, &unused))
            return true;
    }
    return false;
}

/* --- Withdrawing -------------------------------------------------------------------------------------- */

static bool exercises (const struct authority *at, const char *who)
{
    struct signers signers = signers_at (at);
    if (strcmp (who, the_subject) == 0)
        return signers.subject;
    return signers.representatives && is_representative (at, who);
}

bool represent_exercises (const struct policy *policy, const struct subject *subject, const char *who, moment when)
{
    for (size_t i = 0; i < READINGS; i++) {
        struct authority at = authority_at (policy, subject, readings[i], when);
        if (exercises (&at, who))
            return true;
    }
    return false;
}

static bool may_withdraw (const struct authority *at, const char *who)
{
    if (authority_is_dead (at))
        return false;
    return exercises (at, who) ||
           (strcmp (who, the_subject) == 0 && authority_has_age (at, at->policy->withdraws_from));
}

bool represent_may_withdraw (const struct policy *policy, const struct subject *subject, const char *who,
                             moment when)
{
    for (size_t i = 0; i < READINGS; i++) {
        struct authority at = authority_at (policy, subject, readings[i], when);
        if (may_withdraw (&at, who))
            return true;
    }
    return false;
}

/* M8: the signer may still take back what he signed. A representative may not if he is refused by now, or if by
   now the subject alone exercises the rights. */
static bool keeps_his_word (const struct authority *at, const char *who)
{
    const struct subject *subject = at->subject;
    struct signers signers = signers_at (at);
    for (size_t i = 0; i < subject->representative_count; i++)
        if (strcmp (subject->representatives[i].reference, who) == 0 &&
            authority_is_refused (at, &subject->representatives[i]))
            return false;
    return !signers.subject || signers.representatives;
}

bool represent_may_take_back (const struct policy *policy, const struct subject *subject,
                              const struct statement *consent, const char *who, moment when)
{
    if (represent_may_withdraw (policy, subject, who, when))
        return true;
    struct authority now = present (policy, subject, when);
    if (authority_is_dead (&now) || !keeps_his_word (&now, who))
        return false;
    for (size_t i = 0; i < READINGS; i++) {
        struct signing signing = {policy, subject, readings[i], consent->signatures, consent->signature_count};
        if (has_signed (&signing, who))
            return true;
    }
    return false;
}

bool represent_are_signers (const struct policy *policy, const struct subject *subject, const struct text_set *who,
                            moment when)
{
    struct authority at = present (policy, subject, when);
    struct signers signers = signers_at (&at);
    size_t representatives = 0;
    for (size_t i = 0; i < who->count; i++) {
        bool is_subject = strcmp (who->item[i], the_subject) == 0;
        if (is_subject ? !signers.subject : !signers.representatives || !is_representative (&at, who->item[i]))
            return false;
        representatives += !is_subject;
    }
    if (signers.nobody || (signers.subject && !text_set_has (who, the_subject)))
        return false;
    bool all = true;
    for (size_t i = 0; signers.representatives && i < subject->representative_count; i++) {
        const struct representative *one = &subject->representatives[i];
        all = all && (!counts (&at, one) || text_set_has (who, one->reference));
    }
    return !signers.representatives || all || (policy->any_representative && representatives > 0);
}

bool represent_nobody_can (const struct policy *policy, const struct subject *subject, moment when)
{
    struct authority at = present (policy, subject, when);
    return signers_at (&at).nobody && !authority_is_dead (&at) && !may_withdraw (&at, the_subject);
}

/* --- What time and corrections do --------------------------------------------------------------------- */

moment represent_next_change (const struct policy *policy, const struct subject *subject, moment after)
{
    struct authority at = present (policy, subject, after);
    return authority_next_change (&at);
}

/* M5: the first moment, from that of the signatures on, at which the subject himself must sign. */
static moment own_word_needed_at (struct authority at)
{
    while (!subject_must_sign (&at)) {
        moment next = authority_next_change (&at);
        if (next == MOMENT_NEVER)
            return next;
        at = authority_at (at.policy, at.subject, at.reading, next);
    }
    return at.when;
}

/* M5: by one reading. A consent that not all have signed who must, by what the record tells now, never counted. */
static moment outgrown_at (const struct signing *signing)
{
    struct authority at;
    if (!is_complete (signing, &at))
        return MOMENT_ALWAYS;
    return has_signed (signing, the_subject) ? MOMENT_NEVER : own_word_needed_at (at);
}

moment represent_lapses_at (const struct policy *policy, const struct subject *subject,
                            const struct statement *consent)
{
    moment outgrown = MOMENT_ALWAYS;
    for (size_t i = 0; i < READINGS && outgrown != MOMENT_NEVER; i++) {
        struct signing signing = {policy, subject, readings[i], consent->signatures, consent->signature_count};
        moment at = outgrown_at (&signing);
        outgrown = at > outgrown ? at : outgrown;
    }
    /* M10: dead. */
    moment death = authority_death (subject);
    return outgrown < death ? outgrown : death;
}

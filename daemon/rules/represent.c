#include <string.h>
#include "represent.h"

static const char the_subject[] = "subject";

static bool is_past (struct day day, struct day since)
{
    return since.month != 0 && calendar_compare (day, since) >= 0;
}

static bool is_dead (const struct subject *subject, struct day day)
{
    return is_past (day, subject->death);
}

/* M4: what the latest of the dated history says; capable before the first. */
static bool is_capable (const struct subject *subject, struct day day)
{
    bool capable = true;
    for (size_t i = 0; i < subject->capability_count && is_past (day, subject->capabilities[i].from); i++)
        capable = subject->capabilities[i].capable;
    return capable;
}

static bool has_age (const struct subject *subject, unsigned years, struct day day)
{
    return subject->birth.month != 0 && is_past (day, calendar_birthday (subject->birth, years));
}

/* M1 to M3: the band of the pack in which the subject is; NULL: not born, or birth date not known. */
static const struct policy_age_band *band_on (const struct policy *policy, const struct subject *subject,
                                              struct day day)
{
    const struct policy_age_band *band = NULL;
    for (size_t i = 0; i < policy->age_count && has_age (subject, policy->ages[i].from, day); i++)
        band = &policy->ages[i];
    return band;
}

/* M6: has authority on this day, and is of a kind that counts. */
static bool is_registered (const struct policy *policy, const struct representative *one, struct day day)
{
    if (!is_past (day, one->from) || is_past (day, one->until))
        return false;
    code kind = policy_representative (policy, one->kind);
    return kind != CODE_NONE && policy->representatives[kind].counts;
}

/* M7: and is not refused on this day. */
static bool counts_on (const struct policy *policy, const struct representative *one, struct day day)
{
    return is_registered (policy, one, day) && !is_past (day, one->refused_from);
}

struct tally {
    bool registered; /* at least one has authority and is of a kind that counts */
    bool counted;    /* and at least one of those is not refused */
};

static struct tally count_representatives (const struct policy *policy, const struct subject *subject,
                                           struct day day)
{
    struct tally tally = {false, false};
    for (size_t i = 0; i < subject->representative_count; i++) {
        tally.registered = tally.registered || is_registered (policy, &subject->representatives[i], day);
        tally.counted = tally.counted || counts_on (policy, &subject->representatives[i], day);
    }
    return tally;
}

/* M7: all representatives are refused, and the subject may take their place. */
static bool signs_alone (const struct policy *policy, const struct subject *subject, struct day day)
{
    struct tally tally = count_representatives (policy, subject, day);
    return tally.registered && !tally.counted && has_age (subject, policy->withdraws_from, day);
}

/* M2, M3, M7: the subject's own signature is required, whoever else must sign beside him. */
static bool subject_must_sign (const struct policy *policy, const struct subject *subject, struct day day)
{
    const struct policy_age_band *band = band_on (policy, subject, day);
    if (band == NULL || is_dead (subject, day) || !is_capable (subject, day))
        return false;
    return band->subject || signs_alone (policy, subject, day);
}

static struct signers signers_on (const struct policy *policy, const struct subject *subject, struct day day)
{
    const struct signers nobody = {.nobody = true};
    /* M10, and M6 where the birth date is not known. */
    const struct policy_age_band *band = band_on (policy, subject, day);
    if (band == NULL || is_dead (subject, day))
        return nobody;
    /* M1 to M4. */
    bool capable = is_capable (subject, day);
    struct signers signers = {.subject = capable && band->subject,
                              .representatives = !capable || band->representatives};
    if (signers.representatives) {
        struct tally tally = count_representatives (policy, subject, day);
        /* M6. */
        if (!tally.registered)
            return nobody;
        /* M7. */
        if (!tally.counted)
            signers = (struct signers){.subject = capable && signs_alone (policy, subject, day)};
    }
    signers.nobody = !signers.subject && !signers.representatives;
    return signers;
}

struct signers represent_signers (const struct policy *policy, const struct subject *subject, moment when)
{
    return signers_on (policy, subject, calendar_day (when));
}

bool represent_counts (const struct policy *policy, const struct representative *one, moment when)
{
    return counts_on (policy, one, calendar_day (when));
}

bool represent_is_dead (const struct subject *subject, moment when)
{
    return is_dead (subject, calendar_day (when));
}

bool represent_is_capable (const struct subject *subject, moment when)
{
    return is_capable (subject, calendar_day (when));
}

bool represent_has_age (const struct subject *subject, unsigned years, moment when)
{
    return has_age (subject, years, calendar_day (when));
}

/* The person counted as a representative on this day; the same one may be registered for several periods. */
static bool is_representative (const struct policy *policy, const struct subject *subject, const char *who,
                               struct day day)
{
    for (size_t i = 0; i < subject->representative_count; i++)
        if (strcmp (subject->representatives[i].reference, who) == 0 &&
            counts_on (policy, &subject->representatives[i], day))
            return true;
    return false;
}

/* M5: who signed had the right to at the moment of this very signature. */
static bool signature_stands (const struct policy *policy, const struct subject *subject,
                              const struct signature *signature)
{
    struct day day = calendar_day (signature->given_at);
    if (strcmp (signature->signer, the_subject) == 0)
        return subject_must_sign (policy, subject, day);
    return is_representative (policy, subject, signature->signer, day);
}

static bool has_signed (const struct policy *policy, const struct subject *subject, const char *who,
                        const struct signature *signatures, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp (signatures[i].signer, who) == 0 && signature_stands (policy, subject, &signatures[i]))
            return true;
    return false;
}

/* The moment at which the signatures were complete, if they are: of the latest one that stands. */
static moment signed_at (const struct policy *policy, const struct subject *subject,
                         const struct signature *signatures, size_t count, moment otherwise)
{
    bool found = false;
    moment latest = otherwise;
    for (size_t i = 0; i < count; i++)
        if (signature_stands (policy, subject, &signatures[i]) && (!found || signatures[i].given_at > latest)) {
            latest = signatures[i].given_at;
            found = true;
        }
    return latest;
}

static bool representatives_signed (const struct policy *policy, const struct subject *subject, moment when,
                                    const struct signature *signatures, size_t count)
{
    bool all = true, any = false;
    struct day day = calendar_day (when);
    for (size_t i = 0; i < subject->representative_count; i++) {
        const struct representative *one = &subject->representatives[i];
        if (!counts_on (policy, one, day))
            continue;
        bool found = has_signed (policy, subject, one->reference, signatures, count);
        all = all && found;
        any = any || found;
    }
    return any && (all || policy->any_representative);
}

bool represent_is_signed (const struct policy *policy, const struct subject *subject,
                          const struct signature *signatures, size_t count)
{
    moment when = signed_at (policy, subject, signatures, count, INT64_MIN);
    if (when == INT64_MIN)
        return false;
    struct signers signers = represent_signers (policy, subject, when);
    if (signers.nobody)
        return false;
    if (signers.subject && !has_signed (policy, subject, the_subject, signatures, count))
        return false;
    return !signers.representatives || representatives_signed (policy, subject, when, signatures, count);
}

bool represent_may_withdraw (const struct policy *policy, const struct subject *subject, const char *who,
                             moment when)
{
    struct day day = calendar_day (when);
    if (is_dead (subject, day))
        return false;
    if (strcmp (who, the_subject) == 0)
        return has_age (subject, policy->withdraws_from, day) || signers_on (policy, subject, day).subject;
    return signers_on (policy, subject, day).representatives && is_representative (policy, subject, who, day);
}

bool represent_must_consent (const struct policy *policy, const struct subject *subject, const char *who,
                             moment when)
{
    struct day day = calendar_day (when);
    struct signers signers = signers_on (policy, subject, day);
    if (strcmp (who, the_subject) == 0)
        return signers.subject;
    return signers.representatives && is_representative (policy, subject, who, day);
}

bool represent_nobody_can (const struct policy *policy, const struct subject *subject, moment when)
{
    return represent_signers (policy, subject, when).nobody &&
           !represent_may_withdraw (policy, subject, the_subject, when);
}

/* Looks for the first day after `after` on which who must sign can change. */
struct search {
    const struct policy *policy;
    const struct subject *subject;
    struct day after;
    bool own_signature;  /* only days on which the subject must sign himself count */
    struct day earliest; /* so far; month 0: none known */
};

static void consider (struct search *self, struct day day)
{
    if (day.month == 0 || calendar_compare (day, self->after) <= 0)
        return;
    if (self->earliest.month != 0 && calendar_compare (day, self->earliest) >= 0)
        return;
    if (!self->own_signature || subject_must_sign (self->policy, self->subject, day))
        self->earliest = day;
}

/* It can change only on a birthday, where capability or a representative's standing changes, and by death. */
static struct day first_change (struct search *self)
{
    const struct policy *policy = self->policy;
    const struct subject *subject = self->subject;
    for (size_t i = 0; i < policy->age_count; i++)
        consider (self, calendar_birthday (subject->birth, policy->ages[i].from));
    consider (self, calendar_birthday (subject->birth, policy->withdraws_from));
    for (size_t i = 0; i < subject->capability_count; i++)
        consider (self, subject->capabilities[i].from);
    for (size_t i = 0; i < subject->representative_count; i++) {
        consider (self, subject->representatives[i].from);
        consider (self, subject->representatives[i].until);
        consider (self, subject->representatives[i].refused_from);
    }
    consider (self, subject->death);
    return self->earliest;
}

static moment start_of (struct day day)
{
    return day.month == 0 ? MOMENT_NEVER : calendar_start (day);
}

moment represent_next_change (const struct policy *policy, const struct subject *subject, moment after)
{
    struct search search = {.policy = policy, .subject = subject, .after = calendar_day (after)};
    return start_of (first_change (&search));
}

/* M5. */
static moment outgrown_at (const struct policy *policy, const struct subject *subject,
                           const struct statement *consent)
{
    const struct signature *signatures = consent->signatures;
    size_t count = consent->signature_count;
    if (has_signed (policy, subject, the_subject, signatures, count))
        return MOMENT_NEVER;
    moment complete = signed_at (policy, subject, signatures, count, consent->recorded_at);
    if (subject->birth.month == 0) {
        /* Nobody can tell whether the subject should have signed: only his own signature is beyond doubt. */
        for (size_t i = 0; i < count; i++)
            if (strcmp (signatures[i].signer, the_subject) == 0)
                return MOMENT_NEVER;
        return complete;
    }
    struct day day = calendar_day (complete);
    if (subject_must_sign (policy, subject, day))
        return complete;
    struct search search = {.policy = policy, .subject = subject, .after = day, .own_signature = true};
    return start_of (first_change (&search));
}

moment represent_lapses_at (const struct policy *policy, const struct subject *subject,
                            const struct statement *consent)
{
    /* M10. */
    moment death = start_of (subject->death);
    moment outgrown = outgrown_at (policy, subject, consent);
    return outgrown < death ? outgrown : death;
}

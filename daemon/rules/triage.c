/* A triage decision is complete if all of these hold:
     necessity, subsidiarity, proportionality, purpose_limitation     each motivated
     objections                                                       what became of them, or why none was asked
     manager_consulted                                                named
     serious_situation, urgent_support                                true
     inform                                                           before, or after with these two:
       inform_by     later than now, and at most the pack's days on
       inform_why    motivated
   and of a provider bound by professional secrecy (HR 6):
     consent_sought, no_other_way, serious_harm, conflict_of_duties   each motivated
   A part that fails is missing, by that name. */
#include <string.h>
#include "triage.h"
#include "text/visible.h"

enum {
    NECESSITY,
    SUBSIDIARITY,
    PROPORTIONALITY,
    PURPOSE_LIMITATION,
    OBJECTIONS,
    MANAGER_CONSULTED,
    SERIOUS_SITUATION,
    URGENT_SUPPORT,
    INFORM,
    INFORM_BY,
    INFORM_WHY,
    CONSENT_SOUGHT,
    NO_OTHER_WAY,
    SERIOUS_HARM,
    CONFLICT_OF_DUTIES,
};

const char *const triage_names[TRIAGE_PARTS] = {
    [NECESSITY] = "necessity",
    [SUBSIDIARITY] = "subsidiarity",
    [PROPORTIONALITY] = "proportionality",
    [PURPOSE_LIMITATION] = "purpose_limitation",
    [OBJECTIONS] = "objections",
    [MANAGER_CONSULTED] = "manager_consulted",
    [SERIOUS_SITUATION] = "serious_situation",
    [URGENT_SUPPORT] = "urgent_support",
    [INFORM] = "inform",
    [INFORM_BY] = "inform_by",
    [INFORM_WHY] = "inform_why",
    [CONSENT_SOUGHT] = "consent_sought",
    [NO_OTHER_WAY] = "no_other_way",
    [SERIOUS_HARM] = "serious_harm",
    [CONFLICT_OF_DUTIES] = "conflict_of_duties",
};

const triage_parts triage_manager_part = UINT32_C (1) << MANAGER_CONSULTED;

static triage_parts missing_unless (bool there, unsigned part)
{
    return there ? 0 : UINT32_C (1) << part;
}

/* A text that shows nothing is no motivation (G2). */
static triage_parts missing_text (const char *text, unsigned part)
{
    return missing_unless (visible_has_any (text), part);
}

bool triage_names_manager (const struct triage *triage)
{
    return visible_has_any (triage->manager_consulted);
}

/* Not later than the end of the calendar day that is `inform_days` after today. */
static bool is_in_time (moment inform_by, unsigned inform_days, moment now)
{
    return inform_by > now && inform_by <= calendar_end_after_days (now, inform_days);
}

static triage_parts missing_of_informing (const struct triage *triage, unsigned inform_days, moment now)
{
    if (triage->inform != INFORM_AFTER)
        return missing_unless (triage->inform == INFORM_BEFORE, INFORM);
    return missing_unless (is_in_time (triage->inform_by, inform_days, now), INFORM_BY) |
           missing_text (triage->inform_why, INFORM_WHY);
}

static triage_parts missing_of_secrecy (const struct triage *triage)
{
    return missing_text (triage->consent_sought, CONSENT_SOUGHT) |
           missing_text (triage->no_other_way, NO_OTHER_WAY) | missing_text (triage->serious_harm, SERIOUS_HARM) |
           missing_text (triage->conflict_of_duties, CONFLICT_OF_DUTIES);
}

triage_parts triage_missing (const struct triage *triage, bool bound_by_secrecy, unsigned inform_days, moment now)
{
    return missing_text (triage->necessity, NECESSITY) | missing_text (triage->subsidiarity, SUBSIDIARITY) |
           missing_text (triage->proportionality, PROPORTIONALITY) |
           missing_text (triage->purpose_limitation, PURPOSE_LIMITATION) |
           missing_text (triage->objections, OBJECTIONS) |
           missing_text (triage->manager_consulted, MANAGER_CONSULTED) |
           missing_unless (triage->serious_situation, SERIOUS_SITUATION) |
           missing_unless (triage->urgent_support, URGENT_SUPPORT) |
           missing_of_informing (triage, inform_days, now) | (bound_by_secrecy ? missing_of_secrecy (triage) : 0);
}

moment triage_next_change (const struct triage *triage, unsigned inform_days, moment after)
{
    if (triage->inform != INFORM_AFTER)
        return MOMENT_NEVER;
    /* A moment that is too far ahead today comes within reach at the start of a later day. */
    moment within_reach = calendar_first_within_days (triage->inform_by, inform_days);
    if (within_reach > after)
        return within_reach;
    return triage->inform_by > after ? triage->inform_by : MOMENT_NEVER;
}

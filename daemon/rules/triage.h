/* The triage decision (HR 3, HR 6): what urgent reasons must come with (C8). Pure. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "calendar.h"

enum inform_when { INFORM_UNSAID, INFORM_BEFORE, INFORM_AFTER };

/* Of texts only whether they are there is looked at; "": missing. No text is NULL. */
struct triage {
    const char *necessity, *subsidiarity, *proportionality, *purpose_limitation;
    const char
        *objections; /* what the subject objected and how it was weighed, that nothing was, or why not asked */
    const char *manager_consulted; /* a user id */
    bool serious_situation, urgent_support;
    enum inform_when inform;
    moment inform_by;       /* INFORM_AFTER: 0: missing */
    const char *inform_why; /* INFORM_AFTER */
    /* Of a provider bound by professional secrecy. */
    const char *consent_sought, *no_other_way, *serious_harm, *conflict_of_duties;
};

/* Parts of the decision as bits, in the order of the triage_names. */
typedef uint32_t triage_parts;

enum { TRIAGE_PARTS = 15 };

/* What each bit is called: the names of the fields in struct triage and in proto/check.proto. */
extern const char *const triage_names[TRIAGE_PARTS];
/* That of manager_consulted. */
extern const triage_parts triage_manager_part;

/* What is missing of a decision that is relied on at `now`; 0: it is complete. `inform_days` are the pack's days
   within which the subject is informed afterwards. */
triage_parts triage_missing (const struct triage *triage, bool bound_by_secrecy, unsigned inform_days, moment now);
/* Names who was consulted (C15). */
bool triage_names_manager (const struct triage *triage);
/* The first moment after `after` at which what is missing may be something else; MOMENT_NEVER: none known. */
moment triage_next_change (const struct triage *triage, unsigned inform_days, moment after);

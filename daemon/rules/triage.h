/* The triage decision (HR 3, HR 6): what urgent reasons must come with (C8). Pure. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "calendar.h"

enum inform_when { INFORM_UNSAID, INFORM_BEFORE, INFORM_AFTER };

/* A text counts only as there or missing; "" is missing. No text is NULL. */
struct triage {
    const char *necessity, *subsidiarity, *proportionality, *purpose_limitation;
    const char *objections; /* what the subject objected and how it was weighed, or that he did not, or why he was
                               not asked */
    const char *manager_consulted; /* a user id */
    bool serious_situation, urgent_support;
    enum inform_when inform;
    moment inform_by;       /* INFORM_AFTER: 0: missing */
    const char *inform_why; /* INFORM_AFTER */
    /* Only of a provider who is bound by professional secrecy. */
    const char *consent_sought, *no_other_way, *serious_harm, *conflict_of_duties;
};

/* Parts of the decision as bits, in the order of the triage_names. */
typedef uint32_t triage_parts;

enum { TRIAGE_PARTS = 15 };

/* What each bit is called: the names of the fields in struct triage and in proto/check.proto. */
extern const char *const triage_names[TRIAGE_PARTS];
/* The bit of manager_consulted. */
extern const triage_parts triage_manager_part;

/* The parts that are missing in a triage decision on which a check relies at `now`. 0: it is complete.
   `inform_days` is the number of days that the pack gives for informing the subject afterwards. */
triage_parts triage_missing (const struct triage *triage, bool bound_by_secrecy, unsigned inform_days, moment now);
/* The decision names a manager who was consulted (C15). */
bool triage_names_manager (const struct triage *triage);
/* The first moment after `after` at which other parts may be missing. MOMENT_NEVER: none known. */
moment triage_next_change (const struct triage *triage, unsigned inform_days, moment after);

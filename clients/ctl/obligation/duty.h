/* Obligations as a person reads and names them (C10). */
#pragma once
#include "ask.h"

/* "inform the subject" */
const char *duty_words (Consentd__Obligation kind);
/* Reads "inform-subject", as on the command line, or the name in proto/. False: no obligation of that name is
   reported done. */
bool duty_parse_kind (const char *text, Consentd__Obligation *kind);
/* "done 2026-05-04 10:00 by medewerker-3", "overdue", "put off" or "open". The arena's. */
const char *duty_state (struct ctl *ctl, const Consentd__Duty *duty, int64_t now);
/* "statute wmo-2015". The arena's. */
const char *duty_ground (struct ctl *ctl, const Consentd__Duty *duty);

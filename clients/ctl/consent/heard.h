/* Who has heard of the withdrawals of a consent (V8). */
#pragma once
#include "ctl.h"
#include "envelope.pb-c.h"

/* Prints a table for each withdrawal, behind an empty line. Whoever may not see them gets none. */
void heard_print (struct ctl *ctl, const Consentd__Consent *consent);

/* One consent, refusal or request for consent, shown. */
#pragma once
#include "ctl.h"

/* Runs a command whose argument is its id. */
int run_consent_show (struct ctl *ctl, const struct options *options);

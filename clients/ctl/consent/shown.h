/* Shows one consent, refusal or request for consent. */
#pragma once
#include "ctl.h"

/* Runs a command whose argument is the id. */
int run_consent_show (struct ctl *ctl, const struct options *options);

/* sociale-team consent: records a filled-in consent form. */
#pragma once
#include "options.h"

extern const struct command consent_form_command;

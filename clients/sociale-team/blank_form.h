/* sociale-team form: makes the empty consent form, from the policy pack. */
#pragma once
#include "options.h"

extern const struct command blank_form_command;

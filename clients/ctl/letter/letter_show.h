/* Fetches the consent or refusal that a letter is about. */
#pragma once
#include "ask.h"
#include "letter_setting.h"

/* Who reads the letter: "subject", or what --for says. */
const char *letter_reader (const struct options *options);
/* Opens the setting, asks for the consent of the first argument, and has the letter written. Returns the exit
 * code. */
int letter_show (struct ctl *ctl, const struct options *options,
                 int (*write) (struct letter_setting *setting, const Consentd__Consent *one));

/* What is wrong with a file of settings. */
#pragma once
#include "config/settings.h"

/* Says all of it, a line for each fault. Returns `code`. */
int settings_failure (int code, const struct settings_error *wrong);

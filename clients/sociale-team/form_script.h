/* What the page of the form runs in a browser: form_script.js, built in by form_script.py. */
#pragma once
#include "letter/letter_html.h"

extern const struct letter_script form_script;

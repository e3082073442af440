/* Every kind of letter that there is a template of, with its fields. */
#pragma once
#include "letter_form.h"

/* In the order of their names; ends with an entry without a name. */
extern const struct letter_form letter_forms[];

/* NULL: there is none of this name. */
const struct letter_form *letter_form_find (const char *name);

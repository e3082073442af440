/* The letter that confirms what a form said, as 'consentctl letter consent' makes it. */
#pragma once
#include "ctl.h"
#include "envelope.pb-c.h"

struct consent_letter {
    const char *file;    /* to be made: .html, .pdf or text. NULL: no letter */
    const char *pack;    /* the policy pack with the words. NULL: the one in force, for an operator */
    const char *to_file; /* name and address of the reader. NULL: none */
    const char *reader;  /* a representative's reference. NULL: the subject */
};

/* Whether it can be made of this scope: before anything is recorded, since what is recorded without its letter is
   harder to mend than a form. 0, or an exit code with its line printed. */
int consent_letter_try (const struct consent_letter *self, struct ctl *ctl, const Consentd__Scope *scope);
/* Makes it, of the consent or refusal with this id. Returns as above. */
int consent_letter_make (const struct consent_letter *self, struct ctl *ctl, const char *id);

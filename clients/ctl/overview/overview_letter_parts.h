/* What the parts of the letter share. The words around them are those of the template: brieven/overzicht.txt. */
#pragma once
#include "letter/letter_form.h"
#include "overview_letter.h"

struct overview_letter {
    const struct overview *overview;
    const struct overview_letter_options *options;
    struct letter_values *values;    /* of the template */
    struct letter_document document; /* the part that is being made */
};

/* Begins a part, and gives it to the template as the field of this name. */
void overview_part_begin (struct overview_letter *self);
void overview_part_end (struct overview_letter *self, const char *field);
/* Adds a paragraph, as printf. */
void overview_say (struct overview_letter *self, const char *format, ...) __attribute__ ((format (printf, 2, 3)));
/* "1 keer", "3 toestemmingen": the number and the right word. The arena's. */
const char *overview_number (const struct overview *overview, uint64_t count, const char *one, const char *more);

/* Each makes its parts, and none where there is nothing to tell. */

/* overview_letter_consents.c */
void overview_letter_consents (struct overview_letter *self);
void overview_letter_requests (struct overview_letter *self);
void overview_letter_rights (struct overview_letter *self);
void overview_letter_changes (struct overview_letter *self);
/* overview_letter_remainder.c */
void overview_letter_remainder (struct overview_letter *self);
/* An article in words; one of a law that the pack does not name as it was written. The arena's. */
const char *overview_article (const struct overview_letter *self, const char *article);
/* overview_letter_uses.c */
void overview_letter_uses (struct overview_letter *self);
void overview_letter_obligations (struct overview_letter *self);
void overview_letter_acts (struct overview_letter *self);
void overview_letter_appendix (struct overview_letter *self);

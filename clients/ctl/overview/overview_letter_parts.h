/* What the parts of the letter share. */
#pragma once
#include "overview_letter.h"

enum article { ARTICLE_3, ARTICLE_10, ARTICLE_13, ARTICLE_13_4, ARTICLE_14, ARTICLE_15, ARTICLE_16, ARTICLES };

struct overview_letter {
    const struct overview *overview;
    const struct overview_letter_options *options;
    struct letter_document document;
    bool cited[ARTICLES];
};

/* "artikel 13 van het privacyreglement. Daarin staat dat ..." at its first mention; then "artikel 13". */
const char *overview_cite (struct overview_letter *self, enum article article);
/* Adds a paragraph, as printf. */
void overview_say (struct overview_letter *self, const char *format, ...) __attribute__ ((format (printf, 2, 3)));
/* "1 keer", "3 toestemmingen": the number and the right word. The arena's. */
const char *overview_number (const struct overview *overview, uint64_t count, const char *one, const char *more);

/* overview_letter_consents.c */
void overview_letter_consents (struct overview_letter *self);
void overview_letter_requests (struct overview_letter *self);
void overview_letter_rights (struct overview_letter *self);
void overview_letter_changes (struct overview_letter *self);
/* overview_letter_uses.c */
void overview_letter_uses (struct overview_letter *self);
void overview_letter_obligations (struct overview_letter *self);
void overview_letter_acts (struct overview_letter *self);
void overview_letter_appendix (struct overview_letter *self);

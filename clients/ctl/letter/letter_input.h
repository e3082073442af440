/* The places of a form as HTML: to be filled in on a screen, or on paper.

   On paper each place is a link that leads nowhere, to LETTER_PLACE with its name, and for a row of a choice with
   its value: "urn:x-consentd:place:gegevens:naw". Whoever makes a PDF of the page finds by these where the places
   are. */
#pragma once
#include <stdbool.h>
#include <stdio.h>

#define LETTER_PLACE "urn:x-consentd:place:"

struct letter_block;
struct letter_document;

/* A block of kind LETTER_CHOICE or LETTER_BLANK. */
void letter_input_write (const struct letter_block *block, bool is_on_screen, FILE *out);
/* Rules of style for the places of the document; "" if it has none. */
const char *letter_input_style (const struct letter_document *document);

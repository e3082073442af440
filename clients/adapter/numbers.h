/* Numbers in the texts of a message that could be somebody's BSN, and do not stand where the mapping expects one.
 */
#pragma once
#include <libxml/tree.h>
#include "elements.h"

/* Whether a text holds a BSN: nine digits in a row that pass the 11-test; eight or nine with dots or blanks
   between them that pass it, or nine in thirds, with whatever signs; or one of `own`, however it is written: with
   any signs or blanks between its digits, with any number of zeros at its beginning, or within more digits. Other
   nine digits within more of them are none. Digits are those of any script; what is not seen counts for nothing.
   Of `own` each has nine digits. */
bool numbers_hold_bsn (const char *text, const char *const *own, size_t own_count);

/* Looks through every text of a message, also of elements that the mapping does not know. `document` is the one of
   elements_find, which noted in it what is known. False: none holds one.
   True: one does; the sentence in `error` names the element, if the mapping knows it. */
bool numbers_find (const struct elements *elements, const xmlDoc *document, char *error, size_t error_size);
/* The same of all that may go, when only now it is known whom the message is about. */
bool numbers_find_again (const struct elements *elements, char *error, size_t error_size);

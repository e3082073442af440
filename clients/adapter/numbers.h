/* Numbers in the texts of a message that could be somebody's BSN, and do not stand where the mapping expects one.
 */
#pragma once
#include <libxml/tree.h>
#include "elements.h"

/* Whether a text holds a BSN: nine digits in a row that pass the 11-test; eight or nine with dots or blanks
   between them that pass it; or the BSN of one of these clients, however it is written: in the digits of another
   script, with up to three signs or blanks between them, with any number of zeros at its beginning, or within more
   digits. Other nine digits within more of them are none. */
bool numbers_hold_bsn (const char *text, const struct element_client *clients, size_t client_count);

/* Looks through every text of a message, also of elements that the mapping does not know. `document` is the one of
   elements_find, which noted in it what is known. False: none holds one.
   True: one does; the sentence in `error` names the element, if the mapping knows it. */
bool numbers_find (const struct elements *elements, const xmlDoc *document, char *error, size_t error_size);

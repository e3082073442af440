/* What a receipt proves, told in plain Dutch to whoever verifies it. Pure. */
#pragma once
#include "receipt_judge.h"

struct letter_document;

/* Adds blocks to the document. `words` are those of the receipt: they explain its codes, and stand in brackets,
   because nothing proves them; NULL: it has none. `trust` is what it was judged by: which witnesses are named. */
void receipt_tell (const struct receipt_judged *judged, const struct log_trust *trust, const json_t *words,
                   struct letter_document *document);

/* What the files about products share. */
#pragma once
#include "products.h"

enum { PRODUCTS_ID = 2 * LEDGER_KEY + 1 };

/* products.c: by what a product is known: a keyed hash, as text. */
void products_id (const struct ledger *ledger, const struct passage *passage,
                  const struct passage_product *product, char id[PRODUCTS_ID]);

/* Of a statement a party sees its own items, those of which it is provider or recipient, and their withdrawals
   (V2, C9): not with whom else the subject agreed, nor what others lost. */
#pragma once
#include "statement.h"

struct arena;

/* The statement as this party may see it: of its providers, recipients and withdrawals what belongs to an own
   item. Who else recorded a withdrawal is left out where it is not a party of an own item. No list of a statement
   that does not name the party holds anything. Memory is the arena's and the statement's. */
struct statement own_part_of (const struct statement *whole, const char *party, struct arena *arena);
/* An own item of this party. */
bool own_part_has (const char *party, const char *provider, const char *recipient);

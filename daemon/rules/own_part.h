/* A party sees only its own items of a statement, and their withdrawals: the items of which it is provider or
   recipient (V2, C9). It does not see with whom else the subject agreed, nor what others lost. */
#pragma once
#include "statement.h"

struct arena;

/* The statement as this party may see it: only those providers, recipients and withdrawals that belong to its own
   items. The name of who recorded a withdrawal is left out, where that is a party of the statement but not of an
   own item. If the statement does not name the party, all lists are empty. The result uses memory of the arena and
   of the statement. */
struct statement own_part_of (const struct statement *whole, const char *party, struct arena *arena);
/* The item between these two is the party's own. */
bool own_part_has (const char *party, const char *provider, const char *recipient);

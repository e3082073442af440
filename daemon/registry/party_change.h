/* What a change does to a party, in words: for the operator who is asked to confirm, and for the log. */
#pragma once
#include "parties/party_text.h"

struct arena;

enum party_change { PARTY_SAME, PARTY_ADDED, PARTY_CHANGED, PARTY_REMOVED };

/* `before` NULL: the party was not known. */
enum party_change party_change_of (const struct party_text *before, const struct party_text *after);
/* "added" */
const char *party_change_name (enum party_change change);
/* "role partner -> loket, key 2027 added". At most 160 bytes, so that the texts of a whole request fit in its
   answer. Names and codes only, no free text (A3). The text is the arena's. */
enum { PARTY_CHANGE_TOLD = 160 };
const char *party_change_tell (const struct party_text *before, const struct party_text *after,
                               struct arena *arena);

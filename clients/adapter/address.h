/* Who sends a message to whom: what it says itself, held against what the registry knows of the parties. */
#pragma once
#include "elements.h"

/* The value of an element of which there is one, or NULL: the message has none. */
const char *address_value (const struct elements *elements, const struct mapping_rule *rule);

enum address_outcome {
    ADDRESS_RIGHT,
    ADDRESS_UNKNOWN,       /* the registry knows no such party, or several */
    ADDRESS_NO_IDENTIFIER, /* the party has no such number in its record */
    ADDRESS_WRONG,         /* the message names another one, or none */
};

/* Whether the message names this party there. */
enum address_outcome address_judge (const struct elements *elements, const struct mapping_address *address,
                                    const struct consent_parties *parties);

/* The one party of one of these kinds, from or to which the mapping sends. NULL: there is none, or there are
 * several. */
const struct consent_known_party *address_find (const struct mapping_words *kinds,
                                                const struct consent_parties *parties);

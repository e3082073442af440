#include "address.h"
#include <string.h>

const char *address_value (const struct elements *elements, const struct mapping_rule *rule)
{
    const struct element *element = elements->root;
    while (element && element->rule != rule)
        element = element_next (element);
    return element && element->value && *element->value ? element->value : NULL;
}

static const char *identifier_of (const struct consent_known_party *party, enum mapping_identifier identifier)
{
    switch (identifier) {
    case MAPPING_AGB:
        return party->agb;
    case MAPPING_GEMEENTECODE:
        return party->gemeentecode;
    case MAPPING_OIN:
        return party->oin;
    }
    return "";
}

enum address_outcome address_judge (const struct elements *elements, const struct mapping_address *address,
                                    const struct consent_parties *parties)
{
    if (parties->count != 1)
        return ADDRESS_UNKNOWN;
    const char *known = identifier_of (&parties->parties[0], address->identifier);
    const char *named = address_value (elements, address->rule);
    if (!*known)
        return ADDRESS_NO_IDENTIFIER;
    return named && strcmp (named, known) == 0 ? ADDRESS_RIGHT : ADDRESS_WRONG;
}

static bool is_meant (const struct mapping_words *kinds, const struct consent_known_party *party)
{
    for (size_t i = 0; i < kinds->count; i++) {
        if (strcmp (kinds->words[i], party->kind) == 0)
            return true;
    }
    return kinds->count == 0;
}

const struct consent_known_party *address_find (const struct mapping_words *kinds,
                                                const struct consent_parties *parties)
{
    const struct consent_known_party *found = NULL;
    for (size_t i = 0; i < parties->count; i++) {
        if (!is_meant (kinds, &parties->parties[i]))
            continue;
        if (found)
            return NULL;
        found = &parties->parties[i];
    }
    return found;
}

#include "codes.h"

#define KNOWN(name, number, rule) {name, #name, rule},
static const struct {
    enum rule_code code;
    const char *name, *rule;
} known[] = {RULE_CODES (KNOWN)};

const char *rule_code_name (enum rule_code one)
{
    for (unsigned i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].code == one)
            return known[i].name;
    return "UNKNOWN";
}

const char *rule_code_rule (enum rule_code one)
{
    for (unsigned i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].code == one)
            return known[i].rule;
    return "";
}

bool rule_codes_has (const struct rule_codes *codes, enum rule_code one)
{
    for (unsigned i = 0; i < codes->count; i++)
        if (codes->code[i] == one)
            return true;
    return false;
}

void rule_codes_add (struct rule_codes *codes, enum rule_code one)
{
    /* There are as many places as codes, so a code that is not yet in the list finds a place. */
    if (!rule_codes_has (codes, one) && codes->count < sizeof codes->code)
        codes->code[codes->count++] = (uint8_t)one;
}

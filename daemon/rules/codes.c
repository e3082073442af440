#include "codes.h"

static const struct {
    enum rule_code code;
    const char *name, *rule;
} known[] = {
    {AGREEMENT_MISSING, "AGREEMENT_MISSING", "C3"},
    {NO_FLOW, "NO_FLOW", "C4"},
    {PURPOSE_NOT_IN_FLOW, "PURPOSE_NOT_IN_FLOW", "C4"},
    {CATEGORY_NOT_NEEDED, "CATEGORY_NOT_NEEDED", "C4"},
    {RESTRICTED, "RESTRICTED", "C5"},
    {ORIGIN_UNKNOWN, "ORIGIN_UNKNOWN", "C6"},
    {STATUTE_NOT_FOR_ORIGIN, "STATUTE_NOT_FOR_ORIGIN", "C6"},
    {STATUTE_NOT_FOR_SPECIAL, "STATUTE_NOT_FOR_SPECIAL", "C6"},
    {SECRECY, "SECRECY", "C6"},
    {NO_CONSENT, "NO_CONSENT", "C7"},
    {REVOKED, "REVOKED", "C7"},
    {EXPIRED, "EXPIRED", "C7"},
    {NOT_YET_VALID, "NOT_YET_VALID", "C7"},
    {USED_UP, "USED_UP", "C7"},
    {OTHER_CASE, "OTHER_CASE", "C7"},
    {ORIGIN_NOT_CONSENTED, "ORIGIN_NOT_CONSENTED", "C7"},
    {FORM_INSUFFICIENT, "FORM_INSUFFICIENT", "C7"},
    {REPRESENTATION_LAPSED, "REPRESENTATION_LAPSED", "C7"},
    {REFUSED, "REFUSED", "C7"},
    {PROVIDER_NOT_CONSENTED, "PROVIDER_NOT_CONSENTED", "C7"},
    {RECIPIENT_NOT_CONSENTED, "RECIPIENT_NOT_CONSENTED", "C7"},
    {CATEGORY_NOT_CONSENTED, "CATEGORY_NOT_CONSENTED", "C7"},
    {WRONG_PURPOSE, "WRONG_PURPOSE", "C7"},
    {ALL_OR_NOTHING, "ALL_OR_NOTHING", "C11"},
    {TRIAGE_INCOMPLETE, "TRIAGE_INCOMPLETE", "C8"},
    {GROUND_NOT_ALLOWED, "GROUND_NOT_ALLOWED", "C8"},
    {BLANKET_CONSENT, "BLANKET_CONSENT", "G2"},
    {NOT_NEEDED, "NOT_NEEDED", "G3"},
    {NOT_INFORMED, "NOT_INFORMED", "G4"},
    {TOO_LONG, "TOO_LONG", "G6"},
    {MUST_BE_ONE_TIME, "MUST_BE_ONE_TIME", "G7"},
    {ONE_TIME_TOO_WIDE, "ONE_TIME_TOO_WIDE", "G7"},
    {REPRESENTATION_MISSING, "REPRESENTATION_MISSING", "G8"},
    {CONSENT_NOT_THE_GROUND, "CONSENT_NOT_THE_GROUND", "G9"},
};

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
    _Static_assert(sizeof known / sizeof *known <= sizeof codes->code, "a place for every code");
    if (!rule_codes_has (codes, one) && codes->count < sizeof codes->code)
        codes->code[codes->count++] = (uint8_t)one;
}

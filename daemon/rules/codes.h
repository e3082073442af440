/* Every code that the rules give. The numbers are those of `Code` in proto/codes.proto; codec.c asserts that. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum rule_code {
    AGREEMENT_MISSING = 1,
    NO_FLOW,
    PURPOSE_NOT_IN_FLOW,
    CATEGORY_NOT_NEEDED,
    RESTRICTED,
    ORIGIN_UNKNOWN,
    STATUTE_NOT_FOR_ORIGIN,
    STATUTE_NOT_FOR_SPECIAL,
    SECRECY,
    NO_CONSENT,
    REVOKED,
    EXPIRED,
    NOT_YET_VALID,
    USED_UP,
    OTHER_CASE,
    ORIGIN_NOT_CONSENTED,
    FORM_INSUFFICIENT,
    REPRESENTATION_LAPSED,
    REFUSED,
    PROVIDER_NOT_CONSENTED,
    RECIPIENT_NOT_CONSENTED,
    CATEGORY_NOT_CONSENTED,
    WRONG_PURPOSE,
    ALL_OR_NOTHING,
    TRIAGE_INCOMPLETE,
    GROUND_NOT_ALLOWED,

    BLANKET_CONSENT = 40,
    NOT_NEEDED,
    NOT_INFORMED,
    TOO_LONG,
    MUST_BE_ONE_TIME,
    ONE_TIME_TOO_WIDE,
    REPRESENTATION_MISSING,
    CONSENT_NOT_THE_GROUND,
};

/* "NO_FLOW". Never NULL. */
const char *rule_code_name (enum rule_code one);
/* The rule that gives this code for an item of a check: "C4". Never NULL. */
const char *rule_code_rule (enum rule_code one);

/* Codes in the order in which they were given. Each code occurs once. */
struct rule_codes {
    uint8_t count;
    uint8_t code[34];
};

bool rule_codes_has (const struct rule_codes *codes, enum rule_code one);
void rule_codes_add (struct rule_codes *codes, enum rule_code one);

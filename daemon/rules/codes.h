/* Every code that the rules give. The numbers are those of `Code` in proto/codes.proto, which codec_reply.c
   asserts. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

/* name, number, the rule that gives it for an item of a check, or for a statement */
#define RULE_CODES(X)                     \
    X (AGREEMENT_MISSING, 1, "C3")        \
    X (NO_FLOW, 2, "C4")                  \
    X (PURPOSE_NOT_IN_FLOW, 3, "C4")      \
    X (CATEGORY_NOT_NEEDED, 4, "C4")      \
    X (RESTRICTED, 5, "C5")               \
    X (ORIGIN_UNKNOWN, 6, "C6")           \
    X (STATUTE_NOT_FOR_ORIGIN, 7, "C6")   \
    X (STATUTE_NOT_FOR_SPECIAL, 8, "C6")  \
    X (SECRECY, 9, "C6")                  \
    X (NO_CONSENT, 10, "C7")              \
    X (REVOKED, 11, "C7")                 \
    X (EXPIRED, 12, "C7")                 \
    X (NOT_YET_VALID, 13, "C7")           \
    X (USED_UP, 14, "C7")                 \
    X (OTHER_CASE, 15, "C7")              \
    X (ORIGIN_NOT_CONSENTED, 16, "C7")    \
    X (FORM_INSUFFICIENT, 17, "C7")       \
    X (REPRESENTATION_LAPSED, 18, "C7")   \
    X (REFUSED, 19, "C7")                 \
    X (PROVIDER_NOT_CONSENTED, 20, "C7")  \
    X (RECIPIENT_NOT_CONSENTED, 21, "C7") \
    X (CATEGORY_NOT_CONSENTED, 22, "C7")  \
    X (WRONG_PURPOSE, 23, "C7")           \
    X (ALL_OR_NOTHING, 24, "C11")         \
    X (TRIAGE_INCOMPLETE, 25, "C8")       \
    X (GROUND_NOT_ALLOWED, 26, "C8")      \
    X (BLANKET_CONSENT, 40, "G2")         \
    X (NOT_NEEDED, 41, "G3")              \
    X (NOT_INFORMED, 42, "G4")            \
    X (TOO_LONG, 43, "G6")                \
    X (MUST_BE_ONE_TIME, 44, "G7")        \
    X (ONE_TIME_TOO_WIDE, 45, "G7")       \
    X (REPRESENTATION_MISSING, 46, "G8")  \
    X (CONSENT_NOT_THE_GROUND, 47, "G9")

#define RULE_CODE_NUMBER(name, number, rule) name = number,
#define RULE_CODE_ONE(name, number, rule) +1 /* of their count */
enum rule_code { RULE_CODES (RULE_CODE_NUMBER) };
enum { RULE_CODES_KNOWN = RULE_CODES (RULE_CODE_ONE) };
#undef RULE_CODE_NUMBER
#undef RULE_CODE_ONE

/* "NO_FLOW". Never NULL. */
const char *rule_code_name (enum rule_code one);
/* The rule that gives this code for an item of a check: "C4". Never NULL. */
const char *rule_code_rule (enum rule_code one);

/* Codes in the order in which they were given. Each code occurs once. */
struct rule_codes {
    uint8_t count;
    uint8_t code[RULE_CODES_KNOWN];
};

bool rule_codes_has (const struct rule_codes *codes, enum rule_code one);
void rule_codes_add (struct rule_codes *codes, enum rule_code one);

/* The cases that a pack carries (cases.txt): a question, the facts of a subject, and the expected decision. They
   are the pack's own test: a pack is refused if one of its cases is decided otherwise (rules, section 9). */
#pragma once
#include "rules/decide.h"

/* The expected decision on one item. */
struct policy_expectation {
    unsigned line; /* in cases.txt */
    bool permit;
    enum policy_ground ground; /* of a permit */
    code statute;              /* of a permit on a statute */
    bool against_will;         /* of a permit (C15) */
    struct rule_codes reasons; /* of a denial: all of them, in their order */
};

struct policy_case {
    struct policy_entry entry; /* its code, what it tells (only in Dutch), and its source */
    struct check check;
    struct subject subject;
    struct statement *statements; /* prepared */
    size_t statement_count;
    moment now;
    struct policy_expectation expected[DECIDE_ITEMS]; /* for each item of the check */
};

enum { POLICY_CASE_TEXT = 256 };

/* Decides the case under the pack that carries it. */
void policy_case_decide (const struct policy *policy, const struct policy_case *one, struct decision *decision);
/* The item was decided as expected. */
bool policy_case_is_met (const struct policy_case *one, const struct decision *decision, size_t item);
/* "PERMIT statute wmo-5.2.1", "DENY NO_FLOW": the expected decision on the item, and the real one. */
void policy_case_expected_text (const struct policy *policy, const struct policy_case *one, size_t item,
                                char text[POLICY_CASE_TEXT]);
void policy_case_decided_text (const struct policy *policy, const struct policy_case *one,
                               const struct decision *decision, size_t item, char text[POLICY_CASE_TEXT]);
/* "naw", "naw:jeugdwet": the item as the case writes it. */
void policy_case_item_text (const struct policy *policy, const struct policy_case *one, size_t item,
                            char text[POLICY_CASE_TEXT]);

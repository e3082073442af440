/* The parts of C7 that consent_ground.c and near_miss.c share. Internal to the rules. */
#pragma once
#include "ground.h"

/* Reasons as a set, one bit for each code. The codes of C7 are numbered in the order in which they are given, so
   the order of the records does not matter. */
typedef uint64_t reason_set;
#define HAS_A_BIT(name, number, rule) _Static_assert(number < 64, #name " has a bit");
RULE_CODES (HAS_A_BIT)
#undef HAS_A_BIT

static inline reason_set reason_set_of (enum rule_code one)
{
    return UINT64_C (1) << one;
}

/* What has been found about an item so far. */
struct finding {
    const struct bearing *refusal; /* the latest refusal that covers the item; NULL: none */
    const struct bearing *best;    /* the preferred consent of those that hold; NULL: none */
    bool covered;                  /* a statement covers the item */
    bool consent_is_later;         /* a consent for the item is later than the refusal */
    reason_set reasons, heard;
};

void consent_ground_add (struct finding *finding, const struct bearing *from, reason_set reasons);
void consent_ground_tell (const struct question *question, const struct bearing *about, enum trace_outcome outcome,
                          reason_set reasons);

/* The statement names the item's category. */
static inline bool consent_ground_names_category (const struct bearing *one, const struct question *question)
{
    return code_set_has (&one->statement->scope.category_set, question->category);
}

/* G10: a refusal that names origins covers those, and an item whose origin is not known. */
static inline bool consent_ground_refuses_origin (const struct statement *refusal, const struct question *question)
{
    return !refusal->scope.names_origins || question->origin == CODE_NONE ||
           code_set_has (&refusal->scope.origin_set, question->origin);
}

/* The conditions that this consent fails. Withdrawal of the item is not one of them: the caller judges that. */
reason_set consent_ground_conditions_failed (const struct bearing *one, const struct question *question);

/* Reason 3, where no statement covers the item. Adds the reason of every consent that would serve if one thing in
   it were different. */
void near_miss_find (const struct question *question, struct finding *finding);

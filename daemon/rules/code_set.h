/* A code of the policy pack is its position in the pack's list. A set of codes has one bit for each code. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

enum { CODE_LIMIT = 255, CODE_NONE = 255 }; /* at most 255 codes of one sort in a pack; 255 is "no such code" */

typedef uint8_t code;

typedef struct {
    uint64_t word[4];
} code_set;

static inline bool code_set_has (const code_set *set, code one)
{
    return one != CODE_NONE && (set->word[one >> 6] >> (one & 63) & 1) != 0;
}

static inline void code_set_add (code_set *set, code one)
{
    if (one != CODE_NONE)
        set->word[one >> 6] |= UINT64_C (1) << (one & 63);
}

static inline void code_set_add_all (code_set *set, const code_set *others)
{
    for (unsigned i = 0; i < 4; i++)
        set->word[i] |= others->word[i];
}

static inline bool code_set_is_empty (const code_set *set)
{
    return (set->word[0] | set->word[1] | set->word[2] | set->word[3]) == 0;
}

/* Every member of `inner` is in `outer`. */
static inline bool code_set_within (const code_set *inner, const code_set *outer)
{
    return ((inner->word[0] & ~outer->word[0]) | (inner->word[1] & ~outer->word[1]) |
            (inner->word[2] & ~outer->word[2]) | (inner->word[3] & ~outer->word[3])) == 0;
}

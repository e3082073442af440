/* The small pack with something changed, for tests of what reads and compares packs. */
#pragma once
#include "policy/policy_read.h"

struct change {
    const char *file, *old, *new; /* the first `old` in the file becomes `new`; old NULL: the whole text, of a file
                                     that the small pack may lack */
};

enum { CHANGES = 6 };

/* Reads the small pack with these changes, made in this order, at most CHANGES; what policy_read_texts returns. */
int changed_pack_try (struct policy **policy_p, const struct change *changes, size_t count,
                      policy_hash_function *hash, struct policy_error *error);
/* The same, with all that is wrong. */
int changed_pack_try_all (struct policy **policy_p, const struct change *changes, size_t count,
                          struct policy_faults *faults);
/* The same where it must be right. Caller owns the pack. */
struct policy *changed_pack_read (const struct change *changes, size_t count, policy_hash_function *hash);
/* A hash for tests, instead of sodium's: order and content both count. */
void changed_pack_hash (const void *a, size_t a_size, const void *b, size_t b_size, uint8_t hash[32]);
/* The text has these words, wherever its lines end and however far they are indented. */
bool text_says (const char *text, const char *words);
/* The columns of its longest line. */
size_t text_width (const char *text);
/* Reads the small pack with that change, NULL: none, and that hash. It must be right. Caller owns it. */
struct policy *changed_pack_good (const struct change *change);

/* What inputs are made with. */
#pragma once
#include "chance.h"

struct arena;

struct maker {
    struct arena *arena;
    struct chance chance;
    size_t optional; /* one in so many of the fields that may be left out is there; at least 1 */
};

static inline size_t maker_below (struct maker *self, size_t limit)
{
    return chance_below (&self->chance, limit);
}

static inline bool maker_one_in (struct maker *self, size_t times)
{
    return chance_one_in (&self->chance, times);
}

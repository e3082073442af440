/* Numbers by chance: the same for the same seed. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct chance {
    uint64_t state;
};

/* splitmix64 */
static inline uint64_t chance_number (struct chance *self)
{
    uint64_t mixed = self->state += UINT64_C (0x9e3779b97f4a7c15);
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C (0xbf58476d1ce4e5b9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C (0x94d049bb133111eb);
    return mixed ^ (mixed >> 31);
}

/* From 0 up to `limit`, which is not 0 and does not take part. */
static inline size_t chance_below (struct chance *self, size_t limit)
{
    return chance_number (self) % limit;
}

static inline bool chance_one_in (struct chance *self, size_t times)
{
    return chance_below (self, times) == 0;
}

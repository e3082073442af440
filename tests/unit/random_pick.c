#include "random_pick.h"

static uint64_t state = UINT64_C (0x9E3779B97F4A7C15);

void random_begin (uint64_t seed)
{
    state = seed;
}

/* xorshift64* */
unsigned random_pick (unsigned below)
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return (unsigned)((state * UINT64_C (0x2545F4914F6CDD1D)) >> 33) % below;
}

#include "tree.h"
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "merkle/merkle.h"

enum { ROUNDS = 9, LINES = 20000, LONGEST = 4096 };

static double processor_us (void)
{
    struct timespec now;
    clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int compare (const void *one, const void *other)
{
    double a = *(const double *)one, b = *(const double *)other;
    return (a > b) - (a < b);
}

double tree_us (double line_bytes)
{
    static uint8_t line[LONGEST];
    double rounds[ROUNDS];
    size_t size = line_bytes < LONGEST ? (size_t)line_bytes : LONGEST;
    struct merkle_edge edge = {.size = 0};
    for (size_t round = 0; round < ROUNDS; round++) {
        double before = processor_us ();
        for (uint64_t i = 0; i < LINES; i++) {
            struct merkle_filled filled;
            memcpy (line, &i, sizeof i);
            struct merkle_hash leaf = merkle_leaf ((struct bytes){line, size});
            merkle_add (&edge, &leaf, &filled);
        }
        rounds[round] = (processor_us () - before) / LINES;
    }
    qsort (rounds, ROUNDS, sizeof *rounds, compare);
    return rounds[ROUNDS / 2];
}

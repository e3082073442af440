#include "tree.h"
#include <string.h>
#include <unistd.h>
#include "client.h"
#include "merkle/merkle.h"

enum { ROUNDS = 9, LINES = 20000, LONGEST = 4096 };

double tree_us (double line_bytes)
{
    static uint8_t line[LONGEST];
    size_t size = line_bytes < LONGEST ? (size_t)line_bytes : LONGEST;
    struct merkle_edge edge = {.size = 0};
    struct series rounds = {.count = 0};
    for (size_t round = 0; round < ROUNDS; round++) {
        double before = bench_processor_us (getpid ());
        for (uint64_t i = 0; i < LINES; i++) {
            struct merkle_filled filled;
            memcpy (line, &i, sizeof i);
            struct merkle_hash leaf = merkle_leaf ((struct bytes){line, size});
            merkle_add (&edge, &leaf, &filled);
        }
        series_add (&rounds, (bench_processor_us (getpid ()) - before) / LINES);
    }
    return series_median (&rounds);
}

/* Whether a store is right after a power cut, a death or a fault. */
#pragma once
#include <stdint.h>
#include "disk.h"

/* Makes a directory, in memory where that is possible, since images are many. */
void scratch_make (char path[64], const char *name);
void scratch_empty (const char *directory);
void scratch_remove (const char *directory);

/* Opens the store in `directory`, compares it with what the turns (turns.h) have left, writes one more, and opens
   it again. NULL: it is right, and has every turn up to `told`, and none after `begun`. Else what is wrong, lent
   until the next call. */
const char *judge_store (const char *directory, uint64_t told, uint64_t begun);
/* In a child, before what may kill it, or never end. */
void judge_die_silently (void);
/* The same as judge_store in a process of its own, which may end as it likes. */
bool judge_is_wrong (const char *directory, uint64_t told, uint64_t begun);

/* Cuts the power after every step of the trace, each a number of times, so that it comes to `count` or more in
   all, and judges each image, which is written to `scratch`. Fails the test at the first one that is wrong.
   Returns how many there were. */
unsigned long assert_survives_cuts (const struct disk_trace *trace, uint64_t seed, unsigned long count,
                                    const char *scratch);

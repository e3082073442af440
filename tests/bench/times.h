/* How long one takes, in microseconds. */
#pragma once
#include "rates.h"

/* With one outstanding. What is compared is measured in many short turns, since a disk is not the same for long;
   these are the medians of each turn. */
struct single_times {
    struct series echo, check;
    struct series peer;         /* empty: there is no PostgreSQL */
    struct series sync, commit; /* what the disk takes for one line */
    double check_p99;           /* of all turns together */
    /* What a check takes beside an echo and a sync of the same turn. Of the quarter of turns in which syncs were
       quickest: else it is the machine's neighbours that are measured. */
    double own;
};

void times_single (struct setting *setting, int64_t ms, struct single_times *times);

/* At moments that do not wait for answers, so many a second; each is the median of the rounds. */
struct open_times {
    struct series p50, p99;
};

void times_open (struct setting *setting, double per_second, struct rounds rounds, struct open_times *times);

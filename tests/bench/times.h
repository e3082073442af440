/* How long one takes, in microseconds. */
#pragma once
#include "rates.h"

/* With one outstanding. What is compared is measured in many short turns, since a disk is not the same for long.
 */
struct single_times {
    double echo_p50, check_p50, check_p99;
    double peer_p50;     /* 0: there is no PostgreSQL */
    double sync, commit; /* medians of what the disk takes for one line */
};

void times_single (struct setting *setting, int64_t ms, struct single_times *times);

/* At moments that do not wait for answers, so many a second; each is the median of the rounds. */
struct open_times {
    struct series p50, p99;
};

void times_open (struct setting *setting, double per_second, struct rounds rounds, struct open_times *times);

/* A process of its own, beside the one that measures: it does one thing at a time, as it is told, and tells what
   came of it. To be started before this process has a socket. */
#pragma once
#include "requests.h"

struct helper_order {
    int what; /* the helper's own */
    struct people people;
    double per_second;
    int64_t ms;
    size_t count;
    struct bench_identity identity;
    char consumer[33];
};

struct helper_result {
    double per_second, p99_us;
    size_t count, turned_away;
};

typedef void helper_act (const struct helper_order *order, struct helper_result *result);

struct helper;
/* It ends with this process. */
struct helper *helper_start (helper_act *act);
void helper_stop (struct helper **self_p);
/* Has it begin. It must have ended what it was told before. */
void helper_begin (struct helper *self, const struct helper_order *order);
/* It has done what it was told. */
bool helper_is_done (const struct helper *self);
/* Waits until it has. */
void helper_end (struct helper *self, struct helper_result *result);

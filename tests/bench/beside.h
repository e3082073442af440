/* What goes on beside the consumers that are measured, each in a helper: checks, and a consumer that is no good.
 */
#pragma once
#include "helper.h"

/* Checks, on connections of its own. `people` are asked about, for `ms`. */
enum beside_checks {
    BESIDE_AT_MOST, /* as many as can be: `per_second` in the result */
    BESIDE_EVEN,    /* `per_second`, whatever the answers do; in the result those that were answered a second, and
                       their p99 */
};
helper_act beside_check;

/* The consumer of that name of the party with that identity. It leaves the processor to others: what is shown is
   how the registry divides its time. */
enum beside_consumer {
    BESIDE_STALL, /* subscribes, with all the credit that there is, and reads nothing; it is done at once */
    BESIDE_READ,  /* reads what waits for it and acknowledges that, for `ms` or until nothing waits; `count` in the
                     result */
    BESIDE_LEAVE,
};
helper_act beside_consume;

/* The attempts of a request: when they are made, and what is new in each. */
#pragma once
#include <stddef.h>
#include <stdint.h>

/* Fills with random bytes of the kernel. Aborts if there are none. */
void attempt_random (void *data, size_t size);

/* Milliseconds of a clock that never goes back, and goes on while the machine sleeps. */
int64_t attempt_now (void);

/* How long to wait before attempt number `attempt` (from 1): twice as long each time, up to two seconds. Half of
   that time is fixed, the other half is random. */
int64_t attempt_pause (int attempt);

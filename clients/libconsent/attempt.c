#include "attempt.h"

#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

enum {
    PAUSE_FIRST = 50,
    PAUSE_LAST = 2000,
};

void attempt_random (void *data, size_t size)
{
    if (getrandom (data, size, 0) != (ssize_t)size)
        abort ();
}

int64_t attempt_now (void)
{
    struct timespec now;
    clock_gettime (CLOCK_BOOTTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t attempt_pause (int attempt)
{
    int64_t longest = PAUSE_FIRST;
    for (int i = 1; i < attempt && longest < PAUSE_LAST; i++)
        longest *= 2;
    if (longest > PAUSE_LAST)
        longest = PAUSE_LAST;
    uint32_t chance;
    attempt_random (&chance, sizeof chance);
    return longest / 2 + (int64_t)(chance % (uint32_t)(longest / 2 + 1));
}

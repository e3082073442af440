#include "pause.h"

#include <stdint.h>
#include <sys/random.h>

enum {
    FIRST = 1000,
    MOST = 60000,
    ASKED_MOST = 3600, /* s */
};

long pause_after (unsigned tries, long asked)
{
    uint16_t chance = 0;
    long pause = FIRST;
    for (unsigned i = 1; i < tries && pause < MOST; i++)
        pause *= 2;
    if (pause > MOST)
        pause = MOST;
    if (getrandom (&chance, sizeof chance, 0) == sizeof chance)
        pause = pause / 2 + pause / 2 * chance / UINT16_MAX;
    if (asked > ASKED_MOST)
        asked = ASKED_MOST;
    return asked * 1000 > pause ? asked * 1000 : pause;
}

#include "stopping.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <time.h>

static bool asked;

static sigset_t awaited (void)
{
    sigset_t set;
    sigemptyset (&set);
    sigaddset (&set, SIGTERM);
    sigaddset (&set, SIGINT);
    return set;
}

void stopping_begin (void)
{
    const sigset_t set = awaited ();
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigprocmask (SIG_BLOCK, &set, NULL);
    sigaction (SIGPIPE, &ignore, NULL);
}

void stopping_pause (long milliseconds)
{
    const sigset_t set = awaited ();
    const struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    if (!asked && sigtimedwait (&set, NULL, &time) > 0)
        asked = true;
}

bool stopping_is_asked (void)
{
    stopping_pause (0);
    return asked;
}

#include "supervisor.h"
#include <stdio.h>
#include <string.h>
#include <systemd/sd-daemon.h>
#include <time.h>

enum { LINE_SIZE = 160 };

void supervisor_ready (void)
{
    sd_notify (0, "READY=1");
}

void supervisor_reloading (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now); /* newer versions of systemd want to know which reload this is */
    sd_notifyf (0, "RELOADING=1\nMONOTONIC_USEC=%llu",
                (unsigned long long)now.tv_sec * 1000000 + (unsigned long long)now.tv_nsec / 1000);
}

void supervisor_stopping (void)
{
    sd_notify (0, "STOPPING=1");
}

void supervisor_status (const char *line)
{
    static char said[LINE_SIZE];
    if (strncmp (said, line, sizeof said - 1) == 0)
        return;
    snprintf (said, sizeof said, "%s", line);
    sd_notifyf (0, "STATUS=%s", said);
}

int64_t supervisor_alive_every (void)
{
    uint64_t limit = 0; /* us */
    if (sd_watchdog_enabled (0, &limit) <= 0)
        return 0;
    int64_t every = (int64_t)(limit / 2000);
    return every > 0 ? every : 1;
}

void supervisor_alive (void)
{
    sd_notify (0, "WATCHDOG=1");
}

#include "text/progress.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { PROGRESS_MS = 200 };

static const char TO_THE_LEFT[] = "\r\033[K";

static int64_t
    shown;        /* when the line that stands there was written; 0: there is none. A process has one terminal */
static int width; /* of that line */

static int64_t steady_now (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 + 1;
}

void progress_show (const char *format, ...)
{
    int64_t now = steady_now ();
    va_list arguments;
    if ((shown && now - shown < PROGRESS_MS) || !isatty (STDERR_FILENO))
        return;
    shown = now;
    va_start (arguments, format);
    fputs ("\r", stderr);
    int written = vfprintf (stderr, format, arguments);
    va_end (arguments);
    for (int i = written; i < width; i++)
        fputc (' ', stderr); /* what was there is covered */
    width = written;
    fflush (stderr);
}

void progress_end (void)
{
    if (shown)
        fputs (TO_THE_LEFT, stderr);
    shown = width = 0;
}

/* What is done with an event before it is acknowledged: its line is written, or a program is run for it. */
#pragma once
#include <signal.h>

enum {
    HANDLER_FAILED = 1,  /* not handled, so not to be acknowledged; a sentence was printed on stderr */
    HANDLER_STOPPED = 2, /* a signal asked us to stop before the event was handled */
};

/* Writes the line to stdout. If stdout is a file, the line is written whole or not at all, and is on the disk. 0
   or HANDLER_FAILED. */
int handler_print (const char *line);

/* Runs a program with the line on its stdin, until it ends well. After a failure it runs again, after a pause that
   grows from one second to a minute; the next event must wait. A signal handler sets `*stop`; a program that runs
   may finish. `arguments` begin with the program and end with NULL. 0 or HANDLER_STOPPED. */
int handler_run (char *const *arguments, const char *line, const volatile sig_atomic_t *stop);

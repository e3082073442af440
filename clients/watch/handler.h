/* What is done with an event before it is acknowledged: its line is put out, or a program is run on it. */
#pragma once
#include <signal.h>

enum {
    HANDLER_FAILED = 1,  /* not handled: must not be acknowledged; a sentence was printed on standard error */
    HANDLER_STOPPED = 2, /* a signal asked us to stop before it was handled */
};

/* Writes the line to standard output, whole or not at all where that is a file; then it is on the disk, too.
   0 or HANDLER_FAILED. */
int handler_print (const char *line);

/* Runs a program with the line on its standard input until it ends well: again after a pause that grows from one
   second to a minute, and never on to the next event. `*stop` is set by a signal handler; a program that runs is
   let finish. `arguments` begin with the program and end with NULL. 0 or HANDLER_STOPPED. */
int handler_run (char *const *arguments, const char *line, const volatile sig_atomic_t *stop);

/* The command line of an adapter, around passage.h: one message comes in, and what may go out is written. */
#pragma once

/* Exit codes besides those of sysexits.h. */
enum {
    PROGRAM_PASSED = 0, /* passed on, whole or thinned */
    PROGRAM_HELD = 1    /* nothing was passed on */
};

/* The differences between the adapters. */
struct program {
    const char *name;
    const char *summary;   /* one line */
    const char *recipient; /* default of --to; NULL: whom the message names as its receiver */
    const char
        *mappings; /* files that are tried if there is no --mapping, separated by spaces; "": it must be given */
    const char *more_usage; /* further lines of the help; "" for none */
};

/* Runs an adapter to its end. Returns the exit code. */
int program_run (const struct program *program, int argc, char **argv);

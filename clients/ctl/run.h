/* From the words of a command line to an exit code. */
#pragma once
#include <stddef.h>

struct command;

/* Runs the program with these words, without its own name. Returns the exit code. */
int run_words (const char *const *words, size_t count);
/* The same for a command of another program, whose name ctl_program is: these words come after the command's. */
int run_alone (const struct command *command, const char *const *words, size_t count);

/* From the words of a command line to an exit code. */
#pragma once
#include <stddef.h>

struct command;
struct ctl;
struct options;

/* Runs the program with these words, without its own name. Returns the exit code. */
int run_words (const char *const *words, size_t count);
/* The same for a command of another program, whose name ctl_program is: these words come after the command's. */
int run_alone (const struct command *command, const char *const *words, size_t count);
/* Fills what the options of every command say, of a ctl that has its arena. Nothing is opened yet. 0, or an exit code
   with its line printed. */
int run_prepare (struct ctl *ctl, const struct options *options);

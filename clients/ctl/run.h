/* From the words of a command line to an exit code. */
#pragma once
#include <stddef.h>

/* Runs the program with these words, without its own name. Returns the exit code. */
int run_words (const char *const *words, size_t count);

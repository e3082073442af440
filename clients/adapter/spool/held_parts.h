/* The parts of `held`: what is asked of them, and what they show. */
#pragma once
#include <stdbool.h>

struct held_run {
    const char *program, *directory, *name, *reason_file;
    bool json;
};

/* Says what is wrong with what. Returns `code`. */
int held_complain (const struct held_run *self, int code, const char *what, const char *why);
/* The message `name` is in held/. */
bool held_is_there (const struct held_run *self);

/* What is held, a row each: a table that fits the terminal. Returns the exit code. */
int held_list (const struct held_run *self);
/* All that is known of the message `name`. Returns the exit code. */
int held_show (const struct held_run *self);

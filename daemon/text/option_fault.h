/* What is wrong with an option, for the programs that read theirs by getopt_long. */
#pragma once
#include <getopt.h>

/* getopt_long, with `opterr` 0, has just returned '?' for one of `argv`: a sentence without an end, such as "--key
   needs a value; see --help" or "unknown option: did you mean --key?; see --help". What was typed is not repeated,
   as it may be personal. `shorts` and `options` are what getopt_long was given. The sentence stands until the next
   call. */
const char *option_fault (char *const *argv, const char *shorts, const struct option *options);

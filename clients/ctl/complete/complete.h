/* What completes a command line, for shells: consentctl complete -- PROGRAM [WORD]... */
#pragma once
#include <stddef.h>

/* `words` are those of the command line up to the cursor, the program's name first; the last, which may be empty,
   is the one to complete. Prints what it may become: a line each, the word, a tab and what it is; or ":files" or
   ":directories", which the shell knows better. Prints nothing else, also where something fails: a person is in
   the midst of typing. Never a BSN, and nothing that a person wrote. Returns the exit code: 0. */
int complete_run (const char *const *words, size_t count);

/* What a --help of ours says: which options there are, with which values, and which commands of more words.

   A line that begins with the name of the program (after "Usage:") shows how it is called. A line that begins with
   an option explains it: its names, with the value if there is one, two blanks, and the explanation, which may go
   on below itself. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

enum { HELP_WORD = 48, HELP_ABOUT = 240, HELP_OPTIONS = 96, HELP_COMMANDS = 16 };

struct help_option {
    char name[HELP_WORD];   /* "--key" or "-k" */
    char value[HELP_WORD];  /* "FILE"; or a word as it is typed, "stdin"; "": a flag */
    char about[HELP_ABOUT]; /* on one line; what is longer is cut */
};

struct help_text {
    struct help_option options[HELP_OPTIONS];
    size_t option_count;
    char commands[HELP_COMMANDS][HELP_WORD]; /* "mapping check" */
    size_t command_count;
};

/* Reads to the end, at most 64 KiB. NULL: nothing came. Caller must free it. */
char *help_text_read (int file);
/* Scans the text, which it changes. What is beyond the sizes above is left out. Caller must free the result. */
struct help_text *help_text_scan (char *text, const char *program);

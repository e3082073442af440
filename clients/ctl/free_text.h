/* What a person wrote about a subject: never on the command line, where the shell's history and every other user
   see it. */
#pragma once

struct ctl;
struct options;

/* How each such option is told. */
#define FREE_TEXT_DETAILS \
    "What is written comes from a file, with '-' from standard input, or is asked for at a terminal."

/* Reads the text of the file that option `name` names; "-": standard input, and then the BSN, if one is asked for,
   is in a file too. At a terminal "-", and the option left out, ask for it in one line: `question`. Blanks around
   it are passed over. 0 with *text_p in the arena, or an exit code with its line printed. */
int free_text_read (struct ctl *ctl, const struct options *options, const char *name, const char *question,
                    char **text_p);
/* Reads the text of this file. As above. */
int free_text_read_file (struct ctl *ctl, const char *path, char **text_p);
/* Asks for it in one line at a terminal. As above, and nothing at all is "". */
int free_text_ask (struct ctl *ctl, const char *question, char **text_p);
/* The same where there may be none: then *text_p is "", and it is asked for with "-" only. */
int free_text_read_if_given (struct ctl *ctl, const struct options *options, const char *name,
                             const char *question, char **text_p);

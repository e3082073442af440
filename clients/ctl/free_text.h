/* What a person wrote about a subject. It is never on the command line, where the shell's history and all other
   users can see it. */
#pragma once

struct ctl;
struct options;

/* The help for such options. */
#define FREE_TEXT_DETAILS \
    "What is written comes from a file, with '-' from standard input, or is asked for at a terminal."

/* Reads the text of the file that option `name` names. "-" is stdin; a BSN, if the command reads one, must then be
   in a file. At a terminal `question` is asked, for an answer of one line, if the option is "-" or not given.
   Blanks around the text are ignored. 0 with *text_p in the arena, or an exit code with its line printed. */
int free_text_read (struct ctl *ctl, const struct options *options, const char *name, const char *question,
                    char **text_p);
/* Reads the text of this file. Returns as above. */
int free_text_read_file (struct ctl *ctl, const char *path, char **text_p);
/* Asks for one line at a terminal. Returns as above; an empty answer gives "". */
int free_text_ask (struct ctl *ctl, const char *question, char **text_p);
/* The same for an optional text. It is asked for only with "-"; if it is not given, *text_p is "". */
int free_text_read_if_given (struct ctl *ctl, const struct options *options, const char *name,
                             const char *question, char **text_p);

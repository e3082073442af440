/* What a person wrote about a subject: never on the command line, where the shell's history and every other user
   see it. */
#pragma once

struct ctl;
struct options;

/* Reads the text of the file that option `name` names; "-": standard input, and then the BSN, if one is asked
   for, is in a file too.
   Blanks around it are passed over. 0 with *text_p in the arena, or an exit code with its line printed. */
int free_text_read (struct ctl *ctl, const struct options *options, const char *name, char **text_p);

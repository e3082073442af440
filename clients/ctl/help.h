/* Help texts, made from the tables of commands. */
#pragma once
#include <stdio.h>
#include "options.h"

struct arena;

/* Every family of commands, in the order of the help. Ends with NULL. */
extern const struct command *const command_families[];

/* The command with these words; *used is how many of them name it. NULL: there is none. */
const struct command *command_find (const char *const *words, size_t count, size_t *used);
/* The command that was likely meant by words that name none; NULL: none is like them. */
const struct command *command_likely (const char *const *words, size_t count);
/* The first word of some commands that was likely meant by a word that is none; NULL: none is like it. The
 * arena's. */
const char *command_family_likely (const char *word, struct arena *arena);
/* There are commands of more than one word that begin with this word. */
bool command_is_family (const char *word);

/* They fit a terminal (text/help_page.h). */
void help_print_overview (FILE *out);
/* Prints the overview, and then the help of each command, without the options that every command has. */
void help_print_all (FILE *out);
/* Prints the commands that begin with `word`. */
void help_print_family (const char *word, FILE *out);
void help_print_command (const struct command *command, FILE *out);

/* Help texts, made from the tables of commands. */
#pragma once
#include <stdio.h>
#include "options.h"

/* Every family of commands, in the order of the help; ends with NULL. */
extern const struct command *const command_families[];

/* The command of these words, and in *used how many of them name it. NULL: none. */
const struct command *command_find (const char *const *words, size_t count, size_t *used);
/* There are commands of more than one word that begin with this one. */
bool command_is_family (const char *word);

void help_print_overview (FILE *out);
/* The commands that begin with `word`. */
void help_print_family (const char *word, FILE *out);
void help_print_command (const struct command *command, FILE *out);

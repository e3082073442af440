/* A BSN as a person gives it. It is never on the command line, where the shell's history and all other users can
   see it. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct arena;
struct ctl;
struct options;

enum { BSN_TEXT = 10 }; /* nine digits and a NUL */

/* The option with which a command reads a BSN, with its help. */
/* clang-format off */
#define BSN_OPTION                                                                                      \
    {"bsn-file", "FILE", "file with the BSN (else standard input; at a terminal it is asked for, unseen)", 0}
/* clang-format on */
#define BSN_DETAILS \
    "The BSN is read from standard input, from a file, or at a prompt: never from the command line."

/* Writes the nine digits of `text`. Eight digits are padded; blanks around them are ignored. False if they fail
   the 11-test. */
bool bsn_read_text (const char *text, size_t size, char bsn[BSN_TEXT]);
/* One of the words holds nine digits that pass the 11-test and are not part of a longer number or name. */
bool bsn_is_among (const char *const *words, size_t count);
/* Reads the BSN that a command is about: from --bsn-file, from stdin, or at a prompt without echo. 0 with *bsn_p
   in the arena, or an exit code with its line printed. */
int bsn_ask (struct ctl *ctl, const struct options *options, char **bsn_p);

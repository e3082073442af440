/* Before what cannot be taken back: whoever types the command sees what it will do, and says yes. */
#pragma once
#include <stdio.h>
#include "options.h"

/* The option with which scripts say it: for the table of a command that asks. */
#define AGREE_OPTION                           \
    {                                          \
        "yes", NULL, "do it without asking", 0 \
    }

/* Asks at the terminal, on standard error, whether to go on; with --yes it does not ask. The caller has printed
   what will happen. 0: yes; CTL_NO: no, which is said; EX_USAGE with its line printed where nobody can be asked,
   since standard input is no terminal. */
int agree (const struct options *options);

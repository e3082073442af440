/* Asks before a command does what cannot be undone. Whoever types the command sees what it will do, and says
   yes. */
#pragma once
#include <stdio.h>
#include "options.h"

/* The option that says yes for a script. For the option table of a command that asks. */
#define AGREE_OPTION                           \
    {                                          \
        "yes", NULL, "do it without asking", 0 \
    }

/* Asks at the terminal, on stderr, whether to go on. With --yes it does not ask. The caller has printed what will
   happen. 0: yes; CTL_NO: no, which is printed; EX_USAGE with its line printed if nobody can be asked, because
   stdin is no terminal. */
int agree (const struct options *options);

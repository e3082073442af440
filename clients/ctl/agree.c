#include "agree.h"
#include <string.h>
#include <unistd.h>
#include "ctl.h"

int agree (const struct options *options)
{
    if (options_has (options, "yes"))
        return 0;
    fflush (stdout);
    if (!isatty (STDIN_FILENO))
        return ctl_fail (EX_USAGE, "nothing was done: nobody can be asked here; --yes does it without asking");
    char answer[16] = "";
    fprintf (stderr, "Go on? [y/N] ");
    if (fgets (answer, sizeof answer, stdin) != NULL &&
        (strcmp (answer, "y\n") == 0 || strcmp (answer, "yes\n") == 0))
        return 0;
    return ctl_fail (CTL_NO, "nothing was done");
}

/* consent-adapter: whether a mapping is right, and what becomes of everything in its messages; see
 * docs/adapters.md. */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include "mapping_check.h"

int main (int argc, char **argv)
{
    static char check[] = "consent-adapter mapping check";
    if (argc > 2 && strcmp (argv[1], "mapping") == 0 && strcmp (argv[2], "check") == 0) {
        argv[2] = check;
        return mapping_check_run (argc - 2, argv + 2);
    }
    fprintf (stderr,
             "consent-adapter: usage: consent-adapter mapping check [--pack DIR] [--xsd FILE] MAPPING...\n");
    return EX_USAGE;
}

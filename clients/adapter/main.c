/* consent-adapter: passes on any message for which there is a mapping, and says whether a mapping is right; see
   docs/adapters.md. */
#include <string.h>
#include "mapping_check.h"
#include "program.h"
#include "streams.h"

int main (int argc, char **argv)
{
    static const struct program generic = {
        .name = "consent-adapter",
        .summary = "Passes on a message to the party that it is for, without what it may not have.\n",
        .mappings = "",
        .more_usage = "       consent-adapter mapping check [--pack DIR] [--xsd FILE] MAPPING...\n",
    };
    static char check[] = "consent-adapter mapping check";
    streams_hold ();
    if (argc > 2 && strcmp (argv[1], "mapping") == 0 && strcmp (argv[2], "check") == 0) {
        argv[2] = check;
        return mapping_check_run (argc - 2, argv + 2);
    }
    return program_run (&generic, argc, argv);
}

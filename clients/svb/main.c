/* svb: passes on from an allocation message what the SVB may have for the pgb; see docs/adapters.md. */
#include "program.h"
#include "streams.h"

int main (int argc, char **argv)
{
    static const struct program svb = {
        .name = "svb",
        .summary = "Turns a WMO301 or JW301 into what the SVB may have: only what it needs for the pgb.\n",
        .recipient = "svb",
        .mappings = "wmo301-pgb.map jw301-pgb.map",
        .more_usage = "",
    };
    streams_hold ();
    return program_run (&svb, argc, argv);
}

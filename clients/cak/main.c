/* cak: passes on from an allocation message what the CAK may have for the eigen bijdrage; see docs/adapters.md. */
#include "program.h"
#include "streams.h"

int main (int argc, char **argv)
{
    static const struct program cak = {
        .name = "cak",
        .summary =
            "Turns a WMO301 or JW301 into what the CAK may have: only what it needs for the eigen bijdrage.\n",
        .recipient = "cak",
        .mappings = "wmo301-eigen-bijdrage.map jw301-eigen-bijdrage.map",
        .more_usage = "",
    };
    streams_hold ();
    return program_run (&cak, argc, argv);
}

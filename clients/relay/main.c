/* consent-relay: moves a party's events into a stream of NATS JetStream. */
#include <string.h>
#include <sysexits.h>
#include "delivery/stopping.h"
#include "options.h"
#include "streams.h"

int main (int argc, char **argv)
{
    struct options options;
    streams_hold ();
    int result = options_parse (&options, argc, argv);
    if (result != 0)
        return result < 0 ? EX_OK : result;
    stopping_begin (); /* before libnats has threads of its own, which have the signals blocked by that */
    result = relay_run (&options.order);
    explicit_bzero (options.user, sizeof options.user);
    return result;
}

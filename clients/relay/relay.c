#include "relay.h"

#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include "delivery/pause.h"
#include "delivery/stopping.h"
#include "session.h"

enum { PAUSE_MOST = 5000 }; /* ms: that it is back is to be noticed soon */

int relay_run (const struct relay_order *order)
{
    struct relay relay = {.order = *order, .settling = settling_new ()};
    int result = SESSION_AGAIN;
    if (asprintf (&relay.mark_file, "%s.stream", order->position) < 0)
        abort ();
    for (unsigned tries = 1; result == SESSION_AGAIN && !stopping_is_asked (); tries++) {
        struct session session;
        result = session_begin (&session, &relay);
        if (result == 0) {
            tries = 1;
            result = session_follow (&session);
        }
        session_end (&session);
        long pause = pause_after (tries, 0);
        if (result == SESSION_AGAIN)
            stopping_pause (pause < PAUSE_MOST ? pause : PAUSE_MOST);
    }
    jetstream_end ();
    settling_destroy (&relay.settling);
    free (relay.mark_file);
    free (relay.subject);
    return result == SESSION_AGAIN || result == SESSION_STOPPED ? EX_OK : result;
}

/* consent-http: the registry's checks over HTTPS, as the Authorization API 1.0 of AuthZEN. A certificate is a
 * party. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include "bridge.h"
#include "delivery/stopping.h"
#include "pool.h"
#include "server.h"
#include "streams.h"
#include "text/escape.h"

enum { LOOK = 500 }; /* ms between two looks at who is too slow */

static const char help[] =
    "usage: consent-http [OPTION...] CONFIGURATION\n"
    "\n"
    "Answers questions of programs over HTTPS, as AuthZEN has them (Authorization API 1.0), by asking the "
    "registry as the\n"
    "party to whom the client's certificate is bound. CONFIGURATION is a file as config/consent-http.conf; "
    "docs/http.md\n"
    "says what can be asked, and what an answer means.\n"
    "\n"
    "  --check          reads the configuration and the keys, and says whether it could start\n"
    "  --help           this text\n"
    "  --version        the version of this program\n"
    "\n"
    "It ends at SIGTERM or SIGINT. Exit codes: 0 ended, or could start; 64 wrong usage; 69 the address is in use, "
    "or the\n"
    "certificate and its key cannot be used; 78 the configuration, or a key file in it, cannot be used.\n";

static int complain (int code, const char *what)
{
    escape_line (stderr, "consent-http: %s", what);
    return code;
}

static int serve (const struct bridge *bridge, struct pool *pool)
{
    struct server server;
    if (server_start (&server, bridge, pool) != 0)
        return complain (EX_UNAVAILABLE,
                         "the address cannot be listened on, or the certificate and its key cannot be "
                         "used");
    escape_line (stderr, "consent-http: ready on %s", bridge->listen);
    while (!stopping_is_asked ()) {
        stopping_pause (LOOK);
        server_look (&server);
    }
    server_stop (&server);
    return EX_OK;
}

static int run (const char *configuration, bool is_check)
{
    struct bridge bridge;
    struct settings_error fault;
    char error[512];
    int result = EX_OK;
    struct pool *pool = NULL;
    if (bridge_read (&bridge, configuration, &fault) != 0)
        result = complain (EX_CONFIG, fault.text);
    else if (!(pool = pool_new (&bridge, error, sizeof error)))
        result = complain (EX_CONFIG, error);
    else if (!is_check)
        result = serve (&bridge, pool);
    pool_destroy (&pool);
    bridge_free (&bridge);
    return result;
}

int main (int argc, char **argv)
{
    static const struct option names[] = {
        {"check", no_argument, NULL, 'c'},
        {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'V'},
        {NULL, 0, NULL, 0},
    };
    int option;
    bool is_check = false;
    streams_hold ();
    opterr = 0;
    while ((option = getopt_long (argc, argv, "", names, NULL)) != -1) {
        if (option == 'h' || option == 'V') {
            fputs (option == 'h' ? help : "consent-http " CONSENTD_VERSION "\n", stdout);
            return EX_OK;
        }
        if (option != 'c')
            return complain (EX_USAGE, "an unknown option; see --help");
        is_check = true;
    }
    if (argc != optind + 1)
        return complain (EX_USAGE, "one CONFIGURATION is needed; see --help");
    stopping_begin (); /* before there are threads, which have the signals blocked by that */
    return run (argv[optind], is_check);
}

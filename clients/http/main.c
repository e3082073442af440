/* consent-http: the registry's checks over HTTPS, as the Authorization API 1.0 of AuthZEN. A certificate is a
 * party. */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include "bridge.h"
#include "delivery/stopping.h"
#include "pool.h"
#include "revoked.h"
#include "server.h"
#include "streams.h"
#include "text/escape.h"
#include "text/help_page.h"
#include "text/option_fault.h"

#define SHORTS "hV"
enum { LOOK = 500 }; /* ms between two looks at who is too slow */

static const char help[] =
    "Usage: consent-http [OPTION...] CONFIGURATION\n"
    "\n"
    "Answers questions of programs over HTTPS, as AuthZEN has them (Authorization API 1.0), by asking the "
    "registry as the\n"
    "party to whom the client's certificate is bound. CONFIGURATION is a file as config/consent-http.conf; "
    "docs/http.md\n"
    "says what can be asked, and what an answer means.\n"
    "\n"
    "      --check          reads the configuration and the keys, and says whether it could start\n"
    "  -h, --help           this text\n"
    "  -V, --version        the version of this program\n"
    "\n"
    "It ends at SIGTERM or SIGINT; SIGHUP has it read the lists of revoked certificates (tls/crl) anew.\n"
    "\n"
    "Exit codes: 0 ended, or could start; 64 wrong usage; 69 the address is in use, or the certificate and its "
    "key "
    "cannot be\n"
    "used; 78 the configuration, or a key file or a list of revoked certificates in it, cannot be used.\n";

static int complain (int code, const char *what)
{
    escape_line (stderr, "consent-http: %s", what);
    return code;
}

/* SIGHUP is looked for where the others are, every LOOK. */
static sigset_t reading_is_asked (void)
{
    sigset_t set;
    sigemptyset (&set);
    sigaddset (&set, SIGHUP);
    return set;
}

static void read_again (const struct bridge *bridge, struct revoked *revoked)
{
    char error[512];
    if (!bridge->revoked)
        escape_line (stderr, "consent-http: there is no tls/crl to be read; what else changed takes a restart");
    else if (revoked_read (revoked, error, sizeof error))
        escape_line (stderr, "consent-http: %zu certificates are revoked", revoked_count (revoked));
    else
        escape_line (stderr, "consent-http: nobody is let in until the lists can be read: %s", error);
}

/* What becomes of the lists while it runs. Says once that one has ended. */
static void look_at_lists (const struct bridge *bridge, struct revoked *revoked)
{
    static bool has_ended;
    const sigset_t set = reading_is_asked ();
    const struct timespec now = {0, 0};
    if (sigtimedwait (&set, NULL, &now) == SIGHUP)
        read_again (bridge, revoked);
    if (revoked_has_ended (revoked) && !has_ended)
        escape_line (stderr,
                     "consent-http: nobody is let in until there is a newer list: %s has one that has ended",
                     bridge->revoked);
    has_ended = revoked_has_ended (revoked);
}

static int serve (const struct bridge *bridge, struct pool *pool, struct revoked *revoked)
{
    struct server server = {.bridge = bridge, .pool = pool, .revoked = revoked};
    if (server_start (&server) != 0)
        return complain (EX_UNAVAILABLE,
                         "the address cannot be listened on, or the certificate and its key cannot be "
                         "used");
    escape_line (stderr, "consent-http: ready on %s", bridge->listen);
    while (!stopping_is_asked ()) {
        stopping_pause (LOOK);
        server_look (&server);
        look_at_lists (bridge, revoked);
    }
    server_stop (&server);
    return EX_OK;
}

static int run (const char *configuration, bool is_check)
{
    struct bridge bridge;
    struct settings_error faults;
    char error[512], fault[SETTINGS_ERROR_ONE];
    int result = EX_OK;
    struct pool *pool = NULL;
    struct revoked *revoked = NULL;
    if (bridge_read (&bridge, configuration, &faults) != 0)
        for (size_t i = 0; settings_error_at (&faults, i, fault); i++)
            result = complain (EX_CONFIG, fault);
    else if (!(revoked = revoked_new (&bridge, error, sizeof error)) ||
             !(pool = pool_new (&bridge, error, sizeof error)))
        result = complain (EX_CONFIG, error);
    else if (!is_check)
        result = serve (&bridge, pool, revoked);
    pool_destroy (&pool);
    revoked_destroy (&revoked);
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
    while ((option = getopt_long (argc, argv, SHORTS, names, NULL)) != -1) {
        if (option == 'h' || option == 'V') {
            help_page_show (option == 'h' ? help : "consent-http " CONSENTD_VERSION "\n", stdout);
            return EX_OK;
        }
        if (option != 'c')
            return complain (EX_USAGE, option_fault (argv, SHORTS, names));
        is_check = true;
    }
    if (argc != optind + 1)
        return complain (EX_USAGE, "one CONFIGURATION is needed; see --help");
    const sigset_t set = reading_is_asked ();
    sigprocmask (SIG_BLOCK, &set, NULL);
    stopping_begin (); /* before there are threads, which have the signals blocked by that */
    return run (argv[optind], is_check);
}

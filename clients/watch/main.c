/* consent-watch: hears that consents are withdrawn and requests answered. It passes each event on, and then
   acknowledges it. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "consent.h"
#include "event_json.h"
#include "handler.h"
#include "text/escape.h"

enum { LOOK = 500 }; /* ms between two looks at whether we must stop */

static const char HELP[] =
    "Usage: consent-watch --key FILE [OPTION]... [--exec PROGRAM [ARGUMENT]...]\n"
    "\n"
    "Hears from the consent registry which consents were withdrawn, used up or ended,\n"
    "how requests were answered and which data were restricted, as far as that concerns\n"
    "the party of the key. Each event is one JSON object on a line of standard output,\n"
    "or is handed to a program. It is acknowledged only after that, so none is missed;\n"
    "after a crash the last one may come twice (same number).\n"
    "\n"
    "  -k, --key FILE          key file of the party; only its owner may read it\n"
    "  -p, --position FILE     keep here, durably, which event was handled last, and go\n"
    "                          on after it; without, the registry's own record counts\n"
    "  -f, --from NUMBER       start at this event, whatever the position says\n"
    "  -n, --count NUMBER      stop after so many events\n"
    "  -1, --once              stop after one event\n"
    "  -x, --exec PROGRAM ...  run PROGRAM for each event, with the JSON on its standard\n"
    "                          input; an exit code other than 0 means: the same event\n"
    "                          again, after a pause. Must come last.\n"
    "  -h, --help              show this\n"
    "  -V, --version           show the version\n"
    "\n"
    "A line:\n"
    "  {\"number\":7,\"type\":\"nl.toestemmingen.toestemming-ingetrokken\",\n"
    "   \"time\":\"2026-03-31T09:15:02.417Z\",\"consent_id\":\"9f0c...\",\"subject_ref\":\"51ab...\",\n"
    "   \"providers\":[\"kernteam\"],\"recipients\":[\"cak\"],\"categories\":[\"naw\"],\n"
    "   \"purpose\":\"toekenning\",\"whole\":true,\"revision\":1042, ...}\n"
    "Every line has all keys; docs/json.md explains them.\n"
    "Its type is nl.toestemmingen. and then\n"
    "  toestemming-ingetrokken   a consent was withdrawn; \"whole\": nothing of it is left\n"
    "  toestemming-verlopen      it is past its end\n"
    "  toestemming-vervallen     it lapsed: the subject has to sign himself, or has died\n"
    "  toestemming-verbruikt     it was for one disclosure, and that was made\n"
    "  verzoek-beantwoord        a request of this party has an \"answer\": GRANTED (with what\n"
    "                            was granted), REFUSED or DEFERRED\n"
    "  toestemming-gegeven       the subject consents, as far as it is about this party\n"
    "  toestemming-geweigerd     the subject refuses\n"
    "  toestemming-hersteld      it had lapsed, and stands again by a correction\n"
    "  verplichting-ontstaan     a \"decision\" that another party asked for gives this party\n"
    "                            an \"obligation\"\n"
    "  gegevens-afgeschermd      these categories, or \"whole\": all data, are restricted\n"
    "  afscherming-opgeheven     such a restriction was lifted\n"
    "  gebeurtenis-overgeslagen  the event of this number could not be read: an operator passed\n"
    "                            it over, and knows why\n"
    "  betrokkene-verwijderd     the subject was erased: it stands in the place of what this party\n"
    "                            had not heard about the subject\n"
    "  toestemming-verbeterd     it was recorded wrongly and counts for nothing: what was signed\n"
    "                            is another consent, a toestemming-gegeven to who is in it\n"
    "  gegevens-verbeterd        these categories, which this party received, were corrected: the\n"
    "                            same is to be done here, and the \"obligation\" of that\n"
    "                            \"decision\" reported done before \"due\"\n"
    "  gegevens-te-verwijderen   the subject was erased: erase what was received, and report so\n"
    "  verzoek-ontvangen         to who has the permission rights: the \"request\" of a subject,\n"
    "                            \"rights\" is its kind, \"due\" when it must be decided\n"
    "  verzoek-over-tijd         it was not decided by then\n"
    "  register-alarm            to operators: an \"alarm\" about a \"party\"\n"
    "\n"
    "Exit code:\n"
    "   0  stopped by SIGTERM or SIGINT, or the count is reached\n"
    "  64  the command line is wrong\n"
    "  74  an event could not be put out, or the position not kept\n"
    "  75  another subscriber of this party has taken over\n"
    "  76  events may have been missed: ask again about all data that you hold, then\n"
    "      start anew with --from\n"
    "  77  the registry does not admit this key, or not to events\n"
    "  78  the key file or the position file is wrong\n";

struct options {
    const char *key;
    const char *position;
    uint64_t from;  /* 0: not given */
    uint64_t count; /* 0: no end */
    char **program; /* ends with NULL; NULL: write to stdout */
};

static volatile sig_atomic_t stop;

static void ask_to_stop (int number)
{
    (void)number;
    stop = 1;
}

static int complain (int code, const char *what, const char *why)
{
    escape_line (stderr, "consent-watch: %s%s%s", what, *why ? ": " : "", why);
    return code;
}

/* A whole number of 1 or more. 0: it is not one. */
static uint64_t number_of (const char *text)
{
    char *end;
    errno = 0;
    unsigned long long number = strtoull (text, &end, 10);
    return errno || *end || text[0] < '0' || text[0] > '9' ? 0 : number;
}

/* 0 to go on, -1 if everything is said already, or an exit code. */
static int parse (struct options *options, int argc, char **argv)
{
    static const struct option names[] = {
        {"key", required_argument, NULL, 'k'},
        {"position", required_argument, NULL, 'p'},
        {"from", required_argument, NULL, 'f'},
        {"count", required_argument, NULL, 'n'},
        {"once", no_argument, NULL, '1'},
        {"exec", no_argument, NULL, 'x'},
        {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'V'},
        {NULL, 0, NULL, 0},
    };
    int option;
    opterr = 0; /* getopt would repeat what was typed */
    while (!options->program && (option = getopt_long (argc, argv, "+k:p:f:n:1xhV", names, NULL)) != -1) {
        if (strchr ("kpfn", option) && !*optarg)
            return complain (EX_USAGE, "an option is given as an empty text: leave it out, or say what", "");
        switch (option) {
        case 'k':
            options->key = optarg;
            break;
        case 'p':
            options->position = optarg;
            break;
        case 'f':
            if (!(options->from = number_of (optarg)))
                return complain (EX_USAGE, "--from wants the number of an event", optarg);
            break;
        case 'n':
            if (!(options->count = number_of (optarg)))
                return complain (EX_USAGE, "--count wants a number from 1 up", optarg);
            break;
        case '1':
            options->count = 1;
            break;
        case 'x':
            options->program = argv + optind;
            break;
        case 'h':
            fputs (HELP, stdout);
            return -1;
        case 'V':
            puts ("consent-watch " CONSENTD_VERSION);
            return -1;
        default:
            return complain (EX_USAGE, "an unknown option, or one without its value; see --help", "");
        }
    }
    if (options->program && !options->program[0])
        return complain (EX_USAGE, "--exec wants a program", "");
    if (!options->program && optind < argc)
        return complain (EX_USAGE, "there is an argument that is no option; see --help", "");
    if (!options->key)
        return complain (EX_USAGE, "--key FILE is missing, see --help", "");
    return 0;
}

static void handle_signals (void)
{
    struct sigaction action = {.sa_handler = ask_to_stop};
    sigaction (SIGTERM, &action, NULL);
    sigaction (SIGINT, &action, NULL);
    action.sa_handler = SIG_IGN;
    sigaction (SIGPIPE, &action, NULL);
}

/* The exit code for the status with which the stream ended. */
static int exit_code (int status)
{
    switch (status) {
    case CONSENT_ENDED:
        return EX_TEMPFAIL;
    case CONSENT_KEY_REFUSED:
    case CONSENT_FORBIDDEN:
        return EX_NOPERM;
    default:
        return status < 0 ? EX_IOERR : EX_PROTOCOL;
    }
}

/* Passes the event on, then acknowledges it. 0, HANDLER_STOPPED, or an exit code. */
static int hand_on (consent_t *registry, const struct options *options, const struct consent_event *event)
{
    char *line = event_json (event);
    int result = options->program ? handler_run (options->program, line, &stop) : handler_print (line);
    free (line);
    if (result)
        return result == HANDLER_STOPPED ? result : EX_IOERR;
    if (consent_acknowledge (registry, event->number))
        return complain (EX_IOERR, consent_last_error (registry), "");
    return 0;
}

static int watch (consent_t *registry, const struct options *options)
{
    for (uint64_t handled = 0; !stop && (!options->count || handled < options->count);) {
        struct consent_event *event;
        int result = consent_next_event (registry, LOOK, &event);
        if (result == CONSENT_NO_EVENT || result == CONSENT_INTERRUPTED)
            continue;
        if (result)
            return complain (exit_code (result), consent_last_error (registry), "");
        result = hand_on (registry, options, event);
        consent_event_destroy (&event);
        if (result)
            return result == HANDLER_STOPPED ? 0 : result;
        handled++;
    }
    return 0;
}

int main (int argc, char **argv)
{
    struct options options = {0};
    int result = parse (&options, argc, argv);
    if (result)
        return result < 0 ? EX_OK : result;
    handle_signals ();
    char error[512];
    consent_t *registry = consent_open (options.key, error, sizeof error);
    if (!registry)
        return complain (EX_CONFIG, error, "");
    if (consent_subscribe (registry, options.position, options.from))
        result = complain (EX_CONFIG, consent_last_error (registry), "");
    else
        result = watch (registry, &options);
    consent_close (&registry);
    return result;
}

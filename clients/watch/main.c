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
#include "delivery/event_json.h"
#include "handler.h"
#include "watch_help.h"
#include "text/escape.h"
#include "witness.h"

enum {
    LOOK = 500,           /* ms between two looks at whether we must stop */
    EX_CONTRADICTED = 79, /* beside those of sysexits.h */
};

struct options {
    const char *key;
    const char *position;
    const char *witness;  /* NULL: signs nothing */
    const char *new_key;  /* NULL: makes none */
    const char *name;     /* of the new key */
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

/* Which options go together. 0, or an exit code. */
static int judge (const struct options *options)
{
    if (options->program && !options->program[0])
        return complain (EX_USAGE, "--exec wants a program", "");
    if (!options->new_key != !options->name)
        return complain (EX_USAGE, "--new-witness-key FILE and --name NAME go together", "");
    if (options->new_key)
        return options->key || options->witness
                   ? complain (EX_USAGE, "--new-witness-key makes a key, and does nothing else", "")
                   : 0;
    if (!options->key)
        return complain (EX_USAGE, "--key FILE is missing, see --help", "");
    if (options->witness && !options->position)
        return complain (EX_USAGE, "--witness wants --position FILE: what it signed must be kept", "");
    return 0;
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
        {"witness", required_argument, NULL, 'w'},
        {"new-witness-key", required_argument, NULL, 'N'},
        {"name", required_argument, NULL, 'M'},
        {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'V'},
        {NULL, 0, NULL, 0},
    };
    int option;
    opterr = 0; /* getopt would repeat what was typed */
    while (!options->program && (option = getopt_long (argc, argv, "+k:p:f:n:1xw:hV", names, NULL)) != -1) {
        if (strchr ("kpfnwNM", option) && !*optarg)
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
        case 'w':
            options->witness = optarg;
            break;
        case 'N':
            options->new_key = optarg;
            break;
        case 'M':
            options->name = optarg;
            break;
        case '1':
            options->count = 1;
            break;
        case 'x':
            options->program = argv + optind;
            break;
        case 'h':
            watch_help_print ();
            return -1;
        case 'V':
            puts ("consent-watch " CONSENTD_VERSION);
            return -1;
        default:
            return complain (EX_USAGE, "an unknown option, or one without its value; see --help", "");
        }
    }
    if (!options->program && optind < argc)
        return complain (EX_USAGE, "there is an argument that is no option; see --help", "");
    return judge (options);
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
    case CONSENT_CONTRADICTED:
        return EX_CONTRADICTED;
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

/* Says why the stream has ended. Returns the exit code. */
static int say_end (consent_t *registry, int status)
{
    if (status != CONSENT_CONTRADICTED)
        return complain (exit_code (status), consent_last_error (registry), "");
    witness_shout (registry);
    return exit_code (status);
}

static int watch (consent_t *registry, const struct options *options)
{
    struct witness_told told = {.former = false};
    for (uint64_t handled = 0; !stop && (!options->count || handled < options->count);) {
        struct consent_event *event;
        int result = consent_next_event (registry, LOOK, &event);
        witness_tell (registry, &told);
        if (result == CONSENT_NO_EVENT || result == CONSENT_INTERRUPTED)
            continue;
        if (result)
            return say_end (registry, result);
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
    if (options.new_key)
        return witness_make_key (options.new_key, options.name);
    handle_signals ();
    char error[512];
    consent_t *registry = consent_open (options.key, error, sizeof error);
    if (!registry)
        return complain (EX_CONFIG, error, "");
    if ((options.witness && consent_set_witness (registry, options.witness)) ||
        consent_subscribe (registry, options.position, options.from))
        result = complain (EX_CONFIG, consent_last_error (registry), "");
    else
        result = watch (registry, &options);
    consent_close (&registry);
    return result;
}

#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>
#include "delivery/uri.h"
#include "text/escape.h"
#include "text/option_fault.h"
#include "watch_help.h"

#define SHORTS "+k:p:c:f:n:1xw:hV"
enum { TRIES_MOST = 1000, TIME_LIMIT_MOST = 86400 };

int complain (int code, const char *what, const char *why)
{
    escape_line (stderr, "consent-watch: %s%s%s", what, *why ? ": " : "", why);
    return code;
}

/* --- What goes together -------------------------------------------------------------------------------- */

static int judge_witness (const struct watch_options *options)
{
    if (!options->new_key != !options->name)
        return complain (EX_USAGE, "--new-witness-key FILE and --name NAME go together", "");
    if (options->new_key)
        return options->key || options->witness
                   ? complain (EX_USAGE, "--new-witness-key makes a key, and does nothing else", "")
                   : 0;
    if (options->witness && !options->position)
        return complain (EX_USAGE, "--witness wants --position FILE: what it signed must be kept", "");
    return 0;
}

/* Where the events go. */
static int judge_destination (const struct watch_options *options)
{
    bool is_tried = options->program || options->url;
    if (options->program && !options->program[0])
        return complain (EX_USAGE, "--exec wants a program", "");
    if (options->program && options->url)
        return complain (EX_USAGE, "--exec and --http exclude each other", "");
    if (is_tried && options->ack)
        return complain (EX_USAGE, "--ack is for standard output", "");
    if (!is_tried && (options->tries || options->time_limit || options->set_aside))
        return complain (EX_USAGE, "--tries, --time-limit and --set-aside are for --exec and --http", "");
    if (!options->url && (options->ca || options->headers))
        return complain (EX_USAGE, "--ca and --header-file are for --http", "");
    if (options->ack == ACK_NONE && options->position)
        return complain (EX_USAGE, "--position keeps what was handled, and with --ack none nothing is", "");
    return 0;
}

/* How they are written. */
static int judge_format (struct watch_options *options)
{
    if (options->url && options->format == FORMAT_JSON)
        return complain (EX_USAGE, "--http sends CloudEvents", "");
    if (!options->format)
        options->format = options->url ? FORMAT_CLOUDEVENTS : FORMAT_JSON;
    if (options->format == FORMAT_CLOUDEVENTS && !options->source)
        return complain (
            EX_USAGE,
            "CloudEvents want --source URI: urn:nld:oin:<20 digits>:systeem:<name>, of who publishes them", "");
    if (options->snapshot && (options->from || options->format == FORMAT_CLOUDEVENTS))
        return complain (EX_USAGE, "--snapshot says where events begin, and is no CloudEvent", "");
    if (options->format != FORMAT_CLOUDEVENTS && options->source)
        return complain (EX_USAGE, "--source is for CloudEvents", "");
    if (options->source && !uri_is_absolute (options->source))
        return complain (EX_USAGE, "--source is a URI: urn:nld:oin:<20 digits>:systeem:<name>", "");
    return 0;
}

static int judge (struct watch_options *options)
{
    int error = judge_witness (options);
    if (error || options->new_key)
        return error;
    if (!options->key)
        return complain (EX_USAGE, "--key FILE is missing, see --help", "");
    error = judge_destination (options);
    return error ? error : judge_format (options);
}

/* --- What is typed ------------------------------------------------------------------------------------- */

/* Those that have no short form have numbers that are no letters. */
enum { HTTP = 256, ACK, FORMAT, SOURCE, TRIES, TIME_LIMIT, SET_ASIDE, CA, HEADERS, NEW_KEY, NAME, SNAPSHOT };

static const struct option names[] = {
    {"key", required_argument, NULL, 'k'},
    {"position", required_argument, NULL, 'p'},
    {"consumer", required_argument, NULL, 'c'},
    {"from", required_argument, NULL, 'f'},
    {"snapshot", no_argument, NULL, SNAPSHOT},
    {"count", required_argument, NULL, 'n'},
    {"once", no_argument, NULL, '1'},
    {"exec", no_argument, NULL, 'x'},
    {"http", required_argument, NULL, HTTP},
    {"ack", required_argument, NULL, ACK},
    {"format", required_argument, NULL, FORMAT},
    {"source", required_argument, NULL, SOURCE},
    {"tries", required_argument, NULL, TRIES},
    {"time-limit", required_argument, NULL, TIME_LIMIT},
    {"set-aside", required_argument, NULL, SET_ASIDE},
    {"ca", required_argument, NULL, CA},
    {"header-file", required_argument, NULL, HEADERS},
    {"witness", required_argument, NULL, 'w'},
    {"new-witness-key", required_argument, NULL, NEW_KEY},
    {"name", required_argument, NULL, NAME},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

/* Options that are a text as it is. False: it is none of those. */
static bool take_text (struct watch_options *options, int option)
{
    const struct {
        int option;
        const char **text;
    } texts[] = {
        {'k', &options->key},
        {'c', &options->consumer},
        {'p', &options->position},
        {'w', &options->witness},
        {HTTP, &options->url},
        {SOURCE, &options->source},
        {SET_ASIDE, &options->set_aside},
        {CA, &options->ca},
        {HEADERS, &options->headers},
        {NEW_KEY, &options->new_key},
        {NAME, &options->name},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i].option == option) {
            *texts[i].text = optarg;
            return true;
        }
    return false;
}

/* A whole number of 1 or more. 0, or an exit code. */
static int take_number (uint64_t *number, uint64_t most, const char *complaint)
{
    char *end;
    errno = 0;
    *number = strtoull (optarg, &end, 10);
    bool is_number = !errno && !*end && optarg[0] >= '0' && optarg[0] <= '9' && *number >= 1 && *number <= most;
    return is_number ? 0 : complain (EX_USAGE, complaint, optarg);
}

static int take_word (struct watch_options *options, int option)
{
    if (option == ACK) {
        options->ack = !strcmp (optarg, "stdin") ? ACK_STDIN : !strcmp (optarg, "none") ? ACK_NONE : ACK_NOT_SAID;
        return options->ack ? 0 : complain (EX_USAGE, "--ack is stdin or none", optarg);
    }
    options->format = !strcmp (optarg, "json")          ? FORMAT_JSON
                      : !strcmp (optarg, "cloudevents") ? FORMAT_CLOUDEVENTS
                                                        : FORMAT_NONE;
    return options->format ? 0 : complain (EX_USAGE, "--format is json or cloudevents", optarg);
}

static int take (struct watch_options *options, int option, char **rest)
{
    if (take_text (options, option))
        return 0;
    switch (option) {
    case 'f':
        return take_number (&options->from, UINT64_MAX, "--from wants the number of an event");
    case 'n':
        return take_number (&options->count, UINT64_MAX, "--count wants a number from 1 up");
    case TRIES:
        return take_number (&options->tries, TRIES_MOST, "--tries wants a number from 1 to 1000");
    case TIME_LIMIT:
        return take_number (&options->time_limit, TIME_LIMIT_MOST, "--time-limit wants seconds, from 1 to 86400");
    case ACK:
    case FORMAT:
        return take_word (options, option);
    case SNAPSHOT:
        options->snapshot = true;
        return 0;
    case '1':
        options->count = 1;
        return 0;
    case 'x':
        options->program = rest;
        return 0;
    case 'h':
        watch_help_print ();
        return OPTIONS_DONE;
    default:
        puts ("consent-watch " CONSENTD_VERSION);
        return OPTIONS_DONE;
    }
}

int options_read (struct watch_options *options, int argc, char **argv)
{
    int option, error = 0;
    opterr = 0; /* getopt would repeat what was typed */
    while (!error && !options->program && (option = getopt_long (argc, argv, SHORTS, names, NULL)) != -1) {
        if (option == '?')
            return complain (EX_USAGE, option_fault (argv, SHORTS, names), "");
        if (optarg && !*optarg)
            return complain (EX_USAGE, "an option is given as an empty text: leave it out, or say what", "");
        error = take (options, option, argv + optind);
    }
    if (error)
        return error;
    if (!options->program && optind < argc)
        return complain (EX_USAGE, "there is an argument that is no option; see --help", "");
    return judge (options);
}

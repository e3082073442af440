/* consent-view: asks a view of the registry (consent_view_ask), for each question on a line of standard input. It
   is an example of how to use one, and what the tests of it use. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

#include "consent.h"
#include "streams.h"
#include "text/escape.h"
#include "text/help_page.h"
#include "text/option_fault.h"

#define SHORTS "hV"

enum {
    LINE_LIMIT = 1024, /* bytes of a question */
    WORDS = 6,
    CATCH_UP = 30000,      /* ms; what --time waits for at most */
    MOST = 1000 * 1000000, /* questions of --time */
};

struct options {
    const char *key;
    struct consent_view_options view;
    int wait;      /* ms; what is waited for before the first question */
    uint64_t time; /* questions to time; 0: none */
};

static const char help[] =
    "Usage: consent-view --key FILE [OPTION...] <QUESTIONS >ANSWERS\n"
    "\n"
    "Keeps a local view of what is permitted between this party and others, and answers from it, without asking "
    "the\n"
    "registry. In doubt it says no. It records nothing: before a disclosure a check is asked as ever.\n"
    "\n"
    "A question is a line of five or six words: SUBJECT_REF PROVIDER RECIPIENT PURPOSE CATEGORY [CASE]. "
    "SUBJECT_REF is the\n"
    "party's own pseudonym of a subject, as in its answers and events. The answer is a line of JSON:\n"
    "\n"
    "  {\"permitted\":true,\"why\":\"PERMITTED\",\"revision\":812,\"heard_ms\":1204}\n"
    "\n"
    "heard_ms says how long ago, at most, that was so (-1: nothing is known). The line `status` is answered with "
    "how the\n"
    "view is, and any other line with {\"permitted\":false,\"why\":\"INVALID\",...}.\n"
    "\n"
    "  --key FILE            key file of a party whose role may `events` and `check`\n"
    "  --consumer NAME       by which the registry knows this view (default: view); two views need two names\n"
    "  --silence MS          how long nothing may be heard of the registry (default 15000; it speaks every 5000)\n"
    "  --position FILE       keeps here what was seen of the registry's log, for the next start\n"
    "  --wait MS             waits so long for the view to catch up, before the first question\n"
    "  --time COUNT          instead of questions: says how long one takes, asking COUNT times\n"
    "  -h, --help            this text\n"
    "  -V, --version         the version of this program\n"
    "\n"
    "Exit codes: 0 the questions have ended; 64 wrong usage; 75 --wait or --time: it did not catch up; 78 the key "
    "file\n"
    "cannot be used.\n";

static int complain (int code, const char *what, const char *why)
{
    escape_line (stderr, "consent-view: %s%s%s", what, *why ? ": " : "", why);
    return code;
}

/* From 1 up to `most`. 0: it is no such number. */
static uint64_t number_of (const char *text, uint64_t most)
{
    char *end;
    errno = 0;
    unsigned long long number = strtoull (text, &end, 10);
    return errno || *end || text[0] < '0' || text[0] > '9' || number > most ? 0 : number;
}

/* Takes one option. 0, or an exit code. */
static int take (struct options *options, int option)
{
    uint64_t number = strchr ("SWT", option) ? number_of (optarg, option == 'T' ? MOST : INT32_MAX) : 1;
    if (number == 0)
        return complain (EX_USAGE, "--silence, --wait and --time want a whole number from 1 up", "");
    if (strchr ("kcp", option) && !*optarg)
        return complain (EX_USAGE, "an option is given as an empty text: leave it out, or say what", "");
    switch (option) {
    case 'k':
        options->key = optarg;
        return 0;
    case 'c':
        options->view.consumer = optarg;
        return 0;
    case 'p':
        options->view.position_file = optarg;
        return 0;
    case 'S':
        options->view.silence = (int)number;
        return 0;
    case 'W':
        options->wait = (int)number;
        return 0;
    case 'T':
        options->time = number;
        return 0;
    default:
        return complain (EX_SOFTWARE, "an option that nobody reads", "");
    }
}

/* 0 to go on, -1 if everything is said already, or an exit code. */
static int parse (struct options *options, int argc, char **argv)
{
    static const struct option names[] = {
        {"key", required_argument, NULL, 'k'},
        {"consumer", required_argument, NULL, 'c'},
        {"silence", required_argument, NULL, 'S'},
        {"position", required_argument, NULL, 'p'},
        {"wait", required_argument, NULL, 'W'},
        {"time", required_argument, NULL, 'T'},
        {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'V'},
        {NULL, 0, NULL, 0},
    };
    int option, result = 0;
    opterr = 0; /* getopt would repeat what was typed */
    while (!result && (option = getopt_long (argc, argv, SHORTS, names, NULL)) != -1) {
        if (option == 'h' || option == 'V') {
            help_page_show (option == 'h' ? help : "consent-view " CONSENTD_VERSION "\n", stdout);
            return -1;
        }
        result =
            option == '?' ? complain (EX_USAGE, option_fault (argv, SHORTS, names), "") : take (options, option);
    }
    if (!result && optind < argc)
        return complain (EX_USAGE, "there is an argument that is no option; see --help", "");
    if (!result && !options->key)
        return complain (EX_USAGE, "--key FILE is missing, see --help", "");
    return result;
}

static void print_answer (const struct consent_view_answer *answer, const char *why)
{
    printf ("{\"permitted\":%s,\"why\":\"%s\",\"revision\":%" PRIu64 ",\"heard_ms\":%" PRId64 "}\n",
            answer->permitted ? "true" : "false", why, answer->revision, answer->heard_ms);
}

/* What the view says is the registry's, and no JSON: of it only what is harmless is shown. */
static void print_status (consent_view_t *view)
{
    struct consent_view_status status;
    consent_view_status (view, &status);
    for (char *at = status.problem; *at; at++)
        if (*at < ' ' || *at > '~' || *at == '"' || *at == '\\')
            *at = '?';
    printf ("{\"why\":\"%s\",\"number\":%" PRIu64 ",\"revision\":%" PRIu64 ",\"heard_ms\":%" PRId64
            ",\"permits\":%" PRIu64 ",\"snapshots\":%" PRIu64 ",\"problem\":\"%s\"}\n",
            consent_view_why_name (status.why), status.number, status.revision, status.heard_ms, status.permits,
            status.snapshots, status.problem);
}

/* Answers one line. */
static void answer_line (consent_view_t *view, char *line)
{
    struct consent_view_answer answer = {.permitted = false, .heard_ms = -1};
    char *words[WORDS + 1], *rest = NULL;
    size_t count = 0;
    for (char *word = strtok_r (line, " \t\r\n", &rest); word && count <= WORDS;
         word = strtok_r (NULL, " \t\r\n", &rest))
        words[count++] = word;
    if (count == 1 && strcmp (words[0], "status") == 0) {
        print_status (view);
        return;
    }
    if (count < WORDS - 1 || count > WORDS) {
        print_answer (&answer, "INVALID");
        return;
    }
    const struct consent_view_question question = {.subject_ref = words[0],
                                                   .provider = words[1],
                                                   .recipient = words[2],
                                                   .purpose = words[3],
                                                   .category = words[4],
                                                   .case_ref = count == WORDS ? words[5] : NULL};
    consent_view_ask (view, &question, &answer);
    print_answer (&answer, consent_view_why_name (answer.why));
}

/* Reads one line, without its newline. False: there is none. What cannot be a question, since it is too long or
   has a NUL, is one all the same: each line has its own answer. */
static bool read_line (char line[LINE_LIMIT])
{
    size_t size = 0;
    bool fits = true;
    int one = getchar ();
    if (one == EOF)
        return false;
    for (; one != EOF && one != '\n'; one = getchar ()) {
        fits = fits && one != '\0' && size < LINE_LIMIT - 1;
        if (fits)
            line[size++] = (char)one;
    }
    line[fits ? size : 0] = '\0';
    return true;
}

static int answer_all (consent_view_t *view)
{
    char line[LINE_LIMIT];
    while (read_line (line)) {
        answer_line (view, line);
        if (fflush (stdout))
            return complain (EX_IOERR, "the answers", strerror (errno));
    }
    return EX_OK;
}

/* Of a question that is answered no: that takes as long. */
static int time_questions (consent_view_t *view, uint64_t count)
{
    const struct consent_view_question question = {.subject_ref = "00000000000000000000000000000000",
                                                   .provider = "kernteam",
                                                   .recipient = "zorgaanbieder-horizon",
                                                   .purpose = "toekenning",
                                                   .category = "naw"};
    struct consent_view_answer answer;
    struct timespec begun, ended;
    clock_gettime (CLOCK_MONOTONIC, &begun);
    for (uint64_t i = 0; i < count; i++)
        consent_view_ask (view, &question, &answer);
    clock_gettime (CLOCK_MONOTONIC, &ended);
    double passed = (double)(ended.tv_sec - begun.tv_sec) * 1e9 + (double)(ended.tv_nsec - begun.tv_nsec);
    struct consent_view_status status;
    consent_view_status (view, &status);
    printf ("%.0f ns a question, of %" PRIu64 ", among %" PRIu64 " permits\n", passed / (double)count, count,
            status.permits);
    return EX_OK;
}

int main (int argc, char **argv)
{
    struct options options = {.key = NULL};
    streams_hold ();
    int result = parse (&options, argc, argv);
    if (result)
        return result < 0 ? EX_OK : result;
    char error[512];
    consent_view_t *view = consent_view_open (options.key, &options.view, error, sizeof error);
    if (!view)
        return complain (EX_CONFIG, error, "");
    int patience = options.wait ? options.wait : options.time ? CATCH_UP : 0;
    if (patience && !consent_view_wait (view, patience)) {
        struct consent_view_status status;
        consent_view_status (view, &status);
        result = complain (EX_TEMPFAIL, consent_view_why_name (status.why), status.problem);
    } else
        result = options.time ? time_questions (view, options.time) : answer_all (view);
    consent_view_close (&view);
    return result;
}

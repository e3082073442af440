/* consent-conformance: does a partner's client do what docs/protocol.md asks of it? */
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>
#include <zmq.h>

#include "conformance_help.h"
#include "config/file_write.h"
#include "streams.h"
#include "text/escape.h"
#include "text/option_fault.h"
#include "trial.h"

#define SHORTS "+hV"
enum { ONLY = 64, KEY_FILE_SIZE = 2048, OWN_KEY = 41 };

struct options {
    const char *team, *partner, *only[ONLY];
    size_t only_count;
    char categories[128];
    bool is_quick;
    struct plan plan;
};

static int complain (int code, const char *what, const char *why)
{
    escape_line (stderr, "consent-conformance: %s%s%s", what, *why ? ": " : "", why);
    return code;
}

/* --- Options --------------------------------------------------------------------------------------------- */

static bool is_case (const char *name)
{
    const struct conformance_case *const lists[] = {check_cases, listen_cases, key_cases};
    for (size_t i = 0; i < 3; i++)
        for (const struct conformance_case *one = lists[i]; one->name; one++)
            if (strcmp (one->name, name) == 0)
                return true;
    return false;
}

static int take_categories (struct options *self, const char *text)
{
    char *comma;
    int size = snprintf (self->categories, sizeof self->categories, "%s", text);
    comma = strchr (self->categories, ',');
    if (size >= (int)sizeof self->categories || !comma || comma == self->categories || !comma[1] ||
        strchr (comma + 1, ','))
        return complain (EX_USAGE, "--categories wants two codes with a comma between them", "");
    *comma = '\0';
    self->plan.asked.category[0] = self->categories;
    self->plan.asked.category[1] = comma + 1;
    return 0;
}

static int take_patience (struct options *self, const char *text)
{
    enum { MOST = 3600 };
    char *end;
    long seconds = strtol (text, &end, 10);
    if (*end || *text < '0' || *text > '9' || seconds < 1 || seconds > MOST)
        return complain (EX_USAGE, "--patience wants a whole number of seconds, 1-3600", "");
    self->plan.patience = (int)seconds * 1000;
    return 0;
}

static int take_only (struct options *self, const char *name)
{
    if (!is_case (name) || self->only_count == ONLY)
        return complain (EX_USAGE, "--only wants the name of a case; see --help", "");
    self->only[self->only_count++] = name;
    return 0;
}

static int take (struct options *self, int option)
{
    const char **const texts[] = {['t'] = &self->team,
                                  ['p'] = &self->partner,
                                  ['P'] = &self->plan.asked.provider,
                                  ['u'] = &self->plan.asked.purpose,
                                  ['o'] = &self->plan.asked.origin};
    if (option == 'c')
        return take_categories (self, optarg);
    if (option == 's')
        return take_patience (self, optarg);
    if (option == 'O')
        return take_only (self, optarg);
    if (option == 'q') {
        self->is_quick = true;
        return 0;
    }
    if ((size_t)option >= sizeof texts / sizeof *texts || !texts[option] || !*optarg)
        return complain (EX_USAGE, "an option is given as an empty text: leave it out, or say what", "");
    *texts[option] = optarg;
    return 0;
}

/* 0 to go on, -1 if everything is said already, or an exit code. */
static int parse (struct options *self, int argc, char **argv)
{
    static const struct option names[] = {
        {"team", required_argument, NULL, 't'},       {"partner", required_argument, NULL, 'p'},
        {"provider", required_argument, NULL, 'P'},   {"purpose", required_argument, NULL, 'u'},
        {"categories", required_argument, NULL, 'c'}, {"origin", required_argument, NULL, 'o'},
        {"only", required_argument, NULL, 'O'},       {"quick", no_argument, NULL, 'q'},
        {"patience", required_argument, NULL, 's'},   {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'V'},          {NULL, 0, NULL, 0},
    };
    int option, result = 0;
    opterr = 0;
    while (!result && (option = getopt_long (argc, argv, SHORTS, names, NULL)) != -1) {
        if (option == 'h') {
            conformance_help ();
            return -1;
        }
        if (option == 'V') {
            puts ("consent-conformance " CONSENTD_VERSION);
            return -1;
        }
        result = option == '?' ? complain (EX_USAGE, option_fault (argv, SHORTS, names), "") : take (self, option);
    }
    self->plan.program = argv + optind;
    if (!result && (!self->team || !self->partner || optind >= argc))
        result = complain (EX_USAGE, "--team, --partner and the client's command are wanted; see --help", "");
    return result;
}

/* --- Files of a run -------------------------------------------------------------------------------------- */

#define NEXT "    server-key-next = \"%s\"\n"

struct files {
    char directory[64], key[96], strange[96], both[96], position[96];
};

/* A key file that leads to the middle, and names the registry by this key, and by the next one if there is one. */
static int write_key (const char *path, const struct middle *middle, const char *party,
                      const char *const server_key[2])
{
    char public_key[OWN_KEY], secret_key[OWN_KEY], next[OWN_KEY + sizeof NEXT] = "", text[KEY_FILE_SIZE];
    if (zmq_curve_keypair (public_key, secret_key))
        return 1;
    if (server_key[1])
        snprintf (next, sizeof next, NEXT, server_key[1]);
    int size = snprintf (text, sizeof text,
                         "metadata\n    party = \"%s\"\n    requests = \"%s\"\n    events = \"%s\"\n"
                         "    server-key = \"%s\"\n%scurve\n    public-key = \"%s\"\n    secret-key = \"%s\"\n",
                         party, middle_requests (middle), middle_events (middle), server_key[0], next, public_key,
                         secret_key);
    return size < 0 || size >= (int)sizeof text || file_create (path, text, (size_t)size) != 0;
}

static int make_files (struct files *self, const struct middle *middle, const char *party)
{
    char other_key[OWN_KEY], unused[OWN_KEY];
    const char *scratch = getenv ("TMPDIR");
    int size = snprintf (self->directory, sizeof self->directory, "%s/conformance-XXXXXX",
                         scratch && *scratch ? scratch : "/tmp");
    if (size < 0 || size >= (int)sizeof self->directory || !mkdtemp (self->directory))
        return complain (EX_CANTCREAT, "no directory can be made in TMPDIR", "");
    snprintf (self->key, sizeof self->key, "%s/client.key", self->directory);
    snprintf (self->strange, sizeof self->strange, "%s/strange.key", self->directory);
    snprintf (self->both, sizeof self->both, "%s/both.key", self->directory);
    snprintf (self->position, sizeof self->position, "%s/position", self->directory);
    const char *const keys[] = {middle_key (middle, 0), middle_key (middle, 1)};
    if (zmq_curve_keypair (other_key, unused) ||
        write_key (self->key, middle, party, (const char *[]){keys[0], NULL}) ||
        write_key (self->strange, middle, party, (const char *[]){other_key, NULL}) ||
        write_key (self->both, middle, party, keys))
        return complain (EX_CANTCREAT, "no key file can be made there", self->directory);
    return 0;
}

static void remove_files (const struct files *self)
{
    unlink (self->key);
    unlink (self->strange);
    unlink (self->both);
    unlink (self->position);
    rmdir (self->directory); /* what the client left beside its position stays */
}

/* --- The run --------------------------------------------------------------------------------------------- */

static bool is_wanted (const struct options *self, const struct conformance_case *one)
{
    bool named = false;
    for (size_t i = 0; i < self->only_count; i++)
        named = named || strcmp (self->only[i], one->name) == 0;
    return self->only_count > 0 ? named : !(self->is_quick && one->lasts);
}

/* For whoever looks for why: a client that fell over is not one that decided. */
static const char *how_it_ended (const struct tested *tested, bool by_itself)
{
    static char text[64];
    if (!by_itself || tested->code == 0)
        return "";
    snprintf (text, sizeof text, tested->code > 128 ? " (ended by signal %d)" : " (its exit code was %d)",
              tested->code > 128 ? tested->code - 128 : tested->code);
    return text;
}

static bool run_case (const struct plan *plan, const struct conformance_case *one)
{
    struct trial *trial = calloc (1, sizeof *trial);
    if (!trial)
        abort ();
    trial->plan = plan;
    trial->tested = (struct tested){.in = -1, .out = -1};
    unlink (plan->position);
    bool good = one->run (trial) == 0, ended = trial->tested.ended;
    tested_stop (&trial->tested);
    printf ("%-4s %-16s %-4s %s\n", good ? "ok" : "FAIL", one->name, one->section, one->expected);
    if (!good)
        escape_line (stdout, "     the client %s%s", trial->wrong, how_it_ended (&trial->tested, ended));
    fflush (stdout);
    free (trial->first);
    free (trial);
    return good;
}

/* As it was before a case. */
static bool reset (struct middle *middle)
{
    middle_meddle (middle, NULL);
    middle_refuse (middle, false);
    return middle_take_key (middle, 0);
}

static int run_all (const struct options *self)
{
    const struct conformance_case *const lists[] = {check_cases, listen_cases, key_cases};
    unsigned good = 0, bad = 0;
    for (size_t i = 0; i < 3; i++)
        for (const struct conformance_case *one = lists[i]; one->name; one++)
            if (is_wanted (self, one)) {
                *(run_case (&self->plan, one) ? &good : &bad) += 1;
                if (!reset (self->plan.middle))
                    return complain (EX_UNAVAILABLE, "its endpoint is in use by another program", "");
            }
    printf ("%u ok, %u FAIL\n", good, bad);
    return bad > 0;
}

/* Makes sure that subjects and consents can be recorded, so that what fails afterwards is the client's. */
static int try_registry (struct plan *plan, const char *team_party)
{
    struct subject subject;
    if (!plan->asked.provider)
        plan->asked.provider = team_party;
    if (subject_begin (&subject, plan->team, &plan->asked) || subject_consent (&subject, 2, false))
        return complain (EX_UNAVAILABLE, "the scratch registry", subject.error);
    return 0;
}

static int run (struct options *self, const struct key_file *partner, const struct key_file *team)
{
    struct files files;
    char error[512];
    struct plan *plan = &self->plan;
    plan->asked.recipient = partner->party;
    plan->middle = middle_new (partner, error, sizeof error);
    if (!plan->middle)
        return complain (EX_UNAVAILABLE, error, "");
    int result = make_files (&files, plan->middle, partner->party);
    plan->key = files.key;
    plan->strange = files.strange;
    plan->both = files.both;
    plan->position = files.position;
    if (!result)
        result = try_registry (plan, team->party);
    if (!result)
        result = run_all (self);
    remove_files (&files);
    middle_destroy (&plan->middle);
    return result;
}

int main (int argc, char **argv)
{
    struct options options = {
        .plan = {.asked = {.purpose = "toekenning", .category = {"naw", "toewijzing"}, .origin = ""},
                 .patience = 60000}};
    struct key_file partner, team;
    char error[512];
    streams_hold ();
    signal (SIGPIPE, SIG_IGN);
    int result = parse (&options, argc, argv);
    if (result)
        return result < 0 ? 0 : result;
    if (key_file_read (&partner, options.partner, error, sizeof error) ||
        key_file_read (&team, options.team, error, sizeof error))
        return complain (EX_CONFIG, error, "");
    explicit_bzero (team.secret_key, sizeof team.secret_key);
    options.plan.team = consent_open (options.team, error, sizeof error);
    if (!options.plan.team)
        return complain (EX_CONFIG, error, "");
    consent_set_absent (options.plan.team, CONSENT_ABSENT_FAIL);
    result = run (&options, &partner, &team);
    consent_close (&options.plan.team);
    explicit_bzero (&partner, sizeof partner);
    return result;
}

/* consentd: arguments, configuration, broker, run. */
#include <czmq.h>
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <time.h>
#include "broker/broker.h"
#include "offline.h"
#include "outcome.h"
#include "text/escape.h"
#include "text/help_page.h"
#include "text/option_fault.h"
#include "registry/party_table.h"
#include "registry/registry.h"
#include "server_key.h"
#include "store/store.h"
#include "streams.h"
#include "supervisor.h"
#include "vault.h"
#include "say.h"

#define SHORTS "crunR:wo:hV"

enum { ARENA_LIMIT = 64 << 20 };

static const char help[] =
    "consentd " CONSENTD_VERSION ": the registry of consents of a municipality's social domain\n"
    "\n"
    "Usage: consentd [--restored] [--without-list] [--operator FILE] CONFIGURATION\n"
    "       consentd --check CONFIGURATION\n"
    "       consentd --upgrade [--dry-run] CONFIGURATION\n"
    "       consentd --restore BACKUP [--without-list] CONFIGURATION\n"
    "\n"
    "Keeps consents, refusals and revocations, and answers over ZeroMQ whether a disclosure\n"
    "may happen now, why, and under which obligations. Runs in the foreground, says what it\n"
    "has to say to the journal or on standard error, and \"ready\" when every endpoint is\n"
    "bound, also to a supervisor that listens for it (sd_notify).\n"
    "\n"
    "  -c, --check          check configuration, policy pack and keys, and exit; parties only\n"
    "                       before the first start, which takes up their files: after it they\n"
    "                       are in the store, and a start or a reload judges them\n"
    "  -R, --restore BACKUP put what consentctl backup made in the place of the store, in a new\n"
    "                       epoch, and exit; what was the store is kept beside it\n"
    "  -r, --restored       the store comes from a backup: begin a new epoch, so that nobody\n"
    "                       takes it for the registry that went on\n"
    "  -w, --without-list   start on a store from before an erasure where keys/subjects/subjects.list\n"
    "                       is lost: the records of some people stay unreadable, and permit nothing\n"
    "  -o, --operator FILE  bring in the operator of this file, ID.party, where none can sign\n"
    "                       in any more\n"
    "  -u, --upgrade        take up the store of an earlier version, and exit; it goes on where it\n"
    "                       was cut off\n"
    "  -n, --dry-run        with --upgrade: only try it, on a copy beside the store\n"
    "  -h, --help           this text\n"
    "  -V, --version        version\n"
    "\n"
    "Signals: TERM and INT stop it cleanly; HUP takes up the changed configuration and policy,\n"
    "if they are valid and every party fits them (consentctl config diff shows what would change).\n"
    "\n"
    "Exit codes: 0 stopped as asked, 64 usage, 69 the store or an endpoint is in use, 70 nothing\n"
    "can be recorded any more: start it again, 71 system failure, 74 input or output failed,\n"
    "78 configuration, keys, policy pack, or a store that is damaged.\n";

static int complain (const char *what)
{
    fprintf (stderr, "consentd: %s\n", what);
    return EX_USAGE;
}

/* The keys can be read, and by nobody but their owner. */
static int check_keys (const struct config *config, struct settings_error *error)
{
    char secret_key[41], public_key[41];
    int rc = server_key_read (config->server_key, secret_key, error);
    explicit_bzero (secret_key, sizeof secret_key);
    if (rc == 0 && config->server_next != NULL)
        rc = server_key_read_public (config->server_next, public_key, error);
    struct vault *vault = NULL;
    if (rc == 0)
        rc = vault_open_both (&vault, config->vault_key, config->vault_former, error->text, sizeof error->text);
    vault_destroy (&vault);
    return rc;
}

/* Checks the parties, as far as this is possible while a daemon may have the store open. Before the first start it
   checks the files that the start takes up: if they are wrong, no store may be made. */
static int check_parties (const struct in_force *in_force, const char **said, struct settings_error *error)
{
    static char told[64];
    const struct parties_basis basis = {in_force->config, in_force->policy};
    struct party_list list;
    *said = "parties: in the store, judged at a start or reload";
    if (store_exists (in_force->config->store_directory))
        return 0;
    struct arena *arena = arena_new (ARENA_LIMIT);
    int rc = party_table_read_files (&basis, arena, &list, error);
    snprintf (told, sizeof told, "parties: %zu, which the first start takes up", list.count);
    *said = told;
    arena_destroy (&arena);
    return rc;
}

/* With too few descriptors ZeroMQ's I/O thread spins, and nothing else gets any time. */
static void raise_descriptor_limit (void)
{
    struct rlimit limit;
    if (getrlimit (RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max < 65536 ? limit.rlim_max : 65536;
        setrlimit (RLIMIT_NOFILE, &limit);
    }
}

/* A core dump, or a debugger of the same user, would show keys and BSNs. The detection of leaks works as a
   debugger does. */
static void hide_memory (void)
{
    const struct rlimit none = {0, 0};
    setrlimit (RLIMIT_CORE, &none);
#ifndef __SANITIZE_ADDRESS__
    prctl (PR_SET_DUMPABLE, 0);
#endif
}

/* A supervisor sees from the exit code whether another try may help: it may, except for 64 and 78. */
static int exit_code_of (int rc)
{
    switch (rc) {
    case 0:
        return EX_OK;
    case BROKER_NOT_NOW:
    case REGISTRY_IN_USE:
        return EX_UNAVAILABLE;
    case BROKER_CANNOT_START:
    case STORE_DAMAGED:
    case RECORD_DAMAGED:
    case STORE_FULL:
        return EX_CONFIG;
    case STORE_DEAD:
    case STORE_MISUSED:
        return EX_SOFTWARE;
    case -EIO:
    case -EROFS:
        return EX_IOERR;
    default:
        return rc < 0 ? EX_OSERR : EX_CONFIG;
    }
}

/* Says all that is wrong. Returns the exit code. */
static int refuse (int rc, const struct settings_error *error)
{
    char fault[SETTINGS_ERROR_ONE];
    for (size_t i = 0; settings_error_at (error, i, fault); i++)
        say (SAY_CRITICAL, "cannot-start", "%s", fault);
    return exit_code_of (rc);
}

static int run (struct in_force *in_force, const struct broker_options *options)
{
    struct settings_error error = {""};
    struct broker *broker = NULL;
    int exit_code = EX_OK;
    supervisor_status ("starting: opens the store");
    int rc = broker_new (&broker, in_force, options, &error);
    if (rc == 0) {
        say (SAY_INFO, "ready", "ready");
        supervisor_ready ();
        rc = broker_run (broker);
        exit_code = rc == 0 ? EX_OK : EX_SOFTWARE;
        if (rc != 0)
            say (SAY_CRITICAL, "ends", "ends: %s", outcome_sentence (rc));
    } else {
        say (SAY_CRITICAL, "cannot-start", "%s", error.text[0] != 0 ? error.text : outcome_sentence (rc));
        exit_code = exit_code_of (rc);
    }
    broker_destroy (&broker);
    return exit_code;
}

int main (int argc, char **argv)
{
    static const struct option options[] = {
        {"check", no_argument, NULL, 'c'},        {"restored", no_argument, NULL, 'r'},
        {"without-list", no_argument, NULL, 'w'}, {"operator", required_argument, NULL, 'o'},
        {"help", no_argument, NULL, 'h'},         {"version", no_argument, NULL, 'V'},
        {"upgrade", no_argument, NULL, 'u'},      {"restore", required_argument, NULL, 'R'},
        {"dry-run", no_argument, NULL, 'n'},      {NULL, 0, NULL, 0},
    };
    bool check = false, upgrades = false, tries = false;
    const char *backup = NULL;
    struct broker_options chosen = {.restored = false};
    int option;
    streams_hold ();
    opterr = 0;
    while ((option = getopt_long (argc, argv, SHORTS, options, NULL)) != -1)
        switch (option) {
        case 'c':
            check = true;
            break;
        case 'r':
            chosen.restored = true;
            break;
        case 'u':
            upgrades = true;
            break;
        case 'n':
            tries = true;
            break;
        case 'R':
            backup = optarg;
            break;
        case 'w':
            chosen.without_list = true;
            break;
        case 'o':
            chosen.operator_file = optarg;
            break;
        case 'h':
            help_page_show (help, stdout);
            return EX_OK;
        case 'V':
            puts ("consentd " CONSENTD_VERSION);
            return EX_OK;
        default:
            return complain (option_fault (argv, SHORTS, options));
        }
    if (optind != argc - 1)
        return complain ("one CONFIGURATION is needed; see --help");
    if (tries && !upgrades)
        return complain ("--dry-run is for --upgrade; see --help");

    /* The loop reads signals, and CZMQ must not handle them. Threads that ZeroMQ makes inherit the mask. */
    sigset_t signals;
    sigemptyset (&signals);
    sigaddset (&signals, SIGTERM);
    sigaddset (&signals, SIGINT);
    sigaddset (&signals, SIGHUP);
    sigprocmask (SIG_BLOCK, &signals, NULL);
    signal (SIGPIPE, SIG_IGN);
    setenv ("ZSYS_SIGHANDLER", "false", 1);
    zsys_set_logstream (NULL); /* CZMQ prints text that it cannot parse, even secrets; we say what is wrong */
    umask (077);
    hide_memory ();
    raise_descriptor_limit ();

    struct in_force in_force;
    struct settings_error error = {""};
    int rc = in_force_read (&in_force, argv[optind], &error);
    const char *parties = "";
    if (rc == 0 && ((rc = check_keys (in_force.config, &error)) != 0 ||
                    (backup == NULL && (rc = check_parties (&in_force, &parties, &error)) != 0)))
        in_force_release (&in_force);
    if (rc != 0)
        return refuse (rc, &error);
    if (check) {
        printf ("%s: ok: policy %s, %s\n", argv[optind], in_force.policy->id, parties);
        in_force_release (&in_force);
        return EX_OK;
    }
    if (upgrades || backup != NULL) {
        rc = upgrades && tries ? offline_try_upgrade (&in_force)
             : upgrades        ? offline_upgrade (&in_force)
                               : offline_restore (&in_force, backup, chosen.without_list);
        in_force_release (&in_force);
        return exit_code_of (rc);
    }
    chosen.config_path = argv[optind];
    return run (&in_force, &chosen);
}

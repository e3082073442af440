/* consentd: arguments, configuration, broker, run. */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sysexits.h>
#include "auth.h"
#include "broker.h"
#include "outcome.h"
#include "vault.h"

static const char help[] =
    "consentd " CONSENTD_VERSION ": the registry of consents of a municipality's social domain\n"
    "\n"
    "Usage: consentd [--restored] CONFIGURATION\n"
    "       consentd --check CONFIGURATION\n"
    "\n"
    "Keeps consents, refusals and revocations, and answers over ZeroMQ whether a disclosure\n"
    "may happen now, why, and under which obligations. Runs in the foreground, logs to\n"
    "standard error, and says \"consentd: ready\" when every endpoint is bound.\n"
    "\n"
    "  -c, --check    check configuration, policy pack, parties and keys, and exit\n"
    "  -r, --restored the store comes from a backup: begin a new epoch, so that nobody takes\n"
    "                 it for the registry that went on\n"
    "  -h, --help     this text\n"
    "  -V, --version  version\n"
    "\n"
    "Signals: TERM and INT stop it cleanly; HUP takes up changed parties, roles and policy,\n"
    "if all of them are valid.\n"
    "\n"
    "Exit codes: 0 stopped as asked, 64 usage, 70 internal failure, 71 system failure,\n"
    "78 configuration.\n";

static int usage (void)
{
    fprintf (stderr, "consentd: usage: consentd [--check | --restored] CONFIGURATION (see consentd --help)\n");
    return EX_USAGE;
}

/* The keys can be read, and by their owner only. */
static int check_keys (const struct config *config, struct settings_error *error)
{
    char secret_key[41];
    int rc = auth_read_server_key (config->server_key, secret_key, error);
    explicit_bzero (secret_key, sizeof secret_key);
    struct vault *vault = NULL;
    if (rc == 0)
        rc = vault_open (&vault, config->vault_key, error->text, sizeof error->text);
    vault_destroy (&vault);
    return rc;
}

/* With too few descriptors ZeroMQ's I/O thread spins and starves everyone. */
static void raise_descriptor_limit (void)
{
    struct rlimit limit;
    if (getrlimit (RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max < 65536 ? limit.rlim_max : 65536;
        setrlimit (RLIMIT_NOFILE, &limit);
    }
}

/* A core dump, or a debugger of the same user, would show keys and BSNs. Leak detection needs the latter. */
static void hide_memory (void)
{
    const struct rlimit none = {0, 0};
    setrlimit (RLIMIT_CORE, &none);
#ifndef __SANITIZE_ADDRESS__
    prctl (PR_SET_DUMPABLE, 0);
#endif
}

static int run (struct in_force *in_force, const struct broker_options *options)
{
    struct settings_error error = {""};
    struct broker *broker = NULL;
    int exit_code = EX_OK;
    int rc = broker_new (&broker, in_force, options, &error);
    if (rc == 0) {
        fprintf (stderr, "consentd: ready\n");
        rc = broker_run (broker);
        exit_code = rc == 0 ? EX_OK : EX_SOFTWARE;
    } else {
        fprintf (stderr, "consentd: %s\n", error.text[0] != 0 ? error.text : outcome_sentence (rc));
        exit_code = rc == BROKER_CANNOT_START ? EX_CONFIG : EX_OSERR;
    }
    broker_destroy (&broker);
    return exit_code;
}

int main (int argc, char **argv)
{
    static const struct option options[] = {
        {"check", no_argument, NULL, 'c'},
        {"restored", no_argument, NULL, 'r'},
        {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'V'},
        {NULL, 0, NULL, 0},
    };
    bool check = false, restored = false;
    int option;
    opterr = 0;
    while ((option = getopt_long (argc, argv, "crhV", options, NULL)) != -1)
        switch (option) {
        case 'c':
            check = true;
            break;
        case 'r':
            restored = true;
            break;
        case 'h':
            fputs (help, stdout);
            return EX_OK;
        case 'V':
            puts ("consentd " CONSENTD_VERSION);
            return EX_OK;
        default:
            return usage ();
        }
    if (optind != argc - 1)
        return usage ();

    /* Signals are read in the loop; threads that ZeroMQ makes inherit the mask. CZMQ must not handle them. */
    sigset_t signals;
    sigemptyset (&signals);
    sigaddset (&signals, SIGTERM);
    sigaddset (&signals, SIGINT);
    sigaddset (&signals, SIGHUP);
    sigprocmask (SIG_BLOCK, &signals, NULL);
    signal (SIGPIPE, SIG_IGN);
    setenv ("ZSYS_SIGHANDLER", "false", 1);
    umask (077);
    hide_memory ();
    raise_descriptor_limit ();

    struct in_force in_force;
    struct settings_error error = {""};
    int rc = in_force_read (&in_force, argv[optind], &error);
    if (rc == 0 && (rc = check_keys (in_force.config, &error)) != 0)
        in_force_release (&in_force);
    if (rc != 0) {
        fprintf (stderr, "consentd: %s\n", error.text);
        return EX_CONFIG;
    }
    if (check) {
        printf ("%s: ok: policy %s, parties: %zu\n", argv[optind], in_force.policy->id,
                parties_count (in_force.parties));
        in_force_release (&in_force);
        return EX_OK;
    }
    return run (&in_force, &(struct broker_options){.config_path = argv[optind], .restored = restored});
}

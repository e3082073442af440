/* consentctl setup: a new instance in a directory of its own. */
#include <czmq.h>
#include <sys/stat.h>
#include "config/config.h"
#include "ctl.h"
#include "default_key.h"
#include "codec/document.h"
#include "letter/letter_folder.h"
#include "outcome.h"
#include "policy/pack.h"
#include "parties/party_file.h"
#include "policy/policy_read.h"
#include "secret_file.h"
#include "settings_failure.h"
#include "setup_files.h"
#include "table.h"
#include "log_key.h"
#include "vault.h"

#define TEMPLATE CONFIG_DIR "/consentd.conf"
#define POLICY CONFIG_DIR "/policies/kaag-en-braassem-2015"

enum { PORT = 7511, SOCKET_PATH = 107 /* longest path of a socket */ };

static const struct option setup_options[] = {
    {"policy", "DIR", "the policy pack to begin with\n(else " POLICY ")", 0},
    {"port", "N", "port of requests, at 127.0.0.1; events are on the next one (else 7511)", 0},
    {"origin", "NAME",
     "the name of its log, for who verifies it: gemeente-voorbeeld.nl/toestemmingen\n(else one at random)", 0},
    {"controller", "NAME", "whose registry this is (else as in the template)", 0},
    {"default", "WHOSE",
     "let consentctl ask it where no key is named: 'user' makes the link\n"
     "~/.config/consentd/operator.key, 'system' /etc/consentd/operator.key; one that is\n"
     "there stays (else --key or CONSENT_KEY names the key)",
     0, "user system"},
    {"template", "FILE", "the configuration to begin with\n(else " TEMPLATE ")", 0},
    {NULL, NULL, NULL, 0},
};

struct setup {
    struct ctl *ctl;
    const char *directory; /* absolute */
    const char *template, *policy_source, *controller, *origin;
    const char *policy_name;
    const char *default_place; /* where the key of the operator is linked; NULL: nowhere */
    const char *requests, *events, *operators;
    const char *config;
    char server_key[41];
    char log_key[NOTE_KEY_TEXT_SIZE];
};

static const char *within (const struct setup *self, const char *path)
{
    return arena_printf (self->ctl->arena, "%s/%s", self->directory, path);
}

/* Judges the pack before anything is made. */
static int read_policy (struct setup *self)
{
    struct policy *policy;
    int error = pack_read (self->policy_source, &policy);
    if (error)
        return error;
    self->policy_name = arena_strdup (self->ctl->arena, policy->name);
    policy_destroy (&policy);
    return 0;
}

static const char *random_origin (const struct setup *self)
{
    uint64_t number;
    vault_random (&number, sizeof number);
    return arena_printf (self->ctl->arena, "registry-%016" PRIx64 ".invalid/consentd", number);
}

/* Judges where the key would be linked, before anything is made. */
static int read_default (struct setup *self, const struct options *options)
{
    const char *whose = options_text (options, "default");
    struct stat about;
    if (!whose)
        return 0;
    if (strcmp (whose, "user") != 0 && strcmp (whose, "system") != 0)
        return ctl_fail (EX_USAGE, "--default is user or system");
    self->default_place =
        strcmp (whose, "user") == 0 ? default_key_of_user (self->ctl->arena) : DEFAULT_KEY_SYSTEM;
    if (!self->default_place)
        return ctl_fail (EX_USAGE, "--default user: neither XDG_CONFIG_HOME nor HOME is set");
    if (lstat (self->default_place, &about) == 0)
        return ctl_fail (EX_CANTCREAT,
                         "--default: %s is there already, and stays: remove it first, or leave this out",
                         self->default_place);
    return 0;
}

static int read_options (struct setup *self, const struct options *options)
{
    const char *policy = options_text (options, "policy"), *template = options_text (options, "template");
    unsigned long port = PORT;
    self->policy_source = policy ? policy : POLICY;
    self->template = template ? template : TEMPLATE;
    self->controller = options_text (options, "controller");
    self->origin = options_text (options, "origin");
    if (!self->origin)
        self->origin = random_origin (self);
    if (!note_is_name (self->origin, strlen (self->origin)))
        return ctl_fail (EX_USAGE, "--origin is a name of at most %d bytes, without spaces and plus",
                         NOTE_NAME_SIZE);
    int error = options_number (options, "port", 1, 65534, &port);
    if (!error)
        error = read_default (self, options);
    if (error)
        return error;
    self->requests = arena_printf (self->ctl->arena, "tcp://127.0.0.1:%lu", port);
    self->events = arena_printf (self->ctl->arena, "tcp://127.0.0.1:%lu", port + 1);
    return read_policy (self);
}

/* The letters of the pack, for whoever writes them to change. */
static int copy_letters (struct setup *self, const char *policy)
{
    const char *into = arena_printf (self->ctl->arena, "%s/%s", policy, LETTER_FOLDER);
    if (mkdir (into, 0700) != 0)
        return ctl_fail (EX_CANTCREAT, "cannot make %s: %s", into, strerror (errno));
    return setup_copy_files (self->ctl,
                             arena_printf (self->ctl->arena, "%s/%s", self->policy_source, LETTER_FOLDER), into);
}

static int make_directories (struct setup *self, const char *directory)
{
    const char *own;
    int error = setup_make_empty (self->ctl, directory, &own);
    if (error)
        return error;
    self->directory = own;
    self->config = within (self, "consentd.conf");
    self->operators = arena_printf (self->ctl->arena, "ipc://%s", within (self, "run/operators"));
    if (strlen (self->operators) - strlen ("ipc://") > SOCKET_PATH)
        return ctl_fail (EX_CANTCREAT, "%s: too long a path for a socket in it", directory);
    if (strchr (self->operators, ' '))
        return ctl_fail (EX_CANTCREAT, "%s: a socket cannot be in a directory with a blank in its name",
                         directory);
    const char *policy = within (self, arena_printf (self->ctl->arena, "policies/%s", self->policy_name)),
               *names[] = {"keys", "keys/subjects", "parties", "data", "run", "policies"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (mkdir (within (self, names[i]), 0700) != 0)
            return ctl_fail (EX_CANTCREAT, "cannot make %s: %s", within (self, names[i]), strerror (errno));
    if (mkdir (policy, 0700) != 0)
        return ctl_fail (EX_CANTCREAT, "cannot make %s: %s", policy, strerror (errno));
    error = setup_copy_files (self->ctl, self->policy_source, policy);
    return !error && letter_folder_is_there (self->ctl, self->policy_source) ? copy_letters (self, policy) : error;
}

static int write_config (struct setup *self)
{
    const struct setup_value values[] = {
        {"controller", self->controller},
        {"listen/requests", self->requests},
        {"listen/events", self->events},
        {"listen/operators", "ipc://run/operators"},
        {"keys/server", "keys/server.key"},
        {"keys/vault", "keys/vault.key"},
        {"keys/log", "keys/log.key"},
        {"log/origin", self->origin},
        {"store/directory", "data"},
        {"policy", arena_printf (self->ctl->arena, "policies/%s", self->policy_name)},
        {"parties", "parties"},
    };
    return setup_fill_template (self->template, self->config, values, sizeof values / sizeof *values);
}

/* By which key others verify what the new one signs. */
static int read_log_key (struct setup *self, const char *file)
{
    struct log_key *key;
    char error[512];
    if (log_key_read (&key, file, self->origin, error, sizeof error) != 0)
        return ctl_fail (EX_CANTCREAT, "%s", error);
    note_key_write (&key->signer[0].key, self->log_key);
    log_key_destroy (&key);
    return 0;
}

/* Makes the daemon's key pair, and the key on which the stored records depend. */
static int make_daemon_keys (struct setup *self)
{
    zcert_t *pair = zcert_new ();
    if (!pair)
        return ctl_fail (EX_SOFTWARE, "cannot make a key pair");
    snprintf (self->server_key, sizeof self->server_key, "%s", zcert_public_txt (pair));
    int error = secret_file_write (within (self, "keys/server.key"), pair, NULL, &(struct secret_place){0});
    zcert_destroy (&pair);
    if (error)
        return error;
    const char *made = within (self, "keys/vault.key");
    error = vault_create (made);
    if (!error) {
        made = within (self, "keys/log.key");
        error = log_key_create (made, self->origin);
    }
    if (error)
        return ctl_fail (EX_CANTCREAT, "cannot make %s: %s", made, outcome_sentence (error));
    return read_log_key (self, made);
}

/* Checks that the template, with what was filled in, is a configuration. */
static int check_config (const struct setup *self)
{
    struct settings_error wrong;
    struct config *config;
    if (config_read (&config, self->config, &wrong) != 0)
        return settings_failure (EX_CONFIG, &wrong);
    config_destroy (&config);
    return 0;
}

/* Makes the first operator, who can add every other party. */
static int make_operator (struct setup *self)
{
    zcert_t *pair = zcert_new ();
    if (!pair)
        return ctl_fail (EX_SOFTWARE, "cannot make a key pair");
    const struct secret_place place = {.requests = self->requests,
                                       .events = self->events,
                                       .operators = self->operators,
                                       .server_key = self->server_key,
                                       .log_key = self->log_key};
    const struct party_key key = {"first", zcert_public_txt (pair), "", ""};
    struct party_text party = {
        .id = "operator", .kind = "operator", .role = "operator", .keys = &key, .key_count = 1, .active = true};
    party = party_text_copy (&party, self->ctl->arena);
    const char *file = within (self, "parties/operator.party");
    int error = setup_write_file (file, party_file_text (&party, self->ctl->arena));
    if (!error)
        error = secret_file_write (within (self, "keys/operator.key"), pair, "operator", &place);
    zcert_destroy (&pair);
    return error;
}

static int link_default (const struct setup *self)
{
    int error =
        self->default_place ? default_key_link (self->default_place, within (self, "keys/operator.key")) : 0;
    if (!error)
        return 0;
    return ctl_fail (EX_CANTCREAT, "the registry is made, but %s is not: %s; CONSENT_KEY or --key names its key",
                     self->default_place, strerror (-error));
}

static void print_next (const struct setup *self)
{
    struct arena *arena = self->ctl->arena;
    const char *key = within (self, "keys/operator.key");
    if (self->ctl->json) {
        document_print (json_pack (
            "{s:o, s:o, s:o, s:s, s:s, s:s, s:o}", "directory", document_string (self->directory), "config",
            document_string (self->config), "key", document_string (key), "policy", self->policy_name, "requests",
            self->requests, "events", self->events, "operators", document_string (self->operators)));
        return;
    }
    printf ("A new registry is in %s.\n\n"
            "Start it:\n  consentd %s\n\n"
            "Then, as its operator:\n%s%s  consentctl status\n"
            "  consentctl party add ID --kind KIND --role ROLE --out FILE\n\n"
            "Without the key %s\nnothing in %s can be read: keep a copy of it, where the\n"
            "backups of the data are not.\n",
            table_clean (arena, self->directory), table_clean (arena, self->config),
            self->default_place ? "" : "  export CONSENT_KEY=",
            self->default_place ? "" : arena_printf (arena, "%s\n", table_clean (arena, key)),
            table_clean (arena, within (self, "keys/vault.key")), table_clean (arena, within (self, "data")));
}

static int run_setup (struct ctl *ctl, const struct options *options)
{
    struct setup self = {.ctl = ctl};
    umask (077);
    int error = read_options (&self, options);
    if (!error)
        error = make_directories (&self, options->arguments[0]);
    if (!error)
        error = write_config (&self);
    if (!error)
        error = check_config (&self);
    if (!error)
        error = make_daemon_keys (&self);
    if (!error)
        error = make_operator (&self);
    if (!error) {
        print_next (&self);
        error = link_default (&self);
    } else if (self.directory) {
        ctl_fail (error, "what is in %s is not whole, and no registry: remove it before you try again",
                  self.directory);
    }
    return error;
}

const struct command setup_commands[] = {
    {"setup", "DIR", "make a new registry: configuration, keys, policy, first operator",
     "DIR must not exist, or be empty. Everything in it is for its owner alone.", setup_options, run_setup},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};

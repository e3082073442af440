/* consentctl config check, config diff */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "ask.h"
#include "codec/document.h"
#include "config/config.h"
#include "ctl.h"
#include "policy/pack.h"
#include "policy/policy_read.h"
#include "rules/policy.h"
#include "log_key.h"
#include "server_key.h"
#include "settings_failure.h"
#include "table.h"
#include "text/escape.h"
#include "vault.h"

/* --- config check -------------------------------------------------------------------------------------- */

static json_t *roles_of (const struct config *config)
{
    json_t *list = json_array ();
    for (size_t i = 0; i < config->role_count; i++)
        json_array_append_new (list, json_string (config->roles[i].name));
    return list;
}

/* Each opens one key file as the daemon does. */
static int open_server (const struct config *config, const char *path, struct settings_error *wrong)
{
    char public_key[SERVER_KEY_TEXT];
    (void)config;
    return server_key_read_public (path, public_key, wrong);
}

static int open_vault (const struct config *config, const char *path, struct settings_error *wrong)
{
    struct vault *vault = NULL;
    (void)config;
    int rc = vault_open (&vault, path, wrong->text, sizeof wrong->text);
    vault_destroy (&vault);
    return rc;
}

static int open_log (const struct config *config, const char *path, struct settings_error *wrong)
{
    struct log_key *key = NULL;
    int rc = log_key_read (&key, path, config->log_origin, wrong->text, sizeof wrong->text);
    log_key_destroy (&key);
    return rc;
}

/* Those that are here, and this user's, as they must be the daemon's. Others are listed. */
static int check_keys (const struct config *config, json_t *not_opened)
{
    const struct {
        const char *path;
        int (*open) (const struct config *config, const char *path, struct settings_error *wrong);
    } files[] = {{config->server_key, open_server},
                 {config->server_next, open_server},
                 {config->vault_key, open_vault},
                 {config->vault_former, open_vault},
                 {config->log_key, open_log}};
    struct settings_error wrong = {""};
    struct stat found;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (files[i].path != NULL && (stat (files[i].path, &found) != 0 || found.st_uid != geteuid ()))
            json_array_append_new (not_opened, document_string (files[i].path));
        else if (files[i].path != NULL && files[i].open (config, files[i].path, &wrong) != 0)
            return ctl_fail (EX_CONFIG, "%s", wrong.text);
    return 0;
}

static void print_checked (const struct ctl *ctl, const struct config *config, const struct policy *policy,
                           json_t *not_opened)
{
    if (ctl->json) {
        document_print (json_pack ("{s:o, s:o, s:s, s:o, s:O}", "file", document_string (config->path),
                                   "controller", document_string (config->controller), "policy", policy->id,
                                   "roles", roles_of (config), "keys_not_opened", not_opened));
        return;
    }
    escape_put (stdout, config->path);
    printf (": ok: policy %s, %zu roles", policy->id, config->role_count);
    for (size_t i = 0; i < json_array_size (not_opened); i++) {
        printf ("%s", i == 0 ? ". Not opened, since not here or another user's: " : ", ");
        escape_put (stdout, json_string_value (json_array_get (not_opened, i)));
    }
    printf ("\n");
}

static int run_check (struct ctl *ctl, const struct options *options)
{
    struct settings_error wrong = {""};
    struct config *config = NULL;
    struct policy *policy = NULL;
    json_t *not_opened = json_array ();
    int error = config_read (&config, options->arguments[0], &wrong) == 0
                    ? pack_read (config->policy_directory, &policy)
                    : settings_failure (EX_CONFIG, &wrong);
    if (!error)
        error = check_keys (config, not_opened);
    if (!error)
        print_checked (ctl, config, policy, not_opened);
    json_decref (not_opened);
    policy_destroy (&policy);
    config_destroy (&config);
    return error;
}

/* --- config diff --------------------------------------------------------------------------------------- */

static void print_changes (struct ctl *ctl, const Consentd__ConfigDiffReply *diff)
{
    static const char *const heading[] = {"setting", "in force", "in the file", "counts from"};
    struct table table = table_start (ctl->arena, heading, 4);
    for (size_t i = 0; i < diff->n_changes; i++) {
        const Consentd__ConfigChange *change = diff->changes[i];
        const char *row[] = {change->setting, change->in_force, change->in_file, change->counts};
        table_add (&table, row);
    }
    table_print (&table, stdout);
}

static size_t count (const Consentd__ConfigDiffReply *diff, const char *when)
{
    size_t found = 0;
    for (size_t i = 0; i < diff->n_changes; i++)
        found += strcmp (diff->changes[i]->counts, when) == 0;
    return found;
}

static void print_diff (struct ctl *ctl, const Consentd__Reply *reply)
{
    const Consentd__ConfigDiffReply *diff = reply->config_diff;
    if (*diff->refused)
        return;
    if (diff->n_changes == 0) {
        escape_line (stdout, "what is in force is what %s says", diff->path);
        return;
    }
    print_changes (ctl, diff);
    printf ("\n%zu of %zu would count from a reload, %zu from a start", count (diff, "reload"), diff->n_changes,
            count (diff, "start"));
    if (count (diff, "never") > 0)
        printf (", %zu never: a store does not become smaller", count (diff, "never"));
    printf ("\n");
}

static int run_diff (struct ctl *ctl, const struct options *options)
{
    (void)options;
    Consentd__ConfigDiffRequest body = CONSENTD__CONFIG_DIFF_REQUEST__INIT;
    Consentd__Request request = ASK_REQUEST (CONFIG_DIFF, config_diff, &body);
    Consentd__Reply *reply;
    int error = ask (ctl, &request, CONSENTD__REPLY__BODY_CONFIG_DIFF, &reply);
    if (error)
        return error;
    if (*reply->config_diff->refused)
        error = ctl_fail (EX_CONFIG, "a reload would be refused: %s", reply->config_diff->refused);
    ask_tell (ctl, reply, print_diff);
    return error;
}

const struct command config_commands[] = {
    {"config check", "FILE", "whether a configuration and its policy pack are as they must be",
     "Without the registry, and on any machine that has the files. Names file and line of what is wrong, and "
     "ends\n"
     "with 78, or with 65 where it is in the pack. It opens the key files that are here and this user's, and "
     "lists the\n"
     "others: 'consentd --check FILE' opens all, as the daemon's user, and must be content before a start.",
     NULL, run_check},
    {"config diff", NULL, "what a reload, or a start, would change",
     "The registry reads its own configuration, pack and key files as a reload does, and takes up nothing. It "
     "shows\n"
     "each setting of which the file has another value than the one that counts, and from when it would count.\n"
     "Ends with 78, and says why, where a reload would be refused. Of the packs see 'consentctl policy diff'.",
     NULL, run_diff},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};

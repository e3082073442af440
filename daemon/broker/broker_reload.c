/* Takes up changes: of the configuration, of the policy, and of who may be here. */
#include <stdio.h>
#include <string.h>
#include "broker_parts.h"
#include "config/config_change.h"
#include "parties/party_file.h"
#include "registry/key_files.h"
#include "registry/log_copies.h"
#include "registry/party_table.h"
#include "rules/policy.h"
#include "supervisor.h"
#include "say.h"

/* The parties, and the moment, by which it is judged who may stay. */
struct stay {
    const struct parties *parties;
    moment now;
};

static bool may_stay (const void *asked, const struct connection *connection)
{
    const struct stay *stay = asked;
    return auth_party (stay->parties, connection->key, connection->id.channel, stay->now) != NULL;
}

void broker_show_out (struct broker *self)
{
    const struct stay stay = {self->registry.parties, broker_now (self)};
    connections_close_unless (self->connections, may_stay, &stay, broker_steady ());
    outbox_look_again (self->registry.outbox); /* who may not stay is told so */
}

static void report_reload (struct broker *self, enum say_level level, const char *outcome)
{
    snprintf (self->report.last_reload, sizeof self->report.last_reload, "%s", outcome);
    say (level, "reload", "reload: %s", outcome);
}

/* Takes up what was read, and the parties as judged by it, and says so in the log. If that cannot be logged, it
   does not happen (A2): the old configuration stays in force. */
static bool take_up (struct broker *self, struct in_force *fresh, struct parties *parties)
{
    struct in_force old = self->in_force;
    struct parties *old_parties = self->registry.parties;
    self->in_force = *fresh;
    self->registry.parties = parties;
    if (broker_log (self, "reload", "ok", fresh->policy->id) == 0) {
        config_keep_started (old.config, fresh->config);
        *fresh = old;
        parties_destroy (&old_parties);
        return true;
    }
    self->in_force = old;
    self->registry.parties = old_parties;
    parties_destroy (&parties);
    report_reload (self, SAY_ERROR, "the log cannot be written");
    return false;
}

static void refuse_reload (struct broker *self, const struct settings_error *error)
{
    char sum[SETTINGS_ERROR_ONE];
    settings_error_sum (error, sum);
    report_reload (self, SAY_ERROR, sum);
    broker_log (self, "reload", "refused", sum);
}

/* People are used to editing files, and must hear that these change nothing: above all if they want to shut
   somebody out. */
static void say_unread (const struct broker *self)
{
    const char *directory = self->in_force.config->parties_directory;
    size_t count = directory != NULL ? party_file_count_since (directory, self->report.started_at) : 0;
    if (count > 0)
        say (SAY_WARNING, "parties-unread",
             "the party files in %s are not read; %zu changed since the start: consentctl party apply", directory,
             count);
}

/* Takes up the size of the store. It becomes larger at once, or stays as it was. */
static int resize_store (struct broker *self, const struct config *config, struct settings_error *error)
{
    struct store_options options = registry_store_options (config);
    options.directory = self->in_force.config->store_directory; /* another one counts from the next start */
    uint64_t before = self->registry.room.info.size;
    int rc = registry_resize (&self->registry, &options, error);
    if (rc == 0 && self->registry.room.info.size > before)
        say (SAY_NOTICE, "store-size", "the store has %llu MiB now",
             (unsigned long long)(self->registry.room.info.size >> 20));
    if (rc == 0 && config->store_size < before)
        say (SAY_WARNING, "store-size", "the store keeps its %llu MiB: it cannot shrink to store/size",
             (unsigned long long)(before >> 20));
    return rc;
}

/* A key that is another is in the log before it counts (A1). */
static int change_vault (struct broker *self, struct key_files *keys, struct settings_error *error)
{
    int rc = 0;
    if (keys->is_other && (rc = broker_log (self, "vault-key", "changes", NULL)) != 0)
        snprintf (error->text, sizeof error->text, "the log cannot be written");
    if (rc == 0 && keys->is_other &&
        (rc = broker_sync (self)) != 0) /* or a power cut would leave the key without the line */
        snprintf (error->text, sizeof error->text, "the log cannot be synced");
    if (rc == 0)
        rc = registry_change_vault (&self->registry, keys->vault, error);
    if (rc == 0 && keys->is_other)
        say (SAY_NOTICE, "vault-key", "the keyring is sealed under the new vault key now");
    return rc;
}

static int open_keys (const struct broker *self, const struct config *config, struct key_files *keys,
                      struct settings_error *error)
{
    return key_files_open (keys, config, self->registry.vault, self->registry.keyring, error);
}

static void announce (struct broker *self, const struct key_files *keys)
{
    memcpy (self->report.server_key_next, keys->server_key_next, sizeof keys->server_key_next);
}

/* What there is was opened under the vault key under which it is. To change that is what a reload does, and can
   fail as there: then all is as it was, and the next start or reload tries it again. */
int broker_start_keys (struct broker *self, struct settings_error *error)
{
    struct key_files keys;
    struct settings_error why = {""};
    int rc = open_keys (self, self->in_force.config, &keys, error);
    if (rc != 0)
        return rc < 0 ? rc : BROKER_CANNOT_START;
    announce (self, &keys);
    if (change_vault (self, &keys, &why) != 0) {
        snprintf (self->report.last_reload, sizeof self->report.last_reload, "%s", why.text);
        say (SAY_ERROR, "vault-key", "the vault key is still the former one: %s", why.text);
    }
    key_files_close (&keys);
    return 0;
}

/* 0: everything that was read can be taken up, and the vault's key is the one that is configured. */
static int prepare (struct broker *self, const struct in_force *fresh, struct parties **parties,
                    struct key_files *keys, struct settings_error *error)
{
    int rc = party_table_judge (self->registry.parties, fresh, parties, error);
    if (rc == 0)
        rc = resize_store (self, fresh->config, error);
    if (rc == 0)
        rc = open_keys (self, fresh->config, keys, error);
    return rc == 0 ? change_vault (self, keys, error) : rc;
}

static void reload (struct broker *self)
{
    struct in_force fresh;
    struct parties *parties = NULL;
    struct settings_error error = {""};
    struct key_files keys = {.vault = NULL};
    if (in_force_read (&fresh, self->config_path, &error) != 0) {
        refuse_reload (self, &error);
        return;
    }
    int rc = prepare (self, &fresh, &parties, &keys, &error);
    key_files_close (&keys);
    if (rc != 0) {
        parties_destroy (&parties);
        in_force_release (&fresh);
        refuse_reload (self, &error);
        return;
    }
    bool taken_up = take_up (self, &fresh, parties);
    in_force_release (&fresh); /* releases what is not in force */
    if (!taken_up)
        return;
    announce (self, &keys);
    log_copies_expect (&self->registry.copies, self->in_force.config, broker_steady ());
    registry_forget (&self->registry); /* codes are positions in the old pack */
    self->metrics_at = 0;              /* another file may be wanted */
    broker_show_out (self);
    say_unread (self);
    report_reload (self, SAY_NOTICE, "ok");
}

void broker_reload (struct broker *self)
{
    supervisor_reloading ();
    reload (self);
    supervisor_ready ();
}

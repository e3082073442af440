/* Takes up changes: of the configuration, of the policy, and of who may be here. */
#include <stdio.h>
#include <string.h>
#include "broker_parts.h"
#include "config/config_change.h"
#include "parties/party_file.h"
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
    report_reload (self, SAY_ERROR, error->text);
    broker_log (self, "reload", "refused", error->text);
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

int broker_read_next_key (const struct config *config, char public_key[41], struct settings_error *error)
{
    public_key[0] = '\0';
    return config->server_next != NULL ? auth_read_public_key (config->server_next, public_key, error) : 0;
}

/* Opens the key files that are configured now. A key that is another is in the log before it counts (A1). */
static int change_vault (struct broker *self, const struct config *config, struct settings_error *error)
{
    struct vault *fresh = NULL;
    bool is_other = false;
    int rc = vault_open_both (&fresh, config->vault_key, config->vault_former, error->text, sizeof error->text);
    if (rc == 0)
        rc = registry_judge_vault (&self->registry, fresh, config->vault_key, &is_other, error);
    if (rc == 0 && is_other && (rc = broker_log (self, "vault-key", "changes", NULL)) != 0)
        snprintf (error->text, sizeof error->text, "the log cannot be written");
    if (rc == 0 && is_other &&
        (rc = broker_sync (self)) != 0) /* or a power cut would leave the key without the line */
        snprintf (error->text, sizeof error->text, "the log cannot be synced");
    if (rc == 0)
        rc = registry_change_vault (&self->registry, fresh, error);
    if (rc == 0 && is_other)
        say (SAY_NOTICE, "vault-key", "the keyring is sealed under the new vault key now");
    vault_destroy (&fresh);
    return rc;
}

/* A start opens what there is under the key under which it is. To change that is what a reload does, and can fail
   as there: then all is as it was, and the next start or reload tries it again. */
void broker_start_vault (struct broker *self)
{
    struct settings_error error = {""};
    if (change_vault (self, self->in_force.config, &error) == 0)
        return;
    snprintf (self->report.last_reload, sizeof self->report.last_reload, "%s", error.text);
    say (SAY_ERROR, "vault-key", "the vault key is still the former one: %s", error.text);
}

static void reload (struct broker *self)
{
    struct in_force fresh;
    struct parties *parties = NULL;
    struct settings_error error = {""};
    char next_key[sizeof self->report.server_key_next];
    if (in_force_read (&fresh, self->config_path, &error) != 0) {
        refuse_reload (self, &error);
        return;
    }
    if (party_table_judge (self->registry.parties, &fresh, &parties, &error) != 0 ||
        resize_store (self, fresh.config, &error) != 0 ||
        broker_read_next_key (fresh.config, next_key, &error) != 0 ||
        change_vault (self, fresh.config, &error) != 0) {
        parties_destroy (&parties);
        in_force_release (&fresh);
        refuse_reload (self, &error);
        return;
    }
    bool taken_up = take_up (self, &fresh, parties);
    in_force_release (&fresh); /* releases what is not in force */
    if (!taken_up)
        return;
    memcpy (self->report.server_key_next, next_key, sizeof next_key);
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

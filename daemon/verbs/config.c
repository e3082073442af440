/* What a reload would change: for who edits the configuration, before it is taken up. */
#include <stdio.h>
#include <string.h>
#include "config/config_change.h"
#include "in_force.h"
#include "registry/key_files.h"
#include "registry/party_table.h"
#include "rules/policy.h"
#include "verbs.h"

enum {
    OF_FILES = 4,
    HASH_SHOWN = 8,
    WORK_OF_READING = 1 << 19, /* a pack is read and its cases decided: some milliseconds, so nothing else of its
                                  lane in that turn */
};

static const char *pack_of (struct arena *arena, const struct policy *policy)
{
    char hash[2 * HASH_SHOWN + 1];
    for (size_t i = 0; i < HASH_SHOWN; i++)
        snprintf (hash + 2 * i, 3, "%02x", policy->hash[i]);
    return arena_printf (arena, "%s, %s", policy->id, hash);
}

static const char *log_keys_of (struct arena *arena, const struct log_key *keys)
{
    const char *list = "";
    char key[NOTE_KEY_TEXT_SIZE];
    for (size_t i = 0; keys != NULL && i < keys->count; i++) {
        note_key_write (&keys->signer[i].key, key);
        list = arena_printf (arena, "%s%s%s", list, i > 0 ? " " : "", key);
    }
    return list;
}

static const char *vault_key_of (struct arena *arena, const struct vault *vault)
{
    uint8_t name[VAULT_ID_SIZE];
    const char *text = "";
    vault_key_name (vault_keyring_key (vault), name);
    for (size_t i = 0; i < sizeof name; i++)
        text = arena_printf (arena, "%s%02x", text, name[i]);
    return text;
}

static size_t compare_files (struct turn *turn, const struct in_force *fresh, const struct key_files *keys,
                             struct config_change *changes)
{
    const struct config_change both[OF_FILES] = {
        {"policy pack", pack_of (turn->arena, turn->policy), pack_of (turn->arena, fresh->policy),
         CONFIG_AT_RELOAD},
        {"keys/log keys", log_keys_of (turn->arena, turn->log_key), log_keys_of (turn->arena, fresh->log_key),
         CONFIG_AT_RELOAD},
        {"vault key", vault_key_of (turn->arena, turn->vault), vault_key_of (turn->arena, keys->vault),
         CONFIG_AT_RELOAD},
        {"server key to come", turn->report->server_key_next, keys->server_key_next, CONFIG_AT_RELOAD},
    };
    size_t count = 0;
    for (size_t i = 0; i < OF_FILES; i++)
        if (strcmp (both[i].before, both[i].after) != 0)
            changes[count++] = both[i];
    return count;
}

static void show (struct turn *turn, const struct in_force *fresh, const struct key_files *keys,
                  struct handling *handling)
{
    static const char *const counts[] = {
        [CONFIG_AT_RELOAD] = "reload", [CONFIG_AT_START] = "start", [CONFIG_NEVER] = "never"};
    struct config_change *changes = arena_array (turn->arena, CONFIG_CHANGES + OF_FILES, sizeof *changes);
    size_t count = config_compare (turn->config, fresh->config, turn->arena, changes);
    count += compare_files (turn, fresh, keys, changes + count);
    struct shown_config_change *shown = arena_array (turn->arena, count, sizeof *shown);
    for (size_t i = 0; i < count; i++)
        shown[i] =
            (struct shown_config_change){changes[i].setting, changes[i].before,
                                         arena_strdup (turn->arena, changes[i].after), counts[changes[i].when]};
    handling->reply.as.config_diff.changes = shown;
    handling->reply.as.config_diff.count = count;
}

int verb_config_diff (struct turn *turn, const struct caller *caller, const struct request *request,
                      struct handling *handling)
{
    (void)caller;
    (void)request;
    struct in_force fresh;
    struct parties *judged = NULL;
    struct settings_error error = {""};
    struct key_files keys = {.vault = NULL};
    char sum[SETTINGS_ERROR_ONE];
    turn->work += WORK_OF_READING;
    handling->reply.body = REPLY_CONFIG_DIFF;
    handling->reply.as.config_diff.path = turn->config->path;
    handling->reply.as.config_diff.refused = "";
    int rc = in_force_read (&fresh, turn->config->path, &error);
    if (rc == 0)
        rc = party_table_judge (turn->parties, &fresh, &judged, &error);
    if (rc == 0 && (rc = key_files_open (&keys, fresh.config, turn->vault, turn->keyring, &error)) == 0)
        show (turn, &fresh, &keys, handling);
    settings_error_sum (&error, sum);
    if (rc != 0)
        handling->reply.as.config_diff.refused = arena_strdup (turn->arena, sum);
    key_files_close (&keys);
    parties_destroy (&judged);
    in_force_release (&fresh); /* of what failed nothing is left */
    return 0;
}

#include "party_file.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "arena.h"

enum { LONGEST = 1000 }; /* the longest value: lists of parties are messages, and must fit */

static const char first_key[] = "first";

/* Reads the setting of that name. "" if it is not there. */
static void read_setting (struct settings *settings, const char *name, struct arena *arena, const char **text,
                          struct settings_error *error)
{
    const char *value = settings_get (settings, name);
    *text = arena_strdup (arena, value != NULL ? value : "");
    if (strlen (*text) > LONGEST)
        settings_fault (settings, name, error, "\"%s\" is longer than %d bytes", name, LONGEST);
}

static void read_active (struct settings *settings, struct party_text *party, struct settings_error *error)
{
    const char *active = settings_get (settings, "active");
    party->active = active == NULL || strcmp (active, "yes") == 0;
    if (active != NULL && !party->active && strcmp (active, "no") != 0)
        settings_fault (settings, "active", error, "\"active\" is yes or no");
}

static void read_limits (struct settings *settings, struct party_text *party, struct settings_error *error)
{
    settings_name (settings, "limits", 0);
    for (size_t i = 0; i < PARTY_LIMITS; i++) {
        const char *name = party_limits[i].name, *value = settings_get (settings, name);
        if (value == NULL)
            continue;
        char *end = NULL;
        errno = 0;
        unsigned long number = strtoul (value, &end, 10);
        bool digits = strspn (value, "0123456789") == strlen (value) && value[0] != 0;
        if (!digits || errno != 0 || number < 1 || number > PARTY_LIMIT_MOST)
            settings_fault (settings, name, error, "\"%s\" is a number from 1 to %d", name, PARTY_LIMIT_MOST);
        else
            party_limit_set (party, i, (uint32_t)number);
    }
}

static void read_key (struct settings *settings, const char *name, struct arena *arena, struct party_key *key,
                      struct settings_error *error)
{
    const struct {
        const char *name, **text;
    } all[] = {{"public-key", &key->public_key}, {"since", &key->since}, {"until", &key->until}};
    key->name = arena_strdup (arena, name);
    settings_get (settings, arena_printf (arena, "keys/%s", name));
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        read_setting (settings, arena_printf (arena, "keys/%s/%s", name, all[i].name), arena, all[i].text, error);
}

static void read_keys (struct settings *settings, struct party_text *party, struct arena *arena,
                       struct settings_error *error)
{
    struct party_key *keys = arena_array (arena, PARTY_KEYS, sizeof *keys);
    const char *alone = settings_get (settings, "public-key"), *name;
    party->keys = keys;
    if (alone != NULL && alone[0] != 0)
        keys[party->key_count++] = (struct party_key){first_key, arena_strdup (arena, alone), "", ""};
    if (alone != NULL && settings_name (settings, "keys", 0) != NULL)
        settings_fault (settings, "public-key", error,
                        "\"public-key\" belongs in the section \"keys\", if there is one");
    for (size_t i = 0; (name = settings_name (settings, "keys", i)) != NULL && party->key_count < PARTY_KEYS; i++)
        read_key (settings, name, arena, &keys[party->key_count++], error);
    if (name != NULL)
        settings_fault (settings, "keys", error, "a party has at most %d keys", PARTY_KEYS);
}

static int read_text (struct settings *settings, struct party_text *party, struct arena *arena,
                      struct settings_error *error)
{
    read_active (settings, party, error);
    settings_name (settings, "identifiers", 0);
    for (size_t i = 0; i < PARTY_SETTINGS; i++) {
        const char *text;
        read_setting (settings, party_settings[i].name, arena, &text, error);
        party_setting_set (party, i, text);
    }
    read_keys (settings, party, arena, error);
    read_limits (settings, party, error);
    return settings_judge (settings, error);
}

/* Makes the error of a fault, with the place in the file where it is. */
static int fault_in (struct settings *settings, const struct party_text *party, const struct party_fault *fault,
                     struct settings_error *error)
{
    char path[96];
    if (strcmp (fault->name, "id") == 0)
        return settings_fault (settings, "", error, "the file's name is not a party id followed by \"%s\"",
                               PARTY_FILE_SUFFIX);
    bool missing = strcmp (fault->message, "This is required.") == 0;
    if (fault->key < 0)
        snprintf (path, sizeof path, "%s", fault->name);
    else if (settings_name (settings, "keys", 0) == NULL)
        snprintf (path, sizeof path, "public-key");
    else
        snprintf (path, sizeof path, "keys/%s/%s", party->keys[fault->key].name, fault->name);
    return settings_fault (settings, path, error, missing ? "\"%s\" is missing%s" : "\"%s\": %s", path,
                           missing ? "" : fault->message);
}

/* The id in the file's name. "" if the file has no name of a party's file. */
static const char *id_of (const char *path, struct arena *arena)
{
    const char *slash = strrchr (path, '/'), *name = slash != NULL ? slash + 1 : path;
    size_t size = strlen (name), suffix = strlen (PARTY_FILE_SUFFIX);
    if (size <= suffix || strcmp (name + size - suffix, PARTY_FILE_SUFFIX) != 0)
        return "";
    return arena_strndup (arena, name, size - suffix);
}

int party_file_read (const char *path, struct arena *arena, struct party_text *party, struct settings_error *error)
{
    struct settings *settings = NULL;
    *party = (struct party_text){.id = id_of (path, arena)};
    int rc = settings_read (&settings, path, error);
    if (rc != 0)
        return rc;
    struct party_fault fault;
    rc = read_text (settings, party, arena, error);
    if (rc == 0 && !party_text_check (party, arena, &fault))
        rc = fault_in (settings, party, &fault, error);
    settings_destroy (&settings);
    if (!party->active)
        party->key_count = 0;
    return rc;
}

int party_file_fault (const char *path, const struct party_text *party, const struct party_fault *fault,
                      struct settings_error *error)
{
    struct settings *settings = NULL;
    int rc = settings_read (&settings, path, error);
    if (rc == 0)
        rc = fault_in (settings, party, fault, error);
    settings_destroy (&settings);
    return rc;
}

static int is_party_file (const struct dirent *entry)
{
    size_t size = strlen (entry->d_name), suffix = strlen (PARTY_FILE_SUFFIX);
    return entry->d_name[0] != '.' && size > suffix &&
           strcmp (entry->d_name + size - suffix, PARTY_FILE_SUFFIX) == 0;
}

int party_file_read_all (const char *directory, struct arena *arena, struct party_list *list,
                         struct settings_error *error)
{
    struct dirent **names = NULL;
    int count = scandir (directory, &names, is_party_file, alphasort), rc = 0;
    *list = (struct party_list){0};
    if (count < 0) {
        snprintf (error->text, sizeof error->text, "%s: cannot be read", directory);
        return SETTINGS_INVALID;
    }
    list->parties = arena_array (arena, (size_t)count, sizeof *list->parties);
    list->files = arena_array (arena, (size_t)count, sizeof *list->files);
    for (int i = 0; i < count; i++) {
        if (rc == 0) {
            list->files[i] = arena_printf (arena, "%s/%s", directory, names[i]->d_name);
            rc = party_file_read (list->files[i], arena, &list->parties[list->count++], error);
        }
        free (names[i]);
    }
    free (names);
    return rc;
}

size_t party_file_count_since (const char *directory, moment since)
{
    DIR *listing = opendir (directory);
    struct stat found;
    size_t count = 0;
    if (listing == NULL)
        return 0;
    for (const struct dirent *entry = readdir (listing); entry != NULL; entry = readdir (listing))
        if (is_party_file (entry) && fstatat (dirfd (listing), entry->d_name, &found, AT_SYMLINK_NOFOLLOW) == 0)
            count += (moment)found.st_mtim.tv_sec * 1000 + found.st_mtim.tv_nsec / 1000000 > since;
    closedir (listing);
    return count;
}

/* Writing */

/* Puts a setting in its place. The line of its section comes before the first setting of that section. */
static const char *put_setting (const char *text, const char **section, const char *name, const char *value,
                                struct arena *arena)
{
    const char *slash = strchr (name, '/');
    if (slash == NULL)
        return arena_printf (arena, "%s%s = \"%s\"\n", text, name, value);
    if (*section == NULL || strncmp (*section, name, (size_t)(slash - name) + 1) != 0)
        text = arena_printf (arena, "%s%.*s\n", text, (int)(slash - name), name);
    *section = name;
    return arena_printf (arena, "%s    %s = \"%s\"\n", text, slash + 1, value);
}

static const char *put_key (const char *text, const struct party_key *key, struct arena *arena)
{
    text = arena_printf (arena, "%s    %s\n        public-key = \"%s\"\n", text, key->name, key->public_key);
    if (key->since[0] != 0)
        text = arena_printf (arena, "%s        since = \"%s\"\n", text, key->since);
    if (key->until[0] != 0)
        text = arena_printf (arena, "%s        until = \"%s\"\n", text, key->until);
    return text;
}

const char *party_file_text (const struct party_text *party, struct arena *arena)
{
    const char *text = arena_printf (arena, "active = \"%s\"\n", party->active ? "yes" : "no"), *section = NULL;
    for (size_t i = 0; i < PARTY_SETTINGS; i++)
        if (party_setting (party, i)[0] != 0)
            text = put_setting (text, &section, party_settings[i].name, party_setting (party, i), arena);
    for (size_t i = 0; i < PARTY_LIMITS; i++)
        if (party_limit (party, i) > 0)
            text = put_setting (text, &section, party_limits[i].name,
                                arena_printf (arena, "%u", party_limit (party, i)), arena);
    if (party->key_count > 0)
        text = arena_printf (arena, "%skeys\n", text);
    for (size_t i = 0; i < party->key_count; i++)
        text = put_key (text, &party->keys[i], arena);
    return text;
}

#include "parties.h"
#include <czmq.h>
#include <dirent.h>
#include "permission.h"

static const char suffix[] = ".party";

struct parties {
    struct party_entry *entries; /* by id */
    size_t count;
    const struct party_entry **by_key; /* the active ones, by public key: looked up at every message */
    size_t key_count;
    char **texts; /* what the entries borrow */
    size_t text_count;
};

static const char *keep (struct parties *self, const char *text)
{
    self->texts = realloc (self->texts, (self->text_count + 1) * sizeof *self->texts);
    char *copy = strdup (text != NULL ? text : "");
    if (self->texts == NULL || copy == NULL)
        abort ();
    return self->texts[self->text_count++] = copy;
}

static int compare_entries (const void *a, const void *b)
{
    return strcmp (((const struct party_entry *)a)->text.id, ((const struct party_entry *)b)->text.id);
}

static int compare_keys (const void *a, const void *b)
{
    return strcmp ((*(const struct party_entry *const *)a)->text.public_key,
                   (*(const struct party_entry *const *)b)->text.public_key);
}

/* Orders the table by id and by key, and refuses two active parties with one key. */
static int order (struct parties *self, const struct config *config, struct settings_error *error)
{
    if (self->count == 0)
        return 0;
    qsort (self->entries, self->count, sizeof *self->entries, compare_entries);
    self->by_key = calloc (self->count, sizeof *self->by_key);
    if (self->by_key == NULL)
        abort ();
    for (size_t i = 0; i < self->count; i++)
        if (self->entries[i].text.active)
            self->by_key[self->key_count++] = &self->entries[i];
    qsort (self->by_key, self->key_count, sizeof *self->by_key, compare_keys);
    for (size_t i = 1; i < self->key_count; i++)
        if (compare_keys (&self->by_key[i - 1], &self->by_key[i]) == 0) {
            snprintf (error->text, sizeof error->text, "%s/%s%s: has the same public key as party \"%s\"",
                      config->parties_directory, self->by_key[i]->text.id, suffix, self->by_key[i - 1]->text.id);
            return PARTIES_INVALID;
        }
    return 0;
}

static bool is_party_id (const char *id)
{
    size_t size = strlen (id);
    if (size == 0 || size > 32 || !isalnum ((unsigned char)id[0]))
        return false;
    return strspn (id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:-") == size;
}

static bool is_public_key (const char *text)
{
    uint8_t key[32];
    return strlen (text) == 40 && zmq_z85_decode (key, text) != NULL;
}

/* Reads a day of the agreement into a moment. Absent: `otherwise`. */
static int read_day (struct settings *settings, const char *name, const char *text, moment otherwise, moment *out,
                     struct settings_error *error)
{
    struct day day;
    *out = otherwise;
    if (text[0] == 0)
        return 0;
    if (!calendar_parse (text, &day))
        return settings_fault (settings, name, error, "\"%s\" is a day as in 2026-12-31", name);
    *out = calendar_start (day);
    return 0;
}

static int read_secrecy (struct settings *settings, const char *text, enum secrecy *out,
                         struct settings_error *error)
{
    if (text[0] == 0)
        *out = SECRECY_NONE;
    else if (strcmp (text, "official") == 0)
        *out = SECRECY_OFFICIAL;
    else if (strcmp (text, "professional") == 0)
        *out = SECRECY_PROFESSIONAL;
    else
        return settings_fault (settings, "secrecy", error, "\"secrecy\" is official or professional");
    return 0;
}

/* What rules and endpoints need of the text. */
static int judge (struct settings *settings, const struct config *config, const struct policy *policy,
                  struct party_entry *entry, struct settings_error *error)
{
    const struct party_text *text = &entry->text;
    struct party *party = &entry->party;
    const char *missing = text->kind[0] == 0 ? "kind" : text->role[0] == 0 ? "role" : NULL;
    if (missing != NULL)
        return settings_fault (settings, missing, error, "\"%s\" is missing", missing);
    const struct role *role = config_role (config, text->role);
    if (role == NULL)
        return settings_fault (settings, "role", error, "unknown role \"%s\"", text->role);
    bool is_operator = strcmp (text->kind, "operator") == 0;
    party->kind = is_operator ? CODE_NONE : policy_kind (policy, text->kind);
    if (party->kind == CODE_NONE && !is_operator)
        return settings_fault (settings, "kind", error, "the policy pack has no party kind \"%s\"", text->kind);
    if (text->active && !is_public_key (text->public_key))
        return settings_fault (settings, "public-key", error, "\"public-key\" is a CURVE key of 40 characters");

    enum secrecy own = SECRECY_NONE;
    int rc = read_secrecy (settings, text->secrecy, &own, error);
    enum secrecy kinds = is_operator ? SECRECY_NONE : policy->kinds[party->kind].secrecy;
    party->id = text->id;
    party->secrecy = own > kinds ? own : kinds;
    party->active = text->active;
    entry->permissions = text->active ? role->permissions : 0;
    if (rc == 0)
        rc = read_day (settings, "agreement-from", text->agreement_from, MOMENT_NEVER, &party->agreement_from,
                       error);
    if (rc == 0)
        rc = read_day (settings, "agreement-until", text->agreement_until, MOMENT_NEVER, &party->agreement_until,
                       error);
    return rc;
}

/* A setting, "" if it is not there. Short, since parties are listed in messages of a limited size. */
static int read_setting (struct parties *self, struct settings *settings, const char *name, const char **text,
                         struct settings_error *error)
{
    enum { LONGEST = 1000 };
    const char *value = settings_get (settings, name);
    *text = keep (self, value);
    if (strlen (*text) > LONGEST)
        return settings_fault (settings, name, error, "\"%s\" is longer than %d bytes", name, LONGEST);
    return 0;
}

static int read_text (struct parties *self, struct settings *settings, struct party_text *text,
                      struct settings_error *error)
{
    const char *active = settings_get (settings, "active");
    if (active != NULL && strcmp (active, "yes") != 0 && strcmp (active, "no") != 0)
        return settings_fault (settings, "active", error, "\"active\" is yes or no");
    text->active = active == NULL || strcmp (active, "yes") == 0;
    const struct {
        const char *name, **text;
    } all[] = {
        {"kind", &text->kind},
        {"role", &text->role},
        {"public-key", &text->public_key},
        {"secrecy", &text->secrecy},
        {"agreement-from", &text->agreement_from},
        {"agreement-until", &text->agreement_until},
        {"agreement-reference", &text->agreement_reference},
        {"contact", &text->contact},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        int rc = read_setting (self, settings, all[i].name, all[i].text, error);
        if (rc != 0)
            return rc;
    }
    return settings_all_known (settings, error);
}

static int read_party (struct parties *self, const struct config *config, const struct policy *policy,
                       const char *name, struct settings_error *error)
{
    char path[PATH_MAX];
    snprintf (path, sizeof path, "%s/%s", config->parties_directory, name);
    struct settings *settings = NULL;
    int rc = settings_read (&settings, path, error);
    if (rc != 0)
        return rc;
    char id[NAME_MAX + 1];
    snprintf (id, sizeof id, "%.*s", (int)(strlen (name) - strlen (suffix)), name);
    struct party_entry entry = {.text.id = keep (self, id)};
    if (!is_party_id (id))
        rc = settings_fault (settings, "", error, "the file's name is no party id");
    if (rc == 0)
        rc = read_text (self, settings, &entry.text, error);
    if (rc == 0)
        rc = judge (settings, config, policy, &entry, error);
    settings_destroy (&settings);
    self->entries = realloc (self->entries, (self->count + 1) * sizeof *self->entries);
    if (self->entries == NULL)
        abort ();
    self->entries[self->count++] = entry;
    return rc;
}

static int is_party_file (const struct dirent *entry)
{
    size_t size = strlen (entry->d_name);
    return entry->d_name[0] != '.' && size > strlen (suffix) &&
           strcmp (entry->d_name + size - strlen (suffix), suffix) == 0;
}

int parties_read (struct parties **self_p, const struct config *config, const struct policy *policy,
                  struct settings_error *error)
{
    struct parties *self = calloc (1, sizeof *self);
    if (self == NULL)
        abort ();
    int rc = 0;
    struct dirent **names = NULL;
    int count = scandir (config->parties_directory, &names, is_party_file, alphasort);
    if (count < 0) {
        snprintf (error->text, sizeof error->text, "%s: cannot be read", config->parties_directory);
        rc = PARTIES_INVALID;
    }
    for (int i = 0; i < count; i++) {
        if (rc == 0)
            rc = read_party (self, config, policy, names[i]->d_name, error);
        free (names[i]);
    }
    free (names);
    if (rc == 0)
        rc = order (self, config, error);
    if (rc != 0)
        parties_destroy (&self);
    *self_p = self;
    return rc;
}

void parties_destroy (struct parties **self_p)
{
    struct parties *self = *self_p;
    if (self == NULL)
        return;
    for (size_t i = 0; i < self->text_count; i++)
        free (self->texts[i]);
    free (self->texts);
    free (self->by_key);
    free (self->entries);
    free (self);
    *self_p = NULL;
}

size_t parties_count (const struct parties *self)
{
    return self->count;
}

const struct party_entry *parties_at (const struct parties *self, size_t index)
{
    return index < self->count ? &self->entries[index] : NULL;
}

const struct party_entry *parties_find (const struct parties *self, const char *id)
{
    struct party_entry key = {.text.id = id};
    if (self->count == 0)
        return NULL;
    return bsearch (&key, self->entries, self->count, sizeof *self->entries, compare_entries);
}

const struct party_entry *parties_by_key (const struct parties *self, const char *public_key)
{
    struct party_entry wanted = {.text.public_key = public_key};
    const struct party_entry *key = &wanted;
    const struct party_entry **found = NULL;
    if (self->key_count > 0)
        found = bsearch (&key, self->by_key, self->key_count, sizeof *self->by_key, compare_keys);
    return found != NULL ? *found : NULL;
}

const struct party *parties_lookup (const void *table, const char *id)
{
    const struct party_entry *entry = parties_find (table, id);
    return entry != NULL ? &entry->party : NULL;
}

static void set (zconfig_t *root, const char *name, const char *value)
{
    if (value[0] != 0)
        zconfig_put (root, name, value);
}

static int write_durably (const char *path, const char *directory, zconfig_t *root)
{
    char beside[PATH_MAX + 8];
    snprintf (beside, sizeof beside, "%s.new", path);
    char *text = zconfig_str_save (root);
    int file = open (beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    int rc = text == NULL || file < 0 ? -EIO : 0;
    if (rc == 0) {
        size_t size = strlen (text);
        if (write (file, text, size) != (ssize_t)size || fsync (file) != 0 || rename (beside, path) != 0)
            rc = errno != 0 ? -errno : -EIO;
    }
    if (file >= 0)
        close (file);
    free (text);
    int folder = rc == 0 ? open (directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (rc == 0 && (folder < 0 || fsync (folder) != 0))
        rc = -errno;
    if (folder >= 0)
        close (folder);
    return rc;
}

int parties_write (const struct config *config, const struct party_text *text)
{
    char path[PATH_MAX];
    snprintf (path, sizeof path, "%s/%s%s", config->parties_directory, text->id, suffix);
    zconfig_t *root = zconfig_new ("root", NULL);
    set (root, "kind", text->kind);
    set (root, "role", text->role);
    set (root, "public-key", text->public_key);
    set (root, "secrecy", text->secrecy);
    set (root, "agreement-from", text->agreement_from);
    set (root, "agreement-until", text->agreement_until);
    set (root, "agreement-reference", text->agreement_reference);
    set (root, "contact", text->contact);
    set (root, "active", text->active ? "yes" : "no");
    int rc = write_durably (path, config->parties_directory, root);
    zconfig_destroy (&root);
    return rc;
}

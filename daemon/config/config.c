#include "config.h"
#include <czmq.h>
#include <dirent.h>
#include <libgen.h>
#include "endpoint_text.h"
#include "file.h"
#include "merkle/note.h"
#include "permission.h"
#include "text/visible.h"

enum {
    ABSENCE_DAYS = 45,
    CHECKPOINT_LINES = 1 << 16,
    CHECKPOINT_SECONDS = 60,
    ARCHIVE_DAYS = 730,
    COPY_LAG_SECONDS = 300,
    EVENTS_KEEP = 100000,
    EVENTS_KEEP_DAYS = 400,
    EVENTS_OVERDUE_HOURS = 24,
    METRICS_SECONDS = 15,
};

static const uint64_t mebibyte = UINT64_C (1) << 20;

static char *copy (const char *text)
{
    char *made = strdup (text);
    if (made == NULL)
        abort ();
    return made;
}

/* Makes a path absolute. A relative path starts at the configuration file's own directory. */
static char *resolve (const struct config *self, const char *path)
{
    if (path[0] == '/')
        return copy (path);
    char *base = realpath (self->path, NULL);
    if (base == NULL)
        base = copy (self->path);
    char *made = NULL;
    if (asprintf (&made, "%s/%s", dirname (base), path) < 0)
        abort ();
    free (base);
    return made;
}

static int read_text (struct settings *settings, const char *path, char **out, struct settings_error *error)
{
    const char *value = settings_get (settings, path);
    if (value == NULL)
        return settings_fault (settings, path, error, "\"%s\" is missing", path);
    if (!visible_has_any (value))
        return settings_fault (settings, path, error, "\"%s\" is empty", path);
    *out = copy (value);
    return 0;
}

/* *out stays NULL if there is a fault. */
static void read_path (struct config *self, struct settings *settings, const char *path, char **out,
                       struct settings_error *error)
{
    char *relative = NULL;
    struct file_why why;
    if (read_text (settings, path, &relative, error) != 0)
        return;
    *out = resolve (self, relative);
    free (relative);
    if (file_check_writers (*out, &why) == 0)
        return;
    settings_fault (settings, path, error, "%s", why.text);
    free (*out);
    *out = NULL;
}

/* Checks the files of a directory that will be read: those whose names end in `end`. NULL: it is none. */
static void check_files (struct settings *settings, const char *path, const char *directory, const char *end,
                         struct settings_error *error)
{
    DIR *opened = directory != NULL ? opendir (directory) : NULL;
    struct dirent *entry;
    int rc = 0;
    while (rc == 0 && opened != NULL && (entry = readdir (opened)) != NULL) {
        size_t size = strlen (entry->d_name), end_size = strlen (end);
        struct file_why why;
        char *file = NULL;
        if (size < end_size || strcmp (entry->d_name + size - end_size, end) != 0)
            continue;
        if (asprintf (&file, "%s/%s", directory, entry->d_name) < 0)
            abort ();
        if (file_check_writers (file, &why) != 0)
            rc = settings_fault (settings, path, error, "%s", why.text);
        free (file);
    }
    if (opened != NULL)
        closedir (opened); /* if the directory cannot be read, its reader says so */
}

struct number {
    const char *path;
    uint64_t low, high;
    uint64_t *out;
    bool may_lack; /* older configurations do not have it: then *out stays as it is */
};

/* *wanted->out stays as it is if there is a fault. */
static void read_number (struct settings *settings, const struct number *wanted, struct settings_error *error)
{
    const char *path = wanted->path, *value = settings_get (settings, path);
    if (value == NULL && wanted->may_lack)
        return;
    if (value == NULL) {
        settings_fault (settings, path, error, "\"%s\" is missing", path);
        return;
    }
    char *end = NULL;
    errno = 0;
    unsigned long long number = strtoull (value, &end, 10);
    if (!isdigit ((unsigned char)value[0]) || *end != 0 || errno != 0 || number < wanted->low ||
        number > wanted->high)
        settings_fault (settings, path, error, "\"%s\" is a number from %" PRIu64 " to %" PRIu64, path,
                        wanted->low, wanted->high);
    else
        *wanted->out = number;
}

static void read_numbers (struct settings *settings, const struct number *wanted, size_t count,
                          struct settings_error *error)
{
    for (size_t i = 0; i < count; i++)
        read_number (settings, &wanted[i], error);
}

/* By default one party can fill an eighth of an empty store at once, and another eighth in two hours. A large
   party can do its day's work with that, and operators have hours to act (L3). */
static void read_limits (struct config *self, struct settings *settings, struct settings_error *error)
{
    const uint64_t million = 1000000;
    uint64_t burst = self->store_size / 8 / 1024, each_second = burst / 7200 > 0 ? burst / 7200 : 1;
    const struct {
        const char *path;
        uint64_t low, high, otherwise;
        uint32_t *out;
    } limits[] = {
        {"limits/requests-per-second", 1, million, 1000, &self->limits.requests_per_second},
        {"limits/requests-burst", 1, million, 20000, &self->limits.requests_burst},
        {"limits/log-per-second", 1, million, each_second, &self->limits.log_per_second},
        {"limits/log-burst", 1, 1 << 30, burst, &self->limits.log_burst},
        {"limits/connections", 2, 4096, 64, &self->limits.connections},
        {"limits/subjects-per-hour", 1, million, 2000, &self->limits.subjects_per_hour},
        {"limits/unknown-per-hour", 1, million, 200, &self->limits.unknown_per_hour},
    };
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        uint64_t value = limits[i].otherwise;
        const struct number wanted = {limits[i].path, limits[i].low, limits[i].high, &value, true};
        read_number (settings, &wanted, error);
        *limits[i].out = (uint32_t)value;
    }
}

/* An endpoint like this one is in the list, or in a list that was read before. It can be bound only once. */
static bool is_listed (const struct config *self, const char *list, const char *endpoint)
{
    const char *const lists[] = {list, self->requests, self->events, self->operators};
    size_t size = strlen (endpoint);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        for (const char *at = lists[i]; at != NULL && (at = strstr (at, endpoint)) != NULL; at += size)
            if ((at == lists[i] || at[-1] == ' ') && (at[size] == ' ' || at[size] == '\0'))
                return true;
    return false;
}

/* Completes the path of a socket that is not on the network: makes it absolute, and checks that nobody can put
   another socket in its directory. */
static int complete_path (const struct config *self, struct settings *settings, const char *path, char **endpoint,
                          struct settings_error *error)
{
    struct file_why why;
    char *file = resolve (self, *endpoint + 6), *above = copy (file), *made = NULL;
    const char *wrong = endpoint_path_wrong (file);
    if (wrong == NULL && file_check_writers (dirname (above), &why) != 0)
        wrong = why.text;
    if (asprintf (&made, "ipc://%s", file) < 0)
        abort ();
    free (*endpoint);
    *endpoint = made;
    int rc = wrong != NULL ? settings_fault (settings, path, error, "%s", wrong) : 0;
    free (file);
    free (above);
    return rc;
}

struct endpoint_list {
    const char *path; /* of the setting */
    char **out;       /* endpoints so far, separated by spaces */
};

/* Appends one endpoint to the list. */
static void add_endpoint (struct config *self, struct settings *settings, const struct endpoint_list *list,
                          const char *given, struct settings_error *error)
{
    const char *path = list->path;
    char *endpoint = copy (given), *joined = NULL, **out = list->out;
    const char *wrong = endpoint_wrong (endpoint);
    bool is_tcp = strncmp (endpoint, "tcp://", 6) == 0;
    if (wrong == NULL && is_tcp && strcmp (path, "listen/operators") == 0)
        wrong = "operators are served over ipc:// only";
    int rc = wrong != NULL ? settings_fault (settings, path, error, "%.64s: %s", endpoint, wrong) : 0;
    if (rc == 0 && !is_tcp)
        rc = complete_path (self, settings, path, &endpoint, error);
    if (rc == 0 && is_listed (self, *out, endpoint))
        rc = settings_fault (settings, path, error, "%.64s is given twice", endpoint);
    if (rc == 0 && asprintf (&joined, "%s%s%s", *out != NULL ? *out : "", *out != NULL ? " " : "", endpoint) < 0)
        abort ();
    free (endpoint);
    if (rc == 0) {
        free (*out);
        *out = joined;
    }
}

static void read_endpoints (struct config *self, struct settings *settings, const char *path, char **out,
                            struct settings_error *error)
{
    const struct endpoint_list made = {path, out};
    char *list = NULL;
    int rc = read_text (settings, path, &list, error);
    char *rest = NULL;
    for (char *one = rc == 0 ? strtok_r (list, " ", &rest) : NULL; one != NULL; one = strtok_r (NULL, " ", &rest))
        add_endpoint (self, settings, &made, one, error);
    free (list);
}

static void read_role (struct settings *settings, const char *name, struct role *role,
                       struct settings_error *error)
{
    char path[160];
    snprintf (path, sizeof path, "roles/%s", name);
    char *list = copy (settings_get (settings, path));
    int rc = 0;
    char *rest = NULL;
    for (char *one = strtok_r (list, " ", &rest); one != NULL; one = strtok_r (NULL, " ", &rest)) {
        uint32_t permission = permission_by_name (one);
        if (permission == 0)
            rc = settings_fault (settings, path, error, "unknown permission \"%s\"", one);
        role->permissions |= permission;
    }
    if (rc == 0 && role->permissions == 0)
        settings_fault (settings, path, error, "role \"%s\" has no permission", name);
    role->name = copy (name);
    free (list);
}

static void read_roles (struct config *self, struct settings *settings, struct settings_error *error)
{
    const char *name;
    for (size_t i = 0; (name = settings_name (settings, "roles", i)) != NULL && i < CONFIG_ROLES; i++)
        read_role (settings, name, &self->roles[self->role_count++], error);
    if (name != NULL)
        settings_fault (settings, "roles", error, "more than %d roles", CONFIG_ROLES);
    if (self->role_count == 0)
        settings_fault (settings, "roles", error, "\"roles\" is missing or empty");
}

/* Who may write there is of no matter: what is read there is believed by its hash. And a registry must start where
   it is not there. */
static void read_archive (struct config *self, struct settings *settings, struct settings_error *error)
{
    char *path = NULL;
    if (settings_get (settings, "log/archive") == NULL && settings_get (settings, "log/archive-after") == NULL)
        return;
    if (read_text (settings, "log/archive", &path, error) == 0)
        self->log_archive = resolve (self, path);
    free (path);
}

static bool is_copy_name (const char *name)
{
    enum { NAME_SIZE = 32 };
    size_t size = strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789-");
    return islower ((unsigned char)name[0]) && name[size] == '\0' && size <= NAME_SIZE;
}

static bool is_expected (const struct config *self, const char *name)
{
    for (size_t i = 0; i < self->log_copy_count; i++)
        if (strcmp (self->log_copies[i], name) == 0)
            return true;
    return false;
}

static void read_copies (struct config *self, struct settings *settings, struct settings_error *error)
{
    if (settings_get (settings, "log/copies") == NULL)
        return;
    char *list = NULL, *rest = NULL;
    int rc = read_text (settings, "log/copies", &list, error);
    for (char *one = rc == 0 ? strtok_r (list, " ", &rest) : NULL; one != NULL && rc == 0;
         one = strtok_r (NULL, " ", &rest)) {
        if (!is_copy_name (one) || is_expected (self, one) || self->log_copy_count == CONFIG_COPIES)
            rc = settings_fault (
                settings, "log/copies", error,
                "the copies of the log are up to %d names, each once, of at most 32 small letters, "
                "digits and -",
                CONFIG_COPIES);
        else
            self->log_copies[self->log_copy_count++] = copy (one);
    }
    free (list);
}

/* The key that signs the log, and the log's name. A configuration of an earlier version has neither. */
static void read_log_key (struct config *self, struct settings *settings, struct settings_error *error)
{
    bool has_key = settings_get (settings, "keys/log") != NULL,
         has_origin = settings_get (settings, "log/origin") != NULL;
    if (has_key != has_origin)
        settings_fault (settings, has_key ? "log/origin" : "keys/log", error,
                        "\"keys/log\" and \"log/origin\" are given together, or neither");
    if (has_key)
        read_path (self, settings, "keys/log", &self->log_key, error);
    if (has_origin && read_text (settings, "log/origin", &self->log_origin, error) == 0 &&
        !note_is_name (self->log_origin, strlen (self->log_origin)))
        settings_fault (settings, "log/origin", error,
                        "the origin is a name of at most %d bytes, without spaces and plus: "
                        "gemeente-voorbeeld.nl/toestemmingen",
                        NOTE_NAME_SIZE);
}

/* A configuration of an earlier version has nothing of it. */
static void read_log (struct config *self, struct settings *settings, struct settings_error *error)
{
    uint64_t lines = CHECKPOINT_LINES, seconds = CHECKPOINT_SECONDS, days = ARCHIVE_DAYS, lag = COPY_LAG_SECONDS;
    const struct number numbers[] = {
        {"log/checkpoint-lines", 1, 1 << 30, &lines, true},
        {"log/checkpoint-seconds", 1, 86400, &seconds, true},
        /* Lines of the last 24 hours are answered again (G11), whatever becomes of the archive. */
        {"log/archive-after", 2, 36500, &days, true},
        {"log/copy-lag", 1, 86400, &lag, true},
    };
    settings_name (settings, "log", 0);
    read_log_key (self, settings, error);
    read_archive (self, settings, error);
    read_numbers (settings, numbers, sizeof numbers / sizeof *numbers, error);
    read_copies (self, settings, error);
    self->copy_lag = (int64_t)lag * 1000;
    self->checkpoint_lines = lines;
    self->checkpoint_time = (int64_t)seconds * 1000;
    self->archive_after = (int64_t)days * 24 * 3600 * 1000;
}

/* A configuration of an earlier version has nothing of it. */
static void read_events (struct config *self, struct settings *settings, struct settings_error *error)
{
    uint64_t keep = EVENTS_KEEP, days = EVENTS_KEEP_DAYS, hours = EVENTS_OVERDUE_HOURS;
    const struct number numbers[] = {
        {"events/keep", 1000, 10000000, &keep, true},
        {"events/keep-days", 1, 36500, &days, true},
        {"events/overdue", 1, 8760, &hours, true},
    };
    settings_name (settings, "events", 0);
    read_numbers (settings, numbers, sizeof numbers / sizeof *numbers, error);
    self->events_keep = keep;
    self->events_age = (int64_t)days * 24 * 3600 * 1000;
    self->events_overdue = (int64_t)hours * 3600 * 1000;
}

static void read_metrics (struct config *self, struct settings *settings, struct settings_error *error)
{
    uint64_t seconds = METRICS_SECONDS;
    const struct number number = {"metrics/every", 1, 3600, &seconds, true};
    if (settings_name (settings, "metrics", 0) != NULL)
        read_path (self, settings, "metrics/file", &self->metrics_file, error);
    read_number (settings, &number, error);
    self->metrics_every = (int64_t)seconds * 1000;
}

static void read_store (struct config *self, struct settings *settings, struct settings_error *error)
{
    uint64_t size = 0, reserve = 0, operators = 0;
    const struct number numbers[] = {
        {"store/size", 16, 1 << 20, &size},
        {"store/reserve", 1, 1 << 16, &reserve},
        {"store/operators", 1, 1 << 15, &operators, true},
    };
    settings_name (settings, "store", 0);
    read_path (self, settings, "store/directory", &self->store_directory, error);
    read_numbers (settings, numbers, sizeof numbers / sizeof *numbers, error);
    if (size > 0 && reserve * 2 > size)
        settings_fault (settings, "store/reserve", error, "the reserve is at most half of the store's size");
    if (reserve > 0 && operators * 2 > reserve)
        settings_fault (settings, "store/operators", error,
                        "the share of operators is at most half of the reserve");
    self->store_size = size * mebibyte;
    self->store_operators = operators * mebibyte;
    self->store_reserve = reserve * mebibyte;
}

static void read_keys (struct config *self, struct settings *settings, struct settings_error *error)
{
    settings_name (settings, "keys", 0);
    read_path (self, settings, "keys/server", &self->server_key, error);
    if (settings_get (settings, "keys/server-next") != NULL)
        read_path (self, settings, "keys/server-next", &self->server_next, error);
    read_path (self, settings, "keys/vault", &self->vault_key, error);
    if (settings_get (settings, "keys/vault-former") != NULL)
        read_path (self, settings, "keys/vault-former", &self->vault_former, error);
}

/* What the daemon as a whole takes at once, and how far it believes the clock. */
static void read_bounds (struct config *self, struct settings *settings, struct settings_error *error)
{
    uint64_t turn = 0, handshakes = 0, cache = 0, clock_jump = 0, absence = ABSENCE_DAYS;
    const struct number numbers[] = {
        {"limits/turn", 1, 4096, &turn},
        /* Earlier configurations have a rate of handshakes, which no longer means anything. */
        {"limits/handshakes", 1, 1024, &handshakes, true},
        {"limits/cache", 1, 1 << 16, &cache},
        {"limits/clock-jump", 1, 720, &clock_jump},
        {"limits/absence", 1, 3650, &absence, true},
    };
    settings_name (settings, "limits", 0);
    read_numbers (settings, numbers, sizeof numbers / sizeof *numbers, error);
    self->turn_limit = (unsigned)turn;
    self->cache_size = cache * mebibyte;
    self->clock_jump = (int64_t)clock_jump * 3600 * 1000;
    self->absence = (int64_t)absence * 24 * 3600 * 1000;
}

/* The directories of texts, and the files in them that will be read. */
static void read_directories (struct config *self, struct settings *settings, struct settings_error *error)
{
    read_path (self, settings, "policy", &self->policy_directory, error);
    check_files (settings, "policy", self->policy_directory, ".txt", error);
    if (settings_get (settings, "parties") != NULL)
        read_path (self, settings, "parties", &self->parties_directory, error);
    check_files (settings, "parties", self->parties_directory, ".party", error);
}

/* All of it, whatever is wrong, so that all that is wrong is told at once. */
static int read_all (struct config *self, struct settings *settings, struct settings_error *error)
{
    read_text (settings, "controller", &self->controller, error);
    settings_name (settings, "listen", 0);
    read_endpoints (self, settings, "listen/requests", &self->requests, error);
    read_endpoints (self, settings, "listen/events", &self->events, error);
    read_endpoints (self, settings, "listen/operators", &self->operators, error);
    read_keys (self, settings, error);
    read_store (self, settings, error);
    read_directories (self, settings, error);
    read_bounds (self, settings, error);
    read_roles (self, settings, error);
    read_limits (self, settings, error);
    read_log (self, settings, error);
    read_events (self, settings, error);
    read_metrics (self, settings, error);
    return settings_judge (settings, error);
}

int config_read (struct config **self_p, const char *path, struct settings_error *error)
{
    struct config *self = calloc (1, sizeof *self);
    if (self == NULL)
        abort ();
    self->path = copy (path);
    struct settings *settings = NULL;
    struct file_why why;
    int rc = settings_read (&settings, path, error);
    if (rc == 0 && file_check_writers (path, &why) != 0)
        settings_fault (settings, "", error, "%s", why.text);
    if (rc == 0)
        rc = read_all (self, settings, error);
    settings_destroy (&settings);
    if (rc != 0)
        config_destroy (&self);
    *self_p = self;
    return rc;
}

void config_destroy (struct config **self_p)
{
    struct config *self = *self_p;
    if (self == NULL)
        return;
    char *owned[] = {self->path,         self->controller,      self->requests,         self->events,
                     self->operators,    self->server_key,      self->vault_key,        self->vault_former,
                     self->server_next,  self->log_key,         self->log_origin,       self->log_archive,
                     self->metrics_file, self->store_directory, self->policy_directory, self->parties_directory};
    for (size_t i = 0; i < sizeof owned / sizeof *owned; i++)
        free (owned[i]);
    for (size_t i = 0; i < self->role_count; i++)
        free (self->roles[i].name);
    for (size_t i = 0; i < self->log_copy_count; i++)
        free (self->log_copies[i]);
    free (self);
    *self_p = NULL;
}

const struct role *config_role (const struct config *self, const char *name)
{
    for (size_t i = 0; i < self->role_count; i++)
        if (strcmp (self->roles[i].name, name) == 0)
            return &self->roles[i];
    return NULL;
}

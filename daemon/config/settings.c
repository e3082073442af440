#include "settings.h"
#include <czmq.h>
#include <ctype.h>
#include "file.h"
#include "text/likely.h"
#include "text/utf8.h"

enum { NAME_SIZE = 128, DEPTH_LIMIT = 4, INDENT = 4, FILE_LIMIT = 1 << 20, MESSAGE_SIZE = 256 };

/* A name in the file, with its path. CZMQ does not keep it. */
struct entry {
    char path[NAME_SIZE];
    unsigned line;
    bool known;
};

struct fault {
    char path[NAME_SIZE];
    unsigned line;
    char message[MESSAGE_SIZE];
};

struct settings {
    char *path;
    zconfig_t *root;
    struct entry *entries;
    size_t count;
    char (*absent)[NAME_SIZE]; /* what was asked for and is not there */
    size_t absent_count;
    struct fault *faults;
    size_t fault_count;
};

static int fault_at (const char *path, unsigned line, struct settings_error *error, const char *message)
{
    if (line > 0)
        snprintf (error->text, sizeof error->text, "%s:%u: %s", path, line, message);
    else
        snprintf (error->text, sizeof error->text, "%s: %s", path, message);
    error->more[0] = '\0';
    return SETTINGS_INVALID;
}

static struct entry *find_entry (const struct settings *self, const char *path)
{
    for (size_t i = 0; i < self->count; i++)
        if (strcmp (self->entries[i].path, path) == 0)
            return &self->entries[i];
    return NULL;
}

static bool is_name (char c)
{
    return isalnum ((unsigned char)c) || strchr ("-_./$@", c) != NULL;
}

/* A value in the syntax of CZMQ: bare up to a comment, or in quotes. */
static bool is_value (const char *text, size_t size)
{
    size_t start = strspn (text, " ");
    if (start >= size || (text[start] != '"' && text[start] != '\''))
        return true;
    const char *end = memchr (text + start + 1, text[start], size - start - 1);
    if (end == NULL)
        return false;
    size_t after = (size_t)(end - text) + 1;
    after += strspn (text + after, " ");
    return after >= size || text[after] == '#' || text[after] == '\r';
}

struct scan_place {
    unsigned number;            /* of the line */
    char (*parents)[NAME_SIZE]; /* the names above it */
    unsigned depth;
};

/* Checks one line. If the line has a name, files it under its path. */
static const char *scan_line (struct settings *self, const char *line, size_t size, struct scan_place *place)
{
    size_t indent = strspn (line, " ");
    if (indent >= size || line[indent] == '#' || line[indent] == '\r')
        return NULL;
    if (line[indent] == '\t' || indent % INDENT != 0)
        return "indent with four spaces a level";
    unsigned level = (unsigned)(indent / INDENT);
    if (level > place->depth || level >= DEPTH_LIMIT)
        return "indented deeper than the line above allows";

    size_t end = indent;
    while (end < size && is_name (line[end]))
        end++;
    if (end == indent || end - indent >= NAME_SIZE / DEPTH_LIMIT)
        return "a setting begins with its name";
    size_t rest = end + strspn (line + end, " ");
    if (rest < size && line[rest] != '=' && line[rest] != '#')
        return "expected \"name = value\"";

    if (rest < size && line[rest] == '=' && !is_value (line + rest + 1, size - rest - 1))
        return "a value in quotes ends with the same quote, and nothing but a comment follows it";

    struct entry entry = {.line = place->number};
    snprintf (place->parents[level], NAME_SIZE, "%s%s%.*s", level > 0 ? place->parents[level - 1] : "",
              level > 0 ? "/" : "", (int)(end - indent), line + indent);
    memcpy (entry.path, place->parents[level], sizeof entry.path);
    if (find_entry (self, entry.path) != NULL)
        return "this setting is given twice";
    self->entries = realloc (self->entries, (self->count + 1) * sizeof *self->entries);
    if (self->entries == NULL)
        abort ();
    self->entries[self->count++] = entry;
    place->depth = level + 1;
    return NULL;
}

static int scan (struct settings *self, const char *text, size_t size, struct settings_error *error)
{
    if (memchr (text, 0, size) != NULL)
        return fault_at (self->path, 0, error, "holds a NUL byte");
    char parents[DEPTH_LIMIT][NAME_SIZE];
    struct scan_place place = {.number = 1, .parents = parents};
    for (const char *line = text; line < text + size; place.number++) {
        size_t length = strcspn (line, "\n");
        const char *wrong = scan_line (self, line, length, &place);
        if (wrong != NULL)
            return fault_at (self->path, place.number, error, wrong);
        line += length + 1;
    }
    return 0;
}

int settings_read (struct settings **self_p, const char *path, struct settings_error *error)
{
    struct settings *self = calloc (1, sizeof *self);
    if (self == NULL || (self->path = strdup (path)) == NULL)
        abort ();
    char *text = NULL;
    size_t size = 0;
    struct file_why why;
    int rc = file_read (path, FILE_LIMIT, &text, &size, &why);
    if (rc != 0) {
        fault_at (path, 0, error, why.text);
        rc = rc > 0 ? SETTINGS_INVALID : rc;
    }
    size_t mark = rc == 0 ? utf8_mark (text, size) : 0;
    if (rc == 0)
        rc = scan (self, text + mark, size - mark, error);
    if (rc == 0 && (self->root = zconfig_str_load (text + mark)) == NULL)
        rc = fault_at (path, 0, error, "is not in ZPL");
    if (text != NULL)
        explicit_bzero (text, size); /* it may have held a key */
    free (text);
    if (rc != 0)
        settings_destroy (&self);
    *self_p = self;
    return rc;
}

void settings_destroy (struct settings **self_p)
{
    struct settings *self = *self_p;
    if (self == NULL)
        return;
    zconfig_destroy (&self->root);
    free (self->entries);
    free (self->absent);
    free (self->faults);
    free (self->path);
    free (self);
    *self_p = NULL;
}

/* The entry that is asked for, which is known from then on. NULL: it is not there, which is remembered. */
static struct entry *ask_for (struct settings *self, const char *path)
{
    struct entry *entry = find_entry (self, path);
    if (entry != NULL) {
        entry->known = true;
        return entry;
    }
    self->absent = realloc (self->absent, (self->absent_count + 1) * sizeof *self->absent);
    if (self->absent == NULL)
        abort ();
    snprintf (self->absent[self->absent_count++], NAME_SIZE, "%s", path);
    return NULL;
}

const char *settings_get (struct settings *self, const char *path)
{
    return ask_for (self, path) != NULL ? zconfig_get (self->root, path, "") : NULL;
}

const char *settings_name (struct settings *self, const char *path, size_t index)
{
    zconfig_t *item = ask_for (self, path) != NULL ? zconfig_locate (self->root, path) : NULL;
    if (item == NULL)
        return NULL;
    item = zconfig_child (item);
    while (item != NULL && index-- > 0)
        item = zconfig_next (item);
    return item != NULL ? zconfig_name (item) : NULL;
}

/* The line of a setting. If the setting is missing: the line of the section in which it should be. 0: that is the
   file. */
static unsigned line_of (const struct settings *self, const char *path)
{
    char name[NAME_SIZE];
    snprintf (name, sizeof name, "%s", path);
    const struct entry *entry = find_entry (self, name);
    for (char *slash = strrchr (name, '/'); entry == NULL && slash != NULL; slash = strrchr (name, '/')) {
        *slash = 0;
        entry = find_entry (self, name);
    }
    return entry != NULL ? entry->line : 0;
}

int settings_fault (struct settings *self, const char *path, struct settings_error *error, const char *format, ...)
{
    struct fault *fault;
    va_list arguments;
    self->faults = realloc (self->faults, (self->fault_count + 1) * sizeof *self->faults);
    if (self->faults == NULL)
        abort ();
    fault = &self->faults[self->fault_count++];
    fault->line = line_of (self, path);
    snprintf (fault->path, sizeof fault->path, "%s", path);
    va_start (arguments, format);
    vsnprintf (fault->message, sizeof fault->message, format, arguments);
    va_end (arguments);
    if (self->fault_count == 1)
        fault_at (self->path, fault->line, error, fault->message);
    return SETTINGS_INVALID;
}

/* --- All faults ------------------------------------------------------------------------------------------ */

/* The size of the path of the section that it is in. */
static size_t section_of (const char *path)
{
    const char *slash = strrchr (path, '/');
    return slash != NULL ? (size_t)(slash - path) + 1 : 0;
}

/* What was likely meant by a name that nobody asked for: one of its section that is not there. */
static const char *likely_meant (const struct settings *self, const char *path)
{
    size_t section = section_of (path);
    struct likely likely = likely_begin (path + section, strlen (path + section));
    const char *found = NULL;
    for (size_t i = 0; i < self->absent_count; i++) {
        const char *absent = self->absent[i];
        if (section_of (absent) == section && strncmp (absent, path, section) == 0 &&
            likely_try (&likely, absent + section))
            found = absent;
    }
    return found;
}

static bool is_within (const char *path, const char *section)
{
    size_t size = strlen (section);
    return strncmp (path, section, size) == 0 && (path[size] == '\0' || path[size] == '/');
}

/* What is there under a mistyped name is not missing. */
static void forget_missing (struct settings *self, const char *meant)
{
    size_t kept = 0;
    for (size_t i = 0; i < self->fault_count; i++)
        if (!is_within (self->faults[i].path, meant))
            self->faults[kept++] = self->faults[i];
    self->fault_count = kept;
}

/* Of a section that nobody asked for, what is in it is not said besides. */
static void judge_unknown (struct settings *self, struct settings_error *error)
{
    const struct entry *above = NULL;
    for (size_t i = 0; i < self->count; i++) {
        const struct entry *entry = &self->entries[i];
        if (entry->known || (above != NULL && is_within (entry->path, above->path)))
            continue;
        const char *meant = likely_meant (self, entry->path);
        above = entry;
        if (meant != NULL)
            forget_missing (self, meant);
        settings_fault (self, entry->path, error, "unknown setting \"%s\"%s%s%s", entry->path,
                        meant != NULL ? "; did you mean \"" : "", meant != NULL ? meant : "",
                        meant != NULL ? "\"?" : "");
    }
}

static int compare_lines (const void *left, const void *right)
{
    const struct fault *a = left, *b = right;
    return a->line != b->line ? (a->line > b->line) - (a->line < b->line) : strcmp (a->path, b->path);
}

/* Several settings may be in one directory: what is wrong with that is said at the first of them. */
static void say_of_paths_once (struct settings *self)
{
    size_t kept = 0;
    for (size_t i = 0; i < self->fault_count; i++) {
        const struct fault *fault = &self->faults[i];
        size_t same = 0;
        while (*fault->message == '/' && same < kept && strcmp (self->faults[same].message, fault->message) != 0)
            same++;
        if (*fault->message != '/' || same == kept)
            self->faults[kept++] = *fault;
    }
    self->fault_count = kept;
}

int settings_judge (struct settings *self, struct settings_error *error)
{
    judge_unknown (self, error);
    if (self->fault_count > 1)
        qsort (self->faults, self->fault_count, sizeof *self->faults, compare_lines);
    say_of_paths_once (self);
    struct settings_error and_more;
    fault_at (self->path, 0, &and_more, "there is more: mend these first");
    for (size_t i = 0, size = 0; i < self->fault_count; i++) {
        struct settings_error one;
        fault_at (self->path, self->faults[i].line, &one, self->faults[i].message);
        if (i == 0)
            *error = one;
        else if (size + strlen (one.text) + strlen (and_more.text) + 2 < sizeof error->more)
            size += (size_t)snprintf (error->more + size, sizeof error->more - size, "%s%s", size > 0 ? "\n" : "",
                                      one.text);
        else {
            snprintf (error->more + size, sizeof error->more - size, "\n%s", and_more.text);
            break;
        }
    }
    return self->fault_count > 0 ? SETTINGS_INVALID : 0;
}

bool settings_error_at (const struct settings_error *self, size_t index, char fault[SETTINGS_ERROR_ONE])
{
    const char *line = index == 0 ? self->text : self->more;
    for (size_t i = 1; i < index && *line != '\0'; i++) {
        line += strcspn (line, "\n");
        line += *line == '\n';
    }
    snprintf (fault, SETTINGS_ERROR_ONE, "%.*s", index == 0 ? SETTINGS_ERROR_ONE : (int)strcspn (line, "\n"),
              line);
    return index == 0 || *line != '\0';
}

void settings_error_sum (const struct settings_error *self, char sum[SETTINGS_ERROR_ONE])
{
    char more[64] = "";
    size_t count = *self->more != '\0';
    for (const char *at = self->more; *at != '\0'; at++)
        count += *at == '\n';
    if (count > 0)
        snprintf (more, sizeof more, " (and %zu more: consentctl config check)", count);
    int room = (int)(sizeof self->text - 1 - strlen (more));
    snprintf (sum, SETTINGS_ERROR_ONE, "%.*s%s", room, self->text, more);
}

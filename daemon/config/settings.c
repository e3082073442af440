#include "settings.h"
#include <czmq.h>
#include <ctype.h>
#include "file.h"
#include "text/utf8.h"

enum { NAME_SIZE = 128, DEPTH_LIMIT = 4, INDENT = 4, FILE_LIMIT = 1 << 20 };

/* A name in the file, with its path. CZMQ does not keep it. */
struct entry {
    char path[NAME_SIZE];
    unsigned line;
    bool known;
};

struct settings {
    char *path;
    zconfig_t *root;
    struct entry *entries;
    size_t count;
};

static int fault_at (const char *path, unsigned line, struct settings_error *error, const char *message)
{
    if (line > 0)
        snprintf (error->text, sizeof error->text, "%s:%u: %s", path, line, message);
    else
        snprintf (error->text, sizeof error->text, "%s: %s", path, message);
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
    free (self->path);
    free (self);
    *self_p = NULL;
}

const char *settings_get (struct settings *self, const char *path)
{
    struct entry *entry = find_entry (self, path);
    if (entry == NULL)
        return NULL;
    entry->known = true;
    return zconfig_get (self->root, path, "");
}

const char *settings_name (struct settings *self, const char *path, size_t index)
{
    struct entry *entry = find_entry (self, path);
    zconfig_t *item = entry != NULL ? zconfig_locate (self->root, path) : NULL;
    if (item == NULL)
        return NULL;
    entry->known = true;
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

int settings_fault (const struct settings *self, const char *path, struct settings_error *error,
                    const char *format, ...)
{
    char message[256];
    va_list arguments;
    va_start (arguments, format);
    vsnprintf (message, sizeof message, format, arguments);
    va_end (arguments);
    return fault_at (self->path, line_of (self, path), error, message);
}

int settings_all_known (const struct settings *self, struct settings_error *error)
{
    for (size_t i = 0; i < self->count; i++)
        if (!self->entries[i].known)
            return settings_fault (self, self->entries[i].path, error, "unknown setting \"%s\"",
                                   self->entries[i].path);
    return 0;
}

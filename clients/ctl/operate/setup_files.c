#include "setup_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "ctl.h"
#include "config/file_write.h"
#include "input.h"

enum { VALUES_LIMIT = 32 };

static bool is_empty (DIR *listing)
{
    for (const struct dirent *entry = readdir (listing); entry; entry = readdir (listing))
        if (strcmp (entry->d_name, ".") != 0 && strcmp (entry->d_name, "..") != 0)
            return false;
    return true;
}

int setup_make_empty (struct ctl *ctl, const char *directory, const char **own_p)
{
    if (mkdir (directory, 0700) != 0 && errno != EEXIST)
        return ctl_fail (EX_CANTCREAT, "cannot make %s: %s", directory, strerror (errno));
    DIR *listing = opendir (directory);
    if (!listing)
        return ctl_fail (EX_CANTCREAT, "cannot use %s: %s", directory, strerror (errno));
    bool empty = is_empty (listing);
    closedir (listing);
    if (!empty)
        return ctl_fail (EX_CANTCREAT, "%s is not empty: it is to be a new directory, or an empty one", directory);
    char absolute[PATH_MAX];
    if (chmod (directory, 0700) != 0 || !realpath (directory, absolute))
        return ctl_fail (EX_CANTCREAT, "cannot use %s: %s", directory, strerror (errno));
    *own_p = arena_strdup (ctl->arena, absolute);
    return 0;
}

static FILE *open_input (const char *file)
{
    int fd = input_open (file);
    if (fd >= 0)
        return fdopen (fd, "r");
    ctl_fail (0, "cannot read %s: %s", file, input_problem (fd));
    return NULL;
}

/* A text that is being written. */
struct draft {
    FILE *out;
    char *text;
    size_t size;
};

static void begin_draft (struct draft *self)
{
    self->out = open_memstream (&self->text, &self->size);
    if (!self->out)
        abort ();
}

/* Makes a file of the text, if all of it was read. */
static int finish_draft (struct draft *self, bool read, const char *file, const char *from)
{
    if (fclose (self->out) != 0)
        abort ();
    int error = read ? file_create (file, self->text, self->size) : -EIO;
    free (self->text);
    if (error == 0)
        return 0;
    if (file_is_no_name (error))
        return ctl_fail (EX_CANTCREAT, "cannot make %s: %s", file, strerror (-error));
    return ctl_fail (EX_IOERR, "cannot write %s from %s", file, from);
}

static int copy_file (const char *from, const char *into)
{
    FILE *in = open_input (from);
    if (!in)
        return EX_NOINPUT;
    struct draft draft;
    begin_draft (&draft);
    char block[16384];
    size_t got;
    while ((got = fread (block, 1, sizeof block, in)) > 0)
        fwrite (block, 1, got, draft.out);
    bool read = !ferror (in);
    fclose (in);
    return finish_draft (&draft, read, into, from);
}

int setup_copy_files (struct ctl *ctl, const char *from, const char *into)
{
    DIR *listing = opendir (from);
    if (!listing)
        return ctl_fail (EX_NOINPUT, "cannot read %s: %s", from, strerror (errno));
    int error = 0;
    for (const struct dirent *entry = readdir (listing); entry && !error; entry = readdir (listing)) {
        const char *source = arena_printf (ctl->arena, "%s/%s", from, entry->d_name);
        struct stat about;
        if (stat (source, &about) == 0 && S_ISREG (about.st_mode))
            error = copy_file (source, arena_printf (ctl->arena, "%s/%s", into, entry->d_name));
    }
    closedir (listing);
    return error;
}

int setup_write_file (const char *file, const char *text)
{
    int error = file_create (file, text, strlen (text));
    if (error == 0)
        return 0;
    return file_is_no_name (error) ? ctl_fail (EX_CANTCREAT, "cannot make %s: %s", file, strerror (-error))
                                   : ctl_fail (EX_IOERR, "cannot write %s", file);
}

/* --- The template ---------------------------------------------------------------------------------------- */

/* The parts of a line `name = "value"   # comment` of ZPL, as offsets into the line. */
struct setting_line {
    size_t name, name_size; /* name_size 0: no setting or section */
    size_t value, value_size;
    bool has_value;
};

static struct setting_line take_apart (const char *line)
{
    struct setting_line self = {.name = strspn (line, " ")};
    if (line[self.name] == '#' || line[self.name] == '\n' || !line[self.name])
        return self;
    self.name_size = strcspn (line + self.name, " =\n");
    size_t equals = self.name + self.name_size + strspn (line + self.name + self.name_size, " ");
    if (line[equals] != '=')
        return self;
    size_t quote = equals + 1 + strspn (line + equals + 1, " ");
    if (line[quote] != '"' || !strchr (line + quote + 1, '"'))
        return self;
    self.value = quote + 1;
    self.value_size = strcspn (line + self.value, "\"");
    self.has_value = true;
    return self;
}

struct filling {
    const struct setup_value *values;
    size_t count;
    bool used[VALUES_LIMIT];
    char section[64];
};

/* The new value for this line's setting. NULL: it has none. Keeps the section that the line may begin. */
static const char *new_value (struct filling *self, const char *line, const struct setting_line *parts)
{
    char path[192];
    int size = (int)parts->name_size;
    if (parts->name == 0)
        snprintf (self->section, sizeof self->section, "%.*s/", size, line);
    snprintf (path, sizeof path, "%s%.*s", parts->name == 0 ? "" : self->section, size, line + parts->name);
    for (size_t i = 0; i < self->count; i++) {
        if (strcmp (path, self->values[i].path) != 0)
            continue;
        self->used[i] = true;
        return self->values[i].value;
    }
    return NULL;
}

static void fill_line (struct filling *self, const char *line, FILE *out)
{
    struct setting_line parts = take_apart (line);
    const char *value = parts.name_size ? new_value (self, line, &parts) : NULL;
    if (!value || !parts.has_value) {
        fputs (line, out);
        return;
    }
    const char *after = line + parts.value + parts.value_size + 1;
    size_t blanks = strspn (after, " ");
    int written = fprintf (out, "%.*s%s\"", (int)parts.value, line, value);
    if (after[blanks] == '#') { /* the comment stays in its column, if the new value leaves room */
        int column = (int)(after - line + blanks);
        fprintf (out, "%*s", column > written ? column - written : 1, "");
    }
    fputs (after + blanks, out);
}

static bool fill_lines (struct filling *self, FILE *in, FILE *out)
{
    char *line = NULL;
    size_t room = 0;
    while (getline (&line, &room, in) > 0)
        fill_line (self, line, out);
    free (line);
    return !ferror (in);
}

int setup_fill_template (const char *template, const char *file, const struct setup_value *values, size_t count)
{
    struct filling filling = {.values = values, .count = count};
    for (size_t i = 0; i < count; i++)
        if (values[i].value && strpbrk (values[i].value, "\"\r\n"))
            return ctl_fail (EX_USAGE, "%s: a value holds no quotes and is one line", values[i].path);
    FILE *in = open_input (template);
    if (!in)
        return EX_NOINPUT;
    struct draft draft;
    begin_draft (&draft);
    bool read = fill_lines (&filling, in, draft.out);
    fclose (in);
    int error = finish_draft (&draft, read, file, template);
    if (error)
        return error;
    for (size_t i = 0; i < count; i++)
        if (values[i].value && !filling.used[i])
            return ctl_fail (EX_CONFIG, "%s: \"%s\" is missing", template, values[i].path);
    return 0;
}

#include "collector_headers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "ctl.h"
#include "input.h"

enum { SIZE = 16 * 1024 };

static void add (struct collector_headers *self, const char *line)
{
    struct curl_slist *longer = curl_slist_append (self->list, line);
    if (!longer)
        abort ();
    self->list = longer;
}

/* Where the value begins, behind "Name: ". NULL: it is no such line. */
static const char *value_of (const char *line)
{
    const char *colon = line + strspn (line, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
    if (colon == line || *colon != ':')
        return NULL;
    const char *value = colon + 1 + strspn (colon + 1, " \t");
    return *value ? value : NULL;
}

static bool is_visible (const char *line)
{
    for (; *line; line++)
        if ((unsigned char)*line < ' ' || *line == 0x7f)
            return false;
    return true;
}

static int read_private (struct collector_headers *self, const char *path)
{
    struct stat about;
    self->secret = calloc (1, SIZE + 1);
    if (!self->secret)
        abort ();
    ssize_t size = stat (path, &about) != 0 ? -errno : input_read (path, self->secret, SIZE);
    if (size < 0)
        return ctl_fail (EX_NOINPUT, "%s: %s", path, input_problem (size));
    if (S_ISREG (about.st_mode) && about.st_mode & 077)
        return ctl_fail (EX_CONFIG, "%s: others can read these headers; chmod 600", path);
    return strlen (self->secret) == (size_t)size ? 0 : ctl_fail (EX_DATAERR, "%s: has a NUL byte", path);
}

int collector_headers_read (struct collector_headers *self, const char *path)
{
    *self = (struct collector_headers){NULL, NULL};
    add (self, "Content-Type: application/json");
    add (self, "Expect:");
    if (!path)
        return 0;
    int error = read_private (self, path);
    if (error)
        return error;
    unsigned number = 0;
    char *copy = strdup (self->secret), *rest = copy, *line;
    if (!copy)
        abort ();
    while (!error && (line = strsep (&rest, "\n"))) {
        number++;
        if (*line && (!value_of (line) || !is_visible (line)))
            error = ctl_fail (EX_DATAERR, "%s:%u: no line such as \"Authorization: ...\"", path, number);
        else if (*line)
            add (self, line);
    }
    explicit_bzero (copy, strlen (self->secret));
    free (copy);
    return error;
}

bool collector_headers_are_in (const struct collector_headers *self, const char *text)
{
    for (const struct curl_slist *one = self->secret ? self->list : NULL; one; one = one->next) {
        const char *value = value_of (one->data), *word = value ? strrchr (value, ' ') : NULL;
        if (value && strstr (text, word ? word + 1 : value))
            return true;
    }
    return false;
}

void collector_headers_free (struct collector_headers *self)
{
    curl_slist_free_all (self->list);
    if (self->secret)
        explicit_bzero (self->secret, SIZE);
    free (self->secret);
    *self = (struct collector_headers){NULL, NULL};
}

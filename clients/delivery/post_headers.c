#include "post_headers.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include "input.h"

enum { SIZE = 16 * 1024 };

static void add (struct post_headers *self, const char *line)
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

static int read_private (struct post_headers *self, const char *path, struct fault *fault)
{
    struct stat about;
    self->secret = calloc (1, SIZE + 1);
    if (!self->secret)
        abort ();
    ssize_t size = stat (path, &about) != 0 ? -errno : input_read_text (path, self->secret, SIZE);
    if (size < 0)
        return fault_set (fault, EX_NOINPUT, "%s: %s", path, input_problem (size));
    if (S_ISREG (about.st_mode) && about.st_mode & 077)
        return fault_set (fault, EX_CONFIG, "%s: others can read these headers; chmod 600", path);
    return strlen (self->secret) == (size_t)size ? 0 : fault_set (fault, EX_DATAERR, "%s: has a NUL byte", path);
}

int post_headers_read (struct post_headers *self, const char *type, const char *path, struct fault *fault)
{
    char line_of_type[128];
    *self = (struct post_headers){NULL, NULL};
    snprintf (line_of_type, sizeof line_of_type, "Content-Type: %s", type);
    add (self, line_of_type);
    add (self, "Expect:");
    if (!path)
        return 0;
    int error = read_private (self, path, fault);
    if (error)
        return error;
    unsigned number = 0;
    char *copy = strdup (self->secret), *rest = copy, *line;
    if (!copy)
        abort ();
    while (!error && (line = strsep (&rest, "\n"))) {
        number++;
        if (*line && (!value_of (line) || !is_visible (line)))
            error = fault_set (fault, EX_DATAERR, "%s:%u: no line such as \"Authorization: ...\"", path, number);
        else if (*line)
            add (self, line);
    }
    explicit_bzero (copy, strlen (self->secret));
    free (copy);
    return error;
}

bool post_headers_are_in (const struct post_headers *self, const char *text)
{
    for (const struct curl_slist *one = self->secret ? self->list : NULL; one; one = one->next) {
        const char *value = value_of (one->data), *word = value ? strrchr (value, ' ') : NULL;
        if (value && strstr (text, word ? word + 1 : value))
            return true;
    }
    return false;
}

void post_headers_free (struct post_headers *self)
{
    curl_slist_free_all (self->list);
    if (self->secret)
        explicit_bzero (self->secret, SIZE);
    free (self->secret);
    *self = (struct post_headers){NULL, NULL};
}

#include "free_text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "arena.h"
#include "ctl.h"
#include "syntax.h"

static const char blanks[] = " \t\r\n";

static int take (struct ctl *ctl, const char *source, const char *text, size_t size, char **text_p)
{
    if (strlen (text) != size)
        return ctl_fail (EX_DATAERR, "%s holds something else than text", source);
    text += strspn (text, blanks);
    size = strlen (text);
    while (size > 0 && strchr (blanks, text[size - 1]))
        size--;
    if (size == 0)
        return ctl_fail (EX_DATAERR, "%s holds no text", source);
    if (size > SYNTAX_FREE_TEXT_LIMIT)
        return ctl_fail (EX_DATAERR, "the text of %s is longer than %d bytes", source, SYNTAX_FREE_TEXT_LIMIT);
    *text_p = arena_strndup (ctl->arena, text, size);
    return 0;
}

/* Whether the command reads a BSN too, from standard input where nothing else is said. */
static bool asks_bsn (const struct options *options)
{
    for (const struct option *option = options->command->options; option->name; option++)
        if (strcmp (option->name, "bsn-file") == 0)
            return !options_has (options, "bsn-file");
    return false;
}

int free_text_read (struct ctl *ctl, const struct options *options, const char *name, char **text_p)
{
    const char *path = options_text (options, name);
    bool is_input = strcmp (path, "-") == 0;
    if (is_input && asks_bsn (options))
        return ctl_fail (EX_USAGE, "--%s - leaves no standard input for the BSN: give --bsn-file", name);
    FILE *file = is_input ? stdin : fopen (path, "re");
    if (!file)
        return ctl_fail (EX_NOINPUT, "cannot open %s: %s", path, strerror (errno));
    char text[4 * SYNTAX_FREE_TEXT_LIMIT] = "";
    size_t size = fread (text, 1, sizeof text - 1, file);
    bool failed = ferror (file);
    if (!is_input)
        fclose (file);
    int error = failed ? ctl_fail (EX_IOERR, "cannot read %s", path)
                       : take (ctl, is_input ? "standard input" : path, text, size, text_p);
    explicit_bzero (text, sizeof text);
    return error;
}
